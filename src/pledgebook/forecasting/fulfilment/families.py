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

__all__ = ["Family", "family_named"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Family:
    """The distribution of the standard error: `cdf` and `pdf` at x, `quantile` at a chance."""

    name: str
    cdf: Callable[[Floats], Floats]
    pdf: Callable[[Floats], Floats]
    quantile: Callable[[Floats], Floats]


def family_named(name: str) -> Family:
    """Return a family by name: log-logistic, weibull or log-normal. Raises UsageError for others.

    With T the delay, x = (log T - location) / scale: F = 1 / (1 + exp(-x)) (log-logistic),
    1 - exp(-exp(x)) (Weibull with shape 1 / scale), or the normal one (log-normal).
    """
    from scipy import special

    families = {
        "log-logistic": Family("log-logistic", special.expit, _logistic_pdf, special.logit),
        "weibull": Family("weibull", _gumbel_cdf, _gumbel_pdf, _gumbel_quantile),
        "log-normal": Family("log-normal", special.ndtr, _normal_pdf, special.ndtri),
    }
    if name not in families:
        raise UsageError(
            f"{name!r} is no family of delays", mend=f"Any of: {', '.join(sorted(families))}"
        )
    return families[name]


def _logistic_pdf(x: Floats) -> Floats:
    small = np.exp(-np.abs(x))
    return small / (1.0 + small) ** 2


def _gumbel_cdf(x: Floats) -> Floats:
    return -np.expm1(-np.exp(np.minimum(x, 50.0)))


def _gumbel_pdf(x: Floats) -> Floats:
    held = np.minimum(x, 50.0)
    return np.exp(held - np.exp(held))


def _gumbel_quantile(p: Floats) -> Floats:
    return np.log(-np.log1p(-p))


def _normal_pdf(x: Floats) -> Floats:
    return np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)
