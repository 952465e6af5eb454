"""What targets are worth: the chance of each, and the ramp of output that may come of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.forecasting.forecast import Caveat, Floats
from pledgebook.forecasting.series.series import Series
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.forecasting.series.slips import SlipModel
from pledgebook.forecasting.series.targets import Target

__all__ = ["ProductionOutlook", "Ramp", "TargetOutlook", "production_outlook", "target_outlook"]

_TENTH = 1.2815515655446004
_SLIPS = np.geomspace(0.01, 100.0, 160)
_MOST_DAYS = 365.25 * 30
_LEAST_DELAY = 7.0
_LEAST_SD, _MOST_SD = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """A target that is not known to be reached, as of a day.

    `by_due` is the chance that it is met by its day, `never` that it is never. `p10`, `p50` and
    `p90` are the days by which it is met with that chance, None where it never comes to that. The
    delay from `as_of` is lognormal where it is met at all, in days.
    """

    target: Target
    as_of: dt.date
    by_due: float
    never: float
    p10: dt.date | None
    p50: dt.date | None
    p90: dt.date | None
    delay_log_median: float
    delay_log_sd: float
    _days: Floats
    _chances: Floats

    def by(self, days: Sequence[dt.date]) -> Floats:
        """Return the chance to be met by the end of each day (days,)."""
        since = np.array([(day - self.target.told).days for day in days], dtype=float)
        return np.asarray(np.interp(since, self._days, self._chances), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A rise of output that is promised: to which rate, after how long, or never.

    The rate is per day and lognormal; the delay is in days from `as_of` and lognormal, where it
    comes at all.
    """

    rate_log_median: float
    rate_log_sd: float
    delay_log_median: float
    delay_log_sd: float
    never: float
    target: TargetOutlook

    @property
    def statement(self) -> str:
        """The statement that promises it."""
        return self.target.target.id


@dataclass(frozen=True, slots=True)
class ProductionOutlook:
    """Output as of a day: the rate now, per day and lognormal, and the ramps, lowest first.

    The rate is None where no output was ever told, or none is made: it is then unknown or zero, as
    the caveats say, and only ramps can be told of.
    """

    series: str | None
    as_of: dt.date
    rate_log_median: float | None
    rate_log_sd: float | None
    idle: bool
    ramps: tuple[Ramp, ...]
    caveats: tuple[Caveat, ...]


def target_outlook(
    target: Target, slips: SlipModel, as_of: dt.date, settings: Settings | None = None
) -> TargetOutlook | None:
    """Return what a target is worth on a day; None where it is reached, or has no day to slip from.

    What is known is that it had not been reached on the last day that output was told to fall
    short; since then it may have been, without a report.
    """
    settings = settings or load_settings()
    horizon = target.horizon(settings)
    if horizon is None or target.reached_by is not None or target.due is None:
        return None
    beyond = max((target.short_on - target.told).days / horizon, 0.0) if target.short_on else 0.0
    slipped = beyond + _SLIPS
    parties = target.point.key.parties
    chances, never = slips.chances(parties, slipped, beyond)
    days = np.concatenate(([beyond], slipped)) * horizon
    chances = np.concatenate(([0.0], chances))
    due = float(np.interp((target.due - target.told).days, days, chances))
    waited = float((as_of - target.told).days)
    median, spread = _delay(days, chances, waited)
    p10, p50, p90 = (_day(target.told, days, chances, share) for share in (0.1, 0.5, 0.9))
    return TargetOutlook(target, as_of, due, never, p10, p50, p90, median, spread, days, chances)


def _delay(days: Floats, chances: Floats, waited: float) -> tuple[float, float]:
    """Return the lognormal delay from now on, where it is met at all, by its 50 and 90 % points.

    The early part may lie in the past: the upper half is what is still to be waited for. Where even
    half of it does, the delay is as short and as wide as it gets.
    """
    ever = chances / chances[-1]
    middle, high = (
        math.log(max(float(np.interp(share, ever, days)) - waited, _LEAST_DELAY))
        for share in (0.5, 0.9)
    )
    return middle, min(max((high - middle) / _TENTH, _LEAST_SD), _MOST_SD)


