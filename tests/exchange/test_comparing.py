"""Two releases are compared row by row, and a release with the reports, and nothing is added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import Clock, Said, document, reading, release, report
from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.exchange.beside import beside_reports
from pledgebook.exchange.comparing import ReleaseDiff, diff_releases
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.records import Entry, Reading, statement_ids
from pledgebook.ledger.releases import NewRelease, NewRow, StoredRelease, StoredRow
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store
from pledgebook.reporting.names import Names
from pledgebook.reporting.releases import absent_line
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope

CATALOGUE = load_catalogue()
TODAY = dt.date(2023, 6, 1)
Line = tuple[str, str]


class Shelf:
    """What comparing asks of a store: rows by release."""

    def __init__(self, **rows: Sequence[Line]) -> None:
        self._rows = {
            name: [
                StoredRow(number, f"{name}{number}", key, f"{name}#row={number}", text)
                for number, (key, text) in enumerate(lines)
            ]
            for name, lines in rows.items()
        }

    def release_rows(self, name: str) -> list[StoredRow]:
        return self._rows[name]

    def release_entries(self, name: str) -> list[Entry]:
        assert name in self._rows
        return []


def stored(name: str) -> StoredRelease:
    at = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
    return StoredRelease(name, "d", name, "f", None, "o", "0", None, (), "me", at, 1, 0)


def compared(before: Sequence[Line], after: Sequence[Line]) -> ReleaseDiff:
    shelf = Shelf(before=before, after=after)
    return diff_releases(shelf, stored("before"), stored("after"))  # type: ignore[arg-type]


def test_a_changed_field_is_told_with_what_it_was() -> None:
    diff = compared([("a", "Units: 8\nNote: x")], [("a", "UNITS: 14\nnote: X")])
    [row] = diff.changed
    assert [(one.field, one.before, one.after) for one in row.fields] == [("UNITS", "8", "14")]
    assert diff.fields == {"UNITS": 1}


def test_another_way_to_write_a_number_is_no_change() -> None:
    diff = compared([("a", "Units: 10000000")], [("a", "Units : 10000000.0")])
    assert (diff.same, diff.changed) == (1, ())


def test_nothing_and_a_full_stop_are_the_same() -> None:
    before = [("a", "Units: .\nNote: x"), ("b", "Units: 3")]
    diff = compared(before, [("a", "Note: x"), ("b", "Units: 3")])
    assert diff.same == 2


def test_equal_keys_are_matched_by_what_they_say_then_by_order() -> None:
    before = [("a", "Units: 1"), ("a", "Units: 2"), ("a", "Units: 3")]
    after = [("a", "Units: 3"), ("a", "Units: 9"), ("a", "Units: 2"), ("a", "Units: 7")]
    diff = compared(before, after)
    assert diff.same == 2
    [row] = diff.changed
    assert row.before == Shelf(before=before).release_rows("before")[0]
    assert row.after == Shelf(after=after).release_rows("after")[1]
    assert len(diff.added) == 1
    assert diff.removed == ()


def test_a_column_of_one_release_changes_no_row() -> None:
    diff = compared([("a", "Units: 1\nOld: x")], [("a", "Units: 1\nNew: y")])
    assert diff.same == 1
    assert (diff.new_columns, diff.lost_columns) == (("New",), ("Old",))


LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["U: 1", "U: 2", "U: 3", "U: ."])), max_size=8
)


@given(LINES, LINES)
def test_every_row_is_accounted_for_once(before: list[Line], after: list[Line]) -> None:
    diff = compared(before, after)
    assert len(diff.changed) + len(diff.removed) + diff.same == len(before)
    assert len(diff.changed) + len(diff.added) + diff.same == len(after)
    for row in diff.rows():
        rows = [one for one in (row.before, row.after) if one is not None]
        assert {one.key for one in rows} == {row.key}
    back = compared(after, before)
    assert (len(back.changed), len(back.added), back.same) == (
        len(diff.changed),
        len(diff.removed),
        diff.same,
    )


@given(LINES)
@settings(max_examples=30)
def test_a_release_does_not_differ_from_itself(lines: list[Line]) -> None:
    diff = compared(lines, list(reversed(lines)))
    assert diff.same == len(lines)
    assert list(diff.rows()) == []


def entries(*readings: Reading, release_id: str | None = None) -> list[Entry]:
    return [
        Entry(name, statement, one.document.id, one.document.date or TODAY, True, release_id)
        for one in readings
        for name, statement in zip(
            statement_ids(one.document.id, one.statements), one.statements, strict=True
        )
    ]


def of_release(*said: Said) -> list[Entry]:
    rows = [reading(document(f"{n}: {one.quote}"), [one]) for n, one in enumerate(said)]
    return entries(*rows, release_id="i1")


def test_a_release_stands_beside_the_reports() -> None:
    reports = entries(report(Said("Norway will send eight Leopard 2 tanks", quantity=8)))
    rows = of_release(
        Said("2A4", quantity=8, designation="Leopard 2A4"),
        Said("more", quantity=6, designation="Leopard 2"),
        Said("handed", quantity=3, kind=Kind.DELIVERY, designation="Leopard 2A4"),
        Said("money", money=(5.0, "NOK"), category=Category.MILITARY_AID, designation=None),
        Said("set aside", money=(4.0, "NOK"), category=Category.MILITARY_AID, designation=None,
             scope=Scope.BACKGROUND),
    )  # fmt: skip
    ledger = build_ledger(reports, today=TODAY, tree=CATALOGUE)
    found = {
        (one.item, one.stage, one.unit): one for one in beside_reports(ledger, rows, CATALOGUE)
    }
    tanks = found["Leopard 2", Stage.PLEDGED, "item"]
    assert tanks.reports is not None
    assert tanks.release is not None
    assert (tanks.reports.low, tanks.release.low, tanks.rows) == (8, 14, 2)
    assert tanks.verdict == "release-more"
    assert found["Leopard 2A4", Stage.DELIVERED, "item"].verdict == "only-release"
    money = found["military-aid", Stage.PLEDGED, "NOK"]
    assert money.is_money
    assert money.release is not None
    assert money.release.low == 5


@pytest.mark.parametrize(
    ("reported", "released", "verdict"),
    [(8, 8, "agrees"), (8, 14, "release-more"), (8, 4, "release-less"), (8, None, "unknown")],
)
def test_the_verdict_says_which_has_more(reported: int, released: int, verdict: str) -> None:
    reports = entries(report(Said("Norway will send Leopard 2 tanks", quantity=reported)))
    rows = of_release(Said("tanks", quantity=released))
    ledger = build_ledger(reports, today=TODAY, tree=CATALOGUE)
    [one] = beside_reports(ledger, rows, CATALOGUE)
    assert one.verdict == verdict


def test_unknown_rows_are_counted_and_are_not_zero() -> None:
    rows = of_release(Said("some", quantity=None), Said("eight", quantity=8))
    [one] = beside_reports(build_ledger([], today=TODAY), rows, CATALOGUE)
    assert one.release is not None
    assert (one.release.low, one.release.high, one.release.unknown) == (8, 8, 1)


def test_the_ledger_is_left_as_it_was(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add([report(Said("Norway will send Leopard 2 tanks", quantity=8))])
        before = book.ledger()
        rows = [reading(document("x tanks"), [Said("x tanks", quantity=9)])]
        book._store.add_release(release(rows), by="me")
        assert [one.verdict for one in book.imported.beside("tracker")] == ["release-more"]
        assert book.ledger().commitments == before.commitments


def test_a_release_needs_another_to_be_compared_with(tmp_path: Path) -> None:
    with Book.open(tmp_path / "book.db") as book:
        book._store.add_release(release([reading(document("x"))]), by="me")
        with pytest.raises(UsageError, match="one release only"):
            book.imported.diff("tracker")
        with pytest.raises(UsageError, match="current release itself"):
            book.imported.diff("tracker", "2023-01")


def test_rows_of_a_store_are_compared(store: Store) -> None:
    def made(name: str, day: str, text: str) -> NewRelease:
        row = NewRow(reading(document(text)), "key", "x#row=1")
        return NewRelease("tracker", name, "made", "x", name * 32, "made/1", [row],
                          dt.date.fromisoformat(day))  # fmt: skip

    store.add_release(made("aa", "2023-01-01", "Units: 8"), by="me")
    store.add_release(made("bb", "2023-02-01", "Units: 9"), by="me")
    before, after = store.releases()
    [row] = diff_releases(store, before, after).changed
    assert row.before is not None
    assert row.fields[0].before == "8"


def test_givers_that_the_newer_release_does_not_hold_are_named(store: Store) -> None:
    def made(name: str, day: str, *givers: str) -> NewRelease:
        texts = [f"{giver} gives {number} tanks" for number, giver in enumerate(givers)]
        rows = [
            NewRow(reading(document(text), [Said(text, actors=(text[:3],))]), text, f"x#row={text}")
            for text in texts
        ]
        return NewRelease("tracker", name, "made", "x", name * 32, "made/1", rows,
                          dt.date.fromisoformat(day))  # fmt: skip

    store.add_release(made("aa", "2023-01-01", "NOR", "SWE", "NOR", "SWE", "ISL"), by="me")
    store.add_release(made("bb", "2023-02-01", "NOR"), by="me")
    diff = diff_releases(store, *store.releases())
    # Norway has a row that went as well, but it is in both.
    assert len(diff.removed) == 4
    assert (dict(diff.absent), diff.absent_rows) == ({("SWE",): 2, ("ISL",): 1}, 3)
    assert absent_line(diff, Names(CATALOGUE.parties)) == (
        "2 givers of aa have no row at all in bb; 3 of the 4 removed are theirs: "
        "Sweden (2), Iceland (1)"
    )
