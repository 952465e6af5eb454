"""How a system is laid out for the kernel: each thing is a record of whole and real numbers.

All kinds share one table of whole numbers and one of real numbers (the same row of both is one
thing), since the time that Numba takes to compile grows with how many arrays are passed about.
The constants are columns. A column that ends in ROW is a row of the kernel's scratch, which has
one number for each draw of a page; FROM and TO are records of things that belong to another.
-1 stands for "none", of a row of losses for no loss at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["BALANCES", "FLOWS", "LINE_FLOWS", "TOTAL_FLOWS", "Tables"]

FLOWS = ("stock", "arrivals", "wanted", "use", "gap", "cost", "output", "needed", "days of supply")
"""What is measured, in the order of a thing's cells: (means and squares) for each step."""
(
    FLOW_STOCK, FLOW_ARRIVALS, FLOW_WANTED, FLOW_USE, FLOW_GAP, FLOW_COST, FLOW_OUTPUT,
    FLOW_NEEDED, FLOW_DAYS,
) = range(len(FLOWS))  # fmt: skip
CHANCES = -1
"""The cell before a line's flows: in how many draws all was there, and had there been a gap."""
TOTAL_CELLS, WORKS_CELLS = FLOW_OUTPUT + 1, 1
LINE_FLOWS = (0, 1, 2, 3, 4, 5, 7, 8)
TOTAL_FLOWS = (0, 1, 2, 3, 4, 5, 6)

BALANCES = (
    "opening", "arrived", "used", "expired", "given", "closing",
    "sent", "lost", "under_way", "wanted", "cost", "run_dry",
)  # fmt: skip
"""The sums over the horizon that are kept for each draw of a line, in their order."""
(OPENING, ARRIVED, USED, EXPIRED, GIVEN, CLOSING, SENT, LOST, UNDER_WAY, WANTED, PAID, RUN_DRY) = (
    range(len(BALANCES))
)

# The rows of a line's state, from its STATE_ROW on.
(
    STOCK, WANT, USE, GAP, COST, BASE, OUTFLOW, OWED, ON_ORDER, SPENT, RUNNING, NEEDED, DAYS, DRY,
    ASK, NOTES,
) = range(16)  # fmt: skip
STATES = 16

# What a line notes in its row of notes: in how many draws of the page there was a gap by now, in
# which rows stands what is wanted and what would be on the average, and of which row the mean and
# squares are noted.
(
    NOTE_DRIED, NOTE_WANT, NOTE_BASE, NOTE_OF, NOTE_MEAN, NOTE_SQUARES, NOTE_STOCK_MEAN,
    NOTE_STOCK_SQUARES, NOTE_USE_MEAN, NOTE_USE_SQUARES, NOTE_GAP_MEAN, NOTE_GAP_SQUARES,
) = range(12)  # fmt: skip
# What a works notes: when its rate first moves and by when it is at rest in all draws of the page,
# whether it is the same as at the step before, and the mean and squares of what it makes.
NOTE_MOVES, NOTE_RESTS, NOTE_SAME, NOTE_MADE_MEAN, NOTE_MADE_SQUARES = range(5)

# The first rows of the scratch are nobody's.
TEMP, POOL, WEIGHT = range(3)
FREE_ROWS = 3

WHOLES, REALS = 24, 8
"""How many whole and real numbers a record has room for."""

# A component: records of its parts, and how much it takes.
(
    PART_LINE_FROM, PART_LINE_TO, PART_LOT_FROM, PART_LOT_TO, PART_WORKS_FROM, PART_WORKS_TO,
    PART_HANDOVER_FROM, PART_HANDOVER_TO, PART_TOTAL_FROM, PART_TOTAL_TO, PART_AMOUNT_FROM,
    PART_AMOUNT_TO, PART_CELL_FROM, PART_CELL_TO, PART_ROWS, PART_STEPS, PART_YEAR, PART_GIVES,
) = range(18)  # fmt: skip

AMOUNT_ROW, AMOUNT_EXACT, AMOUNT_KEY, AMOUNT_TIE = range(4)
AMOUNT_MU, AMOUNT_SD, AMOUNT_WEIGHT, AMOUNT_BELOW, AMOUNT_SPAN, AMOUNT_LOW, AMOUNT_HIGH = range(7)

