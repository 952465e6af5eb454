"""What was read in bulk comes into a book as if it had been read there."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from bulk_cases import lines
from bulk_folders import folder_of

from engines import on_sqlite
from making import DIGEST, START, Clock, Said, document, reading, report
from pledgebook.book import Book
from pledgebook.bulk import read_bulk
from pledgebook.bulk.folder import BulkFolder, part_name
from pledgebook.bulk.importing import BulkImport, ImportProgress, import_bulk
from pledgebook.bulk.standing import present_coder
from pledgebook.errors import Problem
from pledgebook.ledger import schema
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from program import Program
from stories import everything

TESTS = Path(__file__).resolve().parents[1]
MANY = 2_300
"""Documents of a folder that takes more than one transaction."""

Rows = dict[str, list[tuple[Any, ...]]]


def contents(place: str | Path) -> Rows:
    """All rows of all tables, without the numbers that say only in which order they came."""
    with Store.open(place) as store, store.database.reading() as connection:
        found = {}
        for table in schema.metadata.sorted_tables:
            columns = [column for column in table.c if column.name != "number"]
            rows = connection.execute(sa.select(*columns)).all()
            found[table.name] = sorted(map(tuple, rows), key=repr)
        return found


def take(place: str | Path, folder: Path | BulkFolder, clock: Clock) -> BulkImport:
    with Store.open(place, clock=clock) as store:
        given = folder if isinstance(folder, BulkFolder) else str(folder)
        return import_bulk(store, given, load_catalogue())


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "one.jsonl").write_text(lines(range(25)) + '{"id": "n", "text": 7}\n')
    # The first of it stands in the other file as well.
    (folder / "two.jsonl").write_text(lines([0]) + lines(range(25, 30)))
    (folder / "notes.txt").write_text("Nothing was promised to anybody on that day, 3 May 2023.")
    return folder


@pytest.fixture(scope="module")
def parts(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("parts")
    read_bulk([sources], place, workers=1, near_copies=False, batch_documents=10)
    return place


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many documents, most of which say nothing; the last of them was found twice."""
    told = [*everything()]
    told += [reading(document(f"On day {number} it rained.")) for number in range(MANY)]
    last = told[-1].document
    further = last.model_copy(update={"origin": "mirror.txt"})
    place = tmp_path_factory.mktemp("many")
    folder_of(place, told, size=400, copies=[(further, last.id)])
    return place


