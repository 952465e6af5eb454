"""Sources into the store: read, collect, confirm in batches.

A batch is confirmed every `BATCH_DOCUMENTS` documents or `BATCH_SECONDS`. A crash loses at most the
batch that was not yet confirmed, and reading the same sources again completes the book.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pledgebook.errors import Problem
from pledgebook.ledger.attempt import attempt, unread
from pledgebook.ledger.progress import ReadProgress
from pledgebook.ledger.records import Added, Reading
from pledgebook.ledger.store import Store
from pledgebook.reading.ahead import read_ahead
from pledgebook.reading.coders import Coder, StoppedError
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Kind, Statement

BATCH_DOCUMENTS = 200
BATCH_SECONDS = 2.0
BATCH_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a reading did.

    `new` documents were unknown to the book, `reread` ones were read by a newer coder, catalogue or
    date, `unchanged` ones were there already. `statements` were added, `kinds` counts by kind those
    of the documents that were read. `problems` are all faults. `told` is what the coder has to say
    of its work: what it asked and cost, what it turned away, where coders disagree.
    """

    documents: int = 0
    new: int = 0
    reread: int = 0
    unchanged: int = 0
    statements: int = 0
    problems: tuple[Problem, ...] = ()
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    readings: list[Reading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    characters: int = 0
    since: float = field(default_factory=time.monotonic)

    def is_due(self) -> bool:
        return (
            len(self.readings) + len(self.problems) >= BATCH_DOCUMENTS
            or self.characters >= BATCH_CHARACTERS
            or time.monotonic() - self.since >= BATCH_SECONDS
        )


@dataclass(frozen=True, slots=True)
class _Pending:
    """A document as the book knows it; `there` is its reading where nothing has changed."""

    document: Document
    there: Reading | None


class Ingest:
    """One reading of many sources into a store."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        coder: Coder,
        progress: Callable[[ReadProgress], None] | None = None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._coder = coder
        self._progress = progress
        self._batch = _Batch()
        self._added = Added()
        self._problems: list[Problem] = []
        self._documents = 0
        self._statements = 0
        self._kinds: Counter[Kind] = Counter()
        self._bytes = 0
        self._total: int | None = None

    def run(
        self,
        sources: Iterable[str | Path],
        *,
        date: dt.date | None = None,
        lang: str | None = None,
        allow_local: bool = False,
    ) -> ReadReport:
        """Read sources into the store. Raises BookError where the store cannot be written."""
        from pledgebook.documents.fetch import FetchPolicy
        from pledgebook.documents.load import load
        from pledgebook.documents.sources import Source, expand

        named: list[Source] = []
        for source in expand(sources):
            if isinstance(source, Problem):
                self._note(source)
            else:
                named.append(source)
        sizes = [source.size for source in named]
        self._total = None if None in sizes else sum(size or 0 for size in sizes)
        found = load(
            named,
            date=date,
            lang=lang,
            fetch=FetchPolicy(allow_local=allow_local),
            advance=self._advance,
        )
        return self.take(found)

    def take(self, found: Iterable[Document | Problem]) -> ReadReport:
        """Store documents, and the problems among them, as they come."""
        try:
            for one, made in read_ahead(self._known(found), self._made, self._coder.workers):
                if isinstance(one, Problem):
                    self._note(one)
                else:
                    self._keep(one, made)
                if self._batch.is_due():
                    self._confirm()
                self._tell(one if isinstance(one, Problem) else one.document)
        except StoppedError as error:
            self._note(Problem.from_error(error, code="stopped", source=self._coder.name))
        except KeyboardInterrupt:
            self._confirm()
            raise
        self._confirm()
        return ReadReport(
            documents=self._documents,
            new=self._added.new,
            reread=self._added.reread,
            unchanged=self._added.unchanged,
            statements=self._added.statements,
            problems=tuple(self._problems),
            kinds=dict(self._kinds),
            told=tuple(self._coder.session.report()),
        )

    def _known(self, found: Iterable[Document | Problem]) -> Iterator[_Pending | Problem]:
        """Take up what the book knows of each document, before any of it is read."""
        coder = self._coder
        for one in found:
            if isinstance(one, Problem):
                yield one
                continue
            document, active = self._store.known(one)
            bare = Reading(document, (), coder.name, coder.version, self._catalogue.digest)
            yield _Pending(document, bare if bare.run_id == active else None)

    def _made(self, one: _Pending | Problem) -> list[Statement] | Problem | None:
        """Read one document; None where there is nothing to read."""
        if isinstance(one, Problem) or one.there is not None:
            return None
        return attempt(self._coder.read, one.document, self._catalogue)

    def _keep(self, one: _Pending, made: list[Statement] | Problem | None) -> None:
        self._documents += 1
        if one.there is not None:
            self._batch.readings.append(one.there)
            return
        if isinstance(made, Problem):
            self._note(made)
            return
        warning = unread(self._coder, one.document)
        if warning is not None:
            self._note(warning)
        document, coder = one.document, self._coder
        statements = tuple(made or ())
        self._statements += len(statements)
        self._kinds.update(statement.kind for statement in statements)
        self._batch.readings.append(
            Reading(document, statements, coder.name, coder.version, self._catalogue.digest)
        )
        self._batch.characters += len(document.text)

    def _note(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._batch.problems.append(problem)

    def _confirm(self) -> None:
        batch, self._batch = self._batch, _Batch()
        if not batch.readings and not batch.problems:
            return
        added = self._store.add(batch.readings, batch.problems)
        total = self._added
        total.new += added.new
        total.reread += added.reread
        total.unchanged += added.unchanged
        total.statements += added.statements
        origins = {reading.document.id: reading.document.origin for reading in batch.readings}
        self._problems += [
            Problem(
                code="purged",
                what="its text was erased from this book on purpose and was not stored again",
                source=origins[document],
                severity="warning",
            )
            for document in added.purged
        ]

    def _advance(self, count: int) -> None:
        self._bytes += count

    def _tell(self, one: Document | Problem) -> None:
        if self._progress is None:
            return
        self._progress(
            ReadProgress(
                origin=one.source if isinstance(one, Problem) else one.origin,
                documents=self._documents,
                statements=self._statements,
                problems=len(self._problems),
                bytes_done=self._bytes,
                bytes_total=self._total,
                cost=self._coder.session.progress(),
            )
        )
