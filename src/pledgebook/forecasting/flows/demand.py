"""The kernel's demand side: what is wanted, what is used, and what is ordered again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.drawing import (
    compound_row,
    count_row,
    factor_row,
    lookup,
    uniform,
)
from pledgebook.forecasting.flows.jit import inner, summing
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import fill_words
from pledgebook.forecasting.flows.rows import Row, fill
from pledgebook.forecasting.flows.scratch import (
    BASE,
    COST,
    ON_ORDER,
    OUTFLOW,
    OWED,
    SENT,
    SPENT,
    STOCK,
    UNDER_WAY,
    USE,
    WANT,
    WORK,
    Scratch,
)

__all__ = [
    "begin_events",
    "count_short",
    "mark_dry",
    "regime_at",
    "reorder",
    "subtract",
    "take_orders",
    "use",
    "want",
]

SHORT = 1e-9
"""The share of what is wanted below which what is missing is rounding."""
NO_NOISE, EQUAL_FACTOR, FACTOR, COUNT = range(4)
Sums = NDArray[np.float64]


@inner
def begin_events(tables: Tables, line: np.void, place: int, page: int, s: Scratch) -> None:
    """Draw whether and when each event of a line happens, and add what it wants to each step."""
    if line["event_from"] == line["event_to"]:
        return
    steps = len(tables.step_days)
    rows = s.events[place]
    for t in range(steps):
        fill(rows[t], 0.0)
    for e in range(line["event_from"], line["event_to"]):
        event = tables.events[e]
        sizes, duration = s.amounts[event["size"]], event["duration"]
        fill_words(event["key"], page, 0, 0, s.words)
        fill_words(event["key"], page, 1, 0, s.tied)
        span = np.uint64(event["span"])
        for j in range(PAGE):
            if uniform(s.tied[j]) < event["chance"]:
                start = event["earliest"] + int((np.uint64(s.words[j]) * span) >> np.uint64(32))
                for t in range(start, min(start + duration, steps)):
                    rows[t, j] += sizes[j] / duration


@inner
def regime_at(tables: Tables, line: np.void, t: int) -> int:
    """Return the regime of a line at a step, -1 before the first."""
    found = -1
    for r in range(line["regime_from"], line["regime_to"]):
        if tables.regimes[r]["start"] <= t:
            found = r
    return found


@inner
def want(tables: Tables, line: np.void, place: int, regime: int, page: int, t: int,
         s: Scratch) -> None:  # fmt: skip
    """Work out what is wanted on the average and, with noise and events, at a step."""
    base, wanted = s.state[place, BASE], s.state[place, WANT]
    if regime < 0:
        fill(base, 0.0)
    else:
        one = tables.regimes[regime]
        level = s.amounts[one["level"]]
        factor = tables.shapes[one["shape"], t] if one["shape"] >= 0 else 1.0
        for j in range(PAGE):
            base[j] = level[j] * factor
    kind = line["noise"]
    if regime < 0 or kind == NO_NOISE:
        for j in range(PAGE):
            wanted[j] = base[j]
    else:
        fill_words(line["noise_key"], page, t, 0, s.words)
        if kind == COUNT:
            count_row(s.words, base, line["size"], wanted)
            if line["law"] >= 0:
                law = tables.laws[line["law"]]
                compound_row(
                    tables, law, line["noise_key"], page, t, s.words, wanted, s.state[place, WORK]
                )
            else:
                for j in range(PAGE):
                    wanted[j] *= line["size"]
        else:
            factor_row(tables, tables.laws[line["law"]], s.words, wanted)
            for j in range(PAGE):
                wanted[j] *= base[j]
    if line["event_from"] < line["event_to"]:
        extra = s.events[place, t]
        for j in range(PAGE):
            wanted[j] += extra[j]


@inner
def use(line: np.void, place: int, came: Row, s: Scratch) -> None:
    """Take in what came and use what is wanted of it, as far as there is any."""
    state = s.state[place]
    stock, wanted, used = state[STOCK], state[WANT], state[USE]
    if line["backorder"]:
        owed = state[OWED]
        for j in range(PAGE):
            owed[j] += wanted[j]
        wanted = owed
    if line["cut"]:
        reserve = s.amounts[line["reserve"]]
        for j in range(PAGE):
            there = stock[j] + came[j]
            used[j] = min(wanted[j], max(there - reserve[j], 0.0))
            stock[j] = there - used[j]
    else:
        for j in range(PAGE):
            there = stock[j] + came[j]
            taken = min(wanted[j], there)
            used[j] = taken
            stock[j] = there - taken
    if line["shelf"]:
        outflow = state[OUTFLOW]
        for j in range(PAGE):
            outflow[j] += used[j]
    if line["backorder"]:
        for j in range(PAGE):
            wanted[j] -= used[j]


@inner
def subtract(one: Row, other: Row, out: Row) -> None:
    """Set `out` to the difference of two rows."""
    for j in range(PAGE):
        out[j] = one[j] - other[j]


@summing
def count_short(wanted: Row, gap: Row, n: int) -> float:
    """Return how many of the first n draws have a gap that is more than rounding."""
    short = 0.0
    for j in range(n):
        short += 1.0 if gap[j] > SHORT * wanted[j] else 0.0
    return short


@summing
def mark_dry(wanted: Row, gap: Row, dry: Row, t: int, n: int) -> float:
    """Note the step of each draw's first gap, and return how many of the first n have had one."""
    for j in range(PAGE):
        dry[j] = min(dry[j], float(t)) if gap[j] > SHORT * wanted[j] else dry[j]
    dried = 0.0
    for j in range(n):
        dried += 1.0 if dry[j] <= t else 0.0
    return dried


