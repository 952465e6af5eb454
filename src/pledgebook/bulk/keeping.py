"""The files of a bulk reading beside its manifest: what is there, and what may go."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pledgebook.bulk.folder import part_name
from pledgebook.bulk.manifest import Loaded, Manifest, Part
from pledgebook.bulk.places import Place
from pledgebook.bulk.tables import PROBLEMS, SCHEMAS, from_parquet, problem_row, to_parquet
from pledgebook.bulk.tasks import loaded_name, marks_name
from pledgebook.errors import BulkError, Problem

__all__ = ["Shelf", "kept_alone"]

_STAGED = ("documents", "problems")
_FOLDERS = (*SCHEMAS, "work")


class Shelf:
    """The parts and what is staged for them. What may go goes once the manifest says so."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._leaving: list[str] = []

    def names(self) -> set[str]:
        """Return the names of all that lies there now."""
        return {name for folder in _FOLDERS for name in self._place.names(folder)}

    @staticmethod
    def marks(batch: str, there: set[str], *, near: bool) -> str | None:
        """Return the marks of a batch that are there; without `near` any will do."""
        names = _marks(batch)[:1] if near else _marks(batch)
        return next((name for name in names if name in there), None)

    def holds(self, batch: str, manifest: Manifest, there: set[str], *, near: bool) -> bool:
        """Tell whether a batch is loaded, and what was loaded is still there."""
        loaded, part = manifest.loaded.get(batch), manifest.parts.get(batch)
        if loaded is None:
            return False
        needed = [table for table in _STAGED if getattr(loaded, table)]
        marked = self.marks(batch, there, near=near)
        return (not loaded.documents or marked is not None) and all(
            loaded_name(table, batch) in there
            or (part is not None and part_name(table, part.part) in there)
            for table in needed
        )

    @staticmethod
    def loaded_files(loaded: Loaded, *, near: bool) -> list[str]:
        """Return the names of what loading a batch writes."""
        return [*_staged(loaded.batch), marks_name(loaded.batch, near=near)]

    @staticmethod
    def part_files(part: Part) -> list[str]:
        """Return the names of what reading a batch writes."""
        return [part_name(table, part.part) for table in SCHEMAS]

    def frames(self, names: list[str]) -> list[str] | list[pl.LazyFrame]:
        """Return what marks are scanned from: paths where there are any."""
        if self._place.is_local:
            return [self._place.path(name) for name in names]
        return [from_parquet(self._place.read(name)).lazy() for name in names]

    def write_problems(self, source: str, problems: list[Problem]) -> Part:
        """Write the problems with a source, which belong to no batch, as a part of their own."""
        batch = _digest("problems of", source)
        rows = [problem_row(problem, batch, "loading") for problem in problems]
        data = to_parquet(rows, PROBLEMS)
        name = _digest(batch, *(problem.model_dump_json() for problem in problems))
        self._place.write(part_name("problems", name), data)
        errors = sum(problem.severity == "error" for problem in problems)
        return Part(
            batch,
            name,
            source,
            documents=0,
            statements=0,
            copies=0,
            problems=len(problems),
            errors=errors,
        )

    def leave_staged(self, batch: str) -> None:
        """Let what was staged for a batch go."""
        self._leaving += _staged(batch)

    def leave_part(self, part: Part) -> None:
        """Let a part go that another one has taken the place of."""
        self._leaving += self.part_files(part)

    def leave_batch(self, loaded: Loaded, part: Part | None) -> None:
        """Let all go that there is of a batch."""
        self.leave_staged(loaded.batch)
        self._leaving += _marks(loaded.batch)
        if part is not None:
            self.leave_part(part)

    def clear(self) -> None:
        """Remove what may go."""
        leaving, self._leaving = self._leaving, []
        for name in leaving:
            self._place.remove(name)

    def sweep(self, manifest: Manifest) -> None:
        """Remove what a run that was cut off left behind, and no line of the manifest names."""
        wanted = {name for part in manifest.parts.values() for name in self.part_files(part)}
        for batch in manifest.loaded:
            wanted.update(_marks(batch))
            if batch not in manifest.parts:
                wanted.update(_staged(batch))
        for name in self.names() - wanted:
            if name.endswith((".parquet", ".part")):
                self._place.remove(name)


def _staged(batch: str) -> list[str]:
    return [loaded_name(table, batch) for table in _STAGED]


def _marks(batch: str) -> list[str]:
    """Return the names of the marks that a batch may have, those for near-copies first."""
    return [marks_name(batch, near=near) for near in (True, False)]


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


@contextlib.contextmanager
def kept_alone(place: Place) -> Iterator[None]:
    """Keep a second run out of a folder of this machine. Raises BulkError where one is at work."""
    if not place.is_local:
        yield
        return
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    path = Path(place.path("work")) / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise BulkError(
            f"it cannot be written ({error.strerror})",
            where=place.url,
            mend="Check the folder and its permissions",
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BulkError(
                "another bulk reading is writing to it",
                where=place.url,
                mend="Wait until it is done, or give another folder",
            ) from error
        yield
