"""The same seed gives the same answer, on any number of threads and in any order."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_systems import systems

from pledgebook.forecasting.flows import (
    Amount,
    Customer,
    Flow,
    Group,
    Line,
    Lot,
    Noise,
    Regime,
    Result,
    System,
    Tie,
    Total,
    Works,
    simulate,
)


def assert_same(one: Result, other: Result) -> None:
    """Assert that all numbers of two results are the same, bit for bit."""
    assert sorted(one.lines) == sorted(other.lines)
    for key, line in one.lines.items():
        twin = other.lines[key]
        np.testing.assert_array_equal(line.met, twin.met)
        np.testing.assert_array_equal(line.dry_by, twin.dry_by)
        for flow, moments in line.moments.items():
            np.testing.assert_array_equal(moments.mean, twin.moments[flow].mean)
            np.testing.assert_array_equal(moments.variance, twin.moments[flow].variance)
        for flow, found in line.quantiles.items():
            np.testing.assert_array_equal(found, twin.quantiles[flow])
    for kind in ("works", "totals"):
        for key, thing in getattr(one, kind).items():
            for flow, moments in thing.moments.items():
                again = getattr(other, kind)[key].moments[flow]
                np.testing.assert_array_equal(moments.mean, again.mean)
                np.testing.assert_array_equal(moments.variance, again.variance)


def shuffled(system: System, seed: int) -> System:
    """The same system with everything in another order."""
    rng = random.Random(seed)
    parts: dict[str, Any] = {}
    for name in ("lines", "lots", "works", "handovers"):
        parts[name] = list(getattr(system, name))
        rng.shuffle(parts[name])
    return replace(system, **parts)


@settings(max_examples=25, deadline=None)
@given(systems(), st.integers(0, 3))
def test_the_order_changes_nothing(system: System, seed: int) -> None:
    one = simulate(system, draws=700, quantiles="all", threads=1)
    assert_same(one, simulate(shuffled(system, seed), draws=700, quantiles="all", threads=1))


def many_lines(n: int = 12) -> System:
    by = [0.02 * i for i in range(30)]
    return System(
        30,
        [
            Line(f"{i}", Amount(500.0, 0.5), use=[Regime(0, Amount(20.0, 0.3))],
                 noise=Noise.gamma(0.5))
            for i in range(n)
        ],
        lots=[Lot(f"{i}", f"{i}", Amount(100.0, 0.2), by) for i in range(n)],
        works=[Works("w", Amount(10.0, 0.2), customers=[Customer("0", 0.5), Customer("1", 0.5)])],
        totals=[Total("some", ["2", "3"])],
    )  # fmt: skip


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_the_number_of_threads_changes_nothing(threads: int) -> None:
    system = many_lines()
    one = simulate(system, draws=6_000, threads=1, quantiles=["0", "5", "some"])
    assert_same(one, simulate(system, draws=6_000, threads=threads, quantiles=["0", "5", "some"]))


def test_another_seed_is_another_answer() -> None:
    one, other = (simulate(many_lines(), draws=100, seed=seed) for seed in (1, 2))
    stock = [run.lines["0"].moments[Flow.STOCK].mean for run in (one, other)]
    assert (stock[0] != stock[1]).all()


def test_what_else_flows_changes_no_draw() -> None:
    """A line has the same draws in a larger system (common random numbers)."""
    small = simulate(many_lines(4), draws=2_000, balances=["2"]).lines["2"].balance
    large = simulate(many_lines(9), draws=2_000, balances=["2"]).lines["2"].balance
    assert small is not None
    assert large is not None
    np.testing.assert_array_equal(small.closing, large.closing)
    np.testing.assert_array_equal(small.wanted, large.wanted)


def test_a_scenario_has_the_same_draws() -> None:
    """Twice the median wanted is twice what is wanted in every single draw."""

    def wanted(median: float) -> NDArray[np.float64]:
        line = Line("a", use=[Regime(0, Amount(median, 0.4))], noise=Noise.lognormal(0.3))
        balance = simulate(System(20, [line]), draws=1_000, balances="all").lines["a"].balance
        assert balance is not None
        return balance.wanted

    np.testing.assert_allclose(wanted(20.0), 2 * wanted(10.0), rtol=1e-12)


def test_a_later_lot_is_later_in_every_draw() -> None:
    """Delays are drawn so that a curve that lies lower never brings anything earlier."""
    early = np.linspace(0.05, 1, 20)
    late = early**2

    def arrived(by: NDArray[np.float64]) -> NDArray[np.float64]:
        system = System(20, [Line("a")], lots=[Lot("lot", "a", 1.0, by.tolist())])
        found = []
        for steps in range(1, 20):
            part = replace(
                system, steps=steps, lots=[replace(system.lots[0], by=by[:steps].tolist())]
            )
            balance = simulate(part, draws=500, balances="all").lines["a"].balance
            assert balance is not None
            found.append(balance.arrived)
        return np.array(found)

    assert (arrived(late) <= arrived(early)).all()


@pytest.mark.parametrize(
    ("group", "moved"),
    [
        (Group.USE, {"wanted"}),
        (Group.NOISE, {"wanted"}),
        (Group.STOCK, {"opening"}),
        (Group.ARRIVALS, {"arrived"}),
        (Group.LOSSES, {"arrived", "lost"}),
        (Group.EVENTS, set()),
    ],
)
def test_a_swapped_group_is_drawn_anew_and_nothing_else(group: Group, moved: set[str]) -> None:
    line = Line("a", Amount(100.0, 0.5), use=[Regime(0, Amount(5.0, 0.3))], noise=Noise.gamma(0.5))
    lot = Lot("lot", "a", Amount(50.0, 0.3), [0.1 * i for i in range(10)],
              lost=Amount(0.1, 0.5, high=1.0))  # fmt: skip
    system = System(10, [line], lots=[lot])
    one, other = (
        simulate(system, draws=400, balances="all", swap=swap).lines["a"].balance
        for swap in ((), (group,))
    )
    assert one is not None
    assert other is not None
    for name in ("opening", "wanted", "arrived", "lost"):
        same = np.array_equal(getattr(one, name), getattr(other, name))
        if name in moved:
            assert not same
        elif not (group is Group.ARRIVALS and name == "lost"):
            assert same


def test_a_tie_binds_across_groups() -> None:
    """What is tied to one name moves together, by as much as the weights say."""
    tie = Tie("mood", 0.8)
    lines = [
        Line("a", Amount(10.0, 1.0, tie=tie)),
        Line("b", Amount(10.0, 1.0, tie=tie)),
        Line("c", use=[Regime(0, Amount(10.0, 1.0, tie=Tie("mood", -0.5)))]),
        Line("d", Amount(10.0, 1.0)),
    ]
    result = simulate(System(1, lines), draws=40_000, balances="all")
    scores: list[NDArray[np.float64]] = []
    for key in "abcd":
        balance = result.lines[key].balance
        assert balance is not None
        scores.append(np.log(balance.wanted if key == "c" else balance.opening))
    found = np.asarray(np.corrcoef(np.array(scores)))
    want = [[1, 0.64, -0.4, 0.0], [0.64, 1, -0.4, 0], [-0.4, -0.4, 1, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(found, np.array(want), atol=0.02)
