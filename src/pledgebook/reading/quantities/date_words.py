"""The pattern of dates in English text, made from the date word table."""

from __future__ import annotations

import re
from functools import cache

from pledgebook.reading.quantities.spelled import small_words
from pledgebook.reading.text.wording import BLANK, GAP, alternation, table

_SIDES = ("early", "late", "middle")
DASH = "[-\u2010-\u2014]"
YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_TH = r"(?:st|nd|rd|th)?"


@cache
def part_words(side: str) -> tuple[str, ...]:
    """Return the words for the early, the late or the middle part of a period."""
    return tuple(table("dates.toml")["parts"][side])


@cache
def values(name: str) -> dict[str, int]:
    """Return a flat table of the date words ("months", "weekdays", "days")."""
    return {str(word): int(value) for word, value in table("dates.toml")[name].items()}


@cache
def month_numbers() -> dict[str, int]:
    """Return the numbers of months, full and short names."""
    return {**values("months"), **values("short_months")}


@cache
def weekday_numbers() -> dict[str, int]:
    """Return the numbers of weekdays, Monday 0, full and short names."""
    return {**values("weekdays"), **values("short_weekdays")}


@cache
def seasons() -> dict[str, tuple[int, int]]:
    """Return the first and last month of each season word."""
    return {
        word: (int(pair[0]), int(pair[1])) for word, pair in table("dates.toml")["seasons"].items()
    }


@cache
def small_numbers() -> dict[str, int]:
    """Return the number words that count days, weeks, months or years."""
    return {word: int(value) for word, value in small_words().items() if value > 0}


