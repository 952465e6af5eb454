"""The kernel: plays components forward, a page of draws at a time, and measures each step.

The order of events within a step is that of `_play_step` and, for each line, of `_play_line`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.demand import begin_events, reorder, use, want
from pledgebook.forecasting.flows.drawing import amount_row
from pledgebook.forecasting.flows.giving import give
from pledgebook.forecasting.flows.jit import compiled, inner, leaf, phase
from pledgebook.forecasting.flows.layout import Reals, Tables, Wholes
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import Words
from pledgebook.forecasting.flows.rows import (
    Row,
    add,
    add_at,
    batch,
    copy,
    fill,
    keep,
    merge,
    tally,
)
from pledgebook.forecasting.flows.supply import (
    age,
    begin_lot,
    begin_works,
    expire,
    make,
    measure_works,
)

__all__ = ["play"]

Tracks = NDArray[np.float32]


@compiled
def play(
    tables: Tables, first: int, last: int, page_from: int, page_to: int, draws: int, cells: Reals,
    tracks: Tracks, track_from: int, sums: Reals, rows: Reals, words: Words,
) -> None:  # fmt: skip
    """Play the components from `first` to before `last` with the draws of some pages.

    `cells` (cells, steps, 2) receives the mean and the sum of the squared distances from it of all
    that is measured, over the draws of these pages. `tracks` (rows, draws) receives the draws that
    are kept: the row of a slot at a step is slot * steps + step - `track_from`. `sums` (rows,
    draws) receives the sums over the horizon.
    """
    ints, reals, data, codes = tables
    for c in range(first, last):
        part = ints[c]
        cells[part[at.PART_CELL_FROM] : part[at.PART_CELL_TO]] = 0.0
        for page in range(page_from, page_to):
            n = min(PAGE, draws - page * PAGE)
            seen = (page - page_from) * PAGE
            _begin(ints, reals, data, codes, part, page, n, rows, words, sums)
            for t in range(part[at.PART_STEPS]):
                _play_step(
                    ints, reals, data, codes, part, page, seen, n, t, rows, words, cells, tracks,
                    track_from, sums,
                )  # fmt: skip
            _end(ints, part, page, n, rows, sums)


@inner
def _begin(
    ints: Wholes, reals: Reals, data: Reals, codes: Wholes, part: Wholes, page: int, n: int,
    rows: Reals, words: Words, sums: Reals,
) -> None:  # fmt: skip
    """Draw what is drawn once a draw, and lay out the start."""
    first, steps = page * PAGE, part[at.PART_STEPS]
    for a in range(part[at.PART_AMOUNT_FROM], part[at.PART_AMOUNT_TO]):
        amount_row(ints[a], reals[a], page, words, rows[ints[a, at.AMOUNT_ROW]])
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        line = ints[i]
        state, opening = line[at.LINE_STATE_ROW], rows[line[at.LINE_OPENING_ROW]]
        for row in range(state + at.USE, state + at.STATES):
            fill(rows[row], 0.0)
        copy(rows[state + at.STOCK], opening)
        fill(rows[state + at.DRY], float(steps))
        coming, ordered = line[at.LINE_COMING_ROW], line[at.LINE_ORDERED_ROW]
        rows[coming : coming + steps + 1] = 0.0
        if ordered >= 0:
            rows[ordered : ordered + steps] = 0.0
        if line[at.LINE_EVENTS_ROW] >= 0:
            begin_events(ints, reals, line, steps, page, rows, words)
        if line[at.LINE_SUMS] >= 0:
            for row in range(line[at.LINE_SUMS], line[at.LINE_SUMS] + len(at.BALANCES)):
                sums[row, first : first + n] = 0.0
            add_at(sums[line[at.LINE_SUMS] + at.OPENING], first, opening, n)
    for i in range(part[at.PART_LOT_FROM], part[at.PART_LOT_TO]):
        lot, weight = ints[i], reals[i, at.LOT_WEIGHT]
        line = ints[lot[at.LOT_LINE]]
        begin_lot(lot, weight, line, steps, data, codes, page, n, rows, words, sums)
    for i in range(part[at.PART_WORKS_FROM], part[at.PART_WORKS_TO]):
        if ints[i, at.WORKS_SUMS] >= 0:
            for row in range(ints[i, at.WORKS_SUMS], ints[i, at.WORKS_SUMS] + 2):
                sums[row, first : first + n] = 0.0
        begin_works(ints, reals, i, page, rows, words)


@inner
def _end(ints: Wholes, part: Wholes, page: int, n: int, rows: Reals, sums: Reals) -> None:
    """Close the books of a page."""
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        place, state = ints[i, at.LINE_SUMS], ints[i, at.LINE_STATE_ROW]
        if place >= 0:
            add_at(sums[place + at.CLOSING], page * PAGE, rows[state + at.STOCK], n)
            add_at(sums[place + at.RUN_DRY], page * PAGE, rows[state + at.DRY], n)


@phase
def _play_step(
    ints: Wholes, reals: Reals, data: Reals, codes: Wholes, part: Wholes, page: int, seen: int,
    n: int, t: int, rows: Reals, words: Words, cells: Reals, tracks: Tracks, track_from: int,
    sums: Reals,
) -> None:  # fmt: skip
    """Shelves, works; then each line takes in, uses, lets expire and orders."""
    first, steps = page * PAGE, part[at.PART_STEPS]
    here = t - track_from
    if t == 0:  # what is too old to begin with
        for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
            if ints[i, at.LINE_SHELF]:
                expire(ints[i], data, 0, rows, sums, first, n)
    if part[at.PART_GIVES]:
        give(ints, part, t, rows, sums, first, n)
    for i in range(part[at.PART_WORKS_FROM], part[at.PART_WORKS_TO]):
        make(ints, reals, i, t, steps, rows, sums, first, n)
        measure_works(ints[i], cells[ints[i, at.WORKS_CELL], t], seen, n, rows)
        slots = ints[i, at.WORKS_SLOTS]
        if slots >= 0:
            made = rows[ints[i, at.WORKS_MADE_ROW]]
            keep(tracks, codes[slots + at.FLOW_OUTPUT], steps, here, made, first, n)
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        line = ints[i]
        came = rows[line[at.LINE_COMING_ROW] + t]
        if line[at.LINE_ORDERED_ROW] >= 0:
            due = rows[line[at.LINE_ORDERED_ROW] + t]
            on_order = rows[line[at.LINE_STATE_ROW] + at.ON_ORDER]
            for j in range(PAGE):
                came[j] += due[j]
                on_order[j] -= due[j]
        short = 0.0
        if line[at.LINE_USED]:
            want(ints, data, codes, line, reals[i, at.LINE_SIZE], page, t, rows, words)
            short = use(line, came, t, n, rows)
        else:
            add(rows[line[at.LINE_STATE_ROW] + at.STOCK], came, PAGE)
        if line[at.LINE_SHELF]:
            expire(line, data, t + 1, rows, sums, first, n)
        if line[at.LINE_REORDER] >= 0:
            reorder(
                ints, reals, data, codes, line, part[at.PART_YEAR], steps, page, t, rows, words,
                sums, n,
            )  # fmt: skip
        _measure(line, came, short, seen, n, t, rows, cells)
        if line[at.LINE_SUMS] >= 0:
            _sum(line, came, first, n, rows, sums)
        if line[at.LINE_SLOTS] >= 0:
            state, slots = line[at.LINE_STATE_ROW], line[at.LINE_SLOTS]
            keep(tracks, codes[slots + at.FLOW_ARRIVALS], steps, here, came, first, n)
            if line[at.LINE_USED]:
                _follow(line, came, data[t], seen, n, t, rows, cells)
                wanted = rows[np.int64(rows[state + at.NOTES, at.NOTE_WANT])]
                keep(tracks, codes[slots + at.FLOW_WANTED], steps, here, wanted, first, n)
            for k in range(len(KEPT)):
                flow, row = KEPT[k]
                keep(tracks, codes[slots + flow], steps, here, rows[state + row], first, n)
    for i in range(part[at.PART_TOTAL_FROM], part[at.PART_TOTAL_TO]):
        _sum_total(ints, i, seen, n, t, steps, rows, cells, codes, tracks, track_from, first)
    for i in range(part[at.PART_LINE_FROM], part[at.PART_LINE_TO]):
        if ints[i, at.LINE_SHELF]:
            age(ints[i], t, rows)


KEPT = (
    (at.FLOW_STOCK, at.STOCK), (at.FLOW_USE, at.USE),
    (at.FLOW_GAP, at.GAP), (at.FLOW_COST, at.COST), (at.FLOW_NEEDED, at.NEEDED),
    (at.FLOW_DAYS, at.DAYS),
)  # fmt: skip
"""The rows of a line's state by flow; the other flows have rows elsewhere."""


