"""What the absolute forms of dates mean, and those that only lack their year."""

from __future__ import annotations

import datetime as dt
import re

from pledgebook.reading.quantities import calendar_math as cal
from pledgebook.reading.quantities.calendar_math import Period
from pledgebook.reading.quantities.date_context import Context, Reading
from pledgebook.reading.quantities.date_words import month_numbers, part_words, seasons
from pledgebook.reading.quantities.number_context import is_bare_year, name_heads
from pledgebook.reading.text.wording import table

Found = re.Match[str]


def month_number(word: str) -> int:
    """Return the number of a month by its full or short name."""
    return month_numbers()[word.rstrip(".")]


def _is_end(part: str) -> bool:
    return any(word in part for word in ("end", "close", "turn", "last", "final"))


def cut(part: str | None, period: Period) -> Period:
    """Return the part of a period that words such as "the end of" or "early" name.

    The end of a year is December and its beginning January, but early 2024 stays 2024: the words
    tell no month. Within a season they do: the first, the middle or the last of its months.
    """
    if not part or period.precision == "day":
        return period
    words = " ".join(re.sub(r"[-\u2010-\u2014]", " ", part).split())
    words = re.sub(r"(?: in)?(?: the)?$", "", words) if words not in part_words("late") else words
    if period.first.month == 1 and period.last.month == 12:
        if _is_end(words):
            return cal.month(period.last.year, 12)
        return (
            cal.month(period.first.year, 1)
            if words in part_words("early") and words != "early"
            else period
        )
    if words in part_words("late"):
        return cal.month(period.last.year, period.last.month)
    if words in part_words("early"):
        return cal.month(period.first.year, period.first.month)
    middle = period.first + (period.last - period.first) / 2
    return cal.month(middle.year, middle.month)


def iso(found: Found, context: Context) -> Reading:
    """Read 2023-02-14."""
    del context
    when = dt.date(int(found["iso_y"]), int(found["iso_m"]), int(found["iso_d"]))
    return Reading(cal.day(when), "day")


def numeric(found: Found, context: Context) -> Reading | None:
    """Read 14.02.2023 and 14/02/2023; a slashed date that could be either way round is none."""
    del context
    first, second, year = int(found["n_a"]), int(found["n_b"]), int(found["n_y"])
    if found["n_s"] == "." or first > 12 or first == second:
        return Reading(cal.day(dt.date(year, second, first)), "day")
    return Reading(cal.day(dt.date(year, first, second)), "day") if second > 12 else None


def dmy(found: Found, context: Context) -> Reading | None:
    """Read "Tuesday, 14 February 2023", "3-5 March" and "the 4th of August"."""
    if not context.is_capital(found.start("d_m")):
        return None
    return _days(found["d_y"], month_number(found["d_m"]), found["d_d"], found["d_d2"], context)


def mdy(found: Found, context: Context) -> Reading | None:
    """Read "Feb. 14, 2023" and "March 3-5"; "in March 20 vehicles came" is the month alone."""
    if not context.is_capital(found.start("m_m")):
        return None
    if context.relation == "in" and found["m_y"] is None and found["m_d2"] is None:
        after = context.lowered[found.end() : found.end() + 2]
        if after[:1] == " " and after[1:].isalpha() and context.anchor is not None:
            near = cal.nearest_month(month_number(found["m_m"]), context.anchor, context.tense)
            return Reading(near, "month", found.end("m_m"))
    return _days(found["m_y"], month_number(found["m_m"]), found["m_d"], found["m_d2"], context)


def _days(
    year: str | None, month: int, first: str | int, last: str | None, context: Context
) -> Reading | None:
    day = int(first)
    if year is not None:
        number = int(year)
    elif context.anchor is None:
        return None
    else:
        number = _year_of(month, day, context, context.anchor)
    start = dt.date(number, month, day)
    if last is not None and int(last) > day:
        return Reading(Period(start, dt.date(number, month, int(last)), "day"), "span")
    return Reading(cal.day(start), "day")


