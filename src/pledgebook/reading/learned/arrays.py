"""A survey as arrays: what goes into the encoder and into the heads that decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
import numpy.typing as npt

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.learned.candidate import Candidate
from pledgebook.reading.learned.candidates import FIELDS, Fields
from pledgebook.reading.learned.spotting import spot_features
from pledgebook.reading.learned.survey import Spot, Survey
from pledgebook.reading.learned.windows import Tokenize, Window, windows

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NOWHERE = (0, 0, 0)


@dataclass(slots=True)
class Pairs:
    """The candidates of one field: row k is for the `spot[k]`-th spot and stands at `text[k]`."""

    candidates: list[Candidate]
    spot: Ints
    text: Ints
    features: Floats


@dataclass(slots=True)
class Arrays:
    """A document, or a stretch of a long one, as the model takes it.

    `ids`, `marks` and `mask` have a row a window. `spans` are the pieces of text that anything
    stands at: (window, first token, behind the last), all zeros for what is not in the text;
    all else points into them. `edges` are the units at which the evidence of a spot could begin
    or end.
    """

    survey: Survey
    ids: Ints
    marks: Ints
    mask: npt.NDArray[np.bool_]
    spots: list[Spot]
    spot_features: Floats
    spans: Ints
    head: Ints
    full: Ints
    pairs: dict[str, Pairs]
    edges: Pairs


def numbered(candidates: Sequence[Candidate]) -> Ints:
    """Return a number for the value of each candidate: the same for the same."""
    table: dict[object, int] = {}
    return np.array([table.setdefault(c.value, len(table)) for c in candidates], np.int64)


MOST = 200
"""Spots that are decided on together; a longer document is taken in stretches."""


def stretches(survey: Survey, tokenize: Tokenize) -> Iterator[Arrays]:
    """Yield the arrays of a survey, a stretch of the document at a time."""
    fields = Fields(survey)
    seen: dict[object, int] = {}
    spots: list[Spot] = []
    for place in survey.places:
        if spots and len(spots) + len(place.spots) > MOST:
            yield arrays(survey, tokenize, spots, fields, seen)
            spots = []
        spots = spots + place.spots
    if spots:
        yield arrays(survey, tokenize, spots, fields, seen)


def arrays(
    survey: Survey,
    tokenize: Tokenize,
    spots: list[Spot],
    fields: Fields,
    seen: dict[object, int],
) -> Arrays:
    """Return the arrays of spots that follow each other.

    `seen` counts what earlier spots of the document were, and goes on to do so.
    """
    found, home = windows(survey, tokenize, list(dict.fromkeys(spot.place for spot in spots)))
    length = max(len(window.ids) for window in found)
    ids = np.zeros((len(found), length), np.int64)
    marks = np.zeros_like(ids)
    mask = np.zeros(ids.shape, np.bool_)
    for row, window in enumerate(found):
        ids[row, : len(window.ids)] = window.ids
        marks[row, : len(window.marks)] = window.marks
        mask[row, : len(window.ids)] = True
    features = np.array([spot_features(survey, spot, seen) for spot in spots], np.float32)
    spans = _Spans(found, home)
    heads, fulls = [], []
    for spot in spots:
        anchor = spot.anchor
        heads.append(spans.at(spot.place, anchor.head, anchor.head, spot.place))
        fulls.append(spans.at(spot.place, anchor.first, anchor.last, spot.place))
    # Who acts and who gets are chosen among the same: these are made once.
    made = {
        make: _pairs(spans, spots, [make(fields, spot) for spot in spots])
        for make in dict.fromkeys(FIELDS.values())
    }
    pairs = {name: made[make] for name, make in FIELDS.items()}
    edges = _edges(spans, survey, spots)
    return Arrays(
        survey,
        ids,
        marks,
        mask,
        spots,
        features,
        np.array(list(spans.table), np.int64),
        np.array(heads, np.int64),
        np.array(fulls, np.int64),
        pairs,
        edges,
    )


class _Spans:
    """The table of spans: each piece of text stands in it once."""

    def __init__(self, found: Sequence[Window], home: dict[int, int]) -> None:
        self.found, self.home = found, home
        self.table: dict[tuple[int, int, int], int] = {NOWHERE: 0}

    def at(self, place: int, first: int, last: int, seen_from: int) -> int:
        """Return the number of a span of units, in the window that decides on `seen_from`."""
        near = [self.home.get(seen_from), self.home.get(place), *range(len(self.found))]
        for number in near:
            units = self.found[number].units.get(place) if number is not None else None
            if units is not None and number is not None:
                span = number, units[first][0], units[last][1]
                return self.table.setdefault(span, len(self.table))
        return 0


def _pairs(spans: _Spans, spots: Sequence[Spot], lists: Sequence[list[Candidate]]) -> Pairs:
    flat: list[Candidate] = []
    owner: list[int] = []
    text: list[int] = []
    for number, (spot, candidates) in enumerate(zip(spots, lists, strict=True)):
        for one in candidates:
            flat.append(one)
            owner.append(number)
            text.append(
                spans.at(one.place, one.unit, one.unit, spot.place) if one.place >= 0 else 0
            )
    return Pairs(
        flat,
        np.array(owner, np.int64),
        np.array(text, np.int64),
        np.array([c.features for c in flat], np.float32),
    )


REACH = 45
"""Units on either side of a spot at which its evidence may begin or end."""


def _edges(spans: _Spans, survey: Survey, spots: Sequence[Spot]) -> Pairs:
    lists = []
    for spot in spots:
        units = survey.places[spot.place].units
        low, high = max(0, spot.anchor.first - REACH), min(len(units), spot.anchor.last + REACH)
        lists.append([Candidate(k, spot.place, k, _edge(spot, units, k)) for k in range(low, high)])
    return _pairs(spans, spots, lists)


def _edge(spot: Spot, units: Sequence[Unit], index: int) -> list[float]:
    anchor = spot.anchor
    before = anchor.first - index
    after = index - anchor.last
    return [
        log1p(max(0, before)) / 3,
        log1p(max(0, after)) / 3,
        float(before > 0),
        float(after > 0),
        float(index == 0 or units[index - 1].kind == "punct"),
        float(index + 1 == len(units) or units[index + 1].kind == "punct"),
        float(units[index].kind == "punct"),
        float(index in (anchor.first, anchor.last)),
    ]


__all__ = ["Arrays", "Pairs", "arrays", "numbered", "stretches"]
