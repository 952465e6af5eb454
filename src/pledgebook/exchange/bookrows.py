"""The rows of a book as plain data: what both lossless formats carry, in one order.

Documents come first and every row after what it refers to. Values are text, numbers, true, false
or null; times and dates are ISO 8601; what the tables keep as JSON is JSON here. Of a document
that holds quotations only, or where whole texts are not wanted, the quoted pieces stand for the
text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from pledgebook.exchange.quoting import Span, quotations
from pledgebook.ledger import schema as t
from pledgebook.ledger.coding.view import CodingView
from pledgebook.ledger.columns import UtcTime
from pledgebook.ledger.records import encode
from pledgebook.ledger.stubs import MARK, is_stub

__all__ = [
    "JSON_COLUMNS",
    "Row",
    "last_instant",
    "ordered_tables",
    "pack",
    "quoted_spans",
    "rows_of",
]

Row = dict[str, Any]

JSON_COLUMNS: dict[str, frozenset[str]] = {
    "statements": frozenset({"body"}),
    "run_statements": frozenset({"grounds"}),
    "judgements": frozenset({"subjects", "changes"}),
    "problems": frozenset({"body"}),
    "releases": frozenset({"notes"}),
    "prices": frozenset({"body"}),
}
"""The columns in which a table keeps JSON."""

_FEW = 50
_MANY = 1000
# Those of one document together, in their order: so two histories of it can be joined.
_BY_DOCUMENT = {"activations", "withdrawals"}


def ordered_tables() -> list[Table]:
    """Return the tables of a book, each after those that its rows refer to."""
    return list(t.metadata.sorted_tables)


def rows_of(connection: Connection, *, with_text: bool) -> Iterator[tuple[str, Row]]:
    """Yield every row of a book with the name of its table; few of them are in memory at a time."""
    for table in ordered_tables():
        if table is t.documents:
            rows = _documents(connection, with_text=with_text)
        elif table is t.statements:
            rows = _statements(connection)
        else:
            rows = _plain(connection, table)
        for row in rows:
            yield table.name, row


def last_instant(connection: Connection) -> str | None:
    """Return the last instant that anything in the book was recorded at, None for an empty one."""
    found = []
    for table in ordered_tables():
        for column in table.c:
            if isinstance(column.type, UtcTime):
                latest = sa.select(sa.func.max(sa.type_coerce(column, sa.Text)))
                found.append(connection.execute(latest).scalar())
    return max((one for one in found if one is not None), default=None)


def pack(value: object) -> str:
    """Write the content of a JSON column as the tables keep it."""
    return value if isinstance(value, str) else encode(value)


def quoted_spans(
    connection: Connection, names: Sequence[str]
) -> dict[str, tuple[set[Span], set[Span]]]:
    """Return what statements quote, and what they rest on, by document.

    Those of any reading, and those that people added.
    """
    statements, links = t.statements.c, t.run_statements.c
    found: dict[str, tuple[set[Span], set[Span]]] = defaultdict(lambda: (set(), set()))
    query = (
        sa.select(statements.document_id, statements.body, links.grounds)
        .join_from(t.statements, t.run_statements, links.statement_id == statements.id)
        .where(statements.document_id.in_(names))
    )
    for document, body, grounds in connection.execute(query):
        if body:
            says = json.loads(body)
            quoted, rests = found[document]
            quoted.add((says["start"], says["end"]))
            rests.update((one["start"], one["end"]) for one in json.loads(grounds))
    for name, start, end in CodingView(connection).added_spans(names):
        found[name][0].add((start, end))
    return found


def _plain(connection: Connection, table: Table) -> Iterator[Row]:
    order: list[sa.Column[Any]] = list(table.primary_key)
    if table.name in _BY_DOCUMENT:
        order.insert(0, table.c.document_id)
    structured = JSON_COLUMNS.get(table.name, frozenset())
    for row in _stream(connection, sa.select(*_columns(table)).order_by(*order), _MANY):
        yield {
            name: _unpack(value) if name in structured else _value(value)
            for name, value in row.items()
        }


def _statements(connection: Connection) -> Iterator[Row]:
    """Yield statements with their quotes; nothing is left of those of an erased document."""
    table = t.statements
    query = sa.select(*_columns(table)).order_by(table.c.document_id, table.c.id)
    batch: list[Row] = []
    for row in _stream(connection, query, _MANY):
        batch.append(row)
        full = len(batch) >= _MANY or len({one["document_id"] for one in batch}) > _FEW
        if full:
            yield from _quoted(connection, batch)
            batch = []
    yield from _quoted(connection, batch)


def _quoted(connection: Connection, rows: Sequence[Row]) -> Iterator[Row]:
    columns = t.documents.c
    wanted = sorted({row["document_id"] for row in rows})
    query = sa.select(columns.id, columns.text).where(columns.id.in_(wanted))
    texts: dict[str, str] = {row.id: row.text for row in connection.execute(query)}
    for row in rows:
        body = _unpack(row.pop("body")) if row["body"] else None
        quote = None
        if isinstance(body, dict):
            quote = texts[row["document_id"]][body["start"] : body["end"]]
        yield row | {"body": body, "quote": quote}


def _documents(connection: Connection, *, with_text: bool) -> Iterator[Row]:
    query = sa.select(*_columns(t.documents)).order_by(t.documents.c.id)
    batch: list[Row] = []
    for row in _stream(connection, query, _FEW):
        batch.append(row)
        if len(batch) >= _FEW:
            yield from _carried(connection, batch, with_text=with_text)
            batch = []
    yield from _carried(connection, batch, with_text=with_text)


def _carried(connection: Connection, rows: Sequence[Row], *, with_text: bool) -> Iterator[Row]:
    """Yield documents with their whole texts or with what is quoted of them."""
    names = [row["id"] for row in rows]
    erased = _purged(connection, names)
    spans = quoted_spans(connection, names)
    for row in rows:
        text, extractor = row.pop("text"), row["extractor"]
        holds, pieces = "whole", None
        if row["id"] in erased:
            holds, text = "nothing", None
        elif is_stub(extractor) or not with_text:
            holds, pieces = "quotations", quotations(text, *spans[row["id"]])
        row["extractor"] = extractor.removesuffix(MARK) if is_stub(extractor) else extractor
        yield row | {
            "holds": holds,
            "characters": None if text is None else len(text),
            "text": text if holds == "whole" else None,
            "quotations": None if pieces is None else [list(piece) for piece in pieces],
        }


def _purged(connection: Connection, names: Sequence[str]) -> set[str]:
    column = t.purges.c.document_id
    return set(connection.execute(sa.select(column).where(column.in_(names))).scalars())


def _columns(table: Table) -> list[Any]:
    """Return the columns; times come as the text that they are kept as."""
    return [
        sa.type_coerce(column, sa.Text).label(column.name)
        if isinstance(column.type, UtcTime)
        else column
        for column in table.c
    ]


def _stream(connection: Connection, query: sa.Select[Any], size: int) -> Iterator[Row]:
    found = connection.execute(query, execution_options={"yield_per": size})
    for row in found.mappings():
        yield dict(row)


def _unpack(text: str) -> object:
    """Return the content of a JSON column, or its text where it would not be written so again."""
    try:
        content = json.loads(text)
    except ValueError:
        return text
    return content if isinstance(content, dict | list) and encode(content) == text else text


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
