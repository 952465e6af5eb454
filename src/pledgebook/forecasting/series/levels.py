"""A level over time from its tellings: a moving logarithm, told with bias and error.

The model, with t in years and everything in natural logarithms:

    x(t)  = m + W(t),   m unknown (a flat prior),  W a Brownian motion with variance q a year
    y_i   = mean of x over the days of telling i + b_voice + e_i
    b     ~ N(0, B),    e_i ~ N(0, v_i)

q and B are the priors of the settings, times one scale s² that the series itself tells: with n
tellings, C their covariance for s = 1 and v as told, and r the residuals about the generalised
mean,

    s² = (nu + min(r' C^-1 r, M² (n - 1))) / (nu + n - 1)

and x(t) is Student-t with nu + n - 1 degrees of freedom (the conjugate normal and inverse gamma
result; nu is `prior_weight`; M, `most_scatter`, keeps one slip of the pen from widening all). The
level itself is fitted with v grown for tellings that part from the others (see `pooling`). One
scale, not one for each of q and B: it makes the band at every day grow with disagreement, which a
fit of both does not, and a dozen figures can hardly tell drift from dispute. x(t) given y is exact
linear algebra (universal kriging). Between tellings the spread grows, after the last it grows
without end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.forecasting.forecast import Floats
from pledgebook.forecasting.series.point import SeriesMeasure
from pledgebook.forecasting.series.pooling import YEAR, Telling, distrusted
from pledgebook.forecasting.series.settings import Settings

__all__ = ["LevelFit", "fit_level"]

_TENTH = 1.2815515655446004
_NODE_DAYS = 61
_MOST_NODES = 12


@dataclass(frozen=True, slots=True)
class LevelFit:
    """The level of one series; `scale` is s, `freedom` the degrees of freedom."""

    scale: float
    freedom: float
    _nodes: Floats
    _spread: Floats
    _drift: float
    _centre: float
    _fit: _Solved

    def at(self, days: Sequence[dt.date]) -> tuple[Floats, Floats]:
        """Return the mean of the logarithm at each day, and its spread: each (days,).

        The spread is that of the normal distribution with the same 10 % and 90 % points.
        """
        years = np.array([day.toordinal() for day in days], dtype=float) / YEAR
        origin = float(self._nodes[0])
        # Any origin gives the same answer, since m is unknown.
        cross = self._drift * _shared(years - origin, self._nodes - origin) @ self._spread
        fit = self._fit
        mean = self._centre + fit.mean + cross @ fit.pull
        solved = cross @ fit.inverse
        left = self._drift * np.abs(years - origin) - np.einsum("ij,ij->i", solved, cross)
        lever = 1.0 - cross @ fit.share
        variance = np.maximum(left, 0.0) + lever**2 / fit.lever
        return mean, np.sqrt(variance) * self.scale * _tenth(self.freedom) / _TENTH


def fit_level(tellings: Sequence[Telling], measure: SeriesMeasure, settings: Settings) -> LevelFit:
    """Fit the level to one telling or more, none of which tells of nothing at all."""
    drift, between = settings.drift[measure] ** 2, settings.between[measure] ** 2
    nodes, spread = _nodes(tellings)
    voices = np.array([telling.source for telling in tellings])
    logs = np.array([telling.log for telling in tellings])
    origin = nodes[0]
    covariance = spread.T @ (drift * _shared(nodes - origin, nodes - origin)) @ spread
    covariance += between * (voices[:, None] == voices[None, :])
    as_told = np.diag(np.array([telling.spread for telling in tellings]) ** 2)
    doubted = np.diag(distrusted(tellings, measure, settings))
    # Centred first: a unit a million times smaller must not change a digit of the residuals.
    centre = float(np.mean(logs))
    fit = _solve(covariance + doubted, logs - centre)
    pooling = settings.pooling
    freedom = pooling.prior_weight + len(tellings) - 1
    scatter = min(
        _solve(covariance + as_told, logs - centre).scatter,
        pooling.most_scatter**2 * (len(tellings) - 1),
    )
    scale = float(np.sqrt((pooling.prior_weight + scatter) / freedom))
    return LevelFit(scale, freedom, nodes, spread, drift, centre, fit)


@dataclass(frozen=True, slots=True)
class _Solved:
    """Generalised least squares about one mean: `pull` is C^-1 r, `share` C^-1 1, `lever` 1'C^-1 1.

    `scatter` is r'C^-1 r.
    """

    inverse: Floats
    mean: float
    pull: Floats
    share: Floats
    lever: float
    scatter: float


def _solve(covariance: Floats, logs: Floats) -> _Solved:
    inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    share = inverse.sum(axis=1)
    lever = float(share.sum())
    mean = float(share @ logs) / lever
    pull = inverse @ (logs - mean)
    return _Solved(inverse, mean, pull, share, lever, float((logs - mean) @ pull))


def _nodes(tellings: Sequence[Telling]) -> tuple[Floats, Floats]:
    """Return days that stand for the spans (nodes,), in years, and their share (nodes, tellings).

    A figure for a whole year tells the mean of the level over it.
    """
    years: list[float] = []
    owners: list[int] = []
    for at, telling in enumerate(tellings):
        first, last = telling.point.first.toordinal(), telling.point.last.toordinal()
        pieces = min(_MOST_NODES, 1 + (last - first) // _NODE_DAYS)
        step = (last - first + 1) / pieces
        years += [(first - 0.5 + (piece + 0.5) * step) / YEAR for piece in range(pieces)]
        owners += [at] * pieces
    owner = np.array(owners)
    spread = (owner[:, None] == np.arange(len(tellings))[None, :]).astype(float)
    return np.array(years), spread / spread.sum(axis=0)


def _shared(one: Floats, other: Floats) -> Floats:
    """Return the covariance of a two-sided Brownian motion from zero: (one, other)."""
    both = np.minimum(np.abs(one)[:, None], np.abs(other)[None, :])
    shared: Floats = np.where(one[:, None] * other[None, :] > 0, both, 0.0)
    return shared


def _tenth(freedom: float) -> float:
    """Return the 90 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.9))
