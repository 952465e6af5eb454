"""A solver for one small program, on one thread, that prints nothing."""

from __future__ import annotations

import highspy
import numpy as np
from highspy._core import _Highs as Solver
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["begin_at", "make_whole", "quiet", "set_bounds"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def quiet(
    matrix: sparse.csc_matrix,
    cost: Floats,
    bounds: tuple[Floats, Floats],
    row_bounds: tuple[Floats, Floats],
) -> Solver:
    """Return a solver with the linear program in it.

    The plain class: the one with callbacks prints a banner, and no callback is wanted here.
    """
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = bounds
    program.row_lower_, program.row_upper_ = row_bounds
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.num_row_, program.a_matrix_.num_col_ = matrix.shape
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    solver = Solver()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    return solver


def make_whole(solver: Solver, columns: Indices, gap: float, seconds: float) -> None:
    """Have columns be whole, and the search end at a relative gap or after a time."""
    kinds = np.full(columns.size, int(highspy.HighsVarType.kInteger), np.uint8)
    solver.changeColsIntegrality(columns.size, columns.astype(np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.setOptionValue("time_limit", max(seconds, 0.01))


def begin_at(solver: Solver, columns: Indices, values: Floats) -> None:
    """Hand over a start, by the columns that are known of it."""
    solver.setSolution(columns.size, columns.astype(np.int32), values)


def set_bounds(solver: Solver, columns: Indices, lower: Floats, upper: Floats) -> None:
    """Set the bounds of columns."""
    solver.changeColsBounds(columns.size, columns.astype(np.int32), lower, upper)
