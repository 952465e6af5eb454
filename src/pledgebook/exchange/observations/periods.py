"""Times as tables of figures write them: "FY2024", "mid-2026", "..2024-06", "end 2024", "pre-war".

What cannot be said in a day, a month, a year or a span of these is left out and told.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pledgebook.exchange.figures import FigureError, is_missing, period_of
from pledgebook.exchange.observations.words import Words, folded
from pledgebook.vocabulary.period import bounds

__all__ = ["Told", "told_period"]

_YEAR = r"((?:19|20)\d\d)"
_SPAN = re.compile(r"\s*(?:\.\.+|\u2026)\s*|\s+(?:to|until)\s+|\s+[-\u2013\u2014]\s+")


@dataclass(frozen=True, slots=True)
class Told:
    """A time as `when` is written, None where none is told.

    `notes` say what was read into the words, or dropped. `tentative` tells that it is not so yet.
    """

    when: str | None = None
    notes: tuple[str, ...] = ()
    tentative: bool = False


def told_period(
    text: str, words: Words, party: str | None = None, *, day_first: bool | None = None
) -> Told:
    """Return the time that a cell tells of, for a figure of `party`. Raises FigureError.

    A fiscal year is that of the party; one of a party whose calendar is not known is an error.
    """
    said = folded(text)
    untold = words.periods.untold
    if is_missing(said) or said in map(folded, untold.silent):
        return Told()
    if said in map(folded, untold.tentative):
        return Told(notes=(f"{text!r} names no time",), tentative=True)
    if said in map(folded, untold.told):
        return Told(notes=(f"{text!r} names no time",))
    named = {folded(name): when for name, when in words.periods.named.items()}
    if when := named.get(said):
        return Told(when, (f"{text!r} is read as the time up to {when}",))
    return _read(said, words, party, day_first)


def _read(said: str, words: Words, party: str | None, day_first: bool | None) -> Told:
    said, about = _after(said, words.periods.words.about)
    said, _ = _after(said, words.periods.words.by)
    notes = ("times that are marked as about right stand as they are",) if about else ()
    parts = [part.strip() for part in _SPAN.split(said)]
    if len(parts) == 2:
        first, last = parts
        if not first or not last:
            one = _read(first or last, words, party, day_first)
            left = "spans without a beginning" if not first else "spans without an end"
            return replace(one, notes=(*notes, *one.notes, left))
        start, end = (_read(part, words, party, day_first) for part in parts)
        return Told(_span(start.when, end.when, said), (*notes, *start.notes, *end.notes))
    found = _part(said, words, party) or _fiscal(said, words, party)
    if found is not None:
        return replace(found, notes=(*notes, *found.notes))
    return Told(_plain(said, day_first), notes)


def _after(said: str, marks: Iterable[str]) -> tuple[str, bool]:
    """Return a text without the mark that it begins with, and whether there was one."""
    for mark in sorted(marks, key=len, reverse=True):
        rest = said.removeprefix(mark)
        if rest != said and (not mark[-1].isalpha() or rest[:1].isspace()):
            return rest.strip(), True
    return said, False


def _part(said: str, words: Words, party: str | None) -> Told | None:
    """Return the months of "mid-2026", "end 2024" or "early FY2026"."""
    for name, (first, last) in sorted(
        words.periods.parts.items(), key=lambda one: len(one[0]), reverse=True
    ):
        rest = said.removeprefix(name)
        if rest == said or not (rest[:1].isspace() or rest[:1] in "-\u2010\u2011\u2013"):
            continue
        rest = rest.lstrip(" -\u2010\u2011\u2013")
        whole = _fiscal(rest, words, party)
        if whole is not None and whole.when is not None:
            start = bounds(whole.when)[0]
        elif match := re.fullmatch(_YEAR, rest):
            start = dt.date(int(match[1]), 1, 1)
        else:
            return None
        when = _span(_month(start, first - 1), _month(start, last - 1), said)
        notes = whole.notes if whole else ()
        if first != last:
            notes = (*notes, f"{name!r} is read as months {first} to {last} of its year")
        return Told(when, notes)
    return None


def _fiscal(said: str, words: Words, party: str | None) -> Told | None:
    for mark in sorted(words.periods.words.fiscal, key=len, reverse=True):
        rest = said.removeprefix(mark)
        if rest == said:
            continue
        rest = rest.strip(" -'\u2019")
        match = re.fullmatch(rf"{_YEAR}|(\d\d)", rest)
        if match is None:
            return None
        begins = words.fiscal.get(party or "")
        if begins is None:
            what = f"when the fiscal year of {party or 'nobody'} begins is not known"
            raise FigureError(f"{what} ([fiscal] of a mapping says it)")
        year = int(match[1] or f"20{match[2]}")
        if begins == 1:
            return Told(str(year))
        start = dt.date(year - 1, begins, 1)
        when = f"{_month(start, 0)}/{_month(start, 11)}"
        return Told(when, (f"fiscal years of {party} begin in {calendar.month_name[begins]}",))
    return None


def _plain(said: str, day_first: bool | None) -> str | None:
    """Return an ISO date, month or year, or what the reader of texts makes of "March 2024"."""
    try:
        return period_of(said, day_first=day_first)
    except FigureError:
        from pledgebook.reading.quantities.dates import find_dates

        found = find_dates(said.title(), None)  # a month in small letters may be a verb
        if len(found) == 1 and found[0].when and (found[0].start, found[0].end) == (0, len(said)):
            return found[0].when
        raise


def _month(start: dt.date, later: int) -> str:
    years, month = divmod(start.month - 1 + later, 12)
    return f"{start.year + years:04d}-{month + 1:02d}"


def _span(first: str | None, last: str | None, said: str) -> str | None:
    if first is None or last is None:
        return first or last
    if first == last:
        return first
    # The outer ends: a span between spans has no form of its own.
    whole = f"{first.partition('/')[0]}/{last.rpartition('/')[2]}"
    try:
        bounds(whole)
    except ValueError as error:
        raise FigureError(f"{said!r} ends before it begins") from error
    return whole
