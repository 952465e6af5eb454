"""The points of a series in a picture: figures with their days, ends and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from pledgebook.forecasting.series import Hedge, Nature, Point
from pledgebook.reporting.chart_style import EMPTY, MONTHS, days_scale, level_axis, rows
from pledgebook.reporting.forecast_figures import Scale
from pledgebook.reporting.plain import one_line

__all__ = ["HEIGHT", "HUE", "LOOKS", "WIDTH", "Axes", "Drawn", "draw_numbers", "draw_points"]

HUE = "#1b5e8c"
"""The colour of what is actual, and of the band."""

LOOKS: Mapping[Nature, tuple[str, str, str]] = {
    Nature.ACTUAL: (HUE, "circle", "circles:"),
    Nature.CAPACITY: ("#6b4a94", "square", "squares:"),
    Nature.TARGET: ("#a8481f", "diamond", "diamonds:"),
    Nature.REQUIREMENT: ("#2a7f74", "triangle-up", "triangles:"),
}
"""The colour, the shape and the name of the shape of each nature."""

_HEDGED = frozenset({Hedge.ESTIMATE, Hedge.CLAIM, Hedge.TENTATIVE})
WIDTH = 760
HEIGHT = 300
_LABEL_ROOM = 15.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A point as it is drawn: its number, its level in the axis' period, and its looks."""

    number: int
    point: Point
    low: float | None
    high: float | None

    @property
    def level(self) -> float:
        """Where it stands: the middle of its ends, or the one that there is."""
        ends = [one for one in (self.low, self.high) if one is not None]
        return sum(ends) / len(ends)

    @property
    def nature(self) -> Nature:
        """What sort of figure it is."""
        return self.point.key.nature


@dataclass(frozen=True, slots=True)
class Axes:
    """The days and levels that the picture spans."""

    first: dt.date
    last: dt.date
    ticks: tuple[float, ...]
    scale: Scale

    def x(self, name: str = "day") -> alt.X:
        """Return the axis of the days, by the field of that name."""
        axis = alt.Axis(grid=False, labelExpr=MONTHS)
        return alt.X(f"{name}:T", title=None, scale=days_scale(self.first, self.last), axis=axis)

    def y(self, name: str) -> alt.Y:
        """Return the axis of the levels, from zero, by the field of that name."""
        scale = alt.Scale(domain=[0, self.ticks[-1]], nice=False, zero=True)
        return alt.Y(f"{name}:Q", scale=scale, axis=level_axis(self.ticks, self.scale.size))

    def pixel(self, day: dt.date, level: float) -> tuple[float, float]:
        """Return where a point stands, in pixels from the upper left."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return share * WIDTH, HEIGHT * (1 - min(level / self.ticks[-1], 1.0))


def draw_points(told: Sequence[Drawn], nature: Nature, axes: Axes) -> list[alt.Chart]:
    """Return the points of a nature: their days and ends as lines, hollow where they are hedged."""
    its = [one for one in told if one.nature is nature]
    if not its:
        return []
    hue, shape, _ = LOOKS[nature]
    data = rows([_row(one) for one in its])
    x, y = axes.x(), axes.y("level")
    tooltip = [alt.Tooltip("told:N", title="told"), alt.Tooltip("says:N", title="words")]
    base = alt.Chart(data)
    return [
        base.mark_rule(color=hue, opacity=0.5, strokeWidth=1.5, clip=True).encode(
            x=axes.x("first"), x2="last:T", y=y
        ),
        base.mark_rule(color=hue, opacity=0.8, strokeWidth=1.5, clip=True).encode(
            x=x, y=axes.y("low"), y2="high:Q"
        ),
        base.mark_point(
            shape=shape, size=62, color=hue, strokeWidth=1.6, opacity=1, clip=True
        ).encode(
            x=x,
            y=y,
            fill=alt.condition("datum.hedged", alt.value("white"), alt.value(hue)),
            tooltip=tooltip,
        ),
    ]


def _row(one: Drawn) -> dict[str, Any]:
    point = one.point
    level = one.level
    return {
        "day": point.middle.isoformat(),
        "first": point.first.isoformat(),
        "last": point.last.isoformat(),
        "level": level,
        "low": level if one.low is None else one.low,
        "high": level if one.high is None else one.high,
        "hedged": point.hedge in _HEDGED or one.low is None or one.high is None,
        "told": f"{one.number}: {one_line(point.source)}, {point.told.isoformat()}",
        "says": one_line(point.says),
        "statements": list(point.statements),
    }


def draw_numbers(told: Sequence[Drawn], axes: Axes) -> list[alt.Chart]:
    """Return the numbers of the points beside them, moved apart where they would touch."""
    placed: list[tuple[float, float]] = []
    layers = []
    for one in told:
        x, y = axes.pixel(one.point.middle, one.level)
        x, y = x + 8, y - 8
        while any(abs(x - a) < _LABEL_ROOM and abs(y - b) < _LABEL_ROOM - 3 for a, b in placed):
            y -= 4
        placed.append((x, y))
        layers.append(
            alt.Chart(EMPTY).mark_text(
                text=str(one.number), x=x, y=y, align="left", baseline="middle",
                color=LOOKS[one.nature][0], fontSize=11, fontWeight="bold",
            )
        )  # fmt: skip
    return layers
