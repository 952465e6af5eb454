"""`search`: documents, statements and commitments by words, names and fields."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pledgebook.cli.options import AsOf, Db, Format, RecordedAsOf, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, write

__all__ = ["register"]


class Kind(StrEnum):
    """What is looked for."""

    DOCUMENT = "document"
    STATEMENT = "statement"
    COMMITMENT = "commitment"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "search",
        epilog=examples(
            "pledgebook search leopard norway",
            "pledgebook search '\"air defence\" -patriot from:2023' --kind statement",
            "pledgebook search 'donor:Norway item:tank stage:delivered' --format json",
        ),
    )(search)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            help='Words, "phrases", begun*, -without, and fields such as donor:Norway.',
        ),
    ],
    *,
    kind: Annotated[
        list[Kind] | None,
        typer.Option("--kind", help="Look for these only; may be given again."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=1000, help="Hits on a page.")
    ] = 20,
    offset: Annotated[
        int, typer.Option("--offset", metavar="N", min=0, help="Hits to pass over first.")
    ] = 0,
    as_of: AsOf = None,
    recorded_as_of: RecordedAsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Look for words in documents, statements and commitments.

    All words have to be there, in any order; parties and items are known by all their names. Put a
    query with "quotes" or a leading minus into single quotes. Fields: donor, recipient, item, kind,
    stage, speaker, outlet, lang, type, from and to. What is no field is looked for as words.
    """
    from pledgebook.reporting import search_listing as shown
    from pledgebook.reporting.records import to_csv, to_json

    with open_book(db) as book:
        found = book.search(
            " ".join(words),
            kinds=[one.value for one in kind or ()],
            limit=limit,
            offset=offset,
            as_of=as_of,
            recorded_as_of=recorded_as_of,
        )
        match form:
            case Format.TABLE:
                console().print(shown.search_page(found))
            case Format.CSV:
                write(to_csv([shown.hit_record(hit) for hit in found.hits], shown.HIT_FIELDS))
            case Format.JSON:
                write(to_json({"book": book.place, **shown.found_record(found)}))
