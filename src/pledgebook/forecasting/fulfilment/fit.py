"""Finding the parameters: the maximum a posteriori, the spreads between groups, the uncertainty.

The vector is found by L-BFGS on the exact gradient. The spreads between groups are found by
empirical Bayes: given the Laplace approximation of the effects, each spread moves to the mode of
its posterior (an EM step), a few times over. The uncertainty is the inverse of the Hessian of the
log-posterior at the end (Laplace), from differences of the exact gradient of each commitment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import Block, arrange
from pledgebook.forecasting.fulfilment.design import Design, Groups
from pledgebook.forecasting.fulfilment.families import Family
from pledgebook.forecasting.fulfilment.levels import LEVELS
from pledgebook.forecasting.fulfilment.likelihood import evaluate
from pledgebook.forecasting.fulfilment.priors import COMMON, GROUPS, Law, Priors
from pledgebook.forecasting.fulfilment.spells import Record

__all__ = ["Fitted", "Posterior", "find"]

Floats = NDArray[np.float64]

_ROUNDS = 6
_ENOUGH = 0.01
"""A spread that moves by less than this part of itself has settled."""
_STEP = 1e-4
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Fitted:
    """The vector found, its covariance, the spreads between groups with their log uncertainty."""

    vector: Floats
    covariance: Floats
    spreads: Mapping[str, float]
    spread_errors: Mapping[str, float]
    log_likelihood: float


class Posterior:
    """The log-posterior of the vector of parameters, given the spreads between groups."""

    def __init__(
        self,
        records: Sequence[Record],
        as_of: dt.date,
        *,
        priors: Priors,
        family: Family,
        fixed: Mapping[str, Law] | None = None,
    ) -> None:
        self.groups = Groups.of(records, priors)
        self._design = Design.of(self.groups, records)
        self._blocks: list[Block] = arrange(records, as_of, as_of) if records else []
        self._family = family
        self._laws = {**priors.common, **(fixed or {})}
        self._size = len(records)

    def start(self) -> Floats:
        """Return the vector that the priors alone give."""
        vector = np.zeros(self.groups.size)
        vector[: len(COMMON)] = [self._laws[name].at for name in COMMON]
        return vector

    def precision(self, spreads: Mapping[str, float]) -> Floats:
        """Return the precision of the prior of each parameter."""
        precision = np.zeros(self.groups.size)
        precision[: len(COMMON)] = [self._laws[name].spread ** -2.0 for name in COMMON]
        for kind in GROUPS:
            precision[self.groups.spans[kind]] = spreads[kind] ** -2.0
        return precision

    def levels(self, vector: Floats) -> Floats:
        """Return the levels of each commitment (n, LEVELS)."""
        return self._design.levels(vector)

    def likelihood(self, levels: Floats) -> tuple[Floats, Floats]:
        """Return the log-likelihood (n,) and its gradient (n, LEVELS)."""
        value, gradient = np.zeros(self._size), np.zeros((self._size, LEVELS))
        for block in self._blocks:
            value[block.index], gradient[block.index] = evaluate(
                block, levels[block.index], family=self._family
            )
        return value, gradient

    def loss(self, vector: Floats, precision: Floats) -> tuple[float, Floats]:
        """Return what is minimised, and its gradient."""
        off = vector - self.start()
        value, gradient = self.likelihood(self._design.levels(vector))
        loss = 0.5 * float(off @ (precision * off)) - float(value.sum())
        return loss, precision * off - self._design.back(gradient)

    def hessian(self, vector: Floats, precision: Floats) -> Floats:
        """Return the Hessian of what is minimised, made positive definite."""
        levels = self._design.levels(vector)
        hessians = np.zeros((self._size, LEVELS, LEVELS))
        here = self.likelihood(levels)[1]
        for at in range(LEVELS):
            step = np.zeros(LEVELS)
            step[at] = _STEP
            hessians[:, :, at] = (self.likelihood(levels + step)[1] - here) / _STEP
        hessians = 0.5 * (hessians + hessians.transpose(0, 2, 1))
        whole = np.diag(precision) - self._design.curvature(hessians)
        # Where the data bend the wrong way, no parameter is surer than its prior leaves it.
        root = np.sqrt(precision)
        values, vectors = np.linalg.eigh(whole / np.outer(root, root))
        values = np.maximum(values, 0.5)
        return np.asarray((vectors * values) @ vectors.T * np.outer(root, root))

    def mode(self, start: Floats, precision: Floats, shape: Floats) -> Floats:
        """Return the vector of the highest posterior, from a start.

        `shape` is a square root of the covariance as far as it is known: steps are taken in its
        coordinates, in which all directions are about equally wide.
        """
        from scipy.optimize import minimize

        def shaped(inner: Floats) -> tuple[float, Floats]:
            loss, gradient = self.loss(start + shape @ inner, precision)
            return loss, gradient @ shape

        found = minimize(
            shaped,
            np.zeros_like(start),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 300, "ftol": 1e-9, "gtol": 1e-3},
        )
        return np.asarray(start + shape @ found.x)


def find(posterior: Posterior, priors: Priors) -> Fitted:
    """Return the parameters, the spreads between groups, and how sure they are."""
    spreads = {kind: priors.groups[kind].at for kind in GROUPS}
    vector = posterior.start()
    covariance: Floats = np.diag(1.0 / posterior.precision(spreads))
    errors: dict[str, float] = {}
    for _ in range(_ROUNDS):
        precision = posterior.precision(spreads)
        vector = posterior.mode(vector, precision, _root(covariance))
        covariance = np.asarray(np.linalg.inv(posterior.hessian(vector, precision)), dtype=float)
        before = dict(spreads)
        for kind in GROUPS:
            span = posterior.groups.spans[kind]
            spreads[kind], errors[kind] = _spread(
                vector[span], np.diag(covariance)[span], priors.groups[kind]
            )
        if all(abs(np.log(spreads[kind] / before[kind])) < _ENOUGH for kind in GROUPS):
            break
    value, _ = posterior.likelihood(posterior.levels(vector))
    return Fitted(vector, covariance, spreads, errors, float(value.sum()))


def _root(covariance: Floats) -> Floats:
    return np.asarray(np.linalg.cholesky(covariance), dtype=float)


def _spread(effects: Floats, variances: Floats, law: Law) -> tuple[float, float]:
    """Return the mode of a spread's logarithm as a spread, and the error of that logarithm.

    Minimises G t + S / 2 exp(-2 t) + (t - t0)^2 / (2 v^2), t the logarithm of the spread, with S
    the expected sum of squares of the G effects, by Newton's method.
    """
    number, squares = len(effects), float((effects**2 + variances).sum())
    start, width = float(np.log(law.at)), law.spread
    at = start
    for _ in range(50):
        bend = squares * np.exp(-2.0 * at)
        slope = number - bend + (at - start) / width**2
        step = slope / (2.0 * bend + width**-2.0)
        at -= float(np.clip(step, -0.5, 0.5))
    # Of the squares only what the data give counts as knowledge of the spread.
    sure = float(np.clip(1.0 - variances * np.exp(-2.0 * at), 0.0, 1.0).sum())
    return float(np.exp(at)), float((2.0 * sure + width**-2.0) ** -0.5)