@inner
def take_orders(place: int, t: int, came: Row, s: Scratch) -> None:
    """Add the orders that are due to what comes in."""
    due, on_order = s.ordered[place, t], s.state[place, ON_ORDER]
    for j in range(PAGE):
        came[j] += due[j]
        on_order[j] -= due[j]


@inner
def reorder(tables: Tables, line: np.void, place: int, page: int, t: int, s: Scratch,
            sums: Sums, n: int) -> None:  # fmt: skip
    """Order again at the end of a step, where the policy says so and the budget allows it."""
    policy = tables.reorders[line["reorder"]]
    state = s.state[place]
    cost, spent, on_order = state[COST], state[SPENT], state[ON_ORDER]
    fill(cost, 0.0)
    if t % tables.steps_a_year == 0:
        fill(spent, 0.0)
    if (t + 1) % policy["every"] != 0:
        return
    if policy["law"] >= 0:
        fill_words(policy["lead_key"], page, t, 0, s.words)
    for j in range(PAGE):
        position = state[STOCK, j] + on_order[j] - state[OWED, j]
        size = _order(policy, position, policy["budget"] - spent[j])
        if size <= 0.0:
            continue
        lead = _lead(tables, policy, s.words[j])
        on_order[j] += size
        cost[j] = policy["order_cost"] + policy["unit_cost"] * size
        spent[j] += cost[j]
        late = t + lead >= len(tables.step_days)
        if not late:
            s.ordered[place, t + lead, j] += size
        if line["balance"] >= 0 and j < n:
            sums[line["balance"], SENT, page * PAGE + j] += size
            if late:
                sums[line["balance"], UNDER_WAY, page * PAGE + j] += size


@inner
def _lead(tables: Tables, policy: np.void, word: np.uint32) -> int:
    """Return the lead time of an order, drawn with a word where it is random."""
    if policy["law"] < 0:
        return int(policy["lead"])
    law = tables.laws[policy["law"]]
    if law["equal"]:
        cell = np.int64((np.uint64(word) * np.uint64(law["n"])) >> np.uint64(32))
    else:
        cell = np.int64(lookup(tables, law, word))
    return int(tables.values[law["values"] + cell])


@inner
def _order(policy: np.void, position: float, budget: float) -> float:
    """Return how much is ordered at an inventory position with what is left of a budget."""
    if position > policy["point"]:
        return 0.0
    by_lot = not np.isnan(policy["quantity"])
    if by_lot:
        size = policy["quantity"] * (
            np.floor((policy["point"] - position) / policy["quantity"]) + 1
        )
    else:
        size = policy["up_to"] - position
    left = budget - policy["order_cost"]
    if left < 0.0:
        return 0.0
    if size * policy["unit_cost"] > left:
        size = left / policy["unit_cost"]
        if by_lot:
            size = policy["quantity"] * np.floor(size / policy["quantity"])
    return float(size)
