"""The kernel's supply side: what lots bring, what expires, what works make."""

from __future__ import annotations

import numpy as np

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.drawing import law_row, tied_words, uniform
from pledgebook.forecasting.flows.giving import send
from pledgebook.forecasting.flows.jit import inner, leaf
from pledgebook.forecasting.flows.layout import Reals, Wholes
from pledgebook.forecasting.flows.normal import fma
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import Words, fill_words
from pledgebook.forecasting.flows.rows import Row, add, add_at, batch, copy, fill, merge

__all__ = ["age", "begin_lot", "begin_works", "expire", "make", "measure_works"]


@inner
def begin_lot(
    lot: Wholes, weight: float, line: Wholes, steps: int, data: Reals, codes: Wholes, page: int,
    n: int, rows: Reals, words: Words, sums: Reals,
) -> None:  # fmt: skip
    """Draw when a lot arrives; put it there, or note when it leaves its shelf."""
    step, work = rows[at.TEMP], rows[at.POOL]
    tied_words(lot[at.LOT_KEY], lot[at.LOT_TIE], weight, page, words, work)
    law_row(codes, data, lot[at.LOT_LAW], words, step)
    if lot[at.LOT_SOURCE] >= 0:
        fill(rows[lot[at.LOT_PENDING_ROW]], 0.0)
        ships, transit = rows[lot[at.LOT_SHIPS_ROW]], float(lot[at.LOT_TRANSIT])
        for j in range(PAGE):
            ships[j] = max(step[j] - transit, 0.0) if step[j] < steps else float(steps)
        return
    sizes, lost_row = rows[lot[at.LOT_SIZE_ROW]], lot[at.LOT_LOST_ROW]
    arrives = sizes
    if lost_row >= 0:
        arrives, lost = work, rows[lost_row]
        for j in range(PAGE):
            arrives[j] = sizes[j] - sizes[j] * lost[j]
    coming, place = np.uint64(line[at.LINE_COMING_ROW]), line[at.LINE_SUMS]
    for j in range(PAGE):  # what does not arrive within the horizon goes to the row after it
        rows[coming + np.uint64(np.int64(step[j])), j] += arrives[j]
    if place >= 0:
        for j in range(n):
            if step[j] < steps:
                sums[place + at.SENT, page * PAGE + j] += sizes[j]
                sums[place + at.LOST, page * PAGE + j] += sizes[j] - arrives[j]


@inner
def begin_works(ints: Wholes, reals: Reals, i: int, page: int, rows: Reals, words: Words) -> None:
    """Draw the restart and the ramps of a works, and lay out its order backlogs.

    A ramp is laid out as its start, half its slope and its rise over the rate before it.
    """
    works = ints[i]
    start, rate = rows[works[at.WORKS_START_ROW]], rows[works[at.WORKS_MADE_ROW]]
    copy(start, rows[works[at.WORKS_IDLE_ROW]])
    copy(rate, rows[works[at.WORKS_RATE_ROW]])
    never = reals[i, at.WORKS_NEVER]
    if never > 0.0:
        fill_words(works[at.WORKS_KEY], page, 0, 0, words)
        for j in range(PAGE):
            start[j] = np.inf if uniform(words[j]) < never else start[j]
    moves, rests = np.inf, 0.0
    if works[at.WORKS_STARTS]:
        moves = 0.0
        for j in range(PAGE):
            rests = max(rests, start[j] if start[j] < np.inf else 0.0)
    for r in range(works[at.WORKS_RAMP_FROM], works[at.WORKS_RAMP_TO]):
        ramp, never = ints[r], reals[r, at.RAMP_NEVER]
        if never > 0.0:
            fill_words(ramp[at.RAMP_KEY], page, 0, 0, words)
        begins, delay = rows[ramp[at.RAMP_ROW]], rows[ramp[at.RAMP_DELAY_ROW]]
        length, to = rows[ramp[at.RAMP_LENGTH_ROW]], rows[ramp[at.RAMP_TO_ROW]]
        half, rise = rows[ramp[at.RAMP_ROW] + 1], rows[ramp[at.RAMP_ROW] + 2]
        for j in range(PAGE):
            begins[j] = delay[j]
            half[j] = 0.5 / length[j] if length[j] > 0.0 else 0.0
        for j in range(PAGE):
            moves = min(moves, delay[j])
            rests = max(rests, delay[j] + length[j])
        for j in range(PAGE):
            rise[j] = to[j] - rate[j]
        if never > 0.0:
            for j in range(PAGE):
                rise[j] *= np.float64(uniform(words[j]) >= never)
        add(rate, rise, PAGE)
    copy(rate, rows[works[at.WORKS_RATE_ROW]])
    notes = rows[works[at.WORKS_NOTES_ROW]]
    notes[at.NOTE_MOVES], notes[at.NOTE_RESTS], notes[at.NOTE_SAME] = moves, rests, 0.0
    for c in range(works[at.WORKS_CUSTOMER_FROM], works[at.WORKS_CUSTOMER_TO]):
        left = rows[ints[c, at.CUSTOMER_ROW]]
        if ints[c, at.CUSTOMER_BACKLOG_ROW] < 0:
            fill(left, np.inf)
        else:
            copy(left, rows[ints[c, at.CUSTOMER_BACKLOG_ROW]])


