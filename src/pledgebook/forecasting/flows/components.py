"""Which parts of a system have to be simulated together, and in what order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pledgebook.forecasting.flows.system import Handover, Line, Lot, System, Total, Works

__all__ = ["Component", "components"]


@dataclass(slots=True)
class Component:
    """Lines, works and totals that are joined by shelves, handovers, customers or totals.

    Each list is in the order of its keys.
    """

    lines: list[Line] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    works: list[Works] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)


def components(system: System) -> list[Component]:
    """Return the components of a system, in the order of their first keys."""
    root = {key: key for key in [*(x.key for x in system.lines), *(x.key for x in system.works)]}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = key = root[root[key]]
        return key

    def join(keys: list[str]) -> None:
        for key in keys[1:]:
            one, other = sorted((find(keys[0]), find(key)))
            root[other] = one

    for lot in system.lots:
        if lot.source is not None:
            join([lot.source, lot.to])
    for works in system.works:
        join([works.key, *(customer.line for customer in works.customers)])
    for handover in system.handovers:
        join([handover.source, handover.to])
    for total in system.totals:
        join(list(total.of))

    found: defaultdict[str, Component] = defaultdict(Component)
    for line in sorted(system.lines, key=_key):
        found[find(line.key)].lines.append(line)
    for works in sorted(system.works, key=_key):
        found[find(works.key)].works.append(works)
    for lot in sorted(system.lots, key=_key):
        found[find(lot.to)].lots.append(lot)
    for handover in sorted(system.handovers, key=_key):
        found[find(handover.to)].handovers.append(handover)
    for total in sorted(system.totals, key=_key):
        found[find(total.of[0])].totals.append(total)
    return [found[key] for key in sorted(found)]


def _key(thing: Line | Lot | Works | Handover | Total) -> str:
    return thing.key
