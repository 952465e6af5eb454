"""The simulation equals its closed forms: means, variances and chances within Monte Carlo error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise
from pledgebook.forecasting.flows.result import Flow, Result
from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.system import Event, Line, Regime, Reorder, System

if TYPE_CHECKING:
    from known import Case

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"

DRAWS, SEED, MOST = 20_000, 5, 4.5


@pytest.fixture(autouse=True)
def _scripts_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def cases() -> list[str]:
    """The names of the functions that make the cases."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        from verification import CASES
    finally:
        sys.path.remove(str(BENCHMARKS))
    return [make.__name__ for make in CASES]


def made(name: str) -> Case:
    from verification import CASES

    return next(make for make in CASES if make.__name__ == name)()


@pytest.mark.parametrize("name", cases())
def test_a_case_equals_its_closed_form(name: str) -> None:
    from known import compare

    case = made(name)
    rows = compare(case, simulate(case.system, draws=DRAWS, seed=SEED, quantiles="all"))
    assert len(rows) >= 4
    far = [row for row in rows if not abs(row.z) <= MOST]
    assert far == []


def test_the_errors_are_neither_too_small_nor_too_large() -> None:
    """Over many seeds the z of one figure are as spread as errors of the right size make them."""
    from known import compare

    case = made("poisson_use")
    scores = []
    for seed in range(60):
        rows = compare(case, simulate(case.system, draws=2_000, seed=seed, quantiles="all"))
        scores.append([row.z for row in rows if row.step == 7 and row.error > 0])
    spread = np.asarray(scores).std(axis=0)
    # The standard deviation of 60 scores of unit variance is within 0.7 and 1.35 in 999 of 1000.
    assert np.all((spread > 0.7) & (spread < 1.35))


def test_a_wrong_formula_is_found_out() -> None:
    """The bound has teeth: a mean or a variance that is off by two in a hundred is seen."""
    from known import Known, Moment, compare

    case = made("poisson_use")
    result = simulate(case.system, draws=DRAWS, seed=SEED, quantiles="all")
    truth = next(f for f in case.figures if isinstance(f, Moment) and f.flow == Flow.NEEDED)
    for wrong in (
        {t: Known(1.02 * k.mean, k.variance, k.fourth) for t, k in truth.known.items()},
        {t: Known(k.mean, 1.06 * k.variance, k.fourth) for t, k in truth.known.items()},
    ):
        figures = [Moment("line", Flow.NEEDED, wrong)]
        rows = compare(type(case)("wrong", "", "", case.system, figures), result)
        assert max(abs(row.z) for row in rows) > MOST


# What FEAST is published to answer (J.-D. Caron, R. M. Bryce, C. Young, A Simulation Tool for
# Exploring Ammunition Stockpile Dynamics, SIMULTECH 2023): how far demands are met and what it
# costs over time, under demands from schedules that are known by chance alone and under reorder
# policies. The figures below are ours; that paper's own are not used.

YEAR = 52
PRICE, ORDER = 3.0, 50.0
EXERCISE = Event("exercise", Amount.of_mean(240.0, 0.4), 20, 30, 4, 0.8)
MISSION = Event("mission", Amount.of_mean(500.0, 0.5), 80, 110, 10, 0.5)
SIZES = Law((1.0, 5.0), (0.75, 0.25))


def stockpile(reorder: Reorder | None) -> Result:
    """Three years of one nature of ammunition, with training, an exercise and perhaps a mission."""
    line = Line(
        "nature",
        900.0,
        use=[Regime(0, 10.0)],
        noise=Noise.compound(SIZES),
        events=[EXERCISE, MISSION],
        reorder=reorder,
    )
    return simulate(System(3 * YEAR, [line]), draws=DRAWS, seed=SEED, quantiles="all")


def test_chance_of_meeting_demand_and_cost_over_time_with_and_without_a_policy() -> None:
    bare = stockpile(None)
    policy = Reorder(400.0, up_to=900.0, lead=Law((6, 10, 16)), unit_cost=PRICE, order_cost=ORDER)
    kept = stockpile(policy)
    without, with_policy = bare.lines["nature"], kept.lines["nature"]

    # Steady demand of a year is what the schedule gives: base use and the mean of its events.
    wanted = without.moments[Flow.WANTED].mean
    yearly = [float(wanted[year * YEAR : (year + 1) * YEAR].sum()) for year in range(3)]
    shares = np.clip((2 * YEAR - np.arange(80, 111)) / 10, 0, 1)
    expected = [520 + 0.8 * 240, 520 + 0.5 * 500 * shares.mean(), 520 + 250 * (1 - shares).mean()]
    demands = 520 / SIZES.mean * (SIZES.variance + SIZES.mean**2)
    variance = [
        demands + 0.8 * 240**2 * 1.16 - 192**2,
        *(
            demands + 0.5 * 500**2 * 1.25 * (part**2).mean() - (250 * part.mean()) ** 2
            for part in (shares, 1 - shares)
        ),
    ]
    for found, mean, spread in zip(yearly, expected, variance, strict=True):
        assert abs(found - mean) <= MOST * np.sqrt(spread / DRAWS)
    assert np.array_equal(wanted, with_policy.moments[Flow.WANTED].mean)  # common random numbers

    # The chance of meeting demand, and of having run dry, over time.
    assert without.met[0] == 1
    assert without.met[-1] < 0.01
    assert without.dry_by[-1] > 0.99
    assert np.all(np.diff(without.dry_by) >= 0)
    assert with_policy.met[-1] > 0.97
    assert np.all(with_policy.met >= without.met)
    assert np.all(with_policy.dry_by <= without.dry_by)

    # Cost over time: none without a policy; with one, what was used has been paid for in the end.
    cost = with_policy.moments[Flow.COST].mean
    assert Flow.COST not in without.moments
    assert np.all(cost >= 0)
    assert cost[:10].sum() < 1 < cost[-1]
    arrived = with_policy.moments[Flow.ARRIVALS].mean.sum()
    assert cost.sum() > PRICE * arrived  # what is paid for comes later, and each order costs


def test_a_budget_holds_the_policy_back() -> None:
    """A year's cost stays within the budget in every draw, and what is met falls with it."""
    results = [
        stockpile(Reorder(400.0, up_to=900.0, lead=10, unit_cost=PRICE, budget=budget))
        for budget in (300.0, 1_200.0, None)
    ]
    totals = [result.lines["nature"].moments[Flow.COST].mean for result in results]
    for year in range(3):
        in_year = slice(year * YEAR, (year + 1) * YEAR)
        assert totals[0][in_year].sum() <= 300 * (1 + 1e-9)
        assert totals[1][in_year].sum() <= 1_200 * (1 + 1e-9)
    met = [float(result.lines["nature"].met.mean()) for result in results]
    assert met[0] < met[1] < met[2]
