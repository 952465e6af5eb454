"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pledgebook.cli.terminal import shown_place
from pledgebook.ledger.place import default_place

__all__ = [
    "AsOf",
    "By",
    "Db",
    "Donor",
    "Format",
    "Item",
    "Note",
    "Recipient",
    "RecordedAsOf",
    "TableFormat",
    "examples",
]


class Format(StrEnum):
    """How a table is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="BOOK",
        help=f"Path or database URL of the book. [default: {shown_place(default_place())}]",
    ),
]
TableFormat = Annotated[
    Format, typer.Option("--format", "-f", help="How to write it.", case_sensitive=False)
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Only what was published by this day."),
]
RecordedAsOf = Annotated[
    str | None,
    typer.Option(
        "--recorded-as-of", metavar="TIME", help="Only what the book held at this day or time."
    ),
]
Donor = Annotated[
    str | None, typer.Option("--donor", metavar="PARTY", help="Only what this party gives.")
]
Recipient = Annotated[
    str | None, typer.Option("--recipient", metavar="PARTY", help="Only what this party gets.")
]
Item = Annotated[
    str | None,
    typer.Option("--item", metavar="ITEM", help="Only this item or category, and all kinds of it."),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who decides. [default: your login]")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")]


def examples(*lines: str) -> str:
    """Return the closing part of a command's help: commands to try."""
    # "\b" keeps the lines that follow as they are.
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
