"""Fans and told figures as Vega-Lite descriptions, with the data in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from pledgebook.forecasting.forecast import Forecast, Measure, Outlook
from pledgebook.forecasting.series import Series
from pledgebook.ledger.wording import units
from pledgebook.reporting.series_cells import each
from pledgebook.vocabulary.statement import Per
from pledgebook.web.balance.fans import Row, fan_rows, finite, in_words, milliseconds
from pledgebook.web.balance.points import Figure

__all__ = [
    "CHARTED",
    "colour_of",
    "fan_chart",
    "level_chart",
    "marks_of",
]

Spec = dict[str, Any]

CHARTED = (
    Measure.STOCK,
    Measure.DAYS_OF_SUPPLY,
    Measure.GAP,
    Measure.ARRIVALS,
    Measure.OUTPUT,
    Measure.USE,
    Measure.WANTED,
    Measure.NEEDED,
)
"""What is drawn, as far as it can be said, in this order."""
_COLOURS = {
    Measure.STOCK: "token:--pledged",
    Measure.DAYS_OF_SUPPLY: "token:--accent",
    Measure.GAP: "token:--refused",
    Measure.ARRIVALS: "token:--delivered",
    Measure.OUTPUT: "token:--on-order",
    Measure.USE: "token:--asked",
    Measure.WANTED: "token:--asked",
    Measure.NEEDED: "token:--considered",
}
_MOST_FIGURES = 400
_LEVEL_STEPS = 120
_SHARES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_BACK = dt.timedelta(days=548)
"""Figures that are older stand in the tables and not in the chart, or the fan would be a sliver."""
_X: Row = {
    "field": "day",
    "type": "temporal",
    "title": None,
    "scale": {"type": "utc", "padding": 10},
    "axis": {"format": "%b %Y", "grid": False, "labelOverlap": True, "tickCount": 6},
}


def fan_chart(
    forecast: Forecast,
    outlook: Outlook,
    measure: Measure,
    told: Sequence[Figure],
    due: Sequence[Row] = (),
) -> Spec:
    """Return the fan of a measure with the figures that it rests on drawn in.

    `due` are promised goods, marked on the axis on the day on which they are expected. What was
    told more than a year and a half before the forecast is left to the tables.
    """
    hue = colour_of(measure)
    drawn = [one for one in told if one.last >= forecast.as_of - _BACK][-_MOST_FIGURES:]

    unit = "days" if measure is Measure.DAYS_OF_SUPPLY else units(forecast.unit)

    def y(field: str) -> Row:
        return _level_axis(field, unit)

    dots = {
        "type": "point",
        "filled": True,
        "size": 42,
        "color": hue,
        "opacity": 1,
        "cursor": "pointer",
    }
    layers = [
        *_bands(hue, y),
        {
            "data": {"values": [{"day": milliseconds(forecast.as_of)}]},
            "mark": {"type": "rule", "color": "token:--quiet", "strokeDash": [4, 3]},
            "encoding": {"x": _X},
        },
        {
            "data": {"name": "fan"},
            "name": "steps",
            "mark": dots,
            "encoding": {"x": _X, "y": y("median"), "tooltip": _TOOLTIP},
        },
    ]
    datasets: dict[str, list[Row]] = {"fan": fan_rows(forecast, outlook, measure)}
    if not any(row[name] for row in datasets["fan"] for name in ("p90", "median")):
        # Nothing but zeros gives an axis no scale: it goes up to one at least.
        least = {"day": milliseconds(forecast.as_of), "least": 1}
        layers.append(
            {
                "data": {"values": [least]},
                "mark": {"type": "point", "opacity": 0, "size": 0, "tooltip": None},
                "encoding": {"x": _X, "y": y("least")},
            }
        )
    if drawn:
        datasets["told"] = [_told_row(one) for one in drawn]
        layers += _told_layers(y)
    if due:
        datasets["due"] = [*due]
        layers.append(_due_layer(y))
    return {
        "$schema": _SCHEMA,
        "description": in_words(forecast, outlook, measure, len(drawn)),
        "width": "container",
        "height": 240,
        "datasets": datasets,
        "layer": layers,
    }


def _level_axis(field: str, unit: str) -> Row:
    scale = {"zero": True, "nice": True}
    axis = {"format": "~s", "tickCount": 5}
    return {"field": field, "type": "quantitative", "title": unit, "scale": scale, "axis": axis}


def _bands(hue: str, y: Callable[[str], Row]) -> list[Spec]:
    """Return a fan: 8 of 10 draws light, half of them dark, the median as a line."""

    def area(low: str, high: str, opacity: float) -> Spec:
        mark = {"type": "area", "color": hue, "opacity": opacity, "clip": True}
        encoding = {"x": _X, "y": y(low), "y2": {"field": high}}
        return {"data": {"name": "fan"}, "mark": mark, "encoding": encoding}

    line = {"type": "line", "color": hue, "strokeWidth": 2.4}
    return [
        area("p10", "p90", 0.22),
        area("p25", "p75", 0.34),
        {"data": {"name": "fan"}, "mark": line, "encoding": {"x": _X, "y": y("median")}},
    ]


_TOOLTIP: Row = {"field": "says", "type": "nominal"}


def _told_layers(y: Callable[[str], Row]) -> list[Spec]:
    """Return the told figures: their days and their ends as lines, hollow where they are hedged."""
    ink = "token:--ink"
    fill = {
        "condition": {"test": "datum.hedged", "value": "token:--card"},
        "value": ink,
    }
    data = {"name": "told"}
    first = {**_X, "field": "first"}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": ink, "opacity": 0.5, "clip": True},
            "encoding": {"x": first, "x2": {"field": "last"}, "y": y("level")},
        },
        {
            "data": data,
            "mark": {"type": "rule", "color": ink, "opacity": 0.7, "clip": True},
            "encoding": {"x": _X, "y": y("low"), "y2": {"field": "high"}},
        },
        {
            "data": data,
            "name": "figures",
            "mark": {
                "type": "point", "shape": "diamond", "size": 90, "stroke": ink, "strokeWidth": 1.6,
                "opacity": 1, "cursor": "pointer",
            },
            "encoding": {"x": _X, "y": y("level"), "fill": fill, "tooltip": _TOOLTIP},
        },
    ]  # fmt: skip


def _due_layer(y: Callable[[str], Row]) -> Spec:
    return {
        "data": {"name": "due"},
        "name": "due",
        "mark": {
            "type": "point", "shape": "triangle-up", "size": 110, "filled": True, "opacity": 0.85,
            "color": "token:--on-order", "cursor": "pointer",
        },
        "encoding": {"x": _X, "y": y("level"), "tooltip": _TOOLTIP},
    }  # fmt: skip


def colour_of(measure: Measure) -> str:
    """Return the colour of a measure, as the name of a token."""
    return _COLOURS[measure]


def _told_row(one: Figure) -> Row:
    level = one.level
    return {
        "day": milliseconds(one.day),
        "first": milliseconds(one.first),
        "last": milliseconds(one.last),
        "level": level,
        "low": level if one.low is None else one.low,
        "high": level if one.high is None else one.high,
        "hedged": one.hedged,
        "says": f"{one.speaker}, told {one.told}: “{one.words}” ({one.figure})",
        "href": one.link,
    }


def marks_of(spec: Spec) -> int:
    """Return how many marks a chart draws: each row of each layer once."""
    sizes = {name: len(rows) for name, rows in spec["datasets"].items()}
    return sum(
        sizes[layer["data"]["name"]] if "name" in layer["data"] else len(layer["data"]["values"])
        for layer in spec["layer"]
    )


def level_chart(series: Series, figures: Sequence[Figure], as_of: dt.date, per: Per) -> Spec:
    """Return the level of a series with its band, and the figures that it was pooled from."""
    first = min((one.first for one in figures), default=as_of)
    last = max(as_of, *(one.last for one in figures)) if figures else as_of
    span = max((last - first).days, 1)
    steps = min(_LEVEL_STEPS, span)
    days = [first + dt.timedelta(days=round(span * step / steps)) for step in range(steps + 1)]
    rows: list[Row] = []
    if series.has_band:
        levels, by = series.at(days), each(series, per)
        quantiles = {name: levels.quantile(share) * by for name, share in _SHARES.items()}
        rows = [
            {"day": milliseconds(day), **{name: finite(one[at]) for name, one in quantiles.items()}}
            for at, day in enumerate(days)
        ]
    unit = units(series.key.unit) + (f" a {per.value}" if series.is_rate else "")

    def y(field: str) -> Row:
        return _level_axis(field, unit)

    told = [_told_row(one) for one in [*figures][-_MOST_FIGURES:]]
    return {
        "$schema": _SCHEMA,
        "description": f"The level of {series.about} with its band, and {len(told)} told figures.",
        "width": "container",
        "height": 240,
        "datasets": {"fan": rows, "told": told},
        "layer": [*_bands("token:--pledged", y), *_told_layers(y)],
    }
