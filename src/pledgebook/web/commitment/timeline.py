"""The stages of a commitment over time, as places in per cent for a picture of any width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import Event, What
from pledgebook.vocabulary.period import bounds

__all__ = ["Lane", "Mark", "Span", "TimeLine", "timeline_of"]

_LANES: tuple[tuple[str, str, frozenset[What]], ...] = (
    ("Asked for", "asked", frozenset({What.ASKED})),
    ("Refused or halted", "refused", frozenset({What.REFUSED, What.PAUSED, What.WITHDRAWN})),
    ("Considered", "considered", frozenset({What.CONSIDERED})),
    ("Pledged", "pledged", frozenset({What.PLEDGED, What.RESUMED})),
    ("Corrected or changed", "considered", frozenset({What.CORRECTED, What.CHANGED})),
    ("Ordered", "on-order", frozenset({What.ORDERED})),
    ("Delivered", "delivered", frozenset({What.DELIVERED, What.COMPLETED})),
)
_PROMISED = "Promised for"
_FIRST, _LAST = 1.5, 98.5
_LEAST_DAYS = 30
_TICKS = 6
_TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Mark:
    """An event: where it stands, in per cent, and its day in words."""

    x: float
    day: dt.date
    done: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; `late` is that between the last promised day and now."""

    x: float
    width: float
    late: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one kind, with a name and the colour of a stage."""

    name: str
    tone: str
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Lanes over one axis of time; `ticks` are places with their labels, `now` the present day."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    now: float
    says: str


def timeline_of(one: Commitment, today: dt.date) -> TimeLine:
    """Return the line of time of a commitment, from its first event to today or its last day."""
    events = [event for event in one.history if event.is_dated or event.day <= today]
    promise = _promise(one)
    days = [event.day for event in events] + [one.first, today, *(promise or ())]
    first, last = min(days), max(days)
    if (last - first).days < _LEAST_DAYS:
        first = last - dt.timedelta(days=_LEAST_DAYS)
    scale = _Scale(first, last)
    lanes = [
        Lane(name, tone, tuple(_marks(events, kinds, scale)))
        for name, tone, kinds in _LANES
        if any(event.what in kinds for event in events)
    ]
    if promise is not None:
        start, end = promise
        spans = [Span(scale.at(start), max(scale.at(end) - scale.at(start), 0.6), late=False)]
        if one.overdue:
            spans.append(Span(scale.at(end), scale.at(today) - scale.at(end), late=True))
        lanes.append(Lane(_PROMISED, "on-order", spans=tuple(spans)))
    told = [f"{lane.name}: {', '.join(str(mark.day) for mark in lane.marks)}"
            for lane in lanes if lane.marks]  # fmt: skip
    if promise is not None:
        late = f", {(today - promise[1]).days} days ago" if one.overdue else ""
        told.append(f"{_PROMISED}: {promise[1]}{late}")
    return TimeLine(tuple(lanes), tuple(scale.ticks()), scale.at(today), "; ".join(told))


def _promise(one: Commitment) -> tuple[dt.date, dt.date] | None:
    if one.promised is None or one.due is None:
        return None
    try:
        start, end = bounds(one.promised)
    except ValueError:
        return one.due, one.due
    return max(start, one.first) if start < one.first <= end else start, end


def _marks(events: Sequence[Event], kinds: frozenset[What], scale: _Scale) -> Iterator[Mark]:
    seen = set()
    for event in events:
        if event.what in kinds and (event.day, event.what) not in seen:
            seen.add((event.day, event.what))
            yield Mark(scale.at(event.day), event.day, done=event.what is What.COMPLETED)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.date
    last: dt.date

    def at(self, day: dt.date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(_FIRST + share * (_LAST - _FIRST), 2)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield first days of months at even distances, few enough to be read on a phone."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((size for size in _TICK_MONTHS if months / size < _TICKS), _TICK_MONTHS[-1])
        number = self.first.year * 12 + self.first.month
        number += -number % step
        while (day := dt.date(number // 12, number % 12 + 1, 1)) <= self.last:
            place = self.at(day)
            if _FIRST <= place < _LAST - 6:
                yield place, str(day.year) if step >= 12 else f"{day:%b %Y}"
            number += step
