"""Books of every schema that was released are brought up to date with all that they hold."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from old_books import REVISIONS, lay_out, rows_as_they_are
from postgresql_server import PostgreSQL
from schemas import differences

from disks import as_nobody, can_mount, mounted
from engines import on_postgresql, on_sqlite
from making import Clock, Said, norway, release, report
from pledgebook.book import Book
from pledgebook.errors import BookError, BookLockedError
from pledgebook.exchange.backups.making import back_up
from pledgebook.exchange.backups.restoring import restore_backup
from pledgebook.ledger import schema
from pledgebook.ledger.access.records import Session
from pledgebook.ledger.engine import open_as_it_is, open_database
from pledgebook.ledger.search import indexing
from pledgebook.ledger.store import Store
from program import Inside

OLD = REVISIONS[:-1]
PASSWORD = "four plain words here"


@pytest.fixture
def old(request: pytest.FixtureRequest, bare_place: str, tmp_path: Path) -> str:
    """The place of a book of an old schema."""
    lay_out(request.param, bare_place, tmp_path)
    return bare_place


every = pytest.mark.parametrize("old", REVISIONS, indirect=True)
each_old = pytest.mark.parametrize("old", OLD, indirect=True)


def version_of(place: str) -> str | None:
    database, version = open_as_it_is(place)
    database.close()
    return version


@every
def test_nothing_is_lost(old: str) -> None:
    before = rows_as_they_are(old)
    assert all(before[table] for table in ("documents", "judgements", "purges", "problems"))
    Store.open(old).close()
    after = rows_as_they_are(old)
    for table, rows in before.items():
        [kept] = {frozenset(name for name, _ in row) for row in rows} or {frozenset()}
        narrowed: Counter[Any] = Counter()
        for row, count in after[table].items():
            narrowed[frozenset(pair for pair in row if pair[0] in kept)] += count
            # What it could not know is unknown, and no value was made up for it.
            assert all(value is None for name, value in row if name not in kept)
        assert narrowed == rows, table
    assert not any(rows for table, rows in after.items() if table not in before)


@every
def test_its_tables_are_those_of_a_new_book(old: str) -> None:
    database = open_database(old)
    with database.reading() as connection:
        assert differences(connection) == []
    for table in (schema.documents, schema.judgements, schema.releases, schema.activations):
        # A trigger looks at rows: a table without any has nothing to lose.
        with database.reading() as connection:
            empty = connection.execute(sa.select(table).limit(1)).first() is None
        if not empty:
            with (
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
                database.engine.begin() as raw,
            ):
                raw.execute(table.delete())
    database.close()
    assert version_of(old) == schema.SCHEMA_VERSION


@every
def test_the_ledger_is_the_same_on_either_engine_and_by_either_way(
    old: str, tmp_path: Path, clock: Clock
) -> None:
    back_up(old, tmp_path / "old.backup")
    assert version_of(old) == version_of(str(tmp_path / "old.backup"))
    restore_backup(tmp_path / "old.backup", tmp_path / "restored.db")
    with (
        Book.open(old, clock=clock) as book,
        Book.open(tmp_path / "restored.db", clock=clock) as other,
    ):
        assert book.ledger() == other.ledger()
        assert {one.donors for one in book.commitments()} >= {("NOR",), ("SWE",), ("FIN",)}
        # What was hidden and what was erased stay so; what was taken back is taken back.
        assert {"withdrawn", "purged"} <= {one.state for one in book.documents()}
        assert not any(one.donors in (("ESP",), ("ITA",)) for one in book.commitments())
        assert [one.revokes is not None for one in book.judgements()] == [0, 0, 1, 0]
        found = book.search("tanks", limit=100)
        assert found.total > 2
        assert found == other.search("tanks", limit=100)
        assert book.search("air defence").total == 0


@every
def test_it_goes_on_as_any_other(old: str, clock: Clock) -> None:
    clock.advance(days=365)
    with Book.open(old, clock=clock) as book:
        before = len(book.commitments())
        book.store.add([report(Said("Greece will send a corvette", actors=("GRC",)))])
        assert len(book.commitments()) == before + 1
        made = book.judge("wrong", book.commitments()[0].id, by="me")
        assert book.judgements()[-1].id == made.id
        assert book.store.add_release(release([norway()[1]]), by="me").new
        if "anna" in {one.name for one in book.gate.persons.all()}:
            assert isinstance(book.gate.sign_in("anna", PASSWORD, "here"), Session)


def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the migration that fills the search fail as a fault in the program would."""

    def broken(*_: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(indexing, "index_missing", broken)
    return monkeypatch.undo


def assert_shown(place: str, says: str, clock: Clock) -> None:
    """The book is shown, in all it holds, and refuses to be written, saying why in a sentence."""
    with Book.open(place, clock=clock) as book:
        told = book.store.read_only
        assert told is not None
        assert "\n" not in told
        assert "open for reading only" in told
        assert says in told
        assert {one.donors for one in book.commitments()} >= {("NOR",), ("SWE",), ("FIN",)}
        [norwegian] = [row for row in book.rows() if row.donor == "NOR"]
        assert book.why(norwegian.id).title
        before = book.ledger()
        for write in (
            lambda: book.store.add(norway()),
            lambda: book.judge("wrong", book.commitments()[0].id, by="me"),
            lambda: book.withdraw(book.documents()[0].id, by="me"),
            lambda: book.store.add_release(release([norway()[1]]), by="me"),
        ):
            with pytest.raises(BookError, match="open for reading only") as refused:
                write()
            assert str(refused.value) == told
        assert book.ledger() == before


def upgraded(place: str, clock: Clock) -> None:
    """Once nothing stands in the way, the book is as if nothing had been."""
    with Book.open(place, clock=clock) as book:
        assert book.store.read_only is None
        assert book.store.add([report(Said("Sweden will send a corvette"))]).new == 1


@pytest.mark.parametrize("old", ["0001", "0002"], indirect=True)
def test_a_migration_that_fails_leaves_a_book_to_read(
    old: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_as_they_are(old)
    version = version_of(old)
    undo = failing(monkeypatch)
    assert_shown(old, f"older Pledgebook ({version}", clock)
    assert_shown(old, "a fault of ours", clock)
    assert rows_as_they_are(old) == before
    assert version_of(old) == version
    undo()
    upgraded(old, clock)


@on_sqlite
@each_old
def test_a_disk_too_full_for_the_upgrade_leaves_a_book_to_read(
    old: str, clock: Clock, tmp_path: Path
) -> None:
    if not can_mount(tmp_path):
        pytest.skip("only who may mount has a disk that fills up")
    held = Path(old).read_bytes()
    with mounted(tmp_path / "tiny", len(held) // 1024 + 12) as disk:
        place = disk / "aid.db"
        place.write_bytes(held)
        assert_shown(str(place), "disk", clock)
        assert place.read_bytes()[100:] == held[100:]
        assert rows_as_they_are(str(place)) == rows_as_they_are(old)


@on_sqlite
@each_old
def test_an_old_book_that_cannot_be_written_is_shown(old: str, clock: Clock) -> None:
    path = Path(old)
    before = hashlib.sha256(path.read_bytes()).digest()
    path.chmod(0o444)
    with as_nobody(path.parent):
        assert_shown(old, "cannot be written", clock)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    path.chmod(0o644)
    upgraded(old, clock)


@on_postgresql
@each_old
def test_who_may_only_read_is_shown_an_old_book(
    old: str, clock: Clock, postgresql: PostgreSQL
) -> None:
    name = old.rpartition("/")[-1]
    postgresql.execute("CREATE ROLE onlooker LOGIN")
    postgresql.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker", database=name)
    try:
        assert_shown(postgresql.url(name, "onlooker"), "rights do not suffice", clock)
    finally:
        postgresql.execute("DROP OWNED BY onlooker", database=name)
        postgresql.execute("DROP ROLE onlooker")
    upgraded(old, clock)


@each_old
def test_a_book_that_another_process_is_upgrading_is_waited_for(old: str) -> None:
    """That passes by: it is told as a lock, and is no reason to show a copy."""
    database, version = open_as_it_is(old)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE pledgebook_schema SET version_num = version_num"))
        if "://" in old:
            connection.execute(sa.text("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(BookLockedError, match="another process"):
            Store.open(old, busy_timeout=0.2)
    database.close()
    assert version_of(old) == version


@on_sqlite
@pytest.mark.parametrize("old", ["0002"], indirect=True)
def test_the_commands_say_so_once(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch)
    inside = Inside()
    done = inside("status", "--db", old)
    assert done.code == 0
    assert "NOR" in done.out.upper()
    assert done.err.count("open for reading only") == 1
    refused = inside("judge", "wrong", "c", "--db", old)
    assert refused.code == 2
    read = inside("read", "-", "--db", old, stdin="Norway will send two tanks to Ukraine.")
    assert read.code == 2
    assert read.err.count("open for reading only") == 1
