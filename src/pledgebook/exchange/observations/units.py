"""Units of figures: "rounds/month", "missiles per year", "billion EUR"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pledgebook.exchange.figures import FigureError, currency_of, is_missing
from pledgebook.exchange.observations.words import Words, folded
from pledgebook.exchange.things import Thing
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Per

__all__ = ["Measure", "measure_of"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number counts: a unit or a currency, in `scale` of them, `per` a time where a rate.

    `strange` tells that the unit is none that the catalogue knows.
    """

    unit: str | None
    currency: str | None = None
    per: Per | None = None
    scale: float = 1.0
    strange: bool = False


def measure_of(text: str, thing: Thing | None, words: Words, catalogue: Catalogue) -> Measure:
    """Return what a unit cell says, for a figure of `thing`. Raises FigureError.

    An empty one, or a noun such as "missiles", counts the thing in its own unit.
    """
    own = thing.unit if thing else "item"
    said = folded(text)
    if is_missing(said):
        return Measure(own)
    said, per = _rate(said, words)
    scale, rest = 1.0, []
    for word in said.split():
        if word in words.units.scales:
            scale *= words.units.scales[word]
        else:
            rest.append(word)
    noun = " ".join(rest)
    if not noun or noun in map(folded, words.units.nouns):
        return Measure(own, per=per, scale=scale)
    for unit in catalogue.units.values():
        if noun == folded(unit.name) or noun in map(folded, unit.words):
            return Measure(unit.name, per=per, scale=scale)
    try:
        currency = currency_of(noun)
    except FigureError:
        currency = None
    if currency is not None:
        return Measure(None, currency, per, scale)
    return Measure(noun, per=per, scale=scale, strange=True)


def _rate(said: str, words: Words) -> tuple[str, Per | None]:
    names = {folded(word): Per(name) for name, some in words.units.periods.items() for word in some}
    for mark in words.units.per:
        head, found, tail = said.rpartition(mark)
        if found and (per := names.get(tail.strip())):
            return head.strip(), per
    first, _, rest = said.partition(" ")
    if first.endswith("ly") and first in names:
        return rest, names[first]
    match = re.fullmatch(r"per (\w+)", said)
    if match:
        if per := names.get(match[1]):
            return "", per
        raise FigureError(f"{said!r} is no rate by day, week, month or year")
    return said, None
