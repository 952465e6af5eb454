"""Months, steps and budget years of a horizon, and figures laid over them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.scenario.values import Per, month_name

__all__ = ["Calendar"]

Floats = NDArray[np.float64]

_DAYS_A_MONTH = 365.25 / 12
_MONTHS: dict[Per, float] = {
    "day": 1 / _DAYS_A_MONTH,
    "week": 7 / _DAYS_A_MONTH,
    "month": 1.0,
    "quarter": 3.0,
    "year": 12.0,
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A horizon: so many `months` from `first` on, in steps of `length` months."""

    first: int
    months: int
    length: int
    year_begins: int = 1

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.months // self.length

    @property
    def last(self) -> int:
        """The last month."""
        return self.first + self.months - 1

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The first days of the steps, and the day after the last."""
        return tuple(map(_first_day, range(self.first, self.last + 2, self.length)))

    @property
    def month_days(self) -> tuple[dt.date, ...]:
        """The first days of the months, and the day after the last."""
        return tuple(map(_first_day, range(self.first, self.last + 2)))

    @property
    def budget_years(self) -> tuple[int, ...]:
        """The calendar years that the budget years end in, in turn."""
        return tuple(range(self._year(self.first), self._year(self.last) + 1))

    @property
    def year_names(self) -> tuple[str, ...]:
        """The budget years in words: "2024", or "2023/24" where they do not begin in January."""
        if self.year_begins == 1:
            return tuple(map(str, self.budget_years))
        return tuple(f"{year - 1}/{year % 100:02d}" for year in self.budget_years)

    @property
    def year_of(self) -> NDArray[np.int64]:
        """The number of the budget year that each step begins in (steps,)."""
        years = [self._year(month) for month in range(self.first, self.last + 1, self.length)]
        return np.array(years, dtype=np.int64) - self._year(self.first)

    def _year(self, month: int) -> int:
        return month // 12 + (self.year_begins > 1 and month % 12 + 1 >= self.year_begins)

    def step_of(self, month: int) -> int:
        """Return the step that a month of the horizon lies in."""
        return (month - self.first) // self.length

    def steps_for(self, months: int) -> int:
        """Return how many steps a duration takes: those begun count whole."""
        return math.ceil(months / self.length)

    def rate(self, amount: float, per: Per) -> float:
        """Return a rate as units a step."""
        return amount / _MONTHS[per] * self.length

    def summed(self, monthly: Floats, per: Per) -> Floats:
        """Return a rate that is given for each month (months,) as units a step (steps,)."""
        return np.asarray(monthly.reshape(-1, self.length).sum(axis=1) / _MONTHS[per])

    def averaged(self, monthly: Floats) -> Floats:
        """Return the mean of a figure over each step (steps,)."""
        return np.asarray(monthly.reshape(-1, self.length).mean(axis=1))

    def __str__(self) -> str:
        return f"{month_name(self.first)} to {month_name(self.last)}"


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
