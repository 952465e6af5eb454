"""What an OpenDocument sheet would fill the memory with, measured before it is opened.

Such a sheet says "this cell a million times, this row a million times" in a few bytes.
"""

from __future__ import annotations

from xml.parsers import expat

from pledgebook.documents.formats.archive import DangerError
from pledgebook.documents.limits import Limits

__all__ = ["OdsWatch"]


class OdsWatch:
    """Counts the cells of one file, those that are repeated as often as they are."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def part(self, name: str) -> OdsPart | None:
        """Return the reader for a part; None where it is not XML."""
        return OdsPart(self._limits) if name.lower().endswith(".xml") else None

    def conclude(self) -> None:
        """Have nothing to add: each part was measured by itself."""


class OdsPart:
    """Reads one part as it is unpacked."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows = self._columns = self._text = self._skipped = 0
        self._row_times = self._cell_times = 1
        self._width = self._filled = self._said = self._row_said = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Take the next bytes. Raises DangerError, ValueError or ExpatError."""
        self._parser.Parse(chunk, last)

    def _doctype(self, *_: object) -> None:
        raise DangerError("a part declares XML entities, which office programs never do")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "table":
            self._rows = self._columns = self._skipped = 0
        elif tag == "table-row":
            self._row_times = _times(attributes, "number-rows-repeated")
            self._width = self._filled = self._row_said = 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell_times = _times(attributes, "number-columns-repeated")
            self._said = sum(
                len(text) for key, text in attributes.items() if key.startswith("office:")
            )

    def _characters(self, text: str) -> None:
        self._said += len(text)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("table-cell", "covered-table-cell"):
            self._width += self._cell_times
            if self._said:
                # Empty cells at the end of a row take no room.
                self._filled = self._width
                self._row_said += self._said * self._cell_times
            self._said = 0
        elif tag == "table-row" and not self._filled:
            self._skipped += self._row_times
        elif tag == "table-row":
            # Empty rows take room only where a filled one stands below them.
            self._rows += self._skipped + self._row_times
            self._skipped = 0
            self._columns = max(self._columns, self._filled)
            self._text += self._row_said * self._row_times
            self._check()

    def _check(self) -> None:
        if self._rows * self._columns > self._limits.max_cells:
            raise DangerError(
                f"a sheet spans {self._rows:,} rows and {self._columns:,} columns, "
                f"the limit is {self._limits.max_cells:,} cells"
            )
        if self._text > self._limits.max_unpacked:
            raise DangerError(
                f"its cells repeat {self._text:,} characters, the limit is "
                f"{self._limits.max_unpacked:,}"
            )


def _times(attributes: dict[str, str], name: str) -> int:
    found = next((text for key, text in attributes.items() if key.endswith(f":{name}")), "1")
    return max(int(found), 1)
