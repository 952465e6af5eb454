"""What one commitment holds in store, given all that is known of it.

What is left consists of k lots, each of which has arrived without a report, will arrive, or never
comes. By Bayes' rule the chance of each follows from what was reported, and from nothing being
reported: with n(t) the chance that a lot came by t and was not reported by the day of knowledge, N
that it was not reported, and w_k the weight of k lots at a node of the shared slowness,

    a lot by t      sum w_k N^(k-1) n(t)  / sum w_k N^k
    all by t        sum w_k n(t)^k        / sum w_k N^k
    the first by t  1 - sum w_k (N - n(t))^k / sum w_k N^k

and likewise with "open and not reported" where the source is open. All is averaged over draws of
the parameters.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import arrange
from pledgebook.forecasting.fulfilment.families import family_named, sigmoid
from pledgebook.forecasting.fulfilment.layers import nodes_of
from pledgebook.forecasting.fulfilment.levels import Level
from pledgebook.forecasting.fulfilment.likelihood import node_chances
from pledgebook.forecasting.fulfilment.model import FulfilmentModel
from pledgebook.forecasting.fulfilment.prospects import (
    NODES,
    Prospect,
    one_record,
    prospect,
    repeated,
)
from pledgebook.forecasting.fulfilment.spells import Mark, Record, Spell

__all__ = ["Arrival", "arrival", "lots_left", "told_by"]

Floats = NDArray[np.float64]

_DRAWS = 64
_FARTHEST = 20 * 365
_GRID = np.unique(np.round(np.geomspace(1, _FARTHEST, 80)))


@dataclass(frozen=True, slots=True)
class Arrival:
    """The chances of what is left of one commitment.

    `arrived` is the chance that a lot of it has arrived by now without a report, `by` that a lot
    will have arrived by the end of each step (steps,), the former within: times the amount left it
    is the amount to expect. `first_by` and `all_by` are the chances of the next lot and of all.
    `never` is the chance that a lot never comes. `median` is the day by which a lot has arrived
    with an even chance, None where it never has. `left` is the chance that anything is left at
    all; the other chances are given that something is.
    """

    arrived: float
    by: Floats
    first_by: Floats
    all_by: Floats
    never: float
    median: dt.date | None
    left: float = 1.0


def arrival(
    model: FulfilmentModel,
    history: Record | Sequence[Spell],
    as_of: dt.date,
    edges: Sequence[dt.date],
    *,
    draws: int = _DRAWS,
    seed: int = 1,
) -> Arrival | None:
    """Return the chances of what is left of a commitment, as far as known on a day.

    `history` are all spells of the commitment. `edges` are the first days of the steps and the day
    after the last (steps + 1). Returns None where nothing is left, or nothing was promised yet.
    """
    record = one_record(history, as_of)
    if record is None or record.complete:
        return None
    today = float(as_of.toordinal() + 1)
    ends = np.array([float(day.toordinal()) for day in edges[1:]])
    grid = today + _GRID
    times = np.concatenate([[today], ends, grid, [np.inf]])
    found = prospect(model, record, as_of, times, model.draws(draws, seed))
    chance = found.lot_by()
    steps = slice(1, 1 + len(ends))
    late = chance[1 + len(ends) : -1]
    return Arrival(
        arrived=float(chance[0]),
        by=chance[steps],
        first_by=1.0 - _power(found, steps, first=True),
        all_by=_power(found, steps, first=False),
        never=float(1.0 - chance[-1]),
        median=_median(chance[0], late, as_of),
        left=float(found.left.mean()),
    )


def lots_left(model: FulfilmentModel, history: Record | Sequence[Spell], as_of: dt.date) -> Floats:
    """Return the chances that what is left consists of 1, 2, .. lots; none where nothing is."""
    record = one_record(history, as_of)
    if record is None or record.complete:
        return np.zeros(0)
    today = np.array([float(as_of.toordinal() + 1)])
    found = prospect(model, record, as_of, today, model.draws(_DRAWS))
    return np.asarray(found.weight.sum(axis=1).mean(axis=0))


def _power(found: Prospect, steps: slice, *, first: bool) -> Floats:
    """Return the chance that all lots have come by each step, or that none has."""
    by, by_open = found.by[:, :, steps], found.by_open[:, :, steps]
    if first:
        by, by_open = found.silent[:, :, None] - by, found.held[:, :, None] - by_open
    by, by_open = np.maximum(by, 0.0), np.maximum(by_open, 0.0)
    share = found.weight / found.ways()
    up, up_open = np.ones_like(by), np.ones_like(by_open)
    chance = np.zeros(by.shape[2])
    for rung in range(share.shape[2]):
        np.multiply(up, by, out=up)
        chance += found.plain * np.einsum("mq,mqt->t", share[:, :, rung], up)
        if found.told:
            np.multiply(up_open, by_open, out=up_open)
            chance += found.told * np.einsum("mq,mqt->t", share[:, :, rung], up_open)
    return np.clip(chance / len(share), 0.0, 1.0)


def _median(arrived: float, late: Floats, as_of: dt.date) -> dt.date | None:
    if arrived >= 0.5:
        return as_of
    if late[-1] < 0.5:
        return None
    return as_of + dt.timedelta(days=int(np.ceil(np.interp(0.5, late, _GRID))))


def told_by(
    model: FulfilmentModel, promise: Spell, as_of: dt.date, *, draws: int = _DRAWS, seed: int = 1
) -> float:
    """Return the chance that by a day all of a promise has been reported as delivered.

    That is the chance before anything is known but the promise itself: of what is recorded, not of
    what has come.
    """
    bare = dataclasses.replace(
        promise, share=1.0, delivered=None, reported=None, mark=Mark.UNMARKED, withdrawn=False
    )
    record = one_record([bare], as_of)
    if record is None:
        return 0.0
    levels = model.levels(record, model.draws(draws, seed), as_of)
    (alone,) = arrange([record], as_of, as_of)
    family = family_named(model.family)
    node = node_chances(repeated(alone, draws), levels, family=family, nodes=NODES)
    _, weights = nodes_of(NODES, several=False)
    told = 1.0 - node.silent[:, :-1]
    more = sigmoid(levels[:, Level.MORE])[:, None]
    # The sum over 1, 2, .. lots of their chance, all of them told.
    whole = (1.0 - more) * told / (1.0 - more * told)
    kept = 1.0 - sigmoid(levels[:, Level.DROPPED])
    chance = kept * (whole @ (np.tile(weights, alone.nodes) / alone.nodes))
    return float(chance.mean())
