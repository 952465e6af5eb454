"""A whole book out of a file: into an empty one exactly, into another without doubling.

Invariants: every row is verified first, and all of the file is taken in or nothing. Into an empty
book every row comes as it was, numbers and times too. In a book that holds something already, what
it has stays as it is; only what it lacks is added, so that importing twice changes nothing.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from pledgebook.errors import Problem, SourceError
from pledgebook.exchange.bookrows import Row, ordered_tables
from pledgebook.exchange.filling import Shelf
from pledgebook.exchange.merging import joined
from pledgebook.exchange.verifying import refused, typed, verified_document, verify
from pledgebook.ledger import schema as t
from pledgebook.ledger.schema import SCHEMA_VERSION
from pledgebook.ledger.search.indexing import index_missing
from pledgebook.ledger.store import Store
from pledgebook.ledger.writing import insert

__all__ = ["BOOK_FORMAT", "BOOK_VERSION", "Restored", "check_whole", "restore"]

BOOK_FORMAT = "pledgebook-book"
BOOK_VERSION = 1

_BATCH = 500
_BATCH_CHARACTERS = 8_000_000
_HISTORIES = {"activations", "withdrawals"}

_Placed = tuple[Row, str]


class _Source(Protocol):
    header: dict[str, Any]

    def rows(self) -> Iterator[tuple[str, Row, str]]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Restored:
    """What importing a book did.

    `rows` counts those of the file and `added` those that were new to the book, by table.
    `quotations_only` tells how many documents came without their whole texts. `exact` is true where
    the book was empty, and so is now the book that was exported. `catalogue` is the text of its
    keeper's additions to the catalogue, None where there were none.
    """

    rows: Mapping[str, int]
    added: Mapping[str, int]
    exact: bool
    quotations_only: int = 0
    catalogue: str | None = None
    problems: tuple[Problem, ...] = field(default=())


def restore(store: Store, path: str | Path) -> Restored:
    """Take in a whole book from JSONL or from a data package (a folder or a .zip).

    Raises SourceError, with the place in the file, where it was changed, is not complete or is no
    book; the book is then as it was.
    """
    source = _open(Path(path))
    try:
        _check_header(source.header, str(path))
        with store.database.writing() as connection:
            taking = _Taking(connection)
            for name, rows in groupby(source.rows(), key=lambda found: found[0]):
                taking.take(name, ((row, place) for _, row, place in rows))
            taking.finish(str(path))
        if store.dialect == "sqlite":
            # What was erased would otherwise stay readable in the write-ahead log.
            store.database.run_outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        source.close()
    problems = []
    if taking.catalogue is not None:
        problems = _place_additions(store, taking.catalogue, str(path), exact=taking.exact)
    return Restored(
        rows=dict(taking.counts),
        added=taking.added(),
        exact=taking.exact,
        quotations_only=taking.shelf.stubs,
        catalogue=taking.catalogue,
        problems=tuple(problems),
    )


def check_whole(path: str | Path) -> None:
    """Go through an exported book without storing anything. Raises SourceError as `restore` does.

    For a book that is yet to be made: what cannot be read makes none.
    """
    source = _open(Path(path))
    try:
        _check_header(source.header, str(path))
        for _ in source.rows():
            pass
    finally:
        source.close()


def _open(path: Path) -> _Source:
    from pledgebook.exchange.book_jsonl import BookFile
    from pledgebook.exchange.datapackage import DESCRIPTOR, PackageFile

    try:
        if path.name == DESCRIPTOR:
            return PackageFile(path.parent)
        # By what it is, not by its name: a workbook is a .zip as well, and no lines of JSON.
        with_parts = path.is_dir() or path.suffix.casefold() == ".zip" or zipfile.is_zipfile(path)
        return PackageFile(path) if with_parts else BookFile(path)
    except OSError as error:
        what = f"it cannot be read ({error.strerror or error})"
        raise SourceError(what, where=str(path), mend="Check the path") from error


def _check_header(header: Mapping[str, Any], path: str) -> None:
    if not isinstance(header, dict) or header.get("format") != BOOK_FORMAT:
        mend = "Give a file that `pledgebook export jsonl` or `export datapackage` wrote"
        raise SourceError("this is no exported book", where=path, mend=mend)
    version, schema = header.get("version"), header.get("schema")
    if version != BOOK_VERSION or not isinstance(schema, str) or schema > SCHEMA_VERSION:
        what = "this book was exported by a newer Pledgebook"
        raise SourceError(what, where=path, mend="Upgrade Pledgebook: pip install -U pledgebook")


class _Taking:
    """One file on its way into a book, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in ordered_tables()}
        self._before = self._counted()
        self.exact = not any(self._before.values())
        self.counts: Counter[str] = Counter()
        self.shelf = Shelf(connection)
        self.catalogue: str | None = None
        self._after: dict[str, int] = {}

    def take(self, name: str, rows: Iterable[_Placed]) -> None:
        """Verify and store rows of one table. Raises SourceError."""
        if name == "catalogue":
            self._take_catalogue(rows)
            return
        for batch in _batches(rows):
            table = self._tables.get(name)
            if table is None:
                raise refused(f"a book has no table {name[:40]!r}", batch[0][1])
            made = [(row, typed(table, row, place), place) for row, place in batch]
            if table is t.documents:
                for row, one, place in made:
                    self.shelf.put(row, *verified_document(row, one, place), place)
                self.shelf.store()
            elif table is t.statements:
                self._put(table, self.shelf.statements(made), made[0][2])
            else:
                for _, one, place in made:
                    verify(name, one, place)
                self._put(table, [one for _, one, _ in made], made[0][2])
            self.counts[name] += len(made)

    def _put(self, table: Table, rows: list[Row], place: str) -> None:
        if not self.exact and table.name in _HISTORIES:
            rows = list(joined(self._connection, table, rows))
        elif not self.exact and "number" in table.c:
            rows = [{key: row[key] for key in row if key != "number"} for row in rows]
        try:
            # A savepoint: what the database refuses is told with its place.
            with self._connection.begin_nested():
                insert(self._connection, table, rows)
        except sa.exc.IntegrityError as error:
            what = f"these rows of {table.name} refer to others that are not in the file"
            raise refused(what, f"{place} and below") from error

    def _take_catalogue(self, rows: Iterable[_Placed]) -> None:
        for row, place in rows:
            if self.catalogue is not None or not isinstance(row.get("text"), str):
                raise refused("these are no additions to a catalogue", place)
            self.catalogue = row["text"]
            self.counts["catalogue"] += 1

    def finish(self, path: str) -> None:
        """Check what only the whole file can show. Raises SourceError."""
        self.shelf.erase()
        for what, query in _AT_ODDS.items():
            if self._connection.execute(query.limit(1)).first() is not None:
                raise refused(what, path)
        index_missing(self._connection)
        self._after = self._counted()
        if self.exact:
            for name, count in self._after.items():
                if self.counts[name] != count:
                    raise refused(f"rows of {name} are there twice", path)
        if self._connection.dialect.name == "postgresql":
            self._count_on()

    def _count_on(self) -> None:
        """Let PostgreSQL number further rows after those that came with their numbers."""
        for table in self._tables.values():
            if "number" in table.c:
                last = sa.select(sa.func.max(table.c.number)).scalar_subquery()
                place = sa.func.pg_get_serial_sequence(table.name, "number")
                self._connection.execute(sa.select(sa.func.setval(place, last)))

    def _counted(self) -> dict[str, int]:
        counts = {
            name: sa.select(sa.func.count()).select_from(table).scalar_subquery()
            for name, table in self._tables.items()
        }
        row = self._connection.execute(sa.select(*counts.values())).one()
        return dict(zip(counts, row, strict=True))

    def added(self) -> dict[str, int]:
        """Return how many rows are new, by table."""
        return {name: self._after[name] - count for name, count in self._before.items()}


