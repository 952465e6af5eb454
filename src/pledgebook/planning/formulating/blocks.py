"""Sparse models made of blocks: whole arrays of columns and rows at once, found again by name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

__all__ = ["Block", "Builder", "Formulation"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """Columns or rows of one kind.

    `index` holds their numbers in the model, -1 where there is none, in a shape of the kind's own;
    `keys` names its first axis.
    """

    keys: tuple[Hashable, ...]
    index: Indices

    def at(self, key: Hashable) -> Indices:
        """Return the numbers of one key, KeyError where it has none."""
        try:
            return np.asarray(self.index[self.keys.index(key)])
        except ValueError:
            raise KeyError(key) from None

    def values(self, vector: Floats) -> Floats:
        """Return the entries of `vector` in the block's shape, 0 where there is none."""
        padded = np.append(vector, 0.0)
        return np.asarray(padded[self.index])


@dataclass(frozen=True, slots=True)
class Formulation:
    """A mixed-integer linear program: minimise `cost` x + `offset`, within bounds on x and rows.

    `matrix` is (rows, columns), compressed by column; `integer` marks the columns that must be
    whole. `columns` and `rows` find each kind by name. `column_unit` and `row_unit` are powers of
    two near the size of what each stands for: x / column_unit and rows / row_unit are of the order
    of 1, whatever units and currency the problem is in.
    """

    cost: Floats
    offset: float
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    matrix: sparse.csc_matrix
    row_lower: Floats
    row_upper: Floats
    columns: Mapping[str, Block]
    rows: Mapping[str, Block]
    column_unit: Floats
    row_unit: Floats
    money: float
    """The size of a sum of money, a power of two, by which the objective is scaled."""
    steps: Mapping[str, Indices]
    """The step that each yes-or-no column of a kind stands for, in the shape of its block."""
    second: Mapping[str, tuple[Hashable, ...]]
    """The names of a block's second axis, where it is not that of the problem's own lists."""

    def scaled(self) -> Formulation:
        """Return the same program in units of its own, as a solver had best see it."""
        columns, rows = self.column_unit, self.row_unit
        matrix = self.matrix.copy()
        matrix.data = matrix.data * np.repeat(columns, np.diff(matrix.indptr))
        matrix.data /= rows[matrix.indices]
        return Formulation(
            cost=self.cost * columns / self.money,
            offset=self.offset / self.money,
            lower=self.lower / columns,
            upper=self.upper / columns,
            integer=self.integer,
            matrix=matrix,
            row_lower=self.row_lower / rows,
            row_upper=self.row_upper / rows,
            columns=self.columns,
            rows=self.rows,
            column_unit=np.ones_like(columns),
            row_unit=np.ones_like(rows),
            money=1.0,
            steps=self.steps,
            second=self.second,
        )


@dataclass(slots=True)
class Builder:
    """Collects blocks and entries, all as arrays, and hands over the model."""

    columns_found: dict[str, Block] = field(default_factory=dict)
    rows_found: dict[str, Block] = field(default_factory=dict)
    steps: dict[str, Indices] = field(default_factory=dict)
    second: dict[str, tuple[Hashable, ...]] = field(default_factory=dict)
    _columns: list[tuple[Floats, ...]] = field(default_factory=list)
    _rows: list[tuple[Floats, ...]] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Floats]] = field(default_factory=list)
    _count: list[int] = field(default_factory=lambda: [0, 0])

    def columns(
        self,
        name: str,
        keys: Sequence[Hashable],
        shape: tuple[int, ...],
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        cost: ArrayLike = 0.0,
        unit: ArrayLike = 1.0,
        integer: bool = False,
        where: ArrayLike = True,
    ) -> Indices:
        """Add columns of `shape` wherever `where`; the arrays are broadcast to the shape."""
        mask, index = self._number(0, shape, where)
        parts = (lower, upper, cost, unit, float(integer))
        self._columns.append(tuple(_spread(part, shape)[mask] for part in parts))
        self.columns_found[name] = Block(tuple(keys), index)
        return index

    def rows(
        self,
        name: str,
        keys: Sequence[Hashable],
        shape: tuple[int, ...],
        *,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
        unit: ArrayLike = 1.0,
        where: ArrayLike = True,
    ) -> Indices:
        """Add rows of `shape` wherever `where`, bounded by `lower` and `upper`."""
        mask, index = self._number(1, shape, where)
        self._rows.append(tuple(_spread(part, shape)[mask] for part in (lower, upper, unit)))
        self.rows_found[name] = Block(tuple(keys), index)
        return index

    def put(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike = 1.0) -> None:
        """Add entries, broadcast against each other; a row or column of -1 takes none.

        What is put twice at one place adds up.
        """
        row, column, value = np.broadcast_arrays(
            np.asarray(rows, np.int64), np.asarray(columns, np.int64), np.asarray(values, float)
        )
        keep = (row >= 0) & (column >= 0) & (value != 0)
        self._entries.append((row[keep], column[keep], value[keep]))

    def build(self, money: float) -> Formulation:
        """Return the model; `money` is the size of a sum of money."""
        lower, upper, cost, unit, integer = (_joined(part) for part in _turned(self._columns, 5))
        row_lower, row_upper, row_unit = (_joined(part) for part in _turned(self._rows, 3))
        entries = [_joined(part) for part in _turned(self._entries, 3)]
        matrix = sparse.coo_matrix(
            (entries[2], (entries[0].astype(np.int32), entries[1].astype(np.int32))),
            shape=(self._count[1], self._count[0]),
        ).tocsc()
        matrix.sum_duplicates()
        return Formulation(
            cost=cost,
            offset=0.0,
            lower=lower,
            upper=upper,
            integer=integer > 0,
            matrix=matrix,
            row_lower=row_lower,
            row_upper=row_upper,
            columns=self.columns_found,
            rows=self.rows_found,
            column_unit=unit,
            row_unit=row_unit,
            money=money,
            steps=self.steps,
            second=self.second,
        )

    def _number(
        self, axis: int, shape: tuple[int, ...], where: ArrayLike
    ) -> tuple[NDArray[np.bool_], Indices]:
        mask = np.broadcast_to(np.asarray(where, bool), shape)
        index = np.full(shape, -1, np.int64)
        count = int(mask.sum())
        index[mask] = np.arange(self._count[axis], self._count[axis] + count)
        self._count[axis] += count
        return mask, index


def _spread(value: ArrayLike, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(np.asarray(value, float), shape)


def _turned(parts: Sequence[tuple[NDArray, ...]], width: int) -> list[list[NDArray]]:  # type: ignore[type-arg]
    return [[part[i] for part in parts] for i in range(width)]


def _joined(parts: list[NDArray]) -> NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts) if parts else np.zeros(0)
