"""Open the database of a book: settings of each engine, migrations, and errors in plain words.

Whatever a driver raises leaves this room as a `BookError` that says which book and what to do.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from pledgebook.errors import BookError, BookVersionError
from pledgebook.ledger.faults import plain_errors
from pledgebook.ledger.schema import SCHEMA_VERSION, VERSION_TABLE

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one before it gives up."""

_SERVER_SECONDS = 600
"""Seconds that a question may take, or a transaction may wait for this program, on a server."""

_CONNECT_SECONDS = 10
_CONNECTIONS = 5
_MIGRATION_LOCK = 0x706C6564  # any fixed number: PostgreSQL's advisory lock for opening a book

# What they would say of a lost connection on standard error is said by our own error.
for _logger in ("psycopg", "sqlalchemy.pool"):
    logging.getLogger(_logger).addHandler(logging.NullHandler())


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
                # All that is asked is answered from one view. No such reader can fail by a writer.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Lend a view for one single question: over a network it is one round trip, not four."""
        if self.dialect != "postgresql":
            with self.reading() as connection:
                yield connection
            return
        with plain_errors(self.place), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is durable on leaving, or none of it is there."""
        with plain_errors(self.place), self.engine.connect() as connection:
            connection = connection.execution_options(pledgebook_writes=True)
            if self.dialect == "postgresql":
                # A writer that waited for another has to see what that one wrote.
                connection = connection.execution_options(isolation_level="READ COMMITTED")
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
    place = url.database or "" if url.drivername == "sqlite" else _shown(url)
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
        return _shown(make_url(text))
    except ArgumentError:
        return text.split("@")[-1]


def _shown(url: URL) -> str:
    hidden = dict.fromkeys({"password", "sslpassword"} & set(url.query), "***")
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


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
        # A connection to a file costs little: no thread waits for another one's.
        engine = sa.create_engine(url, connect_args={"timeout": busy_timeout}, max_overflow=-1)
        _prepare_sqlite(engine)
        return engine
    try:
        return sa.create_engine(
            url,
            connect_args=_session(url, busy_timeout),
            # A connection that died while nobody used it is replaced before it is used.
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_use_lifo=True,
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise BookError(
            "the PostgreSQL driver is not installed",
            where=_shown(url),
            mend="Install pledgebook[postgresql]",
        ) from error


def _session(url: URL, busy_timeout: float) -> dict[str, str | int]:
    """Return the settings of a session on a server; what the URL says of them prevails."""
    given = url.query.get("options", "")
    milliseconds = {
        "lock_timeout": busy_timeout * 1000,
        "statement_timeout": _SERVER_SECONDS * 1000,
        "idle_in_transaction_session_timeout": _SERVER_SECONDS * 1000,
    }
    options = [f"-c {name}={round(value)}" for name, value in milliseconds.items()]
    # What was confirmed is on the disk, also where the server is set to confirm earlier.
    options.append("-c synchronous_commit=on")
    options += [given] if isinstance(given, str) else given
    # Numbers and times come back as they were given, whatever the role's own settings.
    options.append("-c timezone=UTC -c extra_float_digits=1 -c datestyle=ISO")
    settings: dict[str, str | int] = {
        "fallback_application_name": "pledgebook",
        "connect_timeout": _CONNECT_SECONDS,
        # A server that went away without a word is noticed within two minutes.
        "keepalives_idle": 60,
        "keepalives_interval": 15,
        "keepalives_count": 4,
        "tcp_user_timeout": 120_000,
    }
    own = {name: value for name, value in settings.items() if name not in url.query}
    return own | {"options": " ".join(filter(None, options)), "client_encoding": "utf8"}


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
    if connection.dialect.name == "postgresql":
        _check_encoding(connection, place)
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


def _check_encoding(connection: Connection, place: str) -> None:
    encoding = connection.execute(sa.text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise BookError(
            f"this database keeps texts as {encoding}, which cannot hold all of Unicode",
            where=place,
            mend="Create one for the book with: createdb -E UTF8 -T template0 NAME",
        )
