"""The chances of what is left of a commitment in each draw of the parameters, node by node."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import Block, Windows, arrange, log_time
from pledgebook.forecasting.fulfilment.families import Family, family_named
from pledgebook.forecasting.fulfilment.layers import nodes_of
from pledgebook.forecasting.fulfilment.levels import Level
from pledgebook.forecasting.fulfilment.likelihood import Node, node_chances
from pledgebook.forecasting.fulfilment.model import Draws, FulfilmentModel
from pledgebook.forecasting.fulfilment.rests import TINY
from pledgebook.forecasting.fulfilment.spells import Record, Spell, gather

__all__ = ["NODES", "Prospect", "one_record", "prospect", "repeated"]

Floats = NDArray[np.float64]

NODES = 15
"""How many points stand for the shared slowness where it is little known."""


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
        return np.asarray(np.maximum(whole + self.told * self.held[:, :, None] ** rungs, TINY))

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
    block = repeated(alone, draws.number)
    node = node_chances(block, levels, family=family, nodes=NODES)
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
    points, _ = nodes_of(NODES, several=alone.several)
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


def repeated(alone: Block, number: int) -> Block:
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

    return dataclasses.replace(
        alone,
        index=np.arange(number),
        parts=tuple(windows(one) for one in alone.parts),
        rests=windows(alone.rests) if alone.rests is not None else None,
        lots=np.repeat(alone.lots, number),
        log_coefficient=np.repeat(alone.log_coefficient, number, axis=0),
        plain=np.repeat(alone.plain, number),
        told=np.repeat(alone.told, number),
        over=np.repeat(alone.over, number),
    )
