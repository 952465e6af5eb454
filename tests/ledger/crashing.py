"""Writers that a test kills or cuts off: each does one thing to a book, alike in every process.

What a writer was told is confirmed it writes down at once, in a file that outlives it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import alembic.command  # noqa: F401 - what a writer may need is there before it is born
import psycopg
import sqlalchemy as sa

from making import START, Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import BookError, Problem
from pledgebook.exchange import datapackage  # noqa: F401
from pledgebook.exchange.restoring import restore
from pledgebook.ledger import ingest
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.records import Added, Reading
from pledgebook.ledger.releases import AddedRelease, NewRelease, NewRow
from pledgebook.ledger.store import Store
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

COUNT = 40
BATCH = 5
JUDGED = 6
PURGED = 4
GAVE_UP = 3
"""How a writer leaves that met an error about the book."""

More = dict[str, Any]


def documents(count: int = COUNT, first: int = 0) -> Iterator[Document]:
    """Return the same documents in every process."""
    for number in range(first, count):
        yield document(f"Norway sends {number + 1} tanks", origin=f"{number}.txt")


def code(found: Document, _: Catalogue) -> list[Statement]:
    """Code the one sentence of such a document."""
    said = Said(found.text, quantity=int(found.text.split()[2]))
    return list(reading(found, [said]).statements)


class Telling(Store):
    """A store that writes down what was confirmed to it."""

    told: Path

    def add(self, readings: Iterable[Reading], problems: Iterable[Problem] = ()) -> Added:
        taken = list(readings)
        added = super().add(taken, problems)
        kept = [one for one in taken if one.document.id not in added.purged]
        self.tell(*(f"read {one.document.id} {one.run_id}" for one in kept))
        return added

    def judge(self, judgement: Judgement) -> None:
        super().judge(judgement)
        self.tell(f"judged {judgement.id}")

    def purge(self, document_id: str, *, by: str, note: str = "") -> None:
        super().purge(document_id, by=by, note=note)
        self.tell(f"purged {document_id}")

    def add_release(self, new: NewRelease, *, by: str) -> AddedRelease:
        added = super().add_release(new, by=by)
        self.tell(f"imported {added.id}")
        return added

    def tell(self, *lines: str) -> None:
        with self.told.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))


def read(
    store: Store, version: str = "1", first: int = 0, last: int = COUNT, pause: float = 0.0
) -> None:
    """Read the documents with a version of the coder; every batch of five is confirmed."""
    ingest.BATCH_DOCUMENTS = BATCH
    ingest.BATCH_SECONDS = 1000.0

    def slowly(found: Document, catalogue: Catalogue) -> list[Statement]:
        time.sleep(pause)
        return code(found, catalogue)

    coder = Coder("by-hand", version, slowly)
    ingest.Ingest(store, load_catalogue(), coder).take(documents(last, first))


def reread(store: Store) -> None:
    """Read them again with a newer coder: each has a run more, and that one counts."""
    read(store, "2")


def judge(store: Store) -> None:
    """Decide about some statements, and take the first decision back."""
    entries = store.entries()[:JUDGED]
    made = [
        Judgement.make(
            Verdict.WRONG,
            [[entry]],
            by="A. Clerk",
            note="no such",
            made_at=START + dt.timedelta(minutes=number),
        )
        for number, entry in enumerate(entries)
    ]
    for judgement in made:
        store.judge(judgement)
    store.judge(made[0].revocation(by="A. Clerk", note="", made_at=START + dt.timedelta(hours=1)))


def purge(store: Store) -> None:
    """Erase the texts of some documents."""
    for found in list(documents(PURGED)):
        store.purge(found.id, by="A. Clerk", note="asked for")


def import_release(store: Store) -> None:
    """Import two releases of a data set; the second takes the place of the first."""
    for day in (1, 2):
        rows = []
        for number in range(COUNT):
            made = document(f"Donor: Norway\nItems: {number + day} tanks", date=None)
            said = Said(made.text.split("\n")[1], quantity=number + day)
            rows.append(
                NewRow(reading(made, [said]), f"NOR{number}", f"row {number}", [{"price": number}])
            )
        new = NewRelease(
            dataset="made-up",
            name=f"release {day}",
            format="made-up",
            origin="made-up.xlsx",
            bytes_sha256=f"{day:064x}",
            reader="by-hand 1",
            rows=rows,
            published=dt.date(2024, 1, day),
        )
        store.add_release(new, by="A. Clerk")


def follow(store: Telling) -> None:
    """Read a few documents at a time and decide about some, and let a ledger follow the book.

    In the end it is the ledger that one would make anew.
    """
    book = Book(store, clock=Clock())
    book.ledger()
    found = list(documents())
    for start in range(0, COUNT, BATCH):
        some = found[start : start + BATCH]
        made = [Said(one.text, quantity=int(one.text.split()[2])) for one in some]
        store.add([reading(one, [said]) for one, said in zip(some, made, strict=True)])
        assert len(book.ledger().entries) >= len(some)
    for number, entry in enumerate(sorted(store.entries(), key=lambda one: one.id)[:JUDGED]):
        made_at = START + dt.timedelta(minutes=number)
        store.judge(
            Judgement.make(Verdict.WRONG, [[entry]], by="A. Clerk", note="", made_at=made_at)
        )
        book.ledger()
    assert book.ledger() == Book(store, clock=Clock()).ledger()


def restore_book(store: Telling, path: str) -> None:
    """Take in a whole book that was exported."""
    restore(store, path)
    store.tell("restored")


def nothing(_: Store) -> None:
    """Do nothing but open the book, which brings its tables up to date."""


ACTS: dict[str, Callable[..., None]] = {
    "read": read,
    "reread": reread,
    "judge": judge,
    "purge": purge,
    "import": import_release,
    "follow": follow,
    "restore": restore_book,
    "package": restore_book,
    "migrate": nothing,
    "migrate-0002": nothing,
    "migrate-0003": nothing,
    "migrate-0004": nothing,
}


@dataclass(frozen=True)
class Fault:
    """What happens to a writer, and before or after which of its steps."""

    kind: Literal["kill", "cut"]
    step: int


def act(
    name: str,
    place: str,
    told: Path,
    fault: Fault | None = None,
    more: More | None = None,
) -> int:
    """Open a book and do one thing to it; return how many steps that took.

    A step is a statement, before and after, a commit, or the end of one. Raises what the store
    raises, a `Fault` befalls the process itself.
    """
    steps = _Steps(fault)
    with steps.counted():
        store = Telling.open(place, clock=Clock())
        store.told = told
        with store:
            ACTS[name](store, **(more or {}))
    return steps.taken


def run(
    name: str,
    place: str,
    told: Path,
    fault: Fault | None = None,
    more: More | None = None,
) -> None:
    """Act, in a process of its own, which leaves with `GAVE_UP` where the book failed it."""
    try:
        act(name, place, told, fault, more)
    except BookError as error:
        with told.open("a", encoding="utf-8") as file:
            file.write(f"error {error}\n")
        os._exit(GAVE_UP)


class _Steps:
    """Counts what passes between a program and its database, and lets a fault fall on one."""

    def __init__(self, fault: Fault | None) -> None:
        self.taken = 0
        self._fault = fault

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        names = ("before_cursor_execute", "after_cursor_execute", "commit", "checkin")
        hooks = [(name, self._hook()) for name in names]
        for name, hook in hooks:
            sa.event.listen(sa.Pool if name == "checkin" else sa.Engine, name, hook)
        try:
            yield
        finally:
            for name, hook in hooks:
                sa.event.remove(sa.Pool if name == "checkin" else sa.Engine, name, hook)

    def _hook(self) -> Callable[..., None]:
        def step(connection: Any, *_: Any) -> None:  # noqa: ANN401 - of four kinds of event
            self.taken += 1
            if self._fault is None or self._fault.step != self.taken:
                return
            if self._fault.kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if isinstance(connection, sa.Connection):
                connection = connection.connection.dbapi_connection
            _cut_off(connection)

        return step


def _cut_off(connection: psycopg.Connection) -> None:
    """End the session of a connection on the server, as its administrator can."""
    info = connection.info
    with psycopg.connect(
        host=info.host, port=info.port, user=info.user, dbname=info.dbname, autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [info.backend_pid])
        # It goes when it next looks up.
        while other.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s", [info.backend_pid]
        ).fetchone():
            pass
