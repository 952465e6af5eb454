"""Documents page by page, newest first, without going through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pledgebook.ledger import schema as t
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.ledger.store import Store

__all__ = ["DocumentPage", "document_ids", "document_page"]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents without their texts, newest ingestion first, of `total` in the book.

    Rows of imported data sets are left out: they are listed with their release.
    """

    documents: tuple[StoredDocument, ...]
    total: int


def document_ids(store: Store) -> Sequence[str]:
    """Return the documents of a book in the order of their pages; it goes through all of them.

    They are the same until something is read: the first count of `Store.version` tells.
    """
    own = t.documents.c.id
    # A row of a data set has no activation: its release says which reading counts.
    reports = sa.select(t.activations.c.document_id)
    query = sa.select(own).where(own.in_(reports)).order_by(t.documents.c.ingested_at.desc(), own)
    with store.database.reading() as connection:
        return list(connection.execute(query).scalars())


def document_page(
    store: Store, *, limit: int, offset: int = 0, ids: Sequence[str] | None = None
) -> DocumentPage:
    """Return a page of the documents of a book, those withdrawn or superseded with their state.

    `ids` are `document_ids`, where they are known.
    """
    every = document_ids(store) if ids is None else ids
    ids, total = every[offset : offset + limit], len(every)
    with store.database.reading() as connection:
        found = {one.id: one for one in Snapshot(connection).documents(ids)} if ids else {}
    return DocumentPage(tuple(found[name] for name in ids if name in found), total)
