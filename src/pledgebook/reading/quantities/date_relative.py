"""What dates mean that count from the document's date: "last week", "within a month"."""

from __future__ import annotations

import datetime as dt
import re

from pledgebook.reading.quantities import calendar_math as cal
from pledgebook.reading.quantities.calendar_math import Direction, Period, Precision
from pledgebook.reading.quantities.date_context import Context, Reading
from pledgebook.reading.quantities.date_forms import cut, offset
from pledgebook.reading.quantities.date_words import (
    month_numbers,
    seasons,
    small_numbers,
    values,
    weekday_numbers,
)

Found = re.Match[str]


def _count(words: str) -> float:
    words = " ".join(words.split())
    if words.isdigit():
        return int(words)
    if words.startswith("half"):
        return 0.5
    if "couple" in words:
        return 2
    return 12 if "dozen" in words else small_numbers().get(words, 1)


def _moved(base: dt.date, count: float, unit: str, sign: int) -> Reading:
    """Return what lies `count` units from `base`, told as finely as the unit allows.

    A year or two away the month still means something; further off only the year does.
    """
    if count == 0.5:
        count, unit = {"year": (6, "month"), "decade": (5, "year"), "month": (15, "day")}.get(
            unit, (1, "day")
        )
    number = sign * int(count)
    if unit in {"day", "week"}:
        return Reading(
            cal.day(base + dt.timedelta(days=number * (7 if unit == "week" else 1))), "day"
        )
    if unit == "month":
        there = cal.shift(base, of_months=number)
        return Reading(cal.month(there.year, there.month), "month")
    there = cal.shift(base, years=number * (10 if unit == "decade" else 1))
    if abs(number) <= 2 and unit == "year":
        return Reading(cal.month(there.year, there.month), "month")
    return Reading(cal.year(there.year), "year")


def ago(found: Found, context: Context) -> Reading | None:
    """Read "two weeks ago" from the document's date, "a day earlier" from the day last named."""
    word = found["k_w"].split()[0]
    base = context.base if word in {"earlier", "later"} else context.anchor
    if base is None:
        return None
    sign = -1 if word in {"ago", "earlier"} else 1
    if word in {"earlier", "later"} and found["k_u"] == "year":
        return Reading(cal.year(base.year + sign * int(_count(found["k_n"]))), "year")
    return _moved(base, _count(found["k_n"]), found["k_u"], sign)


def stretch(found: Found, context: Context) -> Reading | None:
    """Read "the last two weeks" as all days, months or years up to the document's date."""
    anchor = context.anchor
    if anchor is None:
        return None
    unit = found["s_u"] or found["s_v"]
    count = _count(found["s_n"]) if found["s_n"] else 1
    if unit in {"quarter", "decade"}:
        unit, count = ("month", 3 * count) if unit == "quarter" else ("year", 10 * count)
    sign = 1 if found["s_r"] in {"next", "coming", "following"} else -1
    if unit in {"day", "week"}:
        days = int(count) * (7 if unit == "week" else 1)
        return _between(anchor, anchor + dt.timedelta(days=sign * days), "day")
    if unit == "month" or count < 3:
        of_months = int(count * (12 if unit == "year" else 1))
        return _between(anchor, cal.shift(anchor, of_months=sign * of_months), "month")
    return _between(anchor, cal.shift(anchor, years=sign * int(count)), "year")


def _between(one: dt.date, other: dt.date, precision: Precision) -> Reading:
    return Reading(Period(min(one, other), max(one, other), precision), "span")


def ahead(found: Found, context: Context) -> Reading | None:
    """Read "within six months" and "in two weeks' time"; "in two months" may tell how long."""
    if context.anchor is None:
        return None
    if found["h_w"] == "in" and not found["h_t"] and context.tense != "future":
        return None
    return _moved(context.anchor, _count(found["h_c"]), found["h_u"], 1)


def related(found: Found, context: Context) -> Reading | None:
    """Read "last week", "next spring", "earlier this month", "the end of this year"."""
    anchor = context.anchor
    if anchor is None:
        return None
    word = found["r_r"].split()[-1]
    steps = offset(word)
    part = found["r_p"]
    if part and part.split()[0] in {"earlier", "later"}:
        part = None
    if name := found["r_m"]:
        if not context.is_capital(found.start("r_m")):
            return None
        return Reading(_month(month_numbers()[name], anchor, steps), "month")
    if name := found["r_w"]:
        return Reading(cal.day(_weekday(weekday_numbers()[name], anchor, steps, context)), "day")
    if name := found["r_s"]:
        if word == "same":
            return None
        period = cut(part, _season(seasons()[name], anchor, steps))
        return Reading(period, "month" if part else "season")
    return _unit(" ".join(found["r_u"].split()), part, steps, anchor, context)


