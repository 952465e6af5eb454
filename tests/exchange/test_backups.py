"""A backup is all of a book at one instant, whoever writes to it, and restores to either engine."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import sqlite3
import stat
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgresql_server import PostgreSQL

from engines import POSTGRESQL, SQLITE, on_sqlite
from furnished import PASSWORD, everything_in, furnish, staff, watch
from making import Clock, Said, norway, report
from pledgebook.book import Book
from pledgebook.errors import (
    BookError,
    BookLockedError,
    BookVersionError,
    PledgebookError,
    SourceError,
    UsageError,
)
from pledgebook.exchange.backups import making, manifest, restoring
from pledgebook.exchange.backups.making import back_up
from pledgebook.exchange.backups.restoring import check_backup, restore_backup
from pledgebook.ledger.access.records import Session
from pledgebook.ledger.copying import contents_of
from pledgebook.ledger.schema import SCHEMA_VERSION
from pledgebook.ledger.store import Store
from program import Inside

READ_ONLY = 0o222


@pytest.fixture
def full(place: str, clock: Clock) -> Iterator[Book]:
    """A book with something in every table."""
    with Book.open(place, clock=clock) as book:
        furnish(book, clock)
        staff(book)
        watch(book, clock)
        yield book


@pytest.fixture
def address(full: Book) -> str:
    return full.store.database.address


@contextlib.contextmanager
def new_place(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Lend the place of a book that is not there yet, or a database without tables."""
    if engine == SQLITE:
        yield str(folder / "restored" / "book.db")
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


def one_sentence(error: pytest.ExceptionInfo[PledgebookError]) -> str:
    assert "\n" not in str(error.value)
    assert error.value.where
    assert error.value.mend
    return str(error.value)


@pytest.mark.parametrize("onto", [SQLITE, POSTGRESQL])
def test_everything_comes_back_table_by_table(
    onto: str,
    full: Book,
    address: str,
    clock: Clock,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    before = everything_in(full.store)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    backup = tmp_path / "aid.backup"
    made = back_up(address, backup, clock=clock)
    assert made.rows == sum(rows.total() for rows in before.values())
    assert made.schema == SCHEMA_VERSION
    assert made == check_backup(backup)
    with new_place(onto, request, tmp_path) as place:
        done = restore_backup(backup, place)
        assert (done.manifest, done.replaced, done.problems) == (made, None, ())
        with Book.open(place, clock=clock) as book:
            # Who was signed in has to sign in again.
            assert everything_in(book.store) == {**before, "sessions": Counter()}
            assert book.ledger() == full.ledger()
            assert book.rows()
            assert book.search("tanks", limit=100) == full.search("tanks", limit=100)
            assert isinstance(book.gate.sign_in("anna", PASSWORD, "here"), Session)
            # It goes on where the other one stopped: no number is given a second time.
            book.store.add([report(Said("Sweden will send a corvette", actors=("SWE",)))])
            book.judge("wrong", book.commitments()[0].id, by="me")
            book.withdraw(book.documents()[0].id, by="me")
            book.feeds.add("https://example.org/other.xml", by="me")
            assert book.search("corvette").total > 0


def test_a_token_lives_on(place: str, clock: Clock, tmp_path: Path) -> None:
    with Book.open(place, clock=clock) as book:
        secret = staff(book)
        book.back_up(tmp_path / "aid.backup")
    restore_backup(tmp_path / "aid.backup", tmp_path / "new.db")
    with Book.open(tmp_path / "new.db", clock=clock) as book:
        person = book.gate.person_of_token(secret)
        assert person is not None
        assert person.name == "anna"


def test_a_backup_can_be_looked_into_and_not_written_to(
    full: Book, address: str, clock: Clock, tmp_path: Path
) -> None:
    backup = tmp_path / "aid.backup"
    back_up(address, backup)
    assert stat.S_IMODE(backup.stat().st_mode) & (READ_ONLY | 0o077) == 0
    before = backup.read_bytes()
    with Book.open(backup, clock=clock) as book:
        assert book.ledger() == full.ledger()
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("aid.backup*")) == ["aid.backup"]


