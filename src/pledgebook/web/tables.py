"""Tables that a page shows and that download as CSV, XLSX and JSON, from one definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from pledgebook.exchange.cells import neutral
from pledgebook.reporting.records import to_csv
from pledgebook.web.downloads import offer_files

__all__ = ["FORMS", "Column", "Table", "offer_table", "table_response"]

FORMS = ("csv", "xlsx", "json")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key in the records, and what stands above it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain values (text, numbers, days, None), with the name of the file they become."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]


def table_response(table: Table, form: str) -> Response:
    """Return a table as a file that downloads."""
    disposition = {"content-disposition": f'attachment; filename="{table.name}.{form}"'}
    if form == "json":
        rows = [{column.key: _plain(row.get(column.key)) for column in table.columns}
                for row in table.rows]  # fmt: skip
        return JSONResponse(rows, headers=disposition)
    content = _csv(table) if form == "csv" else _xlsx(table)
    return Response(content, headers=disposition, media_type=_TYPES[form])


def offer_table(router: APIRouter, path: str, build: Callable[..., Table]) -> None:
    """Add the downloads of a table to a router: `path`.csv, .xlsx and .json.

    `build` is called as a page is, with its own parameters and dependencies.
    """
    offer_files(router, path, FORMS, build, table_response)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _csv(table: Table) -> bytes:
    fields = [column.key for column in table.columns]
    rows = [{key: _cell(row.get(key)) for key in fields} for row in table.rows]
    return to_csv(rows, fields).encode("utf-8-sig")


def _cell(value: object) -> object:
    """Return a value that no spreadsheet runs as a formula."""
    return neutral(value) if isinstance(value, str) else value


def _xlsx(table: Table) -> bytes:
    import io

    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    # No cell becomes a formula or a link, whatever its text begins with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Table")
        head = book.add_format({"bold": True})
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.title, head)
        for line, row in enumerate(table.rows, 1):
            for at, column in enumerate(table.columns):
                value = row.get(column.key)
                if isinstance(value, bool) or value is None:
                    sheet.write(line, at, value)
                elif isinstance(value, int | float):
                    sheet.write_number(line, at, value)
                else:
                    sheet.write_string(line, at, str(value)[:32_767])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()