@leaf
def _measure(
    line: Wholes, came: Row, short: float, seen: int, n: int, t: int, rows: Reals, cells: Reals
) -> None:
    """Add a step of a line to its means, squares and chances.

    What `use` has summed on the way is not summed again, nor what is wanted where it stands in the
    row of a level.
    """
    state, cell = line[at.LINE_STATE_ROW], line[at.LINE_CELL]
    notes = rows[state + at.NOTES]
    if n == PAGE and line[at.LINE_PLAIN]:
        mean, squares = notes[at.NOTE_STOCK_MEAN], notes[at.NOTE_STOCK_SQUARES]
        merge(cells[cell + at.FLOW_STOCK, t], seen, n, mean, squares)
    else:
        tally(cells[cell + at.FLOW_STOCK, t], rows[state + at.STOCK], seen, n)
    tally(cells[cell + at.FLOW_ARRIVALS, t], came, seen, n)
    if line[at.LINE_USED]:
        if (
            notes[at.NOTE_WANT] != notes[at.NOTE_OF]
            or state <= notes[at.NOTE_WANT] < state + at.STATES
        ):
            mean, squares = batch(rows[np.int64(notes[at.NOTE_WANT])], n)
            notes[at.NOTE_MEAN], notes[at.NOTE_SQUARES] = mean, squares
            notes[at.NOTE_OF] = notes[at.NOTE_WANT]
        mean, squares = notes[at.NOTE_MEAN], notes[at.NOTE_SQUARES]
        merge(cells[cell + at.FLOW_WANTED, t], seen, n, mean, squares)
        if n < PAGE:
            tally(cells[cell + at.FLOW_USE, t], rows[state + at.USE], seen, n)
            tally(cells[cell + at.FLOW_GAP, t], rows[state + at.GAP], seen, n)
        else:
            mean, squares = notes[at.NOTE_USE_MEAN], notes[at.NOTE_USE_SQUARES]
            merge(cells[cell + at.FLOW_USE, t], seen, n, mean, squares)
            mean, squares = notes[at.NOTE_GAP_MEAN], notes[at.NOTE_GAP_SQUARES]
            merge(cells[cell + at.FLOW_GAP, t], seen, n, mean, squares)
    if line[at.LINE_REORDER] >= 0:
        tally(cells[cell + at.FLOW_COST, t], rows[state + at.COST], seen, n)
    cells[cell + at.CHANCES, t, 0] += n - short
    cells[cell + at.CHANCES, t, 1] += notes[at.NOTE_DRIED]


