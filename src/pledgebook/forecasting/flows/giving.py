"""The kernel's shelves: what they give to lots and handovers, and how it gets to its line."""

from __future__ import annotations

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.jit import inner
from pledgebook.forecasting.flows.layout import Reals, Wholes
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.rows import Row, add, add_at, fill

__all__ = ["give", "send"]


@inner
def send(
    line: Wholes, arrives: int, steps: int, what: Row, share: float, lost_row: int, rows: Reals,
    sums: Reals, first: int, n: int,
) -> None:  # fmt: skip
    """Send a share of a row to a line: less what is lost, it comes in at the step `arrives`."""
    place = line[at.LINE_SUMS]
    if arrives < steps:
        coming = rows[line[at.LINE_COMING_ROW] + arrives]
        if lost_row < 0:
            for j in range(PAGE):
                coming[j] += what[j] * share
        else:
            lost = rows[lost_row]
            for j in range(PAGE):
                coming[j] += what[j] * share * (1.0 - lost[j])
    if place >= 0:
        for j in range(n):
            sent = what[j] * share
            lost_here = sent * rows[lost_row, j] if lost_row >= 0 else 0.0
            sums[place + at.SENT, first + j] += sent
            sums[place + at.LOST, first + j] += lost_here
            if arrives >= steps:
                sums[place + at.UNDER_WAY, first + j] += sent - lost_here


@inner
def _take(line: Wholes, what: Row, rows: Reals, sums: Reals, first: int, n: int) -> None:
    """Take a row off the stock of a line that gives it away."""
    state = line[at.LINE_STATE_ROW]
    stock, outflow = rows[state + at.STOCK], rows[state + at.OUTFLOW]
    for j in range(PAGE):
        stock[j] = max(stock[j] - what[j], 0.0)
        outflow[j] += what[j]
    if line[at.LINE_SUMS] >= 0:
        add_at(sums[line[at.LINE_SUMS] + at.GIVEN], first, what, n)


@inner
def _clear(ints: Wholes, part: Wholes, rows: Reals) -> None:
    """Set what is asked of each line to nothing."""
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        fill(rows[ints[i, at.LINE_STATE_ROW] + at.ASK], 0.0)


@inner
def _shares(ints: Wholes, part: Wholes, rows: Reals) -> None:
    """Turn what is asked of each line into the share of it that the line can give."""
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        if ints[i, at.LINE_GIVES]:
            state = ints[i, at.LINE_STATE_ROW]
            ask, stock = rows[state + at.ASK], rows[state + at.STOCK]
            reserve = rows[ints[i, at.LINE_RESERVE_ROW]]
            for j in range(PAGE):
                free = max(stock[j] - reserve[j], 0.0)
                ask[j] = free / ask[j] if ask[j] > free else 1.0


@inner
def give(ints: Wholes, part: Wholes, t: int, rows: Reals, sums: Reals, first: int, n: int) -> None:
    """Let shelves give: lots that are due first, then handovers, each kind in proportion."""
    steps, what = part[at.PART_STEPS], rows[at.TEMP]
    _clear(ints, part, rows)
    for i in range(part[at.PART_LOT_FROM], part[at.PART_LOT_TO]):
        lot = ints[i]
        if lot[at.LOT_SOURCE] >= 0:
            pending, ships = rows[lot[at.LOT_PENDING_ROW]], rows[lot[at.LOT_SHIPS_ROW]]
            sizes = rows[lot[at.LOT_SIZE_ROW]]
            for j in range(PAGE):
                pending[j] += sizes[j] if ships[j] == t else 0.0
            add(rows[ints[lot[at.LOT_SOURCE], at.LINE_STATE_ROW] + at.ASK], pending, PAGE)
    _shares(ints, part, rows)
    for i in range(part[at.PART_LOT_FROM], part[at.PART_LOT_TO]):
        lot = ints[i]
        if lot[at.LOT_SOURCE] >= 0:
            source, pending = ints[lot[at.LOT_SOURCE]], rows[lot[at.LOT_PENDING_ROW]]
            share = rows[source[at.LINE_STATE_ROW] + at.ASK]
            for j in range(PAGE):
                what[j] = pending[j] * share[j]
            for j in range(PAGE):
                pending[j] -= what[j]
            _take(source, what, rows, sums, first, n)
            to, arrives = ints[lot[at.LOT_LINE]], t + lot[at.LOT_TRANSIT]
            send(to, arrives, steps, what, 1.0, lot[at.LOT_LOST_ROW], rows, sums, first, n)
    _clear(ints, part, rows)
    for i in range(part[at.PART_HANDOVER_FROM], part[at.PART_HANDOVER_TO]):
        one = ints[i]
        if one[at.HANDOVER_START] <= t < one[at.HANDOVER_END]:
            asked = rows[ints[one[at.HANDOVER_SOURCE], at.LINE_STATE_ROW] + at.ASK]
            add(asked, rows[one[at.HANDOVER_RATE_ROW]], PAGE)
    _shares(ints, part, rows)
    for i in range(part[at.PART_HANDOVER_FROM], part[at.PART_HANDOVER_TO]):
        one = ints[i]
        if one[at.HANDOVER_START] <= t < one[at.HANDOVER_END]:
            source, rate = ints[one[at.HANDOVER_SOURCE]], rows[one[at.HANDOVER_RATE_ROW]]
            share = rows[source[at.LINE_STATE_ROW] + at.ASK]
            for j in range(PAGE):
                what[j] = rate[j] * share[j]
            _take(source, what, rows, sums, first, n)
            to, arrives = ints[one[at.HANDOVER_LINE]], t + one[at.HANDOVER_TRANSIT]
            send(to, arrives, steps, what, 1.0, one[at.HANDOVER_LOST_ROW], rows, sums, first, n)
