"""The registers that a plan is made of: amounts, laws and shapes, each with its place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.amounts import Amount, Law, Size
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.tables import guide_table

__all__ = ["Amounts", "Laws", "Shapes"]

NORMAL = NormalDist()
MOST = 1e300
"""What stands for "no bound" where the kernel has to clip."""


class Amounts:
    """The amounts of all components, one after the other; places count within the component."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.rows: list[tuple[Any, ...]] = []
        self.first = 0
        self.exact: dict[float, int] = {}

    def begin(self) -> None:
        """Begin a component."""
        self.first = len(self.rows)
        self.exact = {}

    def add(self, size: Size, group: Group, *names: str) -> int:
        """Return the place of an amount that is drawn under these names."""
        if not isinstance(size, Amount):
            return self._exactly(float(size))
        if size.exact:
            return self._exactly(float(size.median))
        mu, sd = math.log(size.median), size.log_sd
        below = NORMAL.cdf((math.log(size.low) - mu) / sd) if size.low > 0 else 0.0
        above = NORMAL.cdf((math.log(size.high) - mu) / sd) if math.isfinite(size.high) else 1.0
        tie = size.tie
        self.rows.append((
            self.streams.key(group, *names),
            self.streams.tie(group, tie.name) if tie else 0,
            tie.weight if tie else 0.0,
            mu, sd, below, above - below, size.low, min(size.high, MOST), 0,
        ))  # fmt: skip
        return len(self.rows) - 1 - self.first

    def _exactly(self, value: float) -> int:
        place = self.exact.get(value)
        if place is None:
            self.rows.append((0, 0, 0.0, value, 0.0, 0.0, 1.0, 0.0, MOST, 1))
            place = self.exact[value] = len(self.rows) - 1 - self.first
        return place


class Laws:
    """Discrete distributions, each kept once."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, ...]] = []
        self.values: list[NDArray[np.float64]] = []
        self.bounds: list[NDArray[np.uint64]] = []
        self.guides: list[NDArray[np.int32]] = []
        self.ends = [0, 0, 0]
        self.places: dict[tuple[int, ...], tuple[int, object]] = {}

    def add(self, law: Law) -> int:
        """Return the place of a law."""
        # By identity, since a law may have thousands of values; what is kept here keeps its id.
        name = (id(law.values), id(law.chances))
        if name not in self.places:
            bounds = np.cumsum(law.weights) if law.chances is not None else None
            if bounds is not None:
                bounds[-1] = 1.0
            place = self._add(np.asarray(law.values, dtype=np.float64), bounds)
            self.places[name] = (place, law)
        return self.places[name][0]

    def delay(self, by: Sequence[float] | NDArray[np.float64]) -> int:
        """Return the place of the law of an arrival step, given by its chances so far."""
        name = (id(by),)
        if name not in self.places:
            place = self._add(np.empty(0), np.asarray(by, dtype=np.float64))
            self.places[name] = (place, by)
        return self.places[name][0]

    def _add(self, values: NDArray[np.float64], cumulative: NDArray[np.float64] | None) -> int:
        """Keep a law: equally likely where it has no cumulative chances."""
        bounds, guide = np.empty(0, np.uint64), np.empty(0, np.int32)
        if cumulative is not None:
            bounds, guide = guide_table(cumulative)
        n = len(values) if cumulative is None else len(bounds)
        self.rows.append((*self.ends, n, int(cumulative is None)))
        for i, (kept, new) in enumerate(
            ((self.values, values), (self.bounds, bounds), (self.guides, guide))
        ):
            kept.append(new)  # type: ignore[arg-type]
            self.ends[i] += len(new)
        return len(self.rows) - 1


class Shapes:
    """Calendars of use, each kept once, padded or cut to the horizon by the check before."""

    def __init__(self) -> None:
        self.rows: list[Sequence[float]] = []
        self.places: dict[int, int] = {}

    def add(self, shape: Sequence[float] | None) -> int:
        """Return the place of a shape, -1 where there is none."""
        if shape is None:
            return -1
        if id(shape) not in self.places:
            self.rows.append(shape)
            self.places[id(shape)] = len(self.rows) - 1
        return self.places[id(shape)]
