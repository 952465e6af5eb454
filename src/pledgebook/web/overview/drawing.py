"""The charts of the overview, as Vega-Lite descriptions with their data in them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pledgebook.ledger.events import What
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.wording import units
from pledgebook.reporting.amounts import quantity
from pledgebook.web.overview.gathering import ItemLine
from pledgebook.web.wording import plain_category

__all__ = ["KINDS", "MOST_ITEMS", "item_label", "items_chart", "months_chart", "steps"]

Spec = dict[str, Any]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
KINDS = (
    (What.PLEDGED, "Pledged", "token:--pledged"),
    (What.ORDERED, "Ordered", "token:--on-order"),
    (What.DELIVERED, "Delivered", "token:--delivered"),
)
"""What is counted by month, with its name and its colour."""

_MOST_COLUMNS = 48
_QUARTER, _YEAR = 3, 12
MOST_ITEMS = 16
_OF_A_KIND = 4
_ROW = 22
_ROOM = 40.0
_LEFT = "token:--on-order"


def steps(
    months: Mapping[str, Counter[What]],
) -> tuple[str, list[tuple[str, Counter[What]]]]:
    """Return the counts by month, or by quarter or year where there are too many months.

    First comes the name of the step.
    """
    names = list(months)
    if len(names) <= _MOST_COLUMNS:
        return "month", [(_month(name), months[name]) for name in names]
    size = _QUARTER if len(names) <= _MOST_COLUMNS * _QUARTER else _YEAR
    found: dict[str, Counter[What]] = {}
    for name in names:
        year, month = name.split("-")
        label = year if size == _YEAR else f"Q{(int(month) - 1) // _QUARTER + 1} {year}"
        found.setdefault(label, Counter()).update(months[name])
    return ("year" if size == _YEAR else "quarter"), list(found.items())


def _month(name: str) -> str:
    year, month = name.split("-")
    return f"{dt.date(int(year), int(month), 1):%b %Y}"


def months_chart(months: Mapping[str, Counter[What]]) -> Spec:
    """Return pledges, orders and deliveries side by side over time."""
    step, counts = steps(months)
    values = [
        {"step": label, "place": place, "kind": title, "count": found[what]}
        for place, (label, found) in enumerate(counts)
        for what, title, _ in KINDS
        if found[what]
    ]
    order = [label for label, _ in counts]
    return {
        "$schema": _SCHEMA,
        "description": f"Commitments pledged, ordered and delivered by {step}",
        "width": "container",
        "height": 220,
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {
                "field": "step",
                "type": "ordinal",
                "scale": {"domain": order, "paddingInner": 0.15},
                "axis": {"title": None, "labelOverlap": "greedy", "labelAngle": 0, "ticks": False},
            },
            "xOffset": {"field": "kind", "sort": [title for _, title, _ in KINDS]},
            "y": {
                "field": "count",
                "type": "quantitative",
                "axis": {"title": "commitments", "tickMinStep": 1, "format": ",d"},
            },
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {
                    "domain": [title for _, title, _ in KINDS],
                    "range": [colour for _, _, colour in KINDS],
                },
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [
                {"field": "step", "title": step},
                {"field": "kind", "title": "what"},
                {"field": "count", "title": "commitments", "type": "quantitative"},
            ],
        },
    }


def item_label(line: ItemLine) -> str:
    """Return the item with what it is counted in: "155mm, rounds"."""
    name = plain_category(line.item) if line.item == line.category.value else line.item
    return name if line.unit in (None, "item") else f"{name}, {units(line.unit or '')}"


def items_chart(lines: Sequence[ItemLine]) -> Spec:
    """Return what is outstanding of the largest items, each from what is certain to what may be.

    The axis grows by tens: tanks and shells stand on one page, and a bar would mean nothing.
    """
    shown = _chosen([line for line in lines if _ends(line.outstanding)])
    values: list[dict[str, Any]] = []
    for line in shown:
        low, high = _ends(line.outstanding) or (0.0, 0.0)
        values.append(
            {
                "item": item_label(line),
                "low": low,
                "high": high,
                "says": quantity(line.outstanding),
                "open": line.open,
            }
        )
    tooltip = [
        {"field": "item", "title": "item"},
        {"field": "says", "title": "outstanding"},
        {"field": "open", "title": "open promises", "type": "quantitative"},
    ]
    # Room for the words behind the last point.
    highest = max((one["high"] for one in values), default=1.0)
    ends = [min((one["low"] for one in values), default=1.0) / 2, highest * _ROOM]
    rows = {
        "field": "item",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 190},
    }
    return {
        "$schema": _SCHEMA,
        "description": "What is outstanding by item, the axis by tens",
        "width": "container",
        "height": max(_ROW * len(shown), _ROW * 2),
        "data": {"values": values},
        "encoding": {"y": rows, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": _LEFT, "opacity": 0.5},
                "encoding": {"x": _by_tens("low", ends), "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": _LEFT, "opacity": 1},
                "encoding": {"x": _by_tens("low", ends)},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 11},
                "encoding": {"x": _by_tens("high", ends), "text": {"field": "says"}},
            },
        ],
    }


def _by_tens(field: str, ends: Sequence[float]) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"type": "log", "domain": ends, "nice": False},
        "axis": {"title": None, "format": "~s", "labelOverlap": True, "tickCount": 5},
    }


def _ends(total: Total) -> tuple[float, float] | None:
    """Return both ends as an axis by tens can show them; None where nothing is known."""
    if total.low is None:
        return None
    high = total.low if total.high is None else total.high
    if high <= 0:
        return None
    low = total.low or high
    return max(low, 1.0) if high >= 1 else low, high


def _chosen(lines: Sequence[ItemLine]) -> list[ItemLine]:
    """Return the largest, at most a few of one kind, so that shells do not hide the tanks."""
    kinds: Counter[tuple[str, str | None]] = Counter()
    first: list[ItemLine] = []
    rest: list[ItemLine] = []
    for line in lines:
        kind = line.category.value, line.unit
        kinds[kind] += 1
        (first if kinds[kind] <= _OF_A_KIND else rest).append(line)
    chosen = [*first, *rest][:MOST_ITEMS]
    return sorted(chosen, key=lambda line: -(line.outstanding.low or line.outstanding.high or 0.0))
