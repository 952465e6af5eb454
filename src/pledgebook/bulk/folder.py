"""A folder that a bulk reading wrote, opened for those who use its tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import polars as pl

from pledgebook.bulk.manifest import Manifest, Part
from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.tables import SCHEMAS, from_parquet
from pledgebook.errors import SourceError

__all__ = ["BulkFolder", "part_name"]

# What Polars reads by itself from elsewhere; the rest goes through fsspec, part by part.
_KNOWN_TO_POLARS = ("s3://", "gs://", "gcs://", "az://", "abfs://", "abfss://")


def part_name(table: str, part: str) -> str:
    """Return the name of a part of a table within its folder."""
    return f"{table}/{part[:2]}/{part}.parquet"


@dataclass(frozen=True, slots=True)
class BulkFolder:
    """The tables `documents`, `statements` and `problems` of a bulk reading.

    `parts` are those that its manifest names, in the order of their batches; other files in the
    folder are leftovers and count for nothing. A table without rows has no file in a part.
    """

    place: Place
    parts: tuple[Part, ...]

    @classmethod
    def open(cls, place: str) -> Self:
        """Open a folder by path or URL. Raises SourceError where none was written there."""
        manifest = Manifest.open(place_at(str(place)))
        if not manifest.parts:
            raise SourceError(
                "there is no bulk reading here",
                where=str(place),
                mend="Make one with `pledgebook read SOURCE --bulk -o FOLDER`",
            )
        return cls(manifest.place, tuple(manifest.parts[key] for key in sorted(manifest.parts)))

    def path(self, table: str, part: Part) -> str:
        """Return the path or URL of a part of a table."""
        return self.place.path(part_name(table, part.part))

    def read(self, table: str, part: Part, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """Return a part of a table, or some of its columns; an empty frame where it has no rows."""
        wanted = list(columns) if columns is not None else list(SCHEMAS[table])
        if not _rows(table, part):
            return pl.DataFrame(schema={name: SCHEMAS[table][name] for name in wanted})
        return from_parquet(self.place.read(part_name(table, part.part)), wanted)

    def documents(self) -> pl.LazyFrame:
        """Return all documents, each with its text."""
        return self._scan("documents")

    def statements(self) -> pl.LazyFrame:
        """Return all statements."""
        return self._scan("statements")

    def problems(self) -> pl.LazyFrame:
        """Return all faults in data."""
        return self._scan("problems")

    def _scan(self, table: str) -> pl.LazyFrame:
        parts = [part for part in self.parts if _rows(table, part)]
        if not parts:
            return pl.LazyFrame(schema=SCHEMAS[table])
        paths = [self.path(table, part) for part in parts]
        if self.place.is_local or paths[0].startswith(_KNOWN_TO_POLARS):
            return pl.scan_parquet(paths, glob=False)
        return pl.concat([self.read(table, part) for part in parts]).lazy()


def _rows(table: str, part: Part) -> int:
    return int(getattr(part, table))
