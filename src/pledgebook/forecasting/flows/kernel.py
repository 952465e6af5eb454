"""The kernel: plays components forward, a page of draws at a time, and measures each step.

The order of events within a step is that of `play_step`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.demand import (
    begin_events,
    count_short,
    mark_dry,
    regime_at,
    reorder,
    subtract,
    take_orders,
    use,
    want,
)
from pledgebook.forecasting.flows.drawing import amount_row
from pledgebook.forecasting.flows.giving import give
from pledgebook.forecasting.flows.jit import compiled, inner
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.rows import add, add_at, fill, keep, tally
from pledgebook.forecasting.flows.scratch import (
    ARRIVED,
    BASE,
    CLOSING,
    COST,
    DAYS,
    DRY,
    GAP,
    NEEDED,
    ON_ORDER,
    OPENING,
    OUTFLOW,
    OWED,
    PAID,
    RUN_DRY,
    RUNNING,
    SPENT,
    STOCK,
    USE,
    USED,
    WANT,
    WANTED,
    Scratch,
    make_scratch,
)
from pledgebook.forecasting.flows.supply import begin_lots, begin_works, expire, make

__all__ = ["Measures", "play"]

Floats = NDArray[np.float64]
F_STOCK, F_CAME, F_WANT, F_USE, F_GAP, F_COST, F_OUTPUT, F_NEEDED, F_DAYS = range(9)
ROWS = (STOCK, -1, WANT, USE, GAP, COST)
"""The rows of a line's state by flow; what came in has a row elsewhere."""


class Measures(NamedTuple):
    """Where the kernel puts what it measures.

    `lines` and `totals` are (things, steps, flows, 2), `works` (works, steps, 2): the mean and the
    sum of the squared distances from it. `chances` is (lines, steps, 2): in how many draws all that
    is wanted was there, and in how many there had been a gap by then. `tracks` (rows, draws) has
    the draws that are kept: the row of a slot at a step is slot * steps + step - `track_from`.
    `sums` is (lines, BALANCES, draws), `made` (works, 2, draws).
    """

    lines: Floats
    chances: Floats
    works: Floats
    totals: Floats
    tracks: NDArray[np.float32]
    track_from: int
    sums: Floats
    made: Floats


@compiled
def play(
    tables: Tables, first: int, last: int, page_from: int, page_to: int, draws: int, m: Measures
) -> None:
    """Play the components from `first` to before `last` with the draws of some pages."""
    s = make_scratch(tables, first, last)
    for c in range(first, last):
        part = tables.components[c]
        m.lines[part["line_from"] : part["line_to"]] = 0.0
        m.chances[part["line_from"] : part["line_to"]] = 0.0
        m.works[part["works_from"] : part["works_to"]] = 0.0
        m.totals[part["total_from"] : part["total_to"]] = 0.0
        for page in range(page_from, page_to):
            n = min(PAGE, draws - page * PAGE)
            seen = (page - page_from) * PAGE
            _begin(tables, part, page, n, s, m)
            for t in range(len(tables.step_days)):
                _play_step(tables, part, page, seen, n, t, s, m)
            _end(tables, part, page, n, s, m)


@inner
def _begin(tables: Tables, part: np.void, page: int, n: int, s: Scratch, m: Measures) -> None:
    """Draw what is drawn once a draw, and lay out the start."""
    for a in range(part["amount_from"], part["amount_to"]):
        spec = tables.amounts[a]
        amount_row(spec, page, s.words, s.tied, s.amounts[a - part["amount_from"]])
    steps = len(tables.step_days)
    for i in range(part["line_from"], part["line_to"]):
        line, place = tables.lines[i], i - part["line_from"]
        state = s.state[place]
        for row in (OUTFLOW, OWED, ON_ORDER, SPENT, RUNNING, NEEDED, COST):
            fill(state[row], 0.0)
        fill(state[DRY], steps)
        opening = s.amounts[line["opening"]]
        for j in range(PAGE):
            state[STOCK, j] = opening[j]
        s.coming[place] = 0.0
        s.dried[place] = 0.0
        if line["reorder"] >= 0:
            s.ordered[place] = 0.0
        begin_events(tables, line, place, page, s)
        if line["balance"] >= 0:
            m.sums[line["balance"], :, page * PAGE : page * PAGE + n] = 0.0
            add_at(m.sums[line["balance"], OPENING], page * PAGE, opening, n)
    for w in range(part["works_from"], part["works_to"]):
        if tables.works[w]["balance"] >= 0:
            m.made[tables.works[w]["balance"], :, page * PAGE : page * PAGE + n] = 0.0
    begin_lots(tables, part, page, n, s, m.sums)
    begin_works(tables, part, page, s)


@inner
def _end(tables: Tables, part: np.void, page: int, n: int, s: Scratch, m: Measures) -> None:
    """Close the books of a page."""
    for i in range(part["line_from"], part["line_to"]):
        line, state = tables.lines[i], s.state[i - part["line_from"]]
        if line["balance"] >= 0:
            add_at(m.sums[line["balance"], CLOSING], page * PAGE, state[STOCK], n)
            add_at(m.sums[line["balance"], RUN_DRY], page * PAGE, state[DRY], n)


