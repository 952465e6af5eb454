"""Releases of imported data sets, kept beside the reports and never added to them.

Invariants: a release is stored whole or not at all. The same bytes under the same name, read by the
same importer with the same catalogue, change nothing. A newer release supersedes the older one,
which stays. Rows of a release are documents without an activation: they are no part of the ledger
of reports until a person judges so.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.errors import NotFoundError, Problem, UsageError
from pledgebook.ledger import schema as t
from pledgebook.ledger.adding import add_documents, add_statements, lock
from pledgebook.ledger.engine import Database
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.present import present
from pledgebook.ledger.records import Entry, Reading, digest_id, encode
from pledgebook.ledger.release_view import ReleaseView, RowPlace, StoredRelease, StoredRow
from pledgebook.ledger.search.indexing import Source
from pledgebook.ledger.search.writing import index_new, quotes
from pledgebook.ledger.successors import follow, successors
from pledgebook.ledger.writing import (
    document_row,
    insert,
    location_row,
    problem_row,
    run_row,
    statement_rows,
)

__all__ = [
    "AddedRelease",
    "JudgedRows",
    "NewRelease",
    "NewRow",
    "ReleaseShelf",
    "RowPlace",
    "StoredRelease",
    "StoredRow",
]


@dataclass(frozen=True, slots=True)
class NewRow:
    """One row to be stored: its document with its statements, and its prices as plain data."""

    reading: Reading
    key: str
    origin: str
    prices: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release to be stored. `reader` names the importer with its version and its catalogue."""

    dataset: str
    name: str
    format: str
    origin: str
    bytes_sha256: str
    reader: str
    rows: Sequence[NewRow]
    published: dt.date | None = None
    notes: Sequence[str] = ()
    problems: Iterable[Problem] = ()

    @property
    def id(self) -> str:
        """Identity: what it is called, its bytes, its day, and what read it."""
        day = self.published.isoformat() if self.published else None
        return digest_id("i", self.dataset, self.name, self.bytes_sha256, day, self.reader)


@dataclass(frozen=True, slots=True)
class AddedRelease:
    """What storing a release did; `new` is False where it was there already.

    `supersedes` is the id of the release that it takes the place of. `purged` are documents that
    were erased from the book on purpose and did not come back.
    """

    id: str
    new: bool
    rows: int = 0
    statements: int = 0
    prices: int = 0
    supersedes: str | None = None
    purged: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """Statements of imported rows that people judged, and the package of each row's document.

    `judgements` are all of them; those on a row that the current release changed are about the row
    that stands for it there.
    """

    judgements: tuple[Judgement, ...] = ()
    entries: tuple[Entry, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)


