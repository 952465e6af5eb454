"""Numbers, shares and steps of a forecast as a reader sees them: no finer than their spread."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from pledgebook.forecasting.forecast import Band, Forecast, Measure
from pledgebook.ledger.wording import units, with_unit

__all__ = [
    "FLOWS",
    "Scale",
    "Spread",
    "day_phrase",
    "grain",
    "highest_of",
    "horizon",
    "is_vague",
    "number",
    "percent",
    "scale_for",
    "spread_at",
    "step_cell",
    "step_labels",
    "step_phrase",
    "ticks_for",
]

FLOWS = frozenset({Measure.ARRIVALS, Measure.OUTPUT, Measure.WANTED, Measure.USE, Measure.GAP})
"""The measures that are per step; the others are levels at the end of one."""

_LEAST_PARTS = 9
"""A spread of 8 in 10 is told in at least so many and at most ten times as many grains.

This is the rounding rule of the Particle Data Group (Review of Particle Physics, introduction),
by which an error of 100 to 354 keeps two figures and one of 355 to 949 keeps one, for a spread of
2.56 such errors.
"""
_LEAST = 1e-12
"""What is less than this, of any unit, is nothing."""
_FIGURES = 3
"""How many figures of a number without any spread are shown."""
_LARGE = ((1e8, 1e6, "million"), (1e5, 1e3, "thousand"))
_ENDLESS = "∞"
_UNKNOWN = "n/k"
_MINUS = "−"
_ROUND = (1.0, 2.0, 2.5, 5.0)
_TICKS = (3, 4, 5)
_HALF_A_MONTH = dt.timedelta(days=15)


def grain(low: float, high: float) -> float:
    """Return the power of ten that numbers between a low and a high are rounded to.

    Without any spread it is that of their third figure. Ends that are not finite say nothing.
    """
    ends = [one if abs(one) > _LEAST else 0.0 for one in (low, high) if math.isfinite(one)]
    if not ends:
        return 1.0
    width = max(ends) - min(ends)
    size = max(map(abs, ends))
    # What rounding of floats leaves is no spread.
    if len(ends) == 1 or width <= 1e-9 * size:
        return 10.0 ** (math.floor(math.log10(size)) - _FIGURES + 1) if size else 1.0
    return float(10.0 ** math.floor(math.log10(width / _LEAST_PARTS)))


def number(value: float, to: float, size: float = 1.0) -> str:
    """Return a number rounded to a grain, in units of `size`, its thousands apart: "1,240".

    What is without end is "∞", what is no number is not known: "n/k".
    """
    if math.isnan(value):
        return _UNKNOWN
    if value == 0:
        return "0"
    if math.isinf(value):
        return _ENDLESS if value > 0 else _MINUS + _ENDLESS
    rounded = round(value / to) * to / size
    digits = max(0, -math.floor(math.log10(to / size) + 1e-9))
    shown = f"{abs(rounded):,.{digits}f}"
    below = rounded < 0 and any(figure not in "0.," for figure in shown)
    return _MINUS + shown if below else shown


@dataclass(frozen=True, slots=True)
class Scale:
    """In what a table or an axis counts: `name` is "thousand", "million" or empty."""

    size: float = 1.0
    name: str = ""

    def of(self, unit: str) -> str:
        """Return what is counted: "thousand rounds"."""
        return f"{self.name} {unit}".strip()

    def amount(self, figure: str, unit: str) -> str:
        """Return a figure in this scale with its unit: "1 round", "1 million rounds"."""
        return f"{figure} {self.of(units(unit))}" if self.name else with_unit(figure, unit)


def scale_for(values: Iterable[float]) -> Scale:
    """Return the scale in which the largest of some numbers has few figures."""
    largest = max((abs(one) for one in values if math.isfinite(one)), default=0.0)
    for start, size, name in _LARGE:
        if largest >= start:
            return Scale(size, name)
    return Scale()


@dataclass(frozen=True, slots=True)
class Spread:
    """The lowest, middle and highest of the middle 8 of 10 draws, rounded alike."""

    low: str
    middle: str
    high: str

    @property
    def sure(self) -> bool:
        """Whether all three are the same as far as they are shown."""
        return self.low == self.middle == self.high

    @property
    def range(self) -> str:
        """The lowest to the highest: "180–240"; empty where they are the same."""
        return "" if self.low == self.high else f"{self.low}–{self.high}"

    @classmethod
    def of(cls, low: float, middle: float, high: float, size: float = 1.0) -> Spread:
        """Round three quantiles to what they support, in units of `size`."""
        to = grain(low, high)
        return cls(*(number(one, to, size) for one in (low, middle, high)))


def spread_at(band: Band, step: int, size: float = 1.0) -> Spread:
    """Return the spread of a band at a step."""
    return Spread.of(float(band.p10[step]), float(band.p50[step]), float(band.p90[step]), size)


def ticks_for(highest: float, size: float = 1.0) -> tuple[float, ...]:
    """Return round values from zero to just above the highest, the lowest first."""
    if not math.isfinite(highest) or highest <= 0:
        return tuple(size * place for place in range(_TICKS[0] + 1))
    power = 10.0 ** (math.floor(math.log10(highest)) - 1)
    fits = [
        (step * ten * power * count, count, step * ten * power)
        for step in _ROUND
        for ten in (1, 10)
        for count in _TICKS
        if step * ten * power * count >= highest * (1 - 1e-9)
    ]
    _, count, step = min(fits)
    return tuple(step * place for place in range(count + 1))


def highest_of(bands: Iterable[Band]) -> float:
    """Return the highest finite value that a fan of some bands reaches; 0 where there is none."""
    values = (
        float(one)
        for band in bands
        for quantile in (band.p50, band.p75, band.p90)
        for one in quantile
        if math.isfinite(one)
    )
    return max(values, default=0.0)


def percent(share: float) -> str:
    """Return a share of the draws: "12 %"; what no draw or every draw showed is not made sure."""
    if math.isnan(share):
        return _UNKNOWN
    if share < 0.005:
        return "<1 %"
    return ">99 %" if share >= 0.995 else f"{share * 100:.0f} %"


def step_phrase(forecast: Forecast, first: dt.date) -> str:
    """Return the step that begins on a day, as a sentence names it.

    "June 2023", "the week of 5 June 2023". Of a month that begins on another day than the first
    it is the month that its middle lies in: see `is_vague`.
    """
    if forecast.step == "week":
        return f"the week of {day_phrase(first)}"
    return f"{_middle(first):%B %Y}"


def step_cell(forecast: Forecast, first: dt.date) -> str:
    """Return the step that begins on a day, as a cell of a table names it: "Jun 2023"."""
    if forecast.step == "week":
        return f"{first.day} {first:%b %Y}"
    return f"{_middle(first):%b %Y}"


def is_vague(forecast: Forecast) -> bool:
    """Tell whether the steps are months that begin on another day than the first."""
    return forecast.step == "month" and any(day.day != 1 for day in forecast.days[:-1])


def _middle(first: dt.date) -> dt.date:
    return first if first.day == 1 else first + _HALF_A_MONTH


def day_phrase(day: dt.date) -> str:
    """Return a day as a sentence names it: "5 June 2023"."""
    return f"{day.day} {day:%B %Y}"


def horizon(forecast: Forecast) -> str:
    """Return the last day of the last step, as a sentence names it.

    It may lie after the day that was asked for: a step is whole.
    """
    return day_phrase(forecast.days[-1] - dt.timedelta(days=1))


def step_labels(forecast: Forecast) -> tuple[str, list[str]]:
    """Return how the steps are headed in a table, and each of them."""
    days = forecast.days[:-1]
    if forecast.step == "month" and not is_vague(forecast):
        return "month", [f"{day:%b %Y}" for day in days]
    return f"{forecast.step} from", [f"{day.day:>2} {day:%b %Y}" for day in days]
