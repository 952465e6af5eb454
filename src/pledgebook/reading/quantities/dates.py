"""Dates and periods in text, resolved against the date of the document that holds them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pledgebook.reading.quantities import date_forms as forms
from pledgebook.reading.quantities import date_relative as relative
from pledgebook.reading.quantities.calendar_math import Period, month, side_of
from pledgebook.reading.quantities.date_context import Context, DateKind, Reading, Relation
from pledgebook.reading.quantities.date_words import pattern
from pledgebook.reading.text.wording import GAP, Spans, fold, link_spans

__all__ = ["DateKind", "DateMention", "Relation", "find_dates"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or period at `text[start:end]`, the word that relates to it left out.

    `when` is in the coding book's form ("2023-02-14", "2023-04", "2023", "2023-03/2023-05");
    "since March" runs up to the document's month. `relation` is what the preposition before it
    says, `tense` whether all of it lies behind or ahead of the document's date.
    """

    start: int
    end: int
    when: str
    relation: Relation | None
    tense: Literal["past", "future"] | None
    kind: DateKind


_FORMS: dict[str, Callable[[re.Match[str], Context], Reading | None]] = {
    "iso": forms.iso,
    "numeric": forms.numeric,
    "dmy": forms.dmy,
    "mdy": forms.mdy,
    "quarter": forms.quarter,
    "fiscal": forms.fiscal,
    "my": forms.month_year,
    "ago": relative.ago,
    "neighbour": relative.neighbour,
    "stretch": relative.stretch,
    "ahead": relative.ahead,
    "rel": relative.related,
    "season": forms.season,
    "years": forms.years,
    "month": forms.month,
    "weekday": relative.weekday,
    "whole": relative.whole,
    "day": relative.day,
    "feast": forms.feast,
    "year": forms.year,
    "short": forms.short,
    "weekend": relative.weekend,
}


def find_dates(text: str, anchor: dt.date | None) -> list[DateMention]:
    """Return the dates of `text` in order of place, without overlaps.

    `anchor` is the document's date; without one only dates that name their year are found.
    """
    lowered = fold(text)
    links = Spans(link_spans(lowered))
    mentions: list[DateMention] = []
    spans: list[Period] = []
    previous: Period | None = None
    place = 0
    search = pattern().search
    while found := search(lowered, place):
        place = found.end()
        if links.touch(found.start(), found.end()):
            continue
        context = Context(text, lowered, anchor, previous, found)
        reading = _read(found, context)
        if reading is None:
            place = _after_first_word(lowered, found)
            continue
        end = place = reading.end or found.end()
        previous, kind = reading.period, reading.kind
        period, kind = _since(previous, kind, context)
        mention = DateMention(
            found.start(), end, period.written(), context.relation, side_of(period, anchor), kind
        )
        joined = _join(mentions, spans, mention, period, lowered, anchor)
        if joined is None:
            mentions.append(mention)
            spans.append(period)
        else:
            mentions[-1], spans[-1] = joined
    return mentions


def _read(found: re.Match[str], context: Context) -> Reading | None:
    try:
        return _FORMS[found.lastgroup or ""](found, context)
    except (ValueError, OverflowError):
        # 31 June, or a year beyond the calendar: no date.
        return None


_FIRST_WORD = re.compile(r"\w+")


def _after_first_word(lowered: str, found: re.Match[str]) -> int:
    word = _FIRST_WORD.match(lowered, found.start(), found.end())
    return word.end() if word else found.end()


def _since(period: Period, kind: DateKind, context: Context) -> tuple[Period, DateKind]:
    """Run "since March" up to the document's date; "since Tuesday" stays the day it began."""
    anchor = context.anchor
    if context.relation != "since" or anchor is None or kind == "day" or period.last >= anchor:
        return period, kind
    return Period(period.first, anchor, "year" if kind == "year" else "month"), "span"


_TO = re.compile(
    rf"(?:{GAP}(to|and|until|till|through){GAP}|[^\S\n]?[-\u2010-\u2014][^\S\n]?)(?:the{GAP})?"
)
_BETWEEN = re.compile(rf"between{GAP}(?:the{GAP})?\Z")


def _join(
    mentions: list[DateMention],
    spans: list[Period],
    mention: DateMention,
    period: Period,
    lowered: str,
    anchor: dt.date | None,
) -> tuple[DateMention, Period] | None:
    """Join "from March to May 2023" and "between 2023 and 2025" into one span; None for others."""
    if not mentions or mention.start - mentions[-1].end > 14:
        return None
    first = mentions[-1]
    link = _TO.fullmatch(lowered, first.end, mention.start)
    if link is None or first.relation == "since":
        return None
    between = _BETWEEN.search(lowered, max(0, first.start - 14), first.start)
    if link[1] == "and" and not between:
        return None
    if link[1] == "to" and first.relation not in {"from", "in"} and first.kind != mention.kind:
        return None
    start = _back_before(spans[-1], period, first.kind)
    if start.first >= period.first:
        return None
    precision = (
        period.precision
        if start.precision == period.precision
        else ("month" if "month" in (start.precision, period.precision) else "day")
    )
    whole = Period(start.first, period.last, precision)
    joined = replace(
        mention, start=first.start, when=whole.written(), kind="span", tense=side_of(whole, anchor),
        relation="in" if between else first.relation,
    )  # fmt: skip
    return joined, whole


def _back_before(first: Period, last: Period, kind: DateKind) -> Period:
    """Move a month whose year was only guessed to the last one before the end of its span."""
    if kind != "month" or first.precision != "month":
        return first
    moved = month(last.first.year, first.first.month)
    return moved if moved.first <= last.first else month(last.first.year - 1, first.first.month)