class ReleaseShelf:
    """The part of a store that keeps releases."""

    _database: Database
    _clock: Callable[[], dt.datetime]

    def add_release(self, new: NewRelease, *, by: str) -> AddedRelease:
        """Store a release in one transaction; all of it is durable on return."""
        with self._database.writing() as connection:
            return _add(connection, new, by, present(connection, self._clock))

    def releases(
        self,
        *,
        dataset: str | None = None,
        as_of: dt.date | None = None,
        recorded_as_of: dt.datetime | None = None,
    ) -> list[StoredRelease]:
        """Return releases by data set, oldest first; the current one of each says so.

        `as_of` leaves out what was published later, `recorded_as_of` what was imported later.
        """
        with self._database.reading() as connection:
            found = ReleaseView(connection, recorded_as_of).releases(as_of)
        return [one for one in found if dataset in (None, one.dataset)]

    def release(self, named: str, dataset: str | None = None) -> StoredRelease:
        """Return the release with this name or (beginning of an) id, the newest of that name.

        A data set's name stands for its current release. Raises NotFoundError, UsageError.
        """
        known = self.releases(dataset=dataset)
        found = [one for one in known if one.name == named]
        found = found[-1:] or [one for one in known if one.dataset == named and one.current]
        found = found or [one for one in known if len(named) > 3 and one.id.startswith(named)]
        if len(found) > 1:
            names = ", ".join(one.id for one in found)
            raise UsageError(f"{named} begins several ids: {names}", mend="Give more of it")
        if not found:
            raise NotFoundError(
                f"no release is called {named!r}", mend="See `pledgebook releases` for those here"
            )
        return found[0]

    def release_entries(self, release_id: str) -> list[Entry]:
        """Return the statements of the rows of a release, in the order of its rows."""
        with self._database.reading() as connection:
            return ReleaseView(connection).entries_of(release_id)

    def release_rows(self, release_id: str) -> list[StoredRow]:
        """Return the rows of a release with their texts, in their order."""
        with self._database.reading() as connection:
            return ReleaseView(connection).rows(release_id)

    def release_prices(self, release_id: str) -> list[dict[str, Any]]:
        """Return what the price list of a release says, with the `document` of each row."""
        query = (
            sa.select(t.prices.c.document_id, t.prices.c.body)
            .where(t.prices.c.release_id == release_id)
            .order_by(t.prices.c.position)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [json.loads(row.body) | {"document": row.document_id} for row in rows]

    def row_places(self, document_ids: Sequence[str]) -> dict[str, tuple[RowPlace, ...]]:
        """Return of which releases some documents are rows, the current ones first."""
        with self._database.reading() as connection:
            return ReleaseView(connection).places(document_ids)

    def row_entries(self, document_id: str) -> list[Entry]:
        """Return the statements of an imported row, as its newest release has them."""
        with self._database.reading() as connection:
            return ReleaseView(connection).document_entries(document_id)

    def judged_rows(
        self,
        judgements: Iterable[Judgement],
        *,
        as_of: dt.date | None = None,
        recorded_as_of: dt.datetime | None = None,
    ) -> JudgedRows:
        """Return the statements of the rows, of current releases, that judgements are about."""
        made = tuple(judgements)
        documents = sorted({subject.document for one in made for subject in one.subjects})
        if not documents:
            return JudgedRows(made)
        entries: list[Entry] = []
        packages: dict[str, str] = {}
        with self._database.reading() as connection:
            view = ReleaseView(connection, recorded_as_of)
            releases = view.releases(as_of)
            moved = successors(view, releases, documents) if releases else {}
            documents += sorted({one.document for one in moved.values()} - set(documents))
            for release in releases:
                if release.current:
                    found = view.entries_of(release.id, documents)
                    entries += found
                    packages |= view.packages_of(release.dataset, found)
            made = follow(view, made, moved, entries)
        return JudgedRows(made, tuple(entries), packages)


def _add(connection: Connection, new: NewRelease, by: str, now: dt.datetime) -> AddedRelease:
    before = ReleaseView(connection).releases()
    day = new.published or now.date()
    older = [one for one in before if one.dataset == new.dataset and one.day <= day]
    supersedes = older[-1].id if older else None
    row = {
        "id": new.id,
        "dataset": new.dataset,
        "name": new.name,
        "format": new.format,
        "published": new.published,
        "origin": new.origin,
        "bytes_sha256": new.bytes_sha256,
        "supersedes": supersedes,
        "notes": encode(list(new.notes)),
        "made_by": by,
        "made_at": now,
    }
    if not insert(connection, t.releases, [row]):
        return AddedRelease(new.id, new=False)
    # As in `adding`: what is inserted before what is locked, and both before the purges are asked.
    documents = {one.reading.document.id: one.reading.document for one in new.rows}
    rows_of = [document_row(documents[name], now) for name in sorted(documents)]
    fresh = add_documents(connection, rows_of)
    lock(connection, sorted(documents.keys() - fresh))
    gone = _purged(connection, list(documents))
    kept = [one for one in new.rows if one.reading.document.id not in gone]
    statements = _add_documents(connection, [one.reading for one in kept], fresh, now)
    rows: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    for position, one in enumerate(kept):
        place = {"release_id": new.id, "document_id": one.reading.document.id}
        rows.append(
            place
            | {"position": position, "run_id": one.reading.run_id}
            | {"key": one.key, "origin": one.origin}
        )
        for price in one.prices:
            prices.append(place | {"position": len(prices), "body": encode(dict(price))})
    insert(connection, t.release_rows, rows)
    insert(connection, t.prices, prices)
    insert(connection, t.problems, [problem_row(problem, now) for problem in new.problems])
    return AddedRelease(
        id=new.id,
        new=True,
        rows=len(rows),
        statements=statements,
        prices=len(prices),
        supersedes=supersedes,
        purged=tuple(sorted(gone)),
    )


def _add_documents(
    connection: Connection, readings: Sequence[Reading], new: set[str], now: dt.datetime
) -> int:
    """Store where documents are, their runs and statements; return how many statements."""
    rows: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    told: dict[str, Source] = {}
    # Two writers that take their rows in one order do not wait for each other in a circle.
    for reading in sorted(readings, key=lambda one: one.document.id):
        made, tied = statement_rows(reading, now)
        rows += made
        told |= quotes(made, reading)
        links += tied
    places = [location_row(one.document, now) for one in readings]
    runs = [run_row(one, now) for one in readings]
    for table, some in ((t.locations, places), (t.reading_runs, runs)):
        insert(connection, table, sorted(some, key=lambda row: str(row["id"])))
    said = add_statements(connection, sorted(rows, key=lambda row: str(row["id"])))
    insert(connection, t.run_statements, links)
    found = {one.document.id: one.document for one in readings if one.document.id in new}
    index_new(connection, found.values(), said, told)
    return len(rows)


def _purged(connection: Connection, document_ids: Sequence[str]) -> frozenset[str]:
    erased = connection.execute(sa.select(t.purges.c.document_id)).scalars()
    return frozenset(erased) & frozenset(document_ids)
