"""The two layers over the bins of windows: when lots come, and whether and when that is told."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import INNER_WEIGHTS, Windows
from pledgebook.forecasting.fulfilment.families import Family, sigmoid
from pledgebook.forecasting.fulfilment.levels import Level

__all__ = [
    "Delays",
    "Telling",
    "add_delays",
    "add_telling",
    "delays_of",
    "nodes_of",
    "telling",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Telling:
    """The reporting layer over the bins of some windows, (R, B) each.

    `told` is the chance phi that a delivery of the bin is told of at all, `lag` the chance that it
    is told in the days in question if it is, with the derivatives of `lag` by the median and the
    spread of the report's delay.
    """

    told: Floats
    lag: Floats
    by_report: Floats
    by_scale: Floats


_FINE = np.linspace(-4.2, 4.2, 25)


@functools.cache
def nodes_of(number: int, *, several: bool) -> tuple[Floats, Floats]:
    """Return points and weights by which a function of a standard normal is averaged.

    Gauss-Hermite points where little is known of the normal. Several lots fix it within less than
    the distance of these: there the points lie evenly and closer, by the trapezoidal rule.
    """
    if several:
        points, weights = _FINE, np.exp(-0.5 * _FINE**2)
    else:
        points, weights = np.polynomial.hermite_e.hermegauss(number)
    return points, weights / weights.sum()


def telling(windows: Windows, level: Floats) -> Telling:
    """Return the reporting layer of windows for the levels of all commitments (n, LEVELS)."""
    own = level[windows.owner]
    median, scale = own[:, Level.REPORT, None, None], np.exp(own[:, Level.REPORT_SCALE, None, None])
    upper, lower = (windows.log_upper - median) / scale, (windows.log_lower - median) / scale
    high, low = sigmoid(upper), sigmoid(lower)
    slope_high, slope_low = high * (1.0 - high), low * (1.0 - low)
    told = sigmoid(own[:, Level.TOLD, None] + own[:, Level.TREND, None] * windows.years)
    return Telling(
        told=told,
        lag=(high - low) @ INNER_WEIGHTS,
        by_report=-((slope_high - slope_low) / scale) @ INNER_WEIGHTS,
        by_scale=-(slope_high * upper - slope_low * lower) @ INNER_WEIGHTS,
    )


@dataclass(frozen=True, slots=True)
class Delays:
    """Chances of delivery by bin, and their derivatives: (R, Q, B) each."""

    mass: Floats
    by_x: Floats
    by_scale: Floats
    scale: Floats

    def contract(self, weight: Floats, shared: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the gradient (R,) by location, scale and shared spread of sum(mass * weight)."""
        by_node = np.einsum("rqb,rqb->rq", self.by_x, weight)
        return (
            -by_node.sum(axis=1) / self.scale,
            -np.einsum("rqb,rqb->r", self.by_scale, weight),
            -(by_node * shared).sum(axis=1) / self.scale,
        )


def delays_of(
    windows: Windows, level: Floats, points: Floats, family: Family
) -> tuple[Delays, Floats]:
    """Return the delays at each node, and the shared shift of the nodes (R, Q)."""
    own = level[windows.owner]
    scale = np.exp(own[:, Level.SCALE])
    shift = np.exp(own[:, Level.SHARED])[:, None] * points
    x = windows.log_time[:, :, None, :] - own[:, Level.LOCATION, None, None, None]
    x = (x - shift[:, None, :, None]) / scale[:, None, None, None]
    rows, promises, nodes, edges = x.shape
    x = x.reshape(rows, promises * nodes, edges)
    chance, slope = family.both(x)
    delays = Delays(
        mass=np.diff(chance, axis=-1),
        by_x=np.diff(slope, axis=-1),
        by_scale=np.diff(slope * x, axis=-1),
        scale=scale,
    )
    return delays, np.tile(shift, (1, promises))


def add_delays(
    gradient: Floats, owner: NDArray[np.intp], delays: Delays, weight: Floats, shift: Floats
) -> None:
    """Add the gradient by the delays, given that by the mass of each node and bin (R, Q, B)."""
    levels = (Level.LOCATION, Level.SCALE, Level.SHARED)
    for at, part in zip(levels, delays.contract(weight, shift), strict=True):
        np.add.at(gradient[:, at], owner, part)


def add_telling(
    gradient: Floats, windows: Windows, tell: Telling, back_told: Floats, back_lag: Floats
) -> None:
    """Add the gradient by the telling, given those by `told` and `lag` (R, B) each."""
    slope = back_told * tell.told * (1.0 - tell.told)
    parts = {
        Level.TOLD: slope.sum(axis=1),
        Level.TREND: (slope * windows.years).sum(axis=1),
        Level.REPORT: (back_lag * tell.by_report).sum(axis=1),
        Level.REPORT_SCALE: (back_lag * tell.by_scale).sum(axis=1),
    }
    for at, part in parts.items():
        np.add.at(gradient[:, at], windows.owner, part)
