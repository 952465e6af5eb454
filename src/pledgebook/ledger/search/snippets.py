"""The piece of a text that shows best why it was found, with what was looked for marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pledgebook.ledger.search.found import Piece
from pledgebook.ledger.search.patterns import Pattern, Run
from pledgebook.ledger.search.words import words_in

__all__ = ["SHOWN", "marks_in", "snippet"]

SHOWN = 240
"""About how many characters are shown."""

_BEFORE, _SLACK = 60, 20
_MARKS = 200
_SPACE = re.compile(r"\s+")
_CUT = "…"


class _Mark(NamedTuple):
    start: int
    end: int
    part: int


def snippet(
    text: str, patterns: Sequence[Pattern], start: int = 0, end: int | None = None
) -> tuple[Piece, ...]:
    """Return the best piece of a text, or of a part of it, on one line."""
    end = len(text) if end is None else end
    marks = marks_in(text, patterns, start, end)
    first, last = _window(text, marks, start, end)
    pieces = [Piece(_CUT)] if first > 0 else []
    at = first
    for mark in marks:
        if mark.start < at or mark.end > last:
            continue
        pieces.append(Piece(text[at : mark.start]))
        pieces.append(Piece(text[mark.start : mark.end], marked=True))
        at = mark.end
    pieces.append(Piece(text[at:last]))
    if last < len(text.rstrip()):
        pieces.append(Piece(_CUT))
    return _on_one_line(pieces)


def marks_in(text: str, patterns: Sequence[Pattern], start: int, end: int) -> list[_Mark]:
    """Return where in a text each pattern stands, in order, none within another."""
    by_word: dict[str, list[tuple[int, Run]]] = defaultdict(list)
    begun: list[tuple[int, Run]] = []
    for part, pattern in enumerate(patterns):
        for run in pattern.runs:
            if run.begun and len(run.words) == 1:
                begun.append((part, run))
            else:
                by_word[run.words[0]].append((part, run))
    places = list(words_in(text, start, end))
    words = [word.text for word in places]
    marks: list[_Mark] = []
    for at, word in enumerate(words):
        for part, run in (*by_word.get(word, ()), *begun):
            if run.starts(words, at):
                last = places[at + len(run.words) - 1].end
                marks.append(_Mark(places[at].start, last, part))
        if len(marks) >= _MARKS:
            break
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    apart: list[_Mark] = []
    for mark in marks:
        if not apart or mark.start >= apart[-1].end:
            apart.append(mark)
    return apart


def _window(text: str, marks: Sequence[_Mark], start: int, end: int) -> tuple[int, int]:
    """Return the span that shows most parts of the query, the first such one."""
    if not marks:
        return start, _cut_back(text, start, start + SHOWN, end)
    best, most = marks[0], 0
    for number, mark in enumerate(marks):
        parts = set()
        for other in marks[number:]:
            if other.end > mark.start + SHOWN - _BEFORE:
                break
            parts.add(other.part)
        if len(parts) > most:
            best, most = mark, len(parts)
    first = best.start - _BEFORE
    if end - first < SHOWN:
        first = end - SHOWN
    if first <= start + _SLACK:
        first = start
    else:
        space = _SPACE.search(text, first, min(best.start, first + _SLACK))
        first = space.end() if space else min(first, best.start)
    return first, _cut_back(text, max(best.end, first), max(first + SHOWN, best.end), end)


def _cut_back(text: str, least: int, wanted: int, end: int) -> int:
    """Return where to end: before a word that would be cut, if there is a space near."""
    if wanted + _SLACK >= end:
        return end
    spaces = [
        match.start() for match in _SPACE.finditer(text, max(least, wanted - _SLACK), wanted + 1)
    ]
    at = bisect_right(spaces, wanted)
    return spaces[at - 1] if at else wanted


def _on_one_line(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in pieces:
        text = _SPACE.sub(" ", piece.text)
        if not text:
            continue
        if found and found[-1].marked == piece.marked:
            text = found.pop().text + text
        found.append(Piece(text, piece.marked))
    if found:
        found[0] = found[0]._replace(text=found[0].text.lstrip())
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return tuple(piece for piece in found if piece.text)
