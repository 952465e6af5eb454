"""What the parts of the formulation share: sizes, places of names, what each leaves the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.blocks import Builder
from pledgebook.planning.problem import Case, Contract, Line, Problem

__all__ = ["Frame", "Move", "Spend", "Strength", "power_of_two", "stacked"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Strength:
    """Which valid inequalities are added; all but for measurements of what each is worth."""

    tiers_in_reach: bool = True
    """A price tier is no wider than what the line can fill of it in a period."""
    tiers_need_growth: bool = True
    """A price tier beyond what a line can make in a period needs an expansion by its end."""
    capacity_when_it_runs: bool = True
    """A line that has a least rate has its capacity only where it runs."""
    ramps_in_reach: bool = True
    """A line makes no more than it can come to by its ramp from what it could make before."""
    early: bool = True
    """An expansion or restart at its first step alone, where the step changes no cost."""
    pooled: bool = True
    """Shelves that differ in nothing are one."""


@dataclass(frozen=True, slots=True)
class Move:
    """Columns (n, steps) that bring units into stocks (n,), `delay` (n,) steps after their own.

    `out` (n,) is the delay after which they need transport, and `weight` (n,) how much a unit.
    """

    columns: Indices
    stock: Indices
    delay: Indices
    out: Indices
    weight: Floats


@dataclass(frozen=True, slots=True)
class Spend:
    """Money in a year: columns, who or what it is spent for, the year, and the sum a unit.

    All of one shape; `on` is the number of a donor (`Frame.drawn_by`) or of something that can be
    bought (`Frame.due`): lines first, then contracts. Year -1 is after the horizon.
    """

    columns: Indices
    on: Indices
    year: Indices
    each: Floats


@dataclass(slots=True)
class Frame:
    """The problem, the builder, and what one part of the formulation leaves for the next."""

    problem: Problem
    strength: Strength
    builder: Builder = field(default_factory=Builder)
    moves: list[Move] = field(default_factory=list)
    due: list[Spend] = field(default_factory=list)
    drawn_by: list[Spend] = field(default_factory=list)
    contract_cost: Floats = field(default_factory=lambda: np.zeros(0))
    """The most that each contract can cost."""

    stocks: dict[str, int] = field(init=False)
    donors: dict[str, int] = field(init=False)
    budgets: dict[str, int] = field(init=False)
    cases: Sequence[Case] = field(init=False)
    units: dict[str, float] = field(init=False)
    money: float = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        self.stocks = {stock.name: i for i, stock in enumerate(problem.stocks)}
        self.budgets = {budget.donor: i for i, budget in enumerate(problem.budgets)}
        known = dict.fromkeys(self.budgets)
        bought: list[Line | Contract] = [*problem.lines, *problem.contracts]
        for thing in bought:
            known.update(dict.fromkeys(thing.buyers or ()))
        known.update(dict.fromkeys(shelf.donor for shelf in problem.shelves))
        self.donors = {donor: i for i, donor in enumerate(known)}
        self.cases = problem.cases or (Case("", 1.0),)
        self.units, self.money = _sizes(problem)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.problem.steps

    @property
    def bands(self) -> bool:
        """Whether any donor is bound to a share of all spending."""
        return any(b.least_share > 0 or b.most_share < 1 for b in self.problem.budgets)

    def year_at(self, step: Indices) -> Indices:
        """Return the budget year of each step, -1 after the horizon."""
        padded = np.append(self.problem.year_of, -1)
        return np.asarray(padded[np.minimum(step, self.steps)], np.int64)

    def weight_of(self, item: str) -> float:
        """Return what a unit of the item takes of the transport, 0 where it is not bound."""
        return self.problem.weight[item] if self.problem.transport is not None else 0.0

    def payers(self, buyers: Sequence[str] | None) -> tuple[str, ...] | None:
        """Return who may pay; None where it is left open."""
        if buyers is not None:
            return tuple(dict.fromkeys(buyers))
        return tuple(self.budgets) or None


def power_of_two(value: float) -> float:
    """Return the power of two next to a positive value: a unit that rounds nothing."""
    return float(2.0 ** np.round(np.log2(value))) if np.isfinite(value) and value > 0 else 1.0


def stacked(values: Sequence[Floats], steps: int) -> Floats:
    """Return arrays (steps,) as one (of them, steps), with none as (0, steps)."""
    return np.stack(values).astype(float) if values else np.zeros((0, steps))


def _sizes(problem: Problem) -> tuple[dict[str, float], float]:
    """Return the size of an amount by item, and of a sum of money."""
    seen: dict[str, list[float]] = {}
    second: dict[str, list[float]] = {}
    for need in problem.needs:
        seen.setdefault(need.item, []).append(_mean(need.amount))
    for shelf in problem.shelves:
        second.setdefault(shelf.item, []).append(shelf.held)
    for line in problem.lines:
        second.setdefault(line.item, []).append(_mean(line.capacity))
    items = dict.fromkeys([*seen, *second, *(stock.item for stock in problem.stocks)])
    units = {}
    for item in items:
        first = _mean(np.array(seen.get(item, [0.0])))
        units[item] = power_of_two(first or _mean(np.array(second.get(item, [0.0]))))
    sums = [_mean(line.price) * units[line.item] for line in problem.lines]
    sums += [shelf.cost * units[shelf.item] for shelf in problem.shelves]
    sums += [piece.cost * units[need.item] for need in problem.needs for piece in need.pieces]
    return units, power_of_two(_mean(np.array(sums or [1.0])))


def _mean(values: Floats) -> float:
    positive = values[(values > 0) & np.isfinite(values)]
    return float(positive.mean()) if positive.size else 0.0
