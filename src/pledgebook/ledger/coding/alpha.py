"""Krippendorff's alpha for nominal values: agreement beyond chance.

    alpha = 1 - observed disagreement / expected disagreement

in the form of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: from
the coincidences of the values of each unit, those of a unit with m values weighing 1 / (m - 1).
Alpha is 1 where all agree, 0 where they agree as chance would have it, and is not defined where no
two different values occur.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Coincidences", "alpha"]

_Floats = npt.NDArray[np.float64]
Unit = Sequence[Hashable | None]
"""The values that coders gave one unit, None where a coder gave none."""


def alpha(units: Iterable[Unit]) -> float | None:
    """Return alpha of some units, None where it is not defined."""
    found = Coincidences.of([list(units)]).alphas(np.ones((1, 1)))[0]
    return None if np.isnan(found) else float(found)


@dataclass(frozen=True, slots=True)
class Coincidences:
    """Coincidences of values, by document: how often each occurs, and how often two are alike.

    `totals` has a row for each document and a column for each value; `alike` counts, by document,
    the coincidences of a value with itself.
    """

    totals: _Floats
    alike: _Floats

    @classmethod
    def of(cls, documents: Sequence[Sequence[Unit]]) -> Coincidences:
        """Count the coincidences in the units of each document."""
        columns: dict[Any, int] = {}
        rows: list[dict[int, float]] = []
        alike = np.zeros(len(documents))
        for number, units in enumerate(documents):
            row: dict[int, float] = {}
            for unit in units:
                values = [value for value in unit if value is not None]
                if len(values) < 2:
                    continue
                for value in values:
                    place = columns.setdefault(value, len(columns))
                    row[place] = row.get(place, 0.0) + 1.0
                counts = [values.count(value) for value in dict.fromkeys(values)]
                same = sum(count * (count - 1) for count in counts)
                alike[number] += same / (len(values) - 1)
            rows.append(row)
        totals = np.zeros((len(documents), len(columns)))
        for number, row in enumerate(rows):
            for place, count in row.items():
                totals[number, place] = count
        return cls(totals, alike)

    def alphas(self, weights: _Floats) -> _Floats:
        """Return alpha for each row of weights of the documents, NaN where it is not defined."""
        by_value = weights @ self.totals
        n = by_value.sum(axis=1)
        by_chance = (by_value * (by_value - 1)).sum(axis=1)
        expected = n * (n - 1) - by_chance
        observed = (n - 1) * (n - weights @ self.alike)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = 1 - observed / expected
        found[expected <= 0] = np.nan
        return np.asarray(found, dtype=np.float64)
