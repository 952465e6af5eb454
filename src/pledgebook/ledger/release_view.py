"""Questions about the releases of a book, asked of one consistent view at one recorded time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among, escape
from pledgebook.ledger.records import Entry
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.ledger.stored import statement_of

__all__ = ["ReleaseView", "RowPlace", "StoredRelease", "StoredRow"]


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release of a data set, without its rows.

    `published` is the day up to which it tells. Of the releases of a data set, the one that tells
    latest is `current`; where two tell equally late, the one that was imported last.
    """

    id: str
    dataset: str
    name: str
    format: str
    published: dt.date | None
    origin: str
    bytes_sha256: str
    supersedes: str | None
    notes: tuple[str, ...]
    made_by: str
    made_at: dt.datetime
    number: int
    rows: int
    current: bool = False

    @property
    def day(self) -> dt.date:
        """The day up to which it tells, or that of its import where the day is not known."""
        return self.published or self.made_at.date()


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a release; the text of a purged one is empty."""

    position: int
    document: str
    key: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a document stands as a row."""

    release: StoredRelease
    position: int
    key: str
    origin: str


class ReleaseView(Snapshot):
    """The releases of a book as one transaction sees them."""

    def releases(self, as_of: dt.date | None = None) -> list[StoredRelease]:
        """Return releases that were published by `as_of`, by data set, oldest first."""
        counts = (
            sa.select(t.release_rows.c.release_id, sa.func.count().label("rows"))
            .group_by(t.release_rows.c.release_id)
            .subquery()
        )
        query = (
            sa.select(t.releases, counts.c.rows)
            .outerjoin(counts, counts.c.release_id == t.releases.c.id)
            .where(self._until(t.releases.c.made_at))
        )
        found = [_release(row) for row in self._connection.execute(query)]
        found = [one for one in found if as_of is None or one.day <= as_of]
        found.sort(key=lambda one: (one.dataset, one.day, one.number))
        last = {one.dataset: one.id for one in found}
        return [dataclasses.replace(one, current=last[one.dataset] == one.id) for one in found]

    def rows(self, release_id: str) -> list[StoredRow]:
        """Return the rows of a release with their texts."""
        rows = self._rows(release_id)
        texts = dict(self._texts([row.document_id for row in rows]))
        return [
            StoredRow(row.position, row.document_id, row.key, row.origin, texts[row.document_id])
            for row in rows
        ]

    def entries_of(self, release_id: str, documents: Sequence[str] | None = None) -> list[Entry]:
        """Return the statements of the rows of a release, or of those in `documents`.

        Rows that were withdrawn or purged are left out.
        """
        rows = self._rows(release_id, documents)
        out = self._hidden() | self._erased()
        runs = {row.run_id: row for row in rows if row.document_id not in out}
        if not runs:
            return []
        wanted = sa.select(t.release_rows.c.run_id).where(t.release_rows.c.release_id == release_id)
        if documents is not None:
            wanted = wanted.where(among(t.release_rows.c.document_id, documents))
        query = self._statements().where(t.run_statements.c.run_id.in_(wanted))
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(query):
            if row.run_id in runs:
                found[row.document_id].append(row)
        texts = dict(self._texts(list(found)))
        days = self._ingestion_days(list(found))
        entries = []
        for run in runs.values():
            name = run.document_id
            for row in found.get(name, ()):
                statement = statement_of(row, texts[name])
                counted = run.date or days[name]
                entries.append(
                    Entry(row.id, statement, name, counted, run.date is not None, release_id)
                )
        return entries

    def packages_of(self, dataset: str, entries: Sequence[Entry]) -> dict[str, str]:
        """Return the package that the data set puts each row in, by the row's document.

        It is the cell that a statement's ground `package` points to.
        """
        spans = {
            entry.document: (ground.start, ground.end)
            for entry in entries
            for ground in entry.statement.grounds
            if ground.field == "package"
        }
        return {
            document: f"{dataset} {text[slice(*spans[document])].partition(': ')[2]}"
            for document, text in self._texts(list(spans))
        }

    def unique_keys(self, release_id: str, keys: Iterable[str]) -> dict[str, str]:
        """Return those of some keys that one row of a release has, with the row's document."""
        rows = t.release_rows.c
        query = (
            sa.select(rows.key, sa.func.min(rows.document_id))
            .where(rows.release_id == release_id, among(rows.key, map(escape, keys)))
            .group_by(rows.key)
            .having(sa.func.count() == 1)
        )
        return {key: document for key, document in self._connection.execute(query)}  # noqa: C416

    def document_entries(self, document_id: str) -> list[Entry]:
        """Return the statements of an imported row, as its newest release has them."""
        places = self.places([document_id]).get(document_id, ())
        return self.entries_of(places[0].release.id, [document_id]) if places else []

    def places(self, document_ids: Sequence[str]) -> dict[str, tuple[RowPlace, ...]]:
        """Return of which releases some documents are rows, current and newer ones first."""
        known = {one.id: one for one in self.releases()}
        query = sa.select(t.release_rows).where(among(t.release_rows.c.document_id, document_ids))
        found: dict[str, list[RowPlace]] = defaultdict(list)
        for row in self._connection.execute(query):
            if row.release_id in known:
                place = RowPlace(known[row.release_id], row.position, row.key, row.origin)
                found[row.document_id].append(place)
        for some in found.values():
            some.sort(key=lambda one: (one.release.current, one.release.number), reverse=True)
        return {document: tuple(some) for document, some in found.items()}

    def _rows(self, release_id: str, documents: Sequence[str] | None = None) -> Sequence[Row[Any]]:
        query = (
            sa.select(t.release_rows, t.reading_runs.c.date)
            .join(t.reading_runs, t.reading_runs.c.id == t.release_rows.c.run_id)
            .where(t.release_rows.c.release_id == release_id)
            .order_by(t.release_rows.c.position)
        )
        if documents is not None:
            query = query.where(among(t.release_rows.c.document_id, documents))
        return self._connection.execute(query).all()


def _release(row: Row[Any]) -> StoredRelease:
    return StoredRelease(
        id=row.id,
        dataset=row.dataset,
        name=row.name,
        format=row.format,
        published=row.published,
        origin=row.origin,
        bytes_sha256=row.bytes_sha256,
        supersedes=row.supersedes,
        notes=tuple(json.loads(row.notes)),
        made_by=row.made_by,
        made_at=row.made_at,
        number=row.number,
        rows=row._mapping["rows"] or 0,
    )
