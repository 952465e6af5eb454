"""`backup`, and the half of `restore` that makes a book from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import PROBLEMS
from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import console, counted, shown_place, working

if TYPE_CHECKING:
    from pledgebook.exchange.backups.manifest import Manifest

__all__ = ["check", "recover", "register"]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "backup",
        epilog=examples(
            "pledgebook backup -o aid-2026-11-23.backup",
            "pledgebook backup postgresql://me@db.example.org/aid -o aid.backup",
        ),
    )(backup)


def backup(
    book: Annotated[
        str | None,
        typer.Argument(metavar="BOOK", help="Path or database URL. [default: as --db says]"),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    db: Db = None,
) -> None:
    """Write all of a book to one file, and check it.

    Everything is in it, accounts and the hashes of passwords too: keep it as safe as the book.
    `pledgebook restore FILE BOOK` makes a book of it again, in a file or on a server.
    """
    from pledgebook.errors import UsageError
    from pledgebook.exchange.backups.making import back_up
    from pledgebook.ledger.place import default_place

    if book is not None and db is not None:
        raise UsageError("two books are named", mend="Leave out one of them")
    with working("Backing up ..."):
        made = back_up(book or db or default_place(), output, force=force)
    console().print(f"{_told(made)}: written and checked.", soft_wrap=True)


def recover(path: str, book: str, *, force: bool) -> None:
    """Make a book from a backup and tell of it."""
    from pledgebook.exchange.backups.restoring import restore_backup
    from pledgebook.reporting.plain import one_line

    with working("Restoring ..."):
        done = restore_backup(path, book, force=force)
    out, err = console(), console(err=True)
    out.print(
        f"{_told(done.manifest)}: restored to {shown_place(done.place)} and checked.",
        soft_wrap=True,
    )
    if done.replaced is not None:
        out.print(
            f"The book that was there is kept: {shown_place(str(done.replaced))}", soft_wrap=True
        )
    for problem in done.problems:
        err.print("warning: ", style="yellow", end="")
        err.print(one_line(str(problem)), soft_wrap=True)
    if done.problems:
        raise typer.Exit(PROBLEMS)


def check(path: str) -> None:
    """Go through a backup and tell of it."""
    from pledgebook.exchange.backups.restoring import check_backup

    with working("Checking ..."):
        found = check_backup(path)
    console().print(f"{_told(found)}: it is whole.", soft_wrap=True)


def _told(manifest: Manifest) -> str:
    documents = manifest.tables["documents"].rows
    return (
        f"{counted(manifest.rows, 'row')} of {counted(documents, 'document')}, as of "
        f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    )
