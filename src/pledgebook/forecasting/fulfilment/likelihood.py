"""The log-likelihood of commitments, each by itself, and its gradient.

Each commitment has ten parameters of its own (`Level`); the model says how they follow from a few
common ones. Within a commitment the slowness u ~ N(0, 1) is shared by all lots and summed over
nodes; one node more is the commitment that was dropped whole, of which nothing comes.
Given the node, lots are independent:

    told lot           omega * sum over bins of [F(t2) - F(t1)] * phi(bin) * [G(lag2) - G(lag1)]
    not told           N = 1 - omega * A,  A = sum over bins of dF * phi * G(as of)
    open, not told     O = phi* (1 - omega F) + omega * sum over bins of dF * phi * (1 - G)

with F the delay of delivery, G that of the report, phi the chance that a delivery of that time is
told of at all, phi* the same as of now, omega the share of lots of kept promises that ever come. A
rest of k lots is not reported with chance N^k, is marked open with O^k, undisclosed with N^k - O^k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import Block, Windows
from pledgebook.forecasting.fulfilment.families import Family, sigmoid
from pledgebook.forecasting.fulfilment.layers import (
    Delays,
    Telling,
    add_delays,
    add_telling,
    delays_of,
    nodes_of,
    telling,
)
from pledgebook.forecasting.fulfilment.levels import LEVELS, Level
from pledgebook.forecasting.fulfilment.rests import TINY, Ladder, Rest, powers

__all__ = ["Node", "evaluate", "node_chances"]

Floats = NDArray[np.float64]


def evaluate(
    block: Block, level: Floats, *, family: Family, nodes: int = 9
) -> tuple[Floats, Floats]:
    """Return the log-likelihood (n,) of each commitment and its gradient (n, LEVELS).

    `level` are the parameters of each commitment (n, LEVELS), `nodes` how many points stand for
    the slowness that its lots share.
    """
    seen = _Seen.of(block, level, family, nodes)
    rest, ladder, chances = seen.rest, seen.ladder, seen.chances
    gradient = np.zeros((block.size, LEVELS))
    coming, dropped = sigmoid(level[:, Level.COMING]), sigmoid(level[:, Level.DROPPED])
    live, dead = chances[:, :-1], chances[:, -1]

    gradient[:, Level.DROPPED] = dead * (1.0 - dropped) - (1.0 - dead) * dropped
    gradient[:, Level.COMING] = block.lots * (1.0 - coming) * (1.0 - dead)
    gradient[:, Level.MORE] = (chances * ladder.by_more / ladder.total).sum(axis=1)
    for windows, tell, delays, shift, weight, chance in seen.parts:
        # What cannot be at all pulls nowhere: its chance stands at the floor.
        lean = np.where(chance > TINY, live[windows.owner] / chance, 0.0)
        add_delays(gradient, windows.owner, delays, lean[:, :, None] * weight[:, None, :], shift)
        mass = np.einsum("rq,rqb->rb", lean, delays.mass)
        add_telling(gradient, windows, tell, mass * tell.lag, mass * tell.told)
    if rest is not None and block.rests is not None:
        pull = (chances / ladder.total)[block.rests.owner]
        rest.add(gradient, block.rests, pull * ladder.by_silent, pull * ladder.by_held)
    return seen.value, gradient


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the likelihood is made of: the reported lots, the rests, the chances of the nodes."""

    parts: list[tuple[Windows, Telling, Delays, Floats, Floats, Floats]]
    rest: Rest | None
    ladder: Ladder
    value: Floats
    chances: Floats
    """The chance of each node given all that is known, the dropped one last (n, Q + 1)."""

    @classmethod
    def of(cls, block: Block, level: Floats, family: Family, nodes: int) -> _Seen:
        points, weights = nodes_of(nodes, several=block.several)
        coming, dropped = sigmoid(level[:, Level.COMING]), sigmoid(level[:, Level.DROPPED])
        log_live = np.log(np.tile(weights, block.nodes) / block.nodes)
        log_live = log_live + (block.lots * np.log(coming) + np.log1p(-dropped))[:, None]
        parts = []
        for windows in block.parts:
            tell = telling(windows, level)
            delays, shift = delays_of(windows, level, points, family)
            weight = tell.told * tell.lag
            chance = np.maximum(np.einsum("rqb,rb->rq", delays.mass, weight), TINY)
            np.add.at(log_live, windows.owner, np.log(chance))
            parts.append((windows, tell, delays, shift, weight, chance))
        rest = Rest.of(block, level, points, family) if block.rests is not None else None
        ladder = Ladder.of(block, level, rest, log_live.shape[1])
        # Of what was dropped whole nothing was reported.
        log_dead = np.where(block.lots > 0, -np.inf, np.log(dropped))
        log_node = np.concatenate([log_live, log_dead[:, None]], axis=1) + np.log(ladder.total)
        top = log_node.max(axis=1, keepdims=True)
        value = top[:, 0] + np.log(np.exp(log_node - top).sum(axis=1))
        return cls(parts, rest, ladder, value, np.exp(log_node - value[:, None]))


@dataclass(frozen=True, slots=True)
class Node:
    """What is known of some rests at each node of the shared slowness; n rows.

    `weight` are the chances of the node and of 0, 1, .. lots left together (n, Q + 1, K + 1);
    `silent` and `held` those that a lot is not reported, or open and not reported (n, Q + 1), the
    dropped commitment last. Without it (n, Q): `come` is the chance that a lot that comes at all
    has come by the day of knowledge, `silent_by_now` and `held_by_now` that it has come and is not
    reported. `coming` and `now` (n,) are the chances that a lot comes, and that it is told of.
    """

    weight: Floats
    silent: Floats
    held: Floats
    come: Floats
    silent_by_now: Floats
    held_by_now: Floats
    coming: Floats
    now: Floats


def node_chances(block: Block, level: Floats, *, family: Family, nodes: int) -> Node:
    """Return what is known of rests, given the levels of each; something must be left of all."""
    seen = _Seen.of(block, level, family, nodes)
    rest, ladder = seen.rest, seen.ladder
    assert rest is not None
    plain, told = block.plain[:, None, None], block.told[:, None, None]
    ways = plain * powers(rest.silent) + told * powers(rest.held)
    share = (seen.chances / ladder.total)[:, :, None] * ways * ladder.number[:, None, :]
    return Node(
        weight=share,
        silent=rest.silent,
        held=rest.held,
        come=rest.come,
        silent_by_now=rest.coming * (rest.come - rest.heard),
        held_by_now=rest.coming * (rest.opened - rest.heard),
        coming=rest.coming[:, 0],
        now=rest.now[:, 0],
    )
