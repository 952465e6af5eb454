"""Which units a query finds, and how much of it each of them has."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from pledgebook.ledger.search.columns import Mask
from pledgebook.ledger.search.conditions import Conditions
from pledgebook.ledger.search.laying import Laid
from pledgebook.ledger.search.matching import Rows, Weights, weigh
from pledgebook.ledger.search.names import is_name
from pledgebook.ledger.search.patterns import Pattern
from pledgebook.ledger.search.query import Condition, Part, parse

__all__ = ["Answer", "answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The units found, with the parts that they have to have and how much they have of each.

    `senseless` are conditions that were taken as words.
    """

    hits: Mask
    parts: tuple[Part, ...]
    weights: tuple[Weights, ...]
    senseless: tuple[Condition, ...]

    @property
    def patterns(self) -> list[Pattern]:
        """What is to be marked in a text."""
        return [part.pattern for part in self.parts]


def answer(text: str, laid: Laid, rows: Rows) -> Answer:
    """Find what a query asks for. Every text is a query."""
    query = parse(text, functools.partial(is_name, catalogue=laid.catalogue))
    conditions = Conditions(laid.units, laid.names, laid.catalogue)
    hits, senseless = conditions.holding(query.conditions)
    asked = [*query.parts, *(part for one in senseless if (part := one.words) is not None)]
    if not asked and not query.conditions and not query.blank:
        hits = np.zeros_like(hits)
    parts: list[Part] = []
    weights: list[Weights] = []
    for part in asked:
        weight = weigh(part, laid.units, laid.names, rows)
        if part.absent:
            hits &= weight == 0
        else:
            hits &= weight > 0
            parts.append(part)
            weights.append(weight)
    return Answer(hits, tuple(parts), tuple(weights), tuple(senseless))
