"""What the book says: `status`, `why`, `cite`, `documents`, `problems`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.answer_output import print_groups, question_of
from pledgebook.cli.listing import write_listing
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
from pledgebook.cli.planning import why_plan
from pledgebook.cli.terminal import console, open_book, write
from pledgebook.cli.valuing import Currency, add_converted, print_converted, valued
from pledgebook.errors import UsageError

if TYPE_CHECKING:
    from pledgebook.book import Book
    from pledgebook.ledger.status import StatusRow

__all__ = ["Style", "print_status", "register"]


class Style(StrEnum):
    """How a citation is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    JSON = "json"


class TextFormat(StrEnum):
    """How an explanation is written."""

    TEXT = "text"
    JSON = "json"


Id = Annotated[
    str, typer.Argument(metavar="ID", help="An id, or the beginning of one, as status shows it.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "status",
        epilog=examples(
            "pledgebook status --item 155mm --as-of 2024-06-30",
            "pledgebook status --by donor,month --recipient UKR",
            "pledgebook status --format csv > status.csv",
        ),
    )(status)
    app.command(
        "why",
        epilog=examples("pledgebook why f1c455b2", "pledgebook why c0a1b2c3 --format json"),
    )(why)
    app.command(
        "cite",
        epilog=examples("pledgebook cite s0a1b2c3", "pledgebook cite f1c455b2 --style bibtex"),
    )(cite)
    app.command(
        "documents",
        epilog=examples("pledgebook documents", "pledgebook documents --format json"),
    )(documents)
    app.command(
        "problems",
        epilog=examples("pledgebook problems", "pledgebook problems --format csv"),
    )(problems)


def status(
    *,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="LIST",
            help="Group by any of donor, recipient, item, category, supplier, stage, and month, "
            "quarter or year, with commas between.",
        ),
    ] = None,
    donor: Donor = None,
    recipient: Recipient = None,
    item: Item = None,
    currency: Currency = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show who asked for, pledged, ordered and delivered what.

    Stages stand side by side, with what is outstanding and whether it is overdue. One row for each
    donor, recipient and item; open its id with `pledgebook why`. Parties are named by code or name,
    items by designation, alias or category. Without a filter, what was said of output, stocks and
    use stands below. --by groups by other things.
    """
    if by is not None and currency is not None:
        raise UsageError("--by and --currency do not go together", mend="Use one of them")
    with open_book(db) as book:
        if by is not None:
            question = question_of(donor, recipient, item, as_of, recorded_as_of)
            print_groups(book, by, form, question)
            return
        rows = book.rows(
            donor=donor, recipient=recipient, item=item, as_of=as_of, recorded_as_of=recorded_as_of
        )
        levels = not (donor or recipient or item)
        print_status(
            book, rows, form, as_of=as_of, recorded_as_of=recorded_as_of, levels=levels,
            currency=currency,
        )  # fmt: skip


def print_status(
    book: Book,
    rows: list[StatusRow],
    form: Format,
    *,
    as_of: str | None = None,
    recorded_as_of: str | None = None,
    totals: bool = True,
    levels: bool = False,
    currency: str | None = None,
) -> None:
    """Print rows of the status, as a table for people or as data for machines.

    Data always comes with its totals, a table only where they are wanted. `levels` adds what was
    said of output, stocks and use, which is part of no commitment; `currency` the money in it.
    """
    from pledgebook.reporting import records
    from pledgebook.reporting.frames import titled
    from pledgebook.reporting.names import Names
    from pledgebook.reporting.observations import observation_record, observations_table
    from pledgebook.reporting.rounding import Rounded
    from pledgebook.reporting.status_table import NAMES_FROM, status_table
    from pledgebook.reporting.totals import category_totals

    ledger = book.ledger(as_of=as_of, recorded_as_of=recorded_as_of)
    rounded = Rounded(ledger.entries)
    told = ledger.observations if levels else ()
    valuer = book.valuer(currency, as_of=as_of, recorded_as_of=recorded_as_of) if currency else None
    values = valuer.rows(rows) if valuer is not None else []
    if form is Format.TABLE:
        out = console()
        names = Names(book.catalogue.parties, in_full=out.width >= NAMES_FROM)
        if rows:
            out.print(status_table(rows, names, rounded, width=out.width, totals=totals))
        else:
            out.print("No commitment in the book fits.")
            if sets := [one.dataset for one in book.releases() if one.current]:
                out.print(
                    "Imported data sets are not counted; beside the reports they stand in "
                    f"`pledgebook compare {sets[0]} --reports`.",
                    soft_wrap=True,
                )
        if rows and currency:
            print_converted(book, values, currency)
        if told:
            out.print(titled("Made, held and used up, as told", observations_table(told, names)))
        return
    found = [records.row_record(row, rounded) for row in rows]
    extra = add_converted(found, values, currency, form)
    if form is Format.CSV:
        write(records.status_csv(found, extra))
        return
    write(
        records.to_json(
            {
                "book": book.place,
                "as_of": as_of,
                "recorded_as_of": recorded_as_of,
                "today": ledger.today.isoformat(),
                "rows": found,
                "totals": [records.total_record(total) for total in category_totals(rows)],
                "observations": [observation_record(one) for one in told],
            }
        )
    )


def why(
    name: Id,
    *,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="Also what it is worth, and by what."),
    ] = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: Annotated[
        TextFormat,
        typer.Option("--format", "-f", help="How to write it.", case_sensitive=False),
    ] = TextFormat.TEXT,
    db: Db = None,
) -> None:
    """Open an id down to the sentences that it rests on.

    An id of a figure (f…), commitment (c…), statement (s…), document (d…) or judgement (j…), or the
    beginning of one. Each statement is shown with its quotation, its document, and why it was
    counted where it was; what contradicts it is shown too.
    """
    from pledgebook.reporting.why_tree import why_tree

    if name.startswith("plan:"):
        # A scenario that takes nothing from a book needs none.
        explanation = why_plan(name, db)
    else:
        with open_book(db) as book:
            explanation = book.why(name, as_of=as_of, recorded_as_of=recorded_as_of)
            if currency is not None:
                explanation = valued(
                    book, explanation, currency, as_of=as_of, recorded_as_of=recorded_as_of
                )
    if form is TextFormat.JSON:
        write(explanation.model_dump_json(indent=2) + "\n")
    else:
        console().print(why_tree(explanation))


def cite(
    name: Id,
    *,
    style: Annotated[
        Style, typer.Option("--style", help="How to write it.", case_sensitive=False)
    ] = Style.TEXT,
    db: Db = None,
) -> None:
    """Print a statement or a figure with its sources, to paste."""
    from pledgebook.reporting.plain import plain

    with open_book(db) as book:
        write(plain(book.cite(name, style.value)) + "\n")


def documents(*, form: TableFormat = Format.TABLE, db: Db = None) -> None:
    """List the documents of the book."""
    from pledgebook.reporting import listings, records

    with open_book(db) as book:
        found = book.documents()
        rows = [records.document_record(document) for document in found]
        write_listing(form, listings.documents(found), rows, records.DOCUMENT_FIELDS)


def problems(*, form: TableFormat = Format.TABLE, db: Db = None) -> None:
    """List every fault that reading met, oldest first."""
    from pledgebook.reporting import listings, records

    with open_book(db) as book:
        found = book.problems()
        rows = [records.problem_record(problem) for problem in found]
        write_listing(form, listings.problems(found), rows, records.PROBLEM_FIELDS)
