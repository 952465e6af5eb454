"""All rows of a book, table by table, from one database into another of either engine.

Persons, tokens, the audit log and feeds come too; what a search looks in is made anew from the
rest. Values travel as the tables keep them, and a digest over the rows of a table tells whether
they arrived: it does not depend on their order, nor on the engine.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table, TypeDecorator

from pledgebook.ledger.access.tables import access_metadata
from pledgebook.ledger.feeds.tables import feeds_metadata
from pledgebook.ledger.schema import metadata
from pledgebook.ledger.search.indexing import index_missing
from pledgebook.ledger.search.tables import search_rows

__all__ = ["Contents", "contents_of", "copy_rows", "present_columns"]

_BATCH = 500
_BATCH_CHARACTERS = 4_000_000
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: the names of its columns, the number of its rows, and their digest."""

    columns: tuple[str, ...]
    rows: int
    digest: str


def present_columns(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the tables of a book that are there with their columns, each after what it needs.

    A book of an older Pledgebook has fewer. The index of the search is no part of it.
    """
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    found = {}
    for table in _tables():
        if table.name in there:
            names = {column["name"] for column in inspector.get_columns(table.name)}
            found[table.name] = tuple(one.name for one in table.c if one.name in names)
    return found


def contents_of(
    connection: Connection, columns: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Contents]:
    """Return what each table holds; with `columns`, in these of them."""
    wanted = columns or present_columns(connection)
    return {name: _told(names, _rows(connection, name, names)) for name, names in wanted.items()}


def copy_rows(source: Connection, target: Connection) -> dict[str, Contents]:
    """Copy all rows into a book whose tables are empty; return what was copied, by table.

    The target may be of a newer schema than the source, not of an older one.
    """
    copied = {}
    for name, names in present_columns(source).items():
        insert = _plain(name, names).insert()
        taking = _Taking(lambda rows, insert=insert: target.execute(insert, rows))  # type: ignore[misc]
        copied[name] = _told(names, taking.passing(_rows(source, name, names)))
    if target.dialect.name == "postgresql":
        _count_on(target, copied)
    if search_rows.name in sa.inspect(target).get_table_names():
        index_missing(target)
    return copied


class _Taking:
    """Hands rows on in batches while they pass."""

    def __init__(self, hand_on: Callable[[list[dict[str, Any]]], object]) -> None:
        self._hand_on = hand_on

    def passing(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        characters = 0
        for row in rows:
            yield row
            batch.append(row)
            characters += len(row.get("text") or row.get("body") or "")
            if len(batch) >= _BATCH or characters >= _BATCH_CHARACTERS:
                self._hand_on(batch)
                batch, characters = [], 0
        if batch:
            self._hand_on(batch)


def _tables() -> list[Table]:
    return [
        table for one in (metadata, access_metadata, feeds_metadata) for table in one.sorted_tables
    ]


def _plain(name: str, names: Sequence[str]) -> sa.TableClause:
    """Return a table whose texts go in and come out as they are kept, escapes and all."""
    [table] = [one for one in _tables() if one.name == name]
    return sa.table(
        name,
        *(
            sa.column(one, sa.Text() if isinstance(kind, TypeDecorator) else kind)
            for one, kind in ((one, table.c[one].type) for one in names)
        ),
    )


def _rows(connection: Connection, name: str, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    table = _plain(name, names)
    query = sa.select(*table.c)
    if "number" in names:
        # What a row refers to was written before it.
        query = query.order_by(table.c.number)
    found = connection.execute(query, execution_options={"yield_per": _BATCH})
    for row in found.mappings():
        yield dict(row)


def _told(names: Sequence[str], rows: Iterator[dict[str, Any]]) -> Contents:
    count = total = 0
    for row in rows:
        line = json.dumps([_value(row[one]) for one in names], separators=(",", ":"))
        total += int.from_bytes(hashlib.sha256(line.encode()).digest())
        count += 1
    return Contents(tuple(names), count, f"{total % _MODULUS:064x}")


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _count_on(connection: Connection, copied: Mapping[str, Contents]) -> None:
    """Let PostgreSQL number further rows after those that came with their numbers."""
    for name, contents in copied.items():
        if "number" in contents.columns and contents.rows:
            numbers = _plain(name, ("number",)).c.number
            last = sa.select(sa.func.max(numbers)).scalar_subquery()
            place = sa.func.pg_get_serial_sequence(name, "number")
            connection.execute(sa.select(sa.func.setval(place, last)))
