"""Intervals of quantities and money: what is known, and how much is not.

An open end is None: no low is "up to", no high is "at least". Both open is unknown, which is not
zero. Amounts are never negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pledgebook.errors import UsageError
from pledgebook.vocabulary.statement import Money, Quantity


@dataclass(frozen=True, slots=True)
class Interval:
    """All amounts from `low` to `high`; None is an open end."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise UsageError(f"the interval from {self.low} to {self.high} is upside down")

    @classmethod
    def of(cls, amount: Quantity | Money | None) -> Interval:
        """Return the interval of a quantity or money; unknown for None."""
        return UNKNOWN if amount is None else cls(amount.low, amount.high)

    @property
    def known(self) -> bool:
        """Whether anything at all is known of it."""
        return self.low is not None or self.high is not None

    @property
    def floor(self) -> float:
        """The least that it can be."""
        return 0.0 if self.low is None else self.low

    def plus(self, other: Interval) -> Interval:
        """Return the sum; an end that is open in either is open in the sum."""
        return Interval(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    def added(self, other: Interval) -> Interval:
        """Return the sum of two amounts of which one may be open: it is at least what is known.

        Unlike `plus`, which keeps an open low end open, 10 and an unknown amount are at least 10.
        """
        low = None
        if self.low is not None or other.low is not None:
            low = self.floor + other.floor
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)

    def times(self, low: float, high: float) -> Interval:
        """Return a share of this, of at least `low` and at most `high`."""
        return Interval(
            None if self.low is None else self.low * low,
            None if self.high is None else self.high * high,
        )

    def holding(self, parts: Interval, *, whole_is_firm: bool) -> Interval:
        """Return this as the whole of some parts: it is at least what they come to.

        Where the whole is firm it is no more than it was said to be, whatever the parts come to;
        otherwise the parts may show that it has grown.
        """
        floor = parts.floor
        if whole_is_firm and self.high is not None:
            floor = min(floor, self.high)
        if floor <= self.floor:
            return self
        high = None if self.high is None else max(self.high, floor)
        return Interval(floor, high)

    def minus(self, other: Interval) -> Interval:
        """Return what remains of this after taking the other away, never below zero."""
        low = None
        if self.low is not None and other.high is not None:
            low = max(0.0, self.low - other.high)
        high = None if self.high is None else max(0.0, self.high - other.floor)
        return Interval(low, high)

    def meets(self, other: Interval) -> bool:
        """Tell whether some amount lies in both."""
        starts = max(self.floor, other.floor)
        return (self.high is None or starts <= self.high) and (
            other.high is None or starts <= other.high
        )

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval around both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Interval(low, high)

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return _number(self.low)
        if self.low is None and self.high is None:
            return "unknown"
        if self.low is None:
            return f"up to {_number(self.high or 0.0)}"
        if self.high is None:
            return f"at least {_number(self.low)}"
        return f"{_number(self.low)} to {_number(self.high)}"


UNKNOWN = Interval()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of intervals: the known low and high, and how many of the terms are unknown.

    `low` and `high` are None where no term is known; `high` also where a known term has no upper
    end. The unknown terms come on top of both.
    """

    low: float | None = None
    high: float | None = None
    unknown: int = 0

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Total:
        """Add up intervals."""
        terms = list(intervals)
        known = [term for term in terms if term.known]
        if not known:
            return cls(unknown=len(terms))
        high: float | None = 0.0
        for term in known:
            high = None if high is None or term.high is None else high + term.high
        return cls(sum(term.floor for term in known), high, len(terms) - len(known))

    def plus(self, other: Total) -> Total:
        """Return the sum of the terms of both."""
        unknown = self.unknown + other.unknown
        if self.low is None or other.low is None:
            known = other if self.low is None else self
            return Total(known.low, known.high, unknown)
        high = None if self.high is None or other.high is None else self.high + other.high
        return Total(self.low + other.low, high, unknown)
