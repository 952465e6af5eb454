"""Numbers in text with their bounds, ranges, approximations and rates.

The rules are those of the coding book's section on numbers: "up to four" has no low end, "dozens"
is 24 to 99. What only looks like a number of things (model names, calibres, years, clock times,
pages) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pledgebook.reading.quantities.number_context import counts, is_percent, is_times
from pledgebook.reading.quantities.number_words import Core, NumberKind, scan
from pledgebook.reading.quantities.qualifiers import Bound, after, before, combine
from pledgebook.reading.quantities.rates import RateMention, find_rates, rate_at
from pledgebook.reading.text.wording import GAP, Spans, fold

__all__ = ["NumberMention", "RateMention", "find_numbers", "find_rates"]


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in a text: `text[start:end]` with qualifier and rate, the bare number in the core.

    `low` and `high` are None where that end is open, never both. `bounded` tells that words set a
    bound or a range ("up to", "14 to 20"), `further` that it comes on top ("another 12").
    An ordinal has its rank, a multiple its factor, a percentage its figure as value.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    approx: bool
    per: str | None
    core_start: int
    core_end: int
    kind: NumberKind
    bounded: bool
    further: bool = False


def find_numbers(text: str, *, exclude: Sequence[tuple[int, int]] = ()) -> list[NumberMention]:
    """Return the numbers of `text` in order of place, without overlaps.

    Numbers whose core touches a span of `exclude` (amounts of money, dates, model names) are left
    out; take those spans from the other finders.
    """
    cores = scan(text)
    if not cores:
        return []
    lowered = fold(text)
    barred = Spans(exclude)
    mentions: list[NumberMention] = []
    index, floor = 0, 0
    while index < len(cores):
        core = cores[index]
        if barred.touch(core.start, core.end):
            index += 1
            continue
        joined, used = join_range(cores, index, lowered)
        if joined is not None and barred.touch(core.start, joined.end):
            joined, used = None, 1
        index += used
        # In a range it is the last number that stands before its noun: "14 to 20 days".
        first = joined is None or lowered[core.start : core.end] != "one"
        if (joined is not None and not counts(cores[index - 1], text, lowered)) or (
            first and not counts(core, text, lowered)
        ):
            continue
        mentions.append(_mention(joined or core, lowered, floor, between=joined is not None))
        floor = mentions[-1].end
    return mentions


@cache
def _link() -> re.Pattern[str]:
    blur = rf"about|around|some|roughly|nearly|almost|perhaps|up{GAP}to|as{GAP}many{GAP}as"
    approx = rf"(?:(?:{blur}){GAP})?"
    return re.compile(
        rf"{GAP}(?P<word>to|or|and){GAP}(?P<more>{approx})|[^\S\n]?[-\u2010-\u2014][^\S\n]?"
    )


@cache
def _between() -> re.Pattern[str]:
    return re.compile(
        rf"between{GAP}(?:(?:about|around|some|roughly|approximately|an?{GAP}estimated){GAP})?$"
    )


def join_range(cores: Sequence[Core], index: int, lowered: str) -> tuple[Core | None, int]:
    """Join the number at `index` with the next one where the two make a range.

    Returns the joined number, or None, and how many numbers it takes. "from 14 to 20" is a change
    and stays two numbers; so does what falls ("eleven to nine").
    """
    first = cores[index]
    if index + 1 == len(cores) or first.kind not in {"cardinal", "vague"}:
        return None, 1
    second = cores[index + 1]
    if second.kind not in {"cardinal", "vague"} or second.start - first.end > 24:
        return None, 1
    percent = is_percent(lowered, first.end)
    link = _link().fullmatch(lowered, percent or first.end, second.start)
    if link is None or (percent and not is_percent(lowered, second.end)):
        return None, 1
    head = lowered[max(0, first.start - 30) : first.start]
    low = lend(first, second)
    if not low < second.low:
        return None, 1
    word = link["word"]
    if word == "and" and not _between().search(head):
        return None, 1
    if word == "or" and second.low > 2.5 * low:
        return None, 1
    if word == "to" and is_change(head):
        return None, 1
    if word is None and (link.group().strip() == "" or _is_compound(first, second, lowered)):
        return None, 1
    return Core(
        first.start, second.end, low, second.high, "cardinal", second.sizes, first.digits
    ), 2


_CHANGE = re.compile(r"(?<!\w)from(?:\s+(?:about|some|around|roughly|nearly|almost))?\s*\Z")
_SPREAD = re.compile(r"(?<!\w)(?:rang|vari|vary|anywhere|estimate|spread|somewhere)\w*\s+from\s+\Z")


def is_change(head: str) -> bool:
    """Tell whether the text before a number makes "14 to 20" a change: "from 14 to 20".

    "ranged from 14 to 20" and "anywhere from 14 to 20" are ranges.
    """
    return bool(_CHANGE.search(head)) and not _SPREAD.search(head)


def lend(first: Core, second: Core) -> float:
    """Return the low end of a range: the upper end lends its magnitude ("10 to 11 million")."""
    if not first.sizes and first.low < 1000:
        for size in second.sizes:
            if first.low * size < second.low:
                return first.low * size
    return first.low


_INNER = re.compile(r"(?:and|to|or)\s+(?:about|around|some|roughly|nearly|almost|perhaps)\s")


def widen(bound: Bound, core: Core, lowered: str, floor: int) -> Bound:
    """Take "between" into the span of a range, and an "about" that stands at its upper end."""
    if found := _between().search(lowered, max(floor, core.start - 30), core.start):
        blurred = found.group().strip() != "between"
        bound = replace(
            bound, start=min(bound.start, found.start()), approx=bound.approx or blurred
        )
    if _INNER.search(lowered, core.start, core.end):
        bound = replace(bound, approx=True)
    return bound


def _is_compound(first: Core, second: Core, lowered: str) -> bool:
    """Tell whether a dash joins two numbers that are no range: "14 - two of them", "3-4-5"."""
    spaced = lowered[first.end].isspace()
    return first.digits != second.digits or (spaced and not first.digits)


def _mention(core: Core, lowered: str, floor: int, *, between: bool) -> NumberMention:
    kind: NumberKind = "multiple" if is_times(lowered, core.end) else core.kind
    end = core.end
    bound = Bound(core.start)
    if kind in {"cardinal", "vague"}:
        bound = before(lowered, core.start, floor)
        if between:
            bound = widen(bound, core, lowered, floor)
    percent = is_percent(lowered, core.end) if kind in {"cardinal", "vague"} else 0
    if percent:
        kind, end = "percent", percent
    if kind in {"cardinal", "vague", "percent"}:
        bound, end = after(lowered, end, bound)
    rate = rate_at(lowered, end) if kind in {"cardinal", "vague"} else None
    low, high = combine(bound, core.low, core.high)
    per, factor = None, 1.0
    if rate is not None and rate.per is not None:
        per, factor, end = rate.per, rate.factor, rate.end
    return NumberMention(
        start=bound.start,
        end=end,
        low=None if low is None else low * factor,
        high=None if high is None else high * factor,
        approx=bound.approx or core.kind == "vague",
        per=per,
        core_start=core.start,
        core_end=core.end,
        kind=kind,
        bounded=between or bound.at_least or bound.at_most,
        further=bound.further,
    )
