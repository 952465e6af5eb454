"""Dates as the text gives them: a day, a month, a year, or a span between two of these."""

from __future__ import annotations

import calendar
import datetime as dt

_POINT = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
PERIOD_PATTERN = rf"^{_POINT}(?:/{_POINT})?$"


def bounds(when: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a period such as "2023-04" or "2023-03/2023-05".

    Raises ValueError where a part is no date, or the span ends before it begins.
    """
    first, _, last = when.partition("/")
    start, end = _point(first)[0], _point(last or first)[1]
    if end < start:
        raise ValueError(f"the period {when} ends before it begins")
    return start, end


def _point(text: str) -> tuple[dt.date, dt.date]:
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    if len(parts) == 1:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    month = parts[1]
    if len(parts) == 2:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    day = dt.date(year, month, parts[2])
    return day, day
