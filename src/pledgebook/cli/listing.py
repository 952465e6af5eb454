"""Listings as a command prints them: a table for people, CSV or JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pledgebook.cli.options import Format
from pledgebook.cli.terminal import console, write

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pledgebook.reporting.records import Record

__all__ = ["write_listing"]


def write_listing(
    form: Format, table: RenderableType, rows: Sequence[Record], fields: Sequence[str]
) -> None:
    """Print a listing in the form asked for."""
    from pledgebook.reporting import records

    if form is Format.TABLE:
        console().print(table)
    else:
        write(records.to_csv(rows, fields) if form is Format.CSV else records.to_json(rows))
