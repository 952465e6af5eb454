"""What is left of commitments: the chance that nothing of it is reported, lot by lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.arrange import MOST_LOTS, Block, Windows
from pledgebook.forecasting.fulfilment.families import Family, sigmoid
from pledgebook.forecasting.fulfilment.layers import (
    Delays,
    Telling,
    add_delays,
    add_telling,
    delays_of,
    telling,
)
from pledgebook.forecasting.fulfilment.levels import Level

__all__ = ["TINY", "Ladder", "Rest", "powers"]

Floats = NDArray[np.float64]

TINY = 1e-290
"""What cannot be has this chance, so that its logarithm is a number."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of some commitments at each node, the dropped one last: (R, Q + 1).

    `silent` is the chance that a lot is not reported, `held` that it is open and not reported.
    """

    silent: Floats
    held: Floats
    coming: Floats
    now: Floats
    come: Floats
    heard: Floats
    opened: Floats
    over: NDArray[np.bool_]
    tell: Telling
    delays: Delays
    shift: Floats

    @classmethod
    def of(cls, block: Block, level: Floats, points: Floats, family: Family) -> Rest:
        """Return what is left of the commitments of a block that is not complete."""
        windows = block.rests
        assert windows is not None
        tell = telling(windows, level)
        delays, shift = delays_of(windows, level, points, family)
        coming = sigmoid(level[windows.owner, Level.COMING])[:, None]
        now = sigmoid(level[windows.owner, Level.TOLD])[:, None]
        over = block.over[windows.owner][:, None]
        come = delays.mass.sum(axis=-1)
        # What was withdrawn has not come, whatever was told.
        heard = np.where(over, 1.0, np.einsum("rqb,rb->rq", delays.mass, tell.told * tell.lag))
        opened = np.einsum("rqb,rb->rq", delays.mass, tell.told)
        held = np.maximum(now * (1.0 - coming * come) + coming * (opened - heard), 0.0)
        return cls(
            silent=np.concatenate([1.0 - coming * heard, np.ones_like(now)], axis=1),
            held=np.concatenate([held, now], axis=1),
            coming=coming,
            now=now,
            come=come,
            heard=heard,
            opened=opened,
            over=over,
            tell=tell,
            delays=delays,
            shift=shift,
        )

    def add(self, gradient: Floats, windows: Windows, by_silent: Floats, by_held: Floats) -> None:
        """Add the gradient, given that by `silent` and `held` (R, Q + 1)."""
        tell, coming, now = self.tell, self.coming, self.now
        silent, held = by_silent[:, :-1], by_held[:, :-1]
        back_heard = np.where(self.over, 0.0, -coming * (silent + held))
        back_opened = coming * held
        weight = (
            back_heard[:, :, None] * (tell.told * tell.lag)[:, None, :]
            + back_opened[:, :, None] * tell.told[:, None, :]
            - (back_opened * now)[:, :, None]
        )
        add_delays(gradient, windows.owner, self.delays, weight, self.shift)
        heard = np.einsum("rq,rqb->rb", back_heard, self.delays.mass)
        opened = np.einsum("rq,rqb->rb", back_opened, self.delays.mass)
        add_telling(gradient, windows, tell, heard * tell.lag + opened, heard * tell.told)
        by_coming = held * (self.opened - self.heard - now * self.come) - silent * self.heard
        slope = coming * (1.0 - coming)
        gradient[windows.owner, Level.COMING] += (slope * by_coming).sum(axis=1)
        by_now = (held * (1.0 - coming * self.come)).sum(axis=1) + by_held[:, -1]
        gradient[windows.owner, Level.TOLD] += by_now * (now * (1.0 - now))[:, 0]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The chance of what is left, summed over how many lots it may be.

    `total` and its derivative `by_more` are (n, Q + 1); those by `silent` and `held` are of the
    commitments of which something may be left (R, Q + 1).
    """

    total: Floats
    by_more: Floats
    by_silent: Floats
    by_held: Floats
    number: Floats
    """What each number of further lots weighs (n, MOST_LOTS + 1)."""

    @classmethod
    def of(cls, block: Block, level: Floats, rest: Rest | None, nodes: int) -> Ladder:
        """Return the sums for a block; `nodes` are those without the dropped one."""
        more = sigmoid(level[:, Level.MORE])[:, None]
        lots = np.maximum(block.lots[:, None] + _FURTHER, 1.0)
        number = np.exp(np.log1p(-more) + (lots - 1.0) * np.log(more) + block.log_coefficient)
        by_more = number * ((lots - 1.0) * (1.0 - more) - more)
        # Where nothing is left there is one rung.
        total = np.repeat(number[:, :1], nodes + 1, axis=1)
        slope = np.repeat(by_more[:, :1], nodes + 1, axis=1)
        none = np.zeros((0, nodes + 1))
        if rest is None or block.rests is None:
            return cls(np.maximum(total, TINY), slope, none, none, number)
        owner = block.rests.owner
        plain, told = block.plain[owner, None, None], block.told[owner, None, None]
        up_silent, up_held = powers(rest.silent), powers(rest.held)
        mixed = plain * up_silent + told * up_held
        total[owner] = np.einsum("rqk,rk->rq", mixed, number[owner])
        slope[owner] = np.einsum("rqk,rk->rq", mixed, by_more[owner])
        steps = (number[owner] * _FURTHER)[:, 1:]
        return cls(
            np.maximum(total, TINY),
            slope,
            plain[:, :, 0] * np.einsum("rqk,rk->rq", up_silent[:, :, :-1], steps),
            told[:, :, 0] * np.einsum("rqk,rk->rq", up_held[:, :, :-1], steps),
            number,
        )


_FURTHER = np.arange(MOST_LOTS + 1, dtype=float)


def powers(chance: Floats) -> Floats:
    """Return the powers of some chances from 0 to MOST_LOTS, in one more dimension."""
    powers = np.empty((*chance.shape, MOST_LOTS + 1))
    powers[..., 0] = 1.0
    for at in range(1, MOST_LOTS + 1):
        np.multiply(powers[..., at - 1], chance, out=powers[..., at])
    return powers
