"""The days on which anything in the book was published: where the slider of days can stand."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from pledgebook.web.keeping import Kept
from pledgebook.web.live import View

__all__ = ["coded", "days_of"]

_MOST = 800
"""Places of the slider; of more days, some are left out."""


def days_of(view: View, kept: Kept) -> Sequence[dt.date]:
    """Return the days of publication, earliest first; thinned evenly where they are very many."""

    def make() -> Sequence[dt.date]:
        days = sorted({entry.counted for entry in view.ledger.entries.values()})
        if len(days) <= _MOST:
            return days
        last = len(days) - 1
        return [days[place * last // (_MOST - 1)] for place in range(_MOST)]

    return kept.lately(("days", view.as_of), view.number, make)[0]


def coded(days: Sequence[dt.date]) -> str:
    """Return days in few characters: the first, then how many days each is after the one before."""
    if not days:
        return ""
    gaps = (str((day - before).days) for before, day in itertools.pairwise(days))
    return " ".join([days[0].isoformat(), *gaps])
