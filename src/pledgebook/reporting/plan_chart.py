"""A plan as a picture, in Altair: what is met and short of each need, and what is done, by step."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import numpy as np

from pledgebook.errors import UsageError
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.problem import Need
from pledgebook.reporting.chart_style import (
    MONTHS,
    QUIET,
    as_page,
    days_scale,
    footer,
    level_axis,
    rows,
)
from pledgebook.reporting.forecast_figures import scale_for, ticks_for
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.plan_words import answer_lines, share_text, spent_line

__all__ = ["plan_chart"]

_WIDTH = 640
_HEIGHT = 120
_ROW = 20
_MOST_ROWS = 40
_CHARACTERS = 112
_LABEL = 210
_MET, _SHORT, _BEFORE, _DONE = "#1b5e8c", "#c0603a", "#4a5a6a", "#2a7f74"


def plan_chart(answer: PlanAnswer) -> alt.VConcatChart:
    """Return the picture of a plan: a panel for each need, and one of what is done.

    Raises UsageError where there is no plan to draw.
    """
    if not answer.found:
        raise UsageError(
            "there is nothing to draw: no plan was found", mend="See why with --format table"
        )
    parts: list[alt.Chart | alt.LayerChart | alt.ConcatChart] = [
        _need(answer, need) for need in answer.problem.needs
    ]
    if answer.schedule():
        parts.append(_done(answer))
    parts.append(footer(_notes(answer), _WIDTH))
    lines = [line for told in answer_lines(answer) for line in textwrap.wrap(told, _CHARACTERS)]
    title = answer.compiled.title or answer.compiled.file
    return as_page(parts, title=one_line(title), lines=lines)


def _x(answer: PlanAnswer) -> alt.X:
    days = answer.compiled.days
    months = (days[-1] - days[0]).days / 30.4
    every = next((n for n in (1, 2, 3, 6, 12, 24) if months / n <= _WIDTH / 52), 60)
    return alt.X(
        "day:T",
        title=None,
        scale=days_scale(days[0], days[-1]),
        axis=alt.Axis(labelExpr=MONTHS, tickCount={"interval": "month", "step": every}, grid=False),
    )


def _need(answer: PlanAnswer, need: Need) -> alt.LayerChart:
    """Return what is wanted of a need by step as bars, met and short.

    A dashed rule says how much of it would be met without the plan.
    """
    words, days = answer.words, answer.compiled.days
    before, after = answer.short(need, before=True), answer.short(need)
    wanted = _wanted(answer, need)
    highest = float(wanted.max(initial=0.0))
    scale = scale_for([highest])
    ticks = ticks_for(highest, scale.size)
    bars: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    for step in range(answer.problem.steps):
        short = float(after.mean[step])
        met = max(float(wanted[step]) - short, 0.0)
        common = {"day": days[step].isoformat(), "to": days[step + 1].isoformat()}
        told = {"met": met, "short": short}
        bars.append(common | told | {"what": "met", "low": 0.0, "high": met})
        if short > 0:
            bars.append(common | told | {"what": "short", "low": met, "high": met + short})
        if wanted[step] > 0:
            marks.append(common | {"high": max(float(wanted[step] - before.mean[step]), 0.0)})
    y_scale = alt.Scale(domain=[0, ticks[-1]], nice=False, zero=True)
    axis = level_axis(ticks, scale.size)
    tooltip = [
        alt.Tooltip("day:T", title="from", formatType="utc", format="%d %b %Y"),
        alt.Tooltip("met:Q", title="met", format=",.3~r"),
        alt.Tooltip("short:Q", title="short", format=",.3~r"),
    ]
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=["met", "short"], range=[_MET, _SHORT]),
        legend=alt.Legend(title=None, orient="right", symbolType="square"),
    )
    x = _x(answer)
    bar = (
        alt.Chart(rows(bars))
        .mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            x2="to:T",
            y=alt.Y("low:Q", scale=y_scale, axis=axis),
            y2="high:Q",
            color=colour,
            tooltip=tooltip,
        )
    )
    tick = (
        alt.Chart(rows(marks))
        .mark_rule(color=_BEFORE, strokeWidth=2, strokeDash=[3, 2])
        .encode(x=x, x2="to:T", y=alt.Y("high:Q", scale=y_scale, axis=axis))
    )
    of = f", {scale.of(words.unit(need.item))}"
    head = f"{one_line(words.name(need.name))}{of}: {share_text(1 - after.share)} met"
    layered = alt.LayerChart(layer=[bar, tick])
    return layered.properties(width=_WIDTH, height=_HEIGHT, title=head)


def _done(answer: PlanAnswer) -> alt.Chart:
    """Return what is done by step, a row for each action, dark where much is."""
    days = answer.compiled.days
    actions = answer.schedule()
    kept = sorted(actions, key=lambda one: -one.cost)[:_MOST_ROWS]
    actions = [one for one in actions if one in kept]
    cells = []
    labels: list[str] = []
    for action in actions:
        label = one_line(action.says)
        while label in labels:
            label += " "
        labels.append(label)
        most = float(action.amounts.max())
        cells += [
            {
                "action": label,
                "day": days[step].isoformat(),
                "to": days[step + 1].isoformat(),
                "amount": float(action.amounts[step]),
                "share": float(action.amounts[step]) / most,
            }
            for step in np.flatnonzero(action.amounts)
        ]
    chart: alt.Chart = (
        alt.Chart(rows(cells))
        .mark_rect(color=_DONE, stroke="white", strokeWidth=0.6)
        .encode(
            x=_x(answer),
            x2="to:T",
            y=alt.Y(
                "action:N",
                sort=labels,
                title=None,
                axis=alt.Axis(labelLimit=_LABEL, labelColor=QUIET, ticks=False, domain=False),
            ),
            opacity=alt.Opacity(
                "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.2, 1]), legend=None
            ),
            tooltip=[
                alt.Tooltip("action:N"),
                alt.Tooltip("day:T", title="from", formatType="utc", format="%d %b %Y"),
                alt.Tooltip("amount:Q", format=",.3~r"),
            ],
        )
        .properties(width=_WIDTH, height=_ROW * len(labels), title="What to do")
    )
    return chart


def _wanted(answer: PlanAnswer, need: Need) -> np.ndarray[Any, np.dtype[np.float64]]:
    cases = answer.problem.cases
    if not cases:
        return np.asarray(need.amount, float)
    each = [case.chance * case.amount.get(need.name, need.amount) for case in cases]
    return np.asarray(np.sum(each, axis=0), float)


def _notes(answer: PlanAnswer) -> list[str]:
    how = (
        "Bars: what is wanted, met and short with the plan. Dashed: what would be met without it. "
    )
    how += "Rows: dark where much of the row is done."
    if answer.problem.cases:
        how += f" Means over {len(answer.problem.cases):,} cases."
    return [how, spent_line(answer), f"Scenario: {answer.compiled.file}."]
