"""The proof of a bound, and what checks it without the code that found it.

A certificate holds a price for each coupling row and a lower bound on what each part costs at those
prices. Whatever the prices, the parts' bounds and the rows' own terms add up to what no plan can go
below (Lagrange). `verify` takes the program apart anew and proves each part's bound by a branch and
bound of its own. A solver only guesses the dual values of each node's linear program; what they are
worth is added up here, with all that rounding may do taken off (Neumaier and Shcherbina 2004). So
no bound rests on the solver's word: it rests on the program's arrays and on this module.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs as Solver
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.solving.bounding import implied_bounds
from pledgebook.planning.solving.quiet import quiet, set_bounds

__all__ = ["Certificate", "Verified", "dual_bound", "verify"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# What a sum of doubles may be off, as a share of the sum of its terms' sizes: far above what it is.
ROUNDING = 1e-12
# How far below its claim a part's bound may be proved before the search goes on, as a share.
SLACK = 1e-7
FRACTIONAL = 1e-6


@dataclass(frozen=True, slots=True)
class Certificate:
    """Multipliers of coupling rows, and a lower bound on what each part costs at those prices.

    All in the formulation's own units. `rows` are the coupling rows, `parts` the bounds of the
    parts, `first_columns` names each part by its first column. `bound` follows from the rest.
    """

    rows: Indices
    multipliers: Floats
    parts: Floats
    first_columns: Indices
    bound: float


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: the bound, how many parts reached their claim, and the nodes it took."""

    bound: float
    claimed: float
    parts: int
    reached: int
    nodes: int


@dataclass(slots=True)
class _Piece:
    """A linear program with columns that must be whole, by its arrays."""

    matrix: sparse.csc_matrix
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    integer: Indices


def verify(formulation: Formulation, certificate: Certificate, *, nodes: int = 2000) -> Verified:
    """Return the bound that the certificate's prices prove, found anew.

    A part's proof ends when its claim is reached, or after `nodes` nodes with what is proved by
    then: so the bound may be below the claim, and never above what is proved.
    """
    program = formulation.scaled()
    lower, upper = implied_bounds(
        program.matrix, program.lower, program.upper, program.row_lower, program.row_upper
    )
    unit = formulation.row_unit[certificate.rows] / formulation.money
    prices = np.zeros(program.matrix.shape[0])
    prices[certificate.rows] = certificate.multipliers * unit
    prices = _legal(prices, program.row_lower, program.row_upper)
    reduced = program.cost - program.matrix.T @ prices
    claims = dict(
        zip(certificate.first_columns.tolist(), certificate.parts / formulation.money, strict=True)
    )
    bound = _sum(prices, program.row_lower, program.row_upper)
    reached = count = visited = 0
    for rows, columns in _components(program.matrix, certificate.rows):
        piece = _Piece(
            sparse.csc_matrix(program.matrix[rows][:, columns]),
            reduced[columns],
            lower[columns],
            upper[columns],
            program.row_lower[rows],
            program.row_upper[rows],
            np.flatnonzero(program.integer[columns]),
        )
        if rows.size == 0:
            bound += _least(piece.cost, piece.lower, piece.upper)
            continue
        claim = claims.get(int(columns[0]), np.inf)
        proved, taken = _prove(piece, claim - SLACK * abs(claim), nodes)
        bound += min(proved, claim)
        reached += proved >= claim - SLACK * abs(claim)
        count += 1
        visited += taken
    total = bound * formulation.money + formulation.offset
    return Verified(total, certificate.bound, count, int(reached), visited)


def dual_bound(
    matrix: sparse.csc_matrix,
    cost: Floats,
    bounds: tuple[Floats, Floats],
    row_bounds: tuple[Floats, Floats],
    duals: Floats,
) -> float:
    """Return a lower bound of a linear program from any row duals at all, right or wrong.

    Wrong signs are left out; rounding is taken off. Without bounds on a column that has a price
    below 0, the bound is minus infinity.
    """
    duals = _legal(duals, *row_bounds)
    reduced = cost - matrix.T @ duals
    # The reduced costs are themselves rounded: by so much at most, at the columns' farthest bound.
    size = np.abs(cost) + abs(matrix).T @ np.abs(duals)
    far = np.maximum(np.abs(bounds[0]), np.abs(bounds[1]))
    loose = float((size * np.where(size == 0, 0.0, far)).sum())
    return _sum(duals, *row_bounds) + _least(reduced, *bounds) - ROUNDING * loose


def _legal(duals: Floats, row_lower: Floats, row_upper: Floats) -> Floats:
    found = np.where(np.isfinite(row_lower), duals, np.minimum(duals, 0.0))
    return np.where(np.isfinite(row_upper), found, np.maximum(found, 0.0))


