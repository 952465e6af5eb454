"""The tables that people work with: status, commitments, statements and their documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.exchange.export_columns import (
    COMMITMENTS,
    DOCUMENTS,
    STATEMENTS,
    STATUS,
    Cell,
    Column,
    Said,
)
from pledgebook.exchange.exporting import Source, Wishes
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.status import StatusRow, status_rows

__all__ = ["TABLES", "ExportTable", "Tables"]

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table with its columns, and the function that gives what its rows are made of."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Tables], Iterator[Any]]

    def cells(self, tables: Tables) -> Iterator[list[Cell]]:
        """Yield the rows, each a list of cells."""
        for row in self.rows(tables):
            yield [column.get(row) for column in self.columns]


class Tables:
    """What one export writes into its tables: picked commitments and all that belongs to them."""

    def __init__(self, source: Source, wishes: Wishes) -> None:
        self._source = source
        self.wishes = wishes
        self.ledger = source.ledger()

    @cached_property
    def commitments(self) -> list[Commitment]:
        """The commitments that were asked for."""
        return self.wishes.filter.apply(self.ledger.commitments, self._source.catalogue())

    @cached_property
    def entries(self) -> list[Entry]:
        """The statements of these commitments; all that count where nothing was picked."""
        every = self.ledger.entries
        if not self.wishes.picks:
            return sorted(every.values(), key=lambda entry: entry.order)
        named = dict.fromkeys(one for found in self.commitments for one in found.statements)
        return sorted((every[one] for one in named), key=lambda entry: entry.order)

    @cached_property
    def documents(self) -> dict[str, StoredDocument]:
        """The documents of these statements, without their texts."""
        store = self._source.store
        wanted = {entry.document for entry in self.entries}
        found = {one.id: one for one in store.documents() if one.id in wanted}
        # Rows of data sets that people let count are not among the documents of reports.
        rows = sorted(wanted - found.keys())
        for start in range(0, len(rows), _CHUNK):
            for one in store.texts(rows[start : start + _CHUNK]).values():
                found[one.id] = dataclasses.replace(one, text="")
        return found

    def status(self) -> Iterator[StatusRow]:
        """Yield the rows of the status table."""
        yield from status_rows(self.commitments)

    def statements(self) -> Iterator[Said]:
        """Yield statements, earliest first."""
        links = {
            name: link
            for commitment in self.ledger.commitments
            for name, link in commitment.links.items()
        }
        for entry in self.entries:
            document = self.documents.get(entry.document)
            home = self.ledger.home.get(entry.id)
            yield Said(entry, document, home, links.get(entry.id))

    def sources(self) -> Iterator[StoredDocument]:
        """Yield the documents, with their texts if these are wished for, oldest first."""
        ordered = sorted(self.documents.values(), key=lambda one: (one.counted, one.id))
        if not self.wishes.with_text:
            yield from ordered
            return
        for start in range(0, len(ordered), _CHUNK):
            some = [one.id for one in ordered[start : start + _CHUNK]]
            texts = self._source.store.texts(some)
            yield from (texts[name] for name in some)

    def wanted(self) -> list[ExportTable]:
        """Return the table that was named, or all. Raises UsageError for a name of none."""
        named = self.wishes.table
        tables = [_with_text(one) if self.wishes.with_text else one for one in TABLES.values()]
        if named is None:
            return tables
        found = [one for one in tables if one.name == named]
        if not found:
            mend = f"One of: {', '.join(TABLES)}"
            raise UsageError(f"no table is called {named!r}", mend=mend)
        return found


def _with_text(table: ExportTable) -> ExportTable:
    if table.name != "documents":
        return table
    text = Column("text", "long", "the whole text", lambda one: one.text)
    return ExportTable(table.name, table.title, (*table.columns, text), table.rows)


TABLES: Mapping[str, ExportTable] = {
    table.name: table
    for table in (
        ExportTable("status", "Status", STATUS, Tables.status),
        ExportTable(
            "commitments", "Commitments", COMMITMENTS, lambda tables: iter(tables.commitments)
        ),
        ExportTable("statements", "Statements", STATEMENTS, Tables.statements),
        ExportTable("documents", "Documents", DOCUMENTS, Tables.sources),
    )
}
"""The tables, in the order in which they are shown."""