def keep_writing(place: str, begun: Any, enough: Any) -> None:  # noqa: ANN401 - events
    """Add documents by twos, each two in one transaction, until it is enough."""
    with Store.open(place) as store:
        for number in range(10_000):
            sides = ("first", "second")
            store.add([report(Said(f"Norway will send {number} tanks {side}")) for side in sides])
            begun.set()
            if enough.is_set():
                return


@contextlib.contextmanager
def busy(place: str) -> Iterator[None]:
    """Let another process write to a book the while."""
    context = multiprocessing.get_context("spawn")
    begun, enough = context.Event(), context.Event()
    writer = context.Process(target=keep_writing, args=(place, begun, enough), daemon=True)
    writer.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        enough.set()
        writer.join(60)
    assert writer.exitcode == 0


def test_a_backup_of_a_book_in_use_is_one_state_of_it(
    full: Book, address: str, tmp_path: Path
) -> None:
    base = {name: rows.total() for name, rows in everything_in(full.store).items()}
    with busy(address):
        for number in range(3):
            back_up(address, tmp_path / f"{number}.backup")
            time.sleep(0.1)
    seen = []
    for number in range(3):
        restore_backup(tmp_path / f"{number}.backup", tmp_path / f"{number}.db")
        with Store.open(tmp_path / f"{number}.db") as store:
            held = everything_in(store)
            written = held["documents"].total() - base["documents"]
            # A batch is there whole or not at all, in every table.
            assert written % 2 == 0
            for table in ("statements", "activations", "reading_runs", "locations"):
                assert held[table].total() - base[table] == written
            with store.database.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            seen.append(written)
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= everything_in(full.store)["documents"].total()


def test_files_beside_the_book_come_too(tmp_path: Path) -> None:
    book = tmp_path / "aid.db"
    with Store.open(book) as store:
        store.add(norway())
    catalogue = b'[[party]]\ncode = "ATL"\nname = "Atlantis"\nkind = "state"\n'
    (tmp_path / "aid.catalogue.toml").write_bytes(catalogue)
    plans = tmp_path / "aid.db.plans" / ".versions" / "one"
    plans.mkdir(parents=True)
    (plans / "1.toml").write_bytes(b"horizon = 1\r\n\x00")
    back_up(book, tmp_path / "aid.backup")
    done = restore_backup(tmp_path / "aid.backup", tmp_path / "new" / "other.db")
    assert done.problems == ()
    assert (tmp_path / "new" / "other.catalogue.toml").read_bytes() == catalogue
    restored = tmp_path / "new" / "other.db.plans" / ".versions" / "one" / "1.toml"
    assert restored.read_bytes() == b"horizon = 1\r\n\x00"
    # What is there stays, and is told.
    restored.write_bytes(b"mine")
    (tmp_path / "new" / "other.db").unlink()
    done = restore_backup(tmp_path / "aid.backup", tmp_path / "new" / "other.db")
    assert [problem.code for problem in done.problems] == ["beside"]
    assert "stays" in str(done.problems[0])
    assert restored.read_bytes() == b"mine"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "aid.db"
    with Store.open(path) as store:
        store.add(norway())
    return path


@pytest.fixture
def backup(book: Path) -> Path:
    path = book.with_name("aid.backup")
    back_up(book, path)
    return path


def held(path: Path) -> object:
    with Store.open(path) as store:
        return everything_in(store)


def test_nothing_is_overwritten_unasked(book: Path, backup: Path) -> None:
    first = backup.read_bytes()
    with pytest.raises(UsageError, match="there already") as told:
        back_up(book, backup)
    one_sentence(told)
    assert backup.read_bytes() == first
    with Store.open(book) as store:
        store.add([report(Said("Sweden will send a corvette"))])
    assert back_up(book, backup, force=True).tables["documents"].rows == 4
    before = held(book)
    with pytest.raises(BookError, match="there is a book already") as refused:
        restore_backup(backup, book)
    one_sentence(refused)
    assert held(book) == before
    with pytest.raises(UsageError, match="the book itself"):
        back_up(book, book, force=True)
    assert held(book) == before


