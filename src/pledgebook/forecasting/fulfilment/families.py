"""Families of delays: the logarithm of a delay is a location plus a scale times a fixed error.

The log-logistic one is the default: its hazard first rises and then falls, as promises that were
not kept soon are kept ever more rarely; its tail is heavy, so that one late lot does not bend all
other estimates; its distribution has a closed form. Weibull and log-normal stand beside it, to be
held against it and against other programs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import UsageError

__all__ = ["Family", "family_named", "sigmoid"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Family:
    """The distribution of the standard error: `both` is its cdf and its density at x."""

    name: str
    cdf: Callable[[Floats], Floats]
    both: Callable[[Floats], tuple[Floats, Floats]]


def family_named(name: str) -> Family:
    """Return a family by name: log-logistic, weibull or log-normal. Raises UsageError for others.

    With T the delay, x = (log T - location) / scale: F = 1 / (1 + exp(-x)) (log-logistic),
    1 - exp(-exp(x)) (Weibull with shape 1 / scale), or the normal one (log-normal).
    """
    families = {
        "log-logistic": Family("log-logistic", sigmoid, _logistic),
        "weibull": Family("weibull", _gumbel_cdf, _gumbel),
        "log-normal": Family("log-normal", _normal_cdf, _normal),
    }
    if name not in families:
        raise UsageError(
            f"{name!r} is no family of delays", mend=f"Any of: {', '.join(sorted(families))}"
        )
    return families[name]


_LEAST = -700.0
"""Below this the exponential of the negative overflows."""


def sigmoid(x: Floats) -> Floats:
    """Return the logistic function. NumPy's exponential takes many numbers at a time."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.maximum(x, _LEAST))))


def _logistic(x: Floats) -> tuple[Floats, Floats]:
    cdf = sigmoid(x)
    return cdf, cdf * (1.0 - cdf)


def _gumbel_cdf(x: Floats) -> Floats:
    return np.asarray(-np.expm1(-np.exp(np.minimum(x, 50.0))))


def _gumbel(x: Floats) -> tuple[Floats, Floats]:
    held = np.minimum(x, 50.0)
    grown = np.exp(held)
    return -np.expm1(-grown), np.exp(held - grown)


def _normal_cdf(x: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def _normal(x: Floats) -> tuple[Floats, Floats]:
    return _normal_cdf(x), np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)
