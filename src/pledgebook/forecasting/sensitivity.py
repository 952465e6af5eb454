"""What moves an answer most: Sobol indices by pick-freeze.

Two independent sets of draws A and B are made of every input; for each group of inputs the answer
is taken once more with that group from B and all others from A. The share of the variance that a
group explains alone is estimated both as Saltelli and others do (2010, Computer Physics
Communications 181, 259-270), which is good for small shares, and as Jansen does (1999, Computer
Physics Communications 117, 35-43), which is good for large ones: of the two, that with the smaller
error counts. Its total share with all interactions is Jansen's. Standard errors are those of a
jackknife over blocks of draws.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.forecast import Influence

__all__ = ["influences"]

Floats = NDArray[np.float64]
_BLOCKS = 20
_LEAST = 1e-12


def influences(
    answer: Callable[[frozenset[str]], Floats], groups: Iterable[str]
) -> tuple[Influence, ...]:
    """Return the shares of the groups in the variance of an answer, the largest total first.

    `answer(swapped)` gives the answer for each draw (draws,), with the groups in `swapped` from
    the second set of draws. Empty where the answer does not vary at all. A group with a total of
    zero, such as one that nothing hangs on, is left out.
    """
    names = tuple(dict.fromkeys(groups))
    base, other = answer(frozenset()), answer(frozenset(names))
    spread = np.concatenate([base, other])
    scale = float(np.max(np.abs(spread), initial=0.0))
    if scale == 0 or float(np.var(spread)) <= _LEAST * scale**2:
        return ()
    found = []
    for name in names:
        mixed = answer(frozenset([name]))
        if np.array_equal(mixed, base):
            continue
        alone = (_jackknifed(one, base, other, mixed) for one in (_small, _large))
        first, first_error = min(alone, key=lambda found: found[1])
        total, total_error = _jackknifed(_total, base, other, mixed)
        found.append(Influence(name, first, first_error, total, total_error))
    return tuple(sorted(found, key=lambda one: (-one.total, one.inputs)))


def _small(base: Floats, other: Floats, mixed: Floats) -> float:
    # Centred, so that a large mean does not swell the error of the product.
    middle = (base.mean() + other.mean()) / 2
    return float(np.mean((other - middle) * (mixed - base)) / _variance(base, other))


def _large(base: Floats, other: Floats, mixed: Floats) -> float:
    return 1.0 - float(np.mean((other - mixed) ** 2) / (2 * _variance(base, other)))


def _total(base: Floats, other: Floats, mixed: Floats) -> float:
    return float(np.mean((base - mixed) ** 2) / (2 * _variance(base, other)))


def _variance(base: Floats, other: Floats) -> float:
    return float(np.var(np.concatenate([base, other])))


def _jackknifed(
    share: Callable[[Floats, Floats, Floats], float], base: Floats, other: Floats, mixed: Floats
) -> tuple[float, float]:
    whole = share(base, other, mixed)
    edges = np.linspace(0, len(base), _BLOCKS + 1).astype(int)
    parts = []
    for start, end in itertools.pairwise(edges):
        keep = np.ones(len(base), dtype=bool)
        keep[start:end] = False
        parts.append(share(base[keep], other[keep], mixed[keep]))
    spread = np.var(np.asarray(parts)) * (_BLOCKS - 1)
    return whole, float(np.sqrt(spread))
