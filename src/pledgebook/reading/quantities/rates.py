"""Rates in text: "a month", "per day", "annually", "/week"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pledgebook.reading.quantities.spelled import small_words
from pledgebook.reading.text.wording import BLANK, GAP, alternation, fold, table


@dataclass(frozen=True, slots=True)
class RateMention:
    """Words that make a number a rate: `text[start:end]`.

    `per` is "day", "week", "month" or "year"; an amount times `factor` is the amount in one such
    period ("every two weeks": week, 0.5). `per` is None for "a quarter", which is none of the four.
    """

    start: int
    end: int
    per: str | None
    factor: float


@cache
def _pattern() -> re.Pattern[str]:
    rates = table("numbers.toml")["rates"]
    units = "|".join([*rates["units"], "quarter"])
    joins = alternation(rates["joins"])
    words = alternation([*rates["words"], "quarterly"])
    counts = alternation(word for word, value in small_words().items() if 2 <= value <= 12)
    return re.compile(
        rf"-(?:an?|per)-(?P<glued>{units})(?![\w'\u2019-])"
        rf"|(?<![\w-])(?:(?P<join>{joins}){GAP}(?P<unit>{units})"
        rf"|every{GAP}(?P<count>\d{{1,2}}|{counts}){GAP}(?P<units>{units})s"
        rf"|(?P<word>{words}))(?![\w'\u2019])(?!-)"
        rf"|/{BLANK}?(?P<slash>{units})(?!\w)"
    )


@cache
def _not_after() -> re.Pattern[str]:
    return re.compile(rf"{GAP}(?:{alternation(table('numbers.toml')['rates']['not_after'])})(?!\w)")


@cache
def _not_before() -> frozenset[str]:
    return frozenset(table("numbers.toml")["rates"]["not_before"])


_LAST_WORD = re.compile(r"([^\W\d_]+)\s*$")


def find_rates(text: str) -> list[RateMention]:
    """Return the rate words of `text` in order; "a year earlier" and "within a month" are none."""
    lowered = fold(text)
    mentions = (_mention(match, lowered) for match in _pattern().finditer(lowered))
    return [mention for mention in mentions if mention is not None]


def rate_at(lowered: str, place: int) -> RateMention | None:
    """Return the rate that begins at `place` of folded text, blanks aside, or None."""
    blank = _gap().match(lowered, place)
    found = _pattern().match(lowered, blank.end() if blank else place)
    return _mention(found, lowered) if found else None


@cache
def _gap() -> re.Pattern[str]:
    return re.compile(GAP)


def _mention(found: re.Match[str], lowered: str) -> RateMention | None:
    rates = table("numbers.toml")["rates"]
    start, end = found.span()
    if word := found["word"]:
        per = rates["words"].get(word)
        return RateMention(start, end, per, 0.5 if word == "fortnightly" else 1.0)
    if unit := found["slash"] or found["glued"]:
        return RateMention(start, end, rates["units"].get(unit), 1.0)
    if unit := found["units"]:
        count = found["count"]
        number = float(count) if count.isdigit() else small_words()[count]
        return RateMention(start, end, rates["units"].get(unit), 1.0 / number if number else 1.0)
    if _not_after().match(lowered, end):
        return None
    if found["join"] in {"a", "an"}:
        before = _LAST_WORD.search(lowered, max(0, start - 16), start)
        if found["unit"] == "quarter" or (before and before[1] in _not_before()):
            return None
    return RateMention(start, end, rates["units"].get(found["unit"]), 1.0)
