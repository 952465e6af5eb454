"""What the encoder sees: windows of a document, with the heads that its lines stand under.

Only sentences that hold a spot are decided on; each is seen with what stands before and behind it.
A token also bears a mark that says what the catalogue knows of it: a state, a tank, a date.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.learned.candidates import ROLES
from pledgebook.reading.learned.spotting import CATEGORIES
from pledgebook.reading.learned.survey import Survey
from pledgebook.reading.text.mentions import ItemMention, PartyMention

SIZE = 256
ROW = 320
"""Tokens of the longest window: a sentence may reach a little beyond SIZE."""
LEAD_SIZE = 40
"""Tokens of a title or a list's head that stand before a window."""
BACK = 3
AHEAD = 1

MARKS = (
    "",
    "number",
    "money",
    "date",
    *(f"party:{role}" for role in (*ROLES, "other")),
    *CATEGORIES,
)
_MARK = {mark: number for number, mark in enumerate(MARKS)}

Tokenize = Callable[[str], tuple[list[int], list[tuple[int, int]]]]
"""From a text to its token ids with their offsets, without the tokens that frame it."""
CLS, SEP = 101, 102


@dataclass(slots=True)
class Window:
    """Token ids and marks; `units` maps a place to the tokens of each of its units."""

    ids: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    units: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Piece:
    ids: list[int]
    marks: list[int]
    units: list[tuple[int, int]]


def windows(
    survey: Survey, tokenize: Tokenize, wanted: Sequence[int]
) -> tuple[list[Window], dict[int, int]]:
    """Return the windows over wanted places, and for each place the window that decides on it."""
    pieces: dict[int, _Piece] = {}

    def piece(place: int) -> _Piece:
        if place not in pieces:
            pieces[place] = _piece(survey, place, tokenize)
        return pieces[place]

    found: list[Window] = []
    home: dict[int, int] = {}
    start = 0
    while start < len(wanted):
        first = wanted[start]
        window = _opening(survey, first, piece)
        room = SIZE - len(window.ids) - 1
        back = _context(range(first - 1, max(-1, first - 1 - BACK), -1), piece, room // 4)
        for place in sorted(back):
            _add(window, place, piece(place))
        last = first - 1
        stop = start
        while stop < len(wanted):
            run = range(last + 1, wanted[stop] + 1)
            if stop > start and wanted[stop] - last > BACK + AHEAD + 1:
                break
            need = sum(len(piece(place).ids) for place in run)
            if stop > start and len(window.ids) + need > SIZE - 1:
                break
            for place in run:
                _add(window, place, piece(place))
                home.setdefault(place, len(found))
            last = wanted[stop]
            home[last] = len(found)
            stop += 1
        ahead = range(last + 1, min(len(survey.places), last + 1 + AHEAD))
        for place in ahead:
            if len(window.ids) + len(piece(place).ids) <= ROW - 24:
                _add(window, place, piece(place))
        window.ids.append(SEP)
        window.marks.append(0)
        found.append(window)
        start = stop
    return found, home


def _opening(survey: Survey, first: int, piece: Callable[[int], _Piece]) -> Window:
    """Begin a window with the title and the head of the list that its first line stands in."""
    window = Window([CLS], [0])
    heads = [0] if first > BACK else []
    head = survey.places[first].head
    if head is not None and head < first - BACK and head not in heads:
        heads.append(head)
    for place in heads:
        found = piece(place)
        base = len(window.ids)
        window.ids += found.ids[:LEAD_SIZE]
        window.marks += found.marks[:LEAD_SIZE]
        end = min(len(found.ids), LEAD_SIZE)
        window.units[place] = [(base + min(a, end - 1), base + min(b, end)) for a, b in found.units]
        window.ids.append(SEP)
        window.marks.append(0)
    return window


def _context(places: Sequence[int], piece: Callable[[int], _Piece], room: int) -> list[int]:
    kept = []
    for place in places:
        room -= len(piece(place).ids)
        if room < 0:
            break
        kept.append(place)
    return kept


def _add(window: Window, place: int, piece: _Piece) -> None:
    base = len(window.ids)
    space = max(0, ROW - 1 - base)
    window.ids += piece.ids[:space]
    window.marks += piece.marks[:space]
    end = len(window.ids)
    window.units[place] = [
        (min(base + a, end - 1), min(max(base + b, base + a + 1), end)) for a, b in piece.units
    ]


def _piece(survey: Survey, place: int, tokenize: Tokenize) -> _Piece:
    found = survey.places[place]
    text = survey.context.text[found.start : found.end]
    ids, offsets = tokenize(text)
    starts = [start for start, _ in offsets]
    marks = [0] * len(ids)
    units: list[tuple[int, int]] = []
    for unit in found.units:
        low = bisect_left(starts, unit.start - found.start)
        high = bisect_left(starts, unit.end - found.start)
        if low and low < len(offsets) and offsets[low][0] > unit.start - found.start:
            low -= 1
        if low >= len(ids):
            low = max(0, len(ids) - 1)
        high = max(high, low + 1)
        units.append((low, high))
        mark = _mark_of(unit)
        if mark:
            for token in range(low, min(high, len(ids))):
                marks[token] = mark
    return _Piece(ids, marks, units)


def _mark_of(unit: Unit) -> int:
    if isinstance(unit.value, PartyMention):
        return _MARK.get(f"party:{unit.value.role}", _MARK["party:other"])
    if isinstance(unit.value, ItemMention):
        return _MARK[unit.value.category.value]
    return _MARK[unit.kind] if unit.kind in ("number", "money", "date") else 0
