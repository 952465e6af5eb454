"""One panel of a forecast's picture: the fan of one measure under one scenario."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from pledgebook.forecasting.forecast import Band, Forecast, Measure, Outlook
from pledgebook.ledger.wording import units
from pledgebook.reporting.chart_style import (
    EMPTY,
    MONTHS,
    QUIET,
    as_of_rule,
    days_scale,
    level_axis,
    rows,
)
from pledgebook.reporting.forecast_figures import FLOWS, Scale, percent, spread_at
from pledgebook.reporting.forecast_words import SHORT_TITLES, TITLES, assumed, run_dry_cells
from pledgebook.reporting.plain import one_line

__all__ = ["Panel", "draw_panel"]

_HUES = {
    Measure.STOCK: "#1b5e8c",
    Measure.DAYS_OF_SUPPLY: "#2a7f74",
    Measure.GAP: "#a8481f",
    Measure.NEEDED: "#6b4a94",
    Measure.ARRIVALS: "#3f6b3a",
}
_OTHER_HUE = "#4a5a6a"
_WARNING = "#9b1c1c"
_HEIGHT = 190
_AS_OF_ROOM = 20
_APART = 13.0
"""Pixels that labels below each other keep between their lines."""
_TOLD = {"median": "median", "p10": "1 of 10 below", "p90": "9 of 10 below"}


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel is drawn with.

    `alone` says that there is one scenario, so that there is room for words; `first` that it
    stands in the first row, where the as-of day is named.
    """

    forecast: Forecast
    outlook: Outlook
    measure: Measure
    scale: Scale
    ticks: tuple[float, ...]
    width: int
    alone: bool
    first: bool


def draw_panel(panel: Panel) -> alt.Chart | alt.LayerChart:
    """Return the panel drawn; where the measure cannot be said, its place says so."""
    return _fan(panel) if panel.measure in panel.outlook.bands else _unsaid(panel)


def _unsaid(panel: Panel) -> alt.Chart:
    """Return the place of a panel under a scenario of which the measure cannot be said."""
    place: alt.Chart = (
        alt.Chart(EMPTY)
        .mark_text(text="cannot be said", x=panel.width / 2, y=_HEIGHT / 2, color=QUIET)
        .properties(width=panel.width, height=_HEIGHT, title=_title(panel))
    )
    return place


def _fan(panel: Panel) -> alt.LayerChart:
    band = panel.outlook.bands[panel.measure]
    hue = _HUES.get(panel.measure, _OTHER_HUE)
    data = rows(_values(panel, band))
    x = alt.X(
        "day:T",
        title=None,
        scale=days_scale(panel.forecast.days[0], panel.forecast.days[-1]),
        axis=alt.Axis(
            labelExpr=MONTHS,
            tickCount={"interval": "month", "step": _months_between_ticks(panel)},
            grid=False,
        ),
    )
    y_scale = alt.Scale(domain=[0, panel.ticks[-1]], nice=False, zero=True)
    axis = level_axis(panel.ticks, panel.scale.size)
    base = alt.Chart(data)
    tooltip = [
        alt.Tooltip("day:T", title="day", formatType="utc", format="%d %b %Y"),
        *(alt.Tooltip(f"{name}:Q", title=title, format=",.3~r") for name, title in _TOLD.items()),
    ]

    def area(low: str, high: str, opacity: float) -> alt.Chart:
        found: alt.Chart = base.mark_area(color=hue, opacity=opacity, clip=True).encode(
            x=x, y=alt.Y(f"{low}:Q", scale=y_scale, axis=axis), y2=f"{high}:Q", tooltip=tooltip
        )
        return found

    layers: list[alt.Chart | alt.LayerChart] = [
        area("p10", "p90", 0.22),
        area("p25", "p75", 0.38),
        base.mark_line(color=hue, strokeWidth=2.4, clip=True).encode(
            x=x, y=alt.Y("median:Q", scale=y_scale, axis=axis), tooltip=tooltip
        ),
        *as_of_rule(panel.forecast.as_of, x, named=panel.first, left=False),
        *_end_labels(panel, band, hue),
        *_run_dry(panel, x, alt.Y("zero:Q", scale=y_scale, axis=axis)),
    ]
    layered = alt.LayerChart(layer=layers)
    return layered.properties(width=panel.width, height=_HEIGHT, title=_title(panel))


