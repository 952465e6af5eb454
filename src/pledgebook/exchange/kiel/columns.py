"""Which column is which, by its header: releases differ, and a later one will differ again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pledgebook.errors import SourceError
from pledgebook.exchange.celltext import header_key
from pledgebook.exchange.intake import clean, data_table
from pledgebook.exchange.sheets import Sheet

__all__ = ["MainSheet", "column_of", "main_sheet"]

_HEAD = 30


@dataclass(frozen=True, slots=True)
class MainSheet:
    """The main sheet of a release: `at` is the column of each known name, by position.

    `labels` are the headers as the text of a row has them, None where a column is left out. `new`
    are headers that nobody knows yet, `missing` known ones that are not there, `withheld` those
    that hold positions on the ground.
    """

    sheet: Sheet
    header: int
    at: Mapping[str, int]
    labels: tuple[str | None, ...]
    new: tuple[str, ...]
    missing: tuple[str, ...]
    withheld: tuple[str, ...]

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return the cell of a known column, clean; blank where the column is missing."""
        index = self.at.get(name)
        return clean(row[index]) if index is not None and index < len(row) else ""

    def label(self, name: str) -> str | None:
        """Return the header of a known column as the text of a row has it."""
        index = self.at.get(name)
        return self.labels[index] if index is not None else None

    def notes(self) -> list[str]:
        """Say which columns are new, missing or left out."""
        found = []
        if self.new:
            listed = ", ".join(map(repr, self.new))
            found.append(f"new columns, kept in the rows and read as no figure: {listed}")
        if self.missing:
            listed = ", ".join(map(repr, self.missing))
            found.append(f"missing columns, so that nothing is known of them: {listed}")
        if self.withheld:
            listed = ", ".join(map(repr, self.withheld))
            found.append(f"columns left out because they hold positions on the ground: {listed}")
        if self.label("item") and not self._item_is_named():
            found.append(
                f"column {self.at['item'] + 1} has no header and is taken for "
                f"{self.label('item')!r}"
            )
        return found

    def _item_is_named(self) -> bool:
        header = self.sheet.rows[self.header].cells
        return bool(clean(header[self.at["item"]]))


def main_sheet(sheets: Sequence[Sheet], where: str) -> MainSheet:
    """Find the main sheet by its headers, whatever it is called. Raises SourceError."""
    best: tuple[int, Sheet, int] | None = None
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:_HEAD]):
            count = len(_positions(row.cells))
            if best is None or count > best[0]:
                best = count, sheet, number
    required = _table()["required"]
    if best is not None:
        at = _positions(best[1].rows[best[2]].cells)
        lost = [name for name in required if name not in at]
        if not lost:
            return _main(best[1], best[2], at)
    names = ", ".join(repr(_table()["columns"][name][0]) for name in required)
    raise SourceError(
        f"no sheet has the columns of the tracker's main sheet ({names})",
        where=where,
        mend="Name the file or folder that holds the main sheet",
    )


def column_of(header: str) -> str | None:
    """Return the known name of the column with this header, None where nobody knows it."""
    return _aliases().get(header_key(header))


def _main(sheet: Sheet, header: int, at: dict[str, int]) -> MainSheet:
    table = _table()
    headers = [clean(cell) for cell in sheet.rows[header].cells]
    known = {index: name for name, index in at.items()}
    labels: list[str | None] = []
    new: list[str] = []
    withheld: list[str] = []
    aliases = _aliases()
    for index, text in enumerate(headers):
        key = header_key(text)
        if index in known:
            blank = table["item_header"] if known[index] == "item" else known[index]
            labels.append(text or blank)
        elif _matches("withheld", key):
            withheld.append(text)
            labels.append(None)
        elif not key or key in aliases or _matches("ignored", key):
            # A second column of one header is a twin of the first.
            labels.append(None)
        else:
            new.append(text)
            labels.append(text)
    missing = [table["columns"][name][0] for name in table["expected"] if name not in at]
    return MainSheet(sheet, header, at, tuple(labels), tuple(new), tuple(missing), tuple(withheld))


def _positions(headers: Sequence[str]) -> dict[str, int]:
    """Return the column of each known name; of equal headers the first one counts."""
    table, aliases = _table(), _aliases()
    found: dict[str, int] = {}
    keys = [header_key(clean(header)) for header in headers]
    for index, key in enumerate(keys):
        name = aliases.get(key)
        if name is not None:
            found.setdefault(name, index)
    behind = found.get(table["blank_item_before"])
    if "item" not in found and behind and not keys[behind - 1]:
        found["item"] = behind - 1
    return found


def _matches(which: str, key: str) -> bool:
    return any(pattern.search(key) for pattern in _patterns(which))


@cache
def _patterns(which: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _table()[which])


@cache
def _aliases() -> dict[str, str]:
    return {
        header_key(header): name
        for name, headers in _table()["columns"].items()
        for header in headers
    }


def _table() -> dict[str, Any]:
    return data_table("kiel_columns")
