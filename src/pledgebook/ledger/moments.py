"""Days, instants and names as a caller may give them, made what the ledger takes."""

from __future__ import annotations

import datetime as dt

from pledgebook.errors import UsageError

__all__ = ["Day", "Instant", "from_instant", "to_day", "to_instant", "who"]

Day = dt.date | str
Instant = dt.datetime | dt.date | str


def who(by: str | None) -> str:
    """Return the name given, or that of the login. Raises UsageError where it is blank."""
    if by is not None:
        if not by.strip():
            raise UsageError(
                "the name of who decides is blank", mend="Give one, or leave it out for your login"
            )
        return by
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def to_day(value: Day | None) -> dt.date | None:
    """Return a day; of a time, its day. Raises UsageError for text that is none."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{value!r} is no date", mend="Write it as 2023-02-14") from error


def to_instant(value: Instant | None) -> dt.datetime | None:
    """Return an instant with its zone, UTC where none is given; a day means all of it.

    Raises UsageError for text that is no time.
    """
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value) if len(value) > 10 else to_day(value) or value
        except ValueError as error:
            mend = "Write it as 2023-02-14 or 2023-02-14T12:00:00Z"
            raise UsageError(f"{value!r} is no time", mend=mend) from error
    if isinstance(value, dt.datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        # A day means all of it.
        return dt.datetime.combine(value, dt.time.max, tzinfo=dt.UTC)
    raise UsageError(f"{value!r} is no time", mend="Write it as 2023-02-14")


def from_instant(value: Instant | None) -> dt.datetime | None:
    """Return the instant that something begins at: of a day, its first. Raises UsageError."""
    whole_day = isinstance(value, str) and len(value) <= 10
    if whole_day or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        day = to_day(value)
        return None if day is None else dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
    return to_instant(value)
