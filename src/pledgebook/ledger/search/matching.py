"""How much of what is looked for each unit has: nothing, once, several times, in its title or name.

A document has what one of its parts has; a commitment what one of its statements has, or what it is
called itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.search.columns import Mask
from pledgebook.ledger.search.names import Names
from pledgebook.ledger.search.patterns import OFTEN, REPEATED, TITLE, Pattern
from pledgebook.ledger.search.postings import Numbers
from pledgebook.ledger.search.query import Part
from pledgebook.ledger.search.units import Units

__all__ = ["Rows", "Weights", "weigh"]

Weights = npt.NDArray[np.float64]

Rows = Callable[[Pattern, str], Numbers]
"""Tells which rows of the index hold a pattern whose words bear a mark."""

_NAMED = 2.0
"""What it counts that a title or a name has it, beside how often the text does."""


def weigh(part: Part, units: Units, names: Names, rows: Rows) -> Weights:
    """Return how much each unit has of one part of a query."""
    found = np.zeros(units.size)
    told, (_, said, own) = units.told, units.masks()

    def having(pattern: Pattern, mark: str) -> Numbers:
        numbers = rows(pattern, mark)
        shown = told.of_row[numbers[numbers < len(told.of_row)]]
        return shown[shown >= 0]

    found[having(part.pattern, "")] = 1.0
    found[having(part.pattern.repeatable, REPEATED)] = float(OFTEN)
    for unit, words in told.loose:
        if part.pattern.within(words):
            found[unit] = 1.0
    found[having(part.pattern, TITLE)] += _NAMED
    called = _called(part, units, names)
    found[said][called[said]] = np.maximum(found[said][called[said]], 1.0) + _NAMED
    # A commitment has what one of its statements has.
    statements = np.flatnonzero((found[said] > 0) & (units.home >= 0))
    np.maximum.at(found, units.home[statements], found[said][statements])
    found[own][called[own]] = np.maximum(found[own][called[own]], 1.0 + _NAMED)
    return found


def _called(part: Part, units: Units, names: Names) -> Mask:
    """Return the statements and commitments that bear the name."""
    found = np.zeros(units.size, np.bool_)
    for name, wanted in names.having(part).items():
        found |= units.columns[name].having(wanted, units.size)
    return found
