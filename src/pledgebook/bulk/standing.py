"""What a book holds of documents that come to it: how they count there, and from which reading."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among
from pledgebook.ledger.records import Reading

__all__ = ["Standing", "present_coder"]


@cache
def present_coder() -> tuple[str, str]:
    """Return the name and version of the coder that reads by itself."""
    from pledgebook.reading import coder

    made = coder()
    try:
        return made.name, made.version
    finally:
        made.session.close()


@dataclass(frozen=True, slots=True)
class Standing:
    """The readings that count for some documents of a book, and those that it has of them.

    `present` is what a reading by the book itself would be made with.
    """

    active: Mapping[str, Row[Any]]
    runs: frozenset[str]
    present: tuple[str, str, str]

    @classmethod
    def of(cls, connection: Connection, readings: Sequence[Reading], digest: str) -> Self:
        """Look the documents of some readings up; `digest` is that of the book's catalogue."""
        present = (*present_coder(), digest)
        names = sorted({reading.document.id for reading in readings})
        runs, activations = t.reading_runs, t.activations
        query = sa.select(runs).where(among(runs.c.document_id, names))
        rows = connection.execute(query).all() if names else []
        if not rows:
            return cls({}, frozenset(), present)
        known = {row.id: row for row in rows}
        last = (
            sa.select(activations.c.document_id, activations.c.run_id)
            .where(among(activations.c.document_id, names))
            .order_by(activations.c.number)
        )
        active = {row.document_id: known[row.run_id] for row in connection.execute(last)}
        return cls(active, frozenset(known), present)

    def as_known(self, reading: Reading) -> Reading | None:
        """Return a reading as the book takes it, None where the book keeps its own.

        Where the same coder read the document with the same date, the very reading of the book is
        returned: a further place where it was found changes nothing of it.
        """
        row = self.active.get(reading.document.id)
        if row is None or row.id == reading.run_id:
            return reading
        document = reading.document
        changes: dict[str, Any] = {"url": row.url or document.url}
        if document.date_source != "given" and row.date is not None:
            changes |= {"date": row.date, "date_source": row.date_source}
        same = dataclasses.replace(reading, document=document.model_copy(update=changes))
        if same.run_id == row.id:
            return same
        made = (row.coder, row.coder_version, row.catalogue_digest)
        own = (reading.coder, reading.coder_version, reading.catalogue_digest)
        if reading.run_id in self.runs or (made == self.present and own != self.present):
            return None
        return reading
