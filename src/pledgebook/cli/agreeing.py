"""`agreement` and `queue`: what people coded, how far they agree, and what to read next."""

from __future__ import annotations

from typing import Annotated

import typer

from pledgebook.cli.listing import write_listing
from pledgebook.cli.options import By, Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, write

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "agreement",
        epilog=examples(
            'pledgebook agreement "A. Clerk" "B. Reader"',
            'pledgebook agreement "A. Clerk" "B. Reader" --format json > agreement.json',
        ),
    )(agreement)
    app.command(
        "queue",
        epilog=examples(
            'pledgebook queue --by "A. Clerk"', "pledgebook queue --limit 100 --format json"
        ),
    )(queue)


def agreement(
    one: Annotated[str, typer.Argument(metavar="NAME", help="Who coded.")],
    other: Annotated[str, typer.Argument(metavar="NAME", help="Who coded the same documents.")],
    *,
    every: Annotated[bool, typer.Option("--all", help="Show every disagreement.")] = False,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=1, max=100_000, help="For the intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same again.")] = 1,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Tell how far two people agree on what both coded.

    F1 by the rule of the coding book, and Krippendorff's alpha, with 95 % intervals over documents.
    """
    from pledgebook.reporting import agreement as told
    from pledgebook.reporting import records

    with open_book(db) as book:
        found = book.coding.agreement(one, other, draws=draws, seed=seed)
        if form is Format.JSON:
            write(records.to_json(told.agreement_record(found)))
        elif form is Format.CSV:
            write(records.to_csv(told.agreement_rows(found), told.AGREEMENT_FIELDS))
        else:
            console().print(told.agreement_table(found, every=every))


def queue(
    *,
    by: By = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=1, help="So many documents.")
    ] = 20,
    blind: Annotated[
        bool, typer.Option("--blind", help="Do not tell where others decided differently.")
    ] = False,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """List what to code next, what matters most first.

    Documents that you are done with are left out; each place in the queue has its reason.
    """
    from pledgebook.reporting import queue as told

    with open_book(db) as book:
        found = book.coding.queue(by, blind=blind)
        some = found.documents[:limit]
        rows = [told.queue_record(one) for one in some]
        write_listing(form, told.queue_table(found, some), rows, told.QUEUE_FIELDS)
