"""The entries of a live blog or a log: lines that hold a day, and perhaps a time, alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from pledgebook.reading.text.wording import alternation, table

_LEAST = 2
"""Lines with a day alone that make a log of a text; one is its dateline."""
_WIDEST = 60
"""Characters of the longest such line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The line `text[start:end]` that opens an entry, and its day."""

    start: int
    end: int
    day: dt.date


@cache
def _pattern() -> re.Pattern[str]:
    dates = table("dates.toml")
    month = alternation([*dates["months"], *dates["short_months"]])
    weekday = alternation(dates["weekdays"])
    time = (
        r"(?:\d{1,2}[:.]\d\d(?:[ \t]?[ap]\.?m\.?)?|\d{1,2}[ \t]?[ap]\.?m\.?)"
        r"(?:[ \t]+\(?[a-z]{2,4}\)?)?"
    )
    day = (
        rf"(?:{weekday},?[ \t]+)?(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[ \t]+(?P<m1>{month})\.?"
        rf"|(?P<m2>{month})\.?[ \t]+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)(?:,?[ \t]+(?P<y>\d{{4}}))?"
        r"|(?P<iso>\d{4}-\d\d-\d\d)"
    )
    mark = r"[ \t,|:\u2013\u2014-]*"
    return re.compile(
        rf"[ \t*#>\[(]*(?:{time}{mark})?(?:{day})(?:{mark}(?:at[ \t]+)?{time})?[ \t*#\])]*"
    )


def entries(text: str, published: dt.date | None) -> list[Entry]:
    """Return the entries of a log in their order; none where fewer than two lines open one.

    A day without a year is in the year of `published`, or in the one before where it would lie
    ahead; without either it opens no entry.
    """
    found: list[Entry] = []
    position = 0
    for line in text.split("\n"):
        if 3 < len(line) <= _WIDEST and (match := _pattern().fullmatch(line.lower())):
            day = _day(match, published)
            if day is not None:
                found.append(Entry(position, position + len(line), day))
        position += len(line) + 1
    return found if len(found) >= _LEAST else []


def _day(match: re.Match[str], published: dt.date | None) -> dt.date | None:
    try:
        if match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        dates = table("dates.toml")
        name = match["m1"] or match["m2"]
        month = dates["months"].get(name) or dates["short_months"][name]
        number = int(match["d1"] or match["d2"])
        if match["y"]:
            return dt.date(int(match["y"]), month, number)
        if published is None:
            return None
        day = dt.date(published.year, month, number)
        return day if day <= published else dt.date(published.year - 1, month, number)
    except ValueError:
        return None
