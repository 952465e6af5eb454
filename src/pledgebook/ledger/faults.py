"""What the drivers of SQLite and PostgreSQL raise, in plain words about one book."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pledgebook.errors import BookError, BookLockedError

__all__ = ["plain_errors"]

_Fault = tuple[type[BookError], str, str]


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
    except PoolTimeoutError as error:
        what = "this program has as many connections to it as it may have, and all are in use"
        raise BookLockedError(what, where=place, mend=_LATER) from error


_LATER = "Try again in a moment"
_LOCKED = "another process is writing to the book and did not finish in time"
_LOCKED_MEND = "Wait for it to finish, or stop it, and try again; nothing was lost"
_FULL = "the disk is full; what was confirmed before is safe"
_FULL_MEND = "Free some space and read the same sources again"
_READ_ONLY = "the book cannot be written"
_READ_ONLY_MEND = "Check the rights on the file and its folder, or copy the book elsewhere"
_BROKEN = "this file is no Pledgebook book, or it is damaged; it was left as it is"
_BROKEN_MEND = "Give another path, or restore the book from a copy"

_SQLITE: dict[int, _Fault] = {
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

_LOST: _Fault = (
    BookError,
    "the connection to the server was lost; what was confirmed before is safe",
    "Run the same command again when the server answers: it completes the book",
)
_NOT_ACCEPTED: _Fault = (
    BookError,
    "the server does not accept this user with this password",
    "Check both; a password may stand in the URL, in PGPASSWORD or in ~/.pgpass",
)
_NO_SLOT: _Fault = (BookLockedError, "the server has no connection left to give", _LATER)
_NOT_READY: _Fault = (BookLockedError, "the server is starting or stopping", _LATER)
_NO_RIGHTS_MEND = (
    "Ask the owner of the database for the right to create and write tables in it "
    "(GRANT CREATE, USAGE ON SCHEMA public TO …)"
)
_DAMAGED: _Fault = (
    BookError,
    "tables of the book are missing or damaged",
    "Restore the book from a copy",
)

# By the five characters that the server sends with an error, or by the first two of them.
_POSTGRESQL: dict[str, _Fault] = {
    "08": _LOST,
    "25006": (
        BookError,
        "the book cannot be written: the server takes no changes",
        "Give the address of the primary server, or ask its administrator",
    ),
    "25P03": _LOST,
    "28": _NOT_ACCEPTED,
    "3F000": (BookError, "the schema that the address names is not there", "Have it created"),
    "40001": (BookLockedError, _LOCKED, _LOCKED_MEND),
    "40P01": (BookLockedError, _LOCKED, _LOCKED_MEND),
    "42501": (BookError, "this user's rights do not suffice", _NO_RIGHTS_MEND),
    "42703": _DAMAGED,
    "42P01": _DAMAGED,
    "53100": (BookError, _FULL.replace("disk", "server's disk"), _FULL_MEND),
    "53200": (BookError, "the server has run out of memory", _LATER),
    "53300": _NO_SLOT,
    "55P03": (BookLockedError, _LOCKED, _LOCKED_MEND),
    "57014": (
        BookLockedError,
        "the server gave up: it took longer than it may",
        "Try again, or allow more with ?options=-c%20statement_timeout=30min at the end of the URL",
    ),
    "57P03": _NOT_READY,
    "57P": _LOST,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}

_NOT_REACHED = "the server cannot be reached ({})"
_NOT_REACHED_MEND = "Check host and port in the address, and that the server is running"
_UNREACHABLE = (
    r"(?P<name>[Cc]onnection refused|[Nn]o route|[Nn]etwork is unreachable|No such file"
    r"|time(?:d )?out)"
)

# A server that turns a caller away sends words alone.
_TURNED_AWAY: tuple[tuple[str, type[BookError], str, str], ...] = (
    (
        r"(?P<name>invalid connection option \S+|bad value for \S+: \S+)",
        BookError,
        "the address is not in order: {name}",
        "Take out or mend what stands after the question mark",
    ),
    (r"authentication failed|no password supplied", *_NOT_ACCEPTED),
    (
        r'database "(?P<name>.+)" does not exist',
        BookError,
        "the server has no database {name}",
        "Check the address, or create it: createdb {name}",
    ),
    (
        r'role "(?P<name>.+)" does not exist',
        BookError,
        "the server knows no user {name}",
        "Check the address, or create it: createuser {name}",
    ),
    (
        r"no pg_hba\.conf entry|permission denied for database",
        BookError,
        "the server does not let this user in",
        "Ask its administrator for access to the database from this machine",
    ),
    (r"too many (?:clients|connections)|connection slots", *_NO_SLOT),
    (r"starting up|shutting down|recovery mode|not yet accepting", *_NOT_READY),
    (r"closed the connection unexpectedly|terminating connection", *_LOST),
    (_UNREACHABLE, BookError, _NOT_REACHED.format("{name}"), _NOT_REACHED_MEND),
    (
        r"resolve host|translate host name",
        BookError,
        _NOT_REACHED.format("there is no such host"),
        _NOT_REACHED_MEND,
    ),
)


def _translate(error: DBAPIError, place: str) -> BookError | None:
    cause = error.orig
    known = _known(error)
    if known is not None:
        kind, what, mend = known
        return kind(what, where=place, mend=mend)
    if isinstance(error, OperationalError | InternalError):
        return BookError(
            f"the database failed: {str(cause).strip().splitlines()[0] if str(cause) else cause!r}",
            where=place,
            mend="Check that the address is right and that the server is running",
        )
    return None


def _known(error: DBAPIError) -> _Fault | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # Extended codes carry the plain one in their low byte.
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = _state(error)
    for code in (state, state[:3], state[:2]):
        if code in _POSTGRESQL:
            kind, what, mend = _POSTGRESQL[code]
            return kind, _with_words(what, cause) if code == "42501" else what, mend
    if error.connection_invalidated:
        return _LOST
    if not state:
        for pattern, kind, what, mend in _TURNED_AWAY:
            found = re.search(pattern, str(cause))
            if found:
                names = found.groupdict()
                return kind, what.format(**names), mend.format(**names)
    return None


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _with_words(what: str, cause: object) -> str:
    words = str(cause).strip().splitlines()
    return f"{what} ({words[0]})" if words else what