@pytest.fixture(scope="module")
def undisturbed(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What a book holds that took in the many documents without a fault."""
    place = tmp_path_factory.mktemp("undisturbed") / "book.db"
    take(place, many, Clock())
    return contents(place)


def test_every_table_holds_what_a_reading_would_write(
    place: str, sources: Path, parts: Path, tmp_path: Path, clock: Clock
) -> None:
    with Book.open(tmp_path / "read.db", clock=clock) as book:
        told = book.read([sources])
    report = take(place, parts, clock)
    assert contents(place) == contents(tmp_path / "read.db")
    assert (report.documents, report.new, report.unchanged) == (31, 31, 0)
    assert report.statements == told.statements > 50
    assert report.places == 1
    assert report.problems == len(told.problems) > 0
    assert report.notes == ()


def test_the_same_folder_twice_changes_nothing(place: str, parts: Path, clock: Clock) -> None:
    take(place, parts, clock)
    before = contents(place)
    clock.advance(days=1)
    report = take(place, parts, clock)
    assert contents(place) == before
    assert (report.new, report.reread, report.statements, report.places) == (0, 0, 0, 0)
    assert report.unchanged == report.documents == 31


def test_what_was_read_here_is_met_again(
    place: str, sources: Path, parts: Path, clock: Clock
) -> None:
    with Book.open(place, clock=clock) as book:
        book.read([sources / "one.jsonl"])
    report = take(place, parts, clock)
    assert (report.new, report.unchanged, report.kept, report.reread) == (6, 25, 0, 0)


_KILLED = """
import os, signal, sys
from making import Clock
from pledgebook.bulk import importing
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
place, folder, when = sys.argv[1:]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if when == "within":
    store_it, calls = importing.add_problems, []
    def add_problems(*given):
        calls.append(1)
        store_it(*given)
        if len(calls) == 2:
            die()
    importing.add_problems = add_problems
with Store.open(place, clock=Clock()) as store:
    importing.import_bulk(store, folder, load_catalogue(),
                          progress=die if when == "between" else None)
"""


@pytest.mark.parametrize("when", ["between", "within"])
def test_a_killed_import_is_completed_by_the_next(
    place: str, many: Path, undisturbed: Rows, clock: Clock, when: str
) -> None:
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    command = [sys.executable, "-c", _KILLED, place, str(many), when]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with Store.open(place) as store:
        kept = len(store.documents())
    assert 0 < kept < MANY
    report = take(place, many, clock)
    assert report.unchanged == kept
    assert report.new == report.documents - kept > 0
    assert contents(place) == undisturbed


def test_progress_tells_how_far_it_is(many: Path, tmp_path: Path, clock: Clock) -> None:
    told: list[ImportProgress] = []
    with Store.open(tmp_path / "book.db", clock=clock) as store:
        report = import_bulk(store, str(many), load_catalogue(), progress=told.append)
    assert [one.total for one in told] == [told[-1].done] * len(told)
    assert len(told) > 1
    assert told[-1].documents == report.documents == report.new
    assert told[0].seconds_left is not None
    assert told[-1].seconds_left == 0
    assert told[-1].rate is not None
    # It came before what it is a further find of.
    assert report.places == 1


def test_copies_stay_in_the_folder_and_further_finds_are_places(
    place: str, tmp_path: Path, clock: Clock
) -> None:
    told = everything()
    original = told[0].document
    near = document(f"{original.text} And so on.", origin="near.txt")
    again = original.model_copy(update={"origin": "again.txt", "url": "https://b.example/again"})
    unread = document("It could not be read.", origin="bad.txt")
    copies = [(near, original.id), (again, original.id), (unread, unread.id)]
    report = take(place, folder_of(tmp_path / "parts", told, copies=copies), clock)
    assert (report.copies, report.places) == (1, 1)
    assert any("1 near-copies were not read" in note for note in report.notes)
    with Book.open(place) as book:
        stored = {one.id: one for one in book.store.documents()}
    assert near.id not in stored
    assert unread.id not in stored
    assert {one.origin for one in stored[original.id].locations} == {original.origin, "again.txt"}


def test_what_another_coder_read_comes_in_as_it_was_read(
    place: str, tmp_path: Path, clock: Clock
) -> None:
    folder = folder_of(tmp_path / "parts", everything())
    report = take(place, folder, clock)
    assert report.new == len(everything())
    assert len(report.notes) == 1
    assert report.notes[0].startswith("It was read with another coder than this book's (by-hand 1,")
    with Store.open(place) as store:
        assert {one.statement.rule for one in store.entries()} == {""}


def test_another_catalogue_is_told_of(tmp_path: Path, clock: Clock) -> None:
    coder, version = present_coder()
    told = [Reading(one.document, one.statements, coder, version, DIGEST) for one in everything()]
    report = take(tmp_path / "book.db", folder_of(tmp_path / "parts", told), clock)
    assert report.notes[0].startswith("It was read with another catalogue than this book's")


def test_what_the_present_coder_read_here_is_kept(place: str, tmp_path: Path, clock: Clock) -> None:
    old = folder_of(tmp_path / "old", everything())
    source = tmp_path / "source.txt"
    source.write_text("Norway will send 8 Leopard 2 tanks to Ukraine, it said on 3 May 2023.")
    with Book.open(place, clock=clock) as book:
        book.read([source])
        (stored,) = book.documents()
        found = book.store.document(stored.id)
        mine = book.ledger().entries.keys()
    taken = document(
        found.text, str(found.date) if found.date else None, bytes_sha256=found.bytes_sha256,
        extractor=found.extractor, lang=found.lang, date_source=found.date_source,
    )  # fmt: skip
    said = Said("Norway will send 8 Leopard 2 tanks", quantity=80)
    folder = folder_of(tmp_path / "parts", [reading(taken, [said])])
    report = take(place, folder, clock)
    assert (report.documents, report.kept, report.reread) == (1, 1, 0)
    with Book.open(place, clock=clock) as book:
        assert book.ledger().entries.keys() == mine
    # Nor does a folder that came in before take back what was read anew since.
    take(place, old, clock)
    newer = [Reading(one.document, one.statements, "by-hand", "2", DIGEST) for one in everything()]
    again = take(place, folder_of(tmp_path / "newer", newer), clock)
    assert again.reread == len(newer)
    before = contents(place)
    assert take(place, old, clock).kept == len(newer)
    assert contents(place) == before


def test_what_was_altered_in_the_folder_is_left_out_and_told(
    place: str, tmp_path: Path, clock: Clock
) -> None:
    folder = folder_of(tmp_path / "parts", everything(), size=100)
    path = tmp_path / "parts" / part_name("statements", folder.parts[0].part)
    frame = pl.read_parquet(path)
    first = frame["document"][0]
    changed = pl.when(pl.col("document") == first).then(pl.lit("x") + pl.col("quote").str.slice(1))
    frame.with_columns(quote=changed.otherwise(pl.col("quote"))).write_parquet(path)
    report = take(place, folder, clock)
    assert report.new == len(everything()) - 1
    assert [one.code for one in report.told] == ["altered"]
    assert first in report.told[0].what
    with Store.open(place) as store:
        assert first not in {one.id for one in store.documents()}
        assert [one.code for one in store.problems()] == ["altered"]


def test_what_was_purged_stays_purged(place: str, tmp_path: Path, clock: Clock) -> None:
    told = everything()
    gone = told[0].document
    again = gone.model_copy(update={"origin": "again.txt"})
    folder = folder_of(tmp_path / "parts", told, copies=[(again, gone.id)])
    take(place, folder, clock)
    with Store.open(place, clock=clock) as store:
        store.purge(gone.id, by="me")
        before = contents(place)
    clock.advance(days=1)
    further = gone.model_copy(update={"origin": "once more.txt"})
    more = folder_of(tmp_path / "more", told, copies=[(further, gone.id)])
    assert take(place, more, clock).places == 0
    assert contents(place) == before


def test_problems_come_along_once(place: str, tmp_path: Path, clock: Clock) -> None:
    faults = [Problem(code="broken", what="it is cut off", source=f"{n}.pdf") for n in range(3)]
    folder = folder_of(tmp_path / "parts", everything(), problems=faults)
    assert take(place, folder, clock).problems == 3
    take(place, folder, clock)
    with Store.open(place) as store:
        assert sorted(one.source for one in store.problems()) == ["0.pdf", "1.pdf", "2.pdf"]


def test_the_day_of_an_undated_document_is_that_of_its_import(tmp_path: Path, clock: Clock) -> None:
    undated = report(Said("Norway will send eight tanks", quantity=8), date=None)
    clock.advance(days=3)
    take(tmp_path / "book.db", folder_of(tmp_path / "parts", [undated]), clock)
    with Store.open(tmp_path / "book.db") as store:
        (entry,) = store.entries()
    assert entry.counted == START.date() + dt.timedelta(days=3)
    assert not entry.dated


@on_sqlite
def test_the_command_tells_what_came_in(program: Program, new_aid: Path, parts: Path) -> None:
    out = program.well("import", "bulk", parts, "--db", new_aid)
    assert "31 documents: 31 new, 0 unchanged\n" in out
    assert "statements added, 1 further place, 1 problem\n" in out
    assert "31 documents: 0 new, 31 unchanged" in program.well(
        "import", "bulk", parts, "--db", new_aid
    )


def test_the_command_makes_no_book_of_nothing(program: Program) -> None:
    done = program("import", "bulk", "nowhere", "--db", program.home / "new.db")
    assert done.code == 2
    assert "there is no bulk reading here" in done.err
    assert not (program.home / "new.db").exists()
    done = program("import", "bulk", "nowhere", "--name", "2024", "--db", program.home / "new.db")
    assert done.code == 2
    assert "comes in as documents, not as a release" in done.err


def test_a_ledger_is_made_without_a_book(program: Program, tmp_path: Path) -> None:
    folder_of(tmp_path / "parts", everything())
    out = program.well("bulk-ledger", tmp_path / "parts", "--workers", "1", "-o", tmp_path / "out")
    assert out.startswith("13 commitments of 17 statements: 2 parts, 0 checks\n")
    assert (tmp_path / "out" / "ledger.json").exists()
    assert len(pl.read_parquet(tmp_path / "out" / "commitments" / "part-*.parquet")) == 13
