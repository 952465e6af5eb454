"""Which other statement of its undertaking each statement is closest to, for many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.scoring import VETO, PairScorer
from pledgebook.ledger.joining.table import Ints

__all__ = ["Closest", "closest"]

_COMPARED = 200
"""Members of one undertaking that each of its statements is held against for its link."""
_AT_ONCE = 200_000
"""Pairs that are scored together."""

_Sums = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Closest:
    """The row that a row is closest to, and the mean of its sums with all that may be with it."""

    row: int
    to: int
    mean: float


def closest(scorer: PairScorer, undertakings: Iterable[Sequence[int]]) -> Iterator[Closest]:
    """Yield the closest other row for each row of undertakings of two or more, rows in order."""
    waiting: list[_Grid] = []
    count = 0
    for rows in undertakings:
        waiting.append(_Grid(np.array(rows, np.int32)))
        count += len(waiting[-1].one)
        if count >= _AT_ONCE:
            yield from _scored(scorer, waiting)
            waiting, count = [], 0
    yield from _scored(scorer, waiting)


def _scored(scorer: PairScorer, grids: Sequence[_Grid]) -> Iterator[Closest]:
    if not grids:
        return
    one = np.concatenate([grid.one for grid in grids])
    other = np.concatenate([grid.other for grid in grids])
    totals = np.concatenate(
        [
            scorer.totals(one[start : start + _AT_ONCE], other[start : start + _AT_ONCE])
            for start in range(0, len(one), _AT_ONCE)
        ]
    )
    start = 0
    for grid in grids:
        end = start + len(grid.one)
        yield from grid.read(totals[start:end])
        start = end


class _Grid:
    """The pairs of one undertaking, each once: all, or of those that are near each other in it."""

    def __init__(self, rows: Ints) -> None:
        self._rows = rows
        size = len(rows)
        places = np.arange(size, dtype=np.int32)
        first = np.clip(places - _COMPARED // 2, 0, max(0, size - _COMPARED))
        self._first = first
        last = np.minimum(first + _COMPARED, size)
        # A pair is needed where the later is in the window of the earlier, or the other way round.
        reach = np.maximum(last, np.searchsorted(first, places, side="right"))
        counts = reach - places - 1
        self._one = np.repeat(places, counts)
        starts = np.repeat(np.cumsum(counts, dtype=np.int32) - counts, counts)
        self._other = np.arange(len(self._one), dtype=np.int32) - starts + self._one + 1
        self._width = int(min(size, _COMPARED))
        self.one, self.other = rows[self._one], rows[self._other]

    def read(self, totals: _Sums) -> Iterator[Closest]:
        """Yield what is closest, from the sums of the pairs."""
        size = len(self._rows)
        sums = np.full((size, self._width), -np.inf, np.float32)
        for here, there in ((self._one, self._other), (self._other, self._one)):
            place = there - self._first[here]
            seen = (place >= 0) & (place < self._width)
            sums[here[seen], place[seen]] = totals[seen]
        # Ties go to the later statement.
        best = self._width - 1 - sums[:, ::-1].argmax(axis=1) + self._first
        likely = sums > VETO
        for number in range(size):
            # What only a judgement brought together says nothing of the others.
            some = sums[number][likely[number]]
            mean = float(some.mean()) if len(some) else VETO
            yield Closest(int(self._rows[number]), int(self._rows[best[number]]), mean)
