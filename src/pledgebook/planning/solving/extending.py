"""A program with columns and rows added at its end: levers, and bounds on its own figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from pledgebook.planning.formulating.blocks import Formulation

__all__ = ["Extension"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(slots=True)
class Extension:
    """Collects what is to be added to a program; the numbers of its own stay as they are."""

    program: Formulation
    _columns: list[tuple[float, float, float]] = field(default_factory=list)
    _rows: list[tuple[float, float, float]] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Floats]] = field(default_factory=list)

    def column(self, *, upper: float = np.inf, cost: float = 0.0, unit: float = 1.0) -> int:
        """Add a column from 0 to `upper`; return its number."""
        self._columns.append((upper, cost, unit))
        return self.program.matrix.shape[1] + len(self._columns) - 1

    def row(self, *, lower: float = -np.inf, upper: float = np.inf, unit: float = 1.0) -> int:
        """Add a row; return its number."""
        self._rows.append((lower, upper, unit))
        return self.program.matrix.shape[0] + len(self._rows) - 1

    def put(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add entries, broadcast against each other; a row or column of -1 takes none."""
        row, column, value = np.broadcast_arrays(
            np.asarray(rows, np.int64), np.asarray(columns, np.int64), np.asarray(values, float)
        )
        keep = (row >= 0) & (column >= 0) & (value != 0)
        self._entries.append((row[keep], column[keep], value[keep]))

    def build(self, cost: Floats | None = None) -> Formulation:
        """Return the program; `cost` replaces the costs of its own columns."""
        old = self.program
        more, bounds = np.array(self._columns).reshape(-1, 3), np.array(self._rows).reshape(-1, 3)
        shape = (old.matrix.shape[0] + len(bounds), old.matrix.shape[1] + len(more))
        before = old.matrix.tocoo()
        parts = [(before.row, before.col, before.data), *self._entries]
        rows, columns, values = (np.concatenate([part[i] for part in parts]) for i in range(3))
        matrix = sparse.coo_matrix(
            (values, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape
        ).tocsc()
        matrix.sum_duplicates()
        return replace(
            old,
            cost=np.concatenate([old.cost if cost is None else cost, more[:, 1]]),
            lower=np.concatenate([old.lower, np.zeros(len(more))]),
            upper=np.concatenate([old.upper, more[:, 0]]),
            integer=np.concatenate([old.integer, np.zeros(len(more), bool)]),
            matrix=matrix,
            row_lower=np.concatenate([old.row_lower, bounds[:, 0]]),
            row_upper=np.concatenate([old.row_upper, bounds[:, 1]]),
            column_unit=np.concatenate([old.column_unit, more[:, 2]]),
            row_unit=np.concatenate([old.row_unit, bounds[:, 2]]),
        )
