"""What does not fit together: `contradictions` and `check`."""

from __future__ import annotations

from typing import Annotated

import typer

from pledgebook.cli.answer_output import print_answer, question_of
from pledgebook.cli.options import (
    AsOf,
    Db,
    Donor,
    Format,
    Item,
    Recipient,
    RecordedAsOf,
    TableFormat,
    examples,
)
from pledgebook.cli.terminal import open_book

__all__ = ["register"]

FOUND_ERRORS = 1


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "contradictions",
        epilog=examples("pledgebook contradictions", "pledgebook contradictions --donor USA"),
    )(contradictions)
    app.command(
        "check",
        epilog=examples("pledgebook check", "pledgebook check --release kiel --format json"),
    )(check)


def contradictions(
    *,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """List what reports say against each other, and where."""
    from pledgebook.reporting import findings_table as shown

    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        found = book.answers.contradictions(**question)
        entries = book.ledger(as_of=as_of, recorded_as_of=recorded_as_of).entries
        print_answer(
            book,
            form,
            question,
            table=lambda names: shown.contradictions_table(found, entries, names),
            records=[shown.clash_record(clash) for clash in found],
            fields=shown.CLASH_FIELDS,
        )


def check(
    *,
    release: Annotated[
        str | None,
        typer.Option(
            "--release",
            metavar="NAME",
            help="Check an imported data set (its newest release) or one release of it instead.",
        ),
    ] = None,
    stale_days: Annotated[
        int,
        typer.Option(
            "--stale-days", metavar="N", min=1, help="Days without news that make a promise stale."
        ),
    ] = 365,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Look for what cannot be so, or should be looked at.

    Totals against sums, more delivered than promised, quantities that nobody gives or that the
    money cannot buy, impossible dates, promises without news, and undertakings that may be one.
    Nothing is changed. Exit status 1 where errors were found.
    """
    from pledgebook.reporting import findings_table as shown

    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        found = book.answers.check(release=release, stale_days=stale_days, **question)
        subject = f"the release {release}" if release else "the book"
        print_answer(
            book,
            form,
            question,
            table=lambda _: shown.findings_table(found, subject),
            records=[shown.finding_record(one) for one in found],
            fields=shown.FINDING_FIELDS,
            more={"release": release},
        )
    if any(one.severity == "error" for one in found):
        raise typer.Exit(FOUND_ERRORS)
