"""Laws of flows that hold whatever the figures: more stock, earlier lots, other units, no use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from flow_systems import WITH_CHANCE, in_units, measured, quarters, systems
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pledgebook.forecasting.flows.amounts import Amount, Noise
from pledgebook.forecasting.flows.result import Flow, Result
from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.system import Line, Lot, Mode, Regime, System

Floats = NDArray[np.float64]

noises = st.sampled_from([None, Noise.poisson(2.0), Noise.lognormal(0.8)])
arrivals = st.lists(quarters, min_size=12, max_size=12)
seeds = st.integers(0, 2**31)


def single(line: Line, arrivals: list[float]) -> System:
    steps = len(arrivals)
    by = [tuple(1.0 if t >= step else 0.0 for t in range(steps)) for step in range(steps)]
    lots = [Lot(f"lot {t}", line.key, much, by[t]) for t, much in enumerate(arrivals)]
    return System(steps, [line], lots)


def missed(system: System, seed: int) -> tuple[Floats, Floats]:
    """The gap of each step, and all that was missed; the same draws for the same seed."""
    result = simulate(system, draws=8, seed=seed, threads=1, balances="all").lines["line"]
    assert result.balance is not None
    return result.moments[Flow.GAP].mean, result.balance.missed


@settings(max_examples=40)
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


@settings(max_examples=40)
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


@settings(max_examples=40)
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


@settings(max_examples=40)
@given(systems(), st.sampled_from([0.25, 1000.0]), seeds)
def test_other_units_give_the_same_in_those_units(system: System, factor: float, seed: int) -> None:
    plain = simulate(system, draws=2, seed=seed, threads=1, quantiles="all")
    other = simulate(in_units(system, factor), draws=2, seed=seed, threads=1, quantiles="all")
    same_in_units(system, plain, other, factor)


@pytest.mark.parametrize("make", WITH_CHANCE)
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


def agree(found: Floats, known: list[float], what: str) -> None:
    np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-9, err_msg=what)


@settings(max_examples=40)
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
