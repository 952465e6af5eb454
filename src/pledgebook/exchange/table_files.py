"""Tables as files of one kind: one table in a file, or all of them in a folder or a .zip."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from pledgebook.errors import UsageError
from pledgebook.exchange.export_tables import TABLES, ExportTable, Tables
from pledgebook.exchange.exporting import Target
from pledgebook.exchange.packing import pack_zip

__all__ = ["WriteTable", "write_tables"]

WriteTable = Callable[[Path, ExportTable], int]
"""Writes a table to a path; returns how many rows it has."""


def write_tables(target: Target, tables: Tables, suffix: str, write: WriteTable) -> dict[str, int]:
    """Write the tables that are wanted; returns how many rows each has. Raises UsageError."""
    wanted = tables.wanted()
    ending = target.path.suffix.casefold()
    if ending == suffix:
        if len(wanted) > 1:
            raise UsageError(
                f"a {suffix} file holds one table",
                where=str(target.path),
                mend=f"Name it with --table ({', '.join(TABLES)}), or give a folder or a .zip",
            )
        with target.file() as path:
            return {wanted[0].name: write(path, wanted[0])}
    if ending == ".zip":
        with (
            target.file() as path,
            tempfile.TemporaryDirectory(dir=path.parent, prefix=".pledgebook-") as folder,
        ):
            counts = _write_all(Path(folder), wanted, suffix, write)
            pack_zip(Path(folder), path)
            return counts
    with target.folder([f"{name}{suffix}" for name in TABLES]) as into:
        return _write_all(into, wanted, suffix, write)


def _write_all(
    folder: Path, wanted: list[ExportTable], suffix: str, write: WriteTable
) -> dict[str, int]:
    return {table.name: write(folder / f"{table.name}{suffix}", table) for table in wanted}
