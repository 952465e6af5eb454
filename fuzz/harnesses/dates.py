"""Dates: they lie in the text, are of the calendar, and what is written plainly is read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from harness import Harness
from laws import spans_in, when
from material import WORDS, pieces, sentences_of, text_of, toml_words

from pledgebook.documents.dates import dateline
from pledgebook.reading.quantities.dates import find_dates

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_FIRST = dt.date(1990, 1, 1).toordinal()
_DAYS = 22_000
_FORMS = 4


def check(data: bytes) -> None:
    """Check one input: a byte for the mode, two for the day of the document, then the text."""
    head, rest = pieces(data, 3)
    day = dt.date.fromordinal(_FIRST + int.from_bytes(head[1:], "big") % _DAYS)
    if head[0] & 3 == 3:
        _read_back(head[0] >> 2, day, rest)
        return
    text = text_of(rest)
    found = find_dates(text, day if head[0] & 1 else None)
    spans_in(text, ((one.start, one.end) for one in found))
    for one in found:
        when(one.when)
    stated = dateline(text)
    assert stated is None or isinstance(stated, dt.date)


def _read_back(choice: int, day: dt.date, rest: bytes) -> None:
    name = _MONTHS[day.month - 1]
    said = (
        day.isoformat(),
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{name} {day.year}",
    )[choice % _FORMS]
    anchor, _ = pieces(rest, 2)
    other = dt.date.fromordinal(_FIRST + int.from_bytes(anchor, "big") % _DAYS)
    text = f"It was sent on {said}, the minister said."
    found = find_dates(text, other if choice & _FORMS else None)
    meant = day.isoformat()[: 7 if choice % _FORMS == _FORMS - 1 else 10]
    assert [(one.when, text[one.start : one.end]) for one in found] == [(meant, said)], found


def _seeds() -> Iterator[bytes]:
    for number, text in enumerate(sentences_of(400)):
        yield bytes([number & 1, 47, 34]) + text.encode()
    yield from (bytes([3 | place << 2, place * 29, 7]) for place in range(8))


HARNESS = Harness(
    law="spans lie in the text and in order, periods are of the calendar, plain dates read back",
    check=check,
    seeds=_seeds,
    words=lambda: toml_words(*(WORDS / lang / "dates.toml" for lang in ("en",))),
    rooms=("pledgebook.reading", "pledgebook.documents.dates"),
    longest=400,
    goal=2_000_000,
)
