"""The flows of a forecast under one scenario, as the system that is simulated.

Every stream hangs on the name of what it is drawn for, so that two scenarios differ by what they
change and by nothing else (common random numbers).
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pledgebook.forecasting.assumptions import Assumptions, OwnWorks, Range, Rate
from pledgebook.forecasting.flows.amounts import Amount, Law, Size, Tie
from pledgebook.forecasting.flows.system import (
    Customer,
    Event,
    Handover,
    Line,
    Lot,
    Mode,
    Ramp,
    Regime,
    Reorder,
    System,
    Total,
    Works,
)
from pledgebook.forecasting.inputs import Inputs
from pledgebook.forecasting.levels import Level, amount_of
from pledgebook.forecasting.output import Maker
from pledgebook.forecasting.scenarios import Scenario

__all__ = ["OUTPUT", "build"]

OUTPUT = "output"
"""The total of what the givers' works make."""

_REGIME_DAYS = 91
_STEPS_A_YEAR = {"week": 52, "month": 12}


def build(inputs: Inputs, scenario: Scenario) -> System:
    """Return the system of a scenario; what is not known takes no part in it."""
    return _Builder(inputs, scenario).system()


class _Builder:
    def __init__(self, inputs: Inputs, scenario: Scenario) -> None:
        self._in, self._scenario = inputs, scenario
        self._assume: Assumptions = inputs.request.assume
        self._days = inputs.days
        self._step = (self._days[-1] - self._days[0]).days / (len(self._days) - 1)

    def system(self) -> System:
        makers = [self._maker(one) for one in self._in.makers.makers]
        own = [self._own(one) for one in self._assume.works]
        totals = [Total(OUTPUT, tuple(one.key for one in makers))] if makers else []
        return System(
            steps=len(self._days) - 1,
            lines=(self._line(), *self._shelves()),
            lots=tuple(self._later(lot) for lot in self._lots()),
            works=(*makers, *own),
            handovers=tuple(self._handovers()),
            totals=totals,
            step_days=self._step,
            steps_a_year=_STEPS_A_YEAR[self._in.request.step],
        )

    def _line(self) -> Line:
        stock = self._in.stock
        opening: Size = 0.0 if stock is None else stock.amount(self._days[0])
        reserve: Size = self._assume.reserve
        if self._scenario.cut and isinstance(opening, Amount):
            # What is there stays there: drawn as one with the opening stock.
            opening = reserve = replace(opening, tie=Tie("opening"))
        life = self._assume.shelf_life_days
        return Line(
            key=self._in.line,
            opening=opening,
            use=tuple(self._regimes()),
            events=tuple(self._events()),
            mode=Mode.CUT if self._scenario.cut else Mode.AS_WANTED,
            reserve=reserve,
            shelf_life=None if life is None else max(1, round(life / self._step)),
            reorder=self._reorder(),
        )

    def _regimes(self) -> Iterator[Regime]:
        """Yield the use by quarters: one level throughout, ever less certain as time goes on."""
        level = self._in.wanted(required=self._scenario.required)
        if level is None:
            return
        each = max(1, round(_REGIME_DAYS / self._step))
        for start in range(0, len(self._days) - 1, each):
            middle = min(start + each // 2, len(self._days) - 1)
            amount = self._use(level, self._days[middle])
            yield Regime(start, amount, key="use")

    def _use(self, level: Level, day: dt.date) -> Amount:
        amount = level.amount(day, self._step)
        return replace(amount, median=amount.median * self._scenario.use)

    def _events(self) -> Iterator[Event]:
        last = len(self._days) - 2
        for one in self._assume.event:
            if one.latest < self._days[0] or one.earliest >= self._days[-1]:
                continue
            yield Event(
                key=one.name,
                size=_between(one.low, one.high),
                earliest=max(0, self._at(one.earliest)),
                latest=min(last, self._at(one.latest)),
                duration=max(1, round(one.days / self._step)),
                chance=one.chance,
            )

    def _reorder(self) -> Reorder | None:
        wanted = self._assume.reordering
        if wanted is None:
            return None
        low = max(1, round(wanted.lead_days_low / self._step))
        high = max(low, round(wanted.lead_days_high / self._step))
        return Reorder(
            point=wanted.below,
            up_to=wanted.up_to,
            lead=low if low == high else Law(tuple(range(low, high + 1))),
            unit_cost=wanted.unit_cost,
            budget=wanted.budget_per_year,
        )

    def _later(self, lot: Lot) -> Lot:
        """Return a lot that comes as many days later as the scenario says.

        Its chance to have come by an edge is that of so many days before, between edges in a
        straight line.
        """
        late = self._scenario.late
        if not late:
            return lot
        edges = [(day - self._days[0]).days for day in self._days]
        by = np.interp([edge - late for edge in edges[1:]], edges, [0.0, *lot.by], left=0.0)
        return replace(lot, by=by.tolist())

    def _lots(self) -> Iterator[Lot]:
        lost = self._lost()
        if self._scenario.paced:
            yield from self._paced(lost)
            return
        for one in self._in.coming:
            tie = Tie(f"size/{one.expected.commitment}")
            for number in range(one.parts):
                yield Lot(
                    key=f"lot/{one.expected.commitment}/{number}",
                    to=self._in.line,
                    size=replace(one.size, median=one.size.median / one.parts, tie=tie),
                    by=one.by.tolist(),
                    lost=lost,
                    tie=one.tie,
                )
        pace = self._in.pace
        if self._scenario.continued and pace is not None:
            for step in range(len(self._days) - 1):
                by = (*(0.0 for _ in range(step)), *pace.by[: len(self._days) - 1 - step])
                size = replace(pace.amount(self._step), tie=Tie("pace"))
                yield Lot(f"lot/new/{step}", self._in.line, size, by, lost)

    def _paced(self, lost: Size) -> Iterator[Lot]:
        """Yield what arrives in each step at the pace that is told; one pace throughout."""
        level = self._in.arriving
        for step in range(0 if level is None else len(self._days) - 1):
            assert level is not None
            size = replace(level.amount(self._days[step], self._step), tie=Tie("arriving"))
            by = [float(at >= step) for at in range(len(self._days) - 1)]
            yield Lot(f"lot/told/{step}", self._in.line, size, by, lost)

    def _lost(self) -> Size:
        losses = self._assume.losses
        if losses is None:
            return 0.0
        if losses.low == losses.high or losses.low == 0:
            return (losses.low + losses.high) / 2
        return replace(Amount.between(losses.low, losses.high), high=1.0)

    def _maker(self, maker: Maker) -> Works:
        share = self._assume.share_of_output
        if self._scenario.paced:
            share = None
        customers = () if not share else (Customer(self._in.line, share, lost=self._lost()),)
        ramps = tuple(
            Ramp(
                to=Amount(math.exp(ramp.rate_log_median) * self._step, ramp.rate_log_sd),
                delay=Amount(math.exp(ramp.delay_log_median) / self._step, ramp.delay_log_sd),
                never=ramp.never,
            )
            for ramp in maker.outlook.ramps
        )
        rate = maker.rate
        return Works(maker.key, _scaled(rate, self._step), ramps, customers=customers)

    def _own(self, works: OwnWorks) -> Works:
        ramps: tuple[Ramp, ...] = ()
        if works.to is not None and works.reached is not None:
            steps = max(0.0, (works.reached - self._days[0]).days / self._step)
            ramps = (Ramp(to=self._rate(works.to), length=steps),)
        idle = 0.0
        if works.idle_until is not None:
            idle = max(0.0, (works.idle_until - self._days[0]).days / self._step)
        transit = round(works.days / self._step)
        customer = Customer(self._in.line, works.share, transit=transit, lost=self._lost())
        return Works(
            f"works/own/{works.name}",
            self._rate(works.rate),
            ramps,
            idle_until=idle,
            customers=(customer,),
        )

    def _shelves(self) -> Iterator[Line]:
        for one in self._assume.shelf:
            yield Line(f"shelf/{one.party}", opening=amount_of(one.stock, 1.0), reserve=one.reserve)

    def _handovers(self) -> Iterator[Handover]:
        for one in self._assume.shelf:
            yield Handover(
                f"handover/{one.party}",
                f"shelf/{one.party}",
                self._in.line,
                rate=self._rate(one.hands_over),
                transit=round(one.days / self._step),
                lost=self._lost(),
            )

    def _rate(self, rate: Rate) -> Amount:
        return amount_of(rate, self._step)

    def _at(self, day: dt.date) -> int:
        return bisect_right(self._days, day) - 1


def _scaled(amount: Amount, factor: float) -> Amount:
    return replace(amount, median=amount.median * factor)


def _between(low: float, high: float) -> Amount:
    return amount_of(Range(low=low, high=high), 1.0)
