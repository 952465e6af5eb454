"""`watch`: feeds polled politely, and what is new in them read into the book."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli import coding
from pledgebook.cli.guard import FAILED, PROBLEMS, say
from pledgebook.cli.options import By, Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, counted, open_book, write
from pledgebook.errors import UsageError

if TYPE_CHECKING:
    from pledgebook.book import Book
    from pledgebook.documents.feeds.settings import FeedsFile
    from pledgebook.ledger.feeds.watched import PollReport
    from pledgebook.ledger.feeds.watcher import Watcher

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "watch",
        epilog=examples(
            "pledgebook watch feeds.toml",
            "pledgebook watch feeds.toml --once --db aid.db",
            "pledgebook watch --add https://example.org/feed.xml",
        ),
    )(watch)


def watch(
    feeds: Annotated[
        Path | None,
        typer.Argument(metavar="FEEDS", help="A file of feeds. [default: those of the book]"),
    ] = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Poll once what is due, and leave.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show the feeds, and poll none.")] = False,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="URL", help="Watch this feed too; again for another."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="FEED", help="Watch it no more; what was read stays."),
    ] = None,
    pause: Annotated[
        list[str] | None,
        typer.Option("--pause", metavar="FEED", help="Do not poll it until it is resumed."),
    ] = None,
    resume: Annotated[
        list[str] | None,
        typer.Option("--resume", metavar="FEED", help="Poll it again, also one that was gone."),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a file of feeds.")
    ] = False,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Fetch from the local network too.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show problems and nothing else.")
    ] = False,
    coder: coding.CoderName = None,
    by: By = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Poll feeds and read what is new in them.

    RSS, Atom and JSON Feed are read. Hosts are asked one request at a time, with pauses, and as
    their robots.txt allows. Without --once it goes on until Ctrl-C. It may be stopped at any
    instant, and several may run on one book: nothing is read twice, and nothing is lost.
    """
    from pledgebook.documents.feeds.feeds_file import feeds_schema, load_feeds
    from pledgebook.reporting.records import to_json

    if schema:
        write(to_json(feeds_schema()))
        return
    by_hand = bool(add or remove or pause or resume)
    if feeds is not None and by_hand:
        what = "a file says itself which feeds are watched"
        raise UsageError(what, where=str(feeds), mend="Change the file, or leave it out")
    with _all_faults(), open_book(db, make=bool(feeds or add), quiet=quiet) as book:
        file = load_feeds(feeds) if feeds is not None else None
        if by_hand:
            _change(book, add or (), remove or (), pause or (), resume or (), by)
        if listing or (by_hand and not once):
            _list(book, file, form)
            return
        _poll(book, file, coder, once=once, quiet=quiet, allow_local=allow_local, by=feeds)


@contextlib.contextmanager
def _all_faults() -> Iterator[None]:
    """Tell every fault of a file of feeds on a line of its own, and not the first alone."""
    from pledgebook.documents.feeds.feeds_file import FeedsError

    try:
        yield
    except FeedsError as error:
        for problem in error.problems:
            say(str(problem))
        raise typer.Exit(FAILED) from None


def _change(
    book: Book,
    add: Iterable[str],
    remove: Iterable[str],
    pause: Iterable[str],
    resume: Iterable[str],
    by: str | None,
) -> None:
    shelf = book.feeds
    for url in add:
        shelf.add(url, by=by)
    for name in remove:
        shelf.remove(name, by=by)
    for name in pause:
        shelf.pause(name, by=by)
    for name in resume:
        shelf.resume(name, by=by)


def _list(book: Book, file: FeedsFile | None, form: Format) -> None:
    from pledgebook.reporting.feeds_table import feed_records, feeds_table
    from pledgebook.reporting.records import to_json

    if form is Format.CSV:
        mend = "Write it as a table or as JSON"
        raise UsageError("feeds are not listed as CSV", where="--format", mend=mend)
    shelf = book.feeds
    found = shelf.list() if file is None else shelf.look_up(file.feeds)
    if form is Format.JSON:
        write(to_json(feed_records(found)))
    else:
        console().print(feeds_table(found, shelf.store.clock()))


def _poll(
    book: Book,
    file: FeedsFile | None,
    coder: str | None,
    *,
    once: bool,
    quiet: bool,
    allow_local: bool,
    by: Path | None,
) -> None:
    from pledgebook.ledger.feeds.watcher import Watcher

    tally = _Tally(quiet=quiet)
    watcher = Watcher(
        book,
        None if file is None else file.feeds,
        by=_author(by),
        allow_local=allow_local,
        coder=coder,
        contact=None if file is None else file.contact,
    )
    with watcher:
        if not watcher.feeds:
            mend = "Name some in a file, or add one: pledgebook watch --add URL"
            raise UsageError("no feed is watched", mend=mend)
        if once:
            watcher.once(tally.note)
            _tell_rest(watcher, tally)
        else:
            if not quiet:
                told = counted(len(watcher.feeds), "feed")
                console(err=True).print(f"Watching {told}; Ctrl-C ends it.", style="dim")
            watcher.run(tell=tally.note)
    if tally.errors:
        raise typer.Exit(PROBLEMS if tally.well else FAILED)


class _Tally:
    """Tells of polls as they end, and counts them."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.polled = self.well = self.errors = 0

    def note(self, report: PollReport) -> None:
        """Tell what one poll did."""
        from pledgebook.cli.reading import tell_problems
        from pledgebook.reporting.feeds_table import poll_line

        self.polled += 1
        self.well += report.outcome in ("new", "unchanged")
        if not self._quiet:
            console().print(poll_line(report), soft_wrap=True)
        self.errors += tell_problems(report.problems)


def _tell_rest(watcher: Watcher, tally: _Tally) -> None:
    """Say of how many feeds nothing was asked, since they are not due or not polled."""
    rest = len(watcher.feeds) - tally.polled
    if rest > 0:
        verb = "is" if rest == 1 else "are"
        what = f"{counted(rest, 'feed')} {verb} not due yet, or not polled: see --list"
        console(err=True).print(what, style="dim", soft_wrap=True)


def _author(path: Path | None) -> str | None:
    """Return as whose word the feeds of a file are written down."""
    return None if path is None else f"file {path.name}"
