"""Open the database of a book: settings of each engine, migrations, and errors in plain words.

Whatever a driver raises leaves this room as a `BookError` that says which book and what to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from pledgebook.errors import BookError, BookLockedError, BookVersionError
from pledgebook.ledger.schema import SCHEMA_VERSION, VERSION_TABLE

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one before it gives up."""

_CONNECT_SECONDS = 10
_MIGRATION_LOCK = 0x706C6564  # any fixed number: PostgreSQL's advisory lock for opening a book


class Database:
    """A connection pool for one book, with transactions that speak plain errors."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the book; writers are not kept waiting."""
        with plain_errors(self.place), self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is durable on leaving, or none of it is there."""
        with plain_errors(self.place), self.engine.connect() as connection:
            connection = connection.execution_options(pledgebook_writes=True)
            with connection.begin():
                yield connection

    def run_outside_transaction(self, sql: str) -> None:
        """Run one statement that a transaction cannot hold (SQLite's PRAGMA)."""
        with plain_errors(self.place):
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(sql)
                cursor.close()
            except sqlite3.Error as error:
                raise DBAPIError(sql, None, error) from error
            finally:
                raw.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_database(path_or_url: str | Path, *, busy_timeout: float = BUSY_TIMEOUT) -> Database:
    """Open a book, creating or upgrading its tables; see `errors` for what it raises."""
    url = _url(path_or_url)
    place = url.database or "" if url.drivername == "sqlite" else url.render_as_string()
    database = Database(_engine(url, busy_timeout), place)
    try:
        _check_and_migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _url(path_or_url: str | Path) -> URL:
    text = str(path_or_url)
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    mend = "Give a file path, or a URL such as postgresql+psycopg://user@host/database"
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BookError("this is no database URL", where=text, mend=mend) from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database:
        return URL.create("sqlite", database=str(Path(url.database).expanduser().absolute()))
    if url.drivername != "postgresql+psycopg":
        raise BookError("a book is kept in SQLite or PostgreSQL", where=safe(text), mend=mend)
    return url


def safe(path_or_url: str | Path) -> str:
    """Return the name of a book without the password in its URL."""
    text = str(path_or_url)
    if "://" not in text:
        return text
    try:
        return make_url(text).render_as_string(hide_password=True)
    except ArgumentError:
        return text.split("@")[-1]


def _engine(url: URL, busy_timeout: float) -> Engine:
    if url.drivername == "sqlite":
        folder = Path(url.database or "").parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BookError(
                f"its folder cannot be made ({error.strerror})",
                where=url.database,
                mend="Choose a folder that you can write to",
            ) from error
        engine = sa.create_engine(url, connect_args={"timeout": busy_timeout})
        _prepare_sqlite(engine)
        return engine
    given = url.query.get("options", "")
    own = f"-c lock_timeout={int(busy_timeout * 1000)} -c timezone=UTC"
    options = " ".join([given if isinstance(given, str) else " ".join(given), own]).strip()
    arguments: dict[str, str | int] = {"options": options}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    try:
        return sa.create_engine(
            url,
            connect_args=arguments,
            pool_pre_ping=True,
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise BookError(
            "the PostgreSQL driver is not installed",
            where=url.render_as_string(),
            mend="Install pledgebook[postgresql]",
        ) from error


def _prepare_sqlite(engine: Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver would begin transactions of its own, and not before DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # INSERT OR REPLACE would pass by the triggers that forbid DELETE.
        cursor.execute("PRAGMA recursive_triggers = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("pledgebook_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_and_migrate(database: Database) -> None:
    with database.reading() as connection:
        version = _version(connection, database.place)
    if version == SCHEMA_VERSION:
        return
    if database.dialect == "sqlite":
        # The mode of the journal cannot change inside a transaction.
        database.run_outside_transaction("PRAGMA journal_mode = WAL")
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        _migrate(connection, _version(connection, database.place), database.place)


def _version(connection: Connection, place: str) -> str | None:
    """Return the revision of the book, None for an empty database; refuse anything else."""
    tables = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        version = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
        return None if version is None else str(version)
    if tables:
        raise BookError(
            "this database holds other tables and is no Pledgebook book; it was left as it is",
            where=place,
            mend="Give another path, or an empty database, for the book",
        )
    return None


def _migrate(connection: Connection, version: str | None, place: str) -> None:
    if version == SCHEMA_VERSION:
        return
    # Only a book that is new or old pays for importing Alembic.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise BookVersionError(
            f"this book was written by a newer Pledgebook (its schema is {version}, "
            f"this one knows up to {SCHEMA_VERSION})",
            where=place,
            mend="Upgrade Pledgebook: pip install -U pledgebook",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def plain_errors(place: str) -> Iterator[None]:
    """Turn what a driver raises into a `BookError` about the book at `place`."""
    try:
        yield
    except DBAPIError as error:
        translated = _translate(error, place)
        if translated is None:
            raise
        raise translated from error


_LOCKED = "another process is writing to the book and did not finish in time"
_LOCKED_MEND = "Wait for it to finish, or stop it, and try again; nothing was lost"
_FULL = "the disk is full; what was confirmed before is safe"
_FULL_MEND = "Free some space and read the same sources again"
_READ_ONLY = "the book cannot be written"
_READ_ONLY_MEND = "Check the rights on the file and its folder, or copy the book elsewhere"
_BROKEN = "this file is no Pledgebook book, or it is damaged; it was left as it is"
_BROKEN_MEND = "Give another path, or restore the book from a copy"

_SQLITE: dict[int, tuple[type[BookError], str, str]] = {
    sqlite3.SQLITE_BUSY: (BookLockedError, _LOCKED, _LOCKED_MEND),
    sqlite3.SQLITE_LOCKED: (BookLockedError, _LOCKED, _LOCKED_MEND),
    sqlite3.SQLITE_FULL: (BookError, _FULL, _FULL_MEND),
    sqlite3.SQLITE_IOERR: (BookError, "reading or writing the disk failed", _FULL_MEND),
    sqlite3.SQLITE_READONLY: (BookError, _READ_ONLY, _READ_ONLY_MEND),
    sqlite3.SQLITE_PERM: (BookError, _READ_ONLY, _READ_ONLY_MEND),
    sqlite3.SQLITE_CANTOPEN: (BookError, "the book cannot be opened", _READ_ONLY_MEND),
    sqlite3.SQLITE_NOTADB: (BookError, _BROKEN, _BROKEN_MEND),
    sqlite3.SQLITE_CORRUPT: (BookError, _BROKEN, _BROKEN_MEND),
}

_POSTGRESQL: dict[str, tuple[type[BookError], str, str]] = {
    "55P03": (BookLockedError, _LOCKED, _LOCKED_MEND),
    "40P01": (BookLockedError, _LOCKED, _LOCKED_MEND),
    "53100": (BookError, _FULL, _FULL_MEND),
    "25006": (BookError, _READ_ONLY, _READ_ONLY_MEND),
    "42501": (BookError, _READ_ONLY, "Ask the owner of the database for the rights"),
}


def _translate(error: DBAPIError, place: str) -> BookError | None:
    cause = error.orig
    known: tuple[type[BookError], str, str] | None = None
    if isinstance(cause, sqlite3.Error):
        # Extended codes carry the plain one in their low byte.
        known = _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    else:
        known = _POSTGRESQL.get(getattr(cause, "sqlstate", None) or "")
    if known is not None:
        kind, what, mend = known
        return kind(what, where=place, mend=mend)
    if isinstance(error, OperationalError):
        return BookError(
            f"the database failed: {str(cause).strip().splitlines()[0] if str(cause) else cause!r}",
            where=place,
            mend="Check that the address is right and that the server is running",
        )
    return None
