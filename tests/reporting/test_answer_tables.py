"""Every answer as a person sees it, on terminals of two widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from rich.console import RenderableType
from syrupy.assertion import SnapshotAssertion

from asking_story import asking_story
from drawing import drawn
from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.store import Store
from pledgebook.reporting.answer_cells import (
    days,
    flat_fields,
    flat_record,
    interval,
    months_or_days,
    share,
)
from pledgebook.reporting.asked_table import ASKED_FIELDS, ASKED_PARTS, asked_record, asked_table
from pledgebook.reporting.burden_table import (
    BURDEN_FIELDS,
    BURDEN_PARTS,
    burden_record,
    burden_table,
)
from pledgebook.reporting.coalition_table import coalition_record, coalition_table
from pledgebook.reporting.findings_table import (
    CLASH_FIELDS,
    FINDING_FIELDS,
    clash_record,
    contradictions_table,
    finding_record,
    findings_table,
)
from pledgebook.reporting.grouped_table import group_fields, group_record, group_table
from pledgebook.reporting.lags_table import lag_fields, lag_record, lags_table
from pledgebook.reporting.names import Names
from pledgebook.reporting.overdue_table import (
    OVERDUE_FIELDS,
    OVERDUE_PARTS,
    overdue_record,
    overdue_table,
)
from pledgebook.reporting.records import to_csv
from pledgebook.reporting.status_table import NAMES_FROM

Show = Callable[[Book, Names, int], RenderableType]


@pytest.fixture
def book(place: str) -> Iterator[Book]:
    with Store.open(place, clock=Clock()) as store:
        store.add(asking_story())
    with Book.open(place, clock=Clock()) as opened:
        yield opened


def grouped(*by: str) -> Show:
    return lambda book, names, width: group_table(book.answers.rows(by), by, names, width=width)


ANSWERS: dict[str, Show] = {
    "by donor": grouped("donor"),
    "by donor and month": grouped("donor", "month"),
    "by recipient, category and quarter": grouped("recipient", "category", "quarter"),
    "by stage and item": grouped("stage", "item"),
    "overdue": lambda book, names, _: overdue_table(book.answers.overdue(), names),
    "lags": lambda book, names, _: lags_table(book.answers.lags(), ("donor", "category"), names),
    "lags by category": lambda book, names, _: lags_table(
        book.answers.lags("category"), ("category",), names
    ),
    "burden": lambda book, names, _: burden_table(book.answers.burden(), names),
    "coalition": lambda book, names, _: coalition_table(book.answers.coalition("Leopard 2"), names),
    "coalition of shells": lambda book, names, _: coalition_table(
        book.answers.coalition("155mm"), names
    ),
    "asked": lambda book, names, _: asked_table(book.answers.asked(), names),
    "contradictions": lambda book, names, _: contradictions_table(
        book.answers.contradictions(), book.ledger().entries, names
    ),
    "check": lambda book, _, __: findings_table(book.answers.check(stale_days=600), "the book"),
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_at_a_width(
    book: Book, name: str, width: int, snapshot: SnapshotAssertion
) -> None:
    names = Names(book.catalogue.parties, in_full=width >= NAMES_FROM)
    shown = drawn(ANSWERS[name](book, names, width), width)
    assert max(map(len, shown.splitlines())) <= width
    # The day of the newest rate is that of the installed table.
    lines = [line for line in shown.splitlines() if "table to" not in line]
    assert [line for line in lines if not line.startswith("20")] == snapshot


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("width", [80, 100, 120])
def test_nothing_is_cut_off(book: Book, name: str, width: int) -> None:
    """A narrow terminal breaks lines between words, and shows every word of a wide one."""
    names = Names(book.catalogue.parties, in_full=width >= NAMES_FROM)
    shown, wide = (drawn(ANSWERS[name](book, names, wanted), wanted) for wanted in (width, 400))
    # Where dimensions share a column, their names have commas between.
    words = {word for word in wide.split() if "─" not in word}
    assert words - set(shown.replace(",", "").split()) - set(shown.split()) == set()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("by donor", "No commitment in the book fits."),
        ("overdue", "Nothing is overdue on 2025-01-01"),
        ("lags", "No promise in the book fits."),
        ("burden", "No commitment in the book fits."),
        ("coalition", "Nobody has promised any"),
        ("asked", "No request in the book fits."),
        ("contradictions", "Nothing contradicts itself"),
        ("check", "Nothing amiss was found in the book."),
    ],
)
def test_an_empty_book_is_told_in_a_sentence(place: str, name: str, told: str) -> None:
    with Book.open(place, clock=Clock()) as book:
        assert drawn(ANSWERS[name](book, Names({}), 80), 80).startswith(told)


def test_records_and_their_fields_fit(book: Book) -> None:
    """CSV of every answer: the head names each field of the records, and no other."""
    answers = book.answers
    found = answers.burden()
    coalition = answers.coalition("tank").joined
    by = ("donor", "month")
    tables = [
        ([group_record(row, flat=True) for row in answers.rows(by)], group_fields(by)),
        ([lag_record(row) for row in answers.lags()], lag_fields(("donor", "category"))),
        ([clash_record(clash) for clash in answers.contradictions()], CLASH_FIELDS),
        ([finding_record(one) for one in answers.check(stale_days=9)], FINDING_FIELDS),
        (
            [coalition_record(one, "joined", flat=True) for one in coalition],
            ("id", "since", "how", *group_fields(("donor",))[1:]),
        ),
    ]
    for records, fields in tables:
        assert records
        assert all(set(record) == set(fields) for record in records)
    parted = [
        ([overdue_record(row) for row in answers.overdue().rows], OVERDUE_FIELDS, OVERDUE_PARTS),
        ([burden_record(row, found) for row in found.states], BURDEN_FIELDS, BURDEN_PARTS),
        ([asked_record(row) for row in answers.asked()], ASKED_FIELDS, ASKED_PARTS),
    ]
    for records, fields, parts in parted:
        assert records
        assert all(set(record) == set(fields) for record in records)
        flat = [flat_record(record, parts) for record in records]
        assert to_csv(flat, flat_fields(fields, parts)).count("\n") >= len(flat) + 1


def test_parts_of_a_record_become_columns() -> None:
    record = {"id": "c1", "share": {"low": 0.5, "high": None},
              "money": [{"currency": "EUR", "low": 1e9, "high": None}],
              "commitments": [{"id": "c2"}, {"id": "c3"}], "other": ["a"]}  # fmt: skip
    flat = flat_record(record, {"share": ("low", "high"), "gone": ("low",)})
    assert flat == {
        "id": "c1", "share_low": 0.5, "share_high": None, "money": "EUR 1000000000..",
        "commitments": ["c2", "c3"], "other": ["a"],
    }  # fmt: skip
    assert flat_fields(("id", "share"), {"share": ("low", "high")}) == (
        "id", "share_low", "share_high",
    )  # fmt: skip


def test_cells() -> None:
    assert interval(UNKNOWN) == "n/k"
    assert interval(Interval(None, 4)) == "≤4"
    assert interval(Interval(4, None)) == "≥4"
    assert interval(Interval(0, 0)) == "0"
    assert share(Interval(0.25, 0.25)) == "25.00 %"
    assert share(Interval(0.25, 0.5), 0) == "25–50 %"
    assert share(Interval(0.8, None), 0) == "≥80 %"
    assert share(Interval(0, 0.5), 0) == "≤50 %"
    assert share(UNKNOWN) == ""
    assert (days(12.0), days(12.5), days(None)) == ("12", "12.5", "")
    assert [months_or_days(number) for number in (1, 45, 200, 900)] == [
        "1 day", "45 days", "7 months", "2.5 years",
    ]  # fmt: skip
