"""Amounts of money in text: figure, currency, bounds, rate, and whether it is a conversion.

An amount is found from its currency: a sign or a code before or after the figure ("US$1.2bn",
"NOK 250 million"), or a name after it ("3.3 billion kronor"). Amounts keep the currency in which
they are written; nothing is converted here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pledgebook.reading.quantities.currencies import Marker, Markers, is_weight
from pledgebook.reading.quantities.number_words import Core, at, scan
from pledgebook.reading.quantities.numbers import is_change, join_range, lend
from pledgebook.reading.quantities.qualifiers import Bound, after, before, combine
from pledgebook.reading.quantities.rates import rate_at
from pledgebook.reading.text.wording import BLANK, GAP, Spans, alternation, fold, link_spans, table

__all__ = ["MoneyMention", "find_money"]


@dataclass(frozen=True, slots=True)
class MoneyMention:
    """An amount of money: `text[start:end]` with qualifier, currency and rate.

    `low` and `high` are whole units of `currency` (ISO 4217), None where that end is open.
    `currency` is None where the name is shared by several states and nothing tells which. `per` is
    "day", "week", "month" or "year". `converted` marks the same amount said again in another
    currency ("NOK 250 million ($24.8 million)"). `core_start:core_end` is figure and currency.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    currency: str | None
    per: str | None
    converted: bool
    approx: bool
    core_start: int
    core_end: int
    further: bool = False


@dataclass(frozen=True, slots=True)
class _Amount:
    start: int
    end: int
    low: float
    high: float
    vague: bool
    between: bool
    currency: str | None


def find_money(
    text: str, *, default_kroner: str | None = None, default_dollar: str = "USD"
) -> list[MoneyMention]:
    """Return the amounts of money in `text` in order of place, without overlaps.

    `default_kroner` is the currency of bare "kroner" where no adjective near it tells whose they
    are, `default_dollar` that of bare "$" and "dollars" (a Canadian paper means its own).
    """
    lowered = fold(text)
    mentions: list[MoneyMention] = []
    floor = 0
    links: Spans | None = None
    ends: dict[int, int] | None = None
    markers = Markers(text, lowered, default_kroner, default_dollar)
    for marker in markers:
        if marker.start < floor:
            continue
        links = links or Spans(link_spans(lowered))
        if links.touch(marker.start, marker.end):
            continue
        amount = _figure_after(marker, markers, lowered)
        if amount is None and marker.follows:
            cores = scan(text)
            if ends is None:
                ends = {core.end: place for place, core in enumerate(cores)}
            amount = _figure_before(marker, cores, ends, lowered, floor)
        if amount is not None:
            mention = _mention(amount, lowered, floor, mentions[-1] if mentions else None)
            mentions.append(mention)
            floor = mention.end
    return mentions


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf"{GAP}(?P<word>to|or|and){GAP}|{BLANK}?[-\u2010-\u2014]{BLANK}?")


_BLANKS = re.compile(rf"{BLANK}{{0,2}}")
_BETWEEN = re.compile(r"(?<!\w)between\s+(?:about\s+|some\s+|around\s+|roughly\s+)?\Z")


def _figure_after(marker: Marker, markers: Markers, lowered: str) -> _Amount | None:
    """Read "$1.2bn" and "€1bn\u2013€1.5bn": the figure, or the range, that the marker begins."""
    if not marker.leads:
        return None
    blanks = _BLANKS.match(lowered, marker.end)
    first = at(lowered, blanks.end() if blanks else marker.end)
    if first is None or (not first.sizes and (marker.word or not first.digits)):
        return None
    amount = _Amount(
        marker.start,
        first.end,
        first.low,
        first.high,
        first.kind == "vague",
        False,
        marker.currency,
    )
    link = _link().match(lowered, first.end)
    if link is None:
        return amount
    place = link.end()
    again = markers.at(place)
    if again is not None:
        if again.currency != marker.currency or not again.leads:
            return amount
        blanks = _BLANKS.match(lowered, again.end)
        place = blanks.end() if blanks else again.end
    elif link["word"] is not None and not first.sizes and not _named(lowered, place):
        # "$500 to 14 states" is no range.
        return amount
    second = at(lowered, place)
    if (
        second is None
        or second.kind != "cardinal"
        or not _is_range(marker, first, second, link, lowered)
    ):
        return amount
    if again is None and not second.sizes and (first.sizes or link["word"]):
        return amount
    return replace(amount, end=second.end, low=lend(first, second), high=second.high, between=True)


