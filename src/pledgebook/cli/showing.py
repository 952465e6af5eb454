"""`demo`: the whole of it on documents that ship with the package."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.ahead import ASKED, tell_ahead
from pledgebook.cli.asking import print_status
from pledgebook.cli.options import Format, examples
from pledgebook.cli.terminal import console, progress_bar

if TYPE_CHECKING:
    from pledgebook.book import Book
    from pledgebook.ledger.commitments import Commitment

__all__ = ["register"]

_SHOWN_COMMITMENTS = 8


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "demo", epilog=examples("pledgebook demo", "pledgebook demo --keep ~/pledgebook-demo")
    )(demo)


def demo(
    *,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", metavar="DIR", help="Folder for the book. [default: a temporary one]"
        ),
    ] = None,
) -> None:
    """Show what it does, on documents that come with it.

    Reads them into a book, shows what they come to, and ends with the commands to try next.
    """
    from pledgebook.book import Book
    from pledgebook.demo import DOCUMENTS

    folder = keep.expanduser() if keep else Path(tempfile.mkdtemp(prefix="pledgebook-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "demo.db"
    out = console()
    out.print(
        "Pledgebook reads reports of what was asked, pledged, ordered and delivered. These were "
        "written for testing, on publicly reported facts.",
        style="italic",
    )
    started = time.perf_counter()
    with Book.open(place) as book:
        with progress_bar() as tell:
            # They lie beside the book, where they can be looked at.
            report = book.read(shutil.copy(DOCUMENTS, folder), progress=tell)
        rows = book.rows()
        seconds = time.perf_counter() - started
        out.print(
            f"\nRead {report.documents} documents in {seconds:.1f} s and found "
            f"{len(book.ledger().entries)} statements. Book: {place}\n",
            soft_wrap=True,
        )
        print_status(book, rows, Format.TABLE, totals=False)
        _tell_commitments(book)
        _tell_next(book, place, ahead=tell_ahead(book))


def _tell_commitments(book: Book) -> None:
    """Name the commitments that rest on reports of several documents."""
    from rich.table import Table
    from rich.text import Text

    from pledgebook.ledger.wording import commitment_line

    several = _several(book)
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for commitment in several[:_SHOWN_COMMITMENTS]:
        table.add_row(
            commitment.id[:8],
            f"{len(commitment.documents)} reports",
            Text(commitment_line(commitment)),
        )
    out = console()
    out.print("\nCounted once, told several times:", style="bold")
    out.print(table)
    rest = len(several) - _SHOWN_COMMITMENTS
    if rest > 0:
        out.print(f"and {rest} more", style="dim")


def _several(book: Book) -> list[Commitment]:
    found = [one for one in book.commitments() if len(one.documents) > 1]
    return sorted(found, key=lambda one: (-len(one.documents), -len(one.statements), one.id))


def _tell_next(book: Book, place: Path, *, ahead: bool) -> None:
    out = console()
    program, where = _program(), shlex.quote(str(place))
    several = _several(book)
    commands = [f"why {one.id[:8]}" for one in several[:1]]
    late = next((row for row in book.rows() if row.overdue), None)
    if late is not None:
        commands.append(f"why {late.id[:8]}")
    commands += [f"cite {one.id[:8]} --style markdown" for one in several[:1]]
    commands.append("status --recipient Ukraine --as-of 2023-03-01")
    if ahead:
        commands.append(ASKED)
    out.print("\nTry next:", style="bold")
    for command in commands:
        out.print(f"  {program} {command} --db {where}", soft_wrap=True)


def _program() -> str:
    """Return what to type to run this program again."""
    if shutil.which("pledgebook"):
        return "pledgebook"
    started = Path(sys.argv[0])
    if started.name != "pledgebook":
        return "python -m pledgebook"
    try:
        return shlex.quote(str(started.resolve().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(started))
