"""Numbers and dates in the tracker's cells: missing, undisclosed and zero are three things."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pledgebook.exchange.intake import data_table

__all__ = ["Day", "Number", "State", "day_of", "number_of"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_SPOKEN = re.compile(r"[a-z ,]+")
_EXACT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_MONTH_FIRST = r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})"
_UNTIL = re.compile(rf"until {_MONTH_FIRST}")
_UNTIL_MONTH = re.compile(r"until (\d{1,2})/(\d{4})")
_BETWEEN = re.compile(rf"(?:between|from) {_MONTH_FIRST} (?:&|and|to|until|-) {_MONTH_FIRST}")
_SINCE = re.compile(rf"since {_MONTH_FIRST}")
_SOME_DAY = re.compile(r"(?:not specified|unspecified|unclear),? (\d{1,2})/(\d{4}|\d{2})")
_PLAIN = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_NO_DAY = frozenset({"", ".", "unspecified", "not specified", "unclear", "undisclosed", "unknown"})
_YEARS = (2014, 2099)


class State(StrEnum):
    """What a cell for a number says.

    `missing` gives nothing, `undisclosed` says that there is something and not how much,
    `unreadable` is neither and no number.
    """

    GIVEN = "given"
    MISSING = "missing"
    UNDISCLOSED = "undisclosed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or why there is none; `fault` says what is wrong with an unreadable cell."""

    state: State
    value: float | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """When something was announced: a period as `Statement.when` has it, None where unknown.

    `exact` where the sheet gives the day itself. `fault` says what is wrong with the cell; what
    is wrong is not used.
    """

    when: str | None = None
    exact: dt.date | None = None
    fault: str | None = None


def number_of(text: str) -> Number:
    """Read a cell. No mark stands between thousands in this sheet, so that none is taken off."""
    said = text.strip().casefold()
    missing, undisclosed = _words()
    if said in missing:
        return Number(State.MISSING)
    if said in undisclosed:
        return Number(State.UNDISCLOSED)
    if _NUMBER.fullmatch(said):
        return Number(State.GIVEN, float(said))
    if said.startswith("-") and _NUMBER.fullmatch(said[1:]):
        return Number(State.UNREADABLE, fault="it is below zero")
    if _SPOKEN.fullmatch(said):
        return Number(State.UNDISCLOSED, fault="it says how much in words, which are no number")
    return Number(State.UNREADABLE, fault="it can be read as more than one number, or as none")


def day_of(text: str, published: dt.date | None = None) -> Day:
    """Read when something was announced. Bounds reach from the tracker's first day on.

    A day long after that of the release, or outside any sensible range, is a fault.
    """
    said = " ".join(text.casefold().split())
    if said in _NO_DAY:
        return Day()
    try:
        found = _read(said)
    except ValueError as error:
        return Day(fault=str(error))
    last = _last(found)
    if last is not None and not _YEARS[0] <= last.year <= _YEARS[1]:
        return Day(fault=f"the year {last.year} cannot be meant")
    if last is not None and published is not None and last > published:
        return Day(fault=f"it lies after the last day of the release, {published}")
    return found


def _read(said: str) -> Day:
    if match := _EXACT.fullmatch(said):
        day = _date(*map(int, match.groups()))
        return Day(day.isoformat(), day)
    if match := _UNTIL.fullmatch(said):
        return _from_start(_us(*match.groups()))
    if match := _UNTIL_MONTH.fullmatch(said):
        month, year = map(int, match.groups())
        return _from_start(_month_end(year, month))
    if match := _BETWEEN.fullmatch(said):
        first, last = _us(*match.groups()[:3]), _us(*match.groups()[3:])
        if last < first:
            raise ValueError("the span ends before it begins")
        return Day(f"{first}/{last}")
    if _SINCE.fullmatch(said):
        return Day()
    if match := _SOME_DAY.fullmatch(said):
        year, month = _full_year(match[2]), int(match[1])
        return Day(_month_end(year, month).isoformat()[:7])
    if match := _PLAIN.fullmatch(said):
        first_number, second_number, year = map(int, match.groups())
        if first_number <= 12 and second_number <= 12 and first_number != second_number:
            raise ValueError("it may be two dates: the day and the month cannot be told apart")
        day_first = first_number > 12
        month, number = (
            (second_number, first_number) if day_first else (first_number, second_number)
        )
        day = _date(year, month, number)
        return Day(day.isoformat(), day)
    raise ValueError("it is no date that this sheet uses")


def _from_start(last: dt.date) -> Day:
    first: dt.date = data_table("kiel_columns")["covers_from"]
    if last < first:
        raise ValueError(f"it lies before the tracker's first day, {first}")
    return Day(f"{first}/{last}")


def _last(found: Day) -> dt.date | None:
    from pledgebook.vocabulary.period import bounds

    if found.when is None:
        return None
    first, last = bounds(found.when)
    # Of a month only its first day must lie within the release.
    return first if len(found.when) == 7 else last


def _us(month: str, day: str, year: str) -> dt.date:
    return _date(_full_year(year), int(month), int(day))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError("there is no such day in the calendar") from error


def _month_end(year: int, month: int) -> dt.date:
    if not 1 <= month <= 12:
        raise ValueError("there is no such month")
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    words = data_table("kiel_columns")["words"]
    return frozenset(words["missing"]), frozenset(words["undisclosed"])
