"""The page: how many draws go through the kernel side by side, and the memory for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PAGE", "scratch"]

PAGE = 512
"""A row of a page (4 KB) and the few rows that a step touches stay in the nearest cache. The words
of a stream hang on it too, so another size gives other draws."""
LINE = 8
"""Numbers in a line of the cache."""


def scratch(rows: int) -> NDArray[np.float64]:
    """Return rows of scratch, (rows, PAGE + LINE), of which the kernel uses the first PAGE.

    They begin where a line of the cache does, so that no vector lies in two of them; and no two
    near each other are a power of two apart, or they would drive each other out of the cache.
    """
    width = PAGE + LINE
    flat = np.empty(rows * width + LINE)
    skip = -(flat.ctypes.data // flat.itemsize) % LINE
    return flat[skip : skip + rows * width].reshape(rows, width)
