"""Discrete distributions as tables that the kernel can draw from with one 32-bit word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["ATOMS", "GUIDE_BITS", "gamma_atoms", "guide_table", "lognormal_atoms"]

Floats = NDArray[np.float64]

ATOMS = 4096
"""Equally likely values that stand for a continuous factor: one 4,096th of its mass each."""
GUIDE_BITS = 8


def guide_table(
    cumulative: Sequence[float] | Floats,
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return the bounds and the guide of a discrete distribution, given cumulatively.

    The value of a 32-bit word is the first whose bound is above the word; `guide` says where to
    begin to look for it by the word's top GUIDE_BITS bits (H.-C. Chen, Y. Asau, On generating
    random variates from an empirical distribution, AIIE Transactions 6, 1974). An alias table is no
    faster and jumps about; here a higher word never gives a lower value, so that two scenarios
    whose chances differ a little draw nearly the same. Exact to 2**-32.
    """
    bounds = np.round(np.asarray(cumulative, dtype=np.float64) * 2.0**32).astype(np.uint64)
    starts = np.arange(2**GUIDE_BITS, dtype=np.uint64) << np.uint64(32 - GUIDE_BITS)
    return bounds, np.searchsorted(bounds, starts, side="right").astype(np.int32)


def lognormal_atoms(cv: float) -> Floats:
    """Return equally likely values with the mean 1 and this sd that stand for a lognormal."""
    from scipy.special import ndtr, ndtri

    sd = np.sqrt(np.log1p(cv * cv))
    # The share of the mean below a quantile of a lognormal is ndtr(z - sd).
    return _atoms(ndtr(ndtri(np.arange(ATOMS + 1) / ATOMS) - sd), cv)


def gamma_atoms(cv: float) -> Floats:
    """Return equally likely values with the mean 1 and this sd that stand for a gamma."""
    from scipy.special import gammainc, gammaincinv

    shape = 1 / (cv * cv)
    edges = gammaincinv(shape, np.arange(ATOMS + 1) / ATOMS)
    # The share of the mean below a quantile x of a gamma is the gamma of one more shape at x.
    return _atoms(gammainc(shape + 1, edges), cv)


def _atoms(below: Floats, cv: float) -> Floats:
    """Turn shares of the mean below equal quantiles into the mean of each cell, with the whole sd.

    The means of the cells keep the mean but lose the little variance within each cell; all are
    spread about 1 to give it back, none below zero.
    """
    atoms = np.diff(below) * ATOMS
    spread = float(atoms.std())
    if spread:
        atoms = np.maximum(1 + (atoms - 1) * (cv / spread), 0.0)
    return np.asarray(atoms / atoms.mean(), dtype=np.float64)
