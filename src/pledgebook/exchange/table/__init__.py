"""A table of the user's own: CSV, XLSX or ODS, read by a saved mapping of its columns."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from pledgebook.exchange.intake import Notebook, dataset_of, digest
from pledgebook.exchange.rows import Release, ReleaseRow
from pledgebook.exchange.sheets import read_sheets
from pledgebook.exchange.table.claims import Reading
from pledgebook.exchange.table.grid import Grid, grid_for
from pledgebook.exchange.table.mapping import (
    Mapping,
    find_mapping,
    load_mapping,
    mapping_schema,
)
from pledgebook.exchange.table.suggest import suggest_mapping
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import sha256

__all__ = [
    "Mapping",
    "TableImporter",
    "find_mapping",
    "importer",
    "load_mapping",
    "mapping_schema",
    "suggest_mapping",
]


@dataclass(frozen=True, slots=True)
class TableImporter:
    """Reads a table by a mapping: the one that is given, or the one that lies beside the table."""

    mapping: Mapping | None = None
    name: str = "table"
    version: str = "1"

    def using(self, mapping: str | Path, table: Path, book: str | None = None) -> TableImporter:
        """Return an importer with a mapping, by path or name. Raises UsageError."""
        return TableImporter(load_mapping(find_mapping(str(mapping), table, book)))

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a table as a release.

        Raises UsageError for a mapping that is missing or wrong, SourceError where the table is
        damaged or has none of the mapping's headers.
        """
        mapping = self.mapping or load_mapping(find_mapping(None, path))
        sheets, hashed = read_sheets(path)
        grid = grid_for(sheets, mapping, path)
        notebook = Notebook(path.name)
        reading = Reading(mapping, grid, catalogue, notebook)
        for header in reading.absent():
            what = f"the mapping names a column {header!r}, which is not there"
            mend = f"correct the mapping; the columns are {', '.join(grid.headers)}"
            notebook.fault("missing-column", what, place=f"row {grid.header_row}", mend=mend)
        rows = [
            _row(reading, grid, f"row {row.number}", grid.sheet.origin(row), cells)
            for row, cells in grid.rows(mapping.fill_down)
        ]
        return Release(
            dataset=mapping.dataset or dataset_of(self.name, path),
            name=name or path.stem,
            format=self.name,
            origin=str(path),
            # The same table read by another mapping says something else.
            bytes_sha256=digest(
                [("table", hashed), ("mapping", sha256(mapping.model_dump_json()))]
            ),
            # Nobody says when a table was known: each row counts from its own day.
            published=None,
            rows=rows,
            notes=_notes(reading),
            problems=notebook.finish(),
        )


def _row(
    reading: Reading, grid: Grid, place: str, origin: str, cells: dict[str, str]
) -> ReleaseRow:
    if not grid.sheet.single:
        place = f"sheet {grid.sheet.name}, {place}"
    seen = reading.seen(reading.mapping.parts()[0], cells, place)
    said = seen.texts
    day = reading.day(seen)
    source = said.get("source", "")
    link = re.search(r"https?://[^\s;,]+", source)
    key = said.get("key") or "|".join(
        said.get(name, "").casefold() for name in ("donor", "recipient", "item", "category", "date")
    )
    return ReleaseRow(
        cells=cells,
        origin=origin,
        key=key,
        claims=reading.claims(cells, place),
        date=dt.date.fromisoformat(day) if day else None,
        url=link[0] if link else None,
        title=said.get("item") or said.get("note"),
    )


def _notes(reading: Reading) -> list[str]:
    notes = [f"{what}: {count}" for what, count in sorted(reading.counts.items())]
    if unused := reading.unused():
        notes.append(f"columns that no field is mapped to, kept in the rows: {', '.join(unused)}")
    return notes


importer = TableImporter()
"""The importer of tables; it takes the mapping that lies beside the table."""