def _title(panel: Panel) -> alt.TitleParams:
    measure, forecast = panel.measure, panel.forecast
    title = TITLES[measure].format(step=forecast.step) if panel.alone else SHORT_TITLES[measure]
    if measure is not Measure.DAYS_OF_SUPPLY:
        title += f", {panel.scale.of(units(forecast.unit))}"
    if assumed(forecast, measure):
        title += " (rests on assumptions)" if panel.alone else " *"
    dry = _dry_words(panel)
    offset = _AS_OF_ROOM if panel.first else 8
    if panel.alone:
        return alt.TitleParams(
            title, subtitle=dry or alt.Undefined, subtitleColor=_WARNING, offset=offset
        )
    lines = textwrap.wrap(title, max(panel.width // 7, 20)) + dry
    return alt.TitleParams(one_line(panel.outlook.scenario), subtitle=lines, offset=offset)


def _dry_words(panel: Panel) -> list[str]:
    dry = panel.outlook.run_dry
    if dry is None or panel.measure is not Measure.STOCK:
        return []
    middle, span = run_dry_cells(panel.forecast, dry)
    by = f"dry by the end: {percent(1 - dry.never)}"
    if not panel.alone:
        return [by]
    when = f"Runs dry: {middle}" + (f", 8 of 10 draws {span} (red bar)" if span else "")
    return [f"{when}; {by}"]


def _values(panel: Panel, band: Band) -> list[dict[str, Any]]:
    """Return the steps: a flow stands in its middle, a level at its end."""
    days = panel.forecast.days
    found = []
    for step in range(panel.forecast.steps):
        day = days[step + 1]
        if panel.measure in FLOWS:
            day = days[step] + (days[step + 1] - days[step]) / 2
        quantiles = (band.p10, band.p25, band.p50, band.p75, band.p90)
        names = ("p10", "p25", "median", "p75", "p90")
        told = {name: float(one[step]) for name, one in zip(names, quantiles, strict=True)}
        # JSON has no number for what is without end.
        kept = {name: one if math.isfinite(one) else None for name, one in told.items()}
        found.append({"day": _iso(day), **kept})
    return found


def _months_between_ticks(panel: Panel) -> int:
    months = (panel.forecast.days[-1] - panel.forecast.days[0]).days / 30.4
    room = panel.width / 52
    return next((n for n in (1, 2, 3, 6, 12, 24) if months / n <= room), 60)


def _end_labels(panel: Panel, band: Band, hue: str) -> list[alt.Chart]:
    """Return what the fan comes to at its end, beside it, the labels never over each other."""
    spread = spread_at(band, -1, panel.scale.size)
    told = [
        ("9 of 10 below", spread.high, float(band.p90[-1])),
        ("median", spread.middle, float(band.p50[-1])),
        ("1 of 10 below", spread.low, float(band.p10[-1])),
    ]
    shown = told[1:2] if spread.sure else told
    heights = _apart([_pixel(value, panel) for _, _, value in shown])
    return [
        alt.Chart(EMPTY).mark_text(
            text=f"{word} {figure}" if panel.alone else figure,
            align="left",
            baseline="middle",
            x=panel.width + 6,
            y=height,
            color=hue,
            fontSize=11,
            fontWeight="bold" if word == "median" else "normal",
        )
        for (word, figure, _), height in zip(shown, heights, strict=True)
    ]


def _pixel(value: float, panel: Panel) -> float:
    share = min(max(value / panel.ticks[-1], 0.0), 1.0) if math.isfinite(value) else 0.0
    return _HEIGHT * (1 - share)


def _apart(heights: Sequence[float]) -> list[float]:
    """Move labels, the highest first, so that none lies on another or below the axis."""
    found: list[float] = []
    for place, height in enumerate(heights):
        least = found[-1] + _APART if found else 0.0
        most = _HEIGHT - _APART * (len(heights) - 1 - place)
        found.append(min(max(height, least), max(most, least)))
    return found


def _run_dry(panel: Panel, x: alt.X, zero: alt.Y) -> list[alt.Chart]:
    """Return the steps in which the stock runs dry, on the zero of its panel."""
    dry = panel.outlook.run_dry
    if dry is None or panel.measure is not Measure.STOCK or dry.p10 is None:
        return []
    end = panel.forecast.days[-1] if dry.p90 is None else _step(panel.forecast, dry.p90)[1]
    row = {"day": _iso(dry.p10), "to": _iso(end), "zero": 0}
    base = alt.Chart(rows([row]))
    layers = [
        base.mark_rule(color=_WARNING, strokeWidth=5, opacity=0.55, clip=True).encode(
            x=x, x2="to:T", y=zero
        )
    ]
    if dry.p50 is not None:
        first, after = _step(panel.forecast, dry.p50)
        point = alt.Chart(rows([{"day": _iso(first + (after - first) / 2), "zero": 0}]))
        layers.append(
            point.mark_tick(color=_WARNING, thickness=3, size=16, orient="vertical").encode(
                x=x, y=zero
            )
        )
    return layers


def _step(forecast: Forecast, first: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first day of the step that begins on a day, and the day after its last."""
    place = min(bisect_right(forecast.days, first), forecast.steps)
    return first, forecast.days[place]


def _iso(day: dt.date) -> str:
    return day.isoformat()
