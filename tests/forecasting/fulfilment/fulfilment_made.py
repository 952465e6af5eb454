"""Spells made by hand, and models whose parameters are set, for the tests of fulfilment."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import Any

import numpy as np

from pledgebook.forecasting.fulfilment import FulfilmentModel, Spell, fit
from pledgebook.forecasting.fulfilment.priors import COMMON
from pledgebook.forecasting.fulfilment.simulate import History, Truth, simulate
from pledgebook.forecasting.fulfilment.trials import truth_of

START = dt.date(2023, 1, 1)
AS_OF = dt.date(2024, 6, 28)


def day(number: int) -> dt.date:
    """Return a day counted from the start."""
    return START + dt.timedelta(days=number)


def spell(name: str = "c1", **changes: Any) -> Spell:  # noqa: ANN401
    """Return a promise of the first day of which nothing is reported, with changes."""
    fields: dict[str, Any] = {
        "commitment": name,
        "donors": ("NOR",),
        "category": "tank",
        "promised": (START, START),
        "share": 1.0,
    }
    return Spell(**(fields | changes))


def months(number: int, start: dt.date = AS_OF) -> list[dt.date]:
    """Return the edges of some months of 30 days from the day after the day of knowledge."""
    return [start + dt.timedelta(days=1 + 30 * at) for at in range(number + 1)]


@functools.cache
def history(seed: int = 1, commitments: int = 400) -> History:
    """Return a simulated history."""
    return simulate(Truth(), seed, commitments=commitments)


@functools.cache
def fitted(seed: int = 1, commitments: int = 400) -> FulfilmentModel:
    """Return the model fitted on it."""
    made = history(seed, commitments)
    return fit(made.spells, made.as_of)


def knowing(truth: Truth, as_of: dt.date) -> FulfilmentModel:
    """Return a model that knows the truth for sure, and groups that do not differ."""
    empty = fit([], as_of)
    values = truth_of(truth)
    vector = np.array([values.get(name, 0.0) for name in COMMON])
    sure = dataclasses.replace(
        empty.fitted,
        vector=vector,
        covariance=np.eye(len(vector)) * 1e-12,
        spreads=dict.fromkeys(empty.fitted.spreads, 1e-6),
    )
    return dataclasses.replace(empty, fitted=sure)
