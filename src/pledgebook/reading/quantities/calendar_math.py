"""Arithmetic on days, months, seasons and years, and the periods that they make."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

Direction = Literal["past", "future"] | None
Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, written as finely as `precision` says."""

    first: dt.date
    last: dt.date
    precision: Precision

    def written(self) -> str:
        """Return the period in the coding book's form: "2023-03", "2023-03/2023-05"."""
        first, last = self._point(self.first), self._point(self.last)
        return first if first == last else f"{first}/{last}"

    def _point(self, day: dt.date) -> str:
        if self.precision == "day":
            return day.isoformat()
        return f"{day.year:04d}-{day.month:02d}" if self.precision == "month" else f"{day.year:04d}"


def day(when: dt.date) -> Period:
    """Return one day."""
    return Period(when, when, "day")


def month(year: int, number: int) -> Period:
    """Return one month; numbers outside 1 to 12 run over into other years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = calendar.monthrange(year, number)[1]
    return Period(dt.date(year, number, 1), dt.date(year, number, last), "month")


def months(year: int, number: int, count: int) -> Period:
    """Return `count` months from the given one on."""
    first, last = month(year, number), month(year, number + count - 1)
    return Period(first.first, last.last, "month")


def year(number: int) -> Period:
    """Return one calendar year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), "year")


def week(when: dt.date, offset: int = 0) -> Period:
    """Return the week, Monday to Sunday, that lies `offset` weeks from the one of `when`."""
    monday = when - dt.timedelta(days=when.weekday()) + dt.timedelta(weeks=offset)
    return Period(monday, monday + dt.timedelta(days=6), "day")


def season(bounds: tuple[int, int], number: int) -> Period:
    """Return the season that begins in the year `number`, given its first and last month."""
    first, last = bounds
    count = last - first + 1 if last >= first else last + 13 - first
    return months(number, first, count)


def quarter(number: int, of: int) -> Period:
    """Return a quarter of a year."""
    return months(of, 3 * number - 2, 3)


def half(number: int, of: int) -> Period:
    """Return a half of a year."""
    return months(of, 6 * number - 5, 6)


def shift(when: dt.date, *, years: int = 0, of_months: int = 0, days: int = 0) -> dt.date:
    """Move a date; the 31st becomes the last day of a shorter month."""
    there = month(when.year + years, when.month + of_months)
    moved = there.first.replace(day=min(when.day, there.last.day))
    return moved + dt.timedelta(days=days)


def nearest_month(number: int, anchor: dt.date, direction: Direction) -> Period:
    """Return the month `number` next to `anchor`: the coming, the past, or the nearer one.

    The anchor's own month counts both as coming and as past.
    """
    away = (number - anchor.month) % 12
    ahead, behind = (
        month(anchor.year, anchor.month + away),
        month(anchor.year, anchor.month + away - 12),
    )
    if away == 0 or direction == "future":
        return ahead
    if direction == "past":
        return behind
    return ahead if away < 6 else behind


def nearest_season(bounds: tuple[int, int], anchor: dt.date, direction: Direction) -> Period:
    """Return the season next to `anchor`; one that contains it counts both ways."""
    choices = [season(bounds, anchor.year + offset) for offset in (-1, 0, 1)]
    for choice in choices:
        if choice.first <= anchor <= choice.last:
            return choice
    ahead = next(choice for choice in choices if choice.first > anchor)
    behind = next(choice for choice in reversed(choices) if choice.last < anchor)
    if direction is None:
        return ahead if ahead.first - anchor < anchor - behind.last else behind
    return ahead if direction == "future" else behind


def weekday(number: int, anchor: dt.date, direction: Direction) -> dt.date:
    """Return the day with the given weekday within six days of `anchor`, itself included.

    Reports tell what was, so without a direction the past one is meant.
    """
    if direction == "future":
        return anchor + dt.timedelta(days=(number - anchor.weekday()) % 7)
    return anchor - dt.timedelta(days=(anchor.weekday() - number) % 7)


def side_of(period: Period, anchor: dt.date | None) -> Direction:
    """Tell on which side of a day a period lies; None where it holds it, or there is no day."""
    if anchor is None:
        return None
    if period.last < anchor:
        return "past"
    return "future" if period.first > anchor else None
