"""A bulk reading into a book: the documents and statements that a reading by the book would give.

Batches go in one transaction each. A run that is cut off leaves whole batches, and the next one
adds what is missing: what the book has is never added twice. What was read here by the present
coder stays as it is; else a reading of the folder counts as a new reading of its document.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection

from pledgebook.bulk.batches import batches
from pledgebook.bulk.folder import BulkFolder
from pledgebook.bulk.manifest import Part
from pledgebook.bulk.standing import Standing
from pledgebook.bulk.tables import document_of, problem_of, readings_of
from pledgebook.errors import Problem
from pledgebook.ledger.access.noting import Action, noted
from pledgebook.ledger.adding import add_locations, add_problems, add_readings
from pledgebook.ledger.present import present
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document

__all__ = ["BulkImport", "ImportProgress", "import_bulk"]

_TOLD = 20
_CODERS = ("coder", "coder_version", "catalogue_digest")


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: parts done of all, and what came with them.

    `rate` is documents a second; `seconds_left` the estimate to the end, None at its beginning.
    """

    done: int
    total: int
    documents: int
    statements: int
    seconds: float
    rate: float | None
    seconds_left: float | None


@dataclass(slots=True)
class BulkImport:
    """What an import did.

    Of `documents` that were read, `new` ones were unknown to the book, `reread` ones now count as
    the folder has them, `unchanged` ones were there already, and `kept` ones stay as the book has
    them: the present coder read them here, or they have been read anew since an earlier import.
    `statements` were added. `places` are further places where the very same document was found.
    `copies` are near-copies, which stay in the folder: nobody read them. `failed` documents could
    not be read. `problems` is how many faults came along, `told` the first that this import met
    itself, `notes` what a reader must know.
    """

    place: str
    documents: int = 0
    new: int = 0
    reread: int = 0
    unchanged: int = 0
    kept: int = 0
    statements: int = 0
    places: int = 0
    copies: int = 0
    failed: int = 0
    problems: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    told: list[Problem] = field(default_factory=list)


def import_bulk(
    store: Store,
    folder: BulkFolder | str,
    catalogue: Catalogue,
    *,
    progress: Callable[[ImportProgress], None] | None = None,
) -> BulkImport:
    """Take a folder that a bulk reading wrote into a book.

    `catalogue` is the book's: what another one or another coder made comes in as it was read, and
    a note says so. Raises SourceError where there is no bulk reading, BookError where the book
    cannot be written. The same folder twice changes nothing.
    """
    opened = folder if isinstance(folder, BulkFolder) else BulkFolder.open(folder)
    return _Import(store, opened, catalogue, progress).run()