(
    LINE_STATE_ROW, LINE_COMING_ROW, LINE_ORDERED_ROW, LINE_EVENTS_ROW, LINE_OPENING_ROW,
    LINE_RESERVE_ROW, LINE_REGIME_FROM, LINE_REGIME_TO, LINE_EVENT_FROM, LINE_EVENT_TO,
    LINE_NOISE, LINE_LAW, LINE_NOISE_KEY, LINE_CUT, LINE_SHELF, LINE_AGES, LINE_BACKORDER,
    LINE_REORDER, LINE_GIVES, LINE_CELL, LINE_SLOTS, LINE_SUMS, LINE_USED, LINE_PLAIN,
) = range(24)  # fmt: skip
LINE_SIZE = 0

REGIME_START, REGIME_LEVEL_ROW, REGIME_SHAPE = range(3)
EVENT_SIZE_ROW, EVENT_KEY, EVENT_EARLIEST, EVENT_SPAN, EVENT_DURATION = range(5)
EVENT_CHANCE = 0

REORDER_LEAD, REORDER_LAW, REORDER_KEY, REORDER_EVERY, REORDER_BY_LOT = range(5)
REORDER_POINT, REORDER_TO, REORDER_UNIT_COST, REORDER_ORDER_COST, REORDER_BUDGET = range(5)

(
    LOT_LINE, LOT_SOURCE, LOT_SIZE_ROW, LOT_LOST_ROW, LOT_LAW, LOT_KEY, LOT_TIE, LOT_TRANSIT,
    LOT_PENDING_ROW, LOT_SHIPS_ROW,
) = range(10)  # fmt: skip
LOT_WEIGHT = 0

(
    WORKS_RATE_ROW, WORKS_IDLE_ROW, WORKS_MADE_ROW, WORKS_REST_ROW, WORKS_START_ROW,
    WORKS_RAMP_FROM, WORKS_RAMP_TO, WORKS_CUSTOMER_FROM, WORKS_CUSTOMER_TO, WORKS_KEY,
    WORKS_STARTS, WORKS_CELL, WORKS_SLOTS, WORKS_SUMS, WORKS_LIMITED, WORKS_NOTES_ROW,
) = range(16)  # fmt: skip
WORKS_NEVER, WORKS_SHARES = range(2)

RAMP_TO_ROW, RAMP_DELAY_ROW, RAMP_LENGTH_ROW, RAMP_KEY, RAMP_ROW = range(5)
RAMP_NEVER = 0

CUSTOMER_LINE, CUSTOMER_TRANSIT, CUSTOMER_BACKLOG_ROW, CUSTOMER_LOST_ROW, CUSTOMER_ROW = range(5)
CUSTOMER_SHARE = 0

(
    HANDOVER_SOURCE, HANDOVER_LINE, HANDOVER_RATE_ROW, HANDOVER_START, HANDOVER_END,
    HANDOVER_TRANSIT, HANDOVER_LOST_ROW,
) = range(7)  # fmt: skip

TOTAL_MEMBER_FROM, TOTAL_MEMBER_TO, TOTAL_CELL, TOTAL_SLOTS = range(4)
MEMBER_RECORD, MEMBER_WORKS = range(2)

# A law is not a record but begins at a place of the codes; its bounds and then its guide follow.
LAW_VALUES, LAW_N, LAW_EQUAL, LAW_DEPTH, LAW_BOUNDS = range(5)

NO_NOISE, EQUAL_FACTOR, FACTOR, COUNT = range(4)
"""The kinds of noise."""

Wholes = NDArray[np.int64]
Reals = NDArray[np.float64]


class Tables(NamedTuple):
    """All that the kernel reads.

    `ints` is (records, WHOLES) and `reals` (records, REALS). `data` holds the days of each step,
    then the values of laws, the shapes of use and the ages of stock, `codes` the bounds and guides
    of laws and the slots of flows; records say from where on.
    """

    ints: Wholes
    reals: Reals
    data: Reals
    codes: Wholes
