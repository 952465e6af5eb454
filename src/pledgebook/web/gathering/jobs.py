"""Readings that go on beside the requests: one after the other, each with its progress and faults.

What was confirmed of a job stays in the book when the server ends; what was not read is told as
such, and giving it again completes it.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import logging
import queue
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pledgebook.book import Book
from pledgebook.documents import FetchPolicy, Source, load
from pledgebook.errors import PledgebookError, Problem
from pledgebook.ledger.ingest import Ingest, ReadReport
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.document import Document

__all__ = ["Item", "Job", "Jobs", "Step"]

_LOG = logging.getLogger("pledgebook.web")
_KEPT = 50
_WAITING = 100


class Step(StrEnum):
    """How far a file, a text or an address is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"


@dataclass(slots=True)
class Item:
    """One file, text or address of a job, and what came of it."""

    name: str
    source: Source
    step: Step = Step.WAITING
    share: float | None = None
    """How much of it is worked off, from 0 to 1; None where its size is not known."""
    report: ReadReport | None = None
    problems: tuple[Problem, ...] = ()
    documents: tuple[str, ...] = ()
    """Ids of the documents that it brought or that were there already."""


@dataclass(slots=True)
class Job:
    """What one person gave at one time. `folder` holds its files and goes with the reading."""

    id: str
    by: str
    given_at: dt.datetime
    items: list[Item]
    date: dt.date | None = None
    lang: str | None = None
    folder: Path | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    """Who acts, for the audit: as it was when the job was given."""

    @property
    def over(self) -> bool:
        """Whether nothing of it is left to be read."""
        return all(item.step not in (Step.WAITING, Step.READING) for item in self.items)

    @property
    def finished(self) -> int:
        """How many of its items are through."""
        return sum(item.step not in (Step.WAITING, Step.READING) for item in self.items)


class Jobs:
    """Reads jobs in a thread of its own; a worker of the app, started and stopped with it."""

    def __init__(
        self, book: Book, *, allow_local: bool = False, after: Callable[[], object] | None = None
    ) -> None:
        self._book = book
        self._allow_local = allow_local
        self._after = after
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._queue: queue.Queue[Job | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read what is given."""
        self._thread = threading.Thread(target=self._run, name="pledgebook-reading", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the item that is being read; what waits is left, and told as such."""
        with self._lock:
            for job in self._jobs.values():
                job.cancelled.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(60)
            self._thread = None

    def give(
        self,
        items: list[Item],
        *,
        by: str,
        at: dt.datetime,
        date: dt.date | None = None,
        lang: str | None = None,
        folder: Path | None = None,
    ) -> Job | None:
        """Line a job up; None where too many wait already."""
        job = Job("u" + secrets.token_hex(8), by, at, items, date, lang, folder)
        with self._lock:
            try:
                self._queue.put_nowait(job)
            except queue.Full:
                return None
            self._jobs[job.id] = job
            over = [name for name, one in self._jobs.items() if one.over]
            for name in over[: max(len(self._jobs) - _KEPT, 0)]:
                del self._jobs[name]
        return job

    def get(self, name: str) -> Job | None:
        """Return a job by its id."""
        with self._lock:
            return self._jobs.get(name)

    def newest(self) -> list[Job]:
        """Return the jobs of this run of the server, newest first."""
        with self._lock:
            return list(self._jobs.values())[::-1]

    def cancel(self, name: str) -> None:
        """Read nothing more of a job; what was read stays."""
        job = self.get(name)
        if job is not None:
            job.cancelled.set()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                job.context.run(self._read, job)
            except Exception:  # noqa: BLE001 - logged: the worker goes on
                # It is told with the item; the next job is read all the same.
                _LOG.exception("an error inside Pledgebook while reading %s", job.id)
            finally:
                if job.folder is not None:
                    shutil.rmtree(job.folder, ignore_errors=True)
                if self._after is not None:
                    self._after()

    def _read(self, job: Job) -> None:
        from pledgebook.reading import DEFAULT_CODER
        from pledgebook.reading import coder as coder_named

        coder = coder_named(DEFAULT_CODER)
        try:
            for item in job.items:
                if job.cancelled.is_set():
                    item.step = Step.LEFT
                    continue
                item.step = Step.READING

                try:
                    item.report = self._take(item, job, coder)
                    item.problems = item.report.problems
                    item.step = Step.DONE if item.report.documents else Step.FAILED
                except PledgebookError as error:
                    item.problems = (Problem.from_error(error, code="not-read", source=item.name),)
                    item.step = Step.FAILED
                except Exception as error:
                    what = f"an error inside Pledgebook ({type(error).__name__})"
                    item.problems = (Problem(code="not-read", source=item.name, what=what),)
                    item.step = Step.FAILED
                    raise
        finally:
            for item in job.items:
                if item.step in (Step.WAITING, Step.READING):
                    item.step = Step.LEFT
            coder.session.close()

    def _take(self, item: Item, job: Job, coder: Coder) -> ReadReport:
        seen: dict[str, None] = {}
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if item.source.size:
                item.share = min(done / item.source.size, 1.0)

        def found() -> Iterator[Document | Problem]:
            policy = FetchPolicy(allow_local=self._allow_local)
            for one in load(
                [item.source], date=job.date, lang=job.lang, fetch=policy, advance=advance
            ):
                if isinstance(one, Document):
                    seen[one.id] = None
                yield one

        report = Ingest(self._book.store, self._book.catalogue, coder).take(found())
        item.documents = tuple(seen)
        return report
