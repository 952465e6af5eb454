"""Relations between coded values, worked out once for each pair of codes that is met."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.table import Ints

__all__ = ["Relation"]

_UNKNOWN = -1
_WIDEST = 6_000
"""Codes up to which a whole matrix is kept; of more, pairs are looked up one by one."""


class Relation:
    """A function of two codes that is asked for millions of pairs; `codes` holds all of them."""

    def __init__(self, codes: Ints, work_out: Callable[[int, int], int]) -> None:
        self._work_out = work_out
        self._codes = np.unique(codes[codes >= 0])
        self._size = len(self._codes)
        self._known: dict[int, int] = {}
        # Where a table holds few of all codes there are, the matrix is small.
        self._place = np.zeros(int(codes.max(initial=0)) + 1, np.int32)
        self._place[self._codes] = np.arange(self._size, dtype=np.int32)
        small = self._size <= _WIDEST
        self._matrix = np.full((self._size, self._size), _UNKNOWN, np.int8) if small else None

    def of(self, one: Ints, other: Ints) -> npt.NDArray[np.int8]:
        """Return the relation of each pair; the codes are none of them missing."""
        one, other = self._place[one], self._place[other]
        if self._matrix is None:
            return self._one_by_one(one, other)
        found = self._matrix[one, other]
        missing = found == _UNKNOWN
        if missing.any():
            pairs = np.unique(one[missing].astype(np.int64) * self._size + other[missing])
            for pair in pairs.tolist():
                first, second = divmod(pair, self._size)
                self._matrix[first, second] = self._worked_out(first, second)
            found = self._matrix[one, other]
        return found

    def _worked_out(self, one: int, other: int) -> int:
        return self._work_out(int(self._codes[one]), int(self._codes[other]))

    def _one_by_one(self, one: Ints, other: Ints) -> npt.NDArray[np.int8]:
        pairs, places = np.unique(one.astype(np.int64) * self._size + other, return_inverse=True)
        found = np.empty(len(pairs), np.int8)
        for place, pair in enumerate(pairs.tolist()):
            known = self._known.get(pair)
            if known is None:
                known = self._known[pair] = self._worked_out(*divmod(pair, self._size))
            found[place] = known
        return found[places]
