"""Where the columns of a table of figures stand: the header row by its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.celltext import header_key
from pledgebook.exchange.intake import clean
from pledgebook.exchange.observations.words import FIELDS, Words
from pledgebook.exchange.sheets import Sheet, SheetRow
from pledgebook.exchange.table.grid import Grid, grid_at

__all__ = ["Layout", "layouts_of"]

_SEARCHED = 100
"""Rows in which the header is looked for."""
_NEEDED = frozenset({"subject", "item", "metric"})
_FIGURES = frozenset({"low", "high", "value"})


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of figures: its grid, and the header of each field that has a column."""

    grid: Grid
    headers: dict[str, str]

    @property
    def strange(self) -> list[str]:
        """Headers that no field is known by."""
        used = set(self.headers.values())
        return [header for header in self.grid.headers if header not in used]

    @property
    def missing(self) -> list[str]:
        """Fields without a column that a reader of the figures would ask for."""
        known = set(self.headers)
        amounts = {"low", "high"} if "value" in known else {"value"}
        # A table may leave these out and lose nothing by it: rows have an order, and a recipient
        # belongs to some metrics only.
        wanted = [name for name in FIELDS if name not in amounts | {"key", "recipient"}]
        return [name for name in wanted if name not in known]

    def rows(self) -> Iterator[tuple[SheetRow, dict[str, str]]]:
        """Yield the rows below the header with their filled cells by header."""
        return self.grid.rows()


def layouts_of(sheets: list[Sheet], words: Words, path: Path) -> list[Layout]:
    """Return the sheets that hold figures.

    Raises SourceError where no row of any sheet names whose figure it is, of what, which, and a
    number.
    """
    found = [one for sheet in sheets if (one := _layout(sheet, words)) is not None]
    if not found:
        what = "no row of it names a subject, an item, a metric and a value"
        mend = "name its columns under [columns] of a mapping and give it with --mapping"
        raise SourceError(what, where=str(path), mend=mend)
    return found


def _layout(sheet: Sheet, words: Words) -> Layout | None:
    best: tuple[int, SheetRow] | None = None
    for row in sheet.rows[:_SEARCHED]:
        placed = _placed([clean(cell) for cell in row.cells], words)
        fits = placed.keys() >= _NEEDED and placed.keys() & _FIGURES
        if fits and (best is None or len(placed) > best[0]):
            best = (len(placed), row)
    if best is None:
        return None
    grid = grid_at(sheet, best[1])
    return Layout(grid, _placed(grid.headers, words))


def _placed(headers: list[str] | tuple[str, ...], words: Words) -> dict[str, str]:
    """Return each field with its header: the one that stands first in the list of its names."""
    known = words.fields()
    found: dict[str, tuple[int, str]] = {}
    for header in headers:
        name, rank = known.get(header_key(header), ("", 0))
        if name and (name not in found or rank < found[name][0]):
            found[name] = (rank, header)
    return {name: header for name, (_, header) in found.items()}
