"""The tasks of a bulk reading, as they travel to a worker; and where what they make is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from pledgebook.bulk.inputs import Group
from pledgebook.bulk.isolating import Poison
from pledgebook.bulk.manifest import Loaded
from pledgebook.bulk.slicing import Slice
from pledgebook.documents.finish import Given
from pledgebook.errors import Problem

__all__ = [
    "REPORT",
    "Copy",
    "Load",
    "Read",
    "Rules",
    "SliceUp",
    "Work",
    "loaded_name",
    "marks_name",
]

REPORT = "Report it, with the document; everything else was read"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for every task of a run; `rules` names all that decides the documents."""

    place: str
    coder: str
    coder_version: str
    catalogue_digest: str
    additions: bytes | None
    date: dt.date | None
    lang: str | None
    size: int
    seconds: float
    rules: str
    near: bool = True

    @property
    def reader(self) -> str:
        """Who reads, with what knowledge."""
        return f"{self.coder} {self.coder_version} {self.catalogue_digest}"

    @property
    def given(self) -> Given:
        """What the user stated for every document."""
        return Given(date=self.date, lang=self.lang)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A task of several items. `only` is set where one is tried alone, and nothing is kept."""

    rules: Rules
    poison: tuple[Poison, ...] = ()
    only: int | None = None

    @property
    def seconds(self) -> float:
        """How long one item may take."""
        return self.rules.seconds

    def alone(self, position: int) -> Self:
        """Return the task that does this item only, and keeps nothing of it."""
        return replace(self, only=position)

    def without(self, poison: tuple[Poison, ...]) -> Self:
        """Return the task that reports these items and does all others."""
        return replace(self, poison=poison)

    @cached_property
    def faults(self) -> dict[int, Poison]:
        """The poison, by position."""
        return {one.position: one for one in self.poison}

    def fault(self, poison: Poison, source: str) -> Problem:
        """Say what an item did."""
        if poison.hung:
            what = f"reading it took longer than {self.seconds:g} s, twice, and was given up"
            return Problem(code="reader-hung", what=what, source=source, mend=REPORT)
        what = "the reader crashed on it, twice, and its process with it"
        return Problem(code="reader-crashed", what=what, source=source, mend=REPORT)


@dataclass(frozen=True, kw_only=True)
class SliceUp(Work):
    """Slice a file of many documents, or name a group of small ones."""

    group: Group

    def positions(self) -> Sequence[int]:
        """Return the one place that there is: a source is taken whole."""
        return (0,)


@dataclass(frozen=True, kw_only=True)
class Load(Work):
    """Load the documents of a slice, and mark them for the search for near-copies."""

    piece: Slice

    def positions(self) -> Sequence[int]:
        """Return the places of its lines, rows, records or files."""
        return range(self.piece.items)


@dataclass(frozen=True, slots=True)
class Copy:
    """A document of a batch that is not read, and why."""

    position: int
    copy_of: str
    similarity: float


@dataclass(frozen=True, kw_only=True)
class Read(Work):
    """Read the documents of a batch that are no copies. `source` names the file they lie in."""

    loaded: Loaded
    source: str = ""
    part: str = ""
    copies: tuple[Copy, ...] = ()

    def positions(self) -> Sequence[int]:
        """Return the places of all documents but the copies."""
        skipped = {one.position for one in self.copies}
        return [place for place in range(self.loaded.documents) if place not in skipped]


def loaded_name(table: str, batch: str) -> str:
    """Return the name of what was loaded of a batch and is not read yet."""
    return f"work/{table}/{batch[:2]}/{batch}.parquet"


def marks_name(batch: str, *, near: bool = True) -> str:
    """Return the name of the marks of a batch: those for near-copies, or those for equal finds."""
    return f"work/{'marks' if near else 'finds'}/{batch[:2]}/{batch}.parquet"
