"""Fulfilment: how long promised goods take to come, how it is told, and what will have come.

    spells = spells_of(ledger.commitments, ledger.entries, as_of)
    model = fit(spells, as_of)
    for one in outstanding_of(ledger.commitments, spells):
        chances = arrival(model, one.spells, as_of, days)
    coming = expected_arrivals(model, outstanding_of(ledger.commitments, spells), as_of, days)

The model is told in docs/fulfilment.md.
"""

from __future__ import annotations

from pledgebook.forecasting.fulfilment.expected import (
    Arrivals,
    Outstanding,
    expected_arrivals,
    sample_arrivals,
)
from pledgebook.forecasting.fulfilment.from_ledger import (
    outstanding_of,
    spells_of,
    spells_of_rows,
)
from pledgebook.forecasting.fulfilment.model import FulfilmentModel, fit, fit_ends
from pledgebook.forecasting.fulfilment.predict import Arrival, arrival, lots_left, told_by
from pledgebook.forecasting.fulfilment.spells import Mark, Spell, SpellSet

__all__ = [
    "Arrival",
    "Arrivals",
    "FulfilmentModel",
    "Mark",
    "Outstanding",
    "Spell",
    "SpellSet",
    "arrival",
    "expected_arrivals",
    "fit",
    "fit_ends",
    "lots_left",
    "outstanding_of",
    "sample_arrivals",
    "spells_of",
    "spells_of_rows",
    "told_by",
]
