"""Questions to the tables of a book, all asked of one consistent view at one recorded time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.outlets import is_corrected, outlet_of
from pledgebook.ledger.records import Entry, Location, StoredDocument
from pledgebook.ledger.stored import statement_of

_CHUNK = 100


class Snapshot:
    """A book as one transaction sees it, with what was recorded up to `recorded_as_of`."""

    def __init__(self, connection: Connection, recorded_as_of: dt.datetime | None = None) -> None:
        self._connection = connection
        self._recorded = recorded_as_of

    def _until(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return sa.true() if self._recorded is None else column <= self._recorded

    def active_run(self, document_id: str) -> Row[Any] | None:
        """Return the run that counts for a document, if there is one."""
        query = (
            sa.select(t.reading_runs)
            .join(t.activations, t.activations.c.run_id == t.reading_runs.c.id)
            .where(t.activations.c.document_id == document_id, self._until(t.activations.c.made_at))
            .order_by(t.activations.c.number.desc())
            .limit(1)
        )
        return self._connection.execute(query).first()

    def _last_activations(self, like: Sequence[str] | None = None) -> sa.Subquery:
        """Return the number of the last activation of each document, or of some and their like."""
        query = sa.select(sa.func.max(t.activations.c.number).label("number")).where(
            self._until(t.activations.c.made_at)
        )
        if like is not None:
            # Documents of the same bytes: one may have superseded the other.
            asked, twin = t.documents.alias(), t.documents.alias()
            twins = (
                sa.select(twin.c.id)
                .join(asked, asked.c.bytes_sha256 == twin.c.bytes_sha256)
                .where(among(asked.c.id, like))
            )
            query = query.where(t.activations.c.document_id.in_(twins))
        return query.group_by(t.activations.c.document_id).subquery()

    def _states(self, only: Sequence[str] | None = None) -> dict[str, tuple[str, Row[Any]]]:
        """Return state and active run of each document, or of some and those of their bytes."""
        last = self._last_activations(only)
        query = (
            sa.select(
                t.documents.c.bytes_sha256,
                t.documents.c.extractor,
                t.activations.c.number,
                t.reading_runs,
            )
            .join(last, last.c.number == t.activations.c.number)
            .join(t.reading_runs, t.reading_runs.c.id == t.activations.c.run_id)
            .join(t.documents, t.documents.c.id == t.activations.c.document_id)
        )
        rows = self._connection.execute(query).all()
        newest: dict[str, tuple[int, str]] = {}
        for row in rows:
            mark = (row.number, row.extractor)
            newest[row.bytes_sha256] = max(newest.get(row.bytes_sha256, mark), mark)
        hidden, purged = self._hidden(), self._erased()
        states = {}
        for row in rows:
            state = "shown"
            if row.document_id in purged:
                state = "purged"
            elif row.document_id in hidden:
                state = "withdrawn"
            elif newest[row.bytes_sha256][1] != row.extractor:
                state = "superseded"
            states[row.document_id] = (state, row)
        return states

    def _row_states(self, only: Sequence[str]) -> dict[str, tuple[str, Row[Any]]]:
        """Return state and newest run of those documents that are rows of releases."""
        query = (
            sa.select(t.reading_runs)
            .join(t.release_rows, t.release_rows.c.run_id == t.reading_runs.c.id)
            .join(t.releases, t.releases.c.id == t.release_rows.c.release_id)
            .where(among(t.release_rows.c.document_id, only), self._until(t.releases.c.made_at))
            .order_by(t.releases.c.number)
        )
        hidden, purged = self._hidden(), self._erased()
        states = {}
        for row in self._connection.execute(query):
            gone = "purged" if row.document_id in purged else ""
            withdrawn = "withdrawn" if row.document_id in hidden else ""
            states[row.document_id] = (gone or withdrawn or "imported", row)
        return states

    def _erased(self) -> set[str]:
        return set(self._connection.execute(sa.select(t.purges.c.document_id)).scalars())

    def _hidden(self) -> set[str]:
        query = (
            sa.select(t.withdrawals.c.document_id, t.withdrawals.c.hidden)
            .where(self._until(t.withdrawals.c.made_at))
            .order_by(t.withdrawals.c.number)
        )
        last = {row.document_id: row.hidden for row in self._connection.execute(query)}
        return {document for document, hidden in last.items() if hidden}

    def documents(
        self, only: Sequence[str] | None = None, *, texts: bool = False
    ) -> list[StoredDocument]:
        """Return documents with their locations, oldest ingestion first; texts if asked for."""
        states = self._states() if only is None else self._row_states(only) | self._states(only)
        columns = [column for column in t.documents.c if texts or column.name != "text"]
        query = sa.select(*columns)
        if only is not None:
            query = query.where(among(t.documents.c.id, only))
        runs = None if only is None else [run.id for _, run in states.values()]
        counts = self._statement_counts(runs)
        places = self._locations(only)
        found = []
        for row in self._connection.execute(query):
            if row.id not in states:
                continue
            state, run = states[row.id]
            found.append(
                StoredDocument(
                    id=row.id,
                    title=row.title,
                    date=run.date,
                    date_source=run.date_source,
                    lang=run.lang,
                    url=run.url,
                    text=row.text if texts else "",
                    bytes_sha256=row.bytes_sha256,
                    text_sha256=row.text_sha256,
                    extractor=row.extractor,
                    ingested_at=row.ingested_at,
                    state=state,
                    statements=counts.get(run.id, 0) if state != "purged" else 0,
                    locations=places.get(row.id, ()),
                )
            )
        # Sorted here: a server sorts texts, ids too, as its language does.
        # What came in together is told by date: ids say nothing to a reader.
        return sorted(found, key=lambda one: (one.ingested_at, one.date or dt.date.max, one.id))

    def _statement_counts(self, runs: Sequence[str] | None = None) -> dict[str, int]:
        links = t.run_statements.c
        query = sa.select(links.run_id, sa.func.count()).group_by(links.run_id)
        if runs is not None:
            query = query.where(among(links.run_id, runs))
        return {run: count for run, count in self._connection.execute(query)}  # noqa: C416

    def _locations(self, only: Sequence[str] | None) -> dict[str, tuple[Location, ...]]:
        query = sa.select(t.locations)
        if only is not None:
            query = query.where(among(t.locations.c.document_id, only))
        found: dict[str, list[Location]] = defaultdict(list)
        rows = self._connection.execute(query)
        for row in sorted(rows, key=lambda one: (one.seen_at, one.id)):
            found[row.document_id].append(Location(row.origin, row.url, row.name, row.seen_at))
        return {document: tuple(places) for document, places in found.items()}

    def entries(self, as_of: dt.date | None, only: Sequence[str] | None = None) -> list[Entry]:
        """Return the statements that count, published by `as_of`, in their stable order.

        `only` asks for those of some documents.
        """
        runs: dict[str, tuple[Row[Any], dt.date]] = {}
        states = self._states(only)
        wanted = states.keys() if only is None else set(only)
        shown = [
            run for name, (state, run) in states.items() if state == "shown" and name in wanted
        ]
        ingested = self._ingestion_days([run.document_id for run in shown if run.date is None])
        for run in shown:
            counted = run.date or ingested[run.document_id]
            if as_of is None or counted <= as_of:
                runs[run.id] = (run, counted)
        # Rows of releases have runs that were never made active: they are not even looked at.
        active = sa.select(t.activations.c.run_id).where(
            t.activations.c.number.in_(sa.select(self._last_activations(only).c.number))
        )
        query = self._statements().where(t.run_statements.c.run_id.in_(active)).order_by(None)
        if only is not None:
            query = query.where(among(t.statements.c.document_id, only))
        rows = defaultdict(list)
        for row in self._connection.execute(query):
            if row.run_id in runs:
                rows[row.document_id].append(row)
        entries = []
        for document, text in self._texts(list(rows)):
            for row in rows.pop(document):
                run, counted = runs[row.run_id]
                statement = statement_of(row, text)
                entries.append(
                    Entry(
                        row.id,
                        statement,
                        document,
                        counted,
                        run.date is not None,
                        outlet=outlet_of(run.url),
                        corrects=is_corrected(text, statement.evidence),
                    )
                )
        return sorted(entries, key=lambda entry: entry.order)

    def old_entry(self, statement_id: str) -> Entry | None:
        """Return a statement of any run of a document, None where its text is gone."""
        query = self._statements().where(t.statements.c.id == statement_id).limit(1)
        row = self._connection.execute(query).first()
        return self._as_entries([row])[row.id] if row is not None and row.body else None

    def _as_entries(self, rows: Sequence[Row[Any]]) -> dict[str, Entry]:
        """Return statements by id, counted from the ingestion of their documents."""
        names = sorted({row.document_id for row in rows})
        texts, days = dict(self._texts(names)), self._ingestion_days(names)
        return {
            row.id: Entry(
                row.id,
                statement_of(row, texts[row.document_id]),
                row.document_id,
                days[row.document_id],
                dated=False,
            )
            for row in rows
        }

    def judgements(self) -> list[Judgement]:
        """Return all judgements and revocations, in the order in which they were made.

        One that came from another book was made there, and is known here from when it came.
        """
        columns = t.judgements.c
        query = (
            sa.select(t.judgements)
            .where(self._until(sa.func.coalesce(columns.recorded_at, columns.made_at)))
            .order_by(columns.made_at, columns.number)
        )
        return [Judgement.from_row(row) for row in self._connection.execute(query).mappings()]

    def _texts(self, document_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield texts a few at a time: a book may hold more of them than the memory does."""
        for start in range(0, len(document_ids), _CHUNK):
            some = document_ids[start : start + _CHUNK]
            query = sa.select(t.documents.c.id, t.documents.c.text).where(
                t.documents.c.id.in_(some)
            )
            for row in self._connection.execute(query):
                yield row.id, row.text

    def _statements(self) -> sa.Select[Any]:
        statements, links = t.statements, t.run_statements
        return (
            sa.select(
                statements.c.id,
                statements.c.document_id,
                statements.c.body,
                links.c.run_id,
                links.c.rule,
                links.c.score,
                links.c.grounds,
            )
            .join(links, links.c.statement_id == statements.c.id)
            .order_by(links.c.run_id, links.c.position)
        )

    def _ingestion_days(self, only: Sequence[str] | None = None) -> dict[str, dt.date]:
        query = sa.select(t.documents.c.id, t.documents.c.ingested_at)
        if only is not None:
            query = query.where(among(t.documents.c.id, only))
        return {row.id: row.ingested_at.date() for row in self._connection.execute(query)}
