"""`arrivals`: what was promised, and the chance that it comes."""

from __future__ import annotations

from typing import Annotated

import typer

from pledgebook.cli.answer_output import print_answer, question_of
from pledgebook.cli.going_on import tell_commands
from pledgebook.cli.options import AsOf, Db, Donor, Format, Item, Recipient, TableFormat, examples
from pledgebook.cli.terminal import open_book

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "arrivals",
        epilog=examples(
            "pledgebook arrivals --recipient UKR --item tank",
            "pledgebook arrivals --by 2024-12 --as-of 2023-06-30",
            "pledgebook arrivals --item 155mm --fit kiel",
        ),
    )(arrivals)


def arrivals(
    *,
    recipient: Recipient = None,
    donor: Donor = None,
    item: Item = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="DATE", help="Up to this day: 2024-12-31, 2024-12. [default: a year on]"
        ),
    ] = None,
    fit: Annotated[
        str | None,
        typer.Option(
            "--fit",
            metavar="NAME",
            help="Learn the delays from an imported data set (or one release), not from reports.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The same seed draws the same arrivals.")
    ] = 1,
    as_of: AsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what promises will bring, and by when.

    For each promise that is not known to have come: the chance that it has without a report, and
    that it will by a day. Then what to expect of all donors together, item by item and month by
    month, and what all of this rests on. A promise is not a delivery, and one of unknown size is
    counted beside the sum.
    """
    from pledgebook.ledger.filters import Filter
    from pledgebook.reporting import arrivals_records as records
    from pledgebook.reporting import arrivals_table as shown
    from pledgebook.reporting.extras import require

    require("forecast", "a forecast of arrivals", ("scipy",))
    with open_book(db) as book:
        found = book.forecaster.arrivals(
            Filter(donor, recipient, item), by, as_of=as_of, release=fit, seed=seed
        )
        print_answer(
            book,
            form,
            question_of(donor, recipient, item, as_of, None),
            table=lambda names: shown.arrivals_table(found, names),
            records=[records.awaited_record(row, found) for row in found.rows],
            fields=records.ARRIVALS_FIELDS,
            parts=records.ARRIVALS_PARTS,
            more=records.arrivals_more(found),
        )
        if form is Format.TABLE:
            tell_commands(shown.arrivals_next(found))
