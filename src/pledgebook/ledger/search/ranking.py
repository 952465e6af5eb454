"""The order of what was found: BM25 over the parts of the query, then the newest, then by id.

How often a text has a word counts in steps (once, several times, in the title), which every engine
tells alike. Documents, statements and commitments are each measured against their own length, so
that none crowds out the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.search.columns import Mask, Places
from pledgebook.ledger.search.matching import Weights
from pledgebook.ledger.search.units import Units

__all__ = ["Scores", "norms", "page", "score"]

Scores = npt.NDArray[np.float64]

_K1, _B = 1.2, 0.75
_DIGITS = 4


def norms(units: Units) -> Scores:
    """Return what each unit's weight is held against: long texts need more of a word."""
    found = np.full(units.size, _K1)
    for some in units.masks()[:2]:
        lengths = units.told.lengths[some]
        mean = lengths.mean() if len(lengths) else 0.0
        if mean > 0:
            found[some] = _K1 * (1 - _B + _B * lengths / mean)
    return found


def score(weights: Sequence[Weights], hits: Mask, against: Scores) -> Scores:
    """Return the scores of the hits, in their order, rounded so that equals are equal."""
    places = np.flatnonzero(hits)
    total = np.zeros(len(places))
    size = len(hits)
    for weight in weights:
        having = int(np.count_nonzero(weight))
        rarity = np.log1p((size - having + 0.5) / (having + 0.5))
        own = weight[places]
        total += rarity * own * (_K1 + 1) / (own + against[places])
    return np.round(total, _DIGITS)


def page(hits: Mask, scores: Scores, units: Units, offset: int, limit: int) -> Places:
    """Return a page of the hits: places in the scores, best first."""
    rank = units.rank[np.flatnonzero(hits)]
    # One number for both, so that only the page has to be sorted.
    steps = np.round(scores * 10**_DIGITS).astype(np.int64)
    key = rank - steps * (units.size + 1)
    end = min(offset + limit, len(key))
    if end <= offset:
        return np.empty(0, np.int64)
    near = np.argpartition(key, end - 1)[:end]
    return near[np.argsort(key[near])][offset:]
