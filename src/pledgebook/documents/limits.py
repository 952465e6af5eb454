"""How much of one source is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one source; what is over a bound becomes a `Problem`, never a crash.

    JSONL and CSV are read line by line, so `max_bytes` does not bound them.
    """

    max_bytes: int = 200 * _MB
    """Bytes of a file that is read whole."""
    max_tree_bytes: int = 20 * _MB
    """Bytes of HTML, JSON or e-mail, which are parsed into a tree in memory."""
    max_elements: int = 1_000_000
    """Elements of an HTML page."""
    max_line_bytes: int = 64 * _MB
    """Bytes of one line of JSONL."""
    max_text: int = 20 * _MB
    """Characters of one document."""
    max_pages: int = 5_000
    """Pages of a PDF."""
    max_unpacked: int = 100 * _MB
    """Bytes of all parts of a DOCX or XLSX file once they are unpacked."""
    max_ratio: int = 200
    """How many times larger a DOCX or XLSX file may become when it is unpacked."""
    max_entries: int = 10_000
    """Parts in a DOCX or XLSX file."""
    max_cells: int = 5_000_000
    """Cells of one sheet, counted as the rectangle that it spans."""
