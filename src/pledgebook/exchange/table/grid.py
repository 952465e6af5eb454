"""The sheet of a table that a mapping is for, and its header row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import clean
from pledgebook.exchange.sheets import Sheet, SheetRow
from pledgebook.exchange.table.mapping import Mapping

__all__ = ["Grid", "folded", "grid_at", "grid_for"]

_SEARCHED = 200
"""Rows in which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with its header row: headers are told apart and never empty."""

    sheet: Sheet
    header_row: int
    headers: tuple[str, ...]

    def rows(self, fill_down: Iterable[str] = ()) -> Iterator[tuple[SheetRow, dict[str, str]]]:
        """Yield the rows below the header with their filled cells by header.

        What stands in a column of `fill_down` holds for the empty cells below it.
        """
        filled = {folded(header) for header in fill_down}
        standing: dict[str, str] = {}
        for row in self.sheet.rows:
            if row.number <= self.header_row:
                continue
            said = [clean(cell) for cell in row.cells]
            if not any(said):
                continue
            cells: dict[str, str] = {}
            for header, cell in zip(self.headers, said, strict=False):
                text = cell
                if folded(header) in filled:
                    text = cell or standing.get(header, "")
                    standing[header] = text
                if text:
                    cells[header] = text
            over = said[len(self.headers) :]
            cells.update(
                {f"Column {len(self.headers) + n}": text for n, text in enumerate(over, 1) if text}
            )
            yield row, cells


def folded(text: str) -> str:
    """Return a header as it is compared."""
    return clean(text).casefold()


def grid_for(sheets: list[Sheet], mapping: Mapping, path: Path) -> Grid:
    """Return the sheet and header row that fit a mapping best.

    Raises SourceError where none does.
    """
    wanted = {folded(header) for header in mapping.headers()}
    named = [sheet for sheet in sheets if mapping.sheet is None or sheet.name == mapping.sheet]
    if not named:
        listed = ", ".join(sheet.name for sheet in sheets)
        what = f"it has no sheet {mapping.sheet!r}"
        raise SourceError(what, where=str(path), mend=f"its sheets are {listed}")
    best: tuple[int, Sheet, SheetRow] | None = None
    for sheet in named:
        for row in sheet.rows[:_SEARCHED] if mapping.header_row is None else sheet.rows:
            if mapping.header_row is not None and row.number != mapping.header_row:
                continue
            hits = len(wanted & {folded(cell) for cell in row.cells})
            if hits and (best is None or hits > best[0]):
                best = (hits, sheet, row)
    if best is None:
        what = "no row of it holds any of the headers of the mapping"
        raise SourceError(what, where=str(path), mend="compare the headers, or ask for --suggest")
    return grid_at(best[1], best[2])


def grid_at(sheet: Sheet, row: SheetRow) -> Grid:
    """Return a sheet with its header row; equal headers are numbered, empty ones named."""
    seen: dict[str, int] = {}
    headers = []
    for place, cell in enumerate(row.cells, 1):
        header = clean(cell) or f"Column {place}"
        seen[header] = seen.get(header, 0) + 1
        headers.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return Grid(sheet, row.number, tuple(headers))