def test_a_book_that_is_replaced_is_kept_beside(book: Path, backup: Path) -> None:
    with Store.open(book) as store:
        store.add([report(Said("Sweden will send a corvette"))])
    later = held(book)
    for number in (1, 2):
        done = restore_backup(backup, book, force=True)
        assert done.replaced == book.with_name(f"aid.db.replaced-{number}")
    assert held(book.with_name("aid.db.replaced-1")) == later
    with Store.open(book) as store:
        assert len(store.documents()) == 3


def test_a_damaged_book_is_replaced_too(book: Path, backup: Path) -> None:
    book.write_bytes(b"\xff" * 9000)
    book.with_name("aid.db-wal").write_bytes(b"what a crash left")
    done = restore_backup(backup, book, force=True)
    assert done.replaced is not None
    assert done.replaced.read_bytes() == b"\xff" * 9000
    assert done.replaced.with_name(f"{done.replaced.name}-wal").exists()
    with Store.open(book) as store:
        assert len(store.documents()) == 3


def test_a_book_that_somebody_has_open_is_not_replaced(book: Path, backup: Path) -> None:
    before = held(book)
    with busy(str(book)), pytest.raises(BookLockedError, match="has this book open") as told:
        restore_backup(backup, book, force=True)
    one_sentence(told)
    with Store.open(book) as idle:
        # It does nothing, but it has the book open.
        assert len(idle.documents()) > 3
        with pytest.raises(BookLockedError):
            restore_backup(backup, book, force=True)
    assert held(book) != before
    assert sorted(path.name for path in book.parent.iterdir()) == ["aid.backup", "aid.db"]


def test_the_log_of_another_book_is_not_taken_for_its_own(book: Path, backup: Path) -> None:
    book.unlink()
    book.with_name("aid.db-wal").write_bytes(b"what a crash left")
    with pytest.raises(BookError, match="log of another book") as told:
        restore_backup(backup, book)
    one_sentence(told)
    assert not book.exists()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE documents SET title = 'x' WHERE rowid = 2",
        "DELETE FROM activations WHERE number = 2",
        "DELETE FROM run_statements",
        "INSERT INTO purges VALUES ('d', 'x', 'x', 'x')",
        "ALTER TABLE locations DROP COLUMN name",
        "DROP TABLE prices",
        f"UPDATE {manifest.MANIFEST} SET body = replace(body, 'sqlite', 'sqlitE')",
        f"UPDATE {manifest.MANIFEST} SET body = '{{}}'",
        f"DELETE FROM {manifest.MANIFEST}",
        f"INSERT INTO {manifest.FILES} VALUES ('catalogue.toml', x'00')",
    ],
)
def test_a_backup_that_was_changed_is_refused(backup: Path, harm: str) -> None:
    backup.chmod(0o600)
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        for name, table in connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            assert table
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(harm)
        connection.commit()
    new = backup.with_name("new.db")
    for attempt in (check_backup, lambda path: restore_backup(path, new)):
        with pytest.raises(SourceError, match="damaged or was changed") as told:
            attempt(backup)
        one_sentence(told)
    assert not new.exists()
    assert not list(backup.parent.glob(".*.part"))


def test_a_flipped_bit_is_found(backup: Path) -> None:
    whole = backup.read_bytes()
    place = whole.index(b"Norway will send eight")
    backup.chmod(0o600)
    backup.write_bytes(whole[:place] + b"M" + whole[place + 1 :])
    with pytest.raises(SourceError, match="documents"):
        check_backup(backup)
    backup.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PledgebookError) as told:
        check_backup(backup)
    one_sentence(told)


