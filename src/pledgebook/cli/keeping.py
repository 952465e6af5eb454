"""Keeping the book: `where`, `withdraw`, `restore`, `purge`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pledgebook.cli.guard import FAILED, say
from pledgebook.cli.options import By, Db, Note, examples
from pledgebook.cli.terminal import console, open_book, shown_place, write

__all__ = ["register"]

Document = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a document (d…), as `documents` shows it.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "where",
        epilog=examples("pledgebook where", "pledgebook where --db aid.db"),
    )(where)
    app.command(
        "withdraw",
        epilog=examples(
            "pledgebook withdraw d0a1b2c3",
            'pledgebook withdraw d0a1b2c3 --note "the outlet took it back"',
        ),
    )(withdraw)
    app.command(
        "restore",
        epilog=examples(
            'pledgebook restore d0a1b2c3 --note "it stands"',
            "pledgebook restore aid.backup restored.db",
            "pledgebook restore aid.backup --check",
        ),
    )(restore)
    app.command(
        "purge",
        epilog=examples(
            "pledgebook purge d0a1b2c3", "pledgebook purge d0a1b2c3 --yes --note copyright"
        ),
    )(purge)


def where(*, db: Db = None) -> None:
    """Print where the book is.

    And, on standard error, where your own additions to the catalogue of items and parties belong.
    """
    from pledgebook.ledger.place import additions, default_place

    place = db or default_place()
    write(shown_place(place) if "://" in place else str(Path(place).expanduser().absolute()))
    write("\n")
    if "://" in place:
        return
    err = console(err=True)
    path = Path(place).expanduser()
    size = f"{path.stat().st_size / 1e6:,.1f} MB" if path.exists() else "not made yet"
    err.print(f"Book: {size}", soft_wrap=True)
    beside = additions(place)
    own = beside or path.with_name(f"{path.stem}.catalogue.toml")
    state = "read" if beside else "none yet; make this file"
    err.print(f"Your items and parties: {shown_place(str(own))} ({state})", soft_wrap=True)


def withdraw(name: Document, *, by: By = None, note: Note = "", db: Db = None) -> None:
    """Hide a document and all that was read from it."""
    with open_book(db) as book:
        book.withdraw(name, by=by, note=note)
        console().print(f"Withdrawn. Show it again with: pledgebook restore {name}", soft_wrap=True)


def restore(
    name: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="Id of a withdrawn document (d…), or a file that `backup` wrote.",
        ),
    ],
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="BOOK", help="For a backup: the book to make, a path or a database URL."
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="For a backup: look whether it is whole, make nothing.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="For a backup: replace a book, which is kept beside it."),
    ] = False,
    by: By = None,
    note: Note = "",
    db: Db = None,
) -> None:
    """Show a withdrawn document, or restore a backup."""
    from pledgebook.cli.backing_up import check as check_backup
    from pledgebook.cli.backing_up import recover
    from pledgebook.errors import UsageError

    if check:
        check_backup(name)
        return
    if target is not None:
        recover(name, target, force=force)
        return
    if force or Path(name).is_file():
        raise UsageError(
            "the book to make from the backup is not named",
            where=name,
            mend=f"Give its path or URL: pledgebook restore {name} BOOK",
        )
    with open_book(db) as book:
        book.restore(name, by=by, note=note)
        console().print("Shown again.")


def purge(
    name: Document,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = None,
    note: Note = "",
    db: Db = None,
) -> None:
    """Erase the text of a document for ever.

    What was read from it goes too; a tombstone with its hashes stays.
    """
    from pledgebook.errors import UsageError
    from pledgebook.reporting.plain import one_line

    with open_book(db) as book:
        explanation = book.why(name)
        if explanation.kind != "document":
            raise UsageError(f"{name} is no document", mend="Give an id that begins with d")
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("purging cannot be undone", mend="Add --yes if you mean it")
            if not typer.confirm(f"Erase the text of {one_line(explanation.title)!r} for ever?"):
                say("nothing was erased")
                raise typer.Exit(FAILED)
        book.purge(explanation.id, by=by, note=note)
        console().print("Erased. Its hashes stay, and its bytes are not stored again.")
