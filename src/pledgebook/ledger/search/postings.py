"""Which rows of the index hold some words, as each engine tells it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from pledgebook.ledger.search.patterns import Pattern
from pledgebook.ledger.search.tables import INDEX

__all__ = ["Numbers", "rows_with"]

Numbers = npt.NDArray[np.int64]

# All numbers in one cell: a driver takes five times as long to hand out a row for each.
_SQLITE = text(f"SELECT group_concat(rowid) FROM {INDEX} WHERE {INDEX} MATCH :asked")  # noqa: S608
_POSTGRESQL = text(
    f"SELECT string_agg(int4send(number), '') FROM {INDEX}"  # noqa: S608
    " WHERE words @@ CAST(:asked AS TSQUERY)"
)


def rows_with(connection: Connection, pattern: Pattern, mark: str = "") -> Numbers:
    """Return the numbers of the rows that hold one of the runs, their words marked so."""
    if not pattern.runs:
        return np.empty(0, np.int64)
    if connection.dialect.name == "postgresql":
        packed = connection.execute(_POSTGRESQL, {"asked": pattern.for_postgresql(mark)}).scalar()
        return np.frombuffer(packed or b"", dtype=">i4").astype(np.int64)
    listed = connection.execute(_SQLITE, {"asked": pattern.for_sqlite(mark)}).scalar()
    return np.fromstring(str(listed or ""), dtype=np.int64, sep=",")