class _Import:
    def __init__(
        self,
        store: Store,
        folder: BulkFolder,
        catalogue: Catalogue,
        progress: Callable[[ImportProgress], None] | None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._catalogue = catalogue
        self._progress = progress
        self._report = BulkImport(folder.place.url)
        self._coders: set[tuple[str, str, str]] = set()
        self._waiting: list[Document] = []
        """Further finds of documents that are not in the book yet."""
        self._since = time.monotonic()
        self._done = 0

    def run(self) -> BulkImport:
        for parts in batches(self._folder):
            self._take(parts)
            self._done += len(parts)
            self._tell()
        self._place_the_rest()
        report = self._report
        report.seconds = time.monotonic() - self._since
        report.notes = tuple(self._notes())
        return report

    def _take(self, parts: Sequence[Part]) -> None:
        documents = self._frame("documents", parts)
        faults = [problem_of(row) for row in self._frame("problems", parts).iter_rows(named=True)]
        readings = []
        for one in self._readings(documents, self._frame("statements", parts)):
            if isinstance(one, Problem):
                faults.append(one)
                self._report.told += [one][: _TOLD - len(self._report.told)]
            else:
                readings.append(one)
        copies = documents.filter(pl.col("state") == "copy")
        again = copies.filter(pl.col("copy_of") == pl.col("id"))
        places = [document_of(row) for row in again.iter_rows(named=True)]
        with self._store.database.writing() as connection:
            now = present(connection, self._store.clock)
            taken = self._standing(connection, readings)
            added = add_readings(connection, taken, now)
            add_problems(connection, faults, now)
            placed, waiting = add_locations(connection, places, now)
            for reading in taken:
                noted(connection, now, Action.UPLOAD, reading.document.id, reading.document.origin)
        report = self._report
        report.documents += len(readings)
        report.new += added.new
        report.reread += added.reread
        report.unchanged += added.unchanged
        report.statements += added.statements
        report.places += placed
        report.kept += len(readings) - len(taken)
        report.copies += len(copies) - len(again)
        report.failed += len(documents.filter(pl.col("state") == "failed"))
        report.problems += len(faults)
        self._waiting += waiting

    def _frame(self, table: str, parts: Sequence[Part]) -> pl.DataFrame:
        return pl.concat([self._folder.read(table, part) for part in parts])

    def _readings(
        self, documents: pl.DataFrame, statements: pl.DataFrame
    ) -> Iterator[Reading | Problem]:
        """Yield readings, or why one of them cannot be what was read."""
        rows = documents.filter(pl.col("state") == "read")
        self._coders |= set(rows.select(*_CODERS).unique().iter_rows())
        named = zip(rows["id"], rows["run_id"], rows["origin"], strict=True)
        for (name, run, origin), reading in zip(
            named, readings_of(documents, statements), strict=True
        ):
            if _is_whole(reading, name, run):
                yield reading
            else:
                yield Problem(
                    code="altered",
                    what=f"document {name} is not what was read: its text or its statements differ",
                    source=origin,
                    place=self._folder.place.url,
                    mend="Read it again into a new folder",
                )

    def _standing(self, connection: Connection, readings: Sequence[Reading]) -> list[Reading]:
        """Return the readings to be stored: with what the book knows of their documents."""
        standing = Standing.of(connection, readings, self._catalogue.digest)
        found = (standing.as_known(reading) for reading in readings)
        return [reading for reading in found if reading is not None]

    def _place_the_rest(self) -> None:
        """Note the further finds that came before what they are finds of."""
        for start in range(0, len(self._waiting), 1000):
            some = self._waiting[start : start + 1000]
            with self._store.database.writing() as connection:
                now = present(connection, self._store.clock)
                # What is still not there could not be read: a reading by the book skips it too.
                placed, _ = add_locations(connection, some, now)
            self._report.places += placed

    def _notes(self) -> Iterator[str]:
        from pledgebook.bulk.standing import present_coder

        here = (*present_coder(), self._catalogue.digest)
        others = sorted(self._coders - {here})
        if others:
            coder, version, digest = others[0]
            why = "another catalogue" if (coder, version) == here[:2] else "another coder"
            yield (
                f"It was read with {why} than this book's ({coder} {version}, catalogue "
                f"{digest[:12]}): it comes in as it was read. `pledgebook read` of the same "
                "sources reads it anew."
            )
        if self._report.copies:
            yield (
                f"{self._report.copies:,} near-copies were not read; they stay in the folder, "
                "each with the document that it is a copy of."
            )

    def _tell(self) -> None:
        if self._progress is None:
            return
        seconds = time.monotonic() - self._since
        total, report = len(self._folder.parts), self._report
        self._progress(
            ImportProgress(
                done=self._done,
                total=total,
                documents=report.documents,
                statements=report.statements,
                seconds=seconds,
                rate=report.documents / seconds if seconds else None,
                seconds_left=seconds / self._done * (total - self._done) if self._done else None,
            )
        )


def _is_whole(reading: Reading, name: str, run: str) -> bool:
    """Tell whether a reading is of the text that it names, and quotes what stands there."""
    document = reading.document
    return (
        document.id == name
        and reading.run_id == run
        and all(
            statement.evidence.quote
            == document.text[statement.evidence.start : statement.evidence.end]
            for statement in reading.statements
        )
    )
