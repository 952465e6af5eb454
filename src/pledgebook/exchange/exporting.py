"""A book in other formats: which there are, and the one way to each.

A format is a module with an `exporter`, found by its name and loaded when it is asked for. It
writes through `Target`, so that a file appears whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypedDict

from pledgebook.errors import Problem, UsageError
from pledgebook.exchange.safely import new_file, new_folder
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = [
    "EXPORTERS",
    "ExportOptions",
    "ExportReport",
    "Exporter",
    "Source",
    "Target",
    "Wishes",
    "export",
    "exporter_named",
]

EXPORTERS = MappingProxyType(
    {
        "jsonl": "pledgebook.exchange.jsonl_export",
        "datapackage": "pledgebook.exchange.datapackage_export",
        "csv": "pledgebook.exchange.csv_export",
        "xlsx": "pledgebook.exchange.xlsx_export",
        "parquet": "pledgebook.exchange.parquet_export",
        "iati": "pledgebook.exchange.iati_export",
        "corpus": "pledgebook.exchange.corpus",
    }
)
"""Module of each format."""


class ExportOptions(TypedDict, total=False):
    """What may be asked of an export, beside its format and its path; see `Wishes`."""

    with_text: bool
    donor: str | None
    recipient: str | None
    item: str | None
    table: str | None
    publisher: str | None
    coder: str | None
    force: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked of an export.

    `with_text` wants whole texts and not only quotations; `donor`, `recipient` and `item` pick
    commitments, as for `status`; `table` names one of several tables, `publisher` who publishes
    (IATI), `coder` whose coding is wanted (corpus); `force` replaces what is there. `as_of` is the
    day that was asked for.
    """

    with_text: bool = False
    donor: str | None = None
    recipient: str | None = None
    item: str | None = None
    table: str | None = None
    publisher: str | None = None
    coder: str | None = None
    force: bool = False
    as_of: dt.date | None = None

    @property
    def filter(self) -> Filter:
        """Which commitments are wanted."""
        return Filter(donor=self.donor, recipient=self.recipient, item=self.item)

    @property
    def picks(self) -> Mapping[str, str]:
        """What was asked for by name, as a person would say it."""
        asked = {"donor": self.donor, "recipient": self.recipient, "item": self.item}
        return {name: value for name, value in asked.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Source:
    """The book that is exported. `ledger` and `catalogue` are made when a format asks for them."""

    store: Store
    catalogue: Callable[[], Catalogue]
    ledger: Callable[[], Ledger]
    additions: Path | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes."""

    path: Path
    force: bool = False
    never: tuple[Path, ...] = ()

    def file(self) -> AbstractContextManager[Path]:
        """Return a context that gives a path to write a file to. Raises UsageError."""
        return new_file(self.path, force=self.force, never=self.never)

    def folder(self, made_of: list[str]) -> AbstractContextManager[Path]:
        """Return a context that gives a folder to fill with files of these names."""
        return new_folder(self.path, made_of=made_of, force=self.force, never=self.never)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote: rows by table.

    `problems` are losses of single cells, `notes` what the format has no place for.
    """

    path: Path
    rows: Mapping[str, int]
    problems: tuple[Problem, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


class Exporter(Protocol):
    """Writes one format. It is found by its name: `pledgebook export NAME -o FILE`."""

    name: str
    """Short name of the format, as the command line takes it."""

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        """Write a book. Raises UsageError where the format cannot do what is wished."""
        ...


def exporter_named(name: str) -> Exporter:
    """Return the exporter of a format. Raises UsageError where no format has this name."""
    module = EXPORTERS.get(name)
    if module is None:
        raise UsageError(f"no format is called {name!r}", mend=f"One of: {', '.join(EXPORTERS)}")
    found: Exporter = import_module(module).exporter
    return found


def export(form: str, path: str | Path, source: Source, wishes: Wishes) -> ExportReport:
    """Write a book in a format. Raises UsageError, BookError."""
    exporter = exporter_named(form)
    never: list[Path] = []
    if "://" not in source.store.place:
        book = Path(source.store.place)
        never = [book, *(book.with_name(f"{book.name}-{part}") for part in ("wal", "shm"))]
    if source.additions is not None:
        never.append(source.additions)
    target = Target(Path(path).expanduser(), wishes.force, tuple(never))
    return exporter.write(source, target, wishes)
