"""Export as CSV: one table as a file, or all of them in a folder or a .zip.

UTF-8 with a byte order mark, so that spreadsheets know it; commas; lines end in CR LF. A text that
a spreadsheet would run has an apostrophe in front: `pledgebook.exchange.cells.as_written` takes it
off again.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from pledgebook.exchange.counting import Losses
from pledgebook.exchange.export_columns import Cell
from pledgebook.exchange.export_tables import ExportTable, Tables
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.table_files import write_tables

__all__ = ["exporter"]

_EXACT = 1e15


class _Csv:
    name = "csv"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        tables = Tables(source, wishes)
        losses = Losses()

        def write(path: Path, table: ExportTable) -> int:
            return _write(path, table, tables, losses)

        counts = write_tables(target, tables, ".csv", write)
        return ExportReport(target.path, counts, tuple(losses.problems(str(target.path))))


def _write(path: Path, table: ExportTable, tables: Tables, losses: Losses) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        for cells in table.cells(tables):
            writer.writerow([_text(cell, losses) for cell in cells])
            count += 1
    return count


def _text(cell: Cell, losses: Losses) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return losses.guard(losses.safe(cell))
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return f"{cell:.0f}"
        case dt.date():
            return cell.isoformat()
        case _:
            return str(cell)


exporter = _Csv()
"""The exporter of this format."""
