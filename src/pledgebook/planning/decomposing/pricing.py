"""One part of a program, solved by itself at given prices: relaxed, whole, or choices held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs as Solver
from numpy.typing import NDArray
from scipy import sparse

from pledgebook.planning.decomposing.splitting import Part
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.solving.quiet import begin_at, make_whole, quiet, set_bounds

__all__ = ["Priced", "Pricer", "Twins"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# Prices nearer than this are one price: the lower is taken, so that no bound is too high.
SAME_PRICE = 1e-10


@dataclass(frozen=True, slots=True)
class Priced:
    """A part's answer: its columns' values, what they cost at the prices, and a lower bound.

    `solved` is false where the time ran out before there was an answer; `bound` holds even so.
    """

    values: Floats
    cost: float
    bound: float
    solved: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """Rows of a part that differ in size alone, with their columns in one order, (twins, width).

    Each bounds a sum of its own columns, and a column's bound is the same share of the row's. So
    where prices are the same too, one row and one set of columns can stand for all of them.
    """

    rows: Indices
    columns: Indices
    sizes: Floats


class Pricer:
    """Solves one part again and again as prices change; not for two threads at once."""

    def __init__(
        self, formulation: Formulation, part: Part, coupling: Indices, sums: Indices
    ) -> None:
        """Take the part out of the program; `sums` are rows that may turn out to be twins."""
        self.part = part
        of_part = formulation.matrix[:, part.columns]
        self.matrix = sparse.csc_matrix(sparse.csr_matrix(of_part)[part.rows])
        self.link = sparse.csr_matrix(sparse.csr_matrix(of_part)[coupling])
        self.cost = formulation.cost[part.columns]
        self.lower = formulation.lower[part.columns]
        self.upper = formulation.upper[part.columns]
        self.row_lower = formulation.row_lower[part.rows]
        self.row_upper = formulation.row_upper[part.rows]
        self.integer = formulation.integer[part.columns]
        own = np.flatnonzero(np.isin(part.rows, sums))
        self.twins = _twins(self.matrix, own, self.lower, self.upper, self.row_upper)
        self._kept: tuple[bytes, _Merged] | None = None

    @property
    def whole(self) -> bool:
        """Whether there is anything to choose that must be whole."""
        return bool(self.integer.any())

    def prices(self, multipliers: Floats) -> Floats:
        """Return what each column costs when the coupling rows are paid for at `multipliers`."""
        return np.asarray(self.cost - self.link.T @ multipliers)

    def relaxed(self, multipliers: Floats) -> Priced:
        """Solve with yes-or-no choices let go to anything between."""
        merged = self._merged(self.prices(multipliers))
        return merged.linear(self.prices(multipliers), None)

    def fixed(self, multipliers: Floats, choices: Floats) -> Priced:
        """Solve with the integer columns held at `choices` (a value for every column)."""
        merged = self._merged(self.prices(multipliers))
        return merged.linear(self.prices(multipliers), choices)

    def solve(
        self, multipliers: Floats, gap: float, seconds: float, start: Floats | None = None
    ) -> Priced:
        """Solve whole, to a relative `gap` of the part's own cost or until time is over."""
        prices = self.prices(multipliers)
        if not self.whole:
            return self.relaxed(multipliers)
        return self._merged(prices).whole(prices, gap, seconds, start)

    def _merged(self, prices: Floats) -> _Merged:
        """Return the model for these prices, with twins of one price as one; kept while it fits."""
        groups = [group for twins in self.twins for group in _same(twins, prices)]
        key = repr([group.rows.tolist() for group in groups]).encode()
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, _Merged(self, groups))
        return self._kept[1]