def _sum(duals: Floats, row_lower: Floats, row_upper: Floats) -> float:
    """Return what the rows' bounds are worth at the duals, less rounding."""
    side = np.where(duals > 0, row_lower, row_upper)
    terms = duals * np.where(duals == 0, 0.0, side)
    return float(terms.sum() - ROUNDING * np.abs(terms).sum())


def _least(price: Floats, lower: Floats, upper: Floats) -> float:
    """Return the least that columns within their bounds can cost, less rounding."""
    at = np.where(price > 0, lower, upper)
    terms = price * np.where(price == 0, 0.0, at)
    return float(terms.sum() - ROUNDING * np.abs(terms).sum())


def _components(matrix: sparse.csc_matrix, coupling: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Return rows and columns of what falls apart without the coupling rows."""
    height, width = matrix.shape
    entries = sparse.coo_matrix(matrix)
    keep = ~np.isin(entries.row, coupling)
    ends = (entries.row[keep], entries.col[keep] + height)
    graph = sparse.coo_matrix((np.ones(int(keep.sum())), ends), shape=(height + width,) * 2)
    _, label = connected_components(graph, directed=False)
    alone = np.setdiff1d(np.arange(height), coupling)
    of_row, of_column = label[alone], label[height:]
    by_row, by_column = np.argsort(of_row, kind="stable"), np.argsort(of_column, kind="stable")
    for each in np.unique(of_column):
        row = slice(*np.searchsorted(of_row[by_row], [each, each + 1]))
        column = slice(*np.searchsorted(of_column[by_column], [each, each + 1]))
        yield alone[by_row[row]], by_column[column]


def _prove(piece: _Piece, claim: float, nodes: int) -> tuple[float, int]:
    """Return a bound on a piece by branch and bound, at least `claim` if the nodes suffice."""
    bounds, rows = (piece.lower, piece.upper), (piece.row_lower, piece.row_upper)
    solver = quiet(piece.matrix, piece.cost, bounds, rows)
    open_nodes: list[tuple[float, int, Floats, Floats]] = []
    closed = np.inf
    at = piece.integer
    root = (piece.lower[at].copy(), piece.upper[at].copy())
    value, point = _node(solver, piece, *root, -np.inf)
    visited = 1
    heapq.heappush(open_nodes, (value, visited, *root))
    points = {visited: point}
    while open_nodes and open_nodes[0][0] < claim and visited < nodes:
        value, name, low, high = heapq.heappop(open_nodes)
        point = points.pop(name)
        away = np.abs(point - np.round(point))
        free = high > low
        if not free.any():
            closed = min(closed, value)
            continue
        branch = int(np.argmax(np.where(free, away, -1.0)))
        # A node whose point is whole is split all the same: its bound is what counts.
        middle = np.floor(point[branch]) if away[branch] > FRACTIONAL else low[branch]
        middle = min(max(middle, low[branch]), high[branch] - 1)
        for side in (0, 1):
            lower, upper = low.copy(), high.copy()
            if side:
                lower[branch] = middle + 1
            else:
                upper[branch] = middle
            visited += 1
            found, where = _node(solver, piece, lower, upper, value)
            if found < np.inf:
                points[visited] = where
                heapq.heappush(open_nodes, (max(found, value), visited, lower, upper))
    least = min((node[0] for node in open_nodes), default=np.inf)
    return min(least, closed), visited


def _node(
    solver: Solver, piece: _Piece, lower: Floats, upper: Floats, above: float
) -> tuple[float, Floats]:
    """Return what a node is proved to cost at least, and where its linear program has its best."""
    set_bounds(solver, piece.integer, lower, upper)
    solver.run()
    low, high = piece.lower.copy(), piece.upper.copy()
    low[piece.integer], high[piece.integer] = lower, upper
    bounds, rows = (low, high), (piece.row_lower, piece.row_upper)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        _, there, ray = solver.getDualRay()  # type: ignore[attr-defined]
        if there and _no_way(piece, bounds, np.array(ray)):
            return np.inf, lower
        return above, lower
    if status != highspy.HighsModelStatus.kOptimal:
        return above, lower
    solution = solver.getSolution()
    point = np.array(solution.col_value)[piece.integer]
    duals = np.array(solution.row_dual)
    return dual_bound(piece.matrix, piece.cost, bounds, rows, duals), point


def _no_way(piece: _Piece, bounds: tuple[Floats, Floats], ray: Floats) -> bool:
    """Return whether the ray, either way round, proves that nothing meets the rows (Farkas)."""
    rows = (piece.row_lower, piece.row_upper)
    nothing = np.zeros_like(piece.cost)
    least = 1e-7 * max(1.0, float(np.abs(ray).max(initial=0.0)))
    return any(dual_bound(piece.matrix, nothing, bounds, rows, s * ray) > least for s in (1, -1))
