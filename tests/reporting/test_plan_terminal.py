"""The page of a plan as a stranger sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from syrupy.assertion import SnapshotAssertion

from drawing import drawn
from plans_made import cases, certain, certain_cases, clashing, compiled, enough, problem
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.asking import Wishes, answer_of
from pledgebook.planning.citing import is_plan_id, parse_plan_id
from pledgebook.planning.explaining.comparing import compare_plans
from pledgebook.planning.opening import PlanOpening
from pledgebook.planning.plan import Status
from pledgebook.reporting.plan_terminal import plan_page
from pledgebook.reporting.plan_words import answer_lines, gap_text, plan_next, share_text


@cache
def short() -> PlanAnswer:
    return answer_of(compiled(certain()), Wishes(gap=0.0))


@cache
def uncertain() -> PlanAnswer:
    return answer_of(compiled(certain(cases=certain_cases())), Wishes(gap=0.0, changes=False))


@cache
def without() -> PlanAnswer:
    return answer_of(compiled(enough()))


@cache
def infeasible() -> PlanAnswer:
    return answer_of(compiled(clashing()))


def stopped() -> PlanAnswer:
    made = short()
    plan = replace(made.plan, status=Status.STOPPED, bound=0.88 * made.plan.cost, changes=())
    notes = ("what Ukraine holds of Leopard 2 is not said: none is counted on",)
    return replace(made, plan=plan, compiled=replace(made.compiled, notes=notes))


def none_found() -> PlanAnswer:
    made = infeasible()
    return replace(made, plan=replace(made.plan, status=Status.NONE, clash=()))


@cache
def beside() -> PlanAnswer:
    first, second = short(), without()
    other = replace(second, compiled=replace(second.compiled, title="Full shelves"))
    compared = compare_plans((first.compiled, first.plan), (other.compiled, other.plan))
    return replace(first, other=other, compared=compared)


@cache
def rich() -> PlanAnswer:
    return answer_of(compiled(problem(cases=cases())), Wishes(frontier=4))


MADE: dict[str, Callable[[], PlanAnswer]] = {
    "short": short,
    "uncertain": uncertain,
    "without shortage": without,
    "infeasible": infeasible,
    "stopped": stopped,
    "none found": none_found,
}


def page(answer: PlanAnswer, width: int = 80, *, charts: bool = True) -> str:
    return drawn(plan_page(answer, width=width, charts=charts), width)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", MADE)
def test_the_page_at_80_columns(name: str, snapshot: SnapshotAssertion) -> None:
    assert page(MADE[name]()).splitlines() == snapshot


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", [*MADE, "rich", "beside"])
def test_the_page_keeps_to_its_width(name: str, width: int) -> None:
    made = (MADE | {"rich": rich, "beside": beside})[name]()
    assert max(map(len, page(made, width).splitlines())) <= width


def test_without_charts_the_rest_is_the_same() -> None:
    with_, bare = page(short()).splitlines(), page(short(), charts=False).splitlines()
    assert not any("▒" in line or "◆" in line for line in bare)
    assert [line for line in bare if line not in with_] == []


def test_a_page_says_how_good_the_plan_is() -> None:
    assert "Proved: no plan can be better." in page(short())
    told = words(page(stopped()))
    assert "Stopped: this is the best plan so far. Proved: no plan can come to less than" in told
    assert "it is within 12 % of the best there can be." in told
    late = replace(stopped(), plan=replace(stopped().plan, status=Status.TIME))
    assert "The time was over: this is the best plan so far." in words(page(late))


@pytest.mark.parametrize(
    ("gap", "told"),
    [(0.12, "12 %"), (0.1201, "13 %"), (0.0041, "0.5 %"), (0.0003, "0.03 %"), (1e-6, "0.001 %")],
)
def test_a_gap_is_never_made_smaller_than_it_is(gap: float, told: str) -> None:
    assert gap_text(gap) == told


def test_a_share_that_is_not_all_is_not_told_as_all() -> None:
    assert [share_text(one) for one in (0, 0.001, 0.5, 0.999, 1)] == [
        "0 %", "<1 %", "50 %", ">99 %", "100 %",
    ]  # fmt: skip


def test_bound_and_cost_are_told_apart() -> None:
    made = short()
    plan = replace(made.plan, status=Status.GAP, bound=made.plan.cost * (1 - 2e-5))
    near = replace(made, plan=plan)
    bound, cost = re.findall(r"EUR ([0-9.]+) billion", answer_lines(near)[1])
    assert float(bound) < float(cost)


def test_every_reason_and_change_is_on_the_page() -> None:
    made = short()
    shown = words(page(made))
    for reason in made.plan.reasons:
        assert reason.says in shown
    for change in made.plan.changes:
        assert change.says in shown
    assert "no other shortage larger" in shown


def test_the_same_reason_is_told_once() -> None:
    made = short()
    twin = replace(made.plan.reasons[0], need="tanks for UKR")
    again = replace(made, plan=replace(made.plan, reasons=(*made.plan.reasons, twin)))
    assert "as with 155mm for Ukraine" in words(page(again))


def test_a_frontier_has_a_row_a_point() -> None:
    shown = page(rich())
    assert "What less shortage costs, in EUR" in shown
    assert words(shown).count("proved") >= len(rich().frontier)


def test_a_comparison_names_both_and_what_differs() -> None:
    shown = words(page(beside()))
    assert "Beside “Full shelves”" in shown
    assert "Winter 2023" in shown
    for title in ("Short of what is needed", "What donors spend", "What is done"):
        assert title in shown
    other = replace(beside(), compared=None, other=infeasible())
    assert words(page(other)).count("There is no plan") == 1


def test_texts_of_others_do_nothing_to_the_terminal() -> None:
    made = short()
    bad = replace(made.compiled, title="\x1b[31mred\n\nbig", notes=("it\x07 rings",))
    shown = page(replace(made, compiled=bad))
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_many_actions_are_cut_to_the_dearest_and_counted() -> None:
    made = rich()
    action = made.schedule()[0]
    drawn_ = made.plan.choices.drawn
    shelves = [
        replace(made.problem.shelves[0], name=f"shelf {number}", donor=f"D{number}")
        for number in range(60)
    ]
    choices = replace(
        made.plan.choices,
        drawn={**drawn_, **{(one.name, "shells UKR"): action.amounts for one in shelves}},
    )
    many = replace(
        made,
        compiled=compiled(replace(made.problem, shelves=(*made.problem.shelves, *shelves))),
        plan=replace(made.plan, choices=choices),
    )
    assert "And 26 more that cost less: --format csv has all." in words(page(many))


@pytest.mark.parametrize("name", ["short", "uncertain"])
def test_every_command_to_go_on_can_be_run(name: str) -> None:
    made = MADE[name]()
    commands = plan_next(made)
    assert commands
    for command, what in commands:
        assert what
        assert command.startswith("pledgebook ")
        if command.startswith("pledgebook why "):
            text = command.removeprefix("pledgebook why ").strip("'")
            assert is_plan_id(text)
            assert PlanOpening(made).part(parse_plan_id(text)).facts
    assert plan_next(infeasible())
