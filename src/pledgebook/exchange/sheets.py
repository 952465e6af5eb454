"""Sheets of CSV files and workbooks as rows of text, with the place of each row.

A workbook is checked before it is opened, as the reader of documents does.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import digest, read_bounded, sources
from pledgebook.exchange.opendocument import OdsWatch

__all__ = ["Sheet", "SheetRow", "read_sheets"]

_TABLES = frozenset({".csv", ".tsv"})
_BOOKS = frozenset({".xlsx", ".xlsm", ".ods"})
_MAX_BYTES = 200_000_000
_DELIMITERS = ",;\t|"
_ROW = 4
"""What a row takes besides its cells, in cells."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name, and the file that it is in; a CSV file is one sheet."""

    name: str
    file: str
    rows: tuple[SheetRow, ...]
    single: bool

    def origin(self, row: SheetRow) -> str:
        """Return where a row stands: "main.csv#row=17", "tracker.xlsx#sheet=Main&row=17"."""
        if self.single:
            return f"{self.file}#row={row.number}"
        return f"{self.file}#sheet={self.name}&row={row.number}"


def read_sheets(path: Path) -> tuple[list[Sheet], str]:
    """Return the sheets of a CSV file, a workbook, or a folder of these, and a hash of the bytes.

    Raises SourceError where there is none, or where one is damaged or dangerous.
    """
    found: list[Sheet] = []
    hashes = []
    for file in sources(path, _TABLES | _BOOKS):
        data = read_bounded(file, _MAX_BYTES)
        hashes.append((file.name, hashlib.sha256(data).hexdigest()))
        if file.suffix.lower() in _BOOKS:
            found += _workbook(file, data)
        else:
            found.append(_table(file, data))
    return found, digest(hashes)


def _table(file: Path, data: bytes) -> Sheet:
    from pledgebook.documents.encoding import decode, is_binary

    decoded = None if is_binary(data[:65_536]) else decode(data, None)
    if decoded is None:
        raise SourceError(
            "its bytes are no text", where=str(file), mend="Save it as CSV in UTF-8, or as XLSX"
        )
    text = decoded.text.removeprefix("\ufeff")
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_BYTES))
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    mark = "\t" if file.suffix.lower() == ".tsv" else max(_DELIMITERS, key=outside.count)
    _check_cells(file, text, mark)
    try:
        rows = [
            SheetRow(number, tuple(row))
            for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1)
        ]
    except csv.Error as error:
        raise SourceError(
            f"it is no CSV ({error})", where=str(file), mend="Save it as CSV again"
        ) from error
    return Sheet(file.stem, file.name, tuple(rows), single=True)


def _check_cells(file: Path, text: str, mark: str) -> None:
    """Refuse a table that is small on disk and large in memory, by its marks, before it is cut."""
    from pledgebook.documents.limits import Limits

    most = Limits().max_cells
    if text.count(mark) + _ROW * text.count("\n") > most:
        raise SourceError(
            f"it has more rows and cells than a sheet may have ({most:,} cells)",
            where=str(file),
            mend="split it",
        )


def _workbook(file: Path, data: bytes) -> Iterator[Sheet]:
    _check(file, data)
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                table = book.get_sheet_by_name(name)
                first = (table.start or (0, 0))[0] + 1
                rows = [
                    SheetRow(number, tuple(map(_text, row)))
                    for number, row in enumerate(table.iter_rows(), first)
                ]
                yield Sheet(name, file.name, tuple(rows), single=False)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(
            f"it is no workbook that can be read ({error})",
            where=str(file),
            mend="Open it in an office program and save it again",
        ) from error


def _check(file: Path, data: bytes) -> None:
    from pledgebook.documents.draft import Blob
    from pledgebook.documents.formats.archive import inspect
    from pledgebook.documents.formats.workbook import WorkbookWatch
    from pledgebook.documents.limits import Limits

    limits = Limits()
    blob = Blob(origin=str(file), stream=io.BufferedReader(io.BytesIO(data)))
    open_document = file.suffix.lower() == ".ods"
    fault = inspect(data, blob, limits, (OdsWatch if open_document else WorkbookWatch)(limits))
    if fault is not None:
        raise SourceError(fault.what, where=str(file), mend=fault.mend)


def _text(cell: object) -> str:
    """Write a cell as the same sheet saved as CSV has it: 8.0 is 8, a day has its time."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case dt.date():
            return f"{cell.isoformat()} 00:00:00"
        case None:
            return ""
        case _:
            return str(cell)
