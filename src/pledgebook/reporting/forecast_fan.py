"""A fan of a forecast in the characters of a terminal; no colour is needed to read it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from pledgebook.forecasting.forecast import Band, Floats, Forecast, Measure, Outlook
from pledgebook.reporting.forecast_figures import FLOWS, Scale, highest_of, ticks_for

__all__ = ["FAN_KEY", "fan"]

_MEDIAN, _HALF, _MOST = "█", "▒", "░"
FAN_KEY = f"{_MEDIAN} median   {_HALF} half of the draws   {_MOST} 8 of 10 draws"
"""What the marks of a fan mean."""

_ROWS_BETWEEN = 3
_BARS = " ▁▂▃▄▅▆▇█"
_LABEL_GAP = 2


@dataclass(frozen=True, slots=True)
class _Field:
    """The columns and rows of a fan, and what they stand for."""

    times: Floats
    """The day of each column, as an ordinal (columns,)."""
    ticks: tuple[float, ...]
    """Round values, the lowest first; the lowest and the highest row are such."""

    @property
    def rows(self) -> int:
        return (len(self.ticks) - 1) * _ROWS_BETWEEN + 1

    def row(self, value: float) -> int:
        """Return the row of a value, counted from below."""
        return round(value / self.ticks[-1] * (self.rows - 1))


def fan(
    forecast: Forecast,
    outlook: Outlook,
    measure: Measure,
    *,
    width: int,
    scale: Scale,
) -> Text:
    """Return a fan of one measure under one scenario, `width` columns wide.

    Under the fan of a stock stands the chance to have run dry by then, as bars that fill a line
    where it is sure. A level begins at the end of the first step: what it was before is no
    forecast.
    """
    band = outlook.bands[measure]
    ticks = ticks_for(highest_of([band]), scale.size)
    labels = _labels(ticks, scale)
    gutter = max(map(len, labels)) + 1
    dry = outlook.run_dry.by if outlook.run_dry and measure is Measure.STOCK else None
    if dry is not None:
        gutter = max(gutter, len("dry by"))
    columns = width - gutter - 1
    first, last = forecast.days[0].toordinal(), forecast.days[-1].toordinal()
    field = _Field(np.linspace(first, last, columns), ticks)
    told = _times(forecast, measure)
    text = Text()
    for place, line in enumerate(reversed(_grid(band, told, field))):
        tick, rest = divmod(place, _ROWS_BETWEEN)
        label = labels[tick] if rest == 0 else ""
        edge = "┤" if rest == 0 else "│"
        text.append(f"{label:>{gutter}}", style="dim").append(edge, style="dim")
        text.append(line.rstrip() + "\n")
    axis, days = _axis(forecast, field)
    text.append(f"{'':>{gutter}}└{axis}\n{'':>{gutter + 1}}{days}", style="dim")
    if dry is not None:
        text.append(f"\n{'dry by':>{gutter}} ", style="dim")
        text.append(_strip(dry, _ends(forecast), field).rstrip(), style="red")
    return text


def _ends(forecast: Forecast) -> Floats:
    return np.array([day.toordinal() for day in forecast.days[1:]], dtype=np.float64)


def _times(forecast: Forecast, measure: Measure) -> Floats:
    """Return when each step is told: a flow in its middle, a level at its end."""
    ends = _ends(forecast)
    if measure not in FLOWS:
        return ends
    starts = np.array([day.toordinal() for day in forecast.days[:-1]], dtype=np.float64)
    return (starts + ends) / 2


def _labels(ticks: tuple[float, ...], scale: Scale) -> list[str]:
    """Return the words of the ticks, the highest first, with as many figures as they need."""
    digits = 0
    values = [one / scale.size for one in ticks]
    while any(abs(round(one, digits) - one) > values[1] / 1e3 for one in values):
        digits += 1
    return [f"{one:,.{digits}f}" for one in reversed(values)]


def _grid(band: Band, told: Floats, field: _Field) -> list[str]:
    """Return the rows of a fan, the lowest first."""
    columns = len(field.times)
    grid = [[" "] * columns for _ in range(field.rows)]
    lines = [np.interp(field.times, told, np.clip(one, 0, field.ticks[-1])) for one in (
        band.p10, band.p25, band.p50, band.p75, band.p90)]  # fmt: skip
    reach = (field.times >= told[0]) & (field.times <= told[-1])
    if len(told) == 1:
        reach = np.abs(field.times - told[0]) <= (field.times[1] - field.times[0])
    before: int | None = None
    for column in np.flatnonzero(reach):
        values = [float(line[column]) for line in lines]
        if any(math.isnan(one) for one in values):
            before = None
            continue
        p10, p25, p50, p75, p90 = map(field.row, values)
        for low, high, mark in ((p10, p90, _MOST), (p25, p75, _HALF), (p50, p50, _MEDIAN)):
            for row in range(low, high + 1):
                grid[row][column] = mark
        if before is not None and abs(p50 - before) > 1:
            # A steep median stays one line.
            for row in range(min(before, p50) + 1, max(before, p50)):
                grid[row][column] = _MEDIAN
        before = p50
    return ["".join(row) for row in grid]


def _axis(forecast: Forecast, field: _Field) -> tuple[str, str]:
    """Return the line below a fan with its ticks, and the months below them."""
    columns = len(field.times)
    day = forecast.days[0].replace(day=1)
    first, last = field.times[0], field.times[-1]
    months = []
    while day.toordinal() <= last:
        if day.toordinal() >= first:
            months.append(day)
        day = (day + dt.timedelta(days=32)).replace(day=1)
    room = len("Jan 2023") + _LABEL_GAP
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if len(months) * room <= columns * n), 120)
    line, below, free = ["─"] * columns, [" "] * columns, 0
    for month in months:
        if (month.year * 12 + month.month - 1) % every:
            continue
        place = round((month.toordinal() - first) / (last - first) * (columns - 1))
        label = f"{month:%b %Y}"
        if place >= free and place + len(label) <= columns:
            line[place] = "┬"
            below[place : place + len(label)] = label
            free = place + room
    return "".join(line), "".join(below).rstrip()


def _strip(chance: Floats, ends: Floats, field: _Field) -> str:
    """Return the chance to have run dry as bars, from nothing to the full height of a line."""
    marks = []
    for time in field.times:
        # A chance is known at the end of each step, and holds until the next.
        place = int(np.searchsorted(ends, time, side="right")) - 1
        share = float(chance[place]) if place >= 0 else 0.0
        height = share * (len(_BARS) - 1)
        # No bar stands for no draw and a full one for all: what lies between is rounded inwards.
        marks.append(_BARS[math.ceil(height) if share < 0.5 else math.floor(height)])
    return "".join(marks)
