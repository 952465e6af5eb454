"""Levels and days of a series as a reader sees them: two figures, whatever the spread."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from pledgebook.forecasting.series import DAYS, Nature, Point, Series, SeriesMeasure
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.records import Entry
from pledgebook.ledger.wording import with_unit
from pledgebook.reporting import amounts
from pledgebook.reporting.forecast_figures import number
from pledgebook.vocabulary.statement import Per

__all__ = [
    "Level",
    "days_of_point",
    "each",
    "figure_as_told",
    "heading",
    "level_at",
    "point_figure",
    "shown",
    "voices",
]

_TITLES = {
    (SeriesMeasure.STOCK, Nature.ACTUAL): "Stock: what is held",
    (SeriesMeasure.PRODUCTION, Nature.ACTUAL): "Production{per}: what is made",
    (SeriesMeasure.PRODUCTION, Nature.CAPACITY): "Production capacity{per}: what could be made",
    (SeriesMeasure.PRODUCTION, Nature.TARGET): "Production targets{per}: what is to be made",
    (SeriesMeasure.EXPENDITURE, Nature.ACTUAL): "Expenditure{per}: what is used up",
    (SeriesMeasure.EXPENDITURE, Nature.REQUIREMENT): "Requirement{per}: what is said to be needed",
    (SeriesMeasure.DELIVERED, Nature.ACTUAL): "Delivered{per}, by totals that the sources give",
}
_MOST_TOLD = 1e13


@dataclass(frozen=True, slots=True)
class Level:
    """A level on a day with the ends of its middle 8 in 10, in the period that was asked for."""

    low: float
    middle: float
    high: float
    idle: bool = False

    @property
    def range(self) -> str:
        """The ends: "14,000–36,000"; empty where they are the same."""
        low, high = shown(self.low), shown(self.high)
        return "" if low == high else f"{low}–{high}"


def each(series: Series, per: Per) -> float:
    """Return by what levels and rates of a series are multiplied to be told per period."""
    return DAYS[per] if series.is_rate else 1.0


def voices(series: Series) -> int:
    """Return how many voices the figures are of; who repeats a figure is none of its own."""
    return len({one.source for one in series.tellings})


def level_at(series: Series, day: dt.date, per: Per) -> Level | None:
    """Return the level on a day, None for targets, which have none."""
    if not series.has_band:
        return None
    at, by = series.at([day]), each(series, per)
    low, middle, high = (float(ends[0]) * by for ends in (at.p10, at.median, at.p90))
    return Level(low, middle, high, bool(at.idle[0]))


def shown(value: float) -> str:
    """Return a level to two figures: a range that spans powers of ten has no common grain."""
    if not math.isfinite(value) or value > _MOST_TOLD:
        return "∞"
    if value < 0.01:
        return "0" if value == 0 else "<0.01"
    return number(value, 10.0 ** (math.floor(math.log10(value)) - 1))


def heading(measure: SeriesMeasure, nature: Nature, per: Per) -> str:
    """Return what some series tell of: "Production a month: what is made"."""
    title = _TITLES.get((measure, nature), f"{measure.value.capitalize()}{{per}} ({nature.value})")
    return title.format(per="" if measure is SeriesMeasure.STOCK else f" a {per.value}")


def point_figure(point: Point, by: float) -> str:
    """Return the figure of a point in a period: "≥14,400"."""
    low, high = (
        None if end is None else float(f"{end * by:.4g}") for end in (point.low, point.high)
    )
    return amounts.quantity(Total(0.0 if low is None else low, high))


def figure_as_told(point: Point, entry: Entry | None, by: float, per: Per) -> str:
    """Return the figure in the words' own period and unit; of running totals the rate between."""
    quantity = entry.statement.quantity if entry is not None else None
    if quantity is None or len(point.statements) > 1:
        rate = f" a {per.value}" if by != 1.0 else ""
        return f"{with_unit(point_figure(point, by), point.key.unit)}{rate}"
    about = "about " if quantity.approx else ""
    period = f" a {quantity.per.value}" if quantity.per is not None else ""
    return f"{about}{with_unit(str(Interval.of(quantity)), quantity.unit)}{period}"


def days_of_point(point: Point) -> str:
    """Return the days that a figure speaks of, as short as they can be told."""
    first, last = point.first, point.last
    if first == last:
        return first.isoformat()
    after = last + dt.timedelta(days=1)
    if first.day == after.day == 1:
        if (first.month, after.month) == (1, 1) and after.year == first.year + 1:
            return str(first.year)
        if (after.year - first.year) * 12 + after.month - first.month == 1:
            return f"{first:%Y-%m}"
        return f"{first:%Y-%m} to {last:%Y-%m}"
    return f"{first} to {last}"
