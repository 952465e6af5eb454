"""How all charts look, and the files that they are written to."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from pledgebook.reporting.forecast_figures import day_phrase

__all__ = [
    "EMPTY",
    "MONTHS",
    "QUIET",
    "as_of_rule",
    "as_page",
    "days_scale",
    "footer",
    "level_axis",
    "rows",
]

_INK = "#222b33"
QUIET = "#5b6670"
_LINE = "#c9d0d6"
_FAINT = "#eceff2"

MONTHS = "utcFormat(datum.value, datum.index == 0 || utcmonth(datum.value) == 0 ? '%b %Y' : '%b')"
"""The label of a month on an axis; the first one and every January have their year."""

_FONT = "Open Sans, Liberation Sans, Helvetica, Arial, sans-serif"
_LINE_HEIGHT = 15
_CHARACTER = 5.55
"""Pixels that a character of a footer takes on average."""


def rows(values: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Return data that stand in the chart itself."""
    return alt.InlineData(values=list(values))


EMPTY = rows([{}])
"""The data of a mark that stands alone."""


def days_scale(first: dt.date, last: dt.date) -> alt.Scale:
    """Return the scale of an axis of days, the same in every time zone."""
    return alt.Scale(type="utc", domain=[first.isoformat(), last.isoformat()])


def level_axis(ticks: Sequence[float], size: float) -> alt.Axis:
    """Return the axis of an amount that is counted in units of `size`."""
    label = f"format(datum.value / {size:g}, ',~r')"
    return alt.Axis(values=list(ticks), labelExpr=label, title=None)


def as_of_rule(as_of: dt.date, x: alt.X, *, named: bool, left: bool) -> list[alt.Chart]:
    """Return the rule of the day up to which reports count, its name above it, left or right.

    `x` is the axis of a field "day". Every layer of a picture must have the same axes: those that
    have none of their own would bring ticks of another sort.
    """
    base = alt.Chart(rows([{"day": as_of.isoformat()}])).encode(x=x)
    rule = base.mark_rule(color=_INK, strokeDash=[4, 3], strokeWidth=1)
    if not named:
        return [rule]
    label = base.mark_text(
        text=f"as of {day_phrase(as_of)}",
        align="right" if left else "left",
        baseline="bottom",
        y=-3,
        color=QUIET,
        fontSize=11,
    )
    return [rule, label]


def footer(notes: Sequence[str], width: int) -> alt.Chart:
    """Return notes as lines of text that are `width` pixels wide."""
    most = int(width / _CHARACTER)
    lines = [line for note in notes for line in textwrap.wrap(note, most)]
    chart: alt.Chart = (
        alt.Chart(EMPTY)
        .mark_text(
            text=lines,
            align="left",
            baseline="top",
            x=0,
            y=0,
            color=QUIET,
            fontSize=11,
            lineHeight=_LINE_HEIGHT,
        )
        .properties(width=width, height=_LINE_HEIGHT * len(lines))
    )
    return chart


def as_page(
    parts: Sequence[alt.Chart | alt.LayerChart | alt.ConcatChart],
    *,
    title: str,
    lines: Sequence[str],
) -> alt.VConcatChart:
    """Return panels below a title, in the looks of all charts."""
    page: alt.VConcatChart = (
        alt.vconcat(*parts, spacing=22)
        .properties(
            title=alt.TitleParams(
                title, subtitle=list(lines), anchor="start", frame="group", fontSize=17, offset=16
            ),
            padding={"left": 14, "top": 14, "right": 20, "bottom": 12},
            background="white",
        )
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_title(
            color=_INK, fontSize=13, fontWeight="bold", anchor="start", frame="group",
            subtitleColor=QUIET, subtitleFontSize=12, subtitleLineHeight=16, subtitlePadding=5,
        )
        .configure_axis(
            labelColor=QUIET, labelFontSize=11, labelFlush=False,
            domainColor=_LINE, tickColor=_LINE, gridColor=_FAINT,
            titleColor=QUIET, titleFontSize=11, titleFontWeight="normal",
        )
    )  # fmt: skip
    return page
