"""Amounts and days in the words of a report: for a reader who has not seen any other page of ours.

"8", "4 to 6", "at least 100", "up to 4", "12 + 2 unknown", "unknown", "€1.25 billion".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.wording import units
from pledgebook.reporting import amounts
from pledgebook.reporting.plain import one_line

__all__ = [
    "UNKNOWN",
    "counted",
    "day_text",
    "interval_text",
    "money_lines",
    "money_text",
    "quantity_text",
    "total_of",
    "unit_text",
]

UNKNOWN = "unknown"

_SIZES = {"T": " trillion", "B": " billion", "M": " million"}


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return "1 document", "1,200 documents"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def day_text(day: dt.date) -> str:
    """Return a day as a sentence has it: "5 June 2023"."""
    return f"{day.day} {day:%B %Y}"


def unit_text(unit: str | None) -> str:
    """Return what is counted, for more than one of it; plain items need no word."""
    return "" if unit is None or unit == "item" else one_line(units(unit))


def quantity_text(total: Total | None, unit: str | None = None, *, about: bool = False) -> str:
    """Return a sum of quantities, with how many of its terms are unknown; empty without any."""

    def shown(value: float) -> str:
        short = amounts.number(value)
        return f"{short[:-1]} million" if short.endswith("M") else short

    return _text(total, shown, unit_text(unit), about=about)


def money_text(total: Total, currency: str) -> str:
    """Return a sum of money in one currency."""

    def shown(value: float) -> str:
        short = amounts.money(Total(value, value), currency)
        return short[:-1] + _SIZES[short[-1]] if short[-1] in _SIZES else short

    return _text(total, shown, "")


def money_lines(money: Mapping[str, Total | Interval]) -> list[str]:
    """Return sums of money, one for each currency."""
    return [
        money_text(one if isinstance(one, Total) else total_of(one), currency)
        for currency, one in sorted(money.items())
    ]


def interval_text(amount: Interval, unit: str | None = None) -> str:
    """Return an interval; "unknown" where nothing is known."""
    return quantity_text(total_of(amount), unit)


def total_of(amount: Interval) -> Total:
    """Return an interval as a sum of one term."""
    return Total.of([amount])


def _text(
    total: Total | None, shown: Callable[[float], str], unit: str, *, about: bool = False
) -> str:
    if total is None:
        return ""
    known = _span(total, shown, "about " if about else "")
    if unit and known:
        known = f"{known} {unit}"
    if not total.unknown:
        return known
    rest = f"{total.unknown:,} {UNKNOWN}" if total.unknown > 1 or known else UNKNOWN
    return f"{known} + {rest}" if known else rest


def _span(total: Total, shown: Callable[[float], str], about: str) -> str:
    low, high = total.low, total.high
    if low is None:
        return ""
    if low == 0 and high != 0:
        return f"up to {shown(high)}" if high is not None else UNKNOWN
    if high is None:
        return f"at least {shown(low)}"
    if low == high:
        return f"{about}{shown(low)}"
    return f"{shown(low)} to {shown(high)}"
