"""Quantities and money in the few characters of a table's cell.

"4", "≤4", "≥100", "~7,000", "n/k" (not known), "8 + 2 n/k", "€200M"; a range has an en dash.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from pledgebook.ledger.intervals import Total

__all__ = ["NOT_KNOWN", "end_of_money", "end_of_quantity", "money", "number", "quantity"]

NOT_KNOWN = "n/k"

_LARGE = 1e6


@cache
def _data() -> dict[str, Any]:
    path = files("pledgebook.reporting") / "data" / "currencies.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def number(value: float) -> str:
    """Return a count with its thousands apart, round millions short: "7,000", "30M", "1.5"."""
    millions = value / 1e6
    if value >= _LARGE and round(millions, 2) == millions:
        return f"{millions:,g}M"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def quantity(total: Total | None, *, approx: bool = False) -> str:
    """Return a sum of quantities; empty where there is none, with the count of unknown terms.

    `approx` marks a single figure that its report gives as "about".
    """
    if total is None:
        return ""
    return _with_unknown(_span(total.low, total.high, number, "~" if approx else ""), total)


def money(total: Total, currency: str) -> str:
    """Return an amount of money by its sign, rounded to four figures: "€1.25B", "NOK 250M"."""
    sign = _data()["signs"].get(currency, f"{currency} ")
    mark = _mark(total.high if total.high is not None else total.low)
    shown = _span(total.low, total.high, lambda value: _short(value, mark), "")
    prefix = shown[0] if shown[:1] in {"≤", "≥"} else ""
    known = shown if shown == NOT_KNOWN else f"{prefix}{sign}{shown.removeprefix(prefix)}{mark}"
    return _with_unknown(known, total)


def end_of_quantity(total: Total, end: str) -> str:
    """Return the low or the high of a sum: "open" where no end is known, empty with no sum."""
    value = _end(total, end)
    return value if isinstance(value, str) else number(value)


def end_of_money(total: Total, currency: str, end: str) -> str:
    """Return the low or the high of an amount of money."""
    value = _end(total, end)
    return value if isinstance(value, str) else money(Total(value, value), currency)


def _end(total: Total, end: str) -> float | str:
    if total.low is None:
        return ""
    value = total.low if end == "low" else total.high
    return "open" if value is None else value


def _mark(value: float | None) -> str:
    for size in _data()["size"]:
        if value is not None and value >= size["from"]:
            return str(size["mark"])
    return ""


def _short(value: float, mark: str) -> str:
    for size in _data()["size"]:
        if size["mark"] == mark:
            return f"{value / size['from']:.4g}"
    return number(value)


def _span(low: float | None, high: float | None, shape: Callable[[float], str], about: str) -> str:
    # A sum that starts at nothing has no lower end: "up to 4" is no promise of 0 to 4.
    if low == 0 and high != 0:
        low = None
    if low is None:
        return NOT_KNOWN if high is None else f"≤{shape(high)}"
    if high is None:
        return f"≥{shape(low)}"
    if low == high:
        return about + shape(low)
    return f"{shape(low)}–{shape(high)}"


def _with_unknown(known: str, total: Total) -> str:
    if not total.unknown:
        return "" if total.low is None else known
    rest = NOT_KNOWN if total.unknown == 1 else f"{total.unknown} {NOT_KNOWN}"
    return rest if known == NOT_KNOWN else f"{known} + {rest}"
