"""The rows of a fan: its quantiles by day, its words, and where each of its points opens."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from pledgebook.forecasting.forecast import Band, Forecast, Measure, Outlook
from pledgebook.ledger.wording import with_unit
from pledgebook.reporting.forecast_figures import FLOWS, spread_at
from pledgebook.reporting.forecast_words import measure_title

__all__ = [
    "Row",
    "due_rows",
    "fan_rows",
    "finite",
    "in_words",
    "milliseconds",
    "point_id",
    "point_link",
]

Row = dict[str, Any]

_MOST_STEPS = 700
_EPOCH = dt.date(1970, 1, 1)
_MS = 86_400_000


def fan_rows(
    forecast: Forecast, outlook: Outlook, measure: Measure, *, told: bool = True
) -> list[Row]:
    """Return the fan of a measure: a flow stands in the middle of its step, a level at its end.

    Days are milliseconds since 1970, as the charts of a browser count them. `told` gives each
    point its words and where it opens.
    """
    band = outlook.bands[measure]
    rows: list[Row] = [
        {
            "day": milliseconds(_place(forecast, measure, step)),
            **{name: finite(getattr(band, name)[step]) for name in ("p10", "p25", "p75", "p90")},
            "median": finite(band.p50[step]),
        }
        for step in _drawn_steps(forecast)
    ]
    for step, row in zip(_drawn_steps(forecast), rows if told else (), strict=False):
        row["says"] = _said(forecast, band, measure, step)
        row["href"] = point_link(point_id(forecast, outlook, measure, step))
    return rows


def due_rows(rows: Iterable[tuple[dt.date, str, str]]) -> list[Row]:
    """Return promised goods as marks on the axis: the day, what is said of them, and a link."""
    return [
        {"day": milliseconds(day), "level": 0, "says": says, "href": link}
        for day, says, link in rows
    ]


def point_id(forecast: Forecast, outlook: Outlook, measure: Measure, step: int) -> str:
    """Return the id by which a point of a forecast is opened."""
    what = measure.value.replace(" ", "-")
    return f"{forecast.id}#{quote(outlook.scenario, safe='')}/{what}@{forecast.days[step]}"


def point_link(id_: str) -> str:
    """Return the address that opens a point of a forecast."""
    return f"/balance/point?id={quote(id_, safe='')}"


def in_words(forecast: Forecast, outlook: Outlook, measure: Measure, told: int = 0) -> str:
    """Return what a fan shows, for those who do not see it."""
    band = outlook.bands[measure]
    title = measure_title(measure, forecast)
    last = forecast.steps - 1
    ends = [f"{_said(forecast, band, measure, step)}" for step in (0, last)]
    rests = f" Told figures drawn in: {told}." if told else ""
    return f"Fan chart. {title}. At first {ends[0]}; at the end {ends[1]}.{rests}"


def _drawn_steps(forecast: Forecast) -> range:
    """Return the steps that are drawn: all, or of very many each second, third, .. and the last."""
    stride = -(-forecast.steps // _MOST_STEPS)
    return range((forecast.steps - 1) % stride, forecast.steps, stride)


def _said(forecast: Forecast, band: Band, measure: Measure, step: int) -> str:
    spread = spread_at(band, step)
    unit = "day" if measure is Measure.DAYS_OF_SUPPLY else forecast.unit
    span = "" if spread.sure else f" ({spread.low} to {spread.high} in 8 of 10 draws)"
    day = _place(forecast, measure, step)
    return f"{day.day} {day:%b %Y}: {with_unit(spread.middle, unit)}{span}"


def _place(forecast: Forecast, measure: Measure, step: int) -> dt.date:
    first, after = forecast.days[step], forecast.days[step + 1]
    return first + (after - first) / 2 if measure in FLOWS else after - dt.timedelta(days=1)


def milliseconds(day: dt.date) -> int:
    """Return a day as the charts of a browser count them: in milliseconds since 1970."""
    return (day - _EPOCH).days * _MS


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it: none for what is without end or no number."""
    return float(value) if math.isfinite(value) else None
