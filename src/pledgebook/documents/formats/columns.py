"""Tables of a PDF page: lines whose words stand in columns, put down as cells with bars between.

A PDF knows no tables, only where each letter stands. Three lines or more that fall apart in columns
and hold figures are one; what stands below the first of them is put under its columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_GAP = 1.1
"""White space that parts two cells, in heights of the line."""
_STRETCHED = 3.0
"""The same where a blank was written into the gap, as in justified lines."""
_LEAST = 3
"""Lines of a table."""
_WRAP = 0.7
"""White space above a line that goes on with the row above, in heights of the line."""
_LONGEST_CELL = 70
"""Characters of a cell, on average, beyond which columns are those of a newspaper."""
_FIGURE_LAST = re.compile(r"[\d%)]\W*\Z")


@dataclass(slots=True)
class _Run:
    """Words without a wide gap: their text, left and right edge."""

    text: str
    left: float
    right: float


@dataclass(slots=True)
class _Line:
    """A line: its runs, its lower and upper edge, and its text as PDFium gives it."""

    runs: list[_Run]
    low: float
    high: float
    text: str

    @property
    def height(self) -> float:
        return max(self.high - self.low, 1.0)


def with_columns(page: Any, text: str) -> str:  # noqa: ANN401  pypdfium2 has no types
    """Return the text of a page with its tables in cells; `page` is its layer of text.

    The letters are asked for their places only where enough lines end in figures, for that takes
    far longer than the text.
    """
    ends = sum(bool(_FIGURE_LAST.search(line)) for line in text.splitlines())
    if ends < _LEAST:
        return text
    lines = _lines(page)
    out: list[str] = []
    index = 0
    while index < len(lines):
        stop = index
        while stop < len(lines) and _belongs(lines, index, stop):
            stop += 1
        table = lines[index:stop]
        if len(table) >= _LEAST and _is_table(table):
            out += _rows(table)
            index = stop
        else:
            out.append(lines[index].text)
            index += 1
    return "\n".join(out)


def _lines(page: Any) -> list[_Line]:  # noqa: ANN401
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    found: list[_Line] = []
    runs: list[_Run] = []
    said: list[str] = []
    low = high = 0.0
    gap = _GAP
    for index in range(page.count_chars() + 1):
        last = index == page.count_chars()
        char = "\n" if last else chr(raw.FPDFText_GetUnicode(page, index))
        if char == "\r":
            continue
        if char == "\n":
            text = "".join(said).rstrip()
            found.append(_Line([run for run in runs if run.text.strip()], low, high, text))
            runs, said, low, high = [], [], 0.0, 0.0
            continue
        said.append(char)
        if char.isspace():
            if runs:
                runs[-1].text += " "
                gap = gap if raw.FPDFText_IsGenerated(page, index) else _STRETCHED
            continue
        left, bottom, right, top = page.get_charbox(index)
        low, high = (min(low, bottom), max(high, top)) if runs else (bottom, top)
        wide = left - runs[-1].right > gap * max(high - low, 6.0) if runs else True
        gap = _GAP
        if not wide and left >= runs[-1].left:
            runs[-1].text += char
            runs[-1].right = max(runs[-1].right, right)
        else:
            runs.append(_Run(char, left, right))
    return found


def _belongs(lines: Sequence[_Line], first: int, index: int) -> bool:
    """Tell whether a line can stand in a table that begins at `first`."""
    line = lines[index]
    if len(line.runs) > 1:
        return index == first or line.low < lines[first].low
    if index == first or not line.runs:
        return False
    # A single cell: part of a row whose cells are wrapped, in one of the columns but the first.
    heads = lines[first].runs
    return _column(line.runs[0], heads) > 0 and line.runs[0].left > heads[0].right


def _is_table(lines: Sequence[_Line]) -> bool:
    cells = [run.text.strip() for line in lines for run in line.runs]
    figures = sum(any(char.isdigit() for char in cell) and len(cell) < 24 for cell in cells)
    rows = sum(len(line.runs) > 1 for line in lines)
    return (
        rows >= _LEAST
        and figures >= rows - 1
        and sum(map(len, cells)) <= _LONGEST_CELL * len(cells)
    )


def _column(run: _Run, heads: Sequence[_Run]) -> int:
    """Return the column of a cell: the head that it overlaps most, or else the nearest."""

    def shared(head: _Run) -> tuple[float, float]:
        overlap = min(run.right, head.right) - max(run.left, head.left)
        return overlap, -abs(run.left - head.left)

    return max(range(len(heads)), key=lambda place: shared(heads[place]))


def _rows(lines: Sequence[_Line]) -> list[str]:
    """Return the lines of a table with a bar between cells, the wrapped lines of a row joined."""
    heads = max(lines[:2], key=lambda line: len(line.runs)).runs
    rows: list[list[str]] = []
    bottom = 0.0
    for line in lines:
        cells = [""] * len(heads)
        for run in line.runs:
            place = _column(run, heads)
            cells[place] = f"{cells[place]} {run.text.strip()}".strip()
        near = bool(rows) and bottom - line.high < _WRAP * line.height
        apart = bool(rows) and not any(a and b for a, b in zip(rows[-1], cells, strict=True))
        partial = bool(rows) and sum(map(bool, rows[-1])) < len(line.runs) + 1
        begun = bool(rows) and sum(map(bool, rows[-1])) == 1 and not rows[-1][0]
        goes_on = near and (len(line.runs) == 1 or (apart and partial))
        if not cells[0] and (goes_on or begun):
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
            bottom = min(bottom, line.low)
            continue
        rows.append(cells)
        bottom = line.low
    return [" | ".join(row).rstrip() for row in rows]
