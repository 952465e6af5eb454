"""Consoles, the book that a command is about, and progress."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pledgebook.cli.guard import say

if TYPE_CHECKING:
    from pledgebook.book import Book, ReadProgress
    from pledgebook.reporting.screen import Screen

__all__ = [
    "console",
    "counted",
    "open_book",
    "progress_bar",
    "shown_place",
    "tell_place",
    "working",
    "write",
]

_PASSWORD = re.compile(r"(://[^/@:]*):[^/@]*@")
_WIDTH_OF_A_FILE = 120
_REFRESH_SECONDS = 0.1


def console(*, err: bool = False) -> Screen:
    """Return a console; NO_COLOR holds, and output that is no terminal has a fixed width."""
    from pledgebook.reporting.screen import Screen

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    return Screen(stream, width)


def write(text: str) -> None:
    """Write to standard output in UTF-8, whatever the locale: for machines, not for eyes."""
    stream = sys.stdout.buffer
    # A lone surrogate has no UTF-8 form; JSON has none left here, and elsewhere it becomes "?".
    stream.write(text.encode("utf-8", "replace"))


def counted(number: int, noun: str) -> str:
    """Return "1 document", "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shown_place(place: str) -> str:
    """Return a path as a person writes it, with ~ for the home, or a URL without its password."""
    if "://" in place:
        return _PASSWORD.sub(r"\1:***@", place)
    with contextlib.suppress(RuntimeError, ValueError):
        return f"~/{Path(place).relative_to(Path.home())}"
    return place


def tell_place(place: str) -> None:
    """Say on standard error which book a command is about."""
    from pledgebook.reporting.plain import plain

    console(err=True).print(f"Book: {plain(shown_place(place))}", style="dim", soft_wrap=True)


@contextlib.contextmanager
def open_book(db: str | None, *, make: bool = False, quiet: bool = False) -> Iterator[Book]:
    """Open the book that a command is about, and say which it is; only `make` makes a new one.

    Where it can be read only, that is said. Raises BookError where there is none or it cannot be
    opened.
    """
    from pledgebook.book import Book, default_place
    from pledgebook.errors import BookError

    place = db or default_place()
    if not make and "://" not in place and not Path(place).expanduser().exists():
        raise BookError(
            "there is no book yet",
            where=shown_place(place),
            mend="Make one with `pledgebook read`, or name another one with --db",
        )
    with Book.open(place) as book:
        if not quiet:
            tell_place(book.place)
        if book.store.read_only is not None:
            say(book.store.read_only)
        yield book


@contextlib.contextmanager
def progress_bar(*, wanted: bool = True) -> Iterator[Callable[[ReadProgress], None]]:
    """Show a bar on standard error while a reading goes on, if that is a terminal.

    Yields a function that is to be told how far the reading is.
    """
    if not wanted or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    bar = Progress(
        SpinnerColumn(),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
        console=console(err=True),
        transient=True,
        refresh_per_second=1 / _REFRESH_SECONDS,
    )
    with bar:
        task = bar.add_task("starting", total=None)

        def tell(progress: ReadProgress) -> None:
            counts = f"{counted(progress.documents, 'document')}, "
            counts += counted(progress.statements, "statement")
            counts += f", {progress.cost}" if progress.cost else ""
            bar.update(
                task,
                completed=progress.bytes_done,
                total=progress.bytes_total,
                description=counts,
            )

        yield tell


@contextlib.contextmanager
def working(says: str) -> Iterator[None]:
    """Show on standard error that something is being worked at, if that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    with console(err=True).status(says):
        yield


def _say_nothing(_: ReadProgress) -> None:
    pass
