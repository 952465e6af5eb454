"""What a plan is written into: records, and the numbers that they point at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.amounts import Amount, Law, Size
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.tables import guide_table

__all__ = ["Amounts", "Laws", "Records", "Strip"]

NORMAL = NormalDist()
MOST = 1e300
"""What stands for "no bound" where the kernel has to clip."""


class Records:
    """The table of records, written one after the other."""

    def __init__(self) -> None:
        self.ints: list[float] = []
        self.reals: list[float] = []
        self.int_counts: list[int] = []
        self.real_counts: list[int] = []

    def __len__(self) -> int:
        return len(self.int_counts)

    def add(self, ints: Sequence[int], reals: Sequence[float] = ()) -> int:
        """Write a record and return where it stands."""
        self.ints += ints
        self.reals += reals
        self.int_counts.append(len(ints))
        self.real_counts.append(len(reals))
        return len(self.int_counts) - 1

    def tables(self) -> tuple[at.Wholes, at.Reals]:
        """Return the whole and the real numbers of all records."""
        return (
            _table(self.ints, self.int_counts, at.WHOLES, -1, np.int64),
            _table(self.reals, self.real_counts, at.REALS, 0, np.float64),
        )


def _table(
    flat: list[float], counts: list[int], width: int, blank: int, dtype: type
) -> NDArray[Any]:
    """Return rows of different lengths as one table; what they leave is blank."""
    table: NDArray[Any] = np.full((len(counts), width), blank, dtype=dtype)
    table[np.arange(width) < np.array(counts)[:, None]] = np.array(flat, dtype=dtype)
    return table


class Strip:
    """One long array that pieces are put into."""

    def __init__(self, dtype: type) -> None:
        self.dtype = dtype
        self.pieces: list[NDArray[Any]] = [np.empty(0, dtype)]
        self.end = 0

    def add(self, piece: Sequence[float] | NDArray[Any]) -> int:
        """Put in a piece and return where it begins."""
        made: NDArray[Any] = np.asarray(piece, dtype=self.dtype)
        self.pieces.append(made)
        self.end += len(made)
        return self.end - len(made)

    def whole(self) -> NDArray[Any]:
        """Return all of it."""
        return np.concatenate(self.pieces)


class Amounts:
    """The amounts of a component, each with a row of the scratch that it is drawn into."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.made: list[tuple[Sequence[int], Sequence[float]]] = []
        self.exact: dict[float, int] = {}
        self.rows = at.FREE_ROWS

    def take(self, rows: int = 1) -> int:
        """Set rows of the scratch aside and return the first."""
        self.rows += rows
        return self.rows - rows

    def add(self, size: Size, group: Group, *names: str) -> int:
        """Return the row of an amount that is drawn under these names."""
        if not isinstance(size, Amount):
            return self._exactly(float(size))
        if size.exact:
            return self._exactly(float(size.median))
        mu, sd, tie, low, high = math.log(size.median), size.log_sd, size.tie, size.low, size.high
        below = NORMAL.cdf((math.log(low) - mu) / sd) if low > 0 else 0.0
        span = (NORMAL.cdf((math.log(high) - mu) / sd) if high < MOST else 1.0) - below
        self.rows = row = self.rows + 1
        key = self.streams.key(group, *names)
        tied = (self.streams.tie(group, tie.name), tie.weight) if tie else (0, 0.0)
        self.made.append((
            (row - 1, 0, key, tied[0]), (mu, sd, tied[1], below, span, low, min(high, MOST))
        ))  # fmt: skip
        return row - 1

    def loss(self, size: Size, *names: str) -> int:
        """Return the row of the share that is lost on the way, -1 where none is."""
        median = size.median if isinstance(size, Amount) else size
        return -1 if median == 0 else self.add(size, Group.LOSSES, *names)

    def _exactly(self, value: float) -> int:
        row = self.exact.get(value)
        if row is None:
            row = self.exact[value] = self.take()
            self.made.append(((row, 1, 0, 0), (value,)))
        return row

    def write(self, records: Records) -> None:
        """Write the records of all amounts, and begin another component."""
        for ints, reals in self.made:
            records.add(ints, reals)
        self.made, self.exact, self.rows = [], {}, at.FREE_ROWS


class Laws:
    """Discrete distributions, each kept once."""

    def __init__(self, data: Strip, codes: Strip) -> None:
        self.data, self.codes = data, codes
        self.places: dict[tuple[int, ...], tuple[int, object]] = {}
        self.delays: dict[int, tuple[int, object]] = {}

    def add(self, law: Law) -> int:
        """Return where the codes of a law begin."""
        # By identity, since a law may have thousands of values; what is kept here keeps its id.
        name = (id(law.values), id(law.chances))
        if name not in self.places:
            cumulative = None if law.chances is None else np.cumsum(law.weights)
            self.places[name] = (self._add(np.asarray(law.values, float), cumulative), law)
        return self.places[name][0]

    def delay(self, by: Sequence[float] | NDArray[np.float64]) -> int:
        """Return where the codes of the law of an arrival step begin, given its chances so far."""
        name = id(by)
        if name not in self.delays:
            steps = np.arange(len(by) + 1, dtype=np.float64)
            self.delays[name] = (self._add(steps, np.asarray(by, dtype=np.float64)), by)
        return self.delays[name][0]

    def _add(self, values: NDArray[np.float64], cumulative: NDArray[np.float64] | None) -> int:
        """Keep a law: equally likely where it has no cumulative chances."""
        if cumulative is None:
            return self.codes.add((self.data.add(values), len(values), 1, 0))
        cells, bounds, guide, depth = guide_table(cumulative)
        cells = np.minimum(cells, len(values) - 1)
        head = (self.data.add(values[cells]), len(bounds), 0, depth)
        return self.codes.add(np.concatenate((head, bounds, guide)))
