"""The tables of a forecast for a terminal: by step, by commitment, by scenario, by influence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from pledgebook.forecasting.forecast import Band, Expected, Forecast, Influence, Measure, Outlook
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.wording import units
from pledgebook.reporting.amounts import NOT_KNOWN
from pledgebook.reporting.answer_cells import interval
from pledgebook.reporting.forecast_figures import (
    Scale,
    Spread,
    grain,
    highest_of,
    number,
    percent,
    scale_for,
    spread_at,
    step_labels,
)
from pledgebook.reporting.forecast_words import assumed, run_dry_cells
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = [
    "MEAN",
    "MOST_COMMITMENTS",
    "expected_table",
    "has_hidden_means",
    "influence_table",
    "quantity_scale",
    "ranked",
    "scenario_table",
    "shown_steps",
    "step_table",
]

_COLUMNS = (
    (Measure.ARRIVALS, "arrivals"),
    (Measure.OUTPUT, "output"),
    (Measure.WANTED, "wanted"),
    (Measure.USE, "used"),
    (Measure.GAP, "gap"),
    (Measure.STOCK, "stock"),
    (Measure.NEEDED, "needed"),
    (Measure.DAYS_OF_SUPPLY, "days of\nsupply"),
)
_WIDE = 110
"""From here on a range stands beside its median, and not below it."""
_MOST_ROWS = 26
_ROUNDING = 1e-6
_SMALL = 1e-3
MEAN = "ø"
"""What stands before the mean of a step, where its quantiles are all the same and it is not."""

_BAR = "█"
_BARS = 24
MOST_COMMITMENTS = 15
"""How many commitments are listed; CSV and JSON have all."""


def quantity_scale(outlooks: Sequence[Outlook]) -> Scale:
    """Return the scale in which all quantities of some outlooks are told."""
    return scale_for(
        float(value)
        for outlook in outlooks
        for measure, band in outlook.bands.items()
        if measure is not Measure.DAYS_OF_SUPPLY
        for value in band.p90
    )


def shown_steps(forecast: Forecast) -> range:
    """Return the steps that a table shows: all, or every so many where there are too many."""
    every = math.ceil(forecast.steps / _MOST_ROWS)
    return range(every - 1, forecast.steps, every)


def step_table(forecast: Forecast, outlook: Outlook, width: int) -> Table:
    """Return the measures of a scenario by step, each as its median and its 8-in-10 range.

    What cannot be said has no column. Where stock is known, what would be needed has none either.
    A measure that rests on an assumption is marked "*".
    """
    hidden = {Measure.NEEDED if Measure.STOCK in outlook.bands else Measure.STOCK}
    if width < _WIDE:
        hidden.add(Measure.OUTPUT)
    columns = [one for one in _COLUMNS if one[0] in outlook.bands and one[0] not in hidden]
    scale = quantity_scale([outlook])
    head, labels = step_labels(forecast)
    table = frame()
    table.add_column(head, no_wrap=True)
    for measure, name in columns:
        mark = " *" if assumed(forecast, measure) else ""
        table.add_column(f"{name}{mark}", justify="right", no_wrap=True)
    if outlook.met is not None:
        table.add_column("all is\nthere", justify="right", no_wrap=True)
    between = "  " if width >= _WIDE else "\n"
    for step in shown_steps(forecast):
        cells = []
        for measure, _ in columns:
            size = 1.0 if measure is Measure.DAYS_OF_SUPPLY else scale.size
            band = outlook.bands[measure]
            cells.append(_cell(spread_at(band, step, size), between, _mean(band, step, size)))
        if outlook.met is not None:
            cells.append(Text(percent(float(outlook.met[step]))))
        table.add_row(Text(labels[step]), *cells)
    return table


def _cell(spread: Spread, between: str, mean: str = "") -> Text:
    text = Text(spread.middle, style="bold")
    if more := spread.range or mean:
        text.append(f"{between}{more}", style="dim not bold")
    return text


def _mean(band: Band, step: int, size: float) -> str:
    """Return the mean of a step where its quantiles hide what fewer than 1 of 10 draws show.

    What is small beside the rest of the band is left out.
    """
    low, mean, high = (float(one[step]) for one in (band.p10, band.mean, band.p90))
    least = max(_ROUNDING * abs(mean), _SMALL * highest_of([band]))
    if low != high or not math.isfinite(mean) or abs(mean - low) <= least:
        return ""
    return f"{MEAN} {number(mean, grain(0.0, abs(mean)), size)}"


def has_hidden_means(outlook: Outlook) -> bool:
    """Tell whether some step of an outlook is told by its mean too."""
    return any(
        _mean(band, step, 1.0) for band in outlook.bands.values() for step in range(len(band.mean))
    )


def expected_table(forecast: Forecast, names: Names) -> Table:
    """Return the open commitments, what is likeliest to have arrived by the end first."""
    rows = ranked(forecast.expected)[:MOST_COMMITMENTS]
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("donor", overflow="fold")
    table.add_column("item", overflow="fold")
    table.add_column("out-\nstanding", justify="right", no_wrap=True)
    table.add_column("due", no_wrap=True)
    table.add_column("arrived\nby now", justify="right", no_wrap=True)
    table.add_column("by the\nend", justify="right", no_wrap=True)
    table.add_column("half of it\nby", no_wrap=True)
    short = short_ids([one.commitment for one in rows])
    for one in rows:
        known = Interval(one.low, one.high)
        table.add_row(
            Text(short[one.commitment], style="dim"),
            Text(names.of(", ".join(one.donors)) or "someone", style="bold"),
            Text(one_line(one.item)).append(_unit(one.unit, forecast), style="dim"),
            Text(interval(known)),
            Text(one.due.isoformat() if one.due else "no day", style="" if one.due else "dim"),
            Text(percent(one.arrived)),
            Text(percent(float(one.by[-1])), style="bold"),
            Text(one.median.isoformat() if one.median else "later", style=""),
        )
    return table


def ranked(expected: Sequence[Expected]) -> list[Expected]:
    """Return commitments in the order of what is expected of them; the unknown sizes last."""

    def size(one: Expected) -> float:
        return (one.low or 0.0) if one.high is None else ((one.low or 0.0) + one.high) / 2

    return sorted(expected, key=lambda one: (-size(one) * float(one.by[-1]), one.commitment))


def _unit(unit: str | None, forecast: Forecast) -> str:
    return "" if unit in {None, forecast.unit, "item"} else f" ({units(str(unit))})"


def scenario_table(forecast: Forecast, width: int) -> Table:
    """Return the scenarios beside each other: when each runs dry and what is missing by the end."""
    outlooks = list(forecast.outlooks.values())
    scale = quantity_scale(outlooks)
    has_dry = any(one.run_dry is not None for one in outlooks)
    last = {
        measure: name
        for measure, name in (
            (Measure.STOCK, "stock at\nthe end"),
            (Measure.NEEDED, "needed at\nthe start"),
        )
        if any(measure in one.bands for one in outlooks)
    }
    has_gap = any(Measure.GAP in one.bands for one in outlooks)
    table = frame()
    table.add_column("scenario", overflow="fold")
    if has_dry:
        table.add_column("runs dry", overflow="fold")
        table.add_column("dry by\nthe end", justify="right", no_wrap=True)
    if has_gap:
        table.add_column("missing,\non average", justify="right", no_wrap=True)
    for name in last.values():
        table.add_column(name, justify="right", no_wrap=True)
    between = "  " if width >= _WIDE else "\n"
    for one in outlooks:
        cells = [Text(one_line(one.scenario), style="bold")]
        cells[0].append(f"\n{one_line(one.says)}", style="dim not bold")
        if has_dry:
            cells += _dry_cells(forecast, one)
        if has_gap:
            cells.append(Text(_missing(one, scale)))
        for measure in last:
            band = one.bands.get(measure)
            spread = None if band is None else spread_at(band, -1, scale.size)
            cells.append(Text(NOT_KNOWN) if spread is None else _cell(spread, between))
        table.add_row(*cells)
    return table


def _dry_cells(forecast: Forecast, outlook: Outlook) -> list[Text]:
    if outlook.run_dry is None:
        return [Text(NOT_KNOWN), Text(NOT_KNOWN)]
    middle, span = run_dry_cells(forecast, outlook.run_dry)
    text = Text(middle, style="bold")
    if span:
        text.append(f"\n{span}", style="dim not bold")
    return [text, Text(percent(1 - outlook.run_dry.never))]


def _missing(outlook: Outlook, scale: Scale) -> str:
    gap = outlook.bands.get(Measure.GAP)
    if gap is None:
        return NOT_KNOWN
    total = float(gap.mean.sum())
    return number(total, grain(0.0, total), scale.size)


def influence_table(influences: Sequence[Influence]) -> Table:
    """Return what moves an answer most, as bars: its share alone, and with all interactions."""
    table = frame()
    table.add_column("input", overflow="fold")
    table.add_column("share of the variance, alone", no_wrap=True)
    table.add_column("alone", justify="right", no_wrap=True)
    table.add_column("with all else", justify="right", no_wrap=True)
    for one in sorted(influences, key=lambda it: (-it.total, it.inputs)):
        length = round(min(max(one.first, 0.0), 1.0) * _BARS)
        table.add_row(
            Text(one_line(one.inputs)),
            Text(_BAR * length, style="cyan"),
            Text(_share(one.first, one.first_error)),
            Text(_share(one.total, one.total_error)),
        )
    return table


def _share(value: float, error: float) -> str:
    """Return a share of the variance with its standard error, in per cent."""
    return f"{max(value, 0.0) * 100:.0f} ± {max(error * 100, 1):.0f} %"
