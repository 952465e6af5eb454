"""Targets, matched to what was reached: by the day, late, not yet, or not known.

A target is reached when a source tells of output at its level. When that was is known only to lie
between two tellings; where no later telling reaches it, it lies after the last one that falls
short. The same level promised anew for a later day is the same target, slipped: its tellings make
a chain.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pledgebook.forecasting.series.point import Key, Nature, Point
from pledgebook.forecasting.series.settings import Settings

__all__ = ["Target", "targets_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """One telling of a target: so much a day by a day.

    `chain` names the target through all its tellings: the statement that told it first. `told_in`
    is the number of tellings with another day or level in that chain, `at` this one's place among
    them. `short_on` is the last day on which the level is known to have been below, None where
    nothing was told since; `reached_by` the first on which it is known to have been reached.
    """

    point: Point
    level: float
    due: dt.date | None
    chain: str
    at: int = 0
    told_in: int = 1
    short_on: dt.date | None = None
    reached_by: dt.date | None = None

    @property
    def id(self) -> str:
        """The statement that tells it."""
        return self.point.statements[0]

    @property
    def told(self) -> dt.date:
        """The day it was told."""
        return self.point.told

    @property
    def is_latest(self) -> bool:
        """Whether it is the newest word on this level."""
        return self.at == self.told_in - 1

    @property
    def was_met_when_told(self) -> bool:
        """Whether the level had been reached before the target was told."""
        return self.reached_by is not None and self.reached_by <= self.told

    def horizon(self, settings: Settings) -> float | None:
        """Return how many days it was to take; None where no day ahead was named."""
        if self.due is None or self.due <= self.told:
            return None
        return float(max((self.due - self.told).days, settings.near.least_horizon_days))

    def slip(self, settings: Settings) -> tuple[float, float] | None:
        """Return between which slips it was reached (1 is on the day), infinity for not yet.

        None where nothing can be learned: no day named, reached already, or nothing told since.
        """
        days = self.horizon(settings)
        if days is None or self.was_met_when_told:
            return None
        if self.reached_by is None and self.short_on is None:
            return None
        low = (self.short_on - self.told).days / days if self.short_on else 0.0
        high = (self.reached_by - self.told).days / days if self.reached_by else math.inf
        # Nothing is learned of a target on the day it is told.
        return None if low <= 0 and high == math.inf else (max(low, 0.0), high)


def targets_of(series: Mapping[Key, Sequence[Point]], settings: Settings) -> tuple[Target, ...]:
    """Return every target among these points with what became of it, in order of telling."""
    found: list[Target] = []
    for key in sorted(series):
        if key.nature is not Nature.TARGET:
            continue
        by_aim: dict[Nature, list[Point]] = defaultdict(list)
        for point in series[key]:
            by_aim[point.aims_at].append(point)
        for aims_at in sorted(by_aim):
            told = _tellings_that_count(by_aim[aims_at])
            levels = list(series.get(replace(key, nature=Nature.ACTUAL), ()))
            if aims_at is Nature.CAPACITY:
                levels += series.get(replace(key, nature=Nature.CAPACITY), ())
            for chain in _chains(told, settings):
                found += [_matched(target, levels, settings) for target in chain]
    return tuple(sorted(found, key=lambda target: (target.told, target.point.order)))


def _tellings_that_count(points: Iterable[Point]) -> list[Point]:
    """Return the first telling of each level and day; later ones of both repeat it."""
    first: dict[tuple[float, dt.date | None], Point] = {}
    for point in sorted(points, key=lambda point: (point.told, point.order)):
        first.setdefault((round(_level(point), 9), point.due), point)
    return [point for point in first.values() if _level(point) > 0]


def _level(point: Point) -> float:
    """Return the level that counts as reached: the low end, or the most where there is no low."""
    return (point.high or 0.0) if point.low is None else point.low


def _chains(points: Sequence[Point], settings: Settings) -> list[list[Target]]:
    """Put the tellings of one level together; they come in order of telling."""
    chains: list[list[Point]] = []
    for point in points:
        level = _level(point)
        for chain in chains:
            ratio = level / _level(chain[0])
            if 1 / settings.near.same_target <= ratio <= settings.near.same_target:
                chain.append(point)
                break
        else:
            chains.append([point])
    return [
        [
            Target(point, _level(point), point.due, chain[0].statements[0], at, len(chain))
            for at, point in enumerate(chain)
        ]
        for chain in chains
    ]


def _matched(target: Target, levels: Sequence[Point], settings: Settings) -> Target:
    """Return the target with the days between which it was reached."""
    enough = target.level * (1 - settings.near.reached_tolerance)
    reached = [p.last for p in levels if p.low is not None and p.low >= enough]
    reached_by = min(reached, default=None)
    short = [
        p.middle
        for p in levels
        if p.high is not None
        and p.high < enough
        and p.middle >= target.told
        and (reached_by is None or p.middle < reached_by)
    ]
    return replace(target, reached_by=reached_by, short_on=max(short, default=None))
