"""The independent check lets a good plan pass, and names what a spoilt one breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import ArrayLike
from problems import SHELLS, budget, contract, line, need, problem, shelf, steps_of, stock

from pledgebook.planning.checking.check import BrokenPlanError, check
from pledgebook.planning.plan import Choices, Outcome, Plan
from pledgebook.planning.problem import Case, Expansion, Problem, Restart, Risk, Tier
from pledgebook.planning.solving.solve import solve

Spoilt = Callable[[Choices], Choices]


@cache
def rich() -> tuple[Problem, Plan]:
    """A problem of every feature, and its best plan."""
    works = replace(
        line(3),
        tiers=(Tier(4.0, 0.0), Tier(20.0, 0.2)),
        tier_steps=2,
        least=3.0,
        expansions=(Expansion("second hall", 5.0, 4.0, 1, 0, 2),),
        buyers=("NOR", "DNK"),
    )
    idle = replace(
        line(6, name="old works", price=5.0), restart=Restart(7.0, 1, least=2.0, run=2), ramp=2.0
    )
    joint = replace(
        contract(price=4.0, most=2.0, fixed=3.0), take={1: 2.0}, least_buyers=2, least_part=0.1
    )
    storm = Case("storm", 0.5, {"front": steps_of(14.0)}, opening={SHELLS: 1.0})
    made = problem(
        need(
            [8, 8, 9, 9], pieces=((0.5, 90.0), (0.5, 40.0)), met_by=((SHELLS, 1.0), ("mines", 2.0))
        ),
        stocks=[stock(holding=0.1), stock("mines", opening=4)],
        shelves=[shelf(9, reserve=1, most=3.0, replenished=[0, 0, 2, 0], delay=1)],
        lines=[works, idle],
        contracts=[joint],
        budgets=[budget("NOR", 120, 150, most=0.7), budget("DNK", 90, 90, least=0.1)],
        cases=[Case("calm", 0.5), storm],
        risk=Risk(0.3, 0.4),
        transport=steps_of([20.0, 20.0, 20.0, 9.0]),
        weight={SHELLS: 0.5, "mines": 1.0},
    )
    return made, solve(made, gap=0.0)


def test_the_best_plan_passes_with_its_cost() -> None:
    made, plan = rich()
    parts = check(made, plan.choices, plan.outcomes)
    assert sum(parts.values()) == pytest.approx(plan.cost)
    assert parts == plan.parts
    for part in ("drawdown", "orders", "contracts", "expansions", "restarts", "shortage", "risk"):
        assert parts[part] > 0, part
    assert parts["rebates"] < 0


def plus(
    flows: Mapping[tuple[str, str], np.ndarray], key: tuple[str, str], more: ArrayLike
) -> dict[tuple[str, str], np.ndarray]:
    return {**flows, key: flows.get(key, np.zeros(np.shape(more))) + np.asarray(more)}


WORKS, DEPOT, OLD = ("works", SHELLS), ("depot", SHELLS), ("old works", SHELLS)
FRAME = ("framework", SHELLS)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda c: replace(c, drawn=plus(c.drawn, DEPOT, [4, 0, 0, 0.0])), "more than shelf depot"),
        (
            lambda c: replace(c, drawn={DEPOT: np.full(4, 2.9)}),
            "shelf depot falls below its reserve",
        ),
        (lambda c: replace(c, drawn={("nowhere", SHELLS): np.ones(4)}), "no shelf nowhere"),
        (lambda c: replace(c, drawn={("depot", "mines"): np.ones(4)}), "does not give to mines"),
        (lambda c: replace(c, drawn={DEPOT: -np.ones(4)}), "below zero in step 0"),
        (lambda c: replace(c, drawn={DEPOT: np.ones(3)}), "not given by step"),
        (lambda c: replace(c, drawn={DEPOT: np.full(4, np.nan)}), "not finite"),
        (
            lambda c: replace(c, ordered=plus(c.ordered, WORKS, [0, 0, 0, 9.0])),
            "works makes more than its capacity in step 3",
        ),
        (lambda c: replace(c, ordered={**c.ordered, WORKS: np.zeros(4)}), "least rate"),
        (lambda c: replace(c, expanded={}), "line works makes more than its capacity"),
        (lambda c: replace(c, expanded={"second hall": 3}), "outside its window"),
        (lambda c: replace(c, expanded={"third hall": 0}), "no expansion third hall"),
        (lambda c: replace(c, restarted={}), "before it is restarted"),
        (lambda c: replace(c, restarted={"works": 0}), "works cannot be restarted"),
        (
            lambda c: replace(c, ordered={**c.ordered, OLD: np.zeros(4)}),
            "too little 0 steps after its restart",
        ),
        (
            lambda c: replace(c, ordered={**c.ordered, OLD: np.array([0, 2, 6, 6.0])}),
            "grows too fast",
        ),
        (lambda c: replace(c, signed={}), "framework is used in step 0, but not signed"),
        (lambda c: replace(c, signed={"framework": 1}), "not signed in its step"),
        (
            lambda c: replace(c, called=plus(c.called, FRAME, [0, 9, 0, 0.0])),
            "called above what it opens",
        ),
        (lambda c: replace(c, called={}), "takes less than it binds to in year 1"),
        (lambda c: replace(c, paid={}), "what is due for .* is not what is paid"),
        (lambda c: replace(c, paid=plus(c.paid, ("NOR", "works"), [1.0, 0])), "not what is paid"),
        (lambda c: replace(c, paid=plus(c.paid, ("CZE", "works"), [1.0, 0])), "may not buy"),
        (lambda c: replace(c, paid=plus(c.paid, ("NOR", "mill"), [1.0, 0])), "which there is not"),
    ],
)
def test_a_spoilt_choice_is_named(spoil: Spoilt, says: str) -> None:
    made, plan = rich()
    with pytest.raises(BrokenPlanError, match=says):
        check(made, spoil(plan.choices), plan.outcomes)


def shifted(
    paid: Mapping[tuple[str, str], np.ndarray], giver: str, taker: str
) -> dict[tuple[str, str], np.ndarray]:
    """All that `giver` pays is paid by `taker`."""
    moved = dict(paid)
    for (donor, bought), sums in paid.items():
        if donor == giver:
            moved[taker, bought] = moved.get((taker, bought), 0 * sums) + sums
            moved[giver, bought] = 0 * sums
    return moved


def test_budgets_and_bands_and_joint_purchases_are_held() -> None:
    made, plan = rich()
    alone = replace(plan.choices, paid=shifted(plan.choices.paid, "DNK", "NOR"))
    with pytest.raises(BrokenPlanError, match="NOR spends more than its share"):
        check(made, alone, plan.outcomes)
    poor = replace(made, budgets=[budget("NOR", 1, 1), made.budgets[1]])
    with pytest.raises(BrokenPlanError, match="budget of NOR is overspent in year 0"):
        check(poor, plan.choices, plan.outcomes)
    rich_donor = replace(made, budgets=[budget("NOR", 1e6, 1e6), budget("DNK", 1, 1, least=0.1)])
    with pytest.raises(BrokenPlanError, match="DNK spends less than its share"):
        check(rich_donor, alone, plan.outcomes)
    unbound = replace(made, budgets=[budget("NOR", 1e6, 1e6), budget("DNK", 1, 1)])
    with pytest.raises(BrokenPlanError, match="1 buyers take part in framework"):
        check(unbound, alone, plan.outcomes)
    narrow = replace(made, transport=steps_of(1.0))
    with pytest.raises(BrokenPlanError, match="transport is overdrawn"):
        check(narrow, plan.choices, plan.outcomes)
    small = replace(made.lines[0], tiers=(Tier(1.0, 0.0),))
    with pytest.raises(BrokenPlanError, match="than its price tiers hold"):
        check(replace(made, lines=[small, made.lines[1]]), plan.choices, plan.outcomes)


def spoilt(outcome: Outcome, name: str, key: object, more: float) -> Outcome:
    """One figure more in the first step of what follows."""
    found = dict(getattr(outcome, name))
    figures = found[key].copy()
    figures[..., 0] += more
    found[key] = figures
    return replace(outcome, **{name: found})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "key", "more", "says"),
    [
        ("stock", SHELLS, 1.0, "stock shells does not balance in step 0, case storm"),
        ("served", ("front", SHELLS), 1.0, "need front is not met or short in step 0, case storm"),
        ("short", "front", 99.0, "more of front is short in step 0 than its piece, case storm"),
        ("short", "front", -99.0, "the shortage of front, case storm is below zero"),
    ],
)
def test_a_spoilt_outcome_is_named(name: str, key: object, more: float, says: str) -> None:
    made, plan = rich()
    outcomes = [plan.outcomes[0], spoilt(plan.outcomes[1], name, key, more)]
    with pytest.raises(BrokenPlanError, match=says):
        check(made, plan.choices, outcomes)


def test_outcomes_are_those_of_the_cases() -> None:
    made, plan = rich()
    calm, storm = plan.outcomes
    for outcomes, says in (
        ([calm], "not those of the cases"),
        ([calm, replace(storm, chance=0.4)], "another chance"),
        ([calm, replace(storm, stock={})], "stock shells is not said"),
        ([calm, replace(storm, short={})], "shortage of front is not said"),
        ([calm, replace(storm, served={("front", "air"): np.zeros(4)})], "air is used for front"),
    ):
        with pytest.raises(BrokenPlanError, match=says):
            check(made, plan.choices, outcomes)


def test_rounding_passes_and_a_thousandth_does_not() -> None:
    plain = problem(need([4, 0, 0, 0]), lines=[line()])
    plan = solve(plain, gap=0.0)
    key = ("works", SHELLS)
    near = {key: plan.choices.ordered[key] * (1 + 1e-8)}
    assert check(plain, replace(plan.choices, ordered=near), plan.outcomes)["orders"] > 0
    far = {key: plan.choices.ordered[key] * 1.001}
    with pytest.raises(BrokenPlanError, match="does not balance"):
        check(plain, replace(plan.choices, ordered=far), plan.outcomes)
