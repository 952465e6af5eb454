"""How intervals of amounts compare, for many pairs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.table import Ends, Ints

__all__ = ["Agreement", "agreement"]

Flags = npt.NDArray[np.bool_]

_ORDER = 2.5
"""Amounts within this factor are of one order."""
_CLOSE = 0.8
"""What is said to be about so much may be so much less than the other."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What holds of each pair of intervals.

    `agrees`: they meet, and speak of amounts of one order ("up to" and "at least" reach far).
    `below` and `above`: the first may be a part of the second, and the other way round.
    """

    agrees: Flags
    of_one_order: Flags
    close: Flags
    below: Flags
    above: Flags


def agreement(ends: Ends, one: Ints, other: Ints) -> Agreement:
    """Compare intervals by their codes."""
    low, high = ends.low[one], ends.high[one]
    lower, higher = ends.low[other], ends.high[other]
    floor, next_floor = ends.floor[one], ends.floor[other]
    roof, next_roof = ends.roof[one], ends.roof[other]
    starts = np.maximum(floor, next_floor)
    meets = (starts <= roof) & (starts <= next_roof)
    least = np.fmin(np.fmin(low, high), np.fmin(lower, higher))
    most = np.fmax(np.fmax(low, high), np.fmax(lower, higher))
    of_one_order = least * _ORDER >= most
    about, next_about = np.fmax(low, high), np.fmax(lower, higher)
    close = np.minimum(about, next_about) >= _CLOSE * np.maximum(about, next_about)
    return Agreement(
        agrees=meets & of_one_order,
        of_one_order=of_one_order,
        close=close,
        below=floor < next_roof,
        above=next_floor < roof,
    )