class _Merged:
    """The part as the solver sees it, twins taken together, and the way back."""

    def __init__(self, pricer: Pricer, groups: Sequence[Twins]) -> None:
        rows, columns = pricer.matrix.shape
        keep_row, keep_column = np.ones(rows, bool), np.ones(columns, bool)
        upper, row_upper = pricer.upper.copy(), pricer.row_upper.copy()
        # Which column stands for each, and which share of it is its own.
        stands, share = np.arange(columns), np.ones(columns)
        for group in groups:
            parts = group.sizes / group.sizes.sum()
            keep_row[group.rows[1:]] = False
            keep_column[group.columns[1:]] = False
            upper[group.columns[0]] = pricer.upper[group.columns].sum(0)
            row_upper[group.rows[0]] = pricer.row_upper[group.rows].sum()
            stands[group.columns] = group.columns[0]
            share[group.columns] = parts[:, None]
        self.columns = np.flatnonzero(keep_column)
        position = np.cumsum(keep_column) - 1
        self.stands, self.share = position[stands], share
        self.rows = np.flatnonzero(keep_row)
        self.matrix = sparse.csc_matrix(
            sparse.csr_matrix(pricer.matrix[:, self.columns])[self.rows]
        )
        self.lower, self.upper = pricer.lower[self.columns], upper[self.columns]
        self.row_lower, self.row_upper = pricer.row_lower[self.rows], row_upper[self.rows]
        self.integer = pricer.integer[self.columns]
        self._linear: Solver | None = None

    def _prices(self, prices: Floats) -> Floats:
        lowest = np.full(self.columns.size, np.inf)
        np.minimum.at(lowest, self.stands, prices)
        return lowest

    def _model(self, prices: Floats) -> Solver:
        bounds, rows = (self.lower, self.upper), (self.row_lower, self.row_upper)
        return quiet(self.matrix, prices, bounds, rows)

    def linear(self, prices: Floats, choices: Floats | None) -> Priced:
        """Solve the linear program from where the last one ended."""
        lowest = self._prices(prices)
        if self._linear is None:
            self._linear = self._model(lowest)
        model = self._linear
        every = np.arange(self.columns.size)
        model.changeColsCost(every.size, every.astype(np.int32), lowest)
        lower, upper = self.lower, self.upper
        if choices is not None:
            held = np.round(choices[self.columns])
            lower = np.where(self.integer, held, lower)
            upper = np.where(self.integer, held, upper)
        set_bounds(model, every, lower, upper)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            model.clearSolver()
            model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return self._none(-np.inf)
        values = np.clip(np.array(model.getSolution().col_value), lower, upper)
        cost = float(lowest @ values)
        return Priced(self._back(values), cost, model.getObjectiveValue(), True)

    def whole(self, prices: Floats, gap: float, seconds: float, start: Floats | None) -> Priced:
        """Solve by branch and bound; the start is an earlier answer to the same part."""
        lowest = self._prices(prices)
        model = self._model(lowest)
        at = np.flatnonzero(self.integer)
        make_whole(model, at, gap, seconds)
        if start is not None:
            begin_at(model, at, np.round(start[self.columns][at]))
        model.run()
        if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            # HiGHS 1.16 has been seen to lose every plan in presolve: it must say so twice.
            model.setOptionValue("presolve", "off")
            model.clearSolver()
            model.run()
        if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return self._none(np.inf)
        info = model.getInfo()
        if start is not None and not _agree(model, lowest):
            # HiGHS 1.16 has been seen to give back the start beside another plan's objective.
            return self.whole(prices, gap, seconds, None)
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return self._none(bound)
        values = np.clip(np.array(model.getSolution().col_value), self.lower, self.upper)
        values[at] = np.round(values[at])
        return Priced(self._back(values), float(lowest @ values), bound, True)

    def _back(self, values: Floats) -> Floats:
        return np.asarray(values[self.stands] * self.share)

    def _none(self, bound: float) -> Priced:
        return Priced(np.zeros(self.stands.size), np.inf, bound, False)


def _agree(model: Solver, cost: Floats) -> bool:
    """Return whether the values are those of the objective."""
    told = model.getInfo().objective_function_value
    found = float(cost @ np.array(model.getSolution().col_value))
    return not np.isfinite(told) or abs(told - found) <= 1e-6 * max(1.0, abs(told))


def _twins(
    matrix: sparse.csc_matrix, own: Indices, lower: Floats, upper: Floats, row_upper: Floats
) -> tuple[Twins, ...]:
    """Return the rows among `own` that bound sums of columns alike in all but size."""
    by_row = sparse.csr_matrix(matrix)
    groups: dict[object, list[tuple[int, Indices, float]]] = {}
    for row in own:
        columns = by_row.indices[by_row.indptr[row] : by_row.indptr[row + 1]]
        size = float(row_upper[row])
        if not (np.isfinite(size) and size > 0) or lower[columns].any():
            continue
        seen = []
        for column in columns:
            within = slice(matrix.indptr[column], matrix.indptr[column + 1])
            entries = {
                int(r): float(v)
                for r, v in zip(matrix.indices[within], matrix.data[within], strict=True)
            }
            weight = entries.pop(int(row))
            ratio = float(f"{upper[column] * weight / size:.12g}")
            seen.append((tuple(sorted(entries.items())), ratio, weight, int(column)))
        seen.sort()
        key = tuple(entry[:3] for entry in seen)
        if len({entry[0] for entry in seen}) == len(seen):
            at = np.array([entry[3] for entry in seen])
            groups.setdefault(key, []).append((int(row), at, size))
    found = []
    for group in groups.values():
        if len(group) > 1:
            rows, columns_of, sizes = zip(*group, strict=True)
            found.append(Twins(np.array(rows), np.stack(columns_of), np.array(sizes)))
    return tuple(found)


def _same(twins: Twins, prices: Floats) -> list[Twins]:
    """Return those of the twins whose columns have the same prices, together."""
    of = prices[twins.columns]
    scale = SAME_PRICE * (1.0 + np.abs(of).max())
    _, label = np.unique(np.round(of / scale), axis=0, return_inverse=True)
    label = label.ravel()
    found = []
    for each in np.unique(label):
        at = np.flatnonzero(label == each)
        if at.size > 1:
            found.append(Twins(twins.rows[at], twins.columns[at], twins.sizes[at]))
    return found
