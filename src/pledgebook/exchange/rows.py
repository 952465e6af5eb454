"""What an importer hands over: a data set's release, row by row, each with its own evidence.

An imported row becomes a document: its cells, one on a line, under their headers. Each statement
that the row makes quotes the lines that it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pledgebook.errors import Problem
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Claim", "Importer", "PriceClaim", "Release", "ReleaseRow"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a row makes.

    `fields` are those of `Statement` without its evidence; `quotes` are the headers of the cells
    that it rests on, of which the first and the last bound the evidence. `grounds` are headers of
    cells outside the evidence, by what is taken from them ("actors", "when", "package").
    """

    fields: Mapping[str, Any]
    quotes: Sequence[str]
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceClaim:
    """A price of one unit of an item, or a range of prices, as a row of a price list gives it.

    `date` is the day or year that the price is of; `source` what the list says it is from.
    """

    item: str
    category: str | None
    designation: str | None
    low: float
    high: float
    currency: str
    unit: str = "item"
    date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One row of a data set, as given, with what it says.

    `cells` are header and text in the order of the source; empty ones may be left out. `origin` is
    where it stands ("release.csv#row=17"), `key` what the row is known by in other releases (equal
    keys of one release are told apart by their order), `date` the day that it was announced on,
    `url` its first source.
    """

    cells: Mapping[str, str]
    origin: str
    key: str
    claims: Sequence[Claim] = ()
    prices: Sequence[PriceClaim] = ()
    date: dt.date | None = None
    url: str | None = None
    title: str | None = None


@dataclass(slots=True)
class Release:
    """A named release of a data set.

    `dataset` is its short name ("kiel"), `name` that of the release ("2022-10"), `published` the
    day up to which it tells. `notes` say what a reader must know (columns that are new or missing),
    `problems` which cells or rows could not be used.
    """

    dataset: str
    name: str
    format: str
    origin: str
    bytes_sha256: str
    published: dt.date | None = None
    rows: list[ReleaseRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Importer(Protocol):
    """Reads one format. It is found by its name: `pledgebook import NAME FILE`."""

    name: str
    """Short name of the format, as the command line takes it."""

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a file, or a folder of files, as a release; `name` overrides the release's own.

        Raises SourceError where it cannot be read as this format at all; faults of single rows and
        cells are in the release.
        """
        ...
