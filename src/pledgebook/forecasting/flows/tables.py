"""Discrete distributions as tables that the kernel can draw from with one 32-bit word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["ATOMS", "GUIDE_BITS", "gamma_atoms", "guide_table", "lognormal_atoms"]

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

ATOMS = 4096
"""Equally likely values that stand for a continuous factor: one 4,096th of its mass each."""
GUIDE_BITS = 10


def guide_table(
    cumulative: Sequence[float] | Floats,
) -> tuple[NDArray[np.intp], Wholes, Wholes, int]:
    """Return the cells of a discrete distribution that can be drawn, and how to find them.

    The cell of a 32-bit word is the first whose bound is above the word. `guide` gives by the
    word's top GUIDE_BITS bits the first cell that it may be; from there `depth` steps are enough
    (H.-C. Chen, Y. Asau, On generating random variates from an empirical distribution, AIIE
    Transactions 6, 1974). An alias table is no faster and jumps about; here a higher word never
    gives an earlier cell, so that two scenarios whose chances differ a little draw nearly the same.
    Exact to 2**-32. Returned are the places of the cells among those given, where the last place,
    one past them, stands for what is left; then bounds, guide and depth.
    """
    given = np.round(np.append(np.asarray(cumulative, np.float64), 1.0) * 2.0**32).astype(np.int64)
    given = np.maximum.accumulate(np.minimum(given, 2**32))
    places = np.flatnonzero(np.diff(given, prepend=0))
    bounds = given[places]
    starts = np.arange(2**GUIDE_BITS + 1, dtype=np.int64) << (32 - GUIDE_BITS)
    guide = np.searchsorted(bounds, starts, side="right")
    return places, bounds, guide[:-1], int(np.diff(guide).max())


@cache
def lognormal_atoms(cv: float) -> tuple[float, ...]:
    """Return equally likely values with the mean 1 and this sd that stand for a lognormal."""
    from scipy.special import ndtr, ndtri

    sd = math.sqrt(math.log1p(cv * cv))
    # The share of the mean below a quantile of a lognormal is ndtr(z - sd).
    below = ndtr(ndtri(np.arange(ATOMS + 1) / ATOMS) - sd)
    return _atoms(np.asarray(below, dtype=np.float64), cv)


@cache
def gamma_atoms(cv: float) -> tuple[float, ...]:
    """Return equally likely values with the mean 1 and this sd that stand for a gamma."""
    from scipy.special import gammainc, gammaincinv

    shape = 1 / (cv * cv)
    edges = np.asarray(gammaincinv(shape, np.arange(ATOMS + 1) / ATOMS), dtype=np.float64)
    # The share of the mean below a quantile x of a gamma is the gamma of one more shape at x.
    return _atoms(np.asarray(gammainc(shape + 1, edges), dtype=np.float64), cv)


def _atoms(below: Floats, cv: float) -> tuple[float, ...]:
    """Turn shares of the mean below equal quantiles into the mean of each cell, with the whole sd.

    The means of the cells keep the mean but lose the little variance within each cell; all are
    spread about 1 to give it back, none below zero.
    """
    atoms = np.diff(below) * ATOMS
    spread = float(atoms.std())
    if spread:
        atoms = np.maximum(1 + (atoms - 1) * (cv / spread), 0.0)
    return tuple((atoms / atoms.mean()).tolist())
