"""A book that cannot be written, or not be brought up to date, is opened for reading.

What the file holds is shown whole: what was confirmed and still lies in the write-ahead log too.
Nothing is written to the book or beside it. A book whose tables are those of an older Pledgebook is
shown from a copy of its rows in memory, with the tables of today.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.errors import BookError, BookLockedError, PledgebookError
from pledgebook.ledger.access.tables import access_metadata
from pledgebook.ledger.copying import copy_rows
from pledgebook.ledger.database import Database
from pledgebook.ledger.feeds.tables import feeds_metadata
from pledgebook.ledger.schema import SCHEMA_VERSION, VERSION_TABLE, metadata
from pledgebook.ledger.search.tables import create_index, search_metadata
from pledgebook.ledger.sqlite_files import connected_by, log_of
from pledgebook.ledger.upgrading import version_of

__all__ = ["opened_as_it_is", "shown_from_a_copy", "unwritable"]

_READ_ONLY = "it is open for reading only, because "
_RIGHTS = "Check the rights on the file and its folder, or copy the book elsewhere"
_REPORT = "Report it; the book was left as it is"


def unwritable(place: str) -> BookError | None:
    """Return why nothing can be written to a file, None where it can."""
    path = Path(place)
    effective = os.access in os.supports_effective_ids
    if os.access(path, os.W_OK, effective_ids=effective):
        if os.access(path.parent, os.W_OK, effective_ids=effective):
            return None
        what = "nothing can be written in its folder"
    else:
        what = "its file cannot be written"
    return BookError(f"{_READ_ONLY}{what}", where=place, mend=_RIGHTS)


def opened_as_it_is(place: str, error: BookError) -> tuple[Database, str] | None:
    """Open a file that the usual way cannot, for reading, and return it with its revision.

    `error` is what the usual way met. Returns None where that does not do either, or there is no
    book in the file.
    """
    path = Path(place)
    if not path.is_file():
        return None
    # Where a file is left of the whole in its last state, one that nobody writes is that state.
    ways = (_from_scratch_copy,) if _holds_more(path) else (_unchanging,)
    for way in ways:
        with contextlib.suppress(BookError, OSError):
            database = way(path)
            try:
                with database.reading() as connection:
                    version = version_of(connection, place)
            except BaseException:
                database.close()
                raise
            if version is None:
                database.close()
                return None
            what = f"{_READ_ONLY}{error.what}"
            database.refusal = BookError(what, where=place, mend=error.mend)
            return database, version
    return None


def shown_from_a_copy(
    database: Database, version: str | None, error: Exception | None = None
) -> Database:
    """Show a book that cannot be brought up to date from a copy with the tables of today.

    `error` says why it cannot. Raises BookError where the book holds something that this
    Pledgebook does not know, or the copy cannot be made.
    """
    refusal = _outdated(database, version, error)
    anchor, connect = _in_memory()
    shown = Database(connected_by(connect), database.place, refusal=refusal, release=anchor.close)
    try:
        with shown.engine.begin() as target, _any_reading(database) as source:
            _make_tables(target)
            copy_rows(source, target)
    except Exception as second:
        shown.close()
        if isinstance(error, BookError):
            raise error from second
        told = BookError(refusal.what.removeprefix(_READ_ONLY), where=refusal.where)
        raise told from (error or second)
    finally:
        database.close()
    return shown


@contextlib.contextmanager
def _any_reading(database: Database) -> Iterator[Connection]:
    """Read a book, without making a file beside it where that fails: the disk may be full."""
    try:
        with database.reading() as connection:
            version_of(connection, database.place)
    except BookError as error:
        database.close()
        found = opened_as_it_is(database.place, error)
        if found is None:
            raise
        with contextlib.closing(found[0]) as other, other.reading() as connection:
            yield connection
        return
    with database.reading() as connection:
        yield connection


def _outdated(database: Database, version: str | None, error: Exception | None) -> BookError:
    told = database.refusal if error is None else error
    if isinstance(told, PledgebookError):
        why, mend = told.what.removeprefix(_READ_ONLY), told.mend
    else:
        why, mend = f"{type(told).__name__}: {told}".splitlines()[0], _REPORT
    what = (
        f"{_READ_ONLY}its tables are those of an older Pledgebook ({version}, today's are "
        f"{SCHEMA_VERSION}) and could not be brought up to date ({why})"
    )
    return BookError(what, where=database.place, mend=mend)


def _make_tables(connection: Connection) -> None:
    """Make the tables of today, without the migrations: it may be they that fail."""
    for one in (metadata, access_metadata, feeds_metadata):
        one.create_all(connection)
    connection.execute(sa.text(f"CREATE TABLE {VERSION_TABLE} (version_num TEXT NOT NULL)"))
    row = sa.table(VERSION_TABLE, sa.column("version_num"))
    connection.execute(row.insert().values(version_num=SCHEMA_VERSION))
    # Without it, all but the search works.
    with contextlib.suppress(PledgebookError, sa.exc.DBAPIError), connection.begin_nested():
        create_index(connection)
        search_metadata.create_all(connection)


def _in_memory() -> tuple[sqlite3.Connection, Callable[[], sqlite3.Connection]]:
    """Return a connection that keeps a new database in memory, and what makes further ones."""
    address = f"file:pledgebook-{uuid.uuid4().hex}?mode=memory&cache=shared"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    return connect(), connect


def _holds_more(path: Path) -> bool:
    log = log_of(path)
    return log.exists() and log.stat().st_size > 0


def _unchanging(path: Path) -> Database:
    """Open a file that nobody writes, without making another beside it."""
    seen = path.stat()

    def unchanged() -> None:
        now = path.stat()
        if (now.st_mtime_ns, now.st_size) != (seen.st_mtime_ns, seen.st_size) or _holds_more(path):
            what = "another process has written to the book, which is open here for reading only"
            raise BookLockedError(what, where=str(path), mend="Open it again")

    address = f"file:{quote(str(path))}?immutable=1"
    engine = connected_by(lambda: sqlite3.connect(address, uri=True, check_same_thread=False))
    return Database(engine, str(path), unchanged=unchanged)


def _from_scratch_copy(path: Path) -> Database:
    """Open a copy of a file and its log, which can be read only in a folder of their own."""
    folder = tempfile.mkdtemp(prefix="pledgebook-")
    try:
        copy = Path(folder) / "book.db"
        shutil.copyfile(path, copy)
        shutil.copyfile(log_of(path), log_of(copy))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    engine = connected_by(lambda: sqlite3.connect(copy, check_same_thread=False))
    return Database(engine, str(path), release=lambda: shutil.rmtree(folder, ignore_errors=True))
