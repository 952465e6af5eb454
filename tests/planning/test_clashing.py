"""Why no plan can be: a set of demands in words, of which none can be left out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from plan_random import random_problem
from problems import budget, line, need, problem, shelf, steps_of

from pledgebook.planning.plan import Status
from pledgebook.planning.problem import Case, Problem, Restart
from pledgebook.planning.solving.clashing import clash, demands
from pledgebook.planning.solving.solve import solve

ALL = ((0.0, 1.0),)
NEED = "all of need front must be met"


def test_what_can_be_met_clashes_with_nothing() -> None:
    assert clash(problem(need(1, pieces=ALL), lines=[line()])) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (problem(need(9, pieces=ALL)), [NEED]),
        (
            problem(need(1, pieces=ALL), shelves=[shelf(3)]),
            [NEED, "the shelves of shells give 3 above their reserves"],
        ),
        (
            problem(need(1, pieces=ALL), lines=[line()], budgets=[budget("NOR", 15, 99)]),
            [NEED, "NOR spends at most 15, 99 EUR by year"],
        ),
        (
            problem(need([1, 0, 0, 0], pieces=ALL), lines=[replace(line(), lead=1)]),
            [NEED, "what is ordered on works arrives 1 step later"],
        ),
        (
            problem(need([1, 0, 0, 0], pieces=ALL), lines=[replace(line(), restart=Restart(1, 1))]),
            [NEED, "line works is idle until it is restarted"],
        ),
        (
            problem(need([0, 9, 0, 0], pieces=ALL), lines=[replace(line([0, 9, 9, 9]), ramp=3.0)]),
            [
                NEED,
                "line works makes at most 9 a step",
                "line works grows by at most 3 from step to step",
            ],
        ),
        (
            problem(
                need(1, pieces=ALL),
                lines=[line(), replace(line(), name="mill", buyers=("DNK",))],
                budgets=[budget("NOR", 99, 99), budget("DNK", 5, 5, least=0.9)],
            ),
            [
                NEED,
                "DNK spends at most 5, 5 EUR by year",
                "DNK spends at least 90% of all that is spent",
            ],
        ),
        (
            problem(
                need(0, pieces=ALL),
                lines=[line()],
                cases=[Case("war", 1.0, {"front": steps_of(99.0)})],
            ),
            [NEED, "line works makes at most 10 a step"],
        ),
        (
            problem(
                need(4, pieces=ALL),
                shelves=[shelf(99)],
                transport=steps_of(2.0),
                weight={"shells": 1.0},
            ),
            [NEED, "at most 2 is transported in a step"],
        ),
    ],
)
def test_the_clash_is_said(given: Problem, says: list[str]) -> None:
    assert clash(given) == says


def test_none_of_a_clash_can_be_left_out() -> None:
    looked = 0
    for seed in (15, 648, 909, 967, 1147, 1398):
        given = random_problem(seed)
        plan = solve(given)
        assert plan.status is Status.INFEASIBLE
        for said in plan.clash:
            loose = given
            for demand in demands(given):
                if demand.says == said or demand.says not in plan.clash:
                    loose = demand.without(loose)
            assert clash(loose) == [], (seed, said)
            looked += 1
    assert looked >= 12


def test_whoever_stops_the_question_hears_no_half_answer() -> None:
    given = problem(need(9, pieces=ALL), lines=[line(1)], budgets=[budget("NOR", np.inf, np.inf)])
    assert clash(given, time_limit=-1.0) == []
