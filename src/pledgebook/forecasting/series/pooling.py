"""Points become tellings: one vote for each voice, and less trust in what parts from the others.

A telling is one figure of one voice; the same figure told again is an echo of it. Everything here
is a pure function of the points, whatever their order, and scaling all of them scales all of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.forecasting.forecast import Floats
from pledgebook.forecasting.series.point import Point, SeriesMeasure
from pledgebook.forecasting.series.settings import Settings

__all__ = ["Telling", "distrusted", "tellings_of"]

YEAR = 365.25
_TENTH = 1.2815515655446004
"""The 90 % point of the standard normal distribution: an interval holds four fifths."""
_SAME = 1e-3


@dataclass(frozen=True, slots=True)
class Telling:
    """One voice's figure for some days: the natural logarithm of it, and how sharply it is told.

    `log` is minus infinity where it tells that there is none. `spread` is the standard deviation of
    the logarithm by the telling alone. `points` are the figure and its echoes, the figure first.
    """

    log: float
    spread: float
    source: str
    points: tuple[Point, ...]

    @property
    def point(self) -> Point:
        """The figure, as first told of the fewest days."""
        return self.points[0]

    @property
    def is_zero(self) -> bool:
        """Whether it tells that there is none."""
        return self.log == -math.inf

    @property
    def middle(self) -> float:
        """The middle of its days, as an ordinal number of a day."""
        return (self.point.first.toordinal() + self.point.last.toordinal()) / 2


def tellings_of(points: Sequence[Point], settings: Settings) -> tuple[Telling, ...]:
    """Return the tellings of the points of one series, earliest first."""
    ordered = sorted(points, key=lambda point: point.order)
    groups: list[list[Point]] = []
    for point in ordered:
        home = next((group for group in groups if _echoes(point, group[0], settings)), None)
        if home is None:
            groups.append([point])
        else:
            home.append(point)
    found = [_telling(group, settings) for group in groups]
    return tuple(sorted(found, key=lambda telling: (telling.middle, telling.point.order)))


def _echoes(point: Point, first: Point, settings: Settings) -> bool:
    """Tell whether a point repeats an earlier one: the same figure for nearly the same days."""
    gap = (max(point.first, first.first) - min(point.last, first.last)).days
    return (
        gap <= settings.near.echo_days
        and _same(point.low, first.low)
        and _same(point.high, first.high)
    )


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME * max(one, other)


def _telling(group: list[Point], settings: Settings) -> Telling:
    ranked = sorted(group, key=lambda p: (p.last - p.first, p.told, p.order))
    point = ranked[0]
    log, width = _log_of(point, settings)
    spread = math.hypot(width, settings.told[point.hedge])
    # The voice that said it first; who repeats a figure adds no vote of the repeater's own.
    voice = min(group, key=lambda p: (p.told, p.order)).source
    return Telling(log, spread, voice, tuple(ranked))


def _log_of(point: Point, settings: Settings) -> tuple[float, float]:
    """Return the logarithm of the figure and the spread that its interval or open end gives it."""
    low, high = point.low, point.high
    rule = settings.open_end
    if high is None:
        # "At least none" says nothing: the point would not have been made of it.
        return math.log(max(low or 0.0, 1e-12)) + rule.at_least_middle, rule.at_least_spread
    if high <= 0:
        return -math.inf, 0.0
    if not low:
        return math.log(high) + rule.up_to_middle, rule.up_to_spread
    return (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / 2 / _TENTH


def distrusted(tellings: Sequence[Telling], measure: SeriesMeasure, settings: Settings) -> Floats:
    """Return the variance of each telling, grown where it parts from the middle of the others.

    With w the weights of the others (near in time and sharply told weigh most), d the distance from
    their weighted middle, c the part of d that drift would not explain, and n their number by
    Kish's formula: variance = spread² + distrust (1 + n) c d². So two that contradict each other
    are both doubted, until the band holds both, while one against many is doubted alone, and the
    further off it lies the less it pulls.
    """
    rule = settings.pooling
    logs = np.array([telling.log for telling in tellings])
    base = np.array([telling.spread for telling in tellings]) ** 2
    years = np.array([telling.middle for telling in tellings]) / YEAR
    between, drift = settings.between[measure] ** 2, settings.drift[measure] ** 2
    variance = base.copy()
    for at in range(len(tellings)):
        others = np.arange(len(tellings)) != at
        if not others.any():
            continue
        apart = np.abs(years[others] - years[at])
        weight = 1.0 / (between + base[others] + drift * apart)
        weight /= weight.sum()
        distance = _outside(logs[at], logs[others], weight, rule.middle_low, rule.middle_high)
        still = between + base[at]
        moved = rule.movement**2 * drift * float(weight @ apart)
        voices = 1.0 / float(weight @ weight)
        variance[at] += rule.distrust * (1 + voices) * distance**2 * still / (still + moved)
    return variance


def _outside(value: float, others: Floats, weight: Floats, low: float, high: float) -> float:
    """Return how far a value lies outside the weighted middle of others."""
    order = np.argsort(others, kind="stable")
    summed = np.cumsum(weight[order])
    # Rounding must not decide which of two halves is the middle.
    start = others[order][int(np.searchsorted(summed, low - 1e-9))]
    end = others[order][min(int(np.searchsorted(summed, high - 1e-9)), len(others) - 1)]
    return float(max(start - value, value - end, 0.0))
