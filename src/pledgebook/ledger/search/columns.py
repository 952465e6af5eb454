"""Columns: which units have which values in a field, as arrays that are counted in one go."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Column", "Gathering", "Mask", "Places", "places_of"]

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def places_of(values: Iterable[int]) -> Places:
    """Return whole numbers as an array."""
    return np.fromiter(values, np.int64)


@dataclass(frozen=True, slots=True)
class Column:
    """One field: the values that there are, and pairs of a unit with the place of a value."""

    values: Sequence[Any]
    owners: Places
    places: Places

    def having(self, wanted: Mask, size: int) -> Mask:
        """Return which of `size` units have one of the wanted values."""
        found = np.zeros(size, np.bool_)
        if wanted.any():
            found[self.owners[wanted[self.places]]] = True
        return found

    def counted(self, units: Mask) -> Places:
        """Return how many of some units have each value."""
        return np.bincount(self.places[units[self.owners]], minlength=len(self.values))


class Gathering:
    """Pairs of units and values on their way into a column. None is no value."""

    def __init__(self) -> None:
        self._index: dict[Hashable, int] = {None: 0}
        self._pairs: list[tuple[Places, Places]] = []

    def copy(self) -> Gathering:
        """Return another one that goes on from here."""
        other = Gathering()
        other._index, other._pairs = dict(self._index), list(self._pairs)
        return other

    def single(self, first: int, values: Iterable[Hashable]) -> None:
        """Give one value each to the units from the first on."""
        index = self._index
        places = places_of([index.setdefault(value, len(index)) for value in values])
        there = np.flatnonzero(places)
        self._pairs.append((there + first, places[there] - 1))

    def several(self, first: int, values: Sequence[Sequence[Hashable]]) -> None:
        """Give any number of values each to the units from the first on."""
        index = self._index
        places = places_of(
            [index.setdefault(value, len(index)) for some in values for value in some]
        )
        owners = np.repeat(np.arange(len(values)) + first, places_of([len(one) for one in values]))
        there = np.flatnonzero(places)
        self._pairs.append((owners[there], places[there] - 1))

    def lift(self, above: Places, first: int) -> None:
        """Give what units from the first on were given first to what stands above, each once."""
        owned, places = self._pairs[0]
        owners = above[owned - first]
        there = owners >= 0
        count = len(self._index)
        keys = np.unique(owners[there] * count + places[there])
        self._pairs.append((keys // count, keys % count))

    def column(self) -> Column:
        """Return what was gathered."""
        owners, places = zip(*self._pairs, strict=True)
        return Column(list(self._index)[1:], np.concatenate(owners), np.concatenate(places))
