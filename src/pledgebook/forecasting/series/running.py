"""Running totals: what was handed over, made or used up by one day and by a later one.

Two totals give an interval for what came between. It is never negative: totals do not fall, and
one that lies below an earlier one is stale or wrong, and is named and left out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series.point import Key, Point
from pledgebook.forecasting.series.settings import Settings
from pledgebook.forecasting.series.units import days_of

__all__ = ["RunningTotal", "rates_between"]


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """A total up to a day; the low and high of `point` are amounts, not rates."""

    day: dt.date
    point: Point

    def bounds(self, settings: Settings) -> tuple[float, float]:
        """Return the least and the most; an open end by the rule that the settings state.

        A single figure is as sharp as its digits: 29,820 is 29,815 to 29,825, and 2,000,000 is no
        sharper than half of what "more than" would leave open.
        """
        low, high = self.point.low, self.point.high
        above = settings.open_end.running_above
        if low is None or high is None:
            known = low if low is not None else high or 0.0
            return (known, known * (1 + above)) if high is None else (known / (1 + above), known)
        if low < high:
            return low, high
        half = min(_half_of_last_digit(low), low * above / 2)
        return low - half, high + half

    @property
    def is_sharp(self) -> bool:
        """Whether it is one figure, told to better than half a per cent."""
        low, high = self.point.low, self.point.high
        return low is not None and low == high and _half_of_last_digit(low) < 0.005 * low


def rates_between(
    totals: Sequence[RunningTotal], settings: Settings
) -> tuple[list[Point], list[Caveat]]:
    """Return the rates between successive totals of one thing, and what does not fit or suffice."""
    by_key: dict[Key, list[RunningTotal]] = defaultdict(list)
    for total in totals:
        by_key[total.point.key].append(total)
    points: list[Point] = []
    caveats: list[Caveat] = []
    for key in sorted(by_key):
        rising, fallen = _rising(by_key[key], settings)
        caveats += fallen
        points += _between(rising, settings)
        if len(rising) == 1:
            point = rising[0].point
            caveats.append(
                Caveat(
                    _about(key),
                    f"{point.statements[0]} is a single running total: from when it counts is not "
                    "said, so it tells no rate",
                    "A second total of another day gives the rate between the two",
                )
            )
    return points, caveats


def _rising(
    totals: list[RunningTotal], settings: Settings
) -> tuple[list[RunningTotal], list[Caveat]]:
    """Return the totals that may be one count going up, earliest first, and those that fall."""
    ordered = sorted(
        totals, key=lambda total: (total.day, total.bounds(settings), total.point.order)
    )
    kept: list[RunningTotal] = []
    caveats: list[Caveat] = []
    for total in ordered:
        if kept and total.bounds(settings)[1] < kept[-1].bounds(settings)[0]:
            earlier = kept[-1]
            caveats.append(
                Caveat(
                    _about(total.point.key),
                    f"the running total of {total.day} ({total.point.statements[0]}: "
                    f"{total.bounds(settings)[1]:,.0f}) lies below that of {earlier.day} "
                    f"({earlier.point.statements[0]}: {earlier.bounds(settings)[0]:,.0f}); "
                    "the lower is left out, since nothing is handed back",
                    "See which of the two is right, or whether they count the same",
                )
            )
        else:
            kept.append(total)
    return kept, caveats


def _between(totals: Sequence[RunningTotal], settings: Settings) -> list[Point]:
    points = []
    start = 0
    for at in range(1, len(totals)):
        days = (totals[at].day - totals[start].day).days
        if days < settings.near.least_between_days:
            continue
        points.append(_rate(totals[start], totals[at], settings))
        start = at
    return points


def _rate(earlier: RunningTotal, later: RunningTotal, settings: Settings) -> Point:
    first = earlier.day + dt.timedelta(days=1)
    days = days_of(first, later.day)
    begun, ended = earlier.bounds(settings), later.bounds(settings)
    low, high = max(0.0, ended[0] - begun[1]), max(0.0, ended[1] - begun[0])
    if earlier.is_sharp and later.is_sharp and earlier.point.low == later.point.low:
        low = high = 0.0
    ids = (*earlier.point.statements, *later.point.statements)
    return replace(
        later.point,
        # No rise that is certain: all that is known is how much it was at most.
        low=low / days if low > 0 or high == 0 else None,
        high=high / days,
        first=first,
        last=later.day,
        told=max(earlier.point.told, later.point.told),
        statements=ids,
        says=f"{earlier.point.says} … {later.point.says}",
        complete=earlier.point.complete and later.point.complete,
    )


def _half_of_last_digit(amount: float) -> float:
    """Return half the worth of the last digit that is not a zero."""
    if amount <= 0 or amount != int(amount):
        return 0.0
    worth = 1
    while int(amount) % (worth * 10) == 0:
        worth *= 10
    return worth / 2


def _about(key: Key) -> str:
    to = f" to {key.recipient}" if key.recipient else ""
    return f"{key.measure.value} of {key.item} by {', '.join(key.parties)}{to}"