@inner
def _play_step(tables: Tables, part: np.void, page: int, seen: int, n: int, t: int, s: Scratch,
               m: Measures) -> None:  # fmt: skip
    first = page * PAGE
    for i in range(part["line_from"], part["line_to"]):
        if tables.lines[i]["shelf"]:
            expire(tables, tables.lines[i], i - part["line_from"], t, s, m.sums, first, n)
    give(tables, part, t, s, m.sums, first, n)
    for w in range(part["works_from"], part["works_to"]):
        place = w - part["works_from"]
        make(tables, part, tables.works[w], place, t, s, m.sums, m.made, first, n)
        tally(m.works[w, t], s.made[place], seen, n)
        slots = tables.works[w]["slots"]
        if slots >= 0:
            slot = tables.slots[slots, F_OUTPUT]
            _keep(tables, slot, s.made[place], t, first, n, m)
    for i in range(part["line_from"], part["line_to"]):
        _play_line(tables, part, i, page, seen, n, t, s, m)
    for i in range(part["total_from"], part["total_to"]):
        _sum_total(tables, part, i, seen, n, t, first, s, m)
    _age(tables, part, t, s)


@inner
def _play_line(tables: Tables, part: np.void, i: int, page: int, seen: int, n: int, t: int,
               s: Scratch, m: Measures) -> None:  # fmt: skip
    """Let a line take in, use and order, and measure it."""
    line, place, first = tables.lines[i], i - part["line_from"], page * PAGE
    state, came = s.state[place], s.coming[place, t]
    if line["reorder"] >= 0:
        take_orders(place, t, came, s)
    if line["used"]:
        want(tables, line, place, regime_at(tables, line, t), page, t, s)
    use(line, place, came, s)
    gap = state[OWED] if line["backorder"] else state[GAP]
    short = 0.0
    if line["used"]:
        if not line["backorder"]:
            subtract(state[WANT], state[USE], gap)
        short = count_short(state[WANT], gap, n)
        if short > 0.0:
            s.dried[place] = mark_dry(state[WANT], gap, state[DRY], t, n)
    if line["reorder"] >= 0:
        reorder(tables, line, place, page, t, s, m.sums, n)
        tally(m.lines[i, t, F_COST], state[COST], seen, n)
    cells = m.lines[i, t]
    tally(cells[F_STOCK], state[STOCK], seen, n)
    tally(cells[F_CAME], came, seen, n)
    if line["used"]:
        tally(cells[F_WANT], state[WANT], seen, n)
        tally(cells[F_USE], state[USE], seen, n)
        tally(cells[F_GAP], gap, seen, n)
    m.chances[i, t, 0] += n - short
    m.chances[i, t, 1] += s.dried[place]
    if line["balance"] >= 0:
        sums = m.sums[line["balance"]]
        add_at(sums[ARRIVED], first, came, n)
        add_at(sums[USED], first, state[USE], n)
        add_at(sums[WANTED], first, state[WANT], n)
        add_at(sums[PAID], first, state[COST], n)
    if line["slots"] >= 0:
        _follow(tables.step_days[t], state, came)
        tally(cells[F_NEEDED], state[NEEDED], seen, n)
        tally(cells[F_DAYS], state[DAYS], seen, n)
        slots = tables.slots[line["slots"]]
        for flow, row in (
            (F_STOCK, state[STOCK]), (F_CAME, came), (F_WANT, state[WANT]), (F_USE, state[USE]),
            (F_GAP, gap), (F_COST, state[COST]), (F_NEEDED, state[NEEDED]), (F_DAYS, state[DAYS]),
        ):  # fmt: skip
            _keep(tables, slots[flow], row, t, first, n, m)


@inner
def _follow(step_days: float, state: Floats, came: Floats) -> None:
    """Work out the opening stock that would have been enough so far, and the days of supply."""
    wanted, running, needed = state[WANT], state[RUNNING], state[NEEDED]
    for j in range(PAGE):
        running[j] += wanted[j] - came[j]
        needed[j] = max(needed[j], running[j])
    stock, base, days = state[STOCK], state[BASE], state[DAYS]
    for j in range(PAGE):
        days[j] = stock[j] / base[j] * step_days if base[j] > 0.0 else np.inf


@inner
def _keep(tables: Tables, slot: int, row: Floats, t: int, first: int, n: int, m: Measures) -> None:
    if slot >= 0:
        keep(m.tracks, slot * len(tables.step_days) + t - m.track_from, row, first, n)


@inner
def _sum_total(tables: Tables, part: np.void, i: int, seen: int, n: int, t: int, first: int,
               s: Scratch, m: Measures) -> None:  # fmt: skip
    """Measure a total: the sum of the rows of its members."""
    total, row = tables.totals[i], s.temp[0]
    for flow in range(F_OUTPUT + 1):
        fill(row, 0.0)
        for k in range(total["member_from"], total["member_to"]):
            member = tables.members[k]
            if member < 0:
                if flow == F_OUTPUT:
                    add(row, s.made[-1 - member], PAGE)
            elif flow == F_CAME:
                add(row, s.coming[member, t], PAGE)
            elif flow == F_GAP and tables.lines[part["line_from"] + member]["backorder"]:
                add(row, s.state[member, OWED], PAGE)
            elif flow != F_OUTPUT:
                add(row, s.state[member, ROWS[flow]], PAGE)
        tally(m.totals[i, t, flow], row, seen, n)
        if total["slots"] >= 0:
            _keep(tables, tables.slots[total["slots"], flow], row, t, first, n, m)


@inner
def _age(tables: Tables, part: np.void, t: int, s: Scratch) -> None:
    """Turn what came in at a step into what has come in by its end, for the shelf lives."""
    for i in range(part["line_from"], part["line_to"]):
        line, place = tables.lines[i], i - part["line_from"]
        if line["shelf"]:
            before = s.coming[place, t - 1] if t else s.amounts[line["opening"]]
            add(s.coming[place, t], before, PAGE)
