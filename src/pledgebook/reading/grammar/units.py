"""A sentence as a row of units: words, punctuation, and the mentions found in it.

The grammar works on units, not on characters: "U.S. Defence Minister", "up to four" and
"Leopard 2A4" are one unit each, so that distances and neighbours mean something.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.reading.quantities.dates import DateMention
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.mentions import ItemMention, PartyMention

UnitKind = Literal["word", "punct", "party", "item", "number", "money", "date"]
Value = PartyMention | ItemMention | NumberMention | MoneyMention | DateMention | None

_TOKEN = re.compile(
    r"['’]s(?![A-Za-z])|[A-Za-zÀ-ɏ0-9]+(?:[.'’&-][A-Za-zÀ-ɏ0-9]+)*['’]?s?|\s+|.", re.DOTALL
)


@dataclass(slots=True)
class Unit:
    """One unit of a sentence; `low` is its text in lower case with straight apostrophes."""

    start: int
    end: int
    kind: UnitKind
    low: str
    text: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Spans:
    """All mentions of a document, by kind of unit, ordered and without overlap."""

    starts: list[int]
    entries: list[tuple[int, int, UnitKind, Value]]


def collect(
    parties: Sequence[PartyMention],
    items: Sequence[ItemMention],
    numbers: Sequence[NumberMention],
    money: Sequence[MoneyMention],
    dates: Sequence[DateMention],
) -> Spans:
    """Merge the mentions of a document; where two overlap the earlier kind in this order wins.

    Money, dates, items, parties, numbers: "$5 billion" is no number, "155mm" no number either.
    """
    taken: list[tuple[int, int, UnitKind, Value]] = []
    layers: tuple[tuple[UnitKind, Sequence[Value]], ...] = (
        ("money", money),
        ("item", items),
        ("date", dates),
        ("party", parties),
        ("number", numbers),
    )
    for kind, mentions in layers:
        occupied = [(start, end) for start, end, _, _ in taken]
        starts = [start for start, _ in occupied]
        fresh = []
        for mention in mentions:
            if mention is None or _overlaps(occupied, starts, mention.start, mention.end):
                continue
            fresh.append((mention.start, mention.end, kind, mention))
        taken = sorted([*taken, *fresh], key=lambda entry: entry[0])
    return Spans([entry[0] for entry in taken], taken)


def _overlaps(occupied: list[tuple[int, int]], starts: list[int], start: int, end: int) -> bool:
    at = bisect_left(starts, end)
    return at > 0 and occupied[at - 1][1] > start


def units_of(text: str, spans: Spans, start: int, end: int) -> list[Unit]:
    """Return the units of `text[start:end]`; mentions that reach over its ends are left out."""
    found: list[Unit] = []
    at = bisect_left(spans.starts, start)
    position = start
    while at < len(spans.entries) and spans.entries[at][0] < end:
        first, last, kind, value = spans.entries[at]
        at += 1
        if last > end or first < position:
            continue
        _words(text, position, first, found)
        piece = text[first:last]
        found.append(Unit(first, last, kind, piece.lower().replace("’", "'"), piece, value))
        position = last
    _words(text, position, end, found)
    return found


def _words(text: str, start: int, end: int, found: list[Unit]) -> None:
    for token in _TOKEN.finditer(text, start, end):
        piece = token.group()
        if piece.isspace():
            continue
        kind: UnitKind = "word" if piece[0].isalnum() else "punct"
        low = piece.lower().replace("’", "'")
        if low == "'" and found and found[-1].kind == "party" and found[-1].end == token.start():
            low = "'s"
        if kind == "word" and low.endswith("'s") and len(low) > 2:
            cut = token.end() - 2
            found.append(Unit(token.start(), cut, "word", low[:-2], piece[:-2]))
            found.append(Unit(cut, token.end(), "punct", "'s", piece[-2:]))
            continue
        found.append(Unit(token.start(), token.end(), kind, low, piece))
