"""Commitments taken apart into what can be counted: a stage, a size, and the day that it is of.

What was asked, pledged, ordered, considered or refused is of the day of the first report that says
so. What was delivered is of the day of the delivery, as far as a report tells; a commitment that
was handed over in parts has a piece for each part, where the parts add up to its figure, and is one
piece otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category

__all__ = ["Piece", "Span", "act_span", "first_report", "for_others", "pieces_of"]

_COUNTED_IN_MONEY = "-aid"


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of a period, with the words that named it."""

    start: dt.date
    end: dt.date
    text: str

    @classmethod
    def day(cls, day: dt.date) -> Span:
        """Return the span of one day."""
        return cls(day, day, day.isoformat())

    @property
    def vague(self) -> bool:
        """Whether it is more than one day."""
        return self.start != self.end


@dataclass(frozen=True, slots=True)
class Piece:
    """A figure of one stage of one commitment, and the day or period that it is of.

    `quantity` is None where only money was named: such a piece has no number that is unknown.
    """

    commitment: Commitment
    stage: Stage
    quantity: Interval | None
    unit: str | None
    money: Mapping[str, Interval]
    span: Span


def pieces_of(
    commitments: Iterable[Commitment],
    entries: Mapping[str, Entry],
    units: Mapping[Category, str],
) -> Iterator[Piece]:
    """Yield the pieces of commitments; `units` are those in which each category is counted."""
    for commitment in commitments:
        for stage, figure in commitment.stages.items():
            parts = _parts(figure, entries) if stage is Stage.DELIVERED else None
            if parts is None:
                reports = [entries[one] for one in figure.reports or commitment.statements]
                span = (
                    _last_delivery(figure, reports, entries)
                    if stage is Stage.DELIVERED
                    else Span.day(first_report(reports))
                )
                parts = [_whole(commitment, figure, span)]
            for part in parts:
                unit = part.unit
                if unit is None and part.quantity is not None:
                    unit = _usual_unit(commitment.category, units)
                yield Piece(commitment, stage, part.quantity, unit, part.money, part.span)


def for_others(commitment: Commitment) -> bool:
    """Tell whether a commitment is for somebody else than those who make it."""
    return commitment.recipient is None or commitment.recipient not in commitment.donors


def first_report(reports: Iterable[Entry]) -> dt.date:
    """Return the day of the earliest report."""
    return min(entry.counted for entry in reports)


def act_span(entry: Entry) -> Span:
    """Return when an act happened: the period that the report names, if it lies before it."""
    when = entry.statement.when
    if when is not None:
        try:
            start, end = bounds(when)
        except ValueError:
            return Span.day(entry.counted)
        if end <= entry.counted:
            return Span(start, end, when)
    return Span.day(entry.counted)


@dataclass(frozen=True, slots=True)
class _Part:
    quantity: Interval | None
    unit: str | None
    money: Mapping[str, Interval]
    span: Span


def _whole(commitment: Commitment, figure: StageFigure, span: Span) -> _Part:
    counted = figure.quantity.known or not figure.money
    unit = (figure.unit or commitment.unit) if counted else None
    return _Part(figure.quantity if counted else None, unit, figure.money, span)


def _last_delivery(figure: StageFigure, reports: list[Entry], entries: Mapping[str, Entry]) -> Span:
    spans = [act_span(entries[one]) for one in figure.prevailing] or [
        act_span(entry) for entry in reports
    ]
    return max(spans, key=lambda span: (span.end, span.start, span.text))


def _parts(figure: StageFigure, entries: Mapping[str, Entry]) -> list[_Part] | None:
    """Return a part for each delivery, None where they do not add up to the figure."""
    if len(figure.prevailing) < 2:
        return None
    parts = []
    for name in figure.prevailing:
        statement = entries[name].statement
        money = {}
        if statement.money is not None and statement.money.per is None:
            money[statement.money.currency] = Interval.of(statement.money)
        quantity = statement.quantity
        if quantity is None and not money:
            return None
        unit = quantity.unit if quantity else None
        parts.append(
            _Part(Interval.of(quantity) if quantity else None, unit, money, act_span(entries[name]))
        )
    counted = [part.quantity for part in parts if part.quantity is not None]
    sums: dict[str, Interval] = {}
    for part in parts:
        for currency, amount in part.money.items():
            sums[currency] = sums[currency].plus(amount) if currency in sums else amount
    whole = reduce(Interval.plus, counted) if counted else None
    expected = figure.quantity if figure.quantity.known or not figure.money else None
    same_units = {part.unit for part in parts if part.quantity is not None} <= {figure.unit}
    fits = whole == expected and sums == dict(figure.money) and same_units
    return parts if fits else None


def _usual_unit(category: Category, units: Mapping[Category, str]) -> str | None:
    # A package of unknown size is no number of items.
    return None if category.value.endswith(_COUNTED_IN_MONEY) else units.get(category)
