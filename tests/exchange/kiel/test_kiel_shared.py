"""The real releases, where they lie beside the project: all of them, to the cell."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pledgebook.book import Book
from pledgebook.exchange.importing import ImportReport
from pledgebook.ledger.judgements import Verdict

FOLDER = Path(
    os.environ.get("PLEDGEBOOK_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
)
FIRST = FOLDER / "kiel" / "release-2022-10"
SECOND = FOLDER / "kiel" / "release-2024-06-part.csv"

pytestmark = pytest.mark.skipif(
    not (FIRST.is_dir() and SECOND.is_file()), reason="the tracker's releases are not here"
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, list[ImportReport]]]:
    """A book of both releases, the later one imported last."""
    place = tmp_path_factory.mktemp("kiel") / "aid.db"
    with Book.open(place) as book:
        yield book, [book.import_("kiel", path) for path in (FIRST, SECOND)]


def test_all_rows_come_in_and_the_faulty_cells_are_told(
    both: tuple[Book, list[ImportReport]],
) -> None:
    first, second = both[1]
    assert (first.name, first.published, first.rows) == ("2022-10", dt.date(2022, 10, 3), 1032)
    assert (second.name, second.published, second.rows) == (
        "2024-06-part",
        dt.date(2024, 6, 28),
        1274,
    )
    assert Counter(one.severity for one in first.problems) == {"error": 10, "warning": 2}
    assert Counter(one.severity for one in second.problems) == {"error": 2}
    assert {one.code for one in (*first.problems, *second.problems)} == {"unread-cell"}
    assert not any(note.startswith("missing") for note in (*first.notes, *second.notes))


def test_sums_of_the_book_equal_the_published_ones(both: tuple[Book, list[ImportReport]]) -> None:
    book, (first, _) = both
    check = book.imported.check(first.id, FIRST)
    assert [(one.sheet, one.equal, one.cells, one.filled) for one in check.agreements] == [
        ("Country summary", 123, 123, 91),
        ("Committed weapons", 1560, 1560, 36),
        ("Delivered weapons", 1520, 1520, 27),
        ("Converted packages", 377, 377, 377),
    ]
    assert check.agrees
    assert check.outside == (
        ("european investment bank", "financial", 2_002_500_000.0),
        ("european peace facility", "military", 2_500_000_000.0),
    )


def test_the_later_release_supersedes_and_adds_nothing(
    both: tuple[Book, list[ImportReport]],
) -> None:
    book, (first, second) = both
    assert second.supersedes == first.name
    assert [(one.name, one.current) for one in book.releases()] == [
        ("2022-10", False),
        ("2024-06-part", True),
    ]
    assert book.ledger().entries == {}
    assert book.documents() == []
    again = book.import_("kiel", SECOND)
    assert not again.new
    assert again.id == second.id


def test_the_diff_accounts_for_every_row(both: tuple[Book, list[ImportReport]]) -> None:
    book, _ = both
    diff = book.imported.diff("kiel")
    assert len(diff.changed) + len(diff.removed) + diff.same == 1032
    assert len(diff.changed) + len(diff.added) + diff.same == 1274
    assert len(diff.changed) == 274
    assert diff.fields["No. of Units Delivered (in-kind military aid)"] == 101
    assert "Allocated Total" in diff.new_columns
    changed = {row.key: row for row in diff.changed}
    tanks = changed["CZE | 2022-04-05 | modified t 72 tank t 72a t 72m1 m1r"]
    units = {one.field: (one.before, one.after) for one in tanks.fields}
    assert units["No. of Units"] == ("20", "66")


def test_no_row_bears_a_position_on_the_ground(both: tuple[Book, list[ImportReport]]) -> None:
    book, (_, second) = both
    texts = [row.text for row in book._store.release_rows(second.id)]
    assert not any("Coordinates" in text or "Geographic" in text for text in texts)


def test_a_million_rounds_are_there_to_be_checked(both: tuple[Book, list[ImportReport]]) -> None:
    book, (first, _) = both
    entries = book._store.release_entries(first.id)
    kinds = Counter(entry.statement.rule for entry in entries)
    assert kinds["kiel/units-undisclosed"] == 241
    assert kinds["kiel/delivered-undisclosed"] == 109
    one = next(entry for entry in entries if entry.statement.rule == "kiel/units")
    made = book.judge(Verdict.COUNTED, one.id, by="me")
    assert set(book.ledger().entries) == set()  # the release is superseded
    book.revoke(made.id, by="me")
