"""The order of the rows of `status`, remembered: to sort thousands of names anew takes long."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.status import row_id

__all__ = ["Heads"]

Ints = npt.NDArray[np.int64]
_ITEM, _UNIT = 24, 12
"""Bits for the number of an item's name and of a unit: a book has far fewer of each."""


class Heads:
    """What rows are ordered by: giver, recipient, item and id, known by key, unit and item.

    Any number of threads may ask.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[tuple[str, str, str, str, int]] = []
        self._known: tuple[Ints, Ints] = np.empty(0, np.int64), np.empty(0, np.int64)
        self._ids: dict[int, str] = {}

    def ranks(
        self,
        numbers: tuple[Ints, Ints, Ints],
        keys: Sequence[Hashable],
        units: Sequence[Hashable],
        items: Sequence[Hashable],
    ) -> tuple[Ints, Ints]:
        """Return where rows stand among each other, and the numbers by which `id_of` knows them.

        Rows come as the numbers of their keys, units (-1 is none) and items; the rest says what
        these stand for.
        """
        key, unit, item = numbers
        rows: Ints = (key << (_ITEM + _UNIT)) | (unit + 1 << _ITEM) | item
        known, rank = self._known
        at = np.minimum(np.searchsorted(known, rows), max(0, len(known) - 1))
        missing = rows[known[at] != rows] if len(known) else rows
        if len(missing):
            with self._lock:
                self._learn(np.unique(missing).tolist(), keys, units, items)
            known, rank = self._known
            at = np.searchsorted(known, rows)
        return rank[at], rows

    def id_of(self, row: int) -> str:
        """Return the id of a row that was ranked."""
        return self._ids[row]

    def _learn(
        self,
        rows: Sequence[int],
        keys: Sequence[Hashable],
        units: Sequence[Hashable],
        items: Sequence[Hashable],
    ) -> None:
        for row in rows:
            if row in self._ids:
                continue
            key = keys[row >> (_ITEM + _UNIT)]
            unit = (row >> _ITEM & ((1 << _UNIT) - 1)) - 1
            item = str(items[row & ((1 << _ITEM) - 1)])
            if not isinstance(key, tuple):
                raise TypeError(f"{key!r} is no key of a row")
            name = self._ids[row] = row_id(key, str(units[unit]) if unit >= 0 else None)
            self._ordered.append((key[0] or "~", key[2] or "~", item, name, row))
        # Almost all of it is in order already.
        self._ordered.sort()
        found = np.array([one[4] for one in self._ordered], np.int64)
        order = np.argsort(found)
        self._known = found[order], order
