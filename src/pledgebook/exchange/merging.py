"""Histories of one document from two books, made into one.

What counts is the last row by number, at any recorded time. So what a book appends when another
one's history comes in is the joined history, from the first row that is new to it, in the order of
time: rows of its own that are later come again, after it. Joining the same history once more
appends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

__all__ = ["History", "Row", "joined", "to_append"]

Row = dict[str, Any]
History = Sequence[Row]

_DOCUMENTS = 200


def to_append(own: History, other: History) -> list[Row]:
    """Return the rows to append to a document's own history, in their order.

    Rows are without their numbers; each history is in the order of its numbers.
    """
    if not own:
        return list(other)
    known = {_key(row) for row in own}
    # A history that was joined before may name a row twice: its last place is where it counts.
    new = {_key(row): row for row in reversed(other) if _key(row) not in known}
    if not new:
        return []
    first = min(row["made_at"] for row in new.values())
    later = {_key(row): row for row in own if row["made_at"] > first}
    tail = [*later.values(), *reversed(new.values())]
    return sorted(tail, key=lambda row: row["made_at"])


def joined(connection: Connection, table: Table, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows to append for histories of several documents, as they came from a file."""
    histories = [
        (document, [_bare(row) for row in some])
        for document, some in groupby(rows, key=lambda row: row["document_id"])
    ]
    for start in range(0, len(histories), _DOCUMENTS):
        some = histories[start : start + _DOCUMENTS]
        owns = _own(connection, table, [document for document, _ in some])
        for document, other in some:
            yield from to_append(owns.get(document, []), other)


def _own(connection: Connection, table: Table, names: Sequence[str]) -> dict[str, list[Row]]:
    query = (
        sa.select(table)
        .where(table.c.document_id.in_(names))
        .order_by(table.c.document_id, table.c.number)
    )
    found = [dict(row) for row in connection.execute(query).mappings()]
    return {
        document: [_bare(row) for row in rows]
        for document, rows in groupby(found, key=lambda row: row["document_id"])
    }


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "number"}


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in sorted(row))
