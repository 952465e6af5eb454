"""`export`: the book in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pledgebook.cli.guard import PROBLEMS, say
from pledgebook.cli.options import AsOf, Db, examples
from pledgebook.cli.terminal import console, open_book, shown_place

__all__ = ["register"]

_FORMATS = "jsonl, datapackage (both hold the whole book), csv, xlsx, parquet, iati or corpus."


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "export",
        epilog=examples(
            "pledgebook export jsonl -o book.jsonl --with-text",
            "pledgebook export xlsx -o aid.xlsx --recipient Ukraine",
            'pledgebook export corpus -o coded.jsonl --coder "A. Clerk" --with-text',
        ),
    )(export)


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=_FORMATS)],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; a folder for some formats."),
    ],
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Whole texts, and not only quotations.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    donor: Annotated[
        str | None, typer.Option("--donor", metavar="NAME", help="Only what this party gives.")
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="NAME", help="Only what this party gets.")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", metavar="NAME", help="Only this item or category.")
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="NAME",
            help="One table: status, commitments, statements or documents.",
        ),
    ] = None,
    publisher: Annotated[
        str | None,
        typer.Option("--publisher", metavar="ID=NAME", help="Who publishes it (IATI)."),
    ] = None,
    coder: Annotated[
        str | None,
        typer.Option("--coder", metavar="NAME", help="Whose coding (corpus); else everyone's."),
    ] = None,
    as_of: AsOf = None,
    db: Db = None,
) -> None:
    """Write the book in another format.

    Quotations go with it; whole texts only with --with-text.
    """
    from pledgebook.reporting.plain import plain

    with open_book(db) as book:
        report = book.export(
            form,
            output,
            as_of=as_of,
            with_text=with_text,
            force=force,
            donor=donor,
            recipient=recipient,
            item=item,
            table=table,
            publisher=publisher,
            coder=coder,
        )
    out = console()
    out.print(f"Written: {plain(shown_place(str(report.path)))}", soft_wrap=True)
    for name, count in report.rows.items():
        if count:
            out.print(f"  {name.replace('_', ' '):<16}{count:>10,}")
    for note in report.notes:
        say(note)
    for problem in report.problems:
        say(str(problem))
    if report.problems:
        raise typer.Exit(PROBLEMS)
