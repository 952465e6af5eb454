"""Random systems of flows without chance, and a few with it, for the tests of the simulator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Size, Tie
from pledgebook.forecasting.flows.result import Flow
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
    Works,
)

__all__ = ["WITH_CHANCE", "in_units", "measured", "quarters", "systems"]

OF_A_LINE = (
    Flow.STOCK,
    Flow.ARRIVALS,
    Flow.WANTED,
    Flow.USE,
    Flow.GAP,
    Flow.COST,
    Flow.NEEDED,
)
OFF = 0.0123456789
"""Thresholds lie this much off every amount, so that rounding cannot decide about an order."""


# Systems without chance. Amounts are quarters, so that most of them are exact in binary.

quarters = st.integers(0, 160).map(lambda n: n / 4)
losses = st.sampled_from([0.0, 0.0, 0.25, 0.5])
transits = st.integers(0, 4)


def regimes(steps: int) -> st.SearchStrategy[list[Regime]]:
    shapes = st.none() | st.lists(
        st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=steps, max_size=steps
    )
    one = st.builds(
        Regime, st.integers(0, steps - 1), st.integers(0, 48).map(lambda n: n / 4), shapes
    )
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda regime: regime.start)


def events(steps: int) -> st.SearchStrategy[list[Event]]:
    def made(key: str, size: float, step: int, duration: int, chance: float) -> Event:
        return Event(key, size, step, step, duration, chance)

    one = st.builds(
        made,
        st.sampled_from(["x", "y"]),
        quarters,
        st.integers(0, steps),
        st.sampled_from([1, 2, 4]),
        st.sampled_from([0.0, 1.0]),
    )
    return st.lists(one, max_size=2, unique_by=lambda event: event.key)


@st.composite
def reorders(draw: st.DrawFn) -> Reorder:
    point = draw(quarters) + OFF
    by_lot = draw(st.booleans())
    return Reorder(
        point,
        up_to=None if by_lot else point + draw(quarters),
        quantity=draw(st.integers(1, 60)) / 4 if by_lot else None,
        lead=draw(st.integers(1, 6)),
        unit_cost=draw(st.sampled_from([0.0, 1.0, 2.5])),
        order_cost=draw(st.sampled_from([0.0, 8.0])),
        budget=draw(st.none() | quarters.map(lambda much: 4 * much + OFF)),
        every=draw(st.integers(1, 3)),
    )


@st.composite
def lines(draw: st.DrawFn, key: str, steps: int) -> Line:
    life = draw(st.none() | st.integers(1, 6))
    ages = {}
    if life is not None:
        ages = draw(st.dictionaries(st.integers(0, life - 1), st.just(0.25), max_size=4))
    return Line(
        key,
        draw(quarters),
        ages,
        draw(regimes(steps)),
        None,
        draw(events(steps)),
        draw(st.sampled_from(list(Mode))),
        draw(st.just(0.0) | quarters),
        life,
        draw(st.none() | reorders()),
        draw(st.booleans()),
    )


@st.composite
def lots(draw: st.DrawFn, key: str, keys: list[str], steps: int) -> Lot:
    to = draw(st.sampled_from(keys))
    others = [one for one in keys if one != to]
    source = draw(st.none() | st.sampled_from(others)) if others else None
    step = draw(st.integers(0, steps + 1))
    by = tuple(1.0 if t >= step else 0.0 for t in range(steps))
    return Lot(key, to, draw(quarters), by, draw(losses), source, draw(transits))


@st.composite
def works(draw: st.DrawFn, key: str, keys: list[str], steps: int) -> Works:
    customers = draw(st.lists(st.sampled_from(keys), max_size=len(keys), unique=True))
    times = st.integers(0, 4 * steps).map(lambda n: n / 4)
    ramp = st.builds(
        Ramp,
        st.integers(0, 60).map(lambda n: n / 4),
        times,
        st.sampled_from([0.0, 0.5, 1.0, 2.5, 3.0, 8.0]),
        st.sampled_from([0.0, 0.0, 1.0]),
    )
    return Works(
        key,
        draw(st.integers(0, 60)) / 4,
        draw(st.lists(ramp, max_size=2)),
        draw(st.just(0.0) | times),
        draw(st.sampled_from([0.0, 0.0, 0.0, 1.0])),
        [
            Customer(
                line,
                draw(st.sampled_from([0.125, 0.2, 0.25])),
                draw(st.none() | quarters),
                draw(transits),
                draw(losses),
            )
            for line in customers
        ],
    )


@st.composite
def handovers(draw: st.DrawFn, key: str, keys: list[str], steps: int) -> Handover:
    source = draw(st.sampled_from(keys))
    to = draw(st.sampled_from([one for one in keys if one != source]))
    start = draw(st.integers(0, steps))
    end = draw(st.none() | st.integers(start, steps + 2))
    rate = draw(st.integers(0, 40)) / 4
    return Handover(key, source, to, rate, start, end, draw(transits), draw(losses))


@st.composite
def systems(draw: st.DrawFn) -> System:
    steps = draw(st.integers(2, 14))
    keys = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    return System(
        steps,
        [draw(lines(key, steps)) for key in keys],
        [draw(lots(f"lot {i}", keys, steps)) for i in range(draw(st.integers(0, 4)))],
        [draw(works(f"works {i}", keys, steps)) for i in range(draw(st.integers(0, 2)))],
        [
            draw(handovers(f"handover {i}", keys, steps))
            for i in range(draw(st.integers(0, 2)) if len(keys) > 1 else 0)
        ],
        step_days=draw(st.sampled_from([1.0, 7.0])),
        steps_a_year=draw(st.integers(1, 6)),
    )


# Systems with chance.


def stocks_and_lots() -> System:
    by = tuple(float(x) for x in 0.95 * (1 - 0.8 ** np.arange(1, 15)))
    tie = Tie("donor", 0.6)
    sizes = Law((1.0, 4.0, 9.0), (0.6, 0.3, 0.1))
    return System(
        14,
        [
            Line(
                "front",
                Amount(60, 0.4),
                use=[Regime(0, Amount.between(8, 16)), Regime(7, Amount(20, 0.3))],
                noise=Noise.compound(sizes),
                events=[Event("surge", Amount(40, 0.5), 3, 8, 3, 0.6)],
            ),
            Line(
                "shelf",
                Amount(90, 0.2),
                use=[Regime(0, 2.0)],
                noise=Noise.lognormal(0.7),
                reserve=Amount(30, 0.3),
                mode=Mode.CUT,
            ),
        ],
        [
            *(Lot(f"lot {i}", "front", Amount(25, 0.2), by, 0.1, tie=tie) for i in range(3)),
            Lot("given", "front", 50.0, by, Amount(0.1, 0.5, high=1), source="shelf", transit=2),
        ],
        handovers=[Handover("drip", "shelf", "front", Amount(1.5, 0.5), 2, transit=1)],
    )


def works_and_customers() -> System:
    return System(
        14,
        [
            Line("one", 20.0, use=[Regime(0, 6.0)], noise=Noise.gamma(0.5), backorder=True),
            Line("two", 10.0, use=[Regime(0, Amount(3, 0.4))], shelf_life=3),
        ],
        works=[
            Works(
                "works",
                Amount(5, 0.3),
                [Ramp(Amount(15, 0.2), Amount(4, 0.6), Amount(3, 0.3), 0.25)],
                idle_until=Amount(1.5, 0.8),
                idle_never=0.1,
                customers=[
                    Customer("one", 0.5, Amount(40, 0.3), 1, 0.05),
                    Customer("two", 0.4),
                ],
            )
        ],
    )


def orders() -> System:
    return System(
        16,
        [
            Line(
                "lots",
                12.0,
                use=[Regime(0, 4.0)],
                noise=Noise.poisson(),
                reorder=Reorder(
                    10.0,
                    quantity=6.0,
                    lead=Law((1, 2, 5), (0.5, 0.3, 0.2)),
                    unit_cost=2.0,
                    order_cost=5.0,
                    budget=70.0,
                    every=2,
                ),
                backorder=True,
            ),
            Line(
                "up to",
                15.0,
                use=[Regime(0, Amount(5, 0.4))],
                noise=Noise.poisson(2.0),
                shelf_life=4,
                reorder=Reorder(12.0, up_to=25.0, lead=2, unit_cost=1.0),
            ),
        ],
        steps_a_year=8,
    )


WITH_CHANCE = (stocks_and_lots, works_and_customers, orders)


def measured(line: Line) -> list[Flow]:
    """What is measured of a line: cost where it reorders."""
    return [flow for flow in OF_A_LINE if line.reorder or flow is not Flow.COST]


def in_units(system: System, factor: float) -> System:
    """The same system in a unit of which there are `factor` to the old one."""

    def scaled(size: Size) -> Size:
        if not isinstance(size, Amount):
            return size * factor
        return replace(
            size, median=size.median * factor, low=size.low * factor, high=size.high * factor
        )

    def law(one: Law) -> Law:
        return Law(tuple(value * factor for value in one.values), one.chances)

    def line(one: Line) -> Line:
        noise, policy = one.noise, one.reorder
        if noise and noise.size:
            noise = Noise(size=law(noise.size))
        if policy:
            policy = replace(
                policy,
                point=policy.point * factor,
                up_to=None if policy.up_to is None else policy.up_to * factor,
                quantity=None if policy.quantity is None else policy.quantity * factor,
                order_cost=policy.order_cost * factor,
                budget=None if policy.budget is None else policy.budget * factor,
            )
        return replace(
            one,
            opening=scaled(one.opening),
            use=[replace(regime, level=scaled(regime.level)) for regime in one.use],
            noise=noise,
            events=[replace(event, size=scaled(event.size)) for event in one.events],
            reserve=scaled(one.reserve),
            reorder=policy,
        )

    def works(one: Works) -> Works:
        return replace(
            one,
            rate=scaled(one.rate),
            ramps=[replace(ramp, to=scaled(ramp.to)) for ramp in one.ramps],
            customers=[
                replace(who, backlog=None if who.backlog is None else scaled(who.backlog))
                for who in one.customers
            ],
        )

    return replace(
        system,
        lines=[line(one) for one in system.lines],
        lots=[replace(lot, size=scaled(lot.size)) for lot in system.lots],
        works=[works(one) for one in system.works],
        handovers=[replace(one, rate=scaled(one.rate)) for one in system.handovers],
    )
