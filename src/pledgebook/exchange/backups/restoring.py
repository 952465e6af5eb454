"""Restore a book from its backup, into a file or into an empty database on a server.

Invariants: the backup is checked first, and what was restored is checked against it before it bears
the book's name or is committed. Nothing is replaced unasked; what is replaced is kept beside.
Nobody stays signed in: sessions are left out.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from pledgebook.errors import BookError, BookLockedError, BookVersionError, Problem, SourceError
from pledgebook.exchange.backups.beside import lay_beside
from pledgebook.exchange.backups.manifest import FILES, MANIFEST, Manifest, check, read_manifest
from pledgebook.exchange.safely import new_file
from pledgebook.ledger.access.tables import sessions
from pledgebook.ledger.copying import copy_rows, present_columns
from pledgebook.ledger.database import Database
from pledgebook.ledger.engine import BUSY_TIMEOUT, open_as_it_is
from pledgebook.ledger.faults import plain_errors
from pledgebook.ledger.place import file_of
from pledgebook.ledger.schema import SCHEMA_VERSION
from pledgebook.ledger.sqlite_files import connected_by, log_of, sqlite_engine
from pledgebook.ledger.upgrading import lock_for_upgrade, upgrade

__all__ = ["Recovered", "check_backup", "restore_backup"]

_HEAD = b"SQLite format 3\x00"
_NO_BACKUP = "Give a file that `pledgebook backup` wrote"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was restored: what the backup says of itself, and where the book is now.

    `replaced` is where the book lies that was there before. `problems` are files of the backup that
    could not be laid beside the book.
    """

    manifest: Manifest
    place: str
    replaced: Path | None = None
    problems: tuple[Problem, ...] = field(default=())


def check_backup(path: str | Path) -> Manifest:
    """Go through a backup, every row of it, and return what it says of itself.

    Raises SourceError where it is none, or is damaged.
    """
    source = Path(path).expanduser().absolute()
    with _opened(source) as connection:
        return _checked(connection, source)[0]


def restore_backup(path: str | Path, book: str | Path, *, force: bool = False) -> Recovered:
    """Make a book from a backup: a new file, or the tables of an empty database.

    `force` lets it take the place of a file that nobody has open, which is kept beside it. Raises
    SourceError where the backup is none or damaged, BookError where the book cannot be made.
    """
    source = Path(path).expanduser().absolute()
    target = file_of(book)
    with _opened(source) as connection:
        manifest, files = _checked(connection, source)
        if target is None:
            place, replaced = _onto_server(connection, manifest, str(book), source), None
        else:
            place, replaced = str(target), _into_file(manifest, source, target, force=force)
    problems = lay_beside(place, files, str(source))
    return Recovered(manifest, place, replaced, tuple(problems))


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[Connection]:
    if not source.is_file():
        raise SourceError("it is not there", where=str(source), mend="Check the path")
    if log_of(source).exists() and log_of(source).stat().st_size:
        what = "this file is being written as a book, and is no backup that was left as it was"
        raise SourceError(what, where=str(source), mend=_NO_BACKUP)
    address = f"file:{quote(str(source))}?immutable=1"
    engine = connected_by(lambda: sqlite3.connect(address, uri=True, check_same_thread=False))
    try:
        with plain_errors(str(source)), engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _checked(connection: Connection, source: Path) -> tuple[Manifest, dict[str, bytes]]:
    try:
        sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        manifest, files = read_manifest(connection, str(source))
    except sa.exc.DatabaseError as error:
        what = f"this is no backup of a book, or it is damaged ({error.orig})"
        raise SourceError(what, where=str(source), mend=_NO_BACKUP) from error
    if sound != "ok":
        what = f"this backup is damaged ({str(sound).splitlines()[0]})"
        raise SourceError(what, where=str(source), mend="Take another backup")
    if manifest.schema > SCHEMA_VERSION:
        raise BookVersionError(
            f"this backup is of a book of a newer Pledgebook ({manifest.program})",
            where=str(source),
            mend="Upgrade Pledgebook: pip install -U pledgebook",
        )
    check(connection, manifest, str(source))
    return manifest, files


