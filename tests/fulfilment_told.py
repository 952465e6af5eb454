"""A model of promises that Norway keeps within days and Germany within years."""

from __future__ import annotations

import datetime as dt
import functools

from pledgebook.forecasting.fulfilment import FulfilmentModel, Spell, fit


@functools.cache
def quick_and_slow(as_of: dt.date) -> FulfilmentModel:
    """Return the model, fitted on forty deliveries of each."""
    spells = []
    start = as_of - dt.timedelta(days=1500)
    for number in range(80):
        promised = start + dt.timedelta(days=number * 5)
        donor, days = ("NOR", 5 + number % 7) if number % 2 else ("DEU", 700 + number)
        came = promised + dt.timedelta(days=days)
        told = came + dt.timedelta(days=3)
        spells.append(
            Spell(f"c{number}", (donor,), "tank", (promised, promised), 1.0, (came, came), told)
        )
    return fit(spells, as_of)