def _unit(
    unit: str, part: str | None, steps: int, anchor: dt.date, context: Context
) -> Reading | None:
    if unit == "week":
        return Reading(cal.week(anchor, steps), "span")
    if unit == "weekend":
        return Reading(_weekend(anchor, steps, context), "span")
    if unit == "month":
        return Reading(cal.month(anchor.year, anchor.month + steps), "month")
    if unit == "quarter":
        first = (anchor.month - 1) // 3 * 3 + 1
        return Reading(cal.months(anchor.year, first + 3 * steps, 3), "quarter")
    # A fiscal year is named after the year in which it ends; the American one begins in October.
    fiscal = 1 if unit != "year" and anchor.month >= 10 else 0
    period = cut(part, cal.year(anchor.year + steps + fiscal))
    return Reading(period, "year" if period.precision == "year" else "month")


def _month(number: int, anchor: dt.date, steps: int) -> Period:
    year = anchor.year
    if steps < 0 and number >= anchor.month:
        year -= 1
    if steps > 0 and number <= anchor.month:
        year += 1
    return cal.month(year, number)


def _weekday(number: int, anchor: dt.date, steps: int, context: Context) -> dt.date:
    if steps == 0:
        return cal.weekday(number, anchor, context.tense)
    direction: Direction = "past" if steps < 0 else "future"
    return cal.weekday(number, anchor + dt.timedelta(days=steps), direction)


def _season(bounds: tuple[int, int], anchor: dt.date, steps: int) -> Period:
    if steps == 0:
        near = cal.nearest_season(bounds, anchor, None)
        return near if near.first <= anchor <= near.last else cal.season(bounds, anchor.year)
    choices = [cal.season(bounds, anchor.year + step) for step in (-2, -1, 0, 1)]
    if steps < 0:
        return next(choice for choice in reversed(choices) if choice.last < anchor)
    return next(choice for choice in choices if choice.first > anchor)


def _weekend(anchor: dt.date, steps: int, context: Context) -> Period:
    """Return Saturday and Sunday: the last ones behind the date, or the next ones ahead of it."""
    if steps > 0 or (steps == 0 and context.tense == "future"):
        saturday = cal.weekday(5, anchor, "future")
    else:
        saturday = cal.weekday(5, anchor - dt.timedelta(days=1), "past")
    return Period(saturday, saturday + dt.timedelta(days=1), "day")


def weekday(found: Found, context: Context) -> Reading | None:
    """Read "on Tuesday" as the one within six days, the document's own day included."""
    if context.anchor is None or not context.is_capital(found.start("w_w")):
        return None
    number = weekday_numbers()[found["w_w"]]
    return Reading(cal.day(cal.weekday(number, context.anchor, context.tense)), "day")


def weekend(found: Found, context: Context) -> Reading | None:
    """Read "at the weekend"."""
    del found
    return None if context.anchor is None else Reading(_weekend(context.anchor, 0, context), "span")


def whole(found: Found, context: Context) -> Reading | None:
    """Read "the end of the year", "year-end", "2024's end", "within the quarter"."""
    if year := found["t_z"]:
        return Reading(cal.month(int(year), 12), "month")
    anchor = context.anchor
    if anchor is None:
        return None
    if found["t_q"]:
        return _unit("quarter", None, 0, anchor, context)
    unit = found["t_u"] or found["t_y"] or found["t_o"]
    if unit == "week":
        return Reading(cal.week(anchor), "span")
    if unit == "month":
        return Reading(cal.month(anchor.year, anchor.month), "month")
    period = cut(found["t_p"] or "the end of", cal.year(anchor.year))
    return Reading(period, "year" if period.precision == "year" else "month")


def neighbour(found: Found, context: Context) -> Reading | None:
    """Read "the year after" and "the following month" from the period that was named last."""
    before = context.previous
    if before is None:
        return None
    back = found["v_w"] in {"before", "previous"} or found["v_x"] in {"before", "previous"}
    steps = -1 if back else 1
    unit = found["v_u"] or found["v_v"]
    if unit == "year":
        return Reading(cal.year(before.last.year + steps), "year")
    if before.precision == "year":
        return None
    if unit == "month":
        return Reading(cal.month(before.last.year, before.last.month + steps), "month")
    if before.precision != "day":
        return None
    if unit == "week":
        return Reading(cal.week(before.last, steps), "span")
    return Reading(cal.day(before.last + dt.timedelta(days=steps)), "day")


def day(found: Found, context: Context) -> Reading | None:
    """Read "today", "yesterday", "tomorrow"."""
    if context.anchor is None:
        return None
    word = " ".join(found.group().split())
    return Reading(cal.day(context.anchor + dt.timedelta(days=values("days")[word])), "day")
