"""A row of a data set as the text of a document: its filled cells, one on a line.

    Donor: Norway
    Items: Leopard-2A4
    No. of Units: 8

The text leads back to its cells, so that what is stored can be checked and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.exchange.intake import clean

__all__ = ["LAYOUT", "CellText", "cells_of", "header_key"]

LAYOUT = 1
"""Version of this way of writing a row: it is part of the identity of each row's document."""

_SEPARATOR = ": "


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a row, and the span of each cell's line in it, by header."""

    text: str
    spans: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> CellText:
        """Write cells out; empty ones are left out. Equal headers are numbered."""
        lines: list[str] = []
        spans: dict[str, tuple[int, int]] = {}
        seen: dict[str, int] = {}
        start = 0
        for header, value in cells.items():
            said = clean(value)
            if not said:
                continue
            name = clean(header).replace(_SEPARATOR, " ").rstrip(":") or "Column"
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name} ({seen[name]})"
            line = f"{name}{_SEPARATOR}{said}"
            spans[header] = (start, start + len(line))
            lines.append(line)
            start += len(line) + 1
        return cls("\n".join(lines), spans)

    def span(self, headers: Iterable[str]) -> tuple[int, int] | None:
        """Return the piece of the text from the first to the last of some cells, None for none."""
        found: Sequence[tuple[int, int]] = [
            self.spans[header] for header in headers if header in self.spans
        ]
        if not found:
            return None
        return min(start for start, _ in found), max(end for _, end in found)


def cells_of(text: str) -> dict[str, str]:
    """Return the cells that a text was written from, by header."""
    cells = {}
    for line in text.split("\n"):
        header, mark, value = line.partition(_SEPARATOR)
        if mark:
            cells[header] = value
    return cells


def header_key(header: str) -> str:
    """Return a header as it is compared: case, blanks and underscores make no difference."""
    return " ".join(header.casefold().replace("_", " ").split())
