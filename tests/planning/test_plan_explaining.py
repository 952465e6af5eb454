"""Why needs stay short: the reasons cover what is short, and their worths are true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from plans_made import STEPS, cases, certain, compiled, enough, flat, problem
from pledgebook.planning.explaining.explain import explain, mean_short, short_steps
from pledgebook.planning.formulating.formulate import formulate
from pledgebook.planning.plan import Bottleneck, Reason
from pledgebook.planning.problem import Budget, Line, Problem, Restart, Shelf, ShortPiece
from pledgebook.planning.solving.highs import optimise
from pledgebook.planning.solving.solve import Solved, hold_choices, solve_whole
from pledgebook.planning.wording import Words


def solved(made: Problem) -> Solved:
    return solve_whole(made, gap=0.0)


def reasons_of(made: Problem) -> tuple[Reason, ...]:
    return explain(solved(made), Words(compiled(made)))


def kinds(reasons: Iterable[Reason], need: str = "155mm for UKR") -> set[tuple[str, str]]:
    return {(b.kind, b.name) for r in reasons if r.need == need for b in r.bottlenecks}


def bottleneck(reasons: Iterable[Reason], kind: str, name: str) -> Bottleneck:
    """The bottleneck where it binds in most steps."""
    found = [b for r in reasons for b in r.bottlenecks if (b.kind, b.name) == (kind, name)]
    return max(found, key=lambda one: len(one.steps))


@pytest.mark.parametrize("made", [problem(), problem(cases=cases()), certain()])
def test_the_reasons_cover_all_that_is_short_and_no_more(made: Problem) -> None:
    done = solved(made)
    reasons = explain(done, Words(compiled(made)))
    for need in made.needs:
        its = [one for one in reasons if one.need == need.name]
        short = short_steps(made, done.plan, need)
        covered = {step for one in its for step in range(one.first, one.last + 1)}
        assert set(short) <= covered
        lacks = mean_short(done.plan.outcomes, need.name)
        assert sum(one.short for one in its) == pytest.approx(lacks.sum())
        assert [one.first for one in its] == sorted(one.first for one in its)
        assert all(one.first in short and one.last in short for one in its)
    assert all(one.says for one in reasons)


def test_nothing_short_has_no_reasons() -> None:
    assert reasons_of(enough()) == ()


def test_every_way_of_supply_has_its_reason() -> None:
    """Whatever could serve a short step is held back by something that is named."""
    reasons = reasons_of(problem())
    first = reasons[0]
    assert (first.first, first.last) == (0, 0)
    assert {(b.kind, b.name) for b in first.bottlenecks} == {
        ("shelf", "NOR shells"),
        ("lead time", "DEU shells"),
        ("lead time", "Works A"),
        ("lead time", "joint purchase"),
    }
    assert "Norway's shelf of 155mm has nothing above its reserve of 8,000 rounds" in first.says
    assert "before March 2023 from Germany's shelf of 155mm" in first.says
    assert "before August 2023 from the joint purchase and Works A" in first.says
    assert ("budget", "DEU") in kinds(reasons)
    assert any("the budgets of Germany and Norway for 2023 are spent" in r.says for r in reasons)


def grown(made: Problem, kind: str, one: Bottleneck, by: float) -> Problem:
    """The problem with a little more of a bottleneck, in each step where it binds."""
    at = np.isin(np.arange(made.steps), one.steps).astype(float) * by

    def changed(things: Iterable[Any], name: str, change: Callable[[Any], Any]) -> tuple[Any, ...]:
        return tuple(change(it) if it.name == name else it for it in things)

    if kind == "shelf":
        return replace(made, shelves=changed(
            made.shelves, one.name, lambda it: replace(it, reserve=it.reserve - by)))  # fmt: skip
    if kind == "rate":
        return replace(made, shelves=changed(
            made.shelves, one.name, lambda it: replace(it, most=it.most + at)))  # fmt: skip
    if kind == "capacity":
        return replace(made, lines=changed(
            made.lines, one.name, lambda it: replace(it, capacity=it.capacity + at)))  # fmt: skip
    if kind == "contract":
        return replace(made, contracts=changed(
            made.contracts, one.name, lambda it: replace(it, most=it.most + at)))  # fmt: skip
    years = np.isin(np.arange(made.years), one.steps).astype(float) * by
    budgets = [
        replace(it, amount=it.amount + years) if it.donor == one.name else it for it in made.budgets
    ]
    return replace(made, budgets=budgets)


@pytest.mark.parametrize(
    ("made", "kind", "name", "by"),
    [
        (problem(), "shelf", "DEU shells", 1.0),
        (problem(), "contract", "joint purchase", 0.1),
        (problem(), "budget", "DEU", 1_000.0),
        (problem(), "budget", "NOR", 1_000.0),
        (problem(cases=cases()), "capacity", "Works A", 0.1),
        (certain(), "rate", "DEU shells", 1.0),
        (certain(), "capacity", "Works A", 1.0),
    ],
)
def test_a_worth_is_what_a_little_more_saves(
    made: Problem, kind: str, name: str, by: float
) -> None:
    """With the yes-or-no choices held, the cost falls by the worth of each unit, as is said."""
    done = solved(made)
    assert done.values is not None
    one = bottleneck(explain(done, Words(compiled(made))), kind, name)
    assert one.worth > 0
    program = formulate(grown(made, kind, one, by))
    after = optimise(hold_choices(program, done.values))
    count = 1 if kind == "shelf" else len(one.steps)
    assert done.plan.cost - after.objective == pytest.approx(one.worth * by * count, rel=1e-3)


def test_a_line_that_is_dearer_than_the_shortage_is_left_alone() -> None:
    dear = Line("dear works", "155mm", "NOR", flat(90_000), flat(9_000), 0, ("shells UKR",))
    made = problem(lines=(dear,), contracts=(), shelves=())
    reasons = reasons_of(made)
    assert ("price", "dear works") in kinds(reasons)
    assert "dear works would cost more than the shortage counts for" in reasons[0].says


def test_what_delivers_after_the_horizon_is_told_so() -> None:
    slow = Line("slow works", "155mm", "NOR", flat(100), flat(9_000), STEPS, ("shells UKR",))
    reasons = reasons_of(problem(lines=(slow,), contracts=(), shelves=()))
    assert "an order from slow works arrives after 18 months, which is after the horizon" in (
        reasons[0].says
    )


def test_a_need_that_nothing_can_meet_says_so() -> None:
    made = problem(shelves=(), lines=(), contracts=())
    says = {reason.says for reason in reasons_of(made)}
    assert says == {
        "nothing in the scenario can meet 155mm for Ukraine",
        "nothing in the scenario can meet Leopard 2 for Ukraine",
    }


def small(**line: Any) -> Problem:  # noqa: ANN401 - any field of a line
    """One works, no shelves and no budgets; a need of 20,000 rounds a month."""
    works = Line("Works A", "155mm", "DEU", flat(3_000), flat(25_000), 0, ("shells UKR",))
    made = problem(shelves=(), contracts=(), budgets=(), lines=(replace(works, **line),))
    return replace(made, needs=made.needs[:1], stocks=(replace(made.stocks[0], opening=0),))


def test_a_ramp_holds_orders_back() -> None:
    reasons = reasons_of(small(ramp=3_000.0, capacity=np.r_[np.full(1, 5_000.0), flat(25_000)[1:]]))
    assert ("ramp", "Works A") in kinds(reasons)
    assert any(
        "orders from Works A can grow by at most 3,000 rounds a month" in r.says for r in reasons
    )


def test_a_minimum_rate_that_is_not_worth_its_price_holds_it_back() -> None:
    """Works that make 25,000 or nothing, far more than is wanted in any step."""
    made = small(least=24_000.0, price=flat(50_000))
    first = replace(made.needs[0], amount=np.r_[20_000.0, np.zeros(STEPS - 1)])
    reasons = reasons_of(replace(made, needs=(first,), stocks=(replace(
        made.stocks[0], opening=0, holding=10_000, arriving=flat(0)),)))  # fmt: skip
    assert ("minimum", "Works A") in kinds(reasons)
    assert (
        "must be at least 24,000 rounds a month or nothing, and there are none" in reasons[0].says
    )
    assert bottleneck(reasons, "minimum", "Works A").worth == 0


def test_idle_works_are_told_to_stand_idle() -> None:
    made = small(restart=Restart(cost=1e15, delay=2))
    reasons = reasons_of(made)
    assert ("restart", "Works A") in kinds(reasons)
    assert "nothing can be ordered from Works A, which is idle" in reasons[-1].says


def test_taken_transport_is_a_reason() -> None:
    made = replace(small(), transport=flat(40), weight={"155mm": 0.004, "leopard-2": 60})
    reasons = reasons_of(made)
    assert ("transport", "transport") in kinds(reasons)
    assert "all transport is taken throughout" in reasons[0].says or (
        "all transport is taken from February 2023 to July 2024" in reasons[0].says
    )


def test_a_share_that_binds_is_a_reason() -> None:
    made = problem(
        budgets=(
            Budget("DEU", np.array([1e9, 1e9]), most_share=0.3),
            Budget("NOR", np.array([20e6, 20e6])),
        )
    )
    reasons = reasons_of(made)
    assert any(kind == "share" for kind, _ in kinds(reasons))
    assert any("may bear no more of the whole" in r.says for r in reasons)


def test_many_shelves_are_told_together() -> None:
    shelves = tuple(
        Shelf(f"{name}: 155mm", name, "155mm", 1_000, 500, flat(0), flat(1_000), 300 + i,
              ("shells UKR",))
        for i, name in enumerate(("Germany", "Norway", "Spain", "Sweden", "Canada"))
    )  # fmt: skip
    made = problem(shelves=shelves, lines=(), contracts=(), budgets=())
    reasons = reasons_of(made)
    assert (
        "the 155mm shelves of Germany, Norway, Spain and 2 more have nothing more above their "
        "reserves"
    ) in reasons[-2].says or any("and 2 more have nothing more" in r.says for r in reasons)


def test_a_substitute_is_explained_by_its_own_supply() -> None:
    made = problem()
    other = replace(made.stocks[0], name="shells of another kind", opening=0, arriving=flat(0))
    need = replace(
        made.needs[0],
        met_by=(*made.needs[0].met_by, replace(made.needs[0].met_by[0], stock=other.name)),
        pieces=(ShortPiece(1.0, 60_000),),
    )
    works = Line("Works B", "155mm", "DEU", flat(100), flat(500), 1, (other.name,))
    made = replace(
        made, stocks=(*made.stocks, other), needs=(need,), lines=(*made.lines, works),
        budgets=(Budget("DEU", np.array([1e9, 1e9])), Budget("NOR", np.array([1e9, 1e9]))),
    )  # fmt: skip
    assert ("capacity", "Works B") in kinds(reasons_of(made))
