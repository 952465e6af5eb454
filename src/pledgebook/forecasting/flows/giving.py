"""The kernel's shelves: what they give to lots and handovers, and how it gets to its line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.jit import inner
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.rows import Row, add, add_at, fill
from pledgebook.forecasting.flows.scratch import (
    ASK,
    GIVEN,
    LOST,
    OUTFLOW,
    SENT,
    STOCK,
    UNDER_WAY,
    Scratch,
)

__all__ = ["give", "send"]

Sums = NDArray[np.float64]


@inner
def send(tables: Tables, part: np.void, to: int, arrives: int, what: Row, lost: Row,
         s: Scratch, sums: Sums, first: int, n: int) -> None:  # fmt: skip
    """Send a row to a line: less what is lost, it comes in at the step `arrives`."""
    steps = len(tables.step_days)
    if arrives < steps:
        coming = s.coming[to, arrives]
        for j in range(PAGE):
            coming[j] += what[j] * (1.0 - lost[j])
    b = tables.lines[part["line_from"] + to]["balance"]
    if b >= 0:
        for j in range(n):
            sums[b, SENT, first + j] += what[j]
            sums[b, LOST, first + j] += what[j] * lost[j]
        if arrives >= steps:
            for j in range(n):
                sums[b, UNDER_WAY, first + j] += what[j] * (1.0 - lost[j])


@inner
def _take(line: np.void, place: int, what: Row, s: Scratch, sums: Sums, first: int, n: int) -> None:
    """Take a row off the stock of a line that gives it away."""
    stock, outflow = s.state[place, STOCK], s.state[place, OUTFLOW]
    for j in range(PAGE):
        stock[j] = max(stock[j] - what[j], 0.0)
        outflow[j] += what[j]
    if line["balance"] >= 0:
        add_at(sums[line["balance"], GIVEN], first, what, n)


@inner
def _shares(tables: Tables, part: np.void, s: Scratch) -> None:
    """Turn what is asked of each line into the share of it that the line can give."""
    for i in range(part["line_to"] - part["line_from"]):
        line = tables.lines[part["line_from"] + i]
        if line["gives"]:
            ask, stock, reserve = s.state[i, ASK], s.state[i, STOCK], s.amounts[line["reserve"]]
            for j in range(PAGE):
                free = max(stock[j] - reserve[j], 0.0)
                ask[j] = free / ask[j] if ask[j] > free else 1.0


@inner
def _clear(tables: Tables, part: np.void, s: Scratch) -> None:
    for i in range(part["line_to"] - part["line_from"]):
        if tables.lines[part["line_from"] + i]["gives"]:
            fill(s.state[i, ASK], 0.0)


@inner
def give(tables: Tables, part: np.void, t: int, s: Scratch, sums: Sums, first: int, n: int) -> None:
    """Let shelves give: lots that are due first, then handovers, each kind in proportion."""
    if not _any_gives(tables, part):
        return
    what = s.temp[0]
    _clear(tables, part, s)
    for i in range(part["lot_from"], part["lot_to"]):
        lot, place = tables.lots[i], i - part["lot_from"]
        if lot["source"] >= 0:
            pending, ships, sizes = s.pending[place], s.ships[place], s.amounts[lot["size"]]
            ask = s.state[lot["source"], ASK]
            for j in range(PAGE):
                pending[j] += sizes[j] if ships[j] == t else 0.0
            add(ask, pending, PAGE)
    _shares(tables, part, s)
    for i in range(part["lot_from"], part["lot_to"]):
        lot, place = tables.lots[i], i - part["lot_from"]
        source = lot["source"]
        if source >= 0:
            pending, share = s.pending[place], s.state[source, ASK]
            for j in range(PAGE):
                what[j] = pending[j] * share[j]
            for j in range(PAGE):
                pending[j] -= what[j]
            _take(tables.lines[part["line_from"] + source], source, what, s, sums, first, n)
            lost = s.amounts[lot["lost"]]
            send(tables, part, lot["line"], t + lot["transit"], what, lost, s, sums, first, n)
    _hand_over(tables, part, t, s, sums, first, n)


@inner
def _hand_over(tables: Tables, part: np.void, t: int, s: Scratch, sums: Sums, first: int,
               n: int) -> None:  # fmt: skip
    what = s.temp[0]
    _clear(tables, part, s)
    for i in range(part["handover_from"], part["handover_to"]):
        one = tables.handovers[i]
        if one["start"] <= t < one["end"]:
            add(s.state[one["source"], ASK], s.amounts[one["rate"]], PAGE)
    _shares(tables, part, s)
    for i in range(part["handover_from"], part["handover_to"]):
        one = tables.handovers[i]
        if one["start"] <= t < one["end"]:
            rate, share = s.amounts[one["rate"]], s.state[one["source"], ASK]
            for j in range(PAGE):
                what[j] = rate[j] * share[j]
            line = tables.lines[part["line_from"] + one["source"]]
            _take(line, one["source"], what, s, sums, first, n)
            lost = s.amounts[one["lost"]]
            send(tables, part, one["line"], t + one["transit"], what, lost, s, sums, first, n)


@inner
def _any_gives(tables: Tables, part: np.void) -> bool:
    for i in range(part["line_from"], part["line_to"]):
        if tables.lines[i]["gives"]:
            return True
    return False