def _day(told: dt.date, days: Floats, chances: Floats, share: float) -> dt.date | None:
    if chances[-1] < share:
        return None
    after = float(np.interp(share, chances, days))
    return told + dt.timedelta(days=math.ceil(after)) if after < _MOST_DAYS else None


def production_outlook(
    actual: Series | None, targets: Sequence[TargetOutlook], as_of: dt.date
) -> ProductionOutlook:
    """Return the rate of output on a day and the ramps that targets promise.

    Of each target only the newest telling counts. One that lies below the rate of today, or that a
    newer plan overtakes (a level no higher for a day no earlier), makes no ramp and is named.
    """
    caveats: list[Caveat] = []
    median = spread = None
    idle = False
    if actual is None:
        about = _about(targets)
        caveats.append(Caveat(about, "no source tells of any output: it is unknown, not zero"))
    else:
        caveats += actual.caveats
        levels = actual.at([as_of])
        idle = bool(levels.idle[0])
        if idle:
            caveats.append(Caveat(actual.about, "the newest word is that none is made", said=True))
        else:
            median, spread = float(levels.log_median[0]), float(levels.log_sd[0])
    ramps = []
    for outlook in sorted(targets, key=lambda one: (one.target.level, one.target.id)):
        why = _dropped(outlook, targets, median)
        if why is None:
            ramps.append(_ramp(outlook, spread))
        else:
            about = f"the target of {outlook.target.due}"
            caveats.append(Caveat(about, f"{outlook.target.id} makes no ramp: {why}", said=True))
    rising, overtaken = _rising(ramps)
    caveats += overtaken
    return ProductionOutlook(
        actual.id if actual else None, as_of, median, spread, idle, rising, tuple(caveats)
    )


def _rising(ramps: Sequence[Ramp]) -> tuple[tuple[Ramp, ...], list[Caveat]]:
    """Return the ramps, lowest first, without those that a higher one is likely to overtake."""
    kept: list[Ramp] = []
    caveats = []
    for ramp in reversed(ramps):
        if kept and ramp.delay_log_median >= kept[-1].delay_log_median:
            about = f"the target of {ramp.target.target.due}"
            why = f"a higher target ({kept[-1].statement}) is likely to be met no later"
            caveats.append(Caveat(about, f"{ramp.statement} makes no ramp: {why}", said=True))
        else:
            kept.append(ramp)
    return tuple(reversed(kept)), caveats


def _dropped(
    outlook: TargetOutlook, targets: Sequence[TargetOutlook], now: float | None
) -> str | None:
    """Return why a target makes no ramp, None where it does."""
    target = outlook.target
    if not target.is_latest:
        return "the same level was promised anew"
    if now is not None and math.log(target.level) <= now:
        return "output is put at no less today"
    for other in targets:
        newer = other.target
        if (
            newer.told > target.told
            and newer.level <= target.level
            and newer.due is not None
            and target.due is not None
            and newer.due >= target.due
        ):
            return f"the newer plan of {newer.id} wants no more, and no earlier"
    return None


def _ramp(outlook: TargetOutlook, spread: float | None) -> Ramp:
    """Return the ramp of a target: its level is as sure as its interval, and as output is told."""
    point = outlook.target.point
    width = 0.0
    if point.low and point.high:
        width = (math.log(point.high) - math.log(point.low)) / (2 * _TENTH)
    level = math.log(outlook.target.level) + width * _TENTH
    return Ramp(
        level,
        math.hypot(width, spread or 0.0),
        outlook.delay_log_median,
        outlook.delay_log_sd,
        outlook.never,
        outlook,
    )


def _about(targets: Sequence[TargetOutlook]) -> str:
    for outlook in targets:
        key = outlook.target.point.key
        return f"production of {key.item} by {' and '.join(key.parties)}"
    return "production"
