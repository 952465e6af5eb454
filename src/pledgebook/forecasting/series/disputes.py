"""Figures of one time that do not meet: shown with both statements, never averaged in silence."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series.pooling import Telling
from pledgebook.forecasting.series.settings import Settings

__all__ = ["disputes", "ends_of"]


def ends_of(telling: Telling) -> tuple[float, float]:
    """Return the least and the most that a telling allows; an open end allows everything."""
    low, high = telling.point.low, telling.point.high
    return (0.0 if low is None else low), (float("inf") if high is None else high)


def disputes(tellings: Sequence[Telling], about: str, settings: Settings) -> list[Caveat]:
    """Return a caveat for each time at which tellings contradict each other.

    `tellings` come earliest first. Those of one time are named by the two that lie furthest apart.
    """
    found = []
    rest = list(tellings)
    while rest:
        first = rest[0]
        near = [one for one in rest if _same_time(first, one, settings)]
        least = min(near, key=lambda one: (ends_of(one)[1], one.point.order))
        most = max(near, key=lambda one: (ends_of(one)[0], one.point.order))
        if ends_of(most)[0] > ends_of(least)[1] * settings.near.parts_by:
            found.append(_caveat(least, most, about))
            rest = [one for one in rest if one not in near]
        else:
            rest.remove(first)
    return found


def _same_time(one: Telling, other: Telling, settings: Settings) -> bool:
    """Tell whether two speak of the same time: their middles are near, whatever their spans."""
    return abs(one.middle - other.middle) <= settings.near.same_time_days


def _caveat(least: Telling, most: Telling, about: str) -> Caveat:
    says = " and ".join(
        f"{one.point.speaker or one.source} “{' '.join(one.point.says.split())}” "
        f"({one.point.statements[0]})"
        for one in (least, most)
    )
    if least.point.document == most.point.document:
        return Caveat(
            about,
            f"one document gives figures that part, perhaps of different things: {says}",
            "Name the items more closely in the statements",
            said=True,
        )
    return Caveat(
        about,
        f"sources contradict each other for about {most.point.middle}: {says}; the band is wide "
        "enough for what they allow",
        "Say in a judgement which of them is wrong, if that is known",
        said=True,
    )
