"""Readings into the tables of a book: a few statements a batch, however many readings it holds.

Two writers of one document take turns. What it is new for waits on its row, and so does whoever
meets it again or purges it, so that nothing is activated twice and no purged text comes back. All
take their documents in one order, and what they insert before what they lock: nobody waits in a
circle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from pledgebook.errors import Problem
from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among
from pledgebook.ledger.records import Added, Reading
from pledgebook.ledger.search.indexing import Source, forget, index_missing
from pledgebook.ledger.search.writing import index_new, quotes
from pledgebook.ledger.stubs import fill, is_stub
from pledgebook.ledger.writing import (
    document_row,
    insert,
    insert_new,
    location_row,
    problem_row,
    run_row,
    statement_rows,
)
from pledgebook.vocabulary.document import Document

__all__ = [
    "add_documents",
    "add_locations",
    "add_problems",
    "add_readings",
    "add_statements",
    "lock",
]

_ROWS = 1000
_CHARACTERS = 4_000_000
_Row = dict[str, Any]


def add_readings(connection: Connection, readings: Sequence[Reading], now: dt.datetime) -> Added:
    """Store readings, in a transaction that the caller has begun, and tell what that changed."""
    added = Added()
    ordered = sorted(readings, key=lambda reading: reading.document.id)
    documents: dict[str, Document] = {}
    for reading in ordered:
        first = documents.setdefault(reading.document.id, reading.document)
        if is_stub(first.extractor):
            documents[reading.document.id] = reading.document
    rows = [document_row(one, now) for one in documents.values()]
    new = add_documents(connection, rows)
    old = [name for name in documents if name not in new]
    stubs = lock(connection, old)
    purged = _purged(connection, old)
    filled = sorted(stubs - purged)
    forget(connection, filled)
    for name in filled:
        fill(connection, documents[name])
    index_missing(connection, filled)
    kept = [reading for reading in ordered if reading.document.id not in purged]
    added.purged = [one.document.id for one in ordered if one.document.id in purged]
    places = {row["id"]: row for row in (location_row(one.document, now) for one in kept)}
    _insert(connection, t.locations, list(places.values()))
    told: dict[str, Source] = {}
    said = _add_runs(connection, kept, now, added, told)
    index_new(connection, [documents[name] for name in sorted(new)], said, told)
    _activate(connection, kept, new, _active(connection, old), now, added)
    return added


def add_problems(connection: Connection, problems: Sequence[Problem], now: dt.datetime) -> None:
    """Store faults in data, each once."""
    rows = {row["id"]: row for row in (problem_row(problem, now) for problem in problems)}
    _insert(connection, t.problems, [rows[name] for name in sorted(rows)])


def add_locations(
    connection: Connection, documents: Sequence[Document], now: dt.datetime
) -> tuple[int, list[Document]]:
    """Note further places where documents were found; tell how many are new.

    Returns beside it those that are not in the book, of which nothing can be noted.
    """
    if not documents:
        return 0, []
    names = sorted({one.id for one in documents})
    column = t.documents.c.id
    there = set(connection.execute(sa.select(column).where(among(column, names))).scalars())
    purged = _purged(connection, names)
    places = [location_row(one, now) for one in documents if one.id in there - purged]
    new = _insert_new(connection, t.locations, list({row["id"]: row for row in places}.values()))
    return len(new), [one for one in documents if one.id not in there]


def add_documents(connection: Connection, rows: Sequence[_Row]) -> set[str]:
    """Store rows of documents, in the order of their ids; return the ids of those that are new."""
    return _insert_new(connection, t.documents, rows)


def add_statements(connection: Connection, rows: Sequence[_Row]) -> set[str]:
    """Store rows of statements; return the ids of those that are new."""
    return _insert_new(connection, t.statements, rows)


def lock(connection: Connection, document_ids: Sequence[str]) -> set[str]:
    """Keep other writers from these documents; return those of which quotations alone are kept."""
    columns = t.documents.c
    query = (
        sa.select(columns.id, columns.extractor)
        .where(among(columns.id, document_ids))
        .order_by(columns.id)
        .with_for_update(key_share=True)
    )
    if not document_ids:
        return set()
    return {row.id for row in connection.execute(query) if is_stub(row.extractor)}


def _purged(connection: Connection, document_ids: Sequence[str]) -> set[str]:
    if not document_ids:
        return set()
    column = t.purges.c.document_id
    return set(connection.execute(sa.select(column).where(among(column, document_ids))).scalars())


def _active(connection: Connection, document_ids: Sequence[str]) -> dict[str, str]:
    """Return the run that counts for each document."""
    if not document_ids:
        return {}
    columns = t.activations.c
    query = (
        sa.select(columns.document_id, columns.run_id)
        .where(among(columns.document_id, document_ids))
        .order_by(columns.number)
    )
    return {row.document_id: row.run_id for row in connection.execute(query)}


def _add_runs(
    connection: Connection,
    readings: Sequence[Reading],
    now: dt.datetime,
    added: Added,
    told: dict[str, Source],
) -> set[str]:
    """Store readings that are new; `told` takes their quotes, the new ones are returned by id."""
    runs = {reading.run_id: reading for reading in reversed(readings)}
    rows = [run_row(reading, now) for reading in reversed(runs.values())]
    new = _insert_new(connection, t.reading_runs, rows)
    statements: list[_Row] = []
    links: list[_Row] = []
    for name, reading in runs.items():
        if name in new:
            made, tied = statement_rows(reading, now)
            statements += made
            told |= quotes(made, reading)
            links += tied
    added.statements = len(links)
    said = add_statements(connection, statements)
    _insert(connection, t.run_statements, links)
    return said


def _activate(
    connection: Connection,
    readings: Sequence[Reading],
    new: set[str],
    active: dict[str, str],
    now: dt.datetime,
    added: Added,
) -> None:
    """Let each reading count for its document, where it does not yet; of several, the last."""
    rows: list[_Row] = []
    for reading in readings:
        name, run = reading.document.id, reading.run_id
        if active.get(name) == run:
            added.unchanged += 1
            continue
        if name in new and name not in active:
            added.new += 1
        else:
            added.reread += 1
        active[name] = run
        rows.append({"document_id": name, "run_id": run, "made_at": now})
    if rows:
        connection.execute(t.activations.insert(), rows)


def _insert(connection: Connection, table: Table, rows: Sequence[_Row]) -> None:
    for some in _portions(rows):
        insert(connection, table, some)


def _insert_new(connection: Connection, table: Table, rows: Sequence[_Row]) -> set[str]:
    return {name for some in _portions(rows) for name in insert_new(connection, table, some)}


def _portions(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Cut rows into what may stand in one statement: texts can be long."""
    some: list[_Row] = []
    characters = 0
    for row in rows:
        length = len(row.get("text") or row.get("body") or "")
        if some and (len(some) >= _ROWS or characters + length > _CHARACTERS):
            yield some
            some, characters = [], 0
        some.append(row)
        characters += length
    if some:
        yield some
