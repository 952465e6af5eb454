"""The store of a book: documents, readings, judgements; append-only, in SQLite or PostgreSQL.

Invariants: a reading is stored whole or not at all, and is durable when `add` returns. The same
reading twice changes nothing. A document's last activation names the run that counts; older runs
stay. Nothing is edited; a purge empties a text and leaves its hashes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from pledgebook.errors import NotFoundError, Problem
from pledgebook.ledger import schema as t
from pledgebook.ledger.engine import BUSY_TIMEOUT, Database, open_database
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.records import (
    Added,
    Entry,
    Reading,
    StoredDocument,
    content_of,
    digest_id,
    encode,
    statement_ids,
)
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.vocabulary.document import Document

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the present instant."""
    return dt.datetime.now(dt.UTC)


class Store:
    """All that a book remembers. Open it with `Store.open`, close it, or use it in a `with`."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @classmethod
    def open(
        cls,
        path_or_url: str | Path,
        *,
        clock: Clock = utc_now,
        busy_timeout: float = BUSY_TIMEOUT,
    ) -> Self:
        """Open a book by path or URL and bring its tables up to date.

        Raises BookError where it cannot be opened or is no book, BookVersionError where a newer
        Pledgebook wrote it, BookLockedError where another process holds it for longer than
        `busy_timeout` seconds.
        """
        return cls(open_database(path_or_url, busy_timeout=busy_timeout), clock)

    @property
    def place(self) -> str:
        """The path or URL of the book, without a password."""
        return self._database.place

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def add(self, readings: Iterable[Reading], problems: Iterable[Problem] = ()) -> Added:
        """Store readings and problems in one transaction; all of it is durable on return.

        A reading of a document that was purged is left out and named in the result.
        """
        added = Added()
        # Two writers that take their documents in one order do not wait for each other in a circle.
        ordered = sorted(readings, key=lambda reading: reading.document.id)
        with self._database.writing() as connection:
            now = self._clock()
            for reading in ordered:
                self._add_reading(connection, reading, now, added)
            for problem in problems:
                _insert(connection, t.problems, [_problem_row(problem, now)])
        return added

    def known(self, document: Document) -> tuple[Document, str | None]:
        """Return the document with the date and URL that the book knows, and its active run.

        What a person gives (a date) prevails over what is stored; otherwise what was stored first
        stays, so that finding the same bytes elsewhere reads nothing anew.
        """
        with self._database.reading() as connection:
            row = Snapshot(connection).active_run(document.id)
        if row is None:
            return document, None
        changes: dict[str, Any] = {"url": row.url or document.url}
        if document.date_source != "given" and row.date is not None:
            changes |= {"date": row.date, "date_source": row.date_source}
        return document.model_copy(update=changes), row.id

    def judge(self, judgement: Judgement) -> None:
        """Store a judgement, or the taking back of one."""
        with self._database.writing() as connection:
            if judgement.revokes is not None:
                earlier = {other.id for other in Snapshot(connection).judgements()}
                if judgement.revokes not in earlier:
                    raise NotFoundError(f"there is no judgement {judgement.revokes}")
            _insert(connection, t.judgements, [judgement.to_row()])

    def withdraw(self, document_id: str, *, by: str, note: str = "", hidden: bool = True) -> None:
        """Hide a document and its statements from the ledger, or show them again."""
        with self._database.writing() as connection:
            _require_document(connection, document_id)
            row = {"document_id": document_id, "hidden": hidden}
            connection.execute(t.withdrawals.insert(), [row | self._signed(by, note)])

    def purge(self, document_id: str, *, by: str, note: str = "") -> None:
        """Erase the text of a document and what was read from it; its hashes stay for ever."""
        with self._database.writing() as connection:
            _require_document(connection, document_id)
            row = {"document_id": document_id} | self._signed(by, note)
            _insert(connection, t.purges, [row])
            documents, statements = t.documents, t.statements
            connection.execute(
                documents.update().where(documents.c.id == document_id).values(text="", title=None)
            )
            connection.execute(
                statements.update().where(statements.c.document_id == document_id).values(body="")
            )
        if self.dialect == "sqlite":
            # Old pages would otherwise stay readable in the write-ahead log.
            self._database.run_outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")

    def _signed(self, by: str, note: str) -> dict[str, Any]:
        return {"made_by": by, "note": note, "made_at": self._clock()}

    def _add_reading(
        self, connection: Connection, reading: Reading, now: dt.datetime, added: Added
    ) -> None:
        document = reading.document
        is_new = _insert(connection, t.documents, [_document_row(document, now)])
        if not is_new and Snapshot(connection).is_purged(document.id):
            added.purged.append(document.id)
            return
        _insert(connection, t.locations, [_location_row(document, now)])
        if _insert(connection, t.reading_runs, [_run_row(reading, now)]):
            _add_statements(connection, reading, now)
            added.statements += len(reading.statements)
        active = None if is_new else Snapshot(connection).active_run(document.id)
        if active is not None and active.id == reading.run_id:
            added.unchanged += 1
            return
        row = {"document_id": document.id, "run_id": reading.run_id, "made_at": now}
        connection.execute(t.activations.insert(), [row])
        if is_new:
            added.new += 1
        else:
            added.reread += 1

    # Looking

    def entries(
        self, *, as_of: dt.date | None = None, recorded_as_of: dt.datetime | None = None
    ) -> list[Entry]:
        """Return the statements that count, in a stable order.

        `as_of` keeps what was published by that day, `recorded_as_of` what the book knew then.
        """
        with self._database.reading() as connection:
            return Snapshot(connection, recorded_as_of).entries(as_of)

    def judgements(self, *, recorded_as_of: dt.datetime | None = None) -> list[Judgement]:
        """Return all judgements and revocations, in the order in which they were made."""
        with self._database.reading() as connection:
            return Snapshot(connection, recorded_as_of).judgements()

    def documents(self, *, recorded_as_of: dt.datetime | None = None) -> list[StoredDocument]:
        """Return every document without its text, whatever its state."""
        with self._database.reading() as connection:
            return Snapshot(connection, recorded_as_of).documents()

    def document(self, document_id: str) -> StoredDocument:
        """Return one document with its text and locations. Raises NotFoundError."""
        with self._database.reading() as connection:
            found = Snapshot(connection).documents([document_id], texts=True)
        if not found:
            raise NotFoundError(f"there is no document {document_id} in the book")
        return found[0]

    def texts(self, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        """Return some documents with their texts and locations, by id."""
        with self._database.reading() as connection:
            found = Snapshot(connection).documents(document_ids, texts=True)
        return {document.id: document for document in found}

    def version(self) -> tuple[int, ...]:
        """Return counts that grow whenever something is written that a ledger may rest on."""
        tables = (t.activations, t.judgements, t.withdrawals, t.purges)
        counts = [
            sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables
        ]
        with self._database.reading() as connection:
            return tuple(connection.execute(sa.select(*counts)).one())

    def old_entry(self, statement_id: str) -> Entry | None:
        """Return any statement that was ever stored, also one that no longer counts."""
        with self._database.reading() as connection:
            return Snapshot(connection).old_entry(statement_id)

    def ids(self, prefix: str) -> list[str]:
        """Return the ids of documents, statements and judgements that begin so, sorted."""
        table = {"d": t.documents, "s": t.statements, "j": t.judgements}.get(prefix[:1])
        if table is None:
            return []
        query = sa.select(table.c.id).where(table.c.id.startswith(prefix, autoescape=True))
        with self._database.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def problems(self) -> list[Problem]:
        """Return every problem that was recorded, oldest first."""
        query = sa.select(t.problems.c.body).order_by(t.problems.c.recorded_at, t.problems.c.id)
        with self._database.reading() as connection:
            bodies = connection.execute(query).scalars().all()
        return [Problem.model_validate(json.loads(body)) for body in bodies]


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> bool:
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


def _require_document(connection: Connection, document_id: str) -> None:
    query = sa.select(t.documents.c.id).where(t.documents.c.id == document_id)
    if connection.execute(query).first() is None:
        raise NotFoundError(f"there is no document {document_id} in the book")


def _document_row(document: Document, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": document.id,
        "bytes_sha256": document.bytes_sha256,
        "extractor": document.extractor,
        "text_sha256": document.text_sha256,
        "text": document.text,
        "title": document.title,
        "ingested_at": now,
    }


def _location_row(document: Document, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": digest_id("l", document.id, document.origin, document.url, document.name),
        "document_id": document.id,
        "origin": document.origin,
        "url": document.url,
        "name": document.name,
        "seen_at": now,
    }


def _run_row(reading: Reading, now: dt.datetime) -> dict[str, Any]:
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


def _add_statements(connection: Connection, reading: Reading, now: dt.datetime) -> None:
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
    _insert(connection, t.statements, rows)
    _insert(connection, t.run_statements, links)


def _problem_row(problem: Problem, now: dt.datetime) -> dict[str, Any]:
    body = encode(problem.model_dump(mode="json"))
    return {
        "id": digest_id("p", body),
        "document_id": None,
        "source": problem.source,
        "body": body,
        "recorded_at": now,
    }
