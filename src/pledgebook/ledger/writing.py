"""Rows as the tables of a book take them, and inserting what is not there yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from pledgebook.errors import Problem
from pledgebook.ledger.records import Reading, content_of, digest_id, encode, statement_ids
from pledgebook.vocabulary.document import Document

__all__ = [
    "document_row",
    "insert",
    "insert_new",
    "location_row",
    "problem_row",
    "run_row",
    "statement_rows",
]


def insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> bool:
    """Insert rows that are not there yet; tell, for a single one, whether it was new."""
    if not rows:
        return False
    if connection.dialect.name == "postgresql":
        statement: sa.Insert = postgresql.insert(table).on_conflict_do_nothing()
    else:
        statement = sqlite.insert(table).on_conflict_do_nothing()
    if len(rows) > 1:
        connection.execute(statement, rows)
        return True
    options = {"preserve_rowcount": True}
    return connection.execute(statement, rows[0], execution_options=options).rowcount > 0


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Insert rows that are not there yet, in few statements, and return the ids of those."""
    if connection.dialect.name == "postgresql":
        statement = postgresql.insert(table).on_conflict_do_nothing().returning(table.c.id)
    else:
        statement = sqlite.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return list(connection.execute(statement, list(rows)).scalars())


def document_row(document: Document, now: dt.datetime) -> dict[str, Any]:
    """Return the row of a document."""
    return {
        "id": document.id,
        "bytes_sha256": document.bytes_sha256,
        "extractor": document.extractor,
        "text_sha256": document.text_sha256,
        "text": document.text,
        "title": document.title,
        "ingested_at": now,
    }


def location_row(document: Document, now: dt.datetime) -> dict[str, Any]:
    """Return the row of the place where a document was found."""
    return {
        "id": digest_id("l", document.id, document.origin, document.url, document.name),
        "document_id": document.id,
        "origin": document.origin,
        "url": document.url,
        "name": document.name,
        "seen_at": now,
    }


def run_row(reading: Reading, now: dt.datetime) -> dict[str, Any]:
    """Return the row of a reading run."""
    document = reading.document
    return {
        "id": reading.run_id,
        "document_id": document.id,
        "coder": reading.coder,
        "coder_version": reading.coder_version,
        "catalogue_digest": reading.catalogue_digest,
        "date": document.date,
        "date_source": document.date_source,
        "lang": document.lang,
        "url": document.url,
        "created_at": now,
    }


def statement_rows(
    reading: Reading, now: dt.datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of a reading's statements, and those that tie them to its run."""
    document_id = reading.document.id
    rows, links = [], []
    for position, (statement_id, statement) in enumerate(
        zip(statement_ids(document_id, reading.statements), reading.statements, strict=True)
    ):
        rows.append(
            {
                "id": statement_id,
                "document_id": document_id,
                "body": encode(content_of(statement)),
                "recorded_at": now,
            }
        )
        links.append(
            {
                "run_id": reading.run_id,
                "statement_id": statement_id,
                "position": position,
                "rule": statement.rule,
                "score": statement.score,
                "grounds": encode([ground.model_dump() for ground in statement.grounds]),
            }
        )
    return rows, links


def problem_row(problem: Problem, now: dt.datetime) -> dict[str, Any]:
    """Return the row of a fault in data."""
    body = encode(problem.model_dump(mode="json"))
    return {
        "id": digest_id("p", body),
        "document_id": None,
        "source": problem.source,
        "body": body,
        "recorded_at": now,
    }
