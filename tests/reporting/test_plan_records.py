"""A plan for machines: JSON with all of it, CSV and a workbook that add up to the page."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from plans_made import cases, clashing, compiled, problem
from pledgebook.errors import UsageError
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.asking import Wishes, answer_of
from pledgebook.planning.citing import parse_plan_id
from pledgebook.planning.explaining.comparing import compare_plans
from pledgebook.reporting.plan_money import payments_of
from pledgebook.reporting.plan_records import (
    PAYMENT_FIELDS,
    REASON_FIELDS,
    SCHEDULE_FIELDS,
    SHORT_FIELDS,
    payment_rows,
    plan_csv,
    plan_record,
    reason_rows,
    schedule_rows,
    short_rows,
)
from pledgebook.reporting.plan_xlsx import save_workbook
from pledgebook.reporting.records import to_json


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


KEYS = {
    "id", "scenario", "title", "as_of", "currency", "step", "days", "years", "status", "gap_asked",
    "cost", "bound", "gap", "spent", "parts", "seconds", "method", "clash", "notes",
}  # fmt: skip
FOUND = {
    "schedule", "payments", "needs", "reasons", "changes", "frontier", "other", "compared",
}  # fmt: skip


@cache
def answer() -> PlanAnswer:
    return answer_of(compiled(problem(cases=cases())), Wishes(gap=0.0, frontier=3))


@cache
def none() -> PlanAnswer:
    return answer_of(compiled(clashing()))


def test_the_record_has_its_keys_and_is_plain_json() -> None:
    record = plan_record(answer())
    assert set(record) == KEYS | FOUND
    assert set(plan_record(none())) == KEYS
    for one in (record, plan_record(none())):
        again = json.loads(to_json(one))
        assert again == one
        assert "NaN" not in to_json(one)
        assert "Infinity" not in to_json(one)
    assert plan_record(none())["cost"] is None
    assert plan_record(none())["clash"]


def test_the_record_adds_up() -> None:
    made, record = answer(), plan_record(answer())
    assert sum(record["parts"].values()) == pytest.approx(record["cost"])
    once = sum(row["cost"] for row in record["schedule"])
    spent = record["parts"]
    parts = ("drawdown", "orders", "contracts", "expansions", "restarts")
    assert once == pytest.approx(sum(spent[name] for name in parts))
    paid = sum(row["spent"] for row in record["payments"])
    assert paid == pytest.approx(sum(one.total for one in payments_of(made)))
    for need, told in zip(made.problem.needs, record["needs"], strict=True):
        assert sum(told["short"]["by_step"]["mean"]) == pytest.approx(
            told["short"]["total"]["mean"]
        )
        assert told["met"] == pytest.approx(1 - made.short(need).share)
    assert len(record["reasons"]) == len(made.plan.reasons)
    assert len(record["changes"]) == len(made.plan.changes)
    assert len(record["frontier"]) == len(made.frontier)


def test_a_comparison_is_in_the_record() -> None:
    made = answer()
    compared = compare_plans((made.compiled, made.plan), (made.compiled, made.plan))
    record = plan_record(replace(made, other=made, compared=compared))
    assert record["compared"]["spent"]["differs"] is False
    assert record["other"]["id"] == record["id"]
    assert record["compared"]["actions"]


def test_the_rows_have_their_fields() -> None:
    made = answer()
    for rows, fields in (
        (schedule_rows(made), SCHEDULE_FIELDS),
        (payment_rows(made), PAYMENT_FIELDS),
        (short_rows(made), SHORT_FIELDS),
        (reason_rows(made), REASON_FIELDS),
    ):
        found = list(rows)
        assert found
        assert all(tuple(row) == fields for row in found)


def test_each_row_of_the_csv_is_a_thing_to_do_in_a_step() -> None:
    made = answer()
    rows = list(csv.DictReader(io.StringIO(plan_csv(made))))
    assert tuple(rows[0]) == SCHEDULE_FIELDS
    for action in made.schedule():
        its = [row for row in rows if (row["action"], row["name"]) == (action.kind, action.name)]
        assert len(its) == int((action.amounts > 0).sum())
        if not action.once:
            assert sum(float(row["amount"]) for row in its) == pytest.approx(action.amount)
    for row in rows:
        citation = parse_plan_id(row["id"])
        assert citation.what == row["action"]
        assert citation.name == row["name"]
        assert str(citation.day) == row["first_day"]


def formulas() -> PlanAnswer:
    made = answer()
    compiled_ = replace(made.compiled, file="=cmd|'/c calc'!A1.toml", title="@SUM(1)")
    return replace(made, compiled=compiled_)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(plan_csv(formulas()))))
    assert all(row["scenario"].startswith("'=") for row in rows)
    path = tmp_path / "plan.xlsx"
    save_workbook(formulas(), path)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)
    for rows_ in sheets(path).values():
        assert not any(str(cell).startswith(("=", "@")) for row in rows_ for cell in row)


def test_the_workbook_holds_the_rows(tmp_path: Path) -> None:
    made, path = answer(), tmp_path / "plan.xlsx"
    save_workbook(made, path)
    book = sheets(path)
    assert list(book) == [
        "Schedule", "Payments", "Shortage", "Reasons", "Worth", "Changes", "Method and sources",
    ]  # fmt: skip
    rows: list[dict[str, Any]] = list(schedule_rows(made))
    head, *cells = book["Schedule"]
    assert tuple(head) == SCHEDULE_FIELDS
    assert len(cells) == len(rows)
    for row, cell in zip(rows, cells, strict=True):
        told = dict(zip(head, cell, strict=True))
        amount = row["amount"]
        assert told["amount"] == ("" if amount is None else pytest.approx(amount))
        assert told["id"] == row["id"]
    method = {str(one[0]): one[1] for one in book["Method and sources"]}
    assert method["Id"] == made.cite()
    assert "line 12, need[0].amount" in str(method["need 155mm for UKR"])


def test_a_workbook_of_no_plan_says_so(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    save_workbook(none(), path)
    book = sheets(path)
    assert len(book["Schedule"]) == 1
    told = [row[1] for row in book["Method and sources"]]
    assert any("There is no plan" in str(one) for one in told)


def test_a_file_that_is_there_is_left_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        save_workbook(answer(), path)
    assert path.read_text(encoding="utf-8") == "mine"
    save_workbook(answer(), path, force=True)
    assert sheets(path)


def test_who_pays_adds_up_to_what_is_paid() -> None:
    made = answer()
    found = payments_of(made)
    assert [one.donor for one in found] == ["DEU", "NOR"]
    for one in found:
        assert one.budget is not None
        assert (one.years <= one.budget * (1 + 1e-6)).all()
        assert one.share is not None
        assert 0 < one.share <= 1
