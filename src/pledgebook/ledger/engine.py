"""Open the database of a book: settings of each engine, migrations, and errors in plain words.

Whatever a driver raises leaves this room as a `BookError` that says which book and what to do. A
book that is there but cannot be written, or cannot be brought up to date, is open for reading only.
"""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from pledgebook.errors import BookError, BookLockedError, BookVersionError
from pledgebook.ledger.database import Database
from pledgebook.ledger.rescuing import opened_as_it_is, shown_from_a_copy, unwritable
from pledgebook.ledger.schema import SCHEMA_VERSION
from pledgebook.ledger.sqlite_files import sqlite_engine
from pledgebook.ledger.upgrading import lock_for_upgrade, upgrade, version_of

__all__ = ["BUSY_TIMEOUT", "Database", "open_as_it_is", "open_database", "safe"]

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one before it gives up."""

_SERVER_SECONDS = 600
"""Seconds that a question may take, or a transaction may wait for this program, on a server."""

_CONNECT_SECONDS = 10
_CONNECTIONS = 5

# What they would say of a lost connection on standard error is said by our own error.
for _logger in ("psycopg", "sqlalchemy.pool"):
    logging.getLogger(_logger).addHandler(logging.NullHandler())


def open_database(path_or_url: str | Path, *, busy_timeout: float = BUSY_TIMEOUT) -> Database:
    """Open a book, creating or upgrading its tables; see `errors` for what it raises.

    A book that is there and cannot be written or upgraded is open for reading: `refusal` says why.
    """
    database, version = _reached(path_or_url, busy_timeout)
    if version == SCHEMA_VERSION or database.refusal is not None:
        return database if version == SCHEMA_VERSION else shown_from_a_copy(database, version)
    try:
        _bring_up_to_date(database)
    except (BookVersionError, BookLockedError):
        database.close()
        raise
    except Exception as error:
        if version is None:
            database.close()
            raise
        return shown_from_a_copy(database, version, error)
    except BaseException:
        database.close()
        raise
    return database


def open_as_it_is(
    path_or_url: str | Path, *, busy_timeout: float = BUSY_TIMEOUT
) -> tuple[Database, str | None]:
    """Open a database without changing its tables; return it with its revision, None for none.

    Raises BookError where it cannot be reached or holds something else.
    """
    return _reached(path_or_url, busy_timeout)


def _reached(path_or_url: str | Path, busy_timeout: float) -> tuple[Database, str | None]:
    url = _url(path_or_url)
    place = url.database or "" if url.drivername == "sqlite" else _shown(url)
    database = Database(_engine(url, busy_timeout), place)
    try:
        with database.reading() as connection:
            version = version_of(connection, place)
    except BookLockedError:
        database.close()
        raise
    except BookError as error:
        database.close()
        found = opened_as_it_is(place, error) if url.drivername == "sqlite" else None
        if found is None:
            raise
        return found
    except BaseException:
        database.close()
        raise
    if version is not None and url.drivername == "sqlite":
        database.refusal = unwritable(place)
    return database, version


def _bring_up_to_date(database: Database) -> None:
    if database.dialect == "sqlite":
        # The mode of the journal cannot change inside a transaction.
        database.run_outside_transaction("PRAGMA journal_mode = WAL")
    with database.writing() as connection:
        lock_for_upgrade(connection)
        upgrade(connection, database.place)


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
        return sqlite_engine(url, busy_timeout)
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
