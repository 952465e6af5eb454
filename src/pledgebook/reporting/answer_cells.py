"""Cells and records that the tables of answers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.wording import units
from pledgebook.reporting import amounts

__all__ = [
    "ENDS",
    "KEY",
    "TOTAL",
    "Parts",
    "amount_record",
    "day_text",
    "days",
    "flat_fields",
    "flat_record",
    "interval",
    "interval_record",
    "money_lines",
    "months_or_days",
    "share",
    "total_record",
    "unit_name",
]

KEY = "n/k: not known. ≤4: up to four. ≥100: at least a hundred."

_PER_CENT = 100
_YEAR = 365.25
_MONTH = _YEAR / 12


def interval(amount: Interval) -> str:
    """Return an interval in the few characters of a cell; "n/k" where nothing is known."""
    if not amount.known:
        return amounts.NOT_KNOWN
    return amounts.quantity(Total(amount.low or 0.0, amount.high))


def money_lines(money: Mapping[str, Interval | Total]) -> list[str]:
    """Return amounts of money, a line for each currency."""
    lines = []
    for currency, amount in money.items():
        total = amount if isinstance(amount, Total) else Total.of([amount])
        lines.append(amounts.money(total, currency))
    return lines


def unit_name(unit: str | None) -> str:
    """Return a unit as a table names it; what is counted in money alone has none."""
    return "" if unit is None else units(unit)


def days(number: float | None) -> str:
    """Return a number of days."""
    return "" if number is None else f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def months_or_days(number: int) -> str:
    """Return a span as a person says it: "12 days", "5 months", "2.3 years"."""
    if number < 2 * _MONTH:
        return f"{number} day{'' if number == 1 else 's'}"
    if number < 2 * _YEAR:
        return f"{number / _MONTH:.0f} months"
    return f"{number / _YEAR:.1f} years"


def share(part: Interval, digits: int = 2) -> str:
    """Return a share as per cent: "0.25 %", "≥80 %", "40–60 %"; empty where nothing is known."""
    if not part.known:
        return ""

    def shown(value: float) -> str:
        return f"{value * _PER_CENT:,.{digits}f}"

    low = None if part.low == 0 and part.high != 0 else part.low
    if low is None:
        return f"≤{shown(part.high or 0.0)} %"
    if part.high is None:
        return f"≥{shown(low)} %"
    if shown(low) == shown(part.high):
        return f"{shown(low)} %"
    return f"{shown(low)}–{shown(part.high)} %"


def interval_record(amount: Interval | None) -> dict[str, float | None] | None:
    """Return an interval as plain data; an end that is None is open."""
    return None if amount is None else {"low": amount.low, "high": amount.high}


def total_record(total: Total | None) -> dict[str, Any] | None:
    """Return a sum as plain data; `unknown` terms come on top of both ends."""
    if total is None:
        return None
    return {"low": total.low, "high": total.high, "unknown": total.unknown}


def amount_record(money: Mapping[str, Interval | Total]) -> list[dict[str, Any]]:
    """Return amounts of money as plain data, by currency."""
    found: Iterable[tuple[str, Interval | Total]] = money.items()
    return [{"currency": code, "low": one.low, "high": one.high} for code, one in found]


ENDS = ("low", "high")
"""The ends of an interval, as the parts of a field."""

TOTAL = (*ENDS, "unknown")
"""The parts of a sum."""

Parts = Mapping[str, tuple[str, ...]]


def flat_fields(fields: Iterable[str], parts: Parts) -> tuple[str, ...]:
    """Return the columns of a table whose fields fall into parts: "share" to "share_low" ..."""
    return tuple(
        column
        for name in fields
        for column in ([f"{name}_{part}" for part in parts[name]] if name in parts else [name])
    )


def flat_record(record: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Return a record for CSV: parts in columns of their own, money as text, objects as ids."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name in parts:
            flat |= {f"{name}_{part}": (value or {}).get(part) for part in parts[name]}
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            is_money = "currency" in value[0]
            texts = [_money_text(one) if is_money else str(one["id"]) for one in value]
            flat[name] = "; ".join(texts) if is_money else texts
        else:
            flat[name] = value
    return flat


def _money_text(money: Mapping[str, Any]) -> str:
    low, high = ("" if money[end] is None else f"{money[end]:.15g}" for end in ENDS)
    return f"{money['currency']} {low}..{high}"


def day_text(day: dt.date | None) -> str | None:
    """Return a day as ISO text."""
    return day.isoformat() if day else None
