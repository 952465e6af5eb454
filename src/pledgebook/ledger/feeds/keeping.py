"""Documents of an article into the book, with what became of its entry: one step, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.errors import Problem
from pledgebook.ledger import schema as t
from pledgebook.ledger.access.noting import Action, noted
from pledgebook.ledger.adding import add_problems, add_readings
from pledgebook.ledger.attempt import attempt, unread
from pledgebook.ledger.columns import among
from pledgebook.ledger.feeds.entry_rows import PendingEntry, led_before, settle
from pledgebook.ledger.feeds.memory import Claim, FeedMemory
from pledgebook.ledger.feeds.watched import EntryState
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.ledger.writing import insert, location_row
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document

__all__ = ["Keeper", "Kept"]

_KEEPING_LOCK = 0x66656564  # any fixed number: PostgreSQL's advisory lock for keeping an article


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one entry."""

    state: EntryState
    documents: tuple[str, ...] = ()
    """Those that are new to the book."""
    statements: int = 0
    problems: tuple[Problem, ...] = ()


class Keeper:
    """Reads articles with one coder and keeps them."""

    def __init__(
        self, store: Store, memory: FeedMemory, catalogue: Catalogue, coder: Coder
    ) -> None:
        self._store = store
        self._memory = memory
        self._catalogue = catalogue
        self._coder = coder

    def keep(
        self,
        claim: Claim,
        entry: PendingEntry,
        found: Sequence[Document | Problem],
        now: dt.datetime,
        *,
        page: str | None = None,
    ) -> Kept:
        """Read documents and store them, unless the book has them; `page` is where they were found.

        Raises StoppedError where the coder cannot go on, ClaimLostError, BookError.
        """
        problems = [one for one in found if isinstance(one, Problem)]
        readings = []
        for one in found:
            if isinstance(one, Document):
                made = self._read(one)
                if isinstance(made, Problem):
                    problems.append(made)
                    continue
                readings.append(made)
                problems += [says for says in (unread(self._coder, one),) if says is not None]
        with self._store.database.writing() as connection:
            self._memory.renew(connection, claim)
            return self._write(connection, entry, readings, problems, now, page)

    def give_up(
        self, claim: Claim, entry: PendingEntry, problem: Problem, now: dt.datetime
    ) -> None:
        """Write that an entry cannot be read, and why."""
        with self._store.database.writing() as connection:
            self._memory.renew(connection, claim)
            add_problems(connection, [problem], now)
            settle(connection, entry, EntryState.FAILED, now)

    def pass_over(self, claim: Claim, entry: PendingEntry, now: dt.datetime) -> None:
        """Write that another entry has led to the page of this one."""
        with self._store.database.writing() as connection:
            self._memory.renew(connection, claim)
            settle(connection, entry, EntryState.KNOWN, now)

    def _read(self, one: Document) -> Reading | Problem:
        """Return the reading of a document; the one that is there, where nothing has changed."""
        coder = self._coder
        document, active = self._store.known(one)
        bare = Reading(document, (), coder.name, coder.version, self._catalogue.digest)
        if bare.run_id == active:
            return bare
        made = attempt(coder.read, document, self._catalogue)
        return made if isinstance(made, Problem) else replace(bare, statements=tuple(made))

    def _write(
        self,
        connection: Connection,
        entry: PendingEntry,
        readings: Sequence[Reading],
        problems: Sequence[Problem],
        now: dt.datetime,
        page: str | None,
    ) -> Kept:
        if connection.dialect.name == "postgresql":
            # Two feeds may lead to one article at once: they look for it one after the other.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_KEEPING_LOCK)))
        add_problems(connection, problems, now)
        told = tuple(problems)
        if page is not None and led_before(connection, entry, page):
            settle(connection, entry, EntryState.KNOWN, now, found_at=page)
            return Kept(EntryState.KNOWN, problems=told)
        fresh, same = [], []
        for one in readings:
            twin = _twin(connection, one.document)
            if twin is None:
                fresh.append(one)
            else:
                same.append(twin)
                place = location_row(one.document, now) | {"document_id": twin}
                insert(connection, t.locations, [place])
        there = _there(connection, [one.document.id for one in fresh])
        added = add_readings(connection, fresh, now)
        for one in fresh:
            noted(connection, now, Action.FETCH, one.document.id, one.document.origin)
        state = EntryState.READ if fresh else EntryState.SAME if same else EntryState.FAILED
        names = [one.document.id for one in fresh] + same
        first = names[0] if names else None
        settle(connection, entry, state, now, document=first, found_at=page)
        old = there | set(added.purged)
        new = tuple(one.document.id for one in fresh if one.document.id not in old)
        return Kept(state, new, added.statements, told)


def _there(connection: Connection, names: Sequence[str]) -> set[str]:
    columns = t.documents.c
    query = sa.select(columns.id).where(among(columns.id, names))
    return set(connection.execute(query).scalars())


def _twin(connection: Connection, document: Document) -> str | None:
    """Return a document of the book with the very same text, but other bytes.

    Pages bear the hour, a number of readers, a fresh advertisement: their text is what counts.
    """
    columns = t.documents.c
    query = (
        sa.select(columns.id)
        .where(columns.text_sha256 == document.text_sha256, columns.id != document.id)
        .order_by(columns.id)
    )
    return connection.execute(query.limit(1)).scalar()