@inner
def expire(line: Wholes, data: Reals, t: int, rows: Reals, sums: Reals, first: int, n: int) -> None:
    """Take what can no longer be used at the step t off the stock.

    What goes out first is the oldest: so what has come in by the step a shelf life ago and has not
    gone out by now is too old.
    """
    shelf, state = line[at.LINE_SHELF], line[at.LINE_STATE_ROW]
    stock, outflow, old = rows[state + at.STOCK], rows[state + at.OUTFLOW], rows[at.TEMP]
    before = rows[line[at.LINE_OPENING_ROW]]
    share = 1.0
    if t < shelf:
        share = data[line[at.LINE_AGES] + t]
    elif shelf > 1:
        before = rows[line[at.LINE_COMING_ROW] + t - shelf]
    for j in range(PAGE):
        old[j] = min(max(before[j] * share - outflow[j], 0.0), stock[j])
    if shelf == 1 and t > 0:  # all of it, and what came in at this step is not summed up yet
        copy(old, stock)
    for j in range(PAGE):
        stock[j] -= old[j]
        outflow[j] += old[j]
    if line[at.LINE_SUMS] >= 0:
        add_at(sums[line[at.LINE_SUMS] + at.EXPIRED], first, old, n)


@inner
def age(line: Wholes, t: int, rows: Reals) -> None:
    """Turn what came in at a step into what has come in by its end, opening stock included."""
    came = rows[line[at.LINE_COMING_ROW] + t]
    before = rows[line[at.LINE_COMING_ROW] + t - 1 if t else line[at.LINE_OPENING_ROW]]
    for j in range(PAGE):
        came[j] += before[j]


@leaf
def make(
    ints: Wholes, reals: Reals, i: int, t: int, steps: int, rows: Reals, sums: Reals, first: int,
    n: int,
) -> None:  # fmt: skip
    """Let a works make, and send what it made to its customers."""
    works = ints[i]
    made, rest = rows[works[at.WORKS_MADE_ROW]], rows[works[at.WORKS_REST_ROW]]
    notes = rows[works[at.WORKS_NOTES_ROW]]
    if notes[at.NOTE_MOVES] < t + 1.0 and t <= notes[at.NOTE_RESTS] + 1.0:
        _set_rate(ints, works, t, rows)
        notes[at.NOTE_SAME] = 0.0
    first_customer, last_customer = works[at.WORKS_CUSTOMER_FROM], works[at.WORKS_CUSTOMER_TO]
    if works[at.WORKS_LIMITED]:
        _share_out(ints, reals, i, rows)
    elif works[at.WORKS_SUMS] >= 0:
        for j in range(PAGE):
            rest[j] = made[j] - made[j] * reals[i, at.WORKS_SHARES]
    for c in range(first_customer, last_customer):
        one, got, share = ints[c], made, reals[c, at.CUSTOMER_SHARE]
        if works[at.WORKS_LIMITED]:
            got, share = rows[one[at.CUSTOMER_ROW] + 1], 1.0
        to, arrives = ints[one[at.CUSTOMER_LINE]], t + one[at.CUSTOMER_TRANSIT]
        send(to, arrives, steps, got, share, one[at.CUSTOMER_LOST_ROW], rows, sums, first, n)
    if works[at.WORKS_SUMS] >= 0:
        add_at(sums[works[at.WORKS_SUMS]], first, made, n)
        add_at(sums[works[at.WORKS_SUMS] + 1], first, rest, n)


