"""What a search asks of a book's tables beside the index itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among
from pledgebook.ledger.outlets import outlet_of
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.ledger.search.tables import search_rows

__all__ = ["IndexRow", "SearchView", "ShownDocument"]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document that is neither hidden nor superseded; `counted` is the day it counts from."""

    id: str
    counted: dt.date
    lang: str | None
    outlet: str | None


class IndexRow(NamedTuple):
    """A row of the index: the piece of a document's text, or of a quote, that it stands for."""

    number: int
    document: str
    statement: str | None
    start: int
    end: int
    words: int


class SearchView(Snapshot):
    """The documents of a book and the rows of its index, as one transaction sees them."""

    def shown(self) -> list[ShownDocument]:
        """Return the documents that are shown, by id."""
        runs = [run for state, run in self._states().values() if state == "shown"]
        undated = [run.document_id for run in runs if run.date is None]
        days = self._ingestion_days(undated) if undated else {}
        found = [
            ShownDocument(
                run.document_id, run.date or days[run.document_id], run.lang, outlet_of(run.url)
            )
            for run in runs
        ]
        return sorted(found, key=lambda one: one.id)

    def rows(self, after: int = 0) -> list[IndexRow]:
        """Return the rows of the index from a number on."""
        columns = search_rows.c
        wanted = [columns[name] for name in ("number", "document_id", "statement_id")]
        wanted += [columns[name] for name in ("start", "end", "words")]
        query = sa.select(*wanted).where(columns.number > after).order_by(columns.number)
        return list(map(IndexRow._make, self._connection.execute(query).all()))

    def last_row(self) -> int:
        """Return the highest number of a row."""
        return self._connection.execute(sa.select(sa.func.max(search_rows.c.number))).scalar() or 0

    def row_count(self) -> int:
        """Return how many rows the index has."""
        return self._connection.execute(sa.select(sa.func.count(search_rows.c.number))).scalar_one()

    def titles_and_texts(self, documents: Sequence[str]) -> dict[str, tuple[str | None, str]]:
        """Return titles and texts of some documents by id."""
        columns = t.documents.c
        query = sa.select(columns.id, columns.title, columns.text)
        found = self._connection.execute(query.where(among(columns.id, documents)))
        return {row.id: (row.title, row.text) for row in found}
