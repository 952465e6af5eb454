"""Windows laid into rows of one length, so that an encoder loses no room to padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.reading.learned.windows import ROW

Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Packed:
    """Where windows lie: `where` has row, first token and length of each.

    `rows` numbers the windows from one, token by token; `places` counts the tokens of each.
    """

    where: list[tuple[int, int, int]]
    rows: Ints
    places: Ints

    def lay(self, parts: Sequence[Ints]) -> Ints:
        """Lay values of windows, one a token, where the windows lie."""
        laid = np.zeros_like(self.rows)
        for (row, at, length), part in zip(self.where, parts, strict=True):
            laid[row, at : at + length] = part[:length]
        return laid

    def moved(self, spans: Ints) -> Ints:
        """Return spans of windows (window, first, behind the last) as spans of rows."""
        where = np.array(self.where, np.int64)[spans[:, 0]]
        return np.stack([where[:, 0], where[:, 1] + spans[:, 1], where[:, 1] + spans[:, 2]], 1)


def pack(lengths: Sequence[int], longest: int = ROW, *, trim: bool = True) -> Packed:
    """Lay windows of these lengths into rows, the longest first.

    `trim` cuts the rows to the longest; without it all rows are `longest`, one shape for all.
    """
    room: list[int] = []
    where: list[tuple[int, int, int]] = [(0, 0, 0)] * len(lengths)
    for window in sorted(range(len(lengths)), key=lambda k: (-lengths[k], k)):
        length = lengths[window]
        row = next((r for r, left in enumerate(room) if left >= length), len(room))
        if row == len(room):
            room.append(longest)
        where[window] = (row, longest - room[row], length)
        room[row] -= length
    width = longest - min(room) if room and trim else longest
    rows = np.zeros((len(room), max(width, 1)), np.int64)
    places = np.zeros_like(rows)
    for window, (row, at, length) in enumerate(where):
        rows[row, at : at + length] = window + 1
        places[row, at : at + length] = np.arange(length)
    return Packed(where, rows, places)


def means(states: npt.NDArray[np.float32], spans: Ints) -> npt.NDArray[np.float32]:
    """Return the mean state of each span of rows; zeros where it is empty."""
    summed = np.zeros((states.shape[0], states.shape[1] + 1, states.shape[2]), np.float32)
    np.cumsum(states, axis=1, out=summed[:, 1:])
    row, first, last = spans.T
    total = summed[row, last] - summed[row, first]
    found = total / np.maximum(last - first, 1)[:, None].astype(np.float32)
    return np.asarray(found, np.float32)
