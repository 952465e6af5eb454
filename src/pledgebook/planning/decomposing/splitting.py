"""A program taken apart: what falls into pieces once the rows that couple them are set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pledgebook.planning.formulating.blocks import Formulation

__all__ = ["Part", "Split", "coupling_rows", "split"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

# What makes one item's plan depend on another's: money, transport and the weight of bad cases.
COUPLING = (
    "budget",
    "paid",
    "spent",
    "spent by all",
    "least share",
    "most share",
    "transport",
    "excess",
    "class",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that nothing but coupling rows ties to the others: its rows and its columns."""

    rows: Indices
    columns: Indices


@dataclass(frozen=True, slots=True)
class Split:
    """The coupling rows, the parts, and the columns `between`, which are in coupling rows alone."""

    coupling: Indices
    parts: tuple[Part, ...]
    between: Indices


def coupling_rows(formulation: Formulation) -> Mask:
    """Return which rows couple items, by the names that the formulation gives its rows."""
    found = np.zeros(formulation.matrix.shape[0], bool)
    for name, block in formulation.rows.items():
        if name in COUPLING:
            found[block.index[block.index >= 0]] = True
    return found


def split(formulation: Formulation, coupling: Mask) -> Split:
    """Return the parts, the one with the most columns first.

    A column without any other row goes between the parts, whole or not.
    """
    rest = sparse.coo_matrix(sparse.csr_matrix(formulation.matrix)[np.flatnonzero(~coupling)])
    count, width = rest.shape
    ends = (rest.row, rest.col + count)
    graph = sparse.coo_matrix((np.ones(rest.nnz), ends), shape=(count + width,) * 2)
    labels = connected_components(graph, directed=False)[1]
    of_row, of_column = labels[:count], labels[count:]
    lone = np.bincount(rest.col, minlength=width) == 0
    rows = np.flatnonzero(~coupling)
    parts = [
        Part(rows[of_row == label], np.flatnonzero(of_column == label))
        for label in np.unique(of_column[~lone])
    ]
    parts.sort(key=lambda part: (-part.columns.size, int(part.columns[0])))
    return Split(np.flatnonzero(coupling), tuple(parts), np.flatnonzero(lone))