_NEAR = dt.timedelta(days=45)


def _year_of(month: int, day: int, context: Context, anchor: dt.date) -> int:
    """Choose the year of a day without one: the nearest, but far off by the clause's tense."""
    choices = [
        dt.date(year, month, day)
        for year in range(anchor.year - 1, anchor.year + 2)
        if day <= cal.month(year, month).last.day
    ]
    if not choices:
        raise ValueError(f"no day {day} in month {month} near {anchor.year}")
    near = min(choices, key=lambda choice: abs(choice - anchor))
    if abs(near - anchor) > _NEAR:
        if context.tense == "future" and near < anchor:
            near = next((choice for choice in choices if choice >= anchor), near)
        elif context.tense == "past" and near > anchor:
            near = next((choice for choice in reversed(choices) if choice <= anchor), near)
    return near.year


def relative_year(words: str, context: Context) -> int | None:
    """Return the year of "2024" or "this fiscal year", of which one begins in October."""
    if words.isdigit():
        return int(words)
    if context.anchor is None:
        return None
    this = context.anchor.year + (1 if "fiscal" in words and context.anchor.month >= 10 else 0)
    return this + offset(words.split()[0])


def offset(word: str) -> int:
    """Return how many steps "last", "this" or "next" lies from now."""
    return {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(word, 0)


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def quarter(found: Found, context: Context) -> Reading | None:
    """Read "Q3 2023", "H1 2025" and "the third quarter of next year"."""
    spelled = found["q_o"]
    if words := found["q_y"]:
        year = relative_year(words, context)
    elif context.anchor is None or (spelled and context.relation is None):
        return None
    else:
        year = context.anchor.year
    if year is None:
        return None
    if found["q_n"]:
        return Reading(cal.quarter(int(found["q_n"]), year), "quarter")
    number = int(found["h_n"] or _ORDINALS.get(spelled) or spelled[0])
    if found["h_n"] or found["q_u"] == "half":
        return Reading(cal.half(number, year), "span") if number <= 2 else None
    return Reading(cal.quarter(number, year), "quarter")


def fiscal(found: Found, context: Context) -> Reading:
    """Read "fiscal year 2024", "fiscal 2024" and "FY24" as that year."""
    del context
    digits = found["f_y"] or found["f_s"]
    return Reading(cal.year(int(digits) if len(digits) == 4 else 2000 + int(digits)), "year")


def month_year(found: Found, context: Context) -> Reading | None:
    """Read "late February 2023" and "April of this year"."""
    if not context.is_capital(found.start("y_m")):
        return None
    year = relative_year(found["y_y"], context)
    return Reading(cal.month(year, month_number(found["y_m"])), "month") if year else None


def years(found: Found, context: Context) -> Reading | None:
    """Read "2025-2027" and "2022/23"."""
    del context
    first, last = int(found["g_a"]), found["g_b"]
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if not first < second <= first + 40:
        return None
    return Reading(Period(dt.date(first, 1, 1), dt.date(second, 12, 31), "year"), "span")


_NAMES = re.compile(r"\s+[A-Z][a-z]")
_PERSONAL = frozenset({"may", "april", "june", "august", "march"})
_BEFORE_MONTH = re.compile(
    r"(?<!\w)(?:in|by|since|until|till|last|next|this|and|to|of|from|through|before|after|during|for"
    r"|around|or|between|early|late|mid|the|its|their|his|her|on|as|than|throughout|again)\W\s*\Z"
)


def month(found: Found, context: Context) -> Reading | None:
    """Read a month without a year, and tell it from the verb and the first name."""
    if context.anchor is None or not context.is_capital(found.start("o_m")):
        return None
    name = found["o_m"]
    if name in _PERSONAL and not found["o_p"]:
        if not _BEFORE_MONTH.search(context.lowered, max(0, found.start() - 12), found.start()):
            return None
        if _NAMES.match(context.text, found.end()) and context.relation not in {
            "in",
            "by",
            "since",
        }:
            return None
    # "the January promise" names a month that readers know: the nearest, whatever the verb.
    known = context.lowered.endswith(("the ", "that "), 0, found.start())
    tense = None if known else context.tense
    return Reading(cal.nearest_month(month_numbers()[name], context.anchor, tense), "month")


_BEFORE_SEASON = re.compile(
    r"(?<!\w)(?:(in|by|during|since|until|over|before|after|from|through|throughout|next|this)\s+(?:the\s+)?"
    r"|(?:of|for|the|their|its|his|our|and|or|with)\s+(?:the\s+)?)\Z"
)


def season(found: Found, context: Context) -> Reading | None:
    """Read "autumn of 2023" and "in the spring", but not "winter suits" or "the fall of Kabul"."""
    part, bounds = found["e_p"], seasons()[found["e_s"]]
    kind = "month" if part else "season"
    if year := found["e_y"]:
        return Reading(cut(part, cal.season(bounds, int(year))), "month" if part else "season")
    if context.anchor is None:
        return None
    if not part:
        head = _BEFORE_SEASON.search(context.lowered, max(0, found.start() - 20), found.start())
        followed = context.lowered.startswith(" of ", found.end())
        if head is not None and ((head[1] is None and found["e_s"] == "fall") or followed):
            return None
        if head is None and context.relation is None and not _adverb(found, context):
            return None
    near = cal.nearest_season(bounds, context.anchor, context.tense)
    return Reading(cut(part, near), "month" if kind == "month" else "season")


_ADVERB = re.compile(
    r"(?<!\w)(?:delivered|due|expected|planned|arrived|sent|handed over)\s+(?:in\s+)?\Z"
)


def _adverb(found: Found, context: Context) -> bool:
    return bool(_ADVERB.search(context.lowered, max(0, found.start() - 20), found.start()))


_PREVIOUS = re.compile(r"(\S+)\s{0,3}\Z")
_NEXT = re.compile(r"[^\S\n]{0,3}([a-z]*)")


def year(found: Found, context: Context) -> Reading | None:
    """Read a bare year; "2000 rounds", "Mirage 2000" and the 2,000 of "2,000,000" are none."""
    lowered, end = context.lowered, found.end("a_y")
    if lowered[end : end + 1] in {",", ".", "-"} and lowered[end + 1 : end + 2].isalnum():
        return None
    if lowered[found.start("a_y") - 1 : found.start("a_y")] in set("$€£¥"):
        return None
    previous = _PREVIOUS.search(lowered, max(0, found.start("a_y") - 24), found.start("a_y"))
    before = previous[1] if previous else ""
    following = _NEXT.match(lowered, end)
    if before in name_heads() or lowered[end : end + 1] in {"%", "°"}:
        return None
    if not found["a_p"] and not is_bare_year(
        int(found["a_y"]), before, following[1] if following else ""
    ):
        return None
    period = cut(found["a_p"], cal.year(int(found["a_y"])))
    return Reading(period, "year" if period.precision == "year" else "month")


def short(found: Found, context: Context) -> Reading | None:
    """Read "back in '22"."""
    if context.relation is None or int(found["b_y"]) > 49:
        return None
    return Reading(cal.year(2000 + int(found["b_y"])), "year")


def feast(found: Found, context: Context) -> Reading | None:
    """Read "by Christmas" as its month, "around New Year" as the two months that meet there."""
    name = re.sub(r"\s*\d{4}$", "", " ".join(found.group().split()))
    when = [int(number) for number in table("dates.toml")["feasts"][name.replace("\u2019", "'")]]
    if not context.is_capital(found.start()):
        return None
    if len(when) == 2:
        return _days(found["c_y"], when[0], when[1], None, context)
    if found["c_y"]:
        period = cal.month(int(found["c_y"]), when[0])
    elif context.anchor is None:
        return None
    else:
        period = cal.nearest_month(when[0], context.anchor, context.tense)
    if when[0] == 1:
        return Reading(cal.months(period.first.year, 0, 2), "span")
    return Reading(period, "month")
