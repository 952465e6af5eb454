"""Forecasts and plans in a report: what they say, what they rest on, and what cannot be said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.reporting.report.charts import Columns, Fan
from pledgebook.reporting.report.html import to_html
from pledgebook.reporting.report.markdown import to_markdown
from pledgebook.reporting.report.model import Lines, Report, Section, Table
from pledgebook.reporting.report.scope import Scope
from pledgebook.reporting.report.wishes import Wishes
from reports_made import book_of, report_of
from shells_story import told

AS_OF = dt.date(2023, 2, 20)
USED = "Ukraine fires 110,000 rounds of 155mm a month"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with book_of(tmp_path_factory.mktemp("ahead") / "aid.db", told(stock=True)) as found:
        yield found


@pytest.fixture(scope="module")
def forecast(book: Book) -> Report:
    return report_of(book, as_of=AS_OF, until="2023-12")


@pytest.fixture(scope="module")
def plan(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("plan") / "begun.toml"
    text = book.planner.start(["155mm"], "UKR", "2023-12", as_of=AS_OF)
    path.write_text(text, encoding="utf-8")
    return report_of(book, as_of=AS_OF, plan=path)


def section(found: Report, name: str) -> Section:
    return next(one for one in found.sections if one.id == name)


def whole(part: Section) -> str:
    return str(part)


def quoted(found: Report, refs: tuple[str, ...]) -> set[str]:
    numbers = {found.numbers[name] for name in refs}
    return {said.quote for note in found.notes if note.number in numbers for said in note.said}


def test_a_forecast_is_made_of_items_of_which_enough_is_told(forecast: Report) -> None:
    ahead = section(forecast, "ahead")
    assert [part.title for part in ahead.parts if part.id != "ahead-without"] == [
        "155mm for Ukraine"
    ]
    fans = [block for block in ahead.parts[0].blocks if isinstance(block, Fan)]
    assert [re.sub(",.*", "", fan.title) for fan in fans] == [
        "Stock at the end of each month",
        "Days of supply at the end of each month",
        "Gap in each month: wanted",
    ]
    assert "uns dry" in whole(section(forecast, "short"))


def test_a_forecast_rests_on_the_sentences_that_tell_of_use(forecast: Report) -> None:
    [first, *_] = section(forecast, "ahead").parts[0].blocks
    assert isinstance(first, Lines)
    assert USED in quoted(forecast, first.lines[0].refs)


def test_a_forecast_says_what_cannot_be_said(book: Book) -> None:
    asked = {"as_of": AS_OF, "until": "2023-12", "item": "Leopard 2"}
    found = section(report_of(book, recipient="Ukraine", **asked), "ahead")
    [without] = found.parts
    assert without.id == "ahead-without"
    assert "no report tells" in whole(without)
    with pytest.raises(UsageError, match="Give --recipient"):
        report_of(book, **asked)


def test_without_a_day_there_is_no_forecast(book: Book) -> None:
    names = {one.id for one in report_of(book, as_of=AS_OF).sections}
    assert not names & {"ahead", "plan"}


def test_a_forecast_up_to_a_day_that_has_passed_is_refused(book: Book) -> None:
    with pytest.raises(UsageError, match="before it begins"):
        report_of(book, as_of=AS_OF, until="2023-01")


def test_the_forecast_is_the_same_every_time(book: Book, forecast: Report) -> None:
    again = report_of(book, as_of=AS_OF, until="2023-12")
    assert to_html(again) == to_html(forecast)


def test_a_forecast_without_its_extra_says_what_to_install(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def require(extra: str, what: str, _: object) -> None:
        raise UsageError(f"{what} needs numba", mend=f"pip install 'pledgebook[{extra}]'")

    monkeypatch.setattr("pledgebook.reporting.report.ahead.require", require)
    found = report_of(book, as_of=AS_OF, until="2023-12")
    assert "pledgebook[forecast]" in whole(section(found, "ahead"))


def test_a_plan_tells_schedule_cost_and_what_stays_short(plan: Report) -> None:
    found = section(plan, "plan")
    assert {part.id for part in found.parts} >= {"plan-schedule", "plan-money", "plan-given"}
    kinds = {type(block) for block in found.blocks}
    assert {Table, Columns} <= kinds
    assert any(one.strong.startswith("Plan “") for block in section(plan, "short").blocks
               if isinstance(block, Lines) for one in block.lines)  # fmt: skip


def test_a_plan_opens_to_the_sentences_that_its_scenario_rests_on(plan: Report) -> None:
    given = next(part for part in section(plan, "plan").parts if part.id == "plan-given")
    [keys] = [block for block in given.blocks if isinstance(block, Table)]
    refs = tuple(name for row in keys.rows for cell in row.cells for name in cell.refs)
    assert USED in quoted(plan, refs)


def test_a_plan_is_drawn_on_one_scale_for_each_need(plan: Report) -> None:
    [drawn] = [block for block in section(plan, "plan").blocks if isinstance(block, Columns)]
    for strip in drawn.strips:
        tops: dict[int, float] = {}
        for bar in strip.bars:
            tops[bar.row] = max(tops.get(bar.row, 0.0), bar.start + bar.length)
        assert max(tops.values()) == pytest.approx(100, abs=0.05)


def test_a_plan_knows_nothing_that_came_after_its_first_day(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "begun.toml"
    text = book.planner.start(["155mm"], "UKR", "2023-12", as_of=AS_OF)
    path.write_text(text, encoding="utf-8")
    seen = []
    scope = Scope(book, book.store, Wishes(as_of=dt.date(2024, 1, 1), plan=path))
    planner = type(book.planner)
    plain = planner.plan

    def plan(self: object, *given: object, **how: object) -> object:
        seen.append(how["as_of"])
        return plain(self, *given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(planner, "plan", plan)
    from pledgebook.reporting.report.planned import planned
    from pledgebook.reporting.report.quoting import Quoting

    assert planned(scope, Quoting(scope)) is not None
    [day] = seen
    assert isinstance(day, dt.date)
    assert day <= dt.date(2023, 3, 1)


def test_a_scenario_that_is_none_is_refused(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("nothing = 1", encoding="utf-8")
    with pytest.raises(UsageError):
        report_of(book, as_of=AS_OF, plan=path)


def test_both_forms_hold_forecast_and_plan(forecast: Report, plan: Report) -> None:
    assert "## What lies ahead" in to_markdown(forecast)
    assert "## The plan" in to_markdown(plan)
    assert 'class="median"' in to_html(forecast)