def _onto_server(source: Connection, manifest: Manifest, book: str, path: Path) -> str:
    database, schema = open_as_it_is(book)
    try:
        with database.writing() as connection:
            lock_for_upgrade(connection)
            if schema is None:
                upgrade(connection, database.place, to=manifest.schema)
            elif schema < manifest.schema or _holds_rows(connection):
                raise BookError(
                    "this database holds a book already, and a book on a server is not replaced",
                    where=database.place,
                    mend="Create another database, and restore into that",
                )
            copy_rows(source, connection)
            check(connection, manifest, str(path))
            _forget_sessions(connection)
            upgrade(connection, database.place)
    finally:
        database.close()
    return database.place


def _holds_rows(connection: Connection) -> bool:
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first()
        for name in present_columns(connection)
    )


def _into_file(manifest: Manifest, source: Path, target: Path, *, force: bool) -> Path | None:
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise BookError("it is no ordinary file and is left as it is", where=str(target))
    if target.exists() and target.samefile(source):
        raise BookError("this is the backup itself", where=str(target), mend="Give another path")
    if target.exists() and not force:
        what = "there is a book already, and it was left as it is"
        mend = "Give another path, or --force: it is kept beside the restored one"
        raise BookError(what, where=str(target), mend=mend)
    if not target.exists() and log_of(target).exists():
        what = f"the log of another book lies there: {log_of(target).name}"
        raise BookError(what, where=str(target), mend="Move it away, or give another path")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"its folder cannot be made ({error.strerror})"
        mend = "Choose a folder that you can write to"
        raise BookError(what, where=str(target), mend=mend) from error
    with new_file(target, force=force) as part:
        with plain_errors(str(target)):
            _fill(manifest, source, part, target)
        return _set_aside(target) if target.exists() else None


def _fill(manifest: Manifest, source: Path, part: Path, target: Path) -> None:
    address = f"file:{quote(str(source))}?immutable=1"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True)) as here,
        contextlib.closing(sqlite3.connect(part, isolation_level=None)) as there,
    ):
        try:
            here.backup(there)
        except sqlite3.Error as error:
            raise sa.exc.DBAPIError("restore", None, error) from error
    copy = Database(
        sqlite_engine(URL.create("sqlite", database=str(part)), BUSY_TIMEOUT), str(target)
    )
    try:
        with copy.writing() as connection:
            for name in (MANIFEST, FILES):
                connection.execute(sa.text(f"DROP TABLE {name}"))
            check(connection, manifest, str(source))
            _forget_sessions(connection)
        copy.run_outside_transaction("PRAGMA journal_mode = WAL")
    finally:
        copy.close()


def _forget_sessions(connection: Connection) -> None:
    """Let nobody stay signed in who may have signed out since."""
    if sessions.name in sa.inspect(connection).get_table_names():
        connection.execute(sessions.delete())


def _set_aside(target: Path) -> Path:
    """Keep a book that is to be replaced under another name. Raises BookLockedError.

    The name is another one beside the first: there is a book under that one at every instant.
    """
    _require_alone(target)
    number = 1
    while (kept := target.with_name(f"{target.name}.replaced-{number}")).exists():
        number += 1
    try:
        os.link(target, kept)
    except OSError:
        target.rename(kept)
    for ending in ("-wal", "-shm"):
        left = target.with_name(f"{target.name}{ending}")
        if left.exists():
            left.rename(kept.with_name(f"{kept.name}{ending}"))
    return kept


def _require_alone(target: Path) -> None:
    with target.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            # To open what is damaged would throw away the log that lies beside it.
            return
    with contextlib.closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as held:
        try:
            # Others that have it open keep it in this mode; alone, the log is written back.
            held.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return
            what = "another process has this book open, and it was left as it is"
            mend = "End it (`pledgebook serve`, a reading), and restore again"
            raise BookLockedError(what, where=str(target), mend=mend) from error
        except sqlite3.DatabaseError:
            # It is damaged, or no book: a reason to restore.
            return
