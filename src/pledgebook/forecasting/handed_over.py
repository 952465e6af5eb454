"""What was handed over in all, or promised in all, by party and item: what is to be made again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.forecasting.series.nodes import node_of
from pledgebook.forecasting.series.settings import Settings
from pledgebook.forecasting.series.units import unit_of
from pledgebook.ledger.cases import span_of
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Kind, Scope, Status

__all__ = ["Amount", "Line", "amounts_of"]


_TOUCHING = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Whose, what, in which unit; `item` is as in a series."""

    parties: tuple[str, ...]
    item: str
    unit: str

    def __str__(self) -> str:
        return f"{self.item} of {' and '.join(self.parties)}"


@dataclass(frozen=True, slots=True)
class Amount:
    """What is to be made again, in units; `promised` where it is not told to have been handed over.

    `day` is the last day that it tells of, `told` the day when that was said.
    """

    units: Interval
    promised: bool
    day: dt.date
    told: dt.date
    statements: tuple[str, ...]
    speakers: tuple[str, ...]


def amounts_of(
    entries: Sequence[Entry], catalogue: Catalogue, settings: Settings
) -> dict[Line, list[Amount]]:
    """Return the most that firm totals tell, of each line: handed over, and promised beside it."""
    totals: dict[tuple[Line, bool], list[Entry]] = defaultdict(list)
    for entry in entries:
        statement = entry.statement
        if statement.kind not in (Kind.DELIVERY, Kind.PLEDGE) or statement.quantity is None:
            continue
        if statement.status is not Status.FIRM or statement.scope is not Scope.TOTAL:
            continue
        if statement.quantity.per is not None or statement.quantity.unit == "percent":
            continue
        node = node_of(statement.item, catalogue)
        unit = unit_of(statement.quantity.unit, node, statement.evidence.quote, catalogue, settings)
        line = Line(statement.actors, node.name, unit)
        totals[line, statement.kind is Kind.PLEDGE].append(entry)
    found: dict[Line, list[Amount]] = defaultdict(list)
    for (line, promised), told in sorted(totals.items(), key=lambda one: one[0]):
        found[line].append(_largest(told, promised=promised))
    return found


def _largest(told: Sequence[Entry], *, promised: bool) -> Amount:
    """Return the most that is told: the newest running total, or what fell within spans together.

    Spans that overlap are not added: one of them may be part of the other. A few days are no
    overlap, since a span that ends in a month is written with the whole of it.
    """
    running = [entry for entry in told if not _within(entry)]
    newest = max(running, key=lambda entry: (_day(entry), entry.order), default=None)
    apart: list[Entry] = []
    for entry in sorted(filter(_within, told), key=lambda one: (_span(one), one.order)):
        if not apart or _span(entry)[0] > _span(apart[-1])[1] - _TOUCHING:
            apart.append(entry)
    candidates = [some for some in ([newest] if newest else [], apart) if some]
    best = max(candidates, key=lambda some: _sum(some).floor)
    return Amount(
        _sum(best),
        promised,
        max(map(_day, best)),
        max(entry.counted for entry in best),
        tuple(sorted(entry.id for entry in best)),
        tuple(sorted({entry.statement.speaker or entry.document for entry in best})),
    )


def _sum(entries: Sequence[Entry]) -> Interval:
    total = Interval.of(entries[0].statement.quantity)
    for entry in entries[1:]:
        total = total.plus(Interval.of(entry.statement.quantity))
    return total


def _within(entry: Entry) -> bool:
    """Tell whether a total is of what fell within a span, rather than up to a day."""
    when = entry.statement.when or ""
    return "/" in when or len(when) == len("2024")


def _span(entry: Entry) -> tuple[dt.date, dt.date]:
    return span_of(entry.statement.when) or (entry.counted, entry.counted)


def _day(entry: Entry) -> dt.date:
    return min(_span(entry)[1], entry.counted)
