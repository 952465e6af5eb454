"""Tables of sourced public figures: output, use, stock, targets, transfers, each with who says it.

A figure that is promised, aimed at or expected stays apart from one that is told as done, and a
row that is neither says so and makes no statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pledgebook.exchange.intake import Notebook, dataset_of, digest
from pledgebook.exchange.observations.claims import Reading
from pledgebook.exchange.observations.layout import Layout, layouts_of
from pledgebook.exchange.observations.words import Words, load_words, shipped_words
from pledgebook.exchange.rows import Release
from pledgebook.exchange.sheets import read_sheets
from pledgebook.exchange.table.mapping import find_mapping
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import sha256

__all__ = ["ObservationsImporter", "importer"]


@dataclass(frozen=True, slots=True)
class ObservationsImporter:
    """Reads CSV, TSV, XLSX or ODS by the words that ship, and those of a mapping if given."""

    words: Words | None = None
    name: str = "observations"
    version: str = "1"

    def using(
        self, mapping: str | Path, table: Path, book: str | None = None
    ) -> ObservationsImporter:
        """Return an importer with the words of a mapping, by path or name. Raises UsageError."""
        return ObservationsImporter(load_words(find_mapping(str(mapping), table, book)))

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a table as a release. Raises SourceError where no header row is found."""
        words = self.words or shipped_words()
        sheets, hashed = read_sheets(path)
        notebook = Notebook(path.name)
        reading = Reading(words, catalogue, notebook)
        layouts = layouts_of(sheets, words, path)
        rows = [
            reading.row(layout, row, cells) for layout in layouts for row, cells in layout.rows()
        ]
        own = [("words", sha256(words.model_dump_json()))] if self.words else []
        return Release(
            dataset=dataset_of(self.name, path),
            name=name or path.stem,
            format=self.name,
            origin=str(path),
            # The same table read by other words says something else.
            bytes_sha256=digest([("table", hashed), *own]),
            # Nobody says when the table was known: each figure counts from its own publication.
            published=None,
            rows=rows,
            notes=[*_columns(layouts), *reading.notes()],
            problems=notebook.finish(),
        )


def _columns(layouts: list[Layout]) -> list[str]:
    notes = []
    for layout in layouts:
        where = "" if layout.grid.sheet.single else f" of sheet {layout.grid.sheet.name}"
        if layout.missing:
            notes.append(f"columns{where} that are missing: {', '.join(layout.missing)}")
        if layout.strange:
            listed = ", ".join(layout.strange)
            notes.append(f"columns{where} that are not known and were kept: {listed}")
    return notes


importer = ObservationsImporter()
"""The importer of tables of figures."""
