"""Fan charts of a forecast, in Altair: a row for each measure, a column for each scenario."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Forecast, Measure
from pledgebook.reporting.chart_style import as_page, footer
from pledgebook.reporting.forecast_figures import (
    Scale,
    day_phrase,
    highest_of,
    scale_for,
    ticks_for,
)
from pledgebook.reporting.forecast_panel import Panel, draw_panel
from pledgebook.reporting.forecast_words import answer_lines, distinct_sources, subject
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = ["DEFAULT_MEASURES", "forecast_chart"]

DEFAULT_MEASURES = (Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.GAP)
"""What is drawn unless other measures are asked for."""

_WITHOUT_STOCK = (Measure.NEEDED, Measure.GAP, Measure.ARRIVALS, Measure.OUTPUT)
_WIDTH = 760
_ROOM = 700
_LEAST_WIDTH = 190
_CHARACTERS_OF_TITLE = 112
_MOST_SOURCES = 8


def forecast_chart(
    forecast: Forecast, names: Names, *, measures: Sequence[Measure] | None = None
) -> alt.VConcatChart:
    """Return the fan charts of a forecast as one picture.

    Each panel has the median as a line, half of the draws dark and 8 of 10 light. Measures that
    cannot be said are left out. Raises UsageError where none of them can.
    """
    outlooks = list(forecast.outlooks.values())
    wanted = measures or (
        DEFAULT_MEASURES if any(Measure.STOCK in one.bands for one in outlooks) else _WITHOUT_STOCK
    )
    drawn = [one for one in wanted if any(one in its.bands for its in outlooks)]
    if not drawn:
        raise UsageError(
            "there is nothing to draw: none of what a chart shows can be said",
            mend="See why with --format table",
        )
    width = _WIDTH if len(outlooks) == 1 else max(_ROOM // len(outlooks), _LEAST_WIDTH)
    panels = [
        one
        for measure in drawn
        for one in _row(forecast, measure, width, first=measure is drawn[0])
    ]
    grid = alt.concat(*panels, columns=len(outlooks), spacing={"row": 18, "column": 30})
    return as_page(
        [grid, footer(_notes(forecast), _WIDTH)],
        title=subject(forecast, names),
        lines=_answers(forecast),
    )


def _answers(forecast: Forecast) -> list[str]:
    """Return what comes of each scenario, in lines as long as the picture is wide."""
    outlooks = list(forecast.outlooks.values())
    lines: list[str] = []
    for one in outlooks:
        # Without a run-dry date the next sentences say what can be said in its place.
        told = " ".join(answer_lines(forecast, one)[: 1 if one.run_dry is not None else 3])
        named = f"{one_line(one.scenario)}: {told}" if len(outlooks) > 1 else told
        lines += textwrap.wrap(named, _CHARACTERS_OF_TITLE)
    return lines


def _row(
    forecast: Forecast, measure: Measure, width: int, *, first: bool
) -> list[alt.Chart | alt.LayerChart]:
    """Return the panels of a measure on one scale, so that they compare by eye."""
    outlooks = list(forecast.outlooks.values())
    highest = highest_of(one.bands[measure] for one in outlooks if measure in one.bands)
    scale = Scale() if measure is Measure.DAYS_OF_SUPPLY else scale_for([highest])
    ticks = ticks_for(highest, scale.size)
    alone = len(outlooks) == 1
    panels = [Panel(forecast, one, measure, scale, ticks, width, alone, first) for one in outlooks]
    return [draw_panel(one) for one in panels]


def _notes(forecast: Forecast) -> list[str]:
    """Return how to read it and what it rests on."""
    found = distinct_sources(forecast)
    how = "Line: median of the draws. Dark: half of them. Light: 8 of 10."
    notes = [f"{how} {forecast.draws:,} draws, seed {forecast.seed}."]
    if len(forecast.outlooks) == 1:
        only = next(iter(forecast.outlooks.values()))
        notes.append(f"Scenario “{one_line(only.scenario)}”: {one_line(only.says)}.")
    else:
        notes += [
            f"“{one_line(o.scenario)}”: {one_line(o.says)}." for o in forecast.outlooks.values()
        ]
    guessed = [one_line(source.says) for source, _ in found if source.kind == "assumption"]
    if guessed:
        mark = "* " if len(forecast.outlooks) > 1 else ""
        notes.append(f"{mark}Assumed, not reported: {'; '.join(guessed)}.")
    series = [one_line(source.says) for source, _ in found if source.kind == "series"]
    if len(series) > _MOST_SOURCES:
        series = [*series[:_MOST_SOURCES], f"{len(series) - _MOST_SOURCES:,} series more"]
    count = sum(source.kind == "commitment" for source, _ in found)
    if count:
        series.append(f"{count:,} commitment{'' if count == 1 else 's'}")
    if series:
        notes.append(f"Sources, published by {day_phrase(forecast.as_of)}: {'; '.join(series)}.")
    unsaid = [one_line(one.about) for one in forecast.caveats if not one.said]
    if unsaid:
        notes.append(f"Cannot be said: {'; '.join(unsaid)}.")
    return notes
