"""How the parameters of each commitment follow from the common ones and the effects of groups.

The vector of parameters has the common ones, then an effect of each donor on log delays, of each
category on log delays, and of each donor on the logit of disclosure. Several donors of one
commitment weigh the same. The effects are normal around zero: `spreads` say how wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.levels import LEVELS, Level
from pledgebook.forecasting.fulfilment.priors import COMMON, GROUPS, Priors
from pledgebook.forecasting.fulfilment.spells import Record

__all__ = ["Design", "Groups"]

Floats = NDArray[np.float64]

_PLAIN = {
    "scale": Level.SCALE,
    "shared": Level.SHARED,
    "dropped": Level.DROPPED,
    "coming": Level.COMING,
    "more": Level.MORE,
    "report": Level.REPORT,
    "report_scale": Level.REPORT_SCALE,
    "trend": Level.TREND,
}


@dataclass(frozen=True)
class Groups:
    """The donors and categories that have effects, and what a promised period means."""

    donors: tuple[str, ...]
    categories: tuple[str, ...]
    usual: float

    @classmethod
    def of(cls, records: Sequence[Record], priors: Priors) -> Groups:
        """Return those of some commitments, in the order of their names."""
        donors = sorted({donor for one in records for donor in one.donors})
        categories = sorted({one.category for one in records})
        return cls(tuple(donors), tuple(categories), priors.due.usual)

    @cached_property
    def size(self) -> int:
        """How many parameters there are."""
        return len(COMMON) + 2 * len(self.donors) + len(self.categories)

    @cached_property
    def spans(self) -> dict[str, slice]:
        """Where the effects of each kind of group stand in the vector."""
        start, donors = len(COMMON), len(self.donors)
        middle = start + donors
        end = middle + len(self.categories)
        spans = (slice(start, middle), slice(middle, end), slice(end, end + donors))
        return dict(zip(GROUPS, spans, strict=True))

    def weights(self, record: Record) -> dict[str, Floats]:
        """Return how much the effect of each known group weighs in a commitment."""
        donors = np.zeros(len(self.donors))
        for donor in record.donors:
            if donor in self.donors:
                donors[self.donors.index(donor)] += 1.0 / len(record.donors)
        categories = np.array([float(one == record.category) for one in self.categories])
        return {"donor": donors, "category": categories, "told": donors}

    def due(self, record: Record) -> tuple[float, float]:
        """Return whether a period was promised, and its log length beside the usual one."""
        if record.due is None:
            return 0.0, 0.0
        days = max((record.due - record.promised[0]).days, 1)
        return 1.0, math.log(days / self.usual)


@dataclass(frozen=True)
class Design:
    """The linear map from the vector of parameters to the levels of some commitments."""

    groups: Groups
    matrix: Floats
    """(n, LEVELS, parameters)"""

    @classmethod
    def of(cls, groups: Groups, records: Sequence[Record]) -> Design:
        """Lay the map out."""
        matrix = np.zeros((len(records), LEVELS, groups.size))
        at = {name: place for place, name in enumerate(COMMON)}
        for name, level in _PLAIN.items():
            matrix[:, level, at[name]] = 1.0
        for row, record in enumerate(records):
            weights = groups.weights(record)
            location, told = matrix[row, Level.LOCATION], matrix[row, Level.TOLD]
            location[at["location"]] = 1.0
            location[at["due_shift"]], location[at["due_slope"]] = groups.due(record)
            location[groups.spans["donor"]] = weights["donor"]
            location[groups.spans["category"]] = weights["category"]
            told[at["told"]] = 1.0
            told[groups.spans["told"]] = weights["told"]
        return cls(groups, matrix)

    def levels(self, vector: Floats) -> Floats:
        """Return the levels (n, LEVELS)."""
        return np.asarray(self.matrix @ vector)

    def back(self, gradient: Floats) -> Floats:
        """Return the gradient by the vector, given that by the levels (n, LEVELS)."""
        return np.asarray(np.tensordot(gradient, self.matrix, axes=([0, 1], [0, 1])))

    def curvature(self, hessians: Floats) -> Floats:
        """Return the Hessian by the vector, given those by the levels (n, LEVELS, LEVELS)."""
        half = np.einsum("nab,nbp->nap", hessians, self.matrix)
        flat = self.matrix.reshape(-1, self.matrix.shape[-1])
        return np.asarray(flat.T @ half.reshape(flat.shape))
