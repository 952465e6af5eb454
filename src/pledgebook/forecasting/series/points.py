"""Statements become points: whose, what, which measure, what sort of figure, of which days.

What cannot be laid beside others is named in a caveat and left out. Nothing is guessed: an amount
without a period is no rate, a figure recalled from an unsaid time is none of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series.natures import hedge_of, nature_of, source_of
from pledgebook.forecasting.series.nodes import node_of
from pledgebook.forecasting.series.point import Key, Nature, Point, SeriesMeasure
from pledgebook.forecasting.series.running import RunningTotal, rates_between
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.forecasting.series.units import DAYS, days_of, per_day, unit_of
from pledgebook.ledger.cases import span_of
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Kind, Quantity, Scope, Status

__all__ = ["points_of"]

_MEASURES = {
    Kind.STOCK: SeriesMeasure.STOCK,
    Kind.PRODUCTION: SeriesMeasure.PRODUCTION,
    Kind.EXPENDITURE: SeriesMeasure.EXPENDITURE,
    Kind.DELIVERY: SeriesMeasure.DELIVERED,
    Kind.REQUEST: SeriesMeasure.EXPENDITURE,
}


class _UnusableError(Exception):
    """A figure that cannot be laid beside others, and why."""

    def __init__(self, why: str, mend: str = "") -> None:
        self.why, self.mend = why, mend
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class _Told:
    """One entry with what is asked of it again and again."""

    entry: Entry
    quantity: Quantity
    measure: SeriesMeasure
    span: tuple[dt.date, dt.date] | None
    key: Key
    aims_at: Nature


def points_of(
    entries: Iterable[Entry], catalogue: Catalogue, settings: Settings | None = None
) -> tuple[list[Point], list[Caveat]]:
    """Return the points that statements tell, earliest first, and what could not be used and why.

    Statements of kind stock, production and expenditure are points; so are requests that name a
    rate (a requirement) and deliveries that are told as totals. Running totals give the rates
    between them. Money is left aside.
    """
    settings = settings or load_settings()
    points: list[Point] = []
    running: list[RunningTotal] = []
    caveats: list[Caveat] = []
    for entry in sorted(entries, key=lambda entry: entry.order):
        told = _prepare(entry, catalogue, settings)
        if told is None:
            continue
        try:
            made = _point(told, settings)
        except _UnusableError as why:
            caveats.append(_left_out(told, why))
            continue
        if isinstance(made, RunningTotal):
            running.append(made)
        else:
            points.append(made)
    between, doubts = rates_between(running, settings)
    points += between
    return sorted(points, key=lambda point: (point.order, point.key)), [*caveats, *doubts]


def _prepare(entry: Entry, catalogue: Catalogue, settings: Settings) -> _Told | None:
    """Return what an entry tells of, None where it gives no figure that a series could hold."""
    statement = entry.statement
    measure = _MEASURES.get(statement.kind)
    quantity = statement.quantity
    if measure is None or quantity is None:
        return None
    if statement.kind is Kind.REQUEST and quantity.per is None:
        return None
    if statement.kind is Kind.DELIVERY and statement.scope is not Scope.TOTAL:
        return None
    span = span_of(statement.when)
    node = node_of(statement.item, catalogue)
    nature, aims_at = nature_of(entry, measure, span, settings)
    parties = statement.actors
    if statement.kind is Kind.REQUEST and statement.recipient:
        parties = (statement.recipient,)
    named = {(found.code if (found := catalogue.find_party(p)) else p) for p in parties}
    return _Told(
        entry=entry,
        quantity=quantity,
        measure=measure,
        span=span,
        key=Key(
            parties=tuple(sorted(named)),
            item=node.name,
            measure=measure,
            nature=nature,
            unit=unit_of(quantity.unit, node, statement.evidence.quote, catalogue, settings),
            recipient=(statement.recipient or "" if measure is SeriesMeasure.DELIVERED else ""),
        ),
        aims_at=aims_at,
    )


def _point(told: _Told, settings: Settings) -> Point | RunningTotal:
    """Return the point of an entry, or the running total that it is one reading of."""
    if settings.has("part_of", told.entry.statement.evidence.quote):
        raise _UnusableError("it tells of a part of what was told before it")
    tentative = told.entry.statement.status is Status.TENTATIVE
    if tentative and told.measure is SeriesMeasure.DELIVERED:
        raise _UnusableError("it is only said to be possible: a promise is no delivery")
    if not told.quantity.low and told.quantity.high is None:
        raise _UnusableError("“at least none” says nothing")
    if not told.key.parties:
        raise _UnusableError("nobody is named whose figure it is")
    if told.measure is SeriesMeasure.STOCK:
        return _stock(told, settings)
    if told.quantity.per is not None:
        return _rate(told, settings)
    return _amount(told, settings)


def _stock(told: _Told, settings: Settings) -> Point:
    if told.quantity.per is not None:
        raise _UnusableError(
            f"a stock is told as so many a {told.quantity.per.value}",
            "Correct the statement's kind or its period",
        )
    first, last = _days(told)
    return _made(told, settings, first, last, 1.0)


def _rate(told: _Told, settings: Settings) -> Point:
    if told.quantity.unit == "percent" or told.quantity.per is None:
        raise _UnusableError("a share a period is no rate of units")
    first, last = _days(told)
    return _made(told, settings, first, last, DAYS[told.quantity.per])


def _amount(told: _Told, settings: Settings) -> Point | RunningTotal:
    """Read an amount without a period: over the days that are named, or as a running total."""
    statement, counted = told.entry.statement, told.entry.counted
    if told.quantity.unit == "percent":
        raise _UnusableError("a share without what it is a share of is no rate")
    if told.key.nature is Nature.TARGET:
        if statement.when is not None and len(statement.when) == 4 and told.span is not None:
            return _made(told, settings, *told.span, days_of(*told.span))
        raise _UnusableError(
            "an amount is to be reached, and over which time is not said",
            "Give the period in the statement",
        )
    if told.span is not None and not _is_as_of(told, settings):
        # What is told before its span is over was counted until then.
        first, last = told.span[0], max(told.span[0], min(told.span[1], counted))
        days = days_of(first, last)
        if days < settings.near.least_span_days:
            raise _UnusableError(f"an amount within {days} days is an event and tells no rate")
        return _made(told, settings, first, last, days)
    if statement.scope is not Scope.TOTAL:
        raise _UnusableError(
            "an amount is told without a period and without the days that it fell in",
            "Give `per` or `when` in the statement",
        )
    day = min(told.span[1], counted) if told.span else counted
    if told.span is None and not told.entry.dated:
        raise _UnusableError("a running total of an unknown day", "Give the document's date")
    return RunningTotal(day, _made(told, settings, day, day, 1.0))


def _is_as_of(told: _Told, settings: Settings) -> bool:
    """Tell whether the days of an amount are those up to which it was counted.

    "2023-03/2024-01" and "2024" are days within which it fell; a day is the one up to which a total
    runs; a month is either, and what the words say decides, or that deliveries come as lists.
    """
    statement = told.entry.statement
    when = statement.when or ""
    if statement.scope is not Scope.TOTAL or "/" in when:
        return False
    if len(when) == len("2023-02-14"):
        return True
    said = settings.has("as_of", statement.evidence.quote)
    if len(when) == len("2023"):
        return (
            said
            and told.measure is SeriesMeasure.DELIVERED
            and told.span is not None
            and (told.span[1] > told.entry.counted)
        )
    return said or told.measure is SeriesMeasure.DELIVERED


def _days(told: _Told) -> tuple[dt.date, dt.date]:
    """Return the days that a level is of: those named, else the day it was told."""
    counted = told.entry.counted
    ahead = told.key.nature is Nature.TARGET
    if told.span is not None:
        first, last = told.span
        if ahead:
            return first, last
        return (first, min(last, counted)) if first <= counted else told.span
    if not told.entry.dated:
        raise _UnusableError(
            "neither the text nor the document says of when it is", "Give the document's date"
        )
    if told.entry.statement.scope is Scope.BACKGROUND and not ahead:
        raise _UnusableError(
            "it is recalled from a time that is not said", "Give `when` in the statement"
        )
    return counted, counted


def _made(told: _Told, settings: Settings, first: dt.date, last: dt.date, days: float) -> Point:
    entry, quantity = told.entry, told.quantity
    quote = entry.statement.evidence.quote
    ahead = told.key.nature is Nature.TARGET and told.span is not None
    return Point(
        key=told.key,
        category=entry.statement.item.category,
        low=per_day(quantity.low, days),
        high=per_day(quantity.high, days),
        first=first,
        last=last,
        told=entry.counted,
        source=source_of(entry, settings),
        speaker=entry.statement.speaker,
        document=entry.document,
        statements=(entry.id,),
        says=quote,
        hedge=hedge_of(entry, settings),
        complete=settings.has("complete", quote),
        due=last if ahead else None,
        aims_at=told.aims_at,
    )


def _left_out(told: _Told, why: _UnusableError) -> Caveat:
    key = told.key
    about = f"{key.measure.value} of {key.item} by {', '.join(key.parties) or 'someone'}"
    quote = " ".join(told.entry.statement.evidence.quote.split())
    return Caveat(about, f"{told.entry.id} is left out: {why.why} (“{quote}”)", why.mend)