def _differ(table: Table, other: Table, on: str) -> sa.Select[Any]:
    """Ask for rows that tie a document to something of another document."""
    return (
        sa.select(table.c.document_id)
        .join(other, other.c.id == table.c[on])
        .where(other.c.document_id != table.c.document_id)
    )


_AT_ODDS: dict[str, sa.Select[Any]] = {
    "a reading is made active for another document than it is of": _differ(
        t.activations, t.reading_runs, "run_id"
    ),
    "a row of a release names a reading of another document": _differ(
        t.release_rows, t.reading_runs, "run_id"
    ),
    "a reading has statements of another document": (
        sa.select(t.statements.c.id)
        .join(t.run_statements, t.run_statements.c.statement_id == t.statements.c.id)
        .join(t.reading_runs, t.reading_runs.c.id == t.run_statements.c.run_id)
        .where(t.reading_runs.c.document_id != t.statements.c.document_id)
    ),
}


def _batches(rows: Iterable[_Placed]) -> Iterator[list[_Placed]]:
    """Yield rows a few at a time; those of one document stay together where it has a history.

    Rows before a fault in the file come first: one of them may say better what is wrong.
    """
    batch: list[_Placed] = []
    characters = 0
    try:
        for row, place in rows:
            size = row.get("characters")
            full = len(batch) >= _BATCH or characters >= _BATCH_CHARACTERS
            if full and batch[-1][0].get("document_id", 0) != row.get("document_id", 1):
                yield batch
                batch, characters = [], 0
            batch.append((row, place))
            characters += size if isinstance(size, int) else 0
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _place_additions(store: Store, text: str, path: str, *, exact: bool) -> list[Problem]:
    """Write the additions to the catalogue where the book looks for them, if nothing is there."""
    target = _additions_place(store.place)
    what = None
    mend = "Compare the two, and put what you want to keep into your own file"
    if target is None:
        what = "it has additions to the catalogue, and a database server has no place for them"
        mend = "Name a file in PLEDGEBOOK_CATALOGUE and import again"
    elif target.exists():
        if target.read_bytes() != text.encode("utf-8", "surrogateescape"):
            what = f"its additions to the catalogue are not those of {target}, which stay"
    elif not exact:
        what = "its additions to the catalogue were left out, as this book had none"
        mend = "Import it into a new book to see them"
    else:
        try:
            target.write_bytes(text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            what = f"its additions to the catalogue cannot be written ({error.strerror})"
            mend = f"Check the rights on {target}"
    if what is None:
        return []
    return [Problem(code="catalogue", what=what, source=path, mend=mend, severity="warning")]


def _additions_place(place: str) -> Path | None:
    if "://" not in place:
        book = Path(place)
        return book.with_name(f"{book.stem}.catalogue.toml")
    given = os.environ.get("PLEDGEBOOK_CATALOGUE")
    return Path(given) if given else None
