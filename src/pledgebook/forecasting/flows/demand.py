"""The kernel's demand side: what is wanted, what is used, and what is ordered again."""

from __future__ import annotations

import numpy as np

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.drawing import (
    compound_row,
    count_row,
    drawn,
    law_row,
    uniform,
)
from pledgebook.forecasting.flows.jit import inner, leaf, summing
from pledgebook.forecasting.flows.layout import Reals, Wholes
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import Words, fill_words
from pledgebook.forecasting.flows.rows import Row, copy, fill

__all__ = ["begin_events", "reorder", "use", "want"]

SHORT = 1e-9
"""The share of what is wanted below which what is missing is rounding."""


@inner
def begin_events(
    ints: Wholes, reals: Reals, line: Wholes, steps: int, page: int, rows: Reals, words: Words
) -> None:
    """Draw whether and when each event of a line happens, and add what it wants to each step."""
    extra = line[at.LINE_EVENTS_ROW]
    for t in range(steps):
        fill(rows[extra + t], 0.0)
    for e in range(line[at.LINE_EVENT_FROM], line[at.LINE_EVENT_TO]):
        event, happens = ints[e], rows[at.TEMP]
        fill_words(event[at.EVENT_KEY], page, 1, 0, words)
        for j in range(PAGE):
            happens[j] = 1.0 if uniform(words[j]) < reals[e, at.EVENT_CHANCE] else 0.0
        fill_words(event[at.EVENT_KEY], page, 0, 0, words)
        sizes, duration = rows[event[at.EVENT_SIZE_ROW]], event[at.EVENT_DURATION]
        for j in range(PAGE):
            if happens[j] > 0.0:
                late = (np.int64(words[j]) * event[at.EVENT_SPAN]) >> 32
                start = event[at.EVENT_EARLIEST] + late
                for t in range(start, min(start + duration, steps)):
                    rows[extra + t, j] += sizes[j] / duration


@leaf
def regime_at(ints: Wholes, line: Wholes, t: int) -> int:
    """Return the regime of a line at a step, -1 before the first."""
    found = -1
    for r in range(line[at.LINE_REGIME_FROM], line[at.LINE_REGIME_TO]):
        if ints[r, at.REGIME_START] <= t:
            found = r
    return found


@leaf
def want(
    ints: Wholes, data: Reals, codes: Wholes, line: Wholes, size: float, page: int, t: int,
    rows: Reals, words: Words,
) -> None:  # fmt: skip
    """Work out what is wanted at a step, on the average and with noise and events, and note where.

    Nothing is copied: without a calendar, noise and events it stands in the row of the level.
    """
    state = line[at.LINE_STATE_ROW]
    regime, kind = regime_at(ints, line, t), line[at.LINE_NOISE]
    base_row = state + at.BASE
    if regime < 0:
        fill(rows[base_row], 0.0)
    elif ints[regime, at.REGIME_SHAPE] < 0:
        base_row = ints[regime, at.REGIME_LEVEL_ROW]
    else:
        factor = data[ints[regime, at.REGIME_SHAPE] + t]
        level, out = rows[ints[regime, at.REGIME_LEVEL_ROW]], rows[base_row]
        for j in range(PAGE):
            out[j] = level[j] * factor
    base, wanted, want_row = rows[base_row], rows[state + at.WANT], base_row
    if kind != at.NO_NOISE:
        want_row = state + at.WANT
        fill_words(line[at.LINE_NOISE_KEY], page, t, 0, words)
        if kind == at.COUNT and line[at.LINE_LAW] >= 0:
            counts = rows[at.TEMP]
            count_row(words, base, size, counts)
            compound_row(
                codes, data, line[at.LINE_LAW], line[at.LINE_NOISE_KEY], page, t, words, counts,
                wanted,
            )  # fmt: skip
        elif kind == at.COUNT:
            count_row(words, base, size, wanted)
            for j in range(PAGE):
                wanted[j] *= size
        else:
            law_row(codes, data, line[at.LINE_LAW], words, wanted)
            for j in range(PAGE):
                wanted[j] *= base[j]
    if line[at.LINE_EVENTS_ROW] >= 0:
        before, extra = rows[want_row], rows[line[at.LINE_EVENTS_ROW] + t]
        want_row = state + at.WANT
        for j in range(PAGE):
            wanted[j] = before[j] + extra[j]
    notes = rows[state + at.NOTES]
    notes[at.NOTE_WANT], notes[at.NOTE_BASE] = want_row, base_row


@leaf
def use(line: Wholes, came: Row, t: int, n: int, rows: Reals) -> float:
    """Take in what came and use what is wanted as far as there is any.

    Returns in how many of the first n draws there is a gap, and works out the row of gaps.
    """
    state = line[at.LINE_STATE_ROW]
    stock, used, gap = rows[state + at.STOCK], rows[state + at.USE], rows[state + at.GAP]
    notes = rows[state + at.NOTES]
    wanted = rows[np.int64(notes[at.NOTE_WANT])]
    demand = wanted
    if line[at.LINE_BACKORDER]:
        demand = rows[state + at.OWED]
        for j in range(PAGE):
            demand[j] += wanted[j]
    if line[at.LINE_CUT]:
        reserve = rows[line[at.LINE_RESERVE_ROW]]
        for j in range(PAGE):
            stock[j] += came[j]
        for j in range(PAGE):
            used[j] = min(demand[j], max(stock[j] - reserve[j], 0.0))
        for j in range(PAGE):
            stock[j] -= used[j]
    else:
        take_in(stock, came, demand, used, notes)
    short = work_out_gap(demand, used, wanted, gap, notes, n)
    if short > 0.0:
        notes[at.NOTE_DRIED] = mark_dry(wanted, gap, rows[state + at.DRY], float(t), n)
    if line[at.LINE_BACKORDER]:
        copy(demand, gap)
    if line[at.LINE_SHELF]:
        outflow = rows[state + at.OUTFLOW]
        for j in range(PAGE):
            outflow[j] += used[j]
    return short


