"""The fast simulator equals a slow one written from the documented meaning; and laws of flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from flow_reference import play
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Size, Tie
from pledgebook.forecasting.flows.result import Flow, Result
from pledgebook.forecasting.flows.simulate import simulate
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

Floats = NDArray[np.float64]

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


@settings(max_examples=300)
@given(systems())
def test_without_chance_every_flow_at_every_step_is_that_of_the_reference(system: System) -> None:
    known = play(system, np.random.default_rng(0))
    found = simulate(system, draws=2, threads=1, quantiles="all", balances="all")
    for line in system.lines:
        made, slow = found.lines[line.key], known.lines[line.key]
        for flow in measured(line):
            agree(made.moments[flow].mean, slow[flow], f"{line.key} {flow}")
        agree(made.met, [float(gap <= 1e-9) for gap in slow[Flow.GAP]], f"{line.key} met")
        balance, sums = made.balance, known.sums[line.key]
        assert balance is not None
        for name in ("opening", "arrived", "used", "expired", "given", "closing", "wanted", "cost"):
            agree(getattr(balance, name), [getattr(sums, name)] * 2, f"{line.key} {name}")
        agree(balance.run_dry, [min(sums.run_dry, system.steps)] * 2, f"{line.key} run dry")
    for one in system.works:
        agree(found.works[one.key].moments[Flow.OUTPUT].mean, known.works[one.key], one.key)


def measured(line: Line) -> list[Flow]:
    """What is measured of a line: cost where it reorders."""
    return [flow for flow in OF_A_LINE if line.reorder or flow is not Flow.COST]


def agree(found: Floats, known: list[float], what: str) -> None:
    np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-9, err_msg=what)


# Systems with chance: the same means and variances.


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


SLOW, FAST = 1_500, 40_000


@pytest.mark.parametrize("make", [stocks_and_lots, works_and_customers, orders])
def test_with_chance_means_and_variances_are_those_of_the_reference(
    make: Callable[[], System],
) -> None:
    system = make()
    random = np.random.default_rng(11)
    played = [play(system, random) for _ in range(SLOW)]
    result = simulate(system, draws=FAST, seed=11, quantiles="all")
    compared = 0
    for line in system.lines:
        for flow in measured(line):
            slow = np.array([one.lines[line.key][flow] for one in played])
            moments = result.lines[line.key].moments[flow]
            compared += alike(slow, moments.mean, moments.variance, f"{line.key} {flow}")
    for one in system.works:
        slow = np.array([draw.works[one.key] for draw in played])
        moments = result.works[one.key].moments[Flow.OUTPUT]
        compared += alike(slow, moments.mean, moments.variance, one.key)
    assert compared > 100


def alike(slow: Floats, mean: Floats, variance: Floats, what: str) -> int:
    """Compare draws (draws, steps) with moments (steps,); return how many figures were."""
    n = len(slow)
    own = slow.var(axis=0, ddof=1)
    fourth = ((slow - slow.mean(axis=0)) ** 4).mean(axis=0)
    # Where hardly a draw differs from the others there is no scale to compare on.
    kept = (own > 1e-9) & (fourth * 50 < own**2 * n)
    error = np.sqrt(own * (1 / n + 1 / FAST))
    z = np.abs(slow.mean(axis=0) - mean)[kept] / error[kept]
    assert np.all(z < 4.5), f"{what}: mean {z.max():.1f} errors off"
    spread = np.sqrt((fourth - own**2) * (1 / n + 1 / FAST))
    z = np.abs(own - variance)[kept] / spread[kept]
    assert np.all(z < 5), f"{what}: variance {z.max():.1f} errors off"
    # Nor is there where the many draws have something that the few do not, but it has to be rare.
    apart = np.abs(slow.mean(axis=0) - mean)[~kept]
    rare = np.sqrt(np.maximum(variance, own)[~kept] / n)
    assert np.all(apart <= 4.5 * rare + 1e-9 * np.abs(mean[~kept]) + 1e-9), f"{what}: mean off"
    return int(kept.sum()) * 2


# Laws.


def single(line: Line, arrivals: list[float]) -> System:
    steps = len(arrivals)
    by = [tuple(1.0 if t >= step else 0.0 for t in range(steps)) for step in range(steps)]
    lots = [Lot(f"lot {t}", line.key, much, by[t]) for t, much in enumerate(arrivals)]
    return System(steps, [line], lots)


noises = st.sampled_from([None, Noise.poisson(2.0), Noise.lognormal(0.8)])
arrivals = st.lists(quarters, min_size=12, max_size=12)
seeds = st.integers(0, 2**31)


def missed(system: System, seed: int) -> tuple[Floats, Floats]:
    """The gap of each step, and all that was missed; the same draws for the same seed."""
    result = simulate(system, draws=8, seed=seed, threads=1, balances="all").lines["line"]
    assert result.balance is not None
    return result.moments[Flow.GAP].mean, result.balance.missed


@settings(max_examples=60)
@given(
    quarters,
    quarters,
    arrivals,
    noises,
    st.booleans(),
    st.none() | st.integers(1, 5),
    st.sampled_from(list(Mode)),
    seeds,
)
def test_more_opening_stock_never_gives_more_gap(
    opening: float,
    more: float,
    came: list[float],
    noise: Noise | None,
    backorder: bool,
    life: int | None,
    mode: Mode,
    seed: int,
) -> None:
    """Without a reorder policy: one would order later where there is more to begin with."""
    line = Line("line", opening, {}, [Regime(0, Amount(8, 0.4))], noise, (), mode, 5.0, life)
    line = replace(line, backorder=backorder)
    gap, whole = missed(single(line, came), seed)
    less, part = missed(single(replace(line, opening=opening + more), came), seed)
    assert np.all(less <= gap + 1e-9)
    assert np.all(part <= whole + 1e-9)


@settings(max_examples=60)
@given(quarters, arrivals, st.integers(0, 11), st.integers(1, 11), noises, st.booleans(), seeds)
def test_earlier_lots_never_give_more_gap_in_all(
    opening: float,
    came: list[float],
    step: int,
    sooner: int,
    noise: Noise | None,
    backorder: bool,
    seed: int,
) -> None:
    """What was missed by any step is max(wanted - arrived - opening, 0) at its highest so far.

    That holds where what is kept keeps: with a shelf life, what comes too early is lost.
    """
    line = Line("line", opening, {}, [Regime(0, Amount(8, 0.4))], noise, backorder=backorder)
    early = list(came)
    early[max(step - sooner, 0)] += early[step] if sooner <= step else 0.0
    early[step] -= came[step] if sooner <= step else 0.0
    gap, whole = missed(single(line, came), seed)
    less, part = missed(single(line, early), seed)
    assert np.all(part <= whole + 1e-9)
    if backorder:  # then the gap is what is owed, and holds at each step
        assert np.all(less <= gap + 1e-9)
    else:
        assert np.all(np.cumsum(less) <= np.cumsum(gap) + 1e-9)


@settings(max_examples=60)
@given(quarters, arrivals, noises, seeds)
def test_what_is_missed_is_what_was_needed_above_the_opening_stock(
    opening: float, came: list[float], noise: Noise | None, seed: int
) -> None:
    """The reflection of a walk at zero: gaps so far = max(needed - opening, 0), draw by draw."""
    line = Line("line", opening, use=[Regime(0, Amount(8, 0.4))], noise=noise)
    result = simulate(single(line, came), draws=1, seed=seed, threads=1, quantiles="all")
    moments = result.lines["line"].moments
    short = np.maximum(moments[Flow.NEEDED].mean - opening, 0.0)
    np.testing.assert_allclose(np.cumsum(moments[Flow.GAP].mean), short, rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(systems(), st.sampled_from([0.25, 1000.0]), seeds)
def test_other_units_give_the_same_in_those_units(system: System, factor: float, seed: int) -> None:
    plain = simulate(system, draws=2, seed=seed, threads=1, quantiles="all")
    other = simulate(in_units(system, factor), draws=2, seed=seed, threads=1, quantiles="all")
    same_in_units(system, plain, other, factor)


@pytest.mark.parametrize("make", [stocks_and_lots, works_and_customers, orders])
def test_other_units_give_the_same_with_chance_too(make: Callable[[], System]) -> None:
    system = make()
    plain = simulate(system, draws=500, seed=3, quantiles="all")
    other = simulate(in_units(system, 1024.0), draws=500, seed=3, quantiles="all")
    same_in_units(system, plain, other, 1024.0)
    for line in system.lines:
        np.testing.assert_allclose(
            other.lines[line.key].moments[Flow.STOCK].variance,
            plain.lines[line.key].moments[Flow.STOCK].variance * 1024.0**2,
            rtol=1e-6,
            atol=1e-6,
        )


def same_in_units(system: System, plain: Result, other: Result, factor: float) -> None:
    for line in system.lines:
        one, two = plain.lines[line.key], other.lines[line.key]
        for flow in measured(line):
            agree(two.moments[flow].mean / factor, one.moments[flow].mean.tolist(), flow)
        days = one.moments[Flow.DAYS].mean.tolist()
        agree(two.moments[Flow.DAYS].mean, days, Flow.DAYS)
        agree(two.met, one.met.tolist(), "met")
        agree(two.dry_by, one.dry_by.tolist(), "dry by")


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


@settings(max_examples=60)
@given(systems())
def test_a_line_that_wants_nothing_never_runs_dry(system: System) -> None:
    still = replace(
        system,
        lines=[
            replace(line, use=[Regime(0, 0.0)], events=[], noise=Noise.poisson())
            for line in system.lines
        ],
    )
    result = simulate(still, draws=2, threads=1, quantiles="all")
    for line in result.lines.values():
        assert np.all(line.met == 1)
        assert not np.any(line.dry_by)
        assert not np.any(line.moments[Flow.GAP].mean)
        assert np.all(np.isposinf(line.moments[Flow.DAYS].mean))
