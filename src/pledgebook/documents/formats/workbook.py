"""What a workbook would fill the memory with, measured before it is opened.

A reader of workbooks allocates the whole rectangle that a sheet spans, and a copy of a shared
string for each cell that names it: both can be enormous in a file that is small.
"""

from __future__ import annotations

from array import array
from xml.parsers import expat

from pledgebook.documents.formats.archive import DangerError
from pledgebook.documents.limits import Limits

_MAX_LETTERS = 3


class WorkbookWatch:
    """Adds up what all parts of one workbook hold."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.lengths = array("Q")
        """Characters of each shared string."""
        self.used = array("Q")
        """The shared string of each cell that has one."""

    def part(self, name: str) -> PartWatch | None:
        """Return the reader for a part; None where it is not XML."""
        xml = name.lower().endswith((".xml", ".rels"))
        return PartWatch(self, self._limits.max_cells) if xml else None

    def conclude(self) -> None:
        """Raise DangerError where the cells repeat too much text."""
        known = len(self.lengths)
        total = sum(self.lengths[index] for index in self.used if index < known)
        if total > self._limits.max_unpacked:
            raise DangerError(
                f"its cells repeat {total:,} characters, the limit is {self._limits.max_unpacked:,}"
            )


class PartWatch:
    """Reads one part as it is unpacked."""

    def __init__(self, workbook: WorkbookWatch, max_cells: int) -> None:
        self._workbook = workbook
        self._max_cells = max_cells
        self._row = self._column = self._rows = self._columns = 0
        self._length = 0
        self._shared = False
        self._index = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Take the next bytes. Raises DangerError, ValueError or ExpatError."""
        self._parser.Parse(chunk, last)

    def _doctype(self, *_: object) -> None:
        raise DangerError("a part declares XML entities, which office programs never do")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._cell(attributes.get("r", ""))
            self._shared = attributes.get("t") == "s"
        elif tag == "v" and self._shared:
            self._index = ""
            self._parser.CharacterDataHandler = self._digits
        elif tag == "si":
            self._length = 0
            self._parser.CharacterDataHandler = self._measure

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "si":
            self._workbook.lengths.append(self._length)
            self._parser.CharacterDataHandler = None
        elif tag == "v" and self._shared:
            self._workbook.used.append(int(self._index))
            self._parser.CharacterDataHandler = None

    def _digits(self, text: str) -> None:
        self._index += text.strip()

    def _measure(self, text: str) -> None:
        self._length += len(text)

    def _cell(self, place: str) -> None:
        letters = place.rstrip("0123456789")
        if len(letters) > _MAX_LETTERS:
            raise ValueError("a cell has an impossible name")
        digits = place[len(letters) :]
        self._column = _number(letters) if letters else self._column + 1
        self._rows = max(self._rows, int(digits) if digits else self._row)
        self._columns = max(self._columns, self._column)
        if self._rows * self._columns > self._max_cells:
            raise DangerError(
                f"a sheet spans {self._rows:,} rows and {self._columns:,} columns, "
                f"the limit is {self._max_cells:,} cells"
            )


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
