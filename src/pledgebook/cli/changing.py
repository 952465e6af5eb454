"""`diff`: what was known on two days, and what changed between them."""

from __future__ import annotations

from typing import Annotated

import typer

from pledgebook.cli.options import Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, write

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "diff",
        epilog=examples(
            "pledgebook diff 2023-02-28 2023-03-31 --donor Norway",
            "pledgebook diff 2023-02-28 --recorded-then 2023-03-01",
            "pledgebook diff --recorded 2023-03-01 2023-04-01 --format csv",
        ),
    )(diff)


def diff(
    first: Annotated[str, typer.Argument(metavar="DATE", help="The earlier day.")],
    second: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help="The later day. [default: up to now]")
    ] = None,
    *,
    recorded: Annotated[
        bool,
        typer.Option(
            "--recorded", help="Compare what the book held on the two days, not what was published."
        ),
    ] = False,
    recorded_then: Annotated[
        str | None,
        typer.Option(
            "--recorded-then",
            metavar="TIME",
            help="The first day as the book had it then, beside the same day as it has it now.",
        ),
    ] = None,
    recorded_now: Annotated[
        str | None,
        typer.Option(
            "--recorded-now", metavar="TIME", help="Another time than now for the second."
        ),
    ] = None,
    donor: Annotated[
        str | None, typer.Option("--donor", metavar="PARTY", help="Only what this party gives.")
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="PARTY", help="Only what this party gets.")
    ] = None,
    item: Annotated[
        str | None,
        typer.Option(
            "--item", metavar="ITEM", help="Only this item or category, and all kinds of it."
        ),
    ] = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Tell what changed between two days, and by which reports.

    New, merged and split commitments, figures before and after, what is overdue or delivered since,
    with the sentences that made the difference. Asked with --recorded-then, it answers why the
    figure of a day is another now than it was: later reports of that time, corrections, judgements.
    """
    with open_book(db) as book:
        found = book.diff(
            first,
            second,
            recorded=recorded,
            recorded_then=recorded_then,
            recorded_now=recorded_now,
            donor=donor,
            recipient=recipient,
            item=item,
        )
        if form is Format.TABLE:
            from pledgebook.reporting.changes import changes_view
            from pledgebook.reporting.names import Names

            console().print(changes_view(found, Names(book.catalogue.parties)))
            return
        from pledgebook.reporting import change_records, records

        if form is Format.JSON:
            write(records.to_json(change_records.changes_record(found)))
        else:
            lines = change_records.change_lines(found)
            write(records.to_csv(lines, change_records.CHANGE_FIELDS))
