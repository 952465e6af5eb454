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
from sqlalchemy import Connection

from pledgebook.errors import NotFoundError, Problem
from pledgebook.ledger import schema as t
from pledgebook.ledger.access.noting import Action, noted
from pledgebook.ledger.adding import add_problems, add_readings, lock
from pledgebook.ledger.coding.additions import only_additions
from pledgebook.ledger.coding.view import CodingView
from pledgebook.ledger.engine import BUSY_TIMEOUT, Database, open_database
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.money.pricelist import Price, read_prices
from pledgebook.ledger.present import present
from pledgebook.ledger.records import (
    Added,
    Entry,
    Reading,
    StoredDocument,
)
from pledgebook.ledger.releases import ReleaseShelf
from pledgebook.ledger.retrieval import Snapshot
from pledgebook.ledger.search.indexing import forget, optimise
from pledgebook.ledger.writing import insert
from pledgebook.vocabulary.document import Document

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the present instant."""
    return dt.datetime.now(dt.UTC)


class Store(ReleaseShelf):
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

    @property
    def database(self) -> Database:
        """The database itself, for what moves whole books."""
        return self._database

    @property
    def clock(self) -> Clock:
        """What tells the book the present instant, never one before the last that it recorded."""
        return self._present

    @property
    def read_only(self) -> str | None:
        """Why the book is open for reading only, in one sentence; None where it can be written."""
        refusal = self._database.refusal
        return None if refusal is None else str(refusal)

    def _present(self) -> dt.datetime:
        with self._database.reading() as connection:
            return present(connection, self._clock)

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
        taken, faults = list(readings), list(problems)
        with self._database.writing() as connection:
            now = present(connection, self._clock)
            added = add_readings(connection, taken, now)
            add_problems(connection, faults, now)
            for document in (reading.document for reading in taken):
                noted(connection, now, Action.UPLOAD, document.id, document.origin)
        return added

    def known(self, document: Document) -> tuple[Document, str | None]:
        """Return the document with the date and URL that the book knows, and its active run.

        What a person gives (a date) prevails over what is stored; otherwise what was stored first
        stays, so that finding the same bytes elsewhere reads nothing anew.
        """
        with self._database.glancing() as connection:
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
            insert(connection, t.judgements, [judgement.to_row()])
            action = Action.JUDGE if judgement.revokes is None else Action.REVOKE
            now = present(connection, self._clock)
            noted(connection, now, action, judgement.id, judgement.kind.value)

    def take(self, judgements: Sequence[Judgement]) -> list[str]:
        """Store judgements from another book, those that are revoked before what revokes them.

        Returns the ids of those that were new. Each is known from now on, whenever it was made.
        """
        with self._database.writing() as connection:
            now = present(connection, self._clock)
            return [
                one.id
                for one in judgements
                if insert(
                    connection,
                    t.judgements,
                    [one.to_row() | {"recorded_at": one.recorded_at or now}],
                )
            ]

    def withdraw(self, document_id: str, *, by: str, note: str = "", hidden: bool = True) -> None:
        """Hide a document and its statements from the ledger, or show them again."""
        with self._database.writing() as connection:
            _require_document(connection, document_id)
            now = present(connection, self._clock)
            row = {"document_id": document_id, "hidden": hidden} | _signed(by, note, now)
            connection.execute(t.withdrawals.insert(), [row])
            action = Action.WITHDRAW if hidden else Action.RESTORE
            noted(connection, now, action, document_id, note)

    def purge(self, document_id: str, *, by: str, note: str = "") -> None:
        """Erase the text of a document and what was read from it; its hashes stay for ever."""
        with self._database.writing() as connection:
            _require_document(connection, document_id)
            now = present(connection, self._clock)
            insert(connection, t.purges, [{"document_id": document_id} | _signed(by, note, now)])
            noted(connection, now, Action.PURGE, document_id, note)
            lock(connection, [document_id])
            forget(connection, [document_id])
            optimise(connection)
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

    # Looking

    def entries(
        self, *, as_of: dt.date | None = None, recorded_as_of: dt.datetime | None = None
    ) -> list[Entry]:
        """Return the statements that count, in a stable order.

        `as_of` keeps what was published by that day, `recorded_as_of` what the book knew then.
        """
        with self._database.reading() as connection:
            return Snapshot(connection, recorded_as_of).entries(as_of)

    def judgements(
        self,
        *,
        recorded_as_of: dt.datetime | None = None,
        anchored_to: Iterable[Entry] | None = None,
        as_of: dt.date | None = None,
    ) -> list[Judgement]:
        """Return all judgements and revocations, in the order in which they were made.

        `anchored_to` moves those whose document is not among the statements' own to the document
        that now has its words, and was published by `as_of`.
        """
        with self._database.reading() as connection:
            view = CodingView(connection, recorded_as_of)
            found = view.judgements()
            if not found or anchored_to is None:
                return found
            return view.anchored(found, {entry.document for entry in anchored_to}, as_of)

    def added(
        self,
        judgements: Sequence[Judgement],
        beside: Iterable[Entry],
        *,
        as_of: dt.date | None = None,
        recorded_as_of: dt.datetime | None = None,
    ) -> list[Entry]:
        """Return the statements that people added, beside those that the machine read."""
        if not only_additions(judgements):
            return []
        with self._database.reading() as connection:
            return CodingView(connection, recorded_as_of).added(judgements, beside, as_of)

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
        tables = (t.activations, t.judgements, t.withdrawals, t.purges, t.releases)
        counts = [
            sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables
        ]
        with self._database.reading() as connection:
            return tuple(connection.execute(sa.select(*counts)).one())

    def old_entry(self, statement_id: str) -> Entry | None:
        """Return any statement that was ever read or added, also one that no longer counts."""
        with self._database.reading() as connection:
            view = CodingView(connection)
            return view.old_entry(statement_id) or view.addition(statement_id)

    def ids(self, prefix: str) -> list[str]:
        """Return the ids of documents, statements and judgements that begin so, sorted."""
        table = {"d": t.documents, "s": t.statements, "j": t.judgements}.get(prefix[:1])
        if table is None:
            return []
        query = sa.select(table.c.id).where(table.c.id.startswith(prefix, autoescape=True))
        with self._database.reading() as connection:
            found = set(connection.execute(query).scalars())
            if prefix.startswith("s"):
                found |= CodingView(connection).addition_ids()
            # LIKE minds case on one engine and not on the other.
            return sorted(name for name in found if name.startswith(prefix))

    def prices(self, *, recorded_as_of: dt.datetime | None = None) -> list[Price]:
        """Return the prices of the current release of each data set."""
        with self._database.reading() as connection:
            return read_prices(connection, recorded_as_of)

    def problems(self) -> list[Problem]:
        """Return every problem that was recorded, oldest first."""
        columns = t.problems.c
        query = sa.select(columns.recorded_at, columns.id, columns.body)
        with self._database.reading() as connection:
            # Sorted here: a server sorts texts as its language does.
            rows = sorted(tuple(row) for row in connection.execute(query))
        return [Problem.model_validate(json.loads(body)) for _, _, body in rows]


def _signed(by: str, note: str, now: dt.datetime) -> dict[str, Any]:
    return {"made_by": by, "note": note, "made_at": now}


def _require_document(connection: Connection, document_id: str) -> None:
    query = sa.select(t.documents.c.id).where(t.documents.c.id == document_id)
    if connection.execute(query).first() is None:
        raise NotFoundError(f"there is no document {document_id} in the book")
