"""Make a backup of a book that may be in use.

Invariants: it is the book at one instant, whatever is written meanwhile, and nobody is kept
waiting. It is checked against the book before it bears its name, and never takes another file's
place unasked. A book of an older Pledgebook is backed up as it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from importlib.metadata import version as installed
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from pledgebook.errors import BookError, SourceError
from pledgebook.exchange.backups.beside import files_beside
from pledgebook.exchange.backups.manifest import Manifest, check, sha256_of, write_manifest
from pledgebook.exchange.safely import new_file
from pledgebook.ledger.copying import Contents, contents_of, copy_rows
from pledgebook.ledger.database import Database
from pledgebook.ledger.engine import BUSY_TIMEOUT, open_as_it_is, safe
from pledgebook.ledger.faults import plain_errors
from pledgebook.ledger.place import file_of
from pledgebook.ledger.sqlite_files import log_of, sqlite_engine
from pledgebook.ledger.store import Clock, utc_now
from pledgebook.ledger.upgrading import upgrade

__all__ = ["back_up"]


def back_up(
    book: str | Path, path: str | Path, *, force: bool = False, clock: Clock = utc_now
) -> Manifest:
    """Write all of a book to one file, and check it; others may read and write the book meanwhile.

    `book` is a path or a database URL. `force` replaces a file that is there. Raises BookError
    where there is no book or it cannot be read, UsageError where the file cannot be written.
    """
    own = file_of(book)
    if own is not None and not own.exists():
        raise BookError("there is no book", where=str(own), mend="Check the path")
    target = Path(path).expanduser().absolute()
    never = () if own is None else (own, log_of(own))
    database, schema = open_as_it_is(book)
    try:
        if schema is None:
            raise BookError("there is no book in it", where=safe(book), mend="Check the address")
        with new_file(target, force=force, never=never) as part:
            # Hashes of passwords are in it: nobody else is to read it.
            part.touch(mode=0o600)
            made = _write(database, schema, part, target, clock)
        # It is not to be changed by opening it as a book.
        with contextlib.suppress(OSError):
            target.chmod(0o400)
        _settle(target.parent)
        return made
    finally:
        database.close()


def _write(database: Database, schema: str, part: Path, target: Path, clock: Clock) -> Manifest:
    made_at = clock()
    with database.reading() as source, plain_errors(str(target)):
        kept = _copied(source, schema, part)
    files = files_beside(database.place)
    manifest = Manifest(
        made_at=made_at,
        program=installed("pledgebook"),
        schema=schema,
        engine=database.dialect,
        tables=kept,
        files={name: sha256_of(content) for name, content in files.items()},
    )
    copy = Database(_engine(part), str(target))
    try:
        with copy.writing() as connection:
            write_manifest(connection, manifest, files)
        with copy.reading() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if sound != "ok":
                raise BookError(f"the copy is not sound ({sound})", where=str(target))
            check(connection, manifest, str(target))
    except SourceError as error:
        what = "what was written is not what is in the book: the disk may be failing"
        raise BookError(what, where=str(target), mend="Write it to another disk") from error
    finally:
        copy.close()
    return manifest


def _copied(source: Connection, schema: str, part: Path) -> dict[str, Contents]:
    """Copy a book as one reader sees it; return what its tables hold."""
    if source.dialect.name == "sqlite":
        _copy_pages(source, part)
        # Of the very state that the pages were copied from: the reader still stands in it.
        return contents_of(source)
    engine = _engine(part)
    try:
        with engine.begin() as target:
            upgrade(target, str(part), to=schema)
            return copy_rows(source, target)
    finally:
        engine.dispose()


def _copy_pages(source: Connection, part: Path) -> None:
    # The first question fixes the state that is seen, also by what copies the pages.
    source.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    here = source.connection.dbapi_connection
    assert isinstance(here, sqlite3.Connection)
    with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as there:
        try:
            here.backup(there)
            # One file is all of it, wherever it is taken to.
            there.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise sa.exc.DBAPIError("backup", None, error) from error


def _engine(part: Path) -> sa.Engine:
    return sqlite_engine(URL.create("sqlite", database=str(part)), BUSY_TIMEOUT)


def _settle(folder: Path) -> None:
    """Write the new name to the disk; not every system can, or needs to."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
