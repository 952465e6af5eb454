"""`diff`: what changed between two days, for eyes and for machines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from pledgebook.reporting.change_records import CHANGE_FIELDS
from program import Inside


@pytest.mark.parametrize("width", [80, 120])
def test_two_days_side_by_side(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = inside.well("diff", "2023-02-20", "2023-06-30", "--db", "aid.db")
    assert max(map(len, shown.splitlines())) <= width
    assert "\x1b" not in shown
    assert shown == snapshot


def test_why_the_figure_of_a_day_is_another_now(inside: Inside) -> None:
    told = json.loads(inside.well("status", "--donor", "LVA", "--format", "json", "--db", "aid.db"))
    [name] = told["rows"][0]["commitments"]
    inside.well("judge", "correct", "s" + name[1:], "quantity=14", "--by", "A. Clerk", "--note",
                "the ministry said so", "--db", "aid.db")  # fmt: skip
    shown = inside.well("diff", "2023-06-30", "--recorded-then", "2025-06-01", "--db", "aid.db")
    assert "as the book had it at the end of 2025-06-01, and as it has it now" in shown
    assert "corrected" in shown
    assert "judged corrected by A. Clerk" in shown
    assert "the ministry said so" in shown
    assert "was: LVA pledged 6 Stinger" in shown
    row = told["rows"][0]["id"][:8]
    lines = [line.split() for line in shown.splitlines() if line.startswith(row)]
    assert [line[-3:] for line in lines] == [["pledged", "6", "14"]]


def test_json_holds_all_of_it(inside: Inside) -> None:
    ask = ("diff", "2023-02-20", "2023-06-30", "--db", "aid.db", "--format", "json")
    told = json.loads(inside.well(*ask))
    assert (told["first"], told["second"]["as_of"]) == (
        {"as_of": "2023-02-20", "recorded_as_of": None},
        "2023-06-30",
    )
    for change in told["changes"]:
        assert inside.well("why", change["commitment"], "--as-of", "2023-06-30", "--db", "aid.db")
        for one in change["reports"]:
            assert one["quote"]
            assert one["document"]["id"].startswith("d")
    for row in told["rows"]:
        assert row["figures"]
        assert inside.well("why", row["id"], "--as-of", "2023-06-30", "--db", "aid.db")
    assert told["documents_new"]


def test_csv_has_a_line_for_each_changed_figure(inside: Inside) -> None:
    ask = ("diff", "2023-02-20", "2023-06-30", "--db", "aid.db", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(inside.well(*ask))))
    assert tuple(lines[0]) == CHANGE_FIELDS
    [delivered] = [
        line for line in lines if (line["donors"], line["stage"]) == ("NOR", "delivered")
    ]
    assert (delivered["before_low"], delivered["after_low"], delivered["change"]) == (
        "",
        "3",
        "changed",
    )
    assert len(delivered["statements"].split()) >= 1
    money = [line for line in lines if line["currency"] == "EUR"]
    assert [line["after_low"] for line in money] == ["200000000"]


def test_nothing_changed_says_so(inside: Inside) -> None:
    shown = inside.well("diff", "2020-01-01", "2020-02-01", "--db", "aid.db")
    assert shown == "What was published by 2020-01-01, and by 2020-02-01\nNothing changed.\n"


def test_days_that_make_no_sense_are_told(inside: Inside, aid: Path) -> None:
    done = inside("diff", "2023-03-01", "2023-02-01", "--db", aid)
    assert done.code == 2
    assert "later" in done.err
    assert inside("diff", "soon", "--db", aid).code == 2
