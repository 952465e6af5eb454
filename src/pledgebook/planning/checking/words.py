"""How a check compares and what it says: sizes by item, and the error of a broken plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pledgebook.errors import PledgebookError
from pledgebook.planning.problem import Problem

__all__ = ["TOLERANCE", "BrokenPlanError", "Scales", "hold", "known", "stepwise"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-6


class BrokenPlanError(PledgebookError):
    """A plan that breaks a constraint of its problem: a fault of the solver or of ours."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What counts as nothing: a share `TOLERANCE` of an item's amounts, or of sums of money."""

    items: Mapping[str, float]
    money: float

    @classmethod
    def of(cls, problem: Problem) -> Scales:
        """Return the sizes of a problem: the largest amounts of each item, and the sums of them."""
        items: dict[str, float] = {}
        sums = [0.0]

        def see(item: str, amounts: ArrayLike, price: float = 0.0) -> None:
            finite = np.asarray(amounts, float)
            largest = float(np.max(finite[np.isfinite(finite)], initial=0.0))
            items[item] = max(items.get(item, 0.0), largest)
            sums.append(price * largest)

        for need in problem.needs:
            see(need.item, need.amount, max((piece.cost for piece in need.pieces), default=0.0))
        for stock in problem.stocks:
            see(stock.item, [stock.opening, *np.ravel(stock.arriving)])
        for shelf in problem.shelves:
            see(shelf.item, shelf.held, shelf.cost)
        for line in problem.lines:
            see(line.item, line.capacity, float(np.max(line.price, initial=0.0)))
        return cls(items, max(sums))

    def item(self, item: str) -> float:
        """Return what is nothing of an item."""
        return TOLERANCE * self.items.get(item, 0.0)

    @property
    def sums(self) -> float:
        """What is nothing in money."""
        return TOLERANCE * self.money


def hold(value: ArrayLike, bound: ArrayLike, nothing: float, says: str) -> None:
    """Have `value` at most `bound`, but for nothing; `says` may name the `{step}` of the breach."""
    have, most = np.broadcast_arrays(
        np.atleast_1d(np.asarray(value, float)), np.atleast_1d(np.asarray(bound, float))
    )
    with np.errstate(invalid="ignore"):
        size = np.where(np.isfinite(most), np.abs(most), 0.0)
        fine = have <= most + nothing + TOLERANCE * size
    if fine.all():
        return
    at = np.unravel_index(int(np.argmin(fine)), fine.shape)
    figures = f"{have[at]:.6g} against {most[at]:.6g}"
    raise BrokenPlanError(f"the plan is broken: {says.format(step=at[-1])} ({figures})")


def known(there: bool, says: str) -> None:
    """Have what the plan names exist in the problem."""
    if not there:
        raise BrokenPlanError(f"the plan is broken: {says}")


def stepwise(amount: Floats, steps: int, nothing: float, what: str) -> Floats:
    """Return an amount by step, which must be finite, of the right shape and not below zero."""
    array = np.asarray(amount, float)
    known(array.shape == (steps,), f"{what} is not given by step")
    known(bool(np.isfinite(array).all()), f"{what} is not finite")
    hold(-array, 0.0, nothing, f"{what} is below zero in step {{step}}")
    return array