@inner
def _sum(line: Wholes, came: Row, first: int, n: int, rows: Reals, sums: Reals) -> None:
    """Add a step of a line to its sums over the horizon."""
    state, place = line[at.LINE_STATE_ROW], line[at.LINE_SUMS]
    add_at(sums[place + at.ARRIVED], first, came, n)
    add_at(sums[place + at.USED], first, rows[state + at.USE], n)
    if line[at.LINE_USED]:
        wanted = rows[np.int64(rows[state + at.NOTES, at.NOTE_WANT])]
        add_at(sums[place + at.WANTED], first, wanted, n)
    add_at(sums[place + at.PAID], first, rows[state + at.COST], n)


@inner
def _follow(
    line: Wholes, came: Row, step_days: float, seen: int, n: int, t: int, rows: Reals, cells: Reals
) -> None:
    """Work out the opening stock that would have been enough so far, and the days of supply."""
    state, cell, notes = line[at.LINE_STATE_ROW], line[at.LINE_CELL], rows[line[0] + at.NOTES]
    wanted, base = rows[np.int64(notes[at.NOTE_WANT])], rows[np.int64(notes[at.NOTE_BASE])]
    running, needed = rows[state + at.RUNNING], rows[state + at.NEEDED]
    for j in range(PAGE):
        running[j] += wanted[j] - came[j]
        needed[j] = max(needed[j], running[j])
    stock, days = rows[state + at.STOCK], rows[state + at.DAYS]
    for j in range(PAGE):
        days[j] = stock[j] / base[j] * step_days if base[j] > 0.0 else np.inf
    tally(cells[cell + at.FLOW_NEEDED, t], needed, seen, n)
    tally(cells[cell + at.FLOW_DAYS, t], days, seen, n)


@inner
def _sum_total(
    ints: Wholes, i: int, seen: int, n: int, t: int, steps: int, rows: Reals, cells: Reals,
    codes: Wholes, tracks: Tracks, track_from: int, first: int,
) -> None:  # fmt: skip
    """Measure a total: the sum of the rows of its members."""
    total, row = ints[i], rows[at.TEMP]
    for flow in range(at.TOTAL_CELLS):
        fill(row, 0.0)
        for k in range(total[at.TOTAL_MEMBER_FROM], total[at.TOTAL_MEMBER_TO]):
            member = ints[ints[k, at.MEMBER_RECORD]]
            if ints[k, at.MEMBER_WORKS]:
                if flow == at.FLOW_OUTPUT:
                    add(row, rows[member[at.WORKS_MADE_ROW]], PAGE)
            elif flow == at.FLOW_ARRIVALS:
                add(row, rows[member[at.LINE_COMING_ROW] + t], PAGE)
            elif flow == at.FLOW_WANTED:
                if member[at.LINE_USED]:
                    notes = rows[member[at.LINE_STATE_ROW] + at.NOTES]
                    add(row, rows[np.int64(notes[at.NOTE_WANT])], PAGE)
            elif flow != at.FLOW_OUTPUT:
                add(row, rows[member[at.LINE_STATE_ROW] + TOTALLED[flow]], PAGE)
        tally(cells[total[at.TOTAL_CELL] + flow, t], row, seen, n)
        if total[at.TOTAL_SLOTS] >= 0:
            slot = codes[total[at.TOTAL_SLOTS] + flow]
            keep(tracks, slot, steps, t - track_from, row, first, n)


TOTALLED = (at.STOCK, -1, -1, at.USE, at.GAP, at.COST)
