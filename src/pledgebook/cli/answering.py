"""Answers that people ask for: `overdue`, `lags`, `burden`, `coalition` and `asked`."""

from __future__ import annotations

from enum import StrEnum
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


class Gdp(StrEnum):
    """By which size of an economy a burden is reckoned."""

    NOMINAL = "nominal"
    PPP = "ppp"


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "overdue",
        epilog=examples(
            "pledgebook overdue", "pledgebook overdue --donor Germany --as-of 2024-01-31"
        ),
    )(overdue)
    app.command(
        "lags",
        epilog=examples("pledgebook lags", "pledgebook lags --by category --recipient UKR"),
    )(lags)
    app.command(
        "burden",
        epilog=examples("pledgebook burden", "pledgebook burden --gdp ppp --item financial-aid"),
    )(burden)
    app.command(
        "coalition",
        epilog=examples('pledgebook coalition "Leopard 2"', "pledgebook coalition F-16 -f json"),
    )(coalition)
    app.command(
        "asked",
        epilog=examples("pledgebook asked", "pledgebook asked --item tank --format csv"),
    )(asked)


def overdue(
    *,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what was promised by a day that has passed.

    Only what is not known to have come: the latest first, and of equal lateness the largest.
    Where a month or a year was promised, its last day counts.
    """
    from pledgebook.reporting import overdue_table as shown

    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        found = book.answers.overdue(**question)
        print_answer(
            book,
            form,
            question,
            table=lambda names: shown.overdue_table(found, names),
            records=[shown.overdue_record(row) for row in found.rows],
            fields=shown.OVERDUE_FIELDS,
            parts=shown.OVERDUE_PARTS,
            more={"on_time": found.on_time, "undated": found.undated},
        )


def lags(
    *,
    by: Annotated[
        str,
        typer.Option("--by", metavar="LIST", help="donor, recipient, item, category, supplier."),
    ] = "donor,category",
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show how long deliveries took, and what is still open.

    From the promise on: median, range and number of those that came; those that did not are
    counted beside them, with how long they have been awaited. No estimate is made of them.
    """
    from pledgebook.ledger.answers.grouping import dimensions
    from pledgebook.reporting import lags_table as shown

    names = dimensions(by)
    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        rows = book.answers.lags(names, **question)
        print_answer(
            book,
            form,
            question,
            table=lambda shown_as: shown.lags_table(rows, names, shown_as),
            records=[shown.lag_record(row) for row in rows],
            fields=shown.lag_fields(names),
            more={"by": list(names)},
        )


def burden(
    *,
    gdp: Annotated[
        Gdp, typer.Option("--gdp", help="Nominal, or at purchasing power parity.")
    ] = Gdp.NOMINAL,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what each donor gives for its GDP and per inhabitant.

    In US dollars, with the source and the year of GDP and population below. What has no price and
    no money is counted beside the sums and is not zero.
    """
    from pledgebook.reporting import burden_table as shown

    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        found = book.answers.burden(gdp.value, **question)
        measure, heads = shown.measures(found)
        print_answer(
            book,
            form,
            question,
            table=lambda names: shown.burden_table(found, names),
            records=[shown.burden_record(row, found) for row in (*found.states, *found.apart)],
            fields=shown.BURDEN_FIELDS,
            parts=shown.BURDEN_PARTS,
            more={
                "gdp": measure.model_dump(),
                "population": heads.model_dump(),
                "sources": list(found.sources),
            },
        )


def coalition(
    what: Annotated[str, typer.Argument(metavar="ITEM", help="An item or category, by its name.")],
    *,
    donor: Donor = None,
    recipient: Recipient = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show who has joined in giving an item, when, how many.

    The earliest first, with how far each is. Who only considers it, and who refused, stand apart.
    """
    from pledgebook.reporting import coalition_table as shown
    from pledgebook.reporting.grouped_table import group_fields

    question = question_of(donor, recipient, None, as_of, recorded_as_of)
    with open_book(db) as book:
        found = book.answers.coalition(what, **question)
        flat = form is Format.CSV
        parts = {"joined": found.joined, "considered": found.talk, "refused": found.refused}
        records = [
            shown.coalition_record(one, how, flat=flat)
            for how, rows in parts.items()
            for one in rows
        ]
        print_answer(
            book,
            form,
            question,
            table=lambda names: shown.coalition_table(found, names),
            records=records,
            fields=("id", "since", "how", *group_fields(("donor",))[1:]),
            more={"item": found.item, "parties": list(found.parties)},
        )


def asked(
    *,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show each request and the answer to it.

    Granted, in whole or in part, refused, or unanswered. A promise answers a request where it is
    for the same recipient and item, or a kind of it, and was first reported on that day or later.
    --donor narrows the answers, not the requests.
    """
    from pledgebook.reporting import asked_table as shown

    question = question_of(donor, recipient, item, as_of, recorded_as_of)
    with open_book(db) as book:
        rows = book.answers.asked(**question)
        print_answer(
            book,
            form,
            question,
            table=lambda names: shown.asked_table(rows, names),
            records=[shown.asked_record(row) for row in rows],
            fields=shown.ASKED_FIELDS,
            parts=shown.ASKED_PARTS,
        )
