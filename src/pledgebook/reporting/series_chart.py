"""A series as a picture: what each source told, the level pooled from it, and its band."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import altair as alt
import numpy as np

from pledgebook.forecasting.series import DAYS, Nature, Series
from pledgebook.ledger.wording import units
from pledgebook.reporting import amounts
from pledgebook.reporting.chart_style import as_of_rule, as_page, footer, rows
from pledgebook.reporting.forecast_figures import scale_for, ticks_for
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.series_marks import (
    HEIGHT,
    HUE,
    LOOKS,
    WIDTH,
    Axes,
    Drawn,
    draw_numbers,
    draw_points,
)
from pledgebook.vocabulary.statement import Per

__all__ = ["series_chart"]

_DAYS_DRAWN = 120
_MOST_LISTED = 30
_MOST_OVER_TOLD = 2.0
"""The axis reaches no further than this times the highest figure: far away a band has no end."""
_QUANTILES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}


def series_chart(
    series: Series,
    names: Names,
    *,
    item_name: str,
    as_of: dt.date,
    others: Sequence[Series] = (),
    until: dt.date | None = None,
    per: Per = Per.MONTH,
) -> alt.VConcatChart:
    """Return a series with its band, each point numbered, and below it who told each.

    `others` are shown as points without a band: targets, capacities. Rates are per `per`. The band
    reaches from the first day told of to `until`, or the as-of day.
    """
    each = DAYS[per] if series.is_rate else 1.0
    told = list(_told((series, *others), each))
    axes, days = _axes(series, told, each, max(until or as_of, as_of))
    drawn = [
        *_band(series, days, axes, each),
        *as_of_rule(as_of, axes.x(), named=True, left=axes.pixel(as_of, 0)[0] > WIDTH / 2),
        *(layer for nature in Nature for layer in draw_points(told, nature, axes)),
        *draw_numbers(told, axes),
    ]
    unit = axes.scale.of(units(series.key.unit))
    what = f"{unit} a {per.value}" if series.is_rate else unit
    title = alt.TitleParams(what[0].upper() + what[1:], offset=20)
    picture = alt.LayerChart(layer=drawn).properties(width=WIDTH, height=HEIGHT, title=title)
    party = names.of(", ".join(series.key.parties))
    nature = "" if series.key.nature is Nature.ACTUAL else f" ({series.key.nature.value})"
    return as_page(
        [picture, footer(list(_notes(series, told)), WIDTH)],
        title=f"{party}: {series.key.measure.value}{nature} of {one_line(item_name)}",
        lines=[_summary(series)],
    )


def _told(many: Sequence[Series], each: float) -> Iterator[Drawn]:
    points = [point for one in many for point in one.points]
    for place, point in enumerate(sorted(points, key=lambda one: one.order), start=1):
        ends = [None if end is None else end * each for end in (point.low, point.high)]
        yield Drawn(place, point, *ends)


def _axes(
    series: Series, told: Sequence[Drawn], each: float, last: dt.date
) -> tuple[Axes, list[dt.date]]:
    first = min(one.point.first for one in told)
    last = max(last, *(one.point.last for one in told))
    if last <= first:
        first -= dt.timedelta(days=30)
    span = (last - first).days
    steps = min(_DAYS_DRAWN, span)
    days = [first + dt.timedelta(days=round(span * step / steps)) for step in range(steps + 1)]
    highest = max([*(one.high or one.low or 0.0 for one in told), 0.0])
    upper = series.at(days).p90 * each
    reach = float(upper[np.isfinite(upper)].max(initial=0.0))
    top = max(highest * 1.05, min(reach, highest * _MOST_OVER_TOLD)) or reach
    scale = scale_for([top])
    return Axes(first, last, ticks_for(top, scale.size), scale), days


def _band(
    series: Series, days: Sequence[dt.date], axes: Axes, each: float
) -> list[alt.Chart | alt.LayerChart]:
    levels = series.at(days)
    values = {name: levels.quantile(share) * each for name, share in _QUANTILES.items()}
    data = rows(
        [
            {"day": day.isoformat(), **{name: float(one[place]) for name, one in values.items()}}
            for place, day in enumerate(days)
        ]
    )
    x = axes.x()

    def area(low: str, high: str, opacity: float) -> alt.Chart:
        base = alt.Chart(data).mark_area(color=HUE, opacity=opacity, clip=True)
        found: alt.Chart = base.encode(x=x, y=axes.y(low), y2=f"{high}:Q")
        return found

    line = alt.Chart(data).mark_line(color=HUE, strokeWidth=2.2, clip=True)
    return [
        area("p10", "p90", 0.18),
        area("p25", "p75", 0.28),
        line.encode(x=x, y=axes.y("median")),
    ]


def _summary(series: Series) -> str:
    points, sources = len(series.points), len(series.sources)
    return (
        f"{points:,} figure{'' if points == 1 else 's'} of {sources:,} "
        f"source{'' if sources == 1 else 's'}. Line: the level pooled from them. Dark: half of "
        "its distribution. Light: 8 of 10."
    )


def _notes(series: Series, told: Sequence[Drawn]) -> Iterator[str]:
    """Yield what the marks mean, who told each point, and what is to be known of the series."""
    natures = [nature for nature in Nature if any(one.nature is nature for one in told)]
    marks = [f"{LOOKS[nature][2]} {nature.value}" for nature in natures]
    yield f"{', '.join(marks).capitalize()}; hollow: an estimate, a claim, or one end open."
    for one in told[:_MOST_LISTED]:
        yield _listed(one)
    if len(told) > _MOST_LISTED:
        yield f"and {len(told) - _MOST_LISTED:,} more"
    for caveat in series.caveats:
        yield f"{one_line(caveat.about)}: {one_line(caveat.why).rstrip('.')}."


def _listed(one: Drawn) -> str:
    point = one.point
    span = point.first.isoformat()
    if point.last != point.first:
        span = f"{span} to {point.last.isoformat()}"
    told = f"{one_line(point.source)}, told on {point.told.isoformat()}"
    return f"{one.number}: {_amount(one)} ({span}), {told}"


def _amount(one: Drawn) -> str:
    """Return the figure as told, in the axis' period."""

    def shown(value: float | None) -> str:
        # A rate that was told by the year comes back from its daily form with a long tail.
        return amounts.number(float(f"{value or 0.0:.4g}"))

    if one.low is None:
        return f"at most {shown(one.high)}"
    if one.high is None:
        return f"at least {shown(one.low)}"
    low, high = shown(one.low), shown(one.high)
    return low if low == high else f"{low}–{high}"
