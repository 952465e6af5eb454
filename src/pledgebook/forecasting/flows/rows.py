"""What the kernel does to rows: one number for each draw of a page, PAGE of them.

The loops are short and touch few rows each, so that the compiler turns each into vectors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.jit import inner, leaf, summing
from pledgebook.forecasting.flows.page import PAGE

__all__ = ["add", "add_at", "batch", "copy", "fill", "keep", "merge", "tally"]

Row = NDArray[np.float64]


@leaf
def fill(row: Row, value: float) -> None:
    """Set all of a row."""
    for j in range(PAGE):
        row[j] = value


@leaf
def copy(row: Row, other: Row) -> None:
    """Set a row to another."""
    for j in range(PAGE):
        row[j] = other[j]


@leaf
def add(row: Row, other: Row, n: int) -> None:
    """Add the first n of another row to a row."""
    for j in range(n):
        row[j] += other[j]


@inner
def add_at(sums: Row, first: int, row: Row, n: int) -> None:
    """Add the first n of a row to the sums of the draws from `first` on."""
    for j in range(n):
        sums[first + j] += row[j]


@summing
def _sums(row: Row, n: int, pivot: float) -> tuple[float, float]:
    first = 0.0
    second = 0.0
    for j in range(n):
        d = row[j] - pivot
        first += d
        second += d * d
    return first, second


@leaf
def batch(row: Row, n: int) -> tuple[float, float]:
    """Return the mean of the first n of a row and the sum of their squared distances from it.

    Sums are taken about the first of them, so that a small spread about a large mean is not lost.
    """
    first, second = _sums(row, n, row[0])
    shift = first / n
    return row[0] + shift, max(second - first * shift, 0.0)


@leaf
def merge(cell: Row, seen: int, n: int, mean: float, squares: float) -> None:
    """Merge a batch of n draws into the mean and squares of those seen before.

    (T. F. Chan, G. H. Golub, R. J. LeVeque, Updating formulae and a pairwise algorithm for
    computing sample variances, Stanford STAN-CS-79-773, 1979.)
    """
    share, d = n / (seen + n), mean - cell[0]
    cell[0] += d * share
    cell[1] += squares + d * d * seen * share


@inner
def tally(cell: Row, row: Row, seen: int, n: int) -> None:
    """Merge the first n of a row into the mean and squares of those seen before."""
    mean, squares = batch(row, n)
    merge(cell, seen, n, mean, squares)


@inner
def keep(
    tracks: NDArray[np.float32], slot: int, steps: int, place: int, row: Row, first: int, n: int
) -> None:
    """Keep the first n of a row as the draws from `first` on, where a slot is and has room.

    `place` is the row of slot 0.
    """
    track = slot * steps + place
    if slot >= 0 and 0 <= track < tracks.shape[0]:
        for j in range(n):
            tracks[track, first + j] = row[j]
