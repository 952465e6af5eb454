"""Two plans beside each other, and a plan as things to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from plans_made import compiled, enough, problem
from pledgebook.planning.explaining.changes import spent_of
from pledgebook.planning.explaining.comparing import compare_plans
from pledgebook.planning.plan import Plan
from pledgebook.planning.problem import Problem
from pledgebook.planning.schedule import schedule_of
from pledgebook.planning.solving.solve import solve
from pledgebook.planning.wording import Words


def planned(made: Problem) -> Plan:
    return solve(made, gap=0.0)


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    made = problem()
    plan = planned(made)
    found = compare_plans((compiled(made), plan), (compiled(made), plan))
    pairs = [found.spent, found.counts, *found.parts, *found.paid, *found.short, *found.actions]
    assert not any(pair.differs for pair in pairs)
    assert all(pair.by == 0 for pair in pairs)
    assert len(found.actions) == len(schedule_of(plan, Words(compiled(made))))


def test_what_differs_is_told_by_need_donor_and_action() -> None:
    first, second = problem(), enough()
    one, other = planned(first), planned(second)
    found = compare_plans((compiled(first), one), (compiled(second), other))
    assert found.spent.first == pytest.approx(spent_of(one))
    assert found.spent.by == pytest.approx(spent_of(other) - spent_of(one))
    short = {pair.about: pair for pair in found.short}
    assert short["155mm for Ukraine"].second == pytest.approx(0)
    assert short["155mm for Ukraine"].item == "155mm"
    assert short["155mm for Ukraine"].differs
    paid = {pair.about: pair for pair in found.paid}
    assert paid["Germany, 2023"].second == 0
    assert paid["Germany, 2023"].first == pytest.approx(200e6)
    actions = {pair.about: pair for pair in found.actions}
    assert actions["order from Works A"].second is None
    assert actions["sign the joint purchase"].once
    assert actions["order from Works A"].when[1] is None


def test_scenarios_with_other_parts_stand_beside_each_other() -> None:
    first = problem()
    second = replace(first, needs=first.needs[:1], shelves=first.shelves[:1])
    found = compare_plans((compiled(first), planned(first)), (compiled(second), planned(second)))
    tanks = next(pair for pair in found.short if pair.about == "Leopard 2 for Ukraine")
    assert tanks.second is None
    assert tanks.differs


def test_a_schedule_tells_all_that_is_chosen() -> None:
    made = problem()
    plan, words = planned(made), Words(compiled(made))
    actions = schedule_of(plan, words)
    choices = plan.choices
    assert len(actions) == (
        len(choices.drawn) + len(choices.ordered) + len(choices.called)
        + len(choices.signed) + len(choices.expanded) + len(choices.restarted)
    )  # fmt: skip
    cost = sum(one.cost for one in actions)
    parts = ("drawdown", "orders", "contracts", "expansions", "restarts")
    assert cost == pytest.approx(sum(plan.parts[name] for name in parts))
    for one in actions:
        assert one.amounts[one.first] > 0
        assert one.amounts[one.last] > 0
        assert one.day == words.compiled.days[one.first]
        assert one.once == (one.kind in ("sign", "expand", "restart"))
    order = next(one for one in actions if one.kind == "order")
    assert order.says == "order from Works A"
    assert set(order.payers) <= {"DEU", "NOR"}
    assert order.amount == pytest.approx(float(np.sum(choices.ordered["Works A", "shells UKR"])))
