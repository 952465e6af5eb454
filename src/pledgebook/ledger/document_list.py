"""Documents page by page, newest first, without going through all of them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from pledgebook.ledger import schema as t
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.ledger.store import Store

__all__ = ["DocumentPage", "document_page"]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents without their texts, newest ingestion first, of `total` in the book.

    Rows of imported data sets are left out: they are listed with their release.
    """

    documents: tuple[StoredDocument, ...]
    total: int


def document_page(store: Store, *, limit: int, offset: int = 0) -> DocumentPage:
    """Return a page of the documents of a book, those withdrawn or superseded with their state."""
    own = t.documents.c.id
    # A row of a data set has no activation: its release says which reading counts.
    reports = sa.select(t.activations.c.document_id)
    query = (
        sa.select(own)
        .where(own.in_(reports))
        .order_by(t.documents.c.ingested_at.desc(), own)
        .limit(limit)
        .offset(offset)
    )
    count = sa.select(sa.func.count(sa.distinct(t.activations.c.document_id)))
    with store.database.reading() as connection:
        ids = [row.id for row in connection.execute(query)]
        total = int(connection.execute(count).scalar_one())
        found = {one.id: one for one in Snapshot(connection).documents(ids)} if ids else {}
    return DocumentPage(tuple(found[name] for name in ids if name in found), total)
