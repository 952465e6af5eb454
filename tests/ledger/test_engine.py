"""A book that cannot be opened or written says so, and is left as it was."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from schemas import differences

from engines import on_postgresql
from making import Said, norway, report, unique
from pledgebook.errors import BookError, BookLockedError, BookVersionError
from pledgebook.ledger import engine, schema
from pledgebook.ledger.engine import open_database, safe
from pledgebook.ledger.store import Store

MIGRATIONS = Path(engine.__file__).parent / "migrations"


def test_the_schema_is_what_the_migrations_make(bare_place: str) -> None:
    database = open_database(bare_place)
    with database.reading() as connection:
        assert differences(connection) == []
    database.close()


def test_the_program_writes_the_newest_schema() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [schema.SCHEMA_VERSION]


def test_a_book_of_a_newer_schema_is_refused_and_kept(store: Store, place: str) -> None:
    store.add(norway())
    database = open_database(place)
    with database.writing() as connection:
        connection.execute(sa.text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'"))
    database.close()
    with pytest.raises(BookVersionError, match="newer Pledgebook") as caught:
        Store.open(place)
    assert caught.value.where == safe(place)
    assert "Upgrade" in str(caught.value)
    assert len(store.entries()) == 7


def test_a_database_of_something_else_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(BookError, match="no Pledgebook book") as caught:
        Store.open(path)
    assert caught.value.mend
    assert path.read_bytes() == before


@pytest.mark.parametrize("junk", [b"junk" * 1000, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.db"
    path.write_bytes(junk)
    with pytest.raises(BookError, match=r"no Pledgebook book|cannot be opened"):
        Store.open(path)
    assert path.read_bytes() == junk


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    Store.open(tmp_path / "new" / "folder" / "book.db").close()
    assert (tmp_path / "new" / "folder" / "book.db").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BookError, match="folder cannot be made"):
        Store.open(tmp_path / "file" / "book.db")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://user:secret@host/db", "SQLite or PostgreSQL"),
        ("://nothing", "no database URL"),
        ("postgresql://user:secret@127.0.0.1:1/db", "cannot be reached"),
        ("postgresql://127.0.0.1:1/db?user=a&password=secret", "cannot be reached"),
    ],
)
def test_other_addresses_are_refused_without_telling_passwords(address: str, says: str) -> None:
    with pytest.raises(BookError, match=says) as caught:
        Store.open(address)
    assert "secret" not in str(caught.value)


def test_a_url_opens_the_file_that_it_names(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path}/book.db").close()
    assert (tmp_path / "book.db").exists()


def test_the_settings_that_make_a_confirmed_reading_durable_hold(tmp_path: Path) -> None:
    database = open_database(tmp_path / "book.db")
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("holding", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"holding\n"
        yield
        assert holder.stdin is not None
        holder.stdin.close()


def test_a_book_that_another_process_holds_is_locked_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with Store.open(path, busy_timeout=0.2) as store:
        store.add(norway()[:1])
        with held_by_another_process(path):
            with pytest.raises(BookLockedError, match="another process") as caught:
                store.add(norway())
            assert caught.value.where == str(path)
            # Reading goes on meanwhile.
            assert len(store.entries()) == 2
        assert store.add(norway()).new == 2


@on_postgresql
def test_a_locked_table_is_a_locked_book(store: Store, place: str) -> None:
    database = open_database(place)
    with database.writing() as connection:
        connection.execute(sa.text("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE"))
        with Store.open(place, busy_timeout=0.2) as waiting, pytest.raises(BookLockedError):
            waiting.add(norway())
    database.close()
    assert store.add(norway()).new == 3


def test_a_full_disk_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with Store.open(path) as store:
        store.add(norway())
        confirmed = store.entries()
        pages = _pragma(store, "page_count")

        @sa.event.listens_for(store._database.engine, "checkout")
        def _limit(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")

        large = report(Said("Sweden will give ten tanks", quantity=10), lead="x " * 50_000)
        with pytest.raises(BookError, match="disk is full") as caught:
            store.add([large])
        assert "Free some space" in str(caught.value)
        assert store.entries() == confirmed
    with Store.open(path) as store:
        assert store.entries() == confirmed
        assert store.add([large]).new == 1


def _pragma(store: Store, name: str) -> int:
    with store._database.reading() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)


def _open_and_close(place: str) -> None:
    Store.open(place).close()


def test_several_processes_may_open_a_new_book_at_once(bare_place: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open_and_close, args=(bare_place,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Store.open(bare_place) as store:
        assert store.add([report(Said(unique("Norway sends tanks")))]).new == 1
