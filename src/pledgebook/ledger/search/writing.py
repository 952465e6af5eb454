"""What a writer stores, as it goes into the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from pledgebook.ledger.records import Reading
from pledgebook.ledger.search.indexing import Source, index
from pledgebook.vocabulary.document import Document

__all__ = ["index_new", "quotes"]


def index_new(
    connection: Connection,
    documents: Iterable[Document],
    statements: Iterable[str],
    told: Mapping[str, Source],
) -> None:
    """Index documents and statements, named by their ids, that are new to the book."""
    sources = [Source(one.id, one.text, one.title) for one in documents if one.text]
    index(connection, [*sources, *(told[name] for name in sorted(statements))])


def quotes(rows: Sequence[Mapping[str, Any]], reading: Reading) -> dict[str, Source]:
    """Return the quotes of a reading's statements by the ids in their rows."""
    return {
        row["id"]: Source(row["document_id"], statement.evidence.quote, statement=row["id"])
        for row, statement in zip(rows, reading.statements, strict=True)
    }
