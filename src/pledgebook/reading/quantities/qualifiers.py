"""Words around a number that bound it, blur it or put it on top: "up to", "about", "or more"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from pledgebook.reading.text.wording import GAP, alternation, table

_REACH = 64
"""How far before a number its qualifiers are looked for, in characters."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What the qualifiers of a number say; `start` is where the first one begins."""

    start: int
    at_least: bool = False
    at_most: bool = False
    approx: bool = False
    further: bool = False


@cache
def _effects() -> dict[str, str]:
    groups = table("numbers.toml")["qualifiers"]
    return {word: group for group, words in groups.items() for word in words}


@cache
def _before_pattern() -> re.Pattern[str]:
    words = alternation(word for word in _effects() if word[-1].isalpha() or word[-1] == ".")
    signs = "|".join(
        re.escape(word) for word in _effects() if not word[-1].isalpha() and word[-1] != "."
    )
    return re.compile(rf"(?:(?<![\w-])(?:{words}){GAP}|(?:{signs})[^\S\n]?)\Z")


@cache
def _last_words() -> frozenset[str]:
    return frozenset(word.split()[-1] for word in _effects())


@cache
def _post_pattern() -> re.Pattern[str]:
    groups = table("numbers.toml")["post"]
    parts = []
    for group, words in groups.items():
        spaced = alternation(word for word in words if word[0] != "-")
        glued = alternation(word for word in words if word[0] == "-")
        parts.append(
            rf"(?P<{group}>{GAP}(?:{spaced})" + (rf"|(?:{glued})" if glued else "") + r")(?!\w)"
        )
    return re.compile("|".join(parts) + r"|(?P<plus>\+)(?!\w)")


@cache
def _late_least() -> re.Pattern[str]:
    # "seven systems at least", "Six Ukrainian pilots at least have", but not "four, at least one".
    return re.compile(
        rf"(?:{GAP}[a-z][\w'\u2019-]*){{0,3}}?{GAP}at{GAP}least(?!\w)(?!{GAP}(?:\d|an?\b|one|two|\w+{GAP}(?:of|more)))"
    )


def before(lowered: str, start: int, floor: int) -> Bound:
    """Read the qualifiers that end where a number starts; none begins before `floor`."""
    bound = Bound(start)
    edge = start
    pending = start
    lowest = max(floor, start - _REACH)
    while True:
        word = _word_before(lowered, lowest, edge)
        if word is None or (word not in _last_words() and not _ends_in_sign(word)):
            break
        found = _longest(lowered, lowest, edge)
        if found is None:
            break
        phrase = _normal(found.group())
        effect = _effects()[phrase]
        if effect != "neutral" and _sets_no_bound(phrase, lowered, found.start(), edge, pending):
            break
        edge = found.start()
        if effect == "neutral":
            continue
        bound = _apply(bound, effect, edge)
        pending = edge
    return replace(bound, start=pending)


_LONE = frozenset(
    {
        "over",
        "under",
        "above",
        "below",
        "beyond",
        "about",
        "around",
        "near",
        "exceed",
        "exceeds",
        "exceeded",
        "exceeding",
    }
)


def _sets_no_bound(phrase: str, lowered: str, start: int, edge: int, pending: int) -> bool:
    """Tell whether a preposition only looks like a qualifier: "under a $725 million package"."""
    if phrase in _LONE and edge != pending:
        return True
    verbs = "over" if phrase == "over" else "up" if phrase.startswith("up to") else None
    if verbs is None:
        return False
    before_it = _word_before(lowered, max(0, start - 24), start)
    return before_it in table("numbers.toml")["phrasal"][verbs]


def _normal(piece: str) -> str:
    return " ".join(piece.split())


def _apply(bound: Bound, effect: str, edge: int) -> Bound:
    if effect == "approx":
        return replace(bound, start=edge, approx=True)
    if effect == "further":
        return replace(bound, start=edge, further=True)
    if bound.at_least or bound.at_most:
        return replace(bound, start=edge)
    if effect == "at_least":
        return replace(bound, start=edge, at_least=True)
    return replace(bound, start=edge, at_most=True)


_WORD_BEFORE = re.compile(r"(\S+)\s*\Z")


def _word_before(lowered: str, lowest: int, edge: int) -> str | None:
    found = _WORD_BEFORE.search(lowered[max(lowest, edge - 24) : edge])
    return found[1].lstrip("([\"'\u201c\u2018\u2014\u2013") if found else None


def _ends_in_sign(word: str) -> bool:
    return word != "" and word[-1] in "~≈<>=≥≤"


def _longest(lowered: str, lowest: int, edge: int) -> re.Match[str] | None:
    # A search from the left finds the longest qualifier that reaches the edge.
    return _before_pattern().search(lowered, lowest, edge)


def after(lowered: str, end: int, bound: Bound) -> tuple[Bound, int]:
    """Read the words directly after a number; return what they add and where they end."""
    found = _post_pattern().match(lowered, end)
    if found is None:
        if not (bound.at_least or bound.at_most) and _late_least().match(lowered, end):
            return replace(bound, at_least=True), end
        return bound, end
    group = found.lastgroup
    if group in {"at_least", "plus"}:
        bound = replace(bound, at_least=not bound.at_most)
    elif group == "at_most":
        bound = replace(bound, at_most=not bound.at_least)
    elif group == "approx":
        bound = replace(bound, approx=True)
    else:
        return replace(bound, further=True), end
    return bound, found.end()


def combine(bound: Bound, low: float, high: float) -> tuple[float | None, float | None]:
    """Return the interval of a number under its qualifiers."""
    if bound.at_least:
        return low, None
    if bound.at_most:
        return None, high
    return low, high
