"""Of what `read --bulk` wrote, `bulk-ledger` makes a ledger; `import bulk` takes it to a book."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.bulk_reading import tls_files
from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import console, counted, open_book

if TYPE_CHECKING:
    from pledgebook.bulk.importing import BulkImport, ImportProgress
    from pledgebook.bulk.reconciling import LedgerProgress

__all__ = ["import_folder", "ledger_line", "register"]

_BETWEEN = 10.0
"""Seconds between two lines where nobody watches a terminal."""

_Say = Callable[[str, bool], None]


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "bulk-ledger",
        epilog=examples(
            "pledgebook bulk-ledger parts/",
            "pledgebook bulk-ledger parts/ --workers 8 -o ledger-2024/",
        ),
    )(bulk_ledger)


def bulk_ledger(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="What `read --bulk` wrote, by path or URL.")
    ],
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Where to write. [default: FOLDER/ledger]"
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="Processes. [default: all cores]"),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler that runs already."),
    ] = None,
    tls_ca: Annotated[
        str | None,
        typer.Option("--tls-ca", metavar="FILE", help="With --cluster tls://: the authority."),
    ] = None,
    tls_cert: Annotated[
        str | None,
        typer.Option("--tls-cert", metavar="FILE", help="With --cluster tls://: our certificate."),
    ] = None,
    tls_key: Annotated[
        str | None,
        typer.Option("--tls-key", metavar="FILE", help="With --cluster tls://: our key."),
    ] = None,
    db: Db = None,
) -> None:
    """Make the ledger of a bulk reading, as Parquet.

    The ledger is that of a book which has imported the folder today. No book is needed or changed:
    --db only says whose additions to the catalogue hold. Judgements need a book: `import bulk`.
    """
    from pledgebook.bulk.extra import require_extra
    from pledgebook.ledger.place import additions, default_place

    require_extra()
    from pledgebook.bulk.reconciling import reconcile_bulk

    with _telling() as say:
        made = reconcile_bulk(
            folder,
            output,
            cluster=cluster,
            workers=workers,
            tls=tls_files((tls_ca, tls_cert, tls_key)),
            additions=additions(db or default_place()),
            progress=lambda progress: say(ledger_line(progress), progress.done == progress.total),
        )
    out = console()
    out.print(
        f"{counted(made.commitments, 'commitment')} of {counted(made.statements, 'statement')}: "
        f"{counted(made.parts, 'part')}, {counted(made.checks, 'check')}"
    )
    out.print(f"In {made.place}, after {sum(made.seconds.values()):,.0f} s", soft_wrap=True)


def import_folder(folder: str, db: str | None) -> None:
    """Take what a bulk reading wrote into a book, and say what came of it."""
    from pledgebook.bulk.extra import require_extra
    from pledgebook.cli.reading import tell_problems

    require_extra()
    from pledgebook.bulk.folder import BulkFolder

    # Before the book is opened: a slip of the pen makes no new one.
    BulkFolder.open(folder)
    with open_book(db, make=True) as book, _telling() as say:
        report = book.import_bulk(
            folder, lambda progress: say(_import_line(progress), progress.done == progress.total)
        )
    _tell(report)
    tell_problems(report.told)


def ledger_line(progress: LedgerProgress) -> str:
    """Return "undertaking 3 of 12, 40 s"."""
    return f"{progress.stage} {progress.done:,} of {progress.total:,}, {progress.seconds:,.0f} s"


def _import_line(progress: ImportProgress) -> str:
    parts = [f"part {progress.done:,} of {progress.total:,}"]
    parts.append(counted(progress.documents, "document"))
    if progress.rate is not None:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(f"{progress.seconds_left:,.0f} s left")
    return ", ".join(parts)


def _tell(report: BulkImport) -> None:
    out = console()
    parts = [f"{report.new:,} new"]
    parts += [f"{report.reread:,} read anew"] if report.reread else []
    parts.append(f"{report.unchanged:,} unchanged")
    parts += [f"{report.kept:,} kept as this book read them"] if report.kept else []
    out.print(f"{counted(report.documents, 'document')}: {', '.join(parts)}")
    more = [f"{counted(report.statements, 'statement')} added"]
    more += [counted(report.places, "further place")] if report.places else []
    more += [f"{report.failed:,} documents could not be read"] if report.failed else []
    more += [counted(report.problems, "problem")] if report.problems else []
    out.print(", ".join(more))
    for note in report.notes:
        out.print(f"Note: {note}", soft_wrap=True)


@contextlib.contextmanager
def _telling() -> Iterator[_Say]:
    """Yield what shows how far it is: on a terminal in place, else a line now and then.

    It is told a line, and whether something is over.
    """
    err = console(err=True)
    if sys.stderr.isatty():
        with err.status("starting") as status:
            yield lambda line, _: status.update(line)
        return
    last = time.monotonic()

    def say(line: str, over: bool) -> None:
        nonlocal last
        if over or time.monotonic() - last >= _BETWEEN:
            last = time.monotonic()
            err.print(line, style="dim", soft_wrap=True)

    yield say
