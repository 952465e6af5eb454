"""What was given, in one currency: `value`, and the money of `status` and `why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pledgebook.cli.options import AsOf, Db, Format, RecordedAsOf, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pledgebook.book import Book
    from pledgebook.ledger.explain import Explanation
    from pledgebook.ledger.money.values import ValueRow
    from pledgebook.ledger.stages import Stage
    from pledgebook.reporting.names import Names

__all__ = ["Currency", "add_converted", "print_converted", "register", "valued"]

Currency = Annotated[
    str | None,
    typer.Option(
        "--currency",
        metavar="CODE",
        help="Also show the money in this currency, by the rates of its day.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "value",
        epilog=examples(
            "pledgebook value --recipient UKR",
            "pledgebook value --currency USD --donor Norway --stage delivered",
            "pledgebook value --format csv > value.csv",
        ),
    )(value)


def value(
    *,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="In which currency.")
    ] = "EUR",
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
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            metavar="STAGE",
            help="Only this stage: asked, pledged, on_order or delivered.",
        ),
    ] = None,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what was promised and given, in one currency.

    Asked for, pledged, ordered and delivered: money is converted by the rate of its day, things are
    valued by the price lists that were imported. The two stand side by side, with what is not known
    beside the sums. Open an id with `pledgebook why ID --currency CODE` for rates, days, sources
    and price rows.
    """
    with open_book(db) as book:
        rows = book.value(
            currency,
            donor=donor,
            recipient=recipient,
            item=item,
            as_of=as_of,
            recorded_as_of=recorded_as_of,
        )
        if stage is not None:
            rows = [row for row in rows if row.stage is _stage(stage)]
        today = book.ledger(as_of=as_of, recorded_as_of=recorded_as_of).today
        asked = {
            "book": book.place,
            "as_of": as_of,
            "recorded_as_of": recorded_as_of,
            "today": today.isoformat(),
            "currency": currency.strip().upper(),
        }
        _print(book, rows, form, asked)


def _print(book: Book, rows: list[ValueRow], form: Format, asked: dict[str, Any]) -> None:
    from pledgebook.ledger.money.sums import sums
    from pledgebook.reporting.records import to_json
    from pledgebook.reporting.value_notes import value_notes
    from pledgebook.reporting.value_records import sum_record, value_csv, value_record
    from pledgebook.reporting.value_table import value_table

    if form is Format.CSV:
        write(value_csv(rows))
    elif form is Format.JSON:
        found = {"rows": [value_record(row) for row in rows]}
        below = {"sums": [sum_record(one) for one in sums(rows)], "notes": value_notes(rows)}
        write(to_json(asked | found | below))
    elif rows:
        out = console()
        out.print(value_table(rows, _names(book, out.width), asked["currency"]))
    else:
        console().print("No commitment in the book fits.")


def add_converted(
    records: list[dict[str, Any]], rows: Sequence[ValueRow], currency: str | None, form: Format
) -> list[str]:
    """Add the money of a status in one currency to its records; return the columns that are new."""
    from pledgebook.reporting.value_records import add_converted, converted_fields

    if currency is None:
        return []
    code = currency.strip().upper()
    add_converted(records, rows, code, flat=form is Format.CSV)
    return converted_fields(code)


def print_converted(book: Book, rows: Sequence[ValueRow], currency: str) -> None:
    """Print the money of a status in one currency, below its table."""
    from pledgebook.reporting.value_table import converted_table

    currency = currency.strip().upper()
    out = console()
    shown = converted_table(rows, _names(book, out.width), currency)
    out.print(shown if shown is not None else f"\nNo money was told that could be in {currency}.")


def valued(
    book: Book,
    explanation: Explanation,
    currency: str,
    *,
    as_of: str | None,
    recorded_as_of: str | None,
) -> Explanation:
    """Return an explanation that also says what each commitment is worth, and by what."""
    from pledgebook.ledger.money.explaining import with_values

    valuer = book.valuer(currency, as_of=as_of, recorded_as_of=recorded_as_of)
    return with_values(explanation, valuer)


def _names(book: Book, width: int) -> Names:
    from pledgebook.reporting.names import Names
    from pledgebook.reporting.status_table import NAMES_FROM

    return Names(book.catalogue.parties, in_full=width >= NAMES_FROM)


def _stage(text: str) -> Stage:
    from pledgebook.errors import UsageError
    from pledgebook.ledger.status import COUNTED

    wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
    for stage in COUNTED:
        if stage.value == wanted:
            return stage
    known = ", ".join(stage.value for stage in COUNTED)
    raise UsageError(f"there is no stage {text!r}", mend=f"One of: {known}")
