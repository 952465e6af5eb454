"""From a system to the tables that the kernel reads.

Everything is put in the order of its keys, so that the result does not hang on the order in which
it was given.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows import layout
from pledgebook.forecasting.flows.components import Component, components
from pledgebook.forecasting.flows.layout import LINE_FLOWS, TOTAL_FLOWS
from pledgebook.forecasting.flows.registers import Amounts, Laws, Shapes
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.system import (
    Handover,
    Law,
    Line,
    Lot,
    Mode,
    Noise,
    Regime,
    System,
    Tie,
    Total,
    Works,
)

__all__ = ["Plan", "make_plan"]

NO_NOISE, EQUAL_FACTOR, FACTOR, COUNT = range(4)
OUTPUT_FLOWS = (layout.FLOWS.index("output"),)


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables, and what stands where in them.

    `balances` and `made` are the keys of the lines and works whose sums are kept for each draw, in
    the order of their places. `component_slots` are, for each component, the flows whose draws are
    kept: from the first to before the second.
    """

    tables: layout.Tables
    lines: tuple[str, ...]
    works: tuple[str, ...]
    totals: tuple[str, ...]
    balances: tuple[str, ...]
    made: tuple[str, ...]
    component_slots: tuple[tuple[int, int], ...]


def make_plan(
    system: System,
    streams: Streams,
    *,
    keep: Collection[str] = (),
    flows: Collection[int] = (),
    balances: Collection[str] = (),
) -> Plan:
    """Return the plan of a checked system.

    `keep` are the keys of lines, works and totals of which the draws of the flows with these
    indices are kept, `balances` those whose sums over the horizon are kept for each draw.
    """
    planner = _Planner(system, streams, frozenset(keep), sorted(flows), frozenset(balances))
    return planner.run()


