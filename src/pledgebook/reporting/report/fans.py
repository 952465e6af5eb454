"""Forecasts as fans and as tables of steps, in the words and the rounding of other pages."""

from __future__ import annotations

from collections.abc import Iterator

from pledgebook.forecasting.forecast import Forecast, Measure, Outlook
from pledgebook.reporting.forecast_figures import (
    Scale,
    highest_of,
    number,
    scale_for,
    spread_at,
    step_labels,
    ticks_for,
)
from pledgebook.reporting.forecast_words import measure_title
from pledgebook.reporting.report.charts import Fan, fan_path, labels
from pledgebook.reporting.report.model import Cell, Column, Row, Table

__all__ = ["MEASURES", "fans", "steps_table"]

MEASURES = (
    Measure.STOCK,
    Measure.DAYS_OF_SUPPLY,
    Measure.NEEDED,
    Measure.GAP,
    Measure.ARRIVALS,
    Measure.WANTED,
)
"""What is shown of a forecast, where it can be said."""

_DRAWN = (Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.GAP)
_WITHOUT_STOCK = (Measure.NEEDED, Measure.ARRIVALS)


def fans(forecast: Forecast, outlook: Outlook) -> Iterator[Fan]:
    """Yield a fan for each measure that a reader looks for first."""
    wanted = _DRAWN if Measure.STOCK in outlook.bands else _WITHOUT_STOCK
    for measure in wanted:
        band = outlook.bands.get(measure)
        if band is None:
            continue
        highest = highest_of([band])
        if highest <= 0:
            # A line along the bottom says less than the table does.
            continue
        scale = _scale(measure, highest)
        ticks = ticks_for(highest, scale.size)
        top = ticks[-1]
        last = spread_at(band, forecast.steps - 1, scale.size)
        title = measure_title(measure, forecast, scale)
        yield Fan(
            title=title,
            light=fan_path(list(band.p10), list(band.p90), top),
            dark=fan_path(list(band.p25), list(band.p75), top),
            median=fan_path(list(band.p50), None, top),
            ticks=tuple(number(one, ticks[1] or 1.0, scale.size) for one in reversed(ticks)),
            labels=labels([one.strip() for one in step_labels(forecast)[1]], between=False),
            alt=f"At the end {last.middle}; in 8 of 10 draws {last.low} to {last.high}",
        )


def _scale(measure: Measure, highest: float) -> Scale:
    return Scale() if measure is Measure.DAYS_OF_SUPPLY else scale_for([highest])


def steps_table(forecast: Forecast, outlook: Outlook) -> Table:
    """Return each step: the median, and below it the middle 8 of 10 draws."""
    shown = [one for one in MEASURES if one in outlook.bands]
    scales = {one: _scale(one, highest_of([outlook.bands[one]])) for one in shown}
    head, steps = step_labels(forecast)
    rows = []
    for step, label in enumerate(steps):
        cells = [Cell(label.strip())]
        for one in shown:
            spread = spread_at(outlook.bands[one], step, scales[one].size)
            cells.append(Cell(spread.middle, small=spread.range))
        rows.append(Row(tuple(cells)))
    titles = (Column(measure_title(one, forecast, scales[one]), "number") for one in shown)
    return Table(
        f"{forecast.item_name}: each {forecast.step}, the median and the middle 8 of 10 draws",
        (Column(head.capitalize()), *titles),
        tuple(rows),
        folded=True,
    )
