"""`judge added`, `judge coded` and `judge reopen`: what a person says of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.options import By, Db, Note, examples
from pledgebook.cli.terminal import console, counted, open_book

if TYPE_CHECKING:
    from pledgebook.vocabulary.statement import Statement

__all__ = ["register"]

DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of a document (d…).")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of `judge`."""
    group.command(
        "added",
        epilog=examples(
            'pledgebook judge added d0a1b2c3 --quote "Norway will send eight tanks" kind=pledge '
            '"item=tank/Leopard 2" actors=NOR recipient=UKR quantity=8',
            "pledgebook judge added d0a1b2c3 --from 120 --to 168 kind=stock item=tank actors=NOR",
        ),
    )(added)
    group.command(
        "coded",
        epilog=examples(
            "pledgebook judge coded d0a1b2c3",
            'pledgebook judge coded d0a1b2c3 --by "A. Clerk"',
        ),
    )(coded)
    group.command(
        "reopen",
        epilog=examples(
            "pledgebook judge reopen d0a1b2c3",
            'pledgebook judge reopen d0a1b2c3 --note "one paragraph was not read"',
        ),
    )(reopen)


def added(
    document: DocumentId,
    fields: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE", help="What it says; kind and item are needed."),
    ],
    *,
    quote: Annotated[
        str | None, typer.Option("--quote", metavar="TEXT", help="The words that show it.")
    ] = None,
    start: Annotated[
        int | None, typer.Option("--from", metavar="N", help="Or: the first character, from 0.")
    ] = None,
    end: Annotated[
        int | None, typer.Option("--to", metavar="N", help="And the one after the last.")
    ] = None,
    by: By = None,
    note: Note = "",
    db: Db = None,
) -> None:
    """Add a statement that the machine missed.

    Fields are written as for `correct`. The words must stand in the text once.
    """
    from pledgebook.cli.corrections import parse_changes, unknown_parties
    from pledgebook.errors import UsageError
    from pledgebook.reporting.plain import one_line
    from pledgebook.vocabulary.statement import Statement

    with open_book(db) as book:
        found = book.why(document)
        if found.kind != "document":
            raise UsageError(f"{document} is no document", mend="Give an id that begins with d")
        text = book.coding.text(found.id)
        span = _span(text, quote, start, end)
        parsed = parse_changes(fields, _blank(found.id, Statement), book.catalogue)
        for told in unknown_parties(parsed, book.catalogue):
            console(err=True).print(f"warning: {one_line(told)}", style="yellow", soft_wrap=True)
        if parsed.get("actors") is None:
            parsed["actors"] = ()
        made = book.add_statement(found.id, *span, parsed, by=by, note=note)
        name = made.subjects[0].statement
        console().print(
            f"{made.id[:12]}: added {name[:12]}. "
            f"Take it back with: pledgebook judge revoke {made.id[:12]}",
            soft_wrap=True,
        )


def _span(text: str, quote: str | None, start: int | None, end: int | None) -> tuple[int, int]:
    """Return the place of the words. Raises UsageError where it is not plain."""
    from pledgebook.errors import UsageError

    if quote is None:
        if start is None or end is None:
            raise UsageError("the words are not named", mend="Give --quote, or --from and --to")
        return start, end
    if start is not None or end is not None:
        raise UsageError("the words are named twice", mend="Give --quote, or --from and --to")
    count = text.count(quote) if quote else 0
    if count != 1:
        often = f"{count} times" if count else "nowhere"
        raise UsageError(
            f"these words stand {often} in the text",
            mend="Give more of them, letter by letter, or --from and --to",
        )
    place = text.index(quote)
    return place, place + len(quote)


def _blank(document: str, made: type[Statement]) -> Statement:
    """Return a statement that says nothing yet, for what is not typed of amounts and items."""
    from pledgebook.vocabulary.statement import Category, Evidence, Item, Kind

    return made(
        kind=Kind.PLEDGE,
        actors=(),
        item=Item(category=Category.OTHER),
        evidence=Evidence(document=document, start=0, end=1, quote="."),
    )


def coded(document: DocumentId, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that you are done with a document.

    The statements that you left standing are your coding of it.
    """
    with open_book(db) as book:
        made = book.coding.finish(document, by=by, note=note)
        count = len(made.subjects) - 1
        console().print(
            f"{made.id[:12]}: coded, with {counted(count, 'statement')}. "
            f"Take it back with: pledgebook judge revoke {made.id[:12]}",
            soft_wrap=True,
        )


def reopen(document: DocumentId, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Say that you are not done with a document after all.

    What you judged stays.
    """
    with open_book(db) as book:
        for made in book.coding.reopen(document, by=by, note=note):
            console().print(f"{made.id[:12]} takes back {(made.revokes or '')[:12]}")
