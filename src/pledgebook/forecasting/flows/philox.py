"""Random words from a counter: Philox 4x32 with 10 rounds.

J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3,
SC11 (2011), doi:10.1145/2063384.2063405. The words are a function of key and counter alone: any
draw of any stream can be made again by itself, in any order, on any thread.

The unit is a page: the words of PAGE draws of one stream at one index. A call of the generator
gives four words; those are for the draws i, i + 128, i + 256 and i + 384 of the page.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.jit import inner, leaf
from pledgebook.forecasting.flows.page import PAGE

__all__ = ["Words", "fill_words", "philox"]

QUARTER = PAGE // 4

Words = NDArray[np.uint32]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)


@leaf
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words (each below 2**32) of a counter and a key of words below 2**32."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _HALF) ^ c1 ^ k0
        c2 = (p0 >> _HALF) ^ c3 ^ k1
        c1 = p1 & _LOW
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@inner
def fill_words(key: int, page: int, index: int, part: int, out: Words) -> None:
    """Fill `out` (PAGE,) with the words of one page of a stream, at an index and a part of it.

    The key is the stream's 64 bits as a signed number.
    """
    c1, c2, c3 = np.uint64(page), np.uint64(index), np.uint64(part)
    k0, k1 = np.uint64(key) & _LOW, np.uint64(key) >> _HALF
    for i in range(QUARTER):
        w0, w1, w2, w3 = philox(np.uint64(i), c1, c2, c3, k0, k1)
        out[i] = w0
        out[i + QUARTER] = w1
        out[i + 2 * QUARTER] = w2
        out[i + 3 * QUARTER] = w3
