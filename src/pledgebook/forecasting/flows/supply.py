"""The kernel's supply side: what lots bring, what expires, what works make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.drawing import lookup, tied_words, uniform
from pledgebook.forecasting.flows.giving import send
from pledgebook.forecasting.flows.jit import inner
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import fill_words
from pledgebook.forecasting.flows.rows import Row, add_at, fill
from pledgebook.forecasting.flows.scratch import EXPIRED, LOST, OUTFLOW, SENT, STOCK, WORK, Scratch

__all__ = ["begin_lots", "begin_works", "expire", "make"]

Sums = NDArray[np.float64]


@inner
def begin_lots(tables: Tables, part: np.void, page: int, n: int, s: Scratch, sums: Sums) -> None:
    """Draw when each lot arrives, and put those that have left already where they arrive."""
    steps = len(tables.step_days)
    for i in range(part["lot_from"], part["lot_to"]):
        lot = tables.lots[i]
        place = i - part["lot_from"]
        law = tables.laws[lot["law"]]
        sizes = s.amounts[lot["size"]]
        losses = s.amounts[lot["lost"]]
        tied_words(lot["key"], lot["tie"], lot["weight"], page, s.words, s.tied)
        if lot["source"] >= 0:
            fill(s.pending[place], 0.0)
            for j in range(PAGE):
                step = lookup(tables, law, s.words[j])
                ship = max(step - lot["transit"], 0)
                s.ships[place, j] = ship if step < steps else steps
            continue
        coming = s.coming[lot["line"]]
        for j in range(PAGE):
            step = lookup(tables, law, s.words[j])
            if step < steps:
                coming[step, j] += sizes[j] * (1.0 - losses[j])
        b = tables.lines[part["line_from"] + lot["line"]]["balance"]
        if b >= 0:
            for j in range(n):
                if lookup(tables, law, s.words[j]) < steps:
                    sums[b, SENT, page * PAGE + j] += sizes[j]
                    sums[b, LOST, page * PAGE + j] += sizes[j] * losses[j]


@inner
def begin_works(tables: Tables, part: np.void, page: int, s: Scratch) -> None:
    """Draw the ramps, restarts and backlogs of works."""
    for i in range(part["works_from"], part["works_to"]):
        works = tables.works[i]
        place = i - part["works_from"]
        rate = s.made[place]
        idle = s.idle[place]
        for j in range(PAGE):
            rate[j] = s.amounts[works["rate"], j]
            idle[j] = s.amounts[works["idle"], j]
        if works["idle_never"] > 0.0:
            fill_words(works["idle_key"], page, 0, 0, s.words)
            for j in range(PAGE):
                if uniform(s.words[j]) < works["idle_never"]:
                    idle[j] = np.inf
        for r in range(works["ramp_from"], works["ramp_to"]):
            _begin_ramp(tables.ramps[r], page, rate, s.ramps[r - part["ramp_from"]], s)
        for c in range(works["customer_from"], works["customer_to"]):
            customer = tables.customers[c]
            backlog = s.backlog[c - part["customer_from"], 0]
            if customer["backlog"] < 0:
                fill(backlog, np.inf)
            else:
                for j in range(PAGE):
                    backlog[j] = s.amounts[customer["backlog"], j]


@inner
def _begin_ramp(ramp: np.void, page: int, rate: Row, rows: Sums, s: Scratch) -> None:
    """Lay out a ramp as its start, its share a step and its rise over `rate`, the rate before it.

    `rate` is then the rate after it.
    """
    fill_words(ramp["key"], page, 0, 0, s.words)
    to, delay, length = s.amounts[ramp["to"]], s.amounts[ramp["delay"]], s.amounts[ramp["length"]]
    for j in range(PAGE):
        comes = 0.0 if uniform(s.words[j]) < ramp["never"] else 1.0
        rise = (to[j] - rate[j]) * comes
        rows[0, j] = delay[j]
        rows[1, j] = 1.0 / max(length[j], 1.0)
        rows[2, j] = rise
        rate[j] += rise


@inner
def expire(tables: Tables, line: np.void, place: int, t: int, s: Scratch, sums: Sums,
           first: int, n: int) -> None:  # fmt: skip
    """Take what has reached its shelf life off the stock.

    What goes first is the oldest: so what has come in by the step a shelf life ago and has not gone
    out by now is too old.
    """
    shelf = line["shelf"]
    stock, outflow = s.state[place, STOCK], s.state[place, OUTFLOW]
    old = s.state[place, WORK]
    if t < shelf:
        opening, share = s.amounts[line["opening"]], tables.ages[line["ages"] + t]
        for j in range(PAGE):
            old[j] = opening[j] * share
    else:
        before = s.coming[place, t - shelf]
        for j in range(PAGE):
            old[j] = before[j]
    for j in range(PAGE):
        old[j] = min(max(old[j] - outflow[j], 0.0), stock[j])
    for j in range(PAGE):
        stock[j] -= old[j]
        outflow[j] += old[j]
    if line["balance"] >= 0:
        add_at(sums[line["balance"], EXPIRED], first, old, n)


@inner
def make(tables: Tables, part: np.void, works: np.void, place: int, t: int, s: Scratch,
         sums: Sums, made_sums: Sums, first: int, n: int) -> None:  # fmt: skip
    """Let a works make and send what it made to its customers."""
    made, idle, rate = s.made[place], s.idle[place], s.amounts[works["rate"]]
    for j in range(PAGE):
        made[j] = rate[j]
    for r in range(works["ramp_from"], works["ramp_to"]):
        ramp = s.ramps[r - part["ramp_from"]]
        start, step, rise = ramp[0], ramp[1], ramp[2]
        for j in range(PAGE):
            made[j] += rise[j] * min(max((t + 1.0 - start[j]) * step[j], 0.0), 1.0)
    if works["starts"]:
        for j in range(PAGE):
            made[j] *= min(max(t + 1.0 - idle[j], 0.0), 1.0)
    for j in range(PAGE):
        made[j] = max(made[j], 0.0)
    rest = _share_out(tables, part, works, made, s)
    for c in range(works["customer_from"], works["customer_to"]):
        customer = tables.customers[c]
        got = s.backlog[c - part["customer_from"], 1]
        lost = s.amounts[customer["lost"]]
        arrives = t + customer["transit"]
        send(tables, part, customer["line"], arrives, got, lost, s, sums, first, n)
    if works["balance"] >= 0:
        add_at(made_sums[works["balance"], 0], first, made, n)
        add_at(made_sums[works["balance"], 1], first, rest, n)


@inner
def _share_out(tables: Tables, part: np.void, works: np.void, made: Row, s: Scratch) -> Row:
    """Share out what was made, and return what goes to no customer.

    Each round what is left is split by the shares of those whose orders are not filled; after as
    many rounds as there are customers nobody can take more.
    """
    first, last = works["customer_from"], works["customer_to"]
    here = part["customer_from"]
    limited, shares = 0, 0.0
    for c in range(first, last):
        limited += tables.customers[c]["backlog"] >= 0
        shares += tables.customers[c]["share"]
        fill(s.backlog[c - here, 1], 0.0)
    pool, weight, rest = s.temp[0], s.temp[1], s.temp[2]
    for j in range(PAGE):
        pool[j] = made[j] * shares
        rest[j] = made[j]
    for _ in range((last - first) if limited else 1):
        fill(weight, 0.0)
        for c in range(first, last):
            share, left = tables.customers[c]["share"], s.backlog[c - here, 0]
            for j in range(PAGE):
                weight[j] += share if left[j] > 0.0 else 0.0
        for j in range(PAGE):
            weight[j] = pool[j] / weight[j] if weight[j] > 0.0 else 0.0
        for c in range(first, last):
            _fill_order(tables.customers[c]["share"], weight, s.backlog[c - here], pool, rest)
    return rest


@inner
def _fill_order(share: float, a_share: Row, rows: Sums, pool: Row, rest: Row) -> None:
    """Give a customer its share of what is left, up to its backlog."""
    left, got = rows[0], rows[1]
    for j in range(PAGE):
        x = min(left[j], a_share[j] * share)
        left[j] -= x
        rows[2, j] = x
    for j in range(PAGE):
        x = rows[2, j]
        got[j] += x
        pool[j] -= x
        rest[j] = max(rest[j] - x, 0.0)
