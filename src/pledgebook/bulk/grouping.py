"""Which documents hang together: arrays of integers alone, whatever their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["join_equal"]

Labels = NDArray[np.int64]


def join_equal(labels: Labels, hashes: NDArray[np.uint64], members: Labels) -> None:
    """Join the sets of all members that have the same hash.

    `labels` names for each number the least one that it is joined with; it is changed in place.
    """
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    _join(labels, members[order[same]], members[order[same + 1]])


def _join(labels: Labels, left: Labels, right: Labels) -> None:
    while left.size:
        first, second = labels[left], labels[right]
        differ = first != second
        left, right, first, second = left[differ], right[differ], first[differ], second[differ]
        np.minimum.at(labels, np.maximum(first, second), np.minimum(first, second))
        _flatten(labels)


def _flatten(labels: Labels) -> None:
    """Let every number name the root of its set, and not another that names it in turn."""
    while True:
        above = labels[labels]
        if np.array_equal(above, labels):
            return
        labels[:] = above
