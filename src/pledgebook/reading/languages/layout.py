"""Sentences of a text in another language, as ranges of tokens."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.text.wording import table

__all__ = ["sentences_of"]

_LONGEST = 220
"""Tokens of the longest sentence; what goes on for longer is cut, so that work stays linear."""
_CLOSING = frozenset({'"', "\u00bb", "\u201c", "\u201d", ")", "'", "]"})


@cache
def _abbreviations(lang: str) -> frozenset[str]:
    return frozenset(table("language.toml", lang)["abbreviations"])


def sentences_of(
    tokens: list[Token], starts: list[int], lang: str, start: int, end: int
) -> list[tuple[int, int]]:
    """Cut the characters `start:end` into sentences; `starts` are the places of the tokens."""
    ordinals = bool(table("language.toml", lang)["ordinals"])
    first, last = bisect_left(starts, start), bisect_left(starts, end)
    found: list[tuple[int, int]] = []
    begin = first
    for place in range(first, last):
        if tokens[place].low == "\n" or place - begin >= _LONGEST:
            _push(tokens, found, begin, place)
            begin = place
        elif tokens[place].low in ".!?\u2026" and _ends(tokens, place, last, lang, ordinals):
            stop = place + 1
            while stop < last and tokens[stop].low in _CLOSING:
                stop += 1
            if stop > begin:
                _push(tokens, found, begin, stop)
                begin = stop
    _push(tokens, found, begin, last)
    return found


def _push(tokens: list[Token], found: list[tuple[int, int]], begin: int, end: int) -> None:
    while begin < end and (tokens[begin].low == "\n" or tokens[begin].low in _CLOSING - {'"'}):
        begin += 1
    while end > begin and tokens[end - 1].low == "\n":
        end -= 1
    if end > begin:
        found.append((begin, end))


def _ends(tokens: list[Token], place: int, last: int, lang: str, ordinals: bool) -> bool:
    after = place + 1
    while after < last and tokens[after].low in _CLOSING:
        after += 1
    if after >= last:
        return True
    if tokens[after].start == tokens[place].end:
        return False
    follows = tokens[after]
    if follows.kind == "word" and not follows.capital:
        return False
    if tokens[place].low != "." or place == 0:
        return True
    before = tokens[place - 1]
    if before.kind == "figure" and ordinals and len(before.low) <= 2:
        return follows.kind == "figure"
    if before.kind == "word" and before.end == tokens[place].start:
        return before.low not in _abbreviations(lang) and not (
            len(before.low) == 1 and before.capital
        )
    return True