@leaf
def _set_rate(ints: Wholes, works: Wholes, t: int, rows: Reals) -> None:
    """Work out what a works makes at a step."""
    made, rate = rows[works[at.WORKS_MADE_ROW]], rows[works[at.WORKS_RATE_ROW]]
    for r in range(works[at.WORKS_RAMP_FROM], works[at.WORKS_RAMP_TO]):
        ramp, length = ints[r, at.RAMP_ROW], rows[ints[r, at.RAMP_LENGTH_ROW]]
        begins, half, rise = rows[ramp], rows[ramp + 1], rows[ramp + 2]
        # The mean of the rate over the step. Of the part of it since the ramp began, `now` - `soon`
        # lies on the slope, whose integral is y * y / (2 * length), and the rest above it.
        for j in range(PAGE):
            y = t + 1.0 - begins[j]
            since = max(y, 0.0)
            now, soon = min(since, length[j]), min(max(y - 1.0, 0.0), length[j])
            slope = fma(now + soon, half[j], -1.0)
            made[j] = fma(rise[j], fma(now - soon, slope, min(since, 1.0)), rate[j])
        rate = made
    if works[at.WORKS_RAMP_TO] - works[at.WORKS_RAMP_FROM] != 1:
        for j in range(PAGE):
            made[j] = max(rate[j], 0.0)
    if works[at.WORKS_STARTS]:
        start = rows[works[at.WORKS_START_ROW]]
        for j in range(PAGE):
            made[j] *= min(max(t + 1.0 - start[j], 0.0), 1.0)


@leaf
def measure_works(works: Wholes, cell: Row, seen: int, n: int, rows: Reals) -> None:
    """Add a step of a works to its mean and squares; where its rate stands they are noted."""
    notes = rows[works[at.WORKS_NOTES_ROW]]
    if notes[at.NOTE_SAME] == 0.0:
        mean, squares = batch(rows[works[at.WORKS_MADE_ROW]], n)
        notes[at.NOTE_MADE_MEAN], notes[at.NOTE_MADE_SQUARES] = mean, squares
        notes[at.NOTE_SAME] = 1.0
    merge(cell, seen, n, notes[at.NOTE_MADE_MEAN], notes[at.NOTE_MADE_SQUARES])


@inner
def _share_out(ints: Wholes, reals: Reals, i: int, rows: Reals) -> None:
    """Share out what a works made up to the backlogs; what nobody takes is its rest.

    Each round what is left is split by the shares of those whose orders are not filled; after as
    many rounds as there are customers nobody can take more.
    """
    works, rest = ints[i], rows[ints[i, at.WORKS_REST_ROW]]
    first, last = works[at.WORKS_CUSTOMER_FROM], works[at.WORKS_CUSTOMER_TO]
    pool, weight = rows[at.POOL], rows[at.WEIGHT]
    copy(rest, rows[works[at.WORKS_MADE_ROW]])
    for j in range(PAGE):
        pool[j] = rest[j] * reals[i, at.WORKS_SHARES]
    for c in range(first, last):
        fill(rows[ints[c, at.CUSTOMER_ROW] + 1], 0.0)
    for _ in range(last - first):
        fill(weight, 0.0)
        for c in range(first, last):
            share, left = reals[c, at.CUSTOMER_SHARE], rows[ints[c, at.CUSTOMER_ROW]]
            for j in range(PAGE):
                weight[j] += share if left[j] > 0.0 else 0.0
        for c in range(first, last):  # all of them before any is taken off what there is to share
            share, row = reals[c, at.CUSTOMER_SHARE], ints[c, at.CUSTOMER_ROW]
            left, x = rows[row], rows[row + 2]
            for j in range(PAGE):
                part = share / weight[j] if weight[j] > 0.0 else 0.0
                x[j] = min(left[j], pool[j] * part)
        for c in range(first, last):
            row = ints[c, at.CUSTOMER_ROW]
            left, got, x = rows[row], rows[row + 1], rows[row + 2]
            for j in range(PAGE):
                left[j] -= x[j]
                got[j] += x[j]
            for j in range(PAGE):
                pool[j] = max(pool[j] - x[j], 0.0)
                rest[j] = max(rest[j] - x[j], 0.0)
