"""A plan asked for by its file, with a book and without, and opened by its ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from plans_made import SCENARIO, cases, certain, clashing, compiled, enough, problem
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.explain import Explanation
from pledgebook.planning.answer import PlanAnswer, without_a_plan
from pledgebook.planning.asking import Planner, Wishes, answer_of
from pledgebook.planning.citing import parse_plan_id
from pledgebook.planning.explaining.worths import worths
from pledgebook.planning.opening import PlanOpening
from pledgebook.planning.plan import Status
from pledgebook.planning.scenario.faults import ScenarioError
from pledgebook.planning.solving.highs import Progress
from pledgebook.vocabulary.catalogue import load_catalogue
from shells_story import told


@pytest.fixture
def planner() -> Planner:
    return Planner(load_catalogue())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(SCENARIO, encoding="utf-8")
    return "small.toml"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with Book.open(tmp_path_factory.mktemp("plan") / "aid.db") as made:
        made._store.add(told(stock=True))
        yield made


@pytest.fixture(scope="module")
def answer() -> PlanAnswer:
    return answer_of(compiled(problem(cases=cases())), Wishes(gap=0.0))


def test_a_plan_without_a_book(planner: Planner, file: str) -> None:
    found = planner.plan(file, gap=0.001)
    assert found.found
    assert found.as_of is None
    assert found.plan.gap <= 0.001
    assert found.plan.reasons
    assert found.plan.changes
    assert found.frontier == ()
    need = found.problem.needs[0]
    assert found.short(need).total[0] < found.short(need, before=True).total[0]
    assert found.short(need, before=True).total[0] == pytest.approx(12_000 - 500)
    assert {one.kind for one in found.schedule()} == {"draw", "order"}


def test_all_faults_of_a_file_come_before_any_solving(planner: Planner, file: str) -> None:
    Path(file).write_text(SCENARIO.replace("capacity = 400", "capacity = -1"), encoding="utf-8")
    heard: list[str] = []
    with pytest.raises(ScenarioError) as caught:
        planner.plan(file, stage=heard.append)
    assert caught.value.problems
    assert heard == []


@pytest.mark.parametrize(
    "wishes", [{"gap": 1.0}, {"gap": -0.1}, {"time_limit": 0}, {"threads": 0}, {"frontier": 1}]
)
def test_wishes_that_cannot_be_met_are_refused(
    planner: Planner, file: str, wishes: dict[str, float]
) -> None:
    with pytest.raises(UsageError):
        planner.plan(file, **wishes)  # type: ignore[arg-type]


def test_two_scenarios_beside_each_other(planner: Planner, file: str) -> None:
    more = SCENARIO.replace("capacity = 400", "capacity = 800").replace("small", "larger")
    Path("more.toml").write_text(more, encoding="utf-8")
    found = planner.plan(file, compare="more.toml", frontier=3)
    assert found.other is not None
    assert found.compared is not None
    assert found.compared.spent.by == pytest.approx(found.other.spent - found.spent)
    assert found.compared.short[0].by < 0
    assert len(found.frontier) >= 2
    assert found.other.frontier == ()


def test_a_search_tells_how_it_goes(planner: Planner, file: str) -> None:
    stages: list[str] = []
    heard: list[Progress] = []
    planner.plan(file, stage=stages.append, progress=heard.append, frontier=2)
    assert stages[:2] == ["looking at what is there", "looking for a plan"]
    assert stages[-1] == "looking for the frontier"
    assert all(one.seconds >= 0 for one in heard)


def test_a_search_that_is_stopped_says_so() -> None:
    """The best plan so far, or none: never one that is said to be better than it is."""
    found = answer_of(compiled(problem(cases=cases())), Wishes(cancel=lambda: True))
    assert found.plan.status in (Status.STOPPED, Status.OPTIMAL, Status.GAP, Status.NONE)
    if found.found:
        assert found.plan.bound <= found.plan.cost
    assert found.plan.changes == ()


def test_ctrl_c_while_it_explains_keeps_the_plan() -> None:
    def stop(stage: str) -> None:
        if "changes" in stage:
            raise KeyboardInterrupt

    found = answer_of(compiled(), Wishes(stage=stop, frontier=3))
    assert found.found
    assert found.plan.reasons
    assert found.plan.changes == ()
    assert found.frontier == ()


def test_what_cannot_be_has_no_plan_and_says_why() -> None:
    found = answer_of(compiled(clashing()))
    assert not found.found
    assert found.plan.status is Status.INFEASIBLE
    assert len(found.plan.clash) >= 2
    assert found.before == ()


def test_bands_hold_the_cases_by_their_chance(answer: PlanAnswer) -> None:
    need = answer.problem.needs[0]
    band = answer.short(need)
    each = sorted((float(one.short[need.name].sum()), one.chance) for one in answer.plan.outcomes)
    mean, low, middle, high = band.total
    assert mean == pytest.approx(sum(value * chance for value, chance in each))
    assert (low, middle, high) == pytest.approx((each[0][0], each[2][0], each[4][0]))
    assert (band.p10 <= band.p50).all()
    assert (band.p50 <= band.p90).all()
    assert band.wanted == pytest.approx(20_000 * 18)
    assert not band.sure
    assert 0 < band.share < 1


def test_without_a_plan_only_what_is_there_is_used() -> None:
    made = problem()
    [outcome] = without_a_plan(made)
    short = outcome.short["155mm for UKR"].sum()
    assert short == pytest.approx(20_000 * 18 - 30_000 - 2_000 * 18)
    bound = replace(made, needs=[replace(one, pieces=()) for one in made.needs])
    [outcome] = without_a_plan(bound)
    assert outcome.short["tanks for UKR"].sum() == pytest.approx(36)


def test_worths_are_told_once_for_each_bottleneck(answer: PlanAnswer) -> None:
    found = worths(answer)
    assert found
    keys = [(one.kind, name) for one in found for name in one.names]
    assert len(keys) == len(set(keys))
    known = {
        (b.kind, b.name) for reason in answer.plan.reasons for b in reason.bottlenecks if b.worth
    }
    assert set(keys) == known
    for one in found:
        assert one.saves > 0
        assert one.steps == tuple(sorted(set(one.steps)))


def walk(node: Explanation) -> list[Explanation]:
    return list(node.walk())


def test_a_whole_plan_opens_to_its_actions(answer: PlanAnswer) -> None:
    opened = PlanOpening(answer).part(parse_plan_id(answer.cite()))
    assert opened.kind == "plan"
    assert opened.title == "plan for winter.toml: Winter 2023"
    assert len(opened.children) == len(answer.schedule())
    assert {"status", "spent", "no plan can be below"} <= set(opened.facts)


def test_an_order_opens_to_the_need_and_the_key_of_the_file(answer: PlanAnswer) -> None:
    action = next(one for one in answer.schedule() if one.kind == "order")
    citation = parse_plan_id(answer.cite("order", action.name, action.first))
    opened = PlanOpening(answer).part(citation)
    assert opened.id == citation.id
    assert opened.facts["in February 2023"] == answer.words.amount(
        float(action.amounts[0]), "155mm"
    )
    assert opened.facts["there"] == "August 2023"
    titles = [node.title for node in walk(opened)]
    assert "winter.toml, line 30, line[0]: Works A" in titles
    assert "winter.toml, line 12, need[0].amount: 20,000 a month" in titles
    assert "the need of 155mm for Ukraine" in titles
    assert not any("Leopard" in title for title in titles)


def test_every_action_and_shortage_has_an_id_that_opens(answer: PlanAnswer) -> None:
    opening = PlanOpening(answer)
    for action in answer.schedule():
        for step in np.flatnonzero(action.amounts):
            citation = parse_plan_id(answer.cite(action.kind, action.name, int(step)))
            assert opening.part(citation).kind == "plan"
    for reason in answer.plan.reasons:
        opened = opening.part(parse_plan_id(answer.cite("short", reason.need, reason.first)))
        assert any(reason.says in note for note in opened.notes)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("order/nobody@2023-02", "the plan has no order/nobody"),
        ("need/nothing", "the scenario has no need 'nothing'"),
        ("need/155mm for UKR@2031-01", "2031-01 lies outside the plan"),
    ],
)
def test_what_is_not_in_the_plan_is_told(answer: PlanAnswer, part: str, says: str) -> None:
    with pytest.raises(NotFoundError, match=says):
        PlanOpening(answer).part(parse_plan_id(f"plan:winter.toml#{part}"))


def test_a_plan_that_was_stopped_is_cited_with_the_gap_that_it_has(answer: PlanAnswer) -> None:
    loose = replace(answer, plan=replace(answer.plan, bound=0.98 * answer.plan.cost), gap=0.01)
    assert parse_plan_id(loose.cite()).gap == pytest.approx(0.02, abs=2e-4)
    assert parse_plan_id(answer.cite()).gap == 0.0


def test_a_plan_from_a_book_opens_down_to_the_sentences(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = book.planner.start(["155mm"], "UKR", "2023-12", as_of="2023-02-20")
    Path("begun.toml").write_text(text, encoding="utf-8")
    found = book.plan("begun.toml", as_of="2023-02-20")
    assert found.found
    assert found.as_of == dt.date(2023, 2, 20)
    need = found.problem.needs[0]
    opened = book.why(found.cite("need", need.name))
    nodes = walk(opened)
    assert "Ukraine fires 110,000 rounds of 155mm a month" in {
        node.quote.text for node in nodes if node.quote is not None
    }
    assert any(node.title.startswith("begun.toml, line ") for node in nodes)


def test_a_plan_knows_nothing_that_came_after_its_first_day(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    _, day = book.planner.compile(path)
    assert day == dt.date(2023, 3, 1)
    _, day = book.planner.compile(path, "2023-02-10")
    assert day == dt.date(2023, 2, 10)
    later = SCENARIO.replace("2023-03", "2090-03").replace("2024-02", "2091-02")
    path.write_text(later, encoding="utf-8")
    _, day = book.planner.compile(path)
    assert day == book.ledger().today


def test_a_scenario_is_begun_from_a_book_alone(planner: Planner) -> None:
    with pytest.raises(UsageError, match="begun from a book"):
        planner.start(["155mm"], "UKR", "2023-12")


def test_nothing_to_do_is_a_plan_too() -> None:
    found = answer_of(compiled(enough()))
    assert found.schedule() == []
    assert found.plan.reasons == ()
    assert answer_of(compiled(certain())).schedule()