def test_other_files_are_no_backup(book: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    (tmp_path / "junk").write_bytes(b"junk" * 2000)
    for path, says in ((book, "no backup"), (tmp_path / "junk", "no "), (tmp_path / "x", "not th")):
        with pytest.raises(PledgebookError, match=says) as told:
            restore_backup(path, new)
        one_sentence(told)
    assert not new.exists()
    with pytest.raises(BookError, match="there is no book") as none:
        back_up(tmp_path / "none.db", tmp_path / "b")
    one_sentence(none)
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "b").exists()


def test_a_backup_of_a_newer_pledgebook_is_refused(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SCHEMA_VERSION", "0001")
    with pytest.raises(BookVersionError, match="newer Pledgebook") as told:
        check_backup(backup)
    one_sentence(told)


def test_a_copy_that_is_not_like_the_book_gets_no_name(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def miscounted(connection: sa.Connection) -> dict[str, Any]:
        found = contents_of(connection)
        return found | {"documents": dataclasses.replace(found["documents"], rows=99)}

    monkeypatch.setattr(making, "contents_of", miscounted)
    with pytest.raises(BookError, match="not what is in the book") as told:
        back_up(book, book.with_name("x.backup"))
    one_sentence(told)
    assert [path.name for path in book.parent.iterdir()] == ["aid.db"]


def test_a_book_on_a_server_is_not_replaced(
    backup: Path, postgresql: PostgreSQL, clock: Clock
) -> None:
    with postgresql.database() as url:
        with Store.open(url, clock=clock) as store:
            store.add(norway()[:1])
            before = everything_in(store)
        with pytest.raises(BookError, match="holds a book already") as told:
            restore_backup(backup, url, force=True)
        one_sentence(told)
        with Store.open(url, clock=clock) as store:
            assert everything_in(store) == before


def test_an_empty_book_on_a_server_is_filled(
    backup: Path, book: Path, postgresql: PostgreSQL
) -> None:
    with postgresql.database() as url:
        Store.open(url).close()
        restore_backup(backup, url)
        with Store.open(url) as store:
            assert everything_in(store) == held(book)


@on_sqlite
@pytest.mark.usefixtures("aid")
def test_the_commands(inside: Inside) -> None:
    assert "written and checked" in inside.well("backup", "aid.db", "-o", "aid.backup")
    assert inside("backup", "--db", "aid.db", "-o", "aid.backup").code == 2
    assert "written" in inside.well("backup", "--db", "aid.db", "-o", "aid.backup", "--force")
    assert inside("backup", "aid.db", "--db", "aid.db", "-o", "x").code == 2
    assert "it is whole" in inside.well("restore", "aid.backup", "--check")
    assert "restored to" in inside.well("restore", "aid.backup", "new.db")
    shown = inside.well("status", "--db", "aid.db", "--format", "json")
    restored = inside.well("status", "--db", "new.db", "--format", "json")
    assert restored.replace("new.db", "aid.db") == shown
    assert "is kept" in inside.well("restore", "aid.backup", "new.db", "--force")
    bare = inside("restore", "aid.backup", "--db", "new.db")
    assert bare.code == 2
    assert "pledgebook restore aid.backup BOOK" in bare.err
    # A backup is a book to look into.
    looked = inside.well("status", "--db", "aid.backup", "--format", "json")
    assert looked.replace("aid.backup", "aid.db") == shown


def test_the_disk_fills_up_while_it_is_written(book: Path, tiny_disk: Path) -> None:
    target = tiny_disk / "aid.backup"
    with pytest.raises(PledgebookError) as told:
        back_up(book, target)
    assert "full" in one_sentence(told) or "space" in one_sentence(told)
    assert list(tiny_disk.iterdir()) == []
    new = tiny_disk / "new.db"
    kept = book.with_name("kept.backup")
    back_up(book, kept)
    with pytest.raises(PledgebookError) as told:
        restore_backup(kept, new)
    assert "full" in one_sentence(told) or "space" in one_sentence(told)
    assert list(tiny_disk.iterdir()) == []
