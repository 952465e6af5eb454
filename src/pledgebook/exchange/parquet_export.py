"""Export as Parquet: one table as a file, or all of them in a folder or a .zip.

Texts are as they are: no spreadsheet reads this.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.exchange.counting import Losses
from pledgebook.exchange.export_columns import Cell
from pledgebook.exchange.export_tables import ExportTable, Tables
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.table_files import write_tables

if TYPE_CHECKING:
    import polars as pl

__all__ = ["exporter"]

_BATCH = 10_000
_DTYPES = {"number": "Float64", "integer": "Int64", "date": "Date", "yes": "Boolean"}


class _Parquet:
    name = "parquet"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        if find_spec("polars") is None:
            raise UsageError(
                "Parquet needs Polars, which is not installed",
                mend='Install it: pip install "pledgebook[tables]"',
            )
        tables = Tables(source, wishes)
        losses = Losses()

        def write(path: Path, table: ExportTable) -> int:
            frame = _frame(table, tables, losses)
            frame.write_parquet(path)
            return frame.height

        counts = write_tables(target, tables, ".parquet", write)
        return ExportReport(target.path, counts, tuple(losses.problems(str(target.path))))


def _frame(table: ExportTable, tables: Tables, losses: Losses) -> pl.DataFrame:
    """Return a table as a frame, made a few rows at a time."""
    import polars as pl

    schema = {
        column.name: getattr(pl, _DTYPES.get(column.kind, "String")) for column in table.columns
    }
    parts: list[pl.DataFrame] = []
    batch: list[list[Cell]] = []

    def pour() -> None:
        parts.append(pl.DataFrame(batch, schema=schema, orient="row"))
        batch.clear()

    for cells in table.cells(tables):
        batch.append([losses.utf8(cell) if isinstance(cell, str) else cell for cell in cells])
        if len(batch) >= _BATCH:
            pour()
    pour()
    return pl.concat(parts)


exporter = _Parquet()
"""The exporter of this format."""
