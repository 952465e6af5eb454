"""Files become releases: the same bytes once, twins told apart, evidence in the row's own text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiel_files import HEADER, LATER, ROWS, later_rows, row, write_csv, write_folder
from making import Clock
from pledgebook.book import Book
from pledgebook.errors import SourceError, UsageError
from pledgebook.exchange.celltext import CellText, cells_of
from pledgebook.exchange.importers import IMPORTERS, importer_named
from pledgebook.exchange.importing import store_release
from pledgebook.exchange.intake import clean
from pledgebook.exchange.rows import Claim, Release, ReleaseRow
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue

WORDS = st.text(min_size=1).map(clean).filter(bool)


@given(st.dictionaries(WORDS, st.text()))
def test_a_row_leads_back_to_its_cells(cells: dict[str, str]) -> None:
    written = CellText.of(cells)
    filled = [clean(value) for value in cells.values() if clean(value)]
    assert list(cells_of(written.text).values()) == filled
    for header, (start, end) in written.spans.items():
        assert written.text[start:end].endswith(clean(cells[header]))


def test_equal_headers_are_told_apart() -> None:
    cells = {"Note": "one", " Note": "two", "NOTE": "three"}
    assert CellText.of(cells).text == "Note: one\nNote (2): two\nNOTE: three"


@pytest.mark.parametrize("name", sorted(IMPORTERS))
def test_every_format_has_its_importer(name: str) -> None:
    assert importer_named(name).name == name


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="kiel, observations, prices"):
        importer_named("xyz")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with Book.open(tmp_path / "book.db") as book, pytest.raises(SourceError, match="not there"):
        book.import_("kiel", tmp_path / "nowhere.csv")


def test_the_same_bytes_twice_change_nothing(place: str, clock: Clock, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "release-2022-10")
    with Book.open(place, clock=clock) as book:
        first = book.import_("kiel", folder, by="me")
        version, listed = book._store.version(), book.releases()
        clock.advance(days=1)
        again = book.import_("kiel", folder, by="me")
        assert (first.new, again.new) == (True, False)
        assert again.id == first.id
        assert (book._store.version(), book.releases()) == (version, listed)
        assert first.problems == again.problems
        assert set(book.problems()) == set(first.problems)


def test_rows_that_read_the_same_stay_two(place: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "main.csv", HEADER, ROWS[-2:])
    with Book.open(place) as book:
        report = book.import_("kiel", path)
        rows = book._store.release_rows(report.id)
        assert rows[0].text == rows[1].text
        assert rows[0].document != rows[1].document
        assert len({entry.id for entry in book._store.release_entries(report.id)}) == 2
        assert len({row.key for row in rows}) == 1


def test_twins_are_the_same_documents_in_the_next_release(place: str, tmp_path: Path) -> None:
    twins = list(ROWS[-2:])
    with Book.open(place) as book:
        documents = []
        for name, rows in (("a", twins), ("b", [*twins, ROWS[0]])):
            path = write_csv(tmp_path / f"release-{name}.csv", HEADER, rows)
            report = book.imported.add("kiel", path, published="2022-10-03")
            found = book._store.release_rows(report.id)
            documents.append([one.document for one in found if "PLM2" in one.text])
        assert documents[0] == documents[1]


def test_a_row_counts_from_the_day_of_its_release(place: str, tmp_path: Path) -> None:
    with Book.open(place) as book:
        report = book.import_("kiel", write_folder(tmp_path / "release-2022-10"))
        days = {entry.counted for entry in book._store.release_entries(report.id)}
        assert days == {dt.date(2022, 10, 3)}


def test_a_person_names_and_dates_a_release(place: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "main.csv", HEADER, ROWS[:2])
    with Book.open(place) as book:
        report = book.imported.add("kiel", path, name="mine", published="2022-12-31")
        assert (report.name, report.published) == ("mine", dt.date(2022, 12, 31))
        [found] = book.releases()
        assert (found.name, found.published) == ("mine", dt.date(2022, 12, 31))
        documents = book._store.texts([book._store.release_rows(report.id)[0].document])
        assert {one.date_source for one in documents.values()} == {"given"}


def test_what_cannot_be_coded_is_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    fields = {"kind": "pledge", "actors": ("NOR",), "item": {"category": "tank"}}
    claims = [
        Claim(fields, ("Items",)),
        Claim(fields | {"item": {"category": "dragon"}}, ("Items",)),
        Claim(fields, ("Nothing",)),
    ]
    release = Release(
        dataset="made",
        name="one",
        format="made",
        origin="made.csv",
        bytes_sha256="0" * 64,
        rows=[ReleaseRow({"Items": "Leopard 2", "Empty": ""}, "made.csv#row=2", "key", claims)],
    )
    with Store.open(tmp_path / "book.db") as store:
        report = store_release(store, load_catalogue(), release, by="me")
        [entry] = store.release_entries(report.id)
    assert [one.code for one in report.problems] == ["not-codable", "no-evidence"]
    assert report.problems[0].place == "made.csv#row=2"
    assert entry.statement.evidence.quote == "Items: Leopard 2"
    assert not entry.dated


def test_packages_and_items_that_count_are_not_added_twice(place: str, tmp_path: Path) -> None:
    rows = [
        row("Norway", "2022-03-01 00:00:00", id="NOM1", first="1", total="90", currency="NOK",
            item="Leopard-2A4", item_type="Heavy weapon", units="8"),
        row("Norway", "2022-03-01 00:00:00", id="NOM1", item="M113", units="5"),
    ]  # fmt: skip
    with Book.open(place) as book:
        report = book.import_("kiel", write_csv(tmp_path / "main.csv", HEADER, rows))
        entries = book._store.release_entries(report.id)
        book.judge("counted", *(entry.id for entry in entries), by="me")
        money = [one for one in book.rows() if any(one.money.values())]
        assert [one.category.value for one in money] == ["military-aid"]
        [whole] = [one for one in book.commitments() if one.category.value == "military-aid"]
        explained = [str(book.why(one.id)) for one in book.commitments() if one.id != whole.id]
        assert len(explained) == 2
        assert all("kiel NOM1" in text for text in explained)


def test_a_later_layout_supersedes_with_a_diff(place: str, tmp_path: Path) -> None:
    with Book.open(place) as book:
        book.import_("kiel", write_folder(tmp_path / "release-2022-10"))
        path = write_csv(tmp_path / "release-2023-02.csv", LATER, later_rows())
        report = book.import_("kiel", path)
        assert report.supersedes == "2022-10"
        diff = book.imported.diff("kiel")
        assert (len(diff.changed), len(diff.added), diff.same) == (1, 1, 1)
        [changed] = diff.changed
        assert {one.field: (one.before, one.after) for one in changed.fields} == {
            "ID": ("NOM1", "NOM7"),
            "No. of Units": ("8", "14"),
        }
        assert "Mood of the minister" in diff.new_columns
        assert diff.added[0].key == "NOR | 2023-02-14 | leopard 2a4"
        assert len(diff.removed) == len(ROWS) - 2