@summing
def take_in(stock: Row, came: Row, demand: Row, used: Row, notes: Row) -> None:
    """Take in what came, use what is wanted, and note the mean and squares of a whole page."""
    pivot = max(stock[0] + came[0] - demand[0], 0.0)
    stock_first, stock_second = 0.0, 0.0
    for j in range(PAGE):
        there = stock[j] + came[j]
        taken = min(demand[j], there)
        left = there - taken
        used[j] = taken
        stock[j] = left
        d = left - pivot
        stock_first += d
        stock_second += d * d
    shift = stock_first / PAGE
    notes[at.NOTE_STOCK_MEAN] = pivot + shift
    notes[at.NOTE_STOCK_SQUARES] = max(stock_second - stock_first * shift, 0.0)


@summing
def work_out_gap(demand: Row, used: Row, wanted: Row, gap: Row, notes: Row, n: int) -> float:
    """Work out the gap, and note the mean and squares of a whole page of it and of what was used.

    Returns in how many of the first n draws the gap is more than rounding.
    """
    at_use, at_gap = used[0], demand[0] - used[0]
    short = 0.0
    use_first, use_second, gap_first, gap_second = 0.0, 0.0, 0.0, 0.0
    for j in range(PAGE):
        gap[j] = demand[j] - used[j]
        short += 1.0 if gap[j] > SHORT * wanted[j] else 0.0
        d = used[j] - at_use
        use_first += d
        use_second += d * d
        d = gap[j] - at_gap
        gap_first += d
        gap_second += d * d
    for j in range(n, PAGE):
        short -= 1.0 if gap[j] > SHORT * wanted[j] else 0.0
    use_shift, gap_shift = use_first / PAGE, gap_first / PAGE
    notes[at.NOTE_USE_MEAN], notes[at.NOTE_GAP_MEAN] = at_use + use_shift, at_gap + gap_shift
    notes[at.NOTE_USE_SQUARES] = max(use_second - use_first * use_shift, 0.0)
    notes[at.NOTE_GAP_SQUARES] = max(gap_second - gap_first * gap_shift, 0.0)
    return short


@summing
def mark_dry(wanted: Row, gap: Row, dry: Row, t: float, n: int) -> float:
    """Note the step of each draw's first gap, and return how many of the first n have had one."""
    for j in range(PAGE):
        dry[j] = min(dry[j], t) if gap[j] > SHORT * wanted[j] else dry[j]
    dried = 0.0
    for j in range(n):
        dried += 1.0 if dry[j] <= t else 0.0
    return dried


@inner
def reorder(
    ints: Wholes, reals: Reals, data: Reals, codes: Wholes, line: Wholes, year: int, steps: int,
    page: int, t: int, rows: Reals, words: Words, sums: Reals, n: int,
) -> None:  # fmt: skip
    """Order again at the end of a step, where the policy says so and the budget allows it."""
    policy, terms, state = ints[line[at.LINE_REORDER]], reals[line[at.LINE_REORDER]], line[0]
    stock, owed, cost = rows[state + at.STOCK], rows[state + at.OWED], rows[state + at.COST]
    spent, on_order = rows[state + at.SPENT], rows[state + at.ON_ORDER]
    fill(cost, 0.0)
    if t % year == 0:
        fill(spent, 0.0)
    if (t + 1) % policy[at.REORDER_EVERY] != 0:
        return
    if policy[at.REORDER_LAW] >= 0:
        fill_words(policy[at.REORDER_KEY], page, t, 0, words)
    place = line[at.LINE_SUMS]
    for j in range(PAGE):
        position = stock[j] + on_order[j] - owed[j]
        left = terms[at.REORDER_BUDGET] - spent[j]
        size = _order(terms, policy[at.REORDER_BY_LOT], position, left)
        if size <= 0.0:
            continue
        lead = policy[at.REORDER_LEAD]
        if policy[at.REORDER_LAW] >= 0:
            lead = np.int64(drawn(codes, data, policy[at.REORDER_LAW], words[j]))
        on_order[j] += size
        cost[j] = terms[at.REORDER_ORDER_COST] + terms[at.REORDER_UNIT_COST] * size
        spent[j] += cost[j]
        if t + lead < steps:
            rows[line[at.LINE_ORDERED_ROW] + t + lead, j] += size
        if place >= 0 and j < n:
            sums[place + at.SENT, page * PAGE + j] += size
            if t + lead >= steps:
                sums[place + at.UNDER_WAY, page * PAGE + j] += size


@leaf
def _order(terms: Reals, by_lot: int, position: float, budget: float) -> float:
    """Return how much is ordered at an inventory position with what is left of a budget."""
    point, to, left = terms[at.REORDER_POINT], terms[at.REORDER_TO], budget
    left -= terms[at.REORDER_ORDER_COST]
    if position > point or left < 0.0:
        return 0.0
    size = to - position
    if by_lot:
        size = to * (np.floor((point - position) / to) + 1.0)
    if size * terms[at.REORDER_UNIT_COST] > left:
        size = left / terms[at.REORDER_UNIT_COST]
        if by_lot:
            size = to * np.floor(size / to)
    return float(size)
