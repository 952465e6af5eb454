"""XLSX: each row of each sheet a document."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.formats.archive import inspect
from pledgebook.documents.formats.tables import Cell, documents
from pledgebook.documents.formats.workbook import WorkbookWatch
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem


class Xlsx(Extractor):
    """Workbooks since 2007."""

    name = "xlsx"
    version = 2
    suffixes = frozenset({".xlsx", ".xlsm"})
    media_types = frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})

    def certain(self, head: bytes) -> bool:
        """Whether it is a zip with a workbook part near its beginning."""
        return head.startswith(b"PK\x03\x04") and b"xl/" in head and b"word/" not in head

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield each row of each sheet."""
        data = blob.read(limits.max_bytes)
        if isinstance(data, Problem):
            yield data
            return
        if not data:
            yield blob.problem("empty-document", "it holds nothing")
            return
        fault = inspect(data, blob, limits, WorkbookWatch(limits))
        if fault is not None:
            yield fault
            return
        import python_calamine as calamine

        empty = True
        try:
            with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
                for sheet in book.sheet_names:
                    for found in documents(_rows(book, sheet), blob, sheet):
                        empty = False
                        yield found
        except (calamine.CalamineError, OSError, ValueError) as error:
            yield blob.problem(
                "damaged",
                f"it is no workbook that can be read ({error})",
                mend="open it in an office program and save it again",
            )
            return
        if empty:
            yield blob.problem("empty-document", "it holds no row below a header")


def _rows(book: object, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
    from python_calamine import CalamineWorkbook

    assert isinstance(book, CalamineWorkbook)
    table = book.get_sheet_by_name(sheet)
    first, left = table.start or (0, 0)
    merged = {
        (low_row, low_column): high_row
        for (low_row, low_column), (high_row, _) in table.merged_cell_ranges or ()
        if high_row > low_row
    }
    # What a merged cell says holds for every row that it spans; only the first one has it.
    standing: dict[int, tuple[Cell, int]] = {}
    for number, row in enumerate(table.iter_rows(), first):
        cells: list[Cell] = list(row)
        for column in range(left, left + len(cells)):
            if (number, column) in merged:
                standing[column] = (cells[column - left], merged[number, column])
        for column, (said, last) in standing.items():
            if number <= last and column - left < len(cells) and cells[column - left] == "":
                cells[column - left] = said
        yield number + 1, cells
