"""How answers are written: a table for people, CSV or JSON for machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pledgebook.cli.options import Format
from pledgebook.cli.terminal import console, write

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pledgebook.book import Book
    from pledgebook.ledger.money.asking import Asked as Question
    from pledgebook.reporting.answer_cells import Parts
    from pledgebook.reporting.names import Names

__all__ = ["print_answer", "print_groups", "question_of"]


def print_groups(book: Book, by: str, form: Format, question: Question) -> None:
    """Print the status by some dimensions, such as "donor,month"."""
    from pledgebook.ledger.answers.grouping import dimensions
    from pledgebook.reporting import grouped_table as shown

    names = dimensions(by)
    rows = book.answers.rows(names, **question)
    if form is Format.CSV:
        _write_csv([shown.group_record(row, flat=True) for row in rows], shown.group_fields(names))
        return
    print_answer(
        book,
        form,
        question,
        table=lambda shown_as: shown.group_table(rows, names, shown_as, width=console().width),
        records=[shown.group_record(row) for row in rows],
        more={"by": list(names)},
    )


def question_of(
    donor: str | None,
    recipient: str | None,
    item: str | None,
    as_of: str | None,
    recorded_as_of: str | None,
) -> Question:
    """Return what a command was narrowed to, as a book takes it."""
    return {
        "donor": donor,
        "recipient": recipient,
        "item": item,
        "as_of": as_of,
        "recorded_as_of": recorded_as_of,
    }


def print_answer(
    book: Book,
    form: Format,
    question: Question,
    *,
    table: Callable[[Names], RenderableType],
    records: Sequence[dict[str, Any]],
    fields: Sequence[str] = (),
    parts: Parts | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """Print an answer: a table for people, CSV or JSON for machines."""
    from pledgebook.reporting.answer_cells import flat_fields, flat_record
    from pledgebook.reporting.names import Names
    from pledgebook.reporting.records import to_json
    from pledgebook.reporting.status_table import NAMES_FROM

    if form is Format.TABLE:
        out = console()
        out.print(table(Names(book.catalogue.parties, in_full=out.width >= NAMES_FROM)))
    elif form is Format.CSV:
        kept = parts or {}
        _write_csv([flat_record(one, kept) for one in records], flat_fields(fields, kept))
    else:
        times = {"as_of": question.get("as_of"), "recorded_as_of": question.get("recorded_as_of")}
        today = book.ledger(**times).today
        about = {"book": book.place, **times, "today": today.isoformat(), **(more or {})}
        write(to_json({**about, "rows": list(records)}))


def _write_csv(records: Sequence[dict[str, Any]], fields: Sequence[str]) -> None:
    from pledgebook.reporting.records import to_csv

    write(to_csv(records, fields))
