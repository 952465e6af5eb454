"""The frontier: less shortage never costs less, and every point is a plan that holds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from plans_made import cases, enough, problem
from pledgebook.errors import UsageError
from pledgebook.planning.checking.check import check
from pledgebook.planning.explaining.changes import SPENT, spent_of
from pledgebook.planning.explaining.frontier import Point, frontier, met_share
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.solve import solve


@pytest.fixture(params=["certain", "cases"], scope="module")
def made(request: pytest.FixtureRequest) -> Problem:
    return problem() if request.param == "certain" else problem(cases=cases())


@pytest.fixture(scope="module")
def points(made: Problem) -> tuple[Point, ...]:
    return frontier(made, 6, gap=1e-4)


def test_spending_falls_as_shortage_grows(points: tuple[Point, ...]) -> None:
    assert len(points) == 6
    for one, other in pairwise(points):
        assert other.spent < one.spent
        assert other.short > one.short * (1 - 1e-6)


def test_each_point_is_a_plan_that_passes_the_check(
    made: Problem, points: tuple[Point, ...]
) -> None:
    for one in points:
        parts = check(made, one.choices, one.outcomes)
        assert sum(parts[name] for name in SPENT) == pytest.approx(one.spent)
        assert one.at_least <= one.spent
        assert one.gap <= 1e-4 + 1e-9
        assert one.met == pytest.approx(met_share(made, one.outcomes))
        short = sum(
            outcome.chance * piece.cost * float(outcome.short[need.name][i].sum())
            for outcome in one.outcomes
            for need in made.needs
            for i, piece in enumerate(need.pieces)
        )
        assert short == pytest.approx(one.short)


def test_no_plan_lies_below_the_frontier(made: Problem, points: tuple[Point, ...]) -> None:
    plan = solve(made, gap=0.0)
    short = plan.parts["shortage"]
    for one in points:
        if short <= one.short:
            assert spent_of(plan) >= one.at_least * (1 - 1e-6)


def test_the_ends_are_the_least_of_each(made: Problem, points: tuple[Point, ...]) -> None:
    plan = solve(made, gap=0.0)
    assert points[0].short <= plan.parts["shortage"] * (1 + 1e-5)
    assert points[-1].spent <= spent_of(plan)


def test_where_nothing_is_short_the_frontier_is_a_point() -> None:
    [point] = frontier(enough(), 5)
    assert point.short == pytest.approx(0)
    assert point.spent == pytest.approx(149_598_000)
    assert set(point.met.values()) == {1.0}


def test_a_search_that_is_stopped_gives_what_it_has() -> None:
    assert frontier(problem(), 5, cancel=lambda: True) == ()


def test_a_problem_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(UsageError):
        frontier(problem(steps=0), 5)
