"""When was promised, ordered and delivered: how many events a month, quarter or year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pledgebook.ledger.events import Event, What
from pledgebook.reporting.report.charts import Columns, Strip, columns
from pledgebook.reporting.report.charts import labels as named
from pledgebook.reporting.report.figures import counted
from pledgebook.reporting.report.model import Cell, Column, Line, Lines, Row, Section, Table
from pledgebook.reporting.report.scope import Scope

__all__ = ["timeline"]

_STRIPS: tuple[tuple[str, str, frozenset[What]], ...] = (
    ("pledged", "Pledged", frozenset({What.PLEDGED})),
    ("on-order", "Ordered", frozenset({What.ORDERED})),
    ("delivered", "Delivered", frozenset({What.DELIVERED, What.COMPLETED})),
)
_MONTHS, _QUARTER = 12, 3

Place = tuple[int, int]
"""A month as year and number."""


def timeline(scope: Scope) -> Section:
    """Return the events of undertakings over time."""
    events = [
        (event, one.id)
        for one in scope.commitments
        for event in one.history
        if event.commitment == one.id and any(event.what in kinds for _, _, kinds in _STRIPS)
    ]
    dated = [(event, name) for event, name in events if event.is_dated and event.day <= scope.today]
    if not dated:
        text = "No pledge, order or delivery with a day is told of in what was asked for."
        return Section("timeline", "Timeline", (Lines((Line(text),)),))
    days = [event.day for event, _ in dated]
    step, name = _step(min(days), max(days), scope.limits.months)
    places = _places(min(days), max(days), step)
    at = {place: number for number, place in enumerate(places)}
    labels = [_label(place, step) for place in places]
    counts = {
        title: Counter(at[_place(event.day, step)] for event, _ in dated if event.what in kinds)
        for _, title, kinds in _STRIPS
    }
    most = max(max(count.values(), default=0) for count in counts.values())
    strips = tuple(
        _strip(tone, title, counts[title], labels, most, name) for tone, title, _ in _STRIPS
    )
    chart = Columns(
        f"Pledges, orders and deliveries by {name}",
        strips,
        len(places),
        named(labels, between=True),
    )
    how = (
        f"Counted are events, not things: each column is as high as the number of undertakings "
        f"that were pledged, ordered or, in whole or in part, delivered in that {name}; all three "
        "have one scale. Where a report names no day, its own day counts."
    )
    notes = [how]
    rest = len(events) - len(dated)
    if rest:
        events_ = counted(rest, "more event is", "more events are")
        notes.append(
            f"{events_} left out: only recalled, or still ahead, and no report tells of which day."
        )
    table = _table(dated, places, labels, name, lambda day: at[_place(day, step)])
    return Section(
        "timeline",
        "Timeline",
        (chart, Lines(tuple(map(Line, notes)), quiet=True), table),
    )


def _step(first: dt.date, last: dt.date, most: int) -> tuple[int, str]:
    """Return how many months are one column, so that there are not too many, and their name."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month + 1
    if months <= most:
        return 1, "month"
    return (_QUARTER, "quarter") if months <= most * _QUARTER else (_MONTHS, "year")


def _place(day: dt.date, step: int) -> Place:
    return day.year, (day.month - 1) // step


def _places(first: dt.date, last: dt.date, step: int) -> list[Place]:
    per_year = _MONTHS // step
    start, end = (year * per_year + at for year, at in (_place(first, step), _place(last, step)))
    return [divmod(number, per_year) for number in range(start, end + 1)]


def _label(place: Place, step: int) -> str:
    year, at = place
    if step == 1:
        return f"{dt.date(year, at + 1, 1):%b %Y}"
    return f"Q{at + 1} {year}" if step == _QUARTER else str(year)


def _strip(
    tone: str, title: str, counts: Mapping[int, int], labels: Sequence[str], most: int, name: str
) -> Strip:
    values = [counts.get(at, 0) for at in range(len(labels))]
    says = [f"{label}: {value:,}" for label, value in zip(labels, values, strict=True)]
    highest = max(values)
    total = sum(values)
    if not total:
        return Strip(title, (), "none", f"{title}: none")
    busiest = labels[values.index(highest)]
    top = f"{total:,} in all; most in {busiest}: {highest:,}"
    return Strip(
        title,
        columns(tone, values, says, most),
        top,
        f"{title} by {name}, {labels[0]} to {labels[-1]}: {top}",
    )


def _table(
    events: Sequence[tuple[Event, str]],
    places: Sequence[Place],
    labels: Sequence[str],
    name: str,
    at: Callable[[dt.date], int],
) -> Table:
    rows = []
    for number in range(len(places)):
        here = [(event, one) for event, one in events if at(event.day) == number]
        if not here:
            continue
        counts = [sum(event.what in kinds for event, _ in here) for _, _, kinds in _STRIPS]
        refs = tuple(dict.fromkeys(one for _, one in here))
        rows.append(
            Row(
                (
                    Cell(labels[number]),
                    *(Cell(f"{count:,}" if count else "–") for count in counts),
                    Cell(refs=refs),
                )
            )
        )
    titles = (Column(title, "number") for _, title, _ in _STRIPS)
    return Table(
        f"Events by {name}, with their notes",
        (Column(name.capitalize()), *titles, Column("Notes", "refs")),
        tuple(rows),
        folded=True,
    )
