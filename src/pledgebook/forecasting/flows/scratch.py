"""The memory that the kernel works in: one set for a run, the size of its largest component."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.jit import inner
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.page import PAGE

__all__ = ["Scratch", "make_scratch"]

Rows = NDArray[np.float64]

(
    STOCK, WANT, USE, GAP, COST, BASE, EVENT_SUM, OUTFLOW, OWED, ON_ORDER, SPENT, RUNNING, NEEDED,
    DRY, ASK, WORK, DAYS,
) = range(17)  # fmt: skip
STATES = 17
(OPENING, ARRIVED, USED, EXPIRED, GIVEN, CLOSING, SENT, LOST, UNDER_WAY, WANTED, PAID, RUN_DRY) = (
    range(12)
)
"""The sums of a line over the horizon, in the order of `layout.BALANCES`."""


class Scratch(NamedTuple):
    """Rows of a page, by what they are of.

    `state` is (lines, STATES, PAGE). `coming` is (lines, steps, PAGE): what arrives at each step;
    with a shelf life what had arrived by it, once the step is over. `ordered` is what arrives of
    reorders, `events` what events want, both like it, and empty where no line needs them. `dried`
    (lines,) is in how many draws of the page there has been a gap.
    """

    state: Rows
    coming: Rows
    ordered: Rows
    events: Rows
    amounts: Rows
    pending: Rows
    ships: Rows
    made: Rows
    idle: Rows
    ramps: Rows
    backlog: Rows
    temp: Rows
    words: NDArray[np.uint32]
    tied: NDArray[np.uint32]
    dried: NDArray[np.float64]


@inner
def _most(tables: Tables, first: int, last: int) -> NDArray[np.int64]:
    """Return the most of each kind that a component between these has."""
    most = np.ones(7, dtype=np.int64)
    for c in range(first, last):
        one = tables.components[c]
        most[0] = max(most[0], one["line_to"] - one["line_from"])
        most[1] = max(most[1], one["amount_to"] - one["amount_from"])
        most[2] = max(most[2], one["lot_to"] - one["lot_from"])
        most[3] = max(most[3], one["works_to"] - one["works_from"])
        most[4] = max(most[4], one["ramp_to"] - one["ramp_from"])
        most[5] = max(most[5], one["customer_to"] - one["customer_from"])
    return most


@inner
def make_scratch(tables: Tables, first: int, last: int) -> Scratch:
    """Return the memory for the components from `first` to before `last`."""
    most = _most(tables, first, last)
    steps = len(tables.step_days)
    lines = most[0]
    reorders = lines if len(tables.reorders) else 0
    events = lines if len(tables.events) else 0
    return Scratch(
        np.zeros((lines, STATES, PAGE)),
        np.zeros((lines, steps, PAGE)),
        np.zeros((reorders, steps, PAGE)),
        np.zeros((events, steps, PAGE)),
        np.zeros((most[1], PAGE)),
        np.zeros((most[2], PAGE)),
        np.zeros((most[2], PAGE)),
        np.zeros((most[3], PAGE)),
        np.zeros((most[3], PAGE)),
        np.zeros((most[4], 3, PAGE)),
        np.zeros((most[5], 3, PAGE)),
        np.zeros((3, PAGE)),
        np.zeros(PAGE, dtype=np.uint32),
        np.zeros(PAGE, dtype=np.uint32),
        np.zeros(lines),
    )