def _parts() -> dict[str, str]:
    full = alternation(values("months"))
    short = alternation(values("short_months"))
    mon = rf"(?:(?:{full})(?!\w)|(?:{short})\b\.?)"
    wd = rf"(?:{alternation(values('weekdays'))}|(?:{alternation(values('short_weekdays'))})\b\.?)"
    full_wd = alternation(values("weekdays"))
    season = alternation(seasons())
    numbers = alternation(small_numbers())
    count = rf"(?:\d{{1,3}}|an?|half{GAP}an?|{numbers}|an?{GAP}couple{GAP}of|a{GAP}dozen)"
    unit = r"(?:day|week|month|year|decade)"
    parts = alternation(word for side in _SIDES for word in part_words(side))
    part = rf"(?:{parts})(?:{GAP}|{DASH})(?:in{GAP})?(?:the{GAP})?"
    sep = rf"(?:{GAP}|{BLANK}?,{GAP})"
    to = rf"(?:{BLANK}?{DASH}{BLANK}?|{GAP}(?:to|and|until){GAP})"
    rel = rf"(?:this{GAP}past|this{GAP}coming|this|last|next|past|previous|coming|current|same)"
    feasts = alternation(table("dates.toml")["feasts"])
    ordinal = "first|second|third|fourth|1st|2nd|3rd|4th"
    return {
        "iso": (
            rf"(?P<iso_y>{YEAR})(?P<iso_s>[-/.])(?P<iso_m>\d\d?)(?P=iso_s)(?P<iso_d>\d\d?)"
            r"(?!\d|[-/.]\d)"
        ),
        "numeric": rf"(?P<n_a>\d\d?)(?P<n_s>[-/.])(?P<n_b>\d\d?)(?P=n_s)(?P<n_y>{YEAR})(?!\d)",
        "dmy": (
            rf"(?:(?:{wd}){sep})?(?:the{GAP})?(?P<d_d>{_DAY}){_TH}"
            rf"(?:{to}(?P<d_d2>{_DAY}){_TH})?{GAP}(?:of{GAP})?(?P<d_m>{mon})(?:{sep}(?P<d_y>{YEAR})(?!\w))?"
        ),
        "mdy": (
            rf"(?:(?:{wd}){sep})?(?P<m_m>{mon}){GAP}(?:the{GAP})?(?P<m_d>{_DAY}){_TH}(?![\w%]|[.,:/]\d)"
            rf"(?:{to}(?P<m_d2>{_DAY}){_TH}(?![\w%]))?(?:{sep}(?P<m_y>{YEAR})(?!\w))?"
        ),
        "quarter": (
            rf"(?:q(?P<q_n>[1-4])|h(?P<h_n>[12])|(?:the{GAP})?(?P<q_o>{ordinal}){GAP}(?P<q_u>quarter|half))"
            rf"(?!\w)(?:{GAP}(?:of{GAP})?(?P<q_y>{YEAR}|(?:{rel}|the){GAP}(?:fiscal{GAP})?year)(?!\w))?"
        ),
        "fiscal": (
            rf"(?:fiscal|financial){GAP}(?:year{GAP})?(?P<f_y>{YEAR})"
            rf"|fy{BLANK}?['\u2019]?(?P<f_s>{YEAR}|\d\d)"
        ),
        "my": (
            rf"(?P<y_p>{part})?(?P<y_m>{mon})(?:,|{GAP}of)?{GAP}"
            rf"(?P<y_y>{YEAR}|(?:{rel}){GAP}year)(?!\w)"
        ),
        "rel": (
            rf"(?P<r_p>{part}|(?:earlier|later){GAP})?(?P<r_r>{rel}){GAP}"
            rf"(?:(?P<r_m>{full})|(?P<r_w>{full_wd})|(?P<r_s>{season})|(?P<r_u>week|weekend|month|year|quarter|fiscal{GAP}year))"
            r"(?!\w|-)"
        ),
        "ago": (
            rf"(?P<k_n>{count}){GAP}(?P<k_u>{unit})s?{GAP}"
            rf"(?P<k_w>ago|earlier|later|from{GAP}now|hence)"
        ),
        "neighbour": (
            rf"the{GAP}(?P<v_u>day|week|month|year){GAP}(?P<v_w>after|before|following)(?!{GAP}(?:yesterday|tomorrow))"
            rf"|the{GAP}(?P<v_x>following|previous){GAP}(?P<v_v>day|week|month|year)"
        ),
        "stretch": (
            rf"(?:just{GAP})?the{GAP}(?:just{GAP})?(?P<s_r>next|last|past|coming|following|previous){GAP}"
            rf"(?:full{GAP})?(?:(?P<s_n>{count}){GAP}(?P<s_u>{unit})s|(?P<s_v>day|week|month|year|quarter|decade))"
        ),
        "ahead": (
            rf"(?P<h_w>within|in|inside){GAP}(?:about{GAP}|around{GAP}|some{GAP})?"
            rf"(?P<h_c>{count}){GAP}(?P<h_u>{unit})(?:s['\u2019]?|['\u2019]s)?(?P<h_t>{GAP}time)?"
        ),
        "season": (
            rf"(?P<e_p>{part})?(?P<e_s>{season})(?:{GAP}(?:of{GAP})?(?P<e_y>{YEAR})(?!\w|,\d))?"
        ),
        "years": (
            rf"(?P<g_a>{YEAR})(?:/|{BLANK}?{DASH}{BLANK}?|{GAP}to{GAP})(?P<g_b>{YEAR}|\d\d)"
            r"(?![\w/-])"
        ),
        "month": rf"(?P<o_p>{part})?(?P<o_m>{full})",
        "weekday": rf"(?P<w_w>{full_wd})",
        "whole": (
            rf"(?P<t_p>{part})(?P<t_u>week|month|year)"
            rf"|(?:the{GAP})?(?P<t_y>year|month|week)(?:['\u2019]s{GAP}|{DASH})end"
            rf"|(?P<t_z>{YEAR})['\u2019]s{GAP}end|the{GAP}(?P<t_o>year|month|week){GAP}is{GAP}(?:out|over|up)"
            rf"|(?:within|during|in|over|of){GAP}(?P<t_q>(?:the|this){GAP}quarter)"
        ),
        "day": alternation(values("days")),
        "feast": rf"(?:{feasts})(?:{GAP}(?P<c_y>{YEAR})(?!\w))?",
        "year": rf"(?P<a_p>{part})?(?P<a_y>{YEAR})",
        "short": r"['\u2018\u2019](?P<b_y>\d\d)",
        "weekend": rf"(?:at|over|during){GAP}the{GAP}weekend",
    }


def _first_words() -> set[str]:
    """Return every word with which a date can begin: a cheap test before the whole pattern."""
    phrases = [
        *(word for side in _SIDES for word in part_words(side)), *month_numbers(),
        *weekday_numbers(), *seasons(), *values("days"), *table("dates.toml")["feasts"],
        *small_numbers(), *table("dates.toml")["words"]["openers"],
    ]  # fmt: skip
    return {phrase.split()[0] for phrase in phrases}


@cache
def pattern() -> re.Pattern[str]:
    """Return the compiled pattern of a date, over folded text; the last group names its form."""
    body = "|".join(rf"(?P<{name}>{part})(?!\w)" for name, part in _parts().items())
    first = rf"(?=[\d'\u2018\u2019]|[qh]\d|fy|(?:{alternation(_first_words())})(?![^\W_]))"
    return re.compile(rf"(?<![\w/])(?<!\d[.,:-])(?<![^\W\d_]-){first}(?:{body})")
