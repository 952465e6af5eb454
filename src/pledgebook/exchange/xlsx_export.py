"""Export as a workbook: the tables on sheets, and one that says how to read them.

Texts are written as texts and never as formulas or links by guess; one that a spreadsheet would run
has an apostrophe in front all the same, for the day on which somebody saves the sheet as CSV.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pledgebook.errors import Problem, UsageError
from pledgebook.exchange.counting import Losses
from pledgebook.exchange.export_columns import Cell, Column
from pledgebook.exchange.export_tables import ExportTable, Tables
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.xlsx_method import method_lines

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MOST_ROWS", "Xlsx", "exporter"]

MOST_ROWS = 1_048_576
"""Rows of a sheet, its header among them. What is more goes on in a further sheet."""

_LONGEST_LINK = 2_079
_FEWEST_DAYS = dt.date(1900, 3, 1)  # earlier ones are no dates to a spreadsheet, or wrong ones
_WIDTHS = {"text": 16, "long": 60, "link": 30, "number": 12, "integer": 9, "date": 11, "yes": 8}
_WIDE = {"id": 23, "source": 40, "title": 40, "contradictions": 40, "joined_because": 40}
_FORMATS = {"number": "#,##0.######", "integer": "#,##0", "date": "yyyy-mm-dd"}
_METHOD = "Method and sources"
_WEB = ("http://", "https://")
# A workbook says when it was made; the same book is to give the same bytes.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones


class Xlsx:
    """Writes workbooks; `most_rows` is how many rows a sheet holds."""

    name = "xlsx"

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        """Write the tables and how they were made."""
        try:
            from xlsxwriter import Workbook
        except ImportError as error:
            raise UsageError(
                "workbooks need XlsxWriter, which is not installed",
                mend='Install it: pip install "pledgebook[exchange]"',
            ) from error
        tables = Tables(source, wishes)
        wanted = tables.wanted()
        with target.file() as path:
            settings = {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
                "tmpdir": str(path.parent),
            }
            # Opened here, so that what forbids it is told as with every other file.
            path.touch()
            with Workbook(str(path), settings) as workbook:
                workbook.set_properties({"title": "Pledgebook", "created": _MADE})
                sheets = _Sheets(workbook, self._most_rows)
                counts = {one.name: sheets.put(one, tables) for one in wanted}
                sheets.put_method(method_lines(source, wishes, tables, wanted, counts))
        problems = sheets.losses.problems(str(target.path))
        problems += sheets.problems(str(target.path))
        return ExportReport(target.path, counts, tuple(problems))


class _Sheets:
    """The sheets of one workbook."""

    def __init__(self, workbook: Workbook, most_rows: int) -> None:
        self._workbook = workbook
        self._most_rows = most_rows
        self._further: list[str] = []
        self.losses = Losses()
        self._head = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E7ECF1"})
        self._link = workbook.add_format({"font_color": "#1F4E79", "underline": 1})
        self._long = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[str, Format] = {
            kind: workbook.add_format({"num_format": form}) for kind, form in _FORMATS.items()
        }

    def put(self, table: ExportTable, tables: Tables) -> int:
        """Write a table, on as many sheets as it needs; returns how many rows it has."""
        sheet = self._sheet(table, table.title)
        row = count = 0
        for cells in table.cells(tables):
            if row + 1 >= self._most_rows:
                _filter(sheet, row, len(table.columns))
                name = f"{table.title} {count // (self._most_rows - 1) + 1}"
                sheet, row = self._sheet(table, name), 0
                self._further.append(name)
            row += 1
            count += 1
            for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                self._write(sheet, row, place, column, cell)
        _filter(sheet, row, len(table.columns))
        return count

    def _sheet(self, table: ExportTable, name: str) -> Worksheet:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            width = _WIDE.get(column.name, _WIDTHS[column.kind])
            sheet.set_column(place, place, width, self._long if column.kind == "long" else None)
            sheet.write_string(0, place, column.name, self._head)
        return sheet

    def _write(self, sheet: Worksheet, row: int, place: int, column: Column, cell: Cell) -> None:
        match cell:
            case None:
                return
            case bool():
                sheet.write_boolean(row, place, cell)
            case int() | float():
                sheet.write_number(row, place, cell, self._formats.get(column.kind))
            case dt.date() if cell >= _FEWEST_DAYS:
                sheet.write_datetime(row, place, cell, self._formats["date"])
            case dt.date():
                sheet.write_string(row, place, cell.isoformat())
            case _:
                self._write_text(sheet, row, place, column, cell)

    def _write_text(
        self, sheet: Worksheet, row: int, place: int, column: Column, cell: str
    ) -> None:
        text = self.losses.fit(self.losses.guard(self.losses.safe(cell)))
        linked = column.kind == "link" and text.startswith(_WEB) and len(text) <= _LONGEST_LINK
        # A worksheet holds 65,530 links; beyond them, and for odd ones, the text alone stays.
        if linked and _quietly(sheet, row, place, text, self._link) == 0:
            return
        form = self._long if column.kind == "long" else None
        sheet.write_string(row, place, text, form)

    def put_method(self, lines: Iterator[tuple[str, str]]) -> None:
        """Write the sheet that says what the others are."""
        sheet = self._workbook.add_worksheet(_METHOD)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 100, self._long)
        for row, (name, says) in enumerate(lines):
            form = self._head if not says else None
            sheet.write_string(row, 0, self.losses.guard(self.losses.safe(name)), form)
            text = self.losses.fit(self.losses.guard(self.losses.safe(says)))
            sheet.write_string(row, 1, text, form or self._long)

    def problems(self, source: str) -> list[Problem]:
        """Return what the shape of a sheet did to the tables."""
        if not self._further:
            return []
        return [
            Problem(
                code="further-sheets",
                what=f"a sheet holds {self._most_rows - 1:,} rows below its header; "
                f"more of them are on the sheets {', '.join(self._further)}",
                source=source,
                mend="Export csv or parquet to have each table in one piece",
                severity="warning",
            )
        ]


def _filter(sheet: Worksheet, last: int, columns: int) -> None:
    if last:
        sheet.autofilter(0, 0, last, columns - 1)


def _quietly(sheet: Worksheet, row: int, place: int, url: str, form: Any) -> int:  # noqa: ANN401
    """Write a link; returns a number other than 0 where the workbook takes no such link."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        written: int = sheet.write_url(row, place, url, form, string=url)
    return written


exporter = Xlsx()
"""The exporter of this format."""
