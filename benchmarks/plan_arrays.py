"""The plain model of the planning benchmark's README as sparse matrices for HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

if TYPE_CHECKING:
    from plan_peers import Sizes

__all__ = ["plain_model"]

DELAY, DRAW, HOLD, SHORT, REBATE = 9, 0.2, 0.01, (20.0, 6.0), (0.0, 0.06, 0.12)

Indices = NDArray[np.int64]


class _Rows:
    """Collects columns, rows and entries."""

    def __init__(self) -> None:
        self.cost: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.whole: list[NDArray[np.bool_]] = []
        self.sides: list[NDArray[np.float64]] = []
        self.entries: list[tuple[Indices, Indices, NDArray[np.float64]]] = []
        self.columns = self.rows = 0

    def column(
        self, shape: tuple[int, ...], cost: ArrayLike, upper: ArrayLike, *, whole: bool = False
    ) -> Indices:
        count = int(np.prod(shape))
        self.cost.append(np.broadcast_to(cost, shape).ravel().astype(float))
        self.upper.append(np.broadcast_to(upper, shape).ravel().astype(float))
        self.whole.append(np.full(count, whole))
        self.columns += count
        return np.arange(self.columns - count, self.columns).reshape(shape)

    def row(self, shape: tuple[int, ...], low: ArrayLike, high: ArrayLike) -> Indices:
        count = int(np.prod(shape))
        sides = np.stack([np.broadcast_to(side, shape).ravel() for side in (low, high)])
        self.sides.append(sides.astype(float))
        self.rows += count
        return np.arange(self.rows - count, self.rows).reshape(shape)

    def put(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        r, c, v = np.broadcast_arrays(row, column, np.asarray(value, float))
        self.entries.append((r.ravel(), c.ravel(), v.ravel()))


def plain_model(s: Sizes) -> highspy.HighsLp:
    """Return the model with an expansion in any month, and tiers tied by their widths."""
    i, m, endless = s.i, _Rows(), np.inf
    months = (s.months,)
    price, line_price, width = i["price"], i["line_price"], i["tier"]
    shelves = (len(s.held), *months)
    draw = m.column(shelves, DRAW * price[s.item_of][:, None], s.held[:, None] / 6)
    order = m.column((s.lines, *months), line_price[:, None], endless)
    expand = m.column((s.lines, *months), i["expansion_cost"][:, None], 1.0, whole=True)
    pieces = (s.items, s.months, 2)
    short = m.column(pieces, price[:, None, None] * SHORT, i["need"][:, :, None] / 2)
    stock = m.column((s.items, *months), HOLD * price[:, None], endless)
    gain = -line_price[:, None, None] * np.array(REBATE)
    part = m.column((s.lines, s.quarters, 3), gain, width[:, None, :])
    opened = m.column((s.lines, s.quarters, 2), 0.0, 1.0, whole=True)
    pay = m.column((len(s.payer), s.years), 0.0, endless)
    m.put(m.row(shelves[:1], -endless, s.held)[:, None], draw, 1.0)
    m.put(m.row((s.lines,), -endless, 1.0)[:, None], expand, 1.0)
    row = m.row((s.lines, *months), -endless, i["capacity"][:, None])
    m.put(row, order, 1.0)
    grown, decided = np.nonzero(np.tri(s.months, s.months, -DELAY))
    m.put(row[:, grown], expand[:, decided], -i["added"][:, None])
    row = m.row((s.items, *months), i["need"], i["need"])
    m.put(row, stock, -1.0)
    m.put(row[:, 1:], stock[:, :-1], 1.0)
    m.put(row[:, :, None], short, 1.0)
    m.put(row[s.item_of], draw, 1.0)
    for line, lead in enumerate(s.lead):
        m.put(row[s.made[line], lead:], order[line, : s.months - lead], 1.0)
    row = m.row((s.lines, s.quarters), 0.0, 0.0)
    m.put(row[:, :, None], part, 1.0)
    m.put(row[:, s.quarter], order, -1.0)
    for low, high, at in ((0.0, endless, 0), (-endless, 0.0, 1)):
        row = m.row((s.lines, s.quarters, 2), low, high)
        m.put(row, part[:, :, at : at + 2], 1.0)
        m.put(row, opened, -width[:, None, at : at + 2])
    row = m.row((s.lines, s.years), 0.0, 0.0)
    m.put(row[s.paid], pay, 1.0)
    m.put(row[:, s.year], order, -line_price[:, None])
    row = m.row((s.donors, s.years), -endless, i["budget"])
    m.put(row[s.payer], pay, 1.0)
    m.put(row[s.donor_of][:, s.year], draw, DRAW * price[s.item_of][:, None])
    return _model(m)


def _model(m: _Rows) -> highspy.HighsLp:
    row, column, value = (np.concatenate([e[k] for e in m.entries]) for k in range(3))
    matrix = sparse.csc_matrix((value, (row, column)), shape=(m.rows, m.columns))
    sides = np.concatenate(m.sides, axis=1)
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = np.concatenate(m.cost)
    program.col_lower_ = np.zeros(m.columns)
    program.col_upper_ = np.concatenate(m.upper)
    program.row_lower_, program.row_upper_ = sides
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    program.integrality_ = [kinds[int(whole)] for whole in np.concatenate(m.whole)]
    return program
