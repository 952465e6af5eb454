"""A problem that cannot be meant is refused with its place and its mend, before any solving."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from plan_random import random_problem
from problems import SHELLS, budget, contract, line, need, problem, shelf, steps_of, stock

from pledgebook.errors import UsageError
from pledgebook.planning.formulating.validating import validate
from pledgebook.planning.problem import Case, Expansion, Problem, Restart, Risk, Substitute, Tier
from pledgebook.planning.solving.solve import solve

GROW = Expansion("second hall", 5.0, 3.0, 0, 0, 3)


def whole() -> Problem:
    return problem(
        need(1),
        shelves=[shelf(5)],
        lines=[replace(line(), expansions=(GROW,), restart=Restart(1.0, 1))],
        contracts=[contract()],
        budgets=[budget("NOR", 1, 1)],
        cases=[Case("one", 0.5), Case("two", 0.5)],
        transport=steps_of(9.0),
        weight={SHELLS: 1.0},
    )


def with_line(**changed: object) -> Callable[[Problem], Problem]:
    return lambda p: replace(p, lines=[replace(p.lines[0], **changed)])  # type: ignore[arg-type]


def with_shelf(**changed: object) -> Callable[[Problem], Problem]:
    return lambda p: replace(p, shelves=[replace(p.shelves[0], **changed)])  # type: ignore[arg-type]


def with_need(**changed: object) -> Callable[[Problem], Problem]:
    return lambda p: replace(p, needs=[replace(p.needs[0], **changed)])  # type: ignore[arg-type]


def with_contract(**changed: object) -> Callable[[Problem], Problem]:
    return lambda p: replace(p, contracts=[replace(p.contracts[0], **changed)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p: replace(p, steps=0), "the horizon is empty"),
        (lambda p: replace(p, year_of=np.array([0, 1, 0, 1])), "never falls"),
        (lambda p: replace(p, stocks=[stock(), stock()]), "stock 'shells' is there twice"),
        (
            lambda p: replace(p, contracts=[replace(contract(), name="works")]),
            "'works' is there twice",
        ),
        (
            lambda p: replace(p, stocks=[stock(opening=-1)]),
            "opening must be a number of at least 0",
        ),
        (with_need(amount=np.ones(3)), "amount must have a figure for each of the 4 steps"),
        (with_need(amount=steps_of(np.nan)), "amount must be a number"),
        (with_need(met_by=(Substitute("air"),)), "there is no stock 'air'"),
        (with_need(met_by=(Substitute(SHELLS, 0.0),)), "rate must be above zero"),
        (with_need(pieces=(*need(1).pieces, *need(1).pieces)), "the pieces are more than the need"),
        (with_shelf(held=-1.0), "held must be a number of at least 0"),
        (with_shelf(to=(SHELLS, SHELLS)), "stock 'shells' is named twice"),
        (with_line(capacity=steps_of(-1.0)), "capacity must be a number of at least 0"),
        (with_line(capacity=steps_of(np.inf)), "capacity must be a number"),
        (with_line(advance=1.5), "advance is a share from 0 to 1"),
        (with_line(tier_steps=0), "tier_steps must be at least 1"),
        (with_line(ramp=-1.0), "ramp must be a number"),
        (with_line(tiers=(Tier(1.0, 0.2), Tier(1.0, 0.1))), "rebates must rise from tier to tier"),
        (with_line(tiers=(Tier(np.inf, 0.0), Tier(1.0, 0.1))), "endless in the last alone"),
        (
            with_line(expansions=(replace(GROW, earliest=3, latest=1),)),
            "earliest comes after latest",
        ),
        (with_line(restart=Restart(-1.0, 0)), r"restart.cost must be a number"),
        (with_contract(line="mill"), "there is no line 'mill'"),
        (with_contract(start=9), "start lies outside the horizon"),
        (with_contract(take={7: 1.0}), "year 7 lies outside the horizon"),
        (with_contract(least_part=2.0), "least_part is a share"),
        (lambda p: replace(p, budgets=[budget("NOR", 1)]), "a sum for each of the 2 years"),
        (
            lambda p: replace(p, budgets=[budget("NOR", 1, 1, least=0.5, most=0.2)]),
            "band of shares",
        ),
        (lambda p: replace(p, cases=[Case("one", 0.5)]), "must be above 0 and add up to 1"),
        (lambda p: replace(p, cases=[Case("one", 1.0, {"air": steps_of(1.0)})]), "no need 'air'"),
        (lambda p: replace(p, risk=Risk(2.0, 0.1)), "risk has a weight from 0 to 1"),
        (lambda p: replace(p, weight={}), "the weight of shells is not known"),
    ],
)
def test_what_cannot_be_meant_is_refused(spoil: Callable[[Problem], Problem], says: str) -> None:
    validate(whole())
    with pytest.raises(UsageError, match=says) as caught:
        solve(spoil(whole()))
    assert caught.value.where
    assert caught.value.mend


def test_the_random_problems_are_valid() -> None:
    for seed in range(50):
        validate(random_problem(seed))
