"""From a system to the tables that the kernel reads.

Everything is put in the order of its keys, so that the result does not hang on the order in which
it was given.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.components import Component, components
from pledgebook.forecasting.flows.registers import Amounts, Laws, Records, Strip
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.system import (
    Handover,
    Law,
    Line,
    Lot,
    Mode,
    Noise,
    Regime,
    Reorder,
    System,
    Total,
    Works,
)

__all__ = ["Place", "Plan", "make_plan"]

Record = tuple[Sequence[int], Sequence[float]]


class Place(NamedTuple):
    """Where what is measured of a thing goes.

    `cell` is its first cell, `slots` the slot of each flow whose draws are kept (-1: none), `sums`
    the first row of its sums over the horizon (-1: none).
    """

    cell: int
    slots: Sequence[int] = ()
    sums: int = -1


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables, and where what is measured of each line, works and total goes.

    The components are the records from `first` on, one for each pair of `component_slots`: the
    slots whose draws are kept, from the first to before the second.
    """

    tables: at.Tables
    first: int
    lines: dict[str, Place]
    works: dict[str, Place]
    totals: dict[str, Place]
    component_slots: Sequence[tuple[int, int]]
    cells: int
    sums: int


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
    """Writes the records, component by component."""

    def __init__(
        self,
        system: System,
        streams: Streams,
        keep: frozenset[str],
        flows: Sequence[int],
        balances: frozenset[str],
    ) -> None:
        self.system, self.streams, self.steps = system, streams, system.steps
        self.keep, self.flows, self.balanced = keep, flows, balances
        self.records, self.amounts = Records(), Amounts(streams)
        self.data, self.codes = Strip(np.float64), Strip(np.int64)
        self.laws = Laws(self.data, self.codes)
        self.shapes: dict[int, int] = {}
        self.lines: dict[str, Place] = {}
        self.works: dict[str, Place] = {}
        self.totals: dict[str, Place] = {}
        self.cells = self.slots = self.sums = 0
        self.found: dict[str, int] = {}

    def run(self) -> Plan:
        parts = components(self.system)
        self.data.add(np.broadcast_to(np.asarray(self.system.step_days, float), (self.steps,)))
        slots, made = [], []
        for part in parts:
            before = self.slots
            made.append(self._component(part))
            slots.append((before, self.slots))
        first = len(self.records)
        for component in made:
            self.records.add(component)
        tables = at.Tables(*self.records.tables(), self.data.whole(), self.codes.whole())
        return Plan(
            tables, first, self.lines, self.works, self.totals, slots, self.cells, self.sums
        )

    def _component(self, part: Component) -> Sequence[int]:
        records, cell = self.records, self.cells
        givers = {lot.source for lot in part.lots} | {one.source for one in part.handovers}
        ends = [self._write([self._line(line, line.key in givers) for line in part.lines])]
        self.found = {line.key: ends[0][0] + i for i, line in enumerate(part.lines)}
        before = len(records)
        for lot in part.lots:
            self._lot(lot)
        ends.append((before, len(records)))
        ends.append(self._write([self._works(one) for one in part.works]))
        self.found |= {one.key: ends[-1][0] + i for i, one in enumerate(part.works)}
        ends.append(self._write([self._handover(one) for one in part.handovers]))
        ends.append(self._write([self._total(total) for total in part.totals]))
        rows, first = self.amounts.rows, len(records)
        self.amounts.write(records)
        return (
            *(end for pair in ends for end in pair),
            first, len(records), cell, self.cells, rows, self.steps, self.system.steps_a_year,
            int(len(givers) > (None in givers)),
        )  # fmt: skip

    def _write(self, made: Sequence[Record]) -> tuple[int, int]:
        """Write records one after the other and return from where to where they stand."""
        first = len(self.records)
        for ints, reals in made:
            self.records.add(ints, reals)
        return first, len(self.records)

    def _line(self, line: Line, gives: bool) -> Record:
        add, key, take = self.amounts.add, line.key, self.amounts.take
        rows = (
            take(at.STATES),
            take(self.steps + 1),
            take(self.steps) if line.reorder else -1,
            take(self.steps) if line.events else -1,
            add(line.opening, Group.STOCK, key, "opening"),
            add(line.reserve, Group.STOCK, key, "reserve"),
        )
        regimes = self._write(
            [
                ((one.start, add(one.level, Group.USE, key, one.name), self._shape(one.shape)), ())
                for one in sorted(line.use, key=_start)
            ]
        )
        events = self._write([
            (
                (
                    add(one.size, Group.EVENTS, key, one.key),
                    self.streams.key(Group.EVENTS, key, one.key, "when"), one.earliest,
                    one.latest - one.earliest + 1, one.duration,
                ),
                (one.chance,),
            )
            for one in sorted(line.events, key=lambda one: one.key)
        ])  # fmt: skip
        kind, law, mean_size = self._noise(line.noise)
        shelf = line.shelf_life or 0
        ages = self.data.add(
            [
                math.fsum(share for age, share in line.ages.items() if age >= shelf - step)
                for step in range(min(shelf, self.steps + 1))
            ]
        )
        cells = len(at.FLOWS) if key in self.keep or line.reorder else at.FLOW_GAP + 1
        self.cells += 1  # that of the chances
        place = self._place(key, cells, at.LINE_FLOWS, len(at.BALANCES))
        self.lines[key] = place
        ints = (
            *rows, *regimes, *events, kind, law,
            self.streams.key(Group.NOISE, key) if line.noise else 0,
            int(line.mode is Mode.CUT), shelf, ages, int(line.backorder),
            self._reorder(line.reorder, key), int(gives), place.cell, self._slots(place),
            place.sums, int(bool(line.use)),
            int(bool(line.use) and line.mode is Mode.AS_WANTED and not shelf),
        )  # fmt: skip
        return ints, (mean_size,)

    def _shape(self, shape: Sequence[float] | None) -> int:
        if shape is None:
            return -1
        if id(shape) not in self.shapes:
            self.shapes[id(shape)] = self.data.add(shape)
        return self.shapes[id(shape)]

    def _noise(self, noise: Noise | None) -> tuple[int, int, float]:
        if noise is None:
            return at.NO_NOISE, -1, 1.0
        if noise.factor is not None:
            kind = at.EQUAL_FACTOR if noise.factor.chances is None else at.FACTOR
            return kind, self.laws.add(noise.factor), 1.0
        size = noise.size or Law((1.0,))
        law = -1 if len(size.values) == 1 else self.laws.add(size)
        return at.COUNT, law, size.mean

    def _reorder(self, policy: Reorder | None, key: str) -> int:
        if policy is None:
            return -1
        lead, law = policy.lead, -1
        if isinstance(lead, Law):
            law, lead = self.laws.add(lead), 0
        by_lot = policy.quantity is not None
        key_of = self.streams.key(Group.ORDERS, key, "lead")
        return self.records.add(
            (lead, law, key_of, policy.every, int(by_lot)),
            (
                policy.point, (policy.quantity if by_lot else policy.up_to) or 0.0,
                policy.unit_cost, policy.order_cost,
                math.inf if policy.budget is None else policy.budget,
            ),
        )  # fmt: skip

    def _lot(self, lot: Lot) -> None:
        amounts, found, key, tie, source = self.amounts, self.found, lot.key, lot.tie, lot.source
        size = amounts.add(lot.size, Group.ARRIVALS, "lot", key, "size")
        lost = amounts.loss(lot.lost, "lot", key)
        stream = self.streams.key(Group.ARRIVALS, "lot", key, "delay")
        tied = self.streams.tie(Group.ARRIVALS, tie.name) if tie else 0
        ints: tuple[int, ...] = (
            found[lot.to], -1 if source is None else found[source], size, lost,
            self.laws.delay(lot.by), stream, tied, lot.transit,
        )  # fmt: skip
        if source is not None:
            ints += (amounts.take(), amounts.take())
        self.records.add(ints, (tie.weight if tie else 0.0,))

    def _works(self, works: Works) -> Record:
        add, key, take = self.amounts.add, works.key, self.amounts.take
        rate = add(works.rate, Group.OUTPUT, key, "rate")
        idle = add(works.idle_until, Group.OUTPUT, key, "idle")
        ramps = self._write([
            (
                (
                    add(ramp.to, Group.OUTPUT, key, f"ramp {i}", "to"),
                    add(ramp.delay, Group.OUTPUT, key, f"ramp {i}", "delay"),
                    add(ramp.length, Group.OUTPUT, key, f"ramp {i}", "length"),
                    self.streams.key(Group.OUTPUT, key, f"ramp {i}", "comes") if ramp.never else 0,
                    take(3),
                ),
                (ramp.never,),
            )
            for i, ramp in enumerate(works.ramps)
        ])  # fmt: skip
        customers = self._write([
            (
                (
                    self.found[one.line], one.transit,
                    -1 if one.backlog is None
                    else add(one.backlog, Group.OUTPUT, key, "backlog", one.line),
                    self.amounts.loss(one.lost, "works", key, one.line), take(3),
                ),
                (one.share,),
            )
            for one in sorted(works.customers, key=lambda one: one.line)
        ])  # fmt: skip
        place = self._place(key, at.WORKS_CELLS, (at.FLOW_OUTPUT,), 2)
        self.works[key] = place
        ints = (
            rate, idle, take(), take(), take(), *ramps, *customers,
            self.streams.key(Group.OUTPUT, key, "comes") if works.idle_never else 0,
            int(works.idle_until != 0.0 or works.idle_never > 0), place.cell, self._slots(place),
            place.sums, int(any(one.backlog is not None for one in works.customers)), take(),
        )  # fmt: skip
        return ints, (works.idle_never, min(1.0, math.fsum(one.share for one in works.customers)))

    def _handover(self, one: Handover) -> Record:
        ints = (
            self.found[one.source], self.found[one.to],
            self.amounts.add(one.rate, Group.ARRIVALS, "handover", one.key, "rate"),
            one.start, self.steps if one.end is None else one.end, one.transit,
            self.amounts.loss(one.lost, "handover", one.key),
        )  # fmt: skip
        return ints, ()

    def _total(self, total: Total) -> Record:
        members = self._write(
            [((self.found[key], int(key in self.works)), ()) for key in sorted(total.of)]
        )
        place = self._place(total.key, at.TOTAL_CELLS, at.TOTAL_FLOWS, 0)
        self.totals[total.key] = place
        return (*members, place.cell, self._slots(place)), ()

    def _place(self, key: str, cells: int, allowed: Sequence[int], sums: int) -> Place:
        """Set aside where what is measured of a thing goes."""
        cell, self.cells = self.cells, self.cells + cells
        slots = []
        if key in self.keep:
            for flow in range(len(at.FLOWS)):
                kept = flow in self.flows and flow in allowed
                slots.append(self.slots if kept else -1)
                self.slots += kept
        row = -1
        if key in self.balanced and sums:
            row, self.sums = self.sums, self.sums + sums
        return Place(cell, slots, row)

    def _slots(self, place: Place) -> int:
        return self.codes.add(place.slots) if place.slots else -1


def _start(regime: Regime) -> int:
    return regime.start
