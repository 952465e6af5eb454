"""Where a candidate stands, seen from a spot, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.learned.survey import Place, Spot, Survey

PREPOSITIONS = ("by", "from", "to", "for", "of", "in", "with", "and", "on")
POSITION_SIZE = 12
AROUND_SIZE = len(PREPOSITIONS) + 6


def one_hot(value: object, values: Sequence[object]) -> list[float]:
    """Return a one where `value` stands among `values`, zeros elsewhere."""
    return [1.0 if value == each else 0.0 for each in values]


def position(survey: Survey, spot: Spot, place: int, unit: int) -> list[float]:
    """Return where a unit of a place stands, seen from a spot."""
    here = survey.places[spot.place]
    apart = spot.place - place
    same = apart == 0
    before = same and unit < spot.anchor.first
    after = same and unit > spot.anchor.last
    if before:
        distance = spot.anchor.first - unit
    elif after:
        distance = unit - spot.anchor.last
    else:
        distance = 0
    return [
        float(same),
        float(before),
        float(after),
        float(same and not before and not after),
        log1p(distance) / 3,
        float(apart == 1),
        float(apart in (2, 3)),
        float(apart > 3),
        float(apart < 0),
        float(here.head is not None and place == here.head),
        float(place <= 1 and spot.place > 1),
        float(survey.places[place].block == here.block and not same),
    ]


def around(units: Sequence[Unit], index: int) -> list[float]:
    """Return which words stand directly before and behind a unit."""
    before = units[index - 1].low if index else ""
    if before in ("the", "a", "an", "its") and index > 1:
        before = units[index - 2].low
    after = units[index + 1].low if index + 1 < len(units) else ""
    kind = units[index + 1].kind if index + 1 < len(units) else ""
    return [
        *one_hot(before, PREPOSITIONS),
        float(index == 0),
        float(after == "'s"),
        float(after in (",", ";", ".")),
        float(after == ":"),
        float(after in ("and", "or")),
        float(kind == "word"),
    ]


def predicate_between(place: Place, first: int, second: int) -> float:
    """Tell whether a word that opens statements stands between two units."""
    low, high = min(first, second), max(first, second)
    return float(any(low < p.head < high for p in place.predicates))