class _Planner:
    """Collects the rows of the tables, component by component."""

    def __init__(
        self,
        system: System,
        streams: Streams,
        keep: frozenset[str],
        flows: list[int],
        balances: frozenset[str],
    ) -> None:
        self.system, self.streams = system, streams
        self.keep, self.flows, self.balanced = keep, flows, balances
        self.rows: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in layout.Tables._fields[: len(layout.RECORDS)]
        }
        self.amounts, self.laws, self.shapes = Amounts(streams), Laws(), Shapes()
        self.members: list[int] = []
        self.ages: list[float] = []
        self.slots: list[list[int]] = []
        self.slot_count = 0
        self.keys: dict[str, list[str]] = {"lines": [], "works": [], "totals": []}
        self.balances: list[str] = []
        self.made: list[str] = []

    def run(self) -> Plan:
        component_slots = []
        for part in components(self.system):
            before = self.slot_count
            self._component(part)
            component_slots.append((before, self.slot_count))
        return Plan(
            self._tables(),
            tuple(self.keys["lines"]),
            tuple(self.keys["works"]),
            tuple(self.keys["totals"]),
            tuple(self.balances),
            tuple(self.made),
            tuple(component_slots),
        )

    def _component(self, part: Component) -> None:
        names = ("lines", "lots", "works", "handovers", "amounts", "totals", "ramps", "customers")
        self.rows["amounts"] = self.amounts.rows
        before = [len(self.rows[name]) for name in names]
        self.amounts.begin()
        lines = {line.key: i for i, line in enumerate(part.lines)}
        works = {one.key: -1 - i for i, one in enumerate(part.works)}
        givers = {lot.source for lot in part.lots} | {one.source for one in part.handovers}
        for line in part.lines:
            self._line(line, gives=line.key in givers)
        for lot in part.lots:
            self._lot(lot, lines)
        for one in part.works:
            self._works(one, lines)
        for handover in part.handovers:
            self._handover(handover, lines)
        for total in part.totals:
            self._total(total, lines | works)
        after = [len(self.rows[name]) for name in names]
        ends = [end for pair in zip(before, after, strict=True) for end in pair]
        self.rows["components"].append(tuple(ends))

    def _line(self, line: Line, *, gives: bool) -> None:
        amounts, rows, key = self.amounts, self.rows, line.key
        opening = amounts.add(line.opening, Group.STOCK, key, "opening")
        reserve = amounts.add(line.reserve, Group.STOCK, key, "reserve")
        regimes = len(rows["regimes"])
        for regime in sorted(line.use, key=_start):
            name = str(regime.start) if regime.key is None else regime.key
            level = amounts.add(regime.level, Group.USE, key, name)
            rows["regimes"].append((regime.start, level, self.shapes.add(regime.shape)))
        events = len(rows["events"])
        for event in sorted(line.events, key=lambda event: event.key):
            size = amounts.add(event.size, Group.EVENTS, key, event.key)
            rows["events"].append((
                size, self.streams.key(Group.EVENTS, key, event.key, "when"), event.earliest,
                event.latest - event.earliest + 1, event.duration, event.chance,
            ))  # fmt: skip
        kind, law, mean_size = self._noise(line.noise)
        shelf = line.shelf_life or 0
        ages = len(self.ages)
        self.ages += [
            math.fsum(share for age, share in line.ages.items() if age >= shelf - step)
            for step in range(min(shelf, self.system.steps))
        ]
        self.keys["lines"].append(key)
        rows["lines"].append((
            opening, reserve, regimes, len(rows["regimes"]), events, len(rows["events"]), kind,
            law, mean_size, self.streams.key(Group.NOISE, key), int(line.mode is Mode.CUT), shelf,
            ages, int(line.backorder), self._reorder(line), int(gives),
            self._slot(key, LINE_FLOWS), self._balance(key, self.balances), int(bool(line.use)),
        ))  # fmt: skip

    def _noise(self, noise: Noise | None) -> tuple[int, int, float]:
        if noise is None:
            return NO_NOISE, -1, 1.0
        if noise.factor is not None:
            kind = EQUAL_FACTOR if noise.factor.chances is None else FACTOR
            return kind, self.laws.add(noise.factor), 1.0
        size = noise.size or Law((1.0,))
        law = -1 if len(size.values) == 1 else self.laws.add(size)
        return COUNT, law, size.mean

    def _reorder(self, line: Line) -> int:
        policy = line.reorder
        if policy is None:
            return -1
        lead, law = policy.lead, -1
        if isinstance(lead, Law):
            law, lead = self.laws.add(lead), 0
        self.rows["reorders"].append((
            policy.point, math.nan if policy.up_to is None else policy.up_to,
            math.nan if policy.quantity is None else policy.quantity, lead, law,
            self.streams.key(Group.ORDERS, line.key, "lead"), policy.unit_cost, policy.order_cost,
            math.inf if policy.budget is None else policy.budget, policy.every,
        ))  # fmt: skip
        return len(self.rows["reorders"]) - 1

    def _lot(self, lot: Lot, lines: dict[str, int]) -> None:
        tie = lot.tie or Tie("", 0.0)
        self.rows["lots"].append((
            lines[lot.to], -1 if lot.source is None else lines[lot.source],
            self.amounts.add(lot.size, Group.ARRIVALS, "lot", lot.key, "size"),
            self.amounts.add(lot.lost, Group.LOSSES, "lot", lot.key), self.laws.delay(lot.by),
            self.streams.key(Group.ARRIVALS, "lot", lot.key, "delay"),
            self.streams.tie(Group.ARRIVALS, tie.name), tie.weight, lot.transit,
        ))  # fmt: skip

    def _works(self, works: Works, lines: dict[str, int]) -> None:
        amounts, rows, key = self.amounts, self.rows, works.key
        rate = amounts.add(works.rate, Group.OUTPUT, key, "rate")
        idle = amounts.add(works.idle_until, Group.OUTPUT, key, "idle")
        ramps, customers = len(rows["ramps"]), len(rows["customers"])
        for i, ramp in enumerate(works.ramps):
            rows["ramps"].append((
                amounts.add(ramp.to, Group.OUTPUT, key, f"ramp {i}", "to"),
                amounts.add(ramp.delay, Group.OUTPUT, key, f"ramp {i}", "delay"),
                amounts.add(ramp.length, Group.OUTPUT, key, f"ramp {i}", "length"),
                ramp.never, self.streams.key(Group.OUTPUT, key, f"ramp {i}", "comes"),
            ))  # fmt: skip
        for one in sorted(works.customers, key=lambda one: one.line):
            backlog = -1
            if one.backlog is not None:
                backlog = amounts.add(one.backlog, Group.OUTPUT, key, "backlog", one.line)
            lost = amounts.add(one.lost, Group.LOSSES, "works", key, one.line)
            rows["customers"].append((lines[one.line], one.share, backlog, one.transit, lost))
        self.keys["works"].append(key)
        rows["works"].append((
            rate, ramps, len(rows["ramps"]), customers, len(rows["customers"]), idle,
            works.idle_never, self.streams.key(Group.OUTPUT, key, "comes"),
            int(works.idle_until != 0.0 or works.idle_never > 0),
            self._slot(key, OUTPUT_FLOWS), self._balance(key, self.made),
        ))  # fmt: skip

    def _handover(self, one: Handover, lines: dict[str, int]) -> None:
        end = self.system.steps if one.end is None else one.end
        self.rows["handovers"].append((
            lines[one.source], lines[one.to],
            self.amounts.add(one.rate, Group.ARRIVALS, "handover", one.key, "rate"),
            one.start, end, one.transit,
            self.amounts.add(one.lost, Group.LOSSES, "handover", one.key),
        ))  # fmt: skip

    def _total(self, total: Total, places: dict[str, int]) -> None:
        before = len(self.members)
        self.members += sorted(places[key] for key in total.of)
        self.keys["totals"].append(total.key)
        self.rows["totals"].append((before, len(self.members), self._slot(total.key, TOTAL_FLOWS)))

    def _slot(self, key: str, allowed: tuple[int, ...]) -> int:
        """Return the row of the places where the draws of a thing go, -1 where none is kept."""
        if key not in self.keep:
            return -1
        row = [-1] * len(layout.FLOWS)
        for flow in self.flows:
            if flow in allowed:
                row[flow] = self.slot_count
                self.slot_count += 1
        self.slots.append(row)
        return len(self.slots) - 1

    def _balance(self, key: str, kept: list[str]) -> int:
        if key not in self.balanced:
            return -1
        kept.append(key)
        return len(kept) - 1

    def _tables(self) -> layout.Tables:
        steps = self.system.steps
        days = np.broadcast_to(np.asarray(self.system.step_days, np.float64), (steps,)).copy()
        self.rows["laws"] = list(self.laws.rows)
        records = [
            np.array(self.rows[name], dtype=dtype)
            for name, dtype in zip(layout.Tables._fields, layout.RECORDS, strict=False)
        ]
        return layout.Tables(
            *records,
            members=np.array(self.members, dtype=np.int32),
            values=_joined(self.laws.values, np.float64),
            bounds=_joined(self.laws.bounds, np.uint64),
            guide=_joined(self.laws.guides, np.int32),
            shapes=np.array(self.shapes.rows, dtype=np.float64).reshape(-1, steps),
            ages=np.array(self.ages, dtype=np.float64),
            slots=np.array(self.slots, dtype=np.int32).reshape(-1, len(layout.FLOWS)),
            step_days=days,
            steps_a_year=self.system.steps_a_year,
        )


def _start(regime: Regime) -> int:
    return regime.start


def _joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype)
