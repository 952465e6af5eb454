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

from pledgebook.forecasting.fulfilment.arrange import Block, Windows, arrange, log_time
from pledgebook.forecasting.fulfilment.families import Family, family_named
from pledgebook.forecasting.fulfilment.layers import nodes_of, sigmoid
from pledgebook.forecasting.fulfilment.levels import Level
from pledgebook.forecasting.fulfilment.likelihood import Node, node_chances
from pledgebook.forecasting.fulfilment.model import Draws, FulfilmentModel
from pledgebook.forecasting.fulfilment.spells import Mark, Record, Spell, gather

__all__ = ["Arrival", "Prospect", "arrival", "lots_left", "one_record", "prospect", "told_by"]

Floats = NDArray[np.float64]

_DRAWS = 64
_TINY = 1e-290
_NODES = 15
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


@dataclass(frozen=True, slots=True)
class Prospect:
    """The chances of a rest in each draw, for sampling: M draws, Q nodes, K numbers of lots.

    `weight` (M, Q, K) are the chances of the node and of 1..K lots together, `by` (M, Q, T) and
    `by_open` the chances n(t) and o(t), `silent` and `held` (M, Q) those of not being reported.
    """

    weight: Floats
    by: Floats
    by_open: Floats
    silent: Floats
    held: Floats
    plain: float
    told: float
    left: Floats
    """The chance that anything is left (M,)."""

    def ways(self) -> Floats:
        """Return the chance that none of 1..K lots is reported (M, Q, K), never quite zero."""
        rungs = np.arange(1, self.weight.shape[2] + 1)
        whole = self.plain * self.silent[:, :, None] ** rungs
        return np.asarray(np.maximum(whole + self.told * self.held[:, :, None] ** rungs, _TINY))

    def pulls(self) -> tuple[Floats, Floats]:
        """Return what n(t) and o(t) of one lot weigh beside 0..K-1 others (M, Q, K) each."""
        others = np.arange(self.weight.shape[2])
        ways = self.ways()
        return (
            self.plain * self.silent[:, :, None] ** others / ways,
            self.told * self.held[:, :, None] ** others / ways,
        )

    def lot_by(self) -> Floats:
        """Return the chance that a lot has come by each time (T,), over all draws."""
        plain, told = self.pulls()
        chance = np.einsum("mqk,mqk,mqt->t", self.weight, plain, self.by, optimize=True)
        if self.told:
            chance += np.einsum("mqk,mqk,mqt->t", self.weight, told, self.by_open, optimize=True)
        return np.asarray(np.clip(chance / len(self.weight), 0.0, 1.0))


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


def one_record(history: Record | Sequence[Spell], as_of: dt.date) -> Record | None:
    """Return what is known of a commitment on a day, given all of its spells."""
    if isinstance(history, Record):
        return history
    records, _ = gather(history, as_of)
    return records[0] if records else None


def prospect(
    model: FulfilmentModel, record: Record, as_of: dt.date, times: Floats, draws: Draws
) -> Prospect:
    """Return the chances of a rest in each draw; `times` are in days of the calendar (T,)."""
    family = family_named(model.family)
    levels = model.levels(record, draws, as_of)
    (alone,) = arrange([record], as_of, as_of)
    block = _repeated(alone, draws.number)
    node = node_chances(block, levels, family=family, nodes=_NODES)
    by, by_open = _come(alone, levels, node, as_of, times, family=family)
    weight = node.weight[:, :, 1:]
    left = weight.sum(axis=(1, 2))
    return Prospect(
        weight=weight / left[:, None, None],
        by=by,
        by_open=by_open,
        silent=node.silent,
        held=node.held,
        plain=float(alone.plain[0]),
        told=float(alone.told[0]),
        left=left,
    )


def _come(
    alone: Block,
    levels: Floats,
    node: Node,
    as_of: dt.date,
    times: Floats,
    *,
    family: Family,
) -> tuple[Floats, Floats]:
    """Return n(t) and o(t) at some times from the end of the day of knowledge on (M, Q + 1, T)."""
    points, _ = nodes_of(_NODES)
    today = float(as_of.toordinal() + 1)
    assert alone.rests is not None
    # The last edge of the window of the rest is the end of the day of knowledge.
    starts = today - np.exp(alone.rests.log_time[0, :, -1])
    elapsed = log_time(np.maximum(times, today) - starts[:, None])
    place = levels[:, Level.LOCATION, None] + np.exp(levels[:, Level.SHARED, None]) * points
    x = elapsed[None, :, None, :] - place[:, None, :, None]
    x = x / np.exp(levels[:, Level.SCALE])[:, None, None, None]
    come = family.cdf(x).reshape(len(levels), -1, len(times))
    coming = 0.0 if alone.over[0] else 1.0
    more = coming * node.coming[:, None, None] * np.maximum(come - node.come[:, :, None], 0.0)
    by = node.silent_by_now[:, :, None] * coming + more
    by_open = node.held_by_now[:, :, None] * coming + more * node.now[:, None, None]
    none = np.zeros((len(levels), 1, len(times)))
    return np.concatenate([by, none], axis=1), np.concatenate([by_open, none], axis=1)


def _repeated(alone: Block, number: int) -> Block:
    """Return a block of one commitment as many times over as there are draws."""

    def windows(one: Windows) -> Windows:
        rows = len(one.owner)
        return Windows(
            np.repeat(np.arange(number), rows),
            *(
                np.tile(each, (number,) + (1,) * (each.ndim - 1))
                for each in (one.log_time, one.years, one.log_upper, one.log_lower)
            ),
        )

    many = {
        name: np.repeat(getattr(alone, name), number, axis=0)
        for name in ("lots", "log_coefficient", "plain", "told", "over")
    }
    return dataclasses.replace(
        alone,
        index=np.arange(number),
        parts=tuple(windows(one) for one in alone.parts),
        rests=windows(alone.rests) if alone.rests is not None else None,
        **many,
    )


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
    node = node_chances(_repeated(alone, draws), levels, family=family, nodes=_NODES)
    _, weights = nodes_of(_NODES)
    told = 1.0 - node.silent[:, :-1]
    more = sigmoid(levels[:, Level.MORE])[:, None]
    # The sum over 1, 2, .. lots of their chance, all of them told.
    whole = (1.0 - more) * told / (1.0 - more * told)
    kept = 1.0 - sigmoid(levels[:, Level.DROPPED])
    chance = kept * (whole @ (np.tile(weights, alone.nodes) / alone.nodes))
    return float(chance.mean())
