"""Changes that would close a gap: they do, no other shortage grows, and less would not do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from plans_made import cases, certain, compiled, enough, problem
from pledgebook.planning.checking.check import check
from pledgebook.planning.explaining.changes import SPENT, changes_for, spent_of
from pledgebook.planning.explaining.component import component_of, spending
from pledgebook.planning.explaining.explain import explain
from pledgebook.planning.explaining.levers import Sizes, changed, pull
from pledgebook.planning.plan import Plan, Reason
from pledgebook.planning.problem import Problem, Shelf
from pledgebook.planning.solving.solve import solve_whole
from pledgebook.planning.wording import Words

SHELLS = {"shells UKR"}


def planned(made: Problem) -> tuple[Plan, tuple[Reason, ...], Words]:
    words = Words(compiled(made))
    done = solve_whole(made, gap=0.0)
    return done.plan, explain(done, words), words


@pytest.mark.parametrize("made", [problem(), problem(cases=cases()), certain()])
@pytest.mark.parametrize("kind", ["budget", "reserve", "capacity"])
def test_with_the_change_the_gap_is_closed_and_nothing_else_is_worse(
    made: Problem, kind: str
) -> None:
    plan, reasons, _ = planned(made)
    needs = {need.name: need for need in made.needs}
    closed = 0
    for reason in reasons:
        gap = (reason.first, reason.last)
        part = component_of(made, plan, needs[reason.need], gap)
        found = pull(part, kind)
        if found is None:
            continue
        closed += 1
        stocks = {stock.name for stock in part.problem.stocks}
        bigger = changed(made, found.sizes, stocks)
        after = part.joined(found.choices, found.outcomes)
        # The independent check of the changed problem, from the problem and the plan alone.
        check(bigger, after.choices, after.outcomes)
        for old, new in zip(plan.outcomes, after.outcomes, strict=True):
            for name in needs:
                was, now = old.short[name].sum(0), new.short[name].sum(0)
                if name == reason.need:
                    assert now[gap[0] : gap[1] + 1] == pytest.approx(0.0, abs=1e-3)
                assert (now <= was + 0.1).all()
    assert closed or kind == "budget"


def test_less_of_a_lever_does_not_close_the_gap() -> None:
    made = certain()
    plan, reasons, _ = planned(made)
    reason = reasons[-2]
    part = component_of(made, plan, made.needs[0], (reason.first, reason.last))
    found = pull(part, "capacity")
    assert found is not None
    [(name, size)] = found.sizes.capacity.items()
    assert name == "Works A"
    for share, closes in ((0.97, False), (1.0, True)):
        tried = changed(made, Sizes(capacity={name: share * size}), SHELLS)
        again = component_of(tried, plan, made.needs[0], (reason.first, reason.last))
        more = pull(again, "capacity")
        assert more is not None
        assert (not more.sizes.capacity) is closes


def test_changes_are_told_with_what_they_cost() -> None:
    plan, reasons, words = planned(problem())
    found = changes_for(plan, reasons, words, seconds=60)
    assert {one.kind for one in found} >= {"budget", "reserve", "capacity"}
    last = [one for one in found if one.need == "155mm for UKR"][-1]
    assert "more from Germany in 2023" in last.says
    for reason in reasons:
        its = [one for one in found if (one.need, one.first) == (reason.need, reason.first)]
        costs = [one.cost for one in its if one.kind != "earlier"]
        assert costs == sorted(costs)
        assert all(one.closes == reason.short and one.last == reason.last for one in its)


def test_what_no_lever_closes_may_have_had_to_set_out_earlier() -> None:
    works = replace(problem().lines[0], capacity=np.full(18, 30_000.0), expansions=())
    made = problem(shelves=(), contracts=(), budgets=(), lines=(works,))
    plan, reasons, words = planned(made)
    first = reasons[0]
    part = component_of(made, plan, made.needs[0], (first.first, first.last))
    assert pull(part, "budget") is None
    [told] = [one for one in changes_for(plan, reasons, words) if one.first == first.first]
    assert told.kind == "earlier"
    assert "earlier" in told.says
    months = int(told.says.split(" on its way ")[1].split()[0])
    assert pull(part, "earlier", by=months) is not None
    assert pull(part, "earlier", by=months - 1) is None


def test_no_time_finds_nothing() -> None:
    plan, reasons, words = planned(problem())
    assert changes_for(plan, reasons, words, seconds=0) == ()
    assert changes_for(plan, reasons, words, cancel=lambda: True) == ()


def test_nothing_short_needs_no_change() -> None:
    plan, reasons, words = planned(enough())
    assert reasons == ()
    assert changes_for(plan, reasons, words) == ()


def test_a_component_leaves_the_rest_as_it_is() -> None:
    """Shells and tanks share budgets alone: each is a part, with what the other leaves of them."""
    made = problem(transport=np.full(18, 500.0), weight={"155mm": 0.05, "leopard-2": 60.0})
    plan, _, _ = planned(made)
    part = component_of(made, plan, made.needs[0], (0, 0))
    assert {stock.name for stock in part.problem.stocks} == SHELLS
    assert {shelf.name for shelf in part.problem.shelves} == {"DEU shells", "NOR shells"}
    tanks = spending(made, plan.choices, {"DEU tanks"})
    for budget, own, taken in zip(part.problem.budgets, made.budgets, tanks, strict=True):
        assert budget.amount == pytest.approx(own.amount - taken)
    drawn = plan.choices.drawn["DEU tanks", "tanks UKR"]
    assert part.problem.transport == pytest.approx(500.0 - 60.0 * drawn)
    whole = spending(made, plan.choices)
    assert whole.sum() == pytest.approx(
        tanks.sum() + spending(made, plan.choices, part.names).sum()
    )


def test_needs_that_share_a_stock_are_one_component() -> None:
    made = problem()
    shared = replace(made.needs[1], met_by=made.needs[0].met_by)
    made = replace(made, needs=(made.needs[0], shared))
    plan, _, _ = planned(made)
    part = component_of(made, plan, made.needs[0], (2, 3))
    names = [need.name for need in part.problem.needs]
    assert names == ["155mm for UKR", "155mm for UKR (closed)", "tanks for UKR"]
    split = part.problem.needs
    assert split[0].amount + split[1].amount == pytest.approx(made.needs[0].amount)
    assert np.flatnonzero(split[1].amount).tolist() == [2, 3]
    assert split[1].pieces == ()


def test_a_shelf_that_gives_too_slowly_is_told_to_give_more() -> None:
    made = certain()
    shelf = Shelf("DEU shells", "DEU", "155mm", 500_000, 0, np.zeros(12), np.full(12, 2_000.0),
                  300, ("shells UKR",), 1)  # fmt: skip
    made = replace(made, shelves=(shelf,), lines=(), contracts=())
    plan, reasons, words = planned(made)
    found = changes_for(plan, reasons, words)
    its = [one for one in found if one.need == "155mm for UKR"]
    assert its
    assert {one.kind for one in its} == {"reserve"}
    assert all("rounds a month more from Germany's shelf of 155mm" in one.says for one in its)


def test_what_is_spent_is_all_but_shortage_and_risk() -> None:
    plan, _, _ = planned(problem(cases=cases()))
    assert spent_of(plan) == pytest.approx(plan.cost - plan.parts["shortage"] - plan.parts["risk"])
    assert set(SPENT) | {"shortage", "risk"} == set(plan.parts)
