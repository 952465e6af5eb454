"""The master: mixes the parts' answers so that coupling rows hold, and prices those rows."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs as Solver
from numpy.typing import NDArray
from scipy import sparse

from pledgebook.planning.decomposing.splitting import Split
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.solving.quiet import quiet

__all__ = ["Master", "Mix", "Outside", "lagrangian"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Outside:
    """What of a program is in no part: the coupling rows, and the columns between the parts."""

    def __init__(self, formulation: Formulation, split: Split) -> None:
        """Take it out of the program, whose columns had best be bounded (`implied_bounds`)."""
        self.coupling = split.coupling
        self.between = split.between
        of_columns = sparse.csr_matrix(formulation.matrix[:, split.between])
        self.matrix = sparse.csc_matrix(of_columns[split.coupling])
        self.cost = formulation.cost[split.between]
        self.lower = formulation.lower[split.between]
        self.upper = formulation.upper[split.between]
        self.row_lower = formulation.row_lower[split.coupling]
        self.row_upper = formulation.row_upper[split.coupling]

    def legal(self, multipliers: Floats) -> Floats:
        """Return the multipliers without those of a sign that a row's missing bound forbids."""
        found = np.where(np.isfinite(self.row_lower), multipliers, np.minimum(multipliers, 0.0))
        return np.where(np.isfinite(self.row_upper), found, np.maximum(found, 0.0))

    def value(self, multipliers: Floats) -> float:
        """Return what the rows' bounds and the columns between add to the Lagrangian bound."""
        side = np.where(multipliers > 0, self.row_lower, self.row_upper)
        paid = float((multipliers * np.where(multipliers == 0, 0.0, side)).sum())
        price = self.cost - self.matrix.T @ multipliers
        at = np.where(price > 0, self.lower, self.upper)
        return paid + float((price * np.where(price == 0, 0.0, at)).sum())


def lagrangian(outside: Outside, multipliers: Floats, bounds: Floats) -> float:
    """Return the bound that multipliers and the parts' own bounds at their prices prove."""
    return outside.value(multipliers) + float(bounds.sum())


@dataclass(frozen=True, slots=True)
class Mix:
    """What the master found: its cost, what rows are worth, the weight of each answer.

    `broken` is by how much coupling rows are broken in all: 0 where the mix is a plan, infinity
    where a part has no answer to mix.
    """

    cost: float
    multipliers: Floats
    weights: Floats
    between: Floats
    broken: float


class Master:
    """A linear program over the answers of the parts, one column each, that grows."""

    def __init__(self, outside: Outside, parts: int, penalty: float) -> None:
        """Begin without any answer; breaking a coupling row costs `penalty` a unit."""
        self.outside = outside
        self.parts = parts
        self.penalty = penalty
        self.of: list[int] = []
        self.answers: list[Floats] = []
        self._seen: set[tuple[int, bytes]] = set()
        self._model = self._begin()

    def add(self, part: int, values: Floats, cost: float, use: Floats) -> bool:
        """Add an answer of a part, its cost and its use of the coupling rows; False if known."""
        key = (part, np.round(np.append(use, cost), 9).tobytes())
        if key in self._seen:
            return False
        self._seen.add(key)
        rows = self.outside.coupling.size
        used = np.flatnonzero(use)
        index = np.append(used, rows + part).astype(np.int32)
        value = np.append(use[used], 1.0)
        self._model.addCol(cost, 0.0, np.inf, index.size, index, value)
        self.of.append(part)
        self.answers.append(values)
        return True

    def solve(self) -> Mix:
        """Solve from where the last one ended."""
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._model.clearSolver()
            self._model.run()
        solution = self._model.getSolution()
        rows, between = self.outside.coupling.size, self.outside.between.size
        values = np.array(solution.col_value)
        slack = float(values[between : between + 2 * rows].sum())
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            slack = np.inf
        return Mix(
            cost=float(self._model.getObjectiveValue()),
            multipliers=np.array(solution.row_dual)[:rows],
            weights=np.maximum(values[between + 2 * rows :], 0.0),
            between=values[:between],
            broken=slack,
        )

    def raise_penalty(self, factor: float) -> None:
        """Make breaking coupling rows dearer."""
        self.penalty *= factor
        between = self.outside.between.size
        count = 2 * self.outside.coupling.size
        at = np.arange(between, between + count, dtype=np.int32)
        self._model.changeColsCost(count, at, np.full(count, self.penalty))

    def _begin(self) -> Solver:
        outside = self.outside
        rows = outside.coupling.size
        eye = sparse.identity(rows, format="csc")
        top = sparse.hstack([outside.matrix, eye, -eye], format="csc")
        empty = sparse.csc_matrix((self.parts, top.shape[1]))
        matrix = sparse.csc_matrix(sparse.vstack([top, empty]))
        cost = np.append(outside.cost, np.full(2 * rows, self.penalty))
        lower = np.append(outside.lower, np.zeros(2 * rows))
        upper = np.append(outside.upper, np.full(2 * rows, np.inf))
        one = np.ones(self.parts)
        sides = (np.append(outside.row_lower, one), np.append(outside.row_upper, one))
        return quiet(matrix, cost, (lower, upper), sides)