def _named(lowered: str, place: int) -> bool:
    second = at(lowered, place)
    return second is not None and bool(second.sizes)


def _is_range(marker: Marker, first: Core, second: Core, link: re.Match[str], lowered: str) -> bool:
    low = lend(first, second)
    if not low < second.low:
        return False
    head = lowered[max(0, marker.start - 24) : marker.start]
    word = link["word"]
    if word == "to":
        return not is_change(head)
    if word == "and":
        return bool(_BETWEEN.search(head))
    if word == "or":
        return second.low <= 2.5 * low
    return True


_BEFORE_NAME = re.compile(rf"(?:{GAP}(?:of{GAP})?|-)\Z")


def _figure_before(
    marker: Marker, cores: Sequence[Core], ends: dict[int, int], lowered: str, floor: int
) -> _Amount | None:
    """Read "3.3 billion kronor" and "hundreds of millions of euros"."""
    joint = _BEFORE_NAME.search(lowered, max(0, marker.start - 8), marker.start)
    place = joint.start() if joint else marker.start
    index = ends.get(place)
    if index is None:
        return None
    core = cores[index]
    if core.kind not in {"cardinal", "vague"} or core.start < floor:
        return None
    if is_weight(marker, core.high, lowered):
        return None
    if joint and "of" in joint.group() and core.kind != "vague":
        return None
    start, low, between = core.start, core.low, False
    if index:
        joined, used = join_range(cores, index - 1, lowered)
        if joined is not None and used == 2 and joined.start >= floor:
            start, low, between = joined.start, joined.low, True
    vague = core.kind == "vague"
    return _Amount(start, marker.end, low, core.high, vague, between, marker.currency)


def _mention(
    amount: _Amount, lowered: str, floor: int, previous: MoneyMention | None
) -> MoneyMention:
    bound: Bound = before(lowered, amount.start, floor)
    if amount.between:
        found = _BETWEEN.search(lowered, max(floor, amount.start - 24), amount.start)
        if found:
            bound = replace(bound, start=min(bound.start, found.start()))
    bound, end = after(lowered, amount.end, bound)
    rate = rate_at(lowered, end)
    per, factor = None, 1.0
    if rate is not None and rate.per is not None:
        per, factor, end = rate.per, rate.factor, rate.end
    low, high = combine(bound, amount.low, amount.high)
    return MoneyMention(
        start=bound.start,
        end=end,
        low=None if low is None else low * factor,
        high=None if high is None else high * factor,
        currency=amount.currency,
        per=per,
        converted=previous is not None and _is_conversion(previous, amount, bound.start, lowered),
        approx=bound.approx or amount.vague,
        core_start=amount.start,
        core_end=amount.end,
        further=bound.further,
    )


@cache
def _equivalent() -> re.Pattern[str]:
    words = alternation(table("money.toml")["words"]["equivalents"])
    return re.compile(rf"{BLANK}?(?:,?{BLANK}?(?:{words})\s+|[=/~≈]{BLANK}?)")


def _is_conversion(previous: MoneyMention, amount: _Amount, start: int, lowered: str) -> bool:
    """Tell whether an amount says the previous one again in another currency."""
    if previous.currency == amount.currency:
        return False
    between = lowered[previous.end : start]
    if len(between) > 80 or "\n\n" in between:
        return False
    if between.count("(") > between.count(")"):
        return True
    if previous.converted and not between.strip(" ,;/or"):
        return True
    return bool(between.strip()) and bool(_equivalent().fullmatch(between))
