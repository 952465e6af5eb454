"""How large a column can be at most, as its rows say where its own bound is missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["implied_bounds"]

Floats = NDArray[np.float64]


def implied_bounds(
    matrix: sparse.csc_matrix,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
) -> tuple[Floats, Floats]:
    """Return column bounds with those that were infinite made finite, where the rows allow it.

    What all other columns of a row can add at least leaves so much for one. Bounds that are finite
    stay as they are, so that nothing but what had to be is changed; chains of rows (the stock of
    one step after the other) are followed to their end.
    """
    low, high = np.array(lower, float), np.array(upper, float)
    entries = sparse.coo_matrix(matrix)
    row, column, value = entries.row, entries.col, entries.data
    # Only rows with a column that wants a bound can help; keep the work to them.
    while True:
        wanting = ~(np.isfinite(low) & np.isfinite(high))
        touched = np.zeros(matrix.shape[0], bool)
        touched[row[wanting[column]]] = True
        at = touched[row]
        if not at.any():
            return low, high
        r, c, v = row[at], column[at], value[at]
        before = int(wanting.sum())
        for side, sign in ((row_upper, 1.0), (-row_lower, -1.0)):
            a = sign * v
            least = a * np.where(a > 0, low[c], high[c])
            endless = ~np.isfinite(least)
            count = np.bincount(r, endless, len(side))
            total = np.bincount(r, np.where(endless, 0.0, least), len(side))
            alone = np.isfinite(side[r]) & (count[r] - endless == 0)
            room = (side[r] - (total[r] - np.where(endless, 0.0, least)))[alone] / a[alone]
            up = a[alone] > 0
            target = c[alone]
            new_high, new_low = high.copy(), low.copy()
            np.minimum.at(new_high, target[up], room[up])
            np.maximum.at(new_low, target[~up], room[~up])
            high = np.where(np.isfinite(high), high, new_high)
            low = np.where(np.isfinite(low), low, new_low)
        if int((~(np.isfinite(low) & np.isfinite(high))).sum()) == before:
            return low, high
