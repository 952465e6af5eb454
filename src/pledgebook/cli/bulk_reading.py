"""`read --bulk`: many documents into a folder of Parquet tables, on all cores or a cluster."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import FAILED, PROBLEMS
from pledgebook.cli.terminal import console, counted

if TYPE_CHECKING:
    from pledgebook.bulk.report import BulkProgress, BulkReport
    from pledgebook.bulk.security import TlsFiles
    from pledgebook.errors import Problem

__all__ = [
    "BatchSize",
    "Bulk",
    "BulkWishes",
    "Cluster",
    "DocumentSeconds",
    "NoNearCopies",
    "Output",
    "TlsCa",
    "TlsCert",
    "TlsKey",
    "Workers",
    "progress_line",
    "read_in_bulk",
    "tls_files",
]

_BETWEEN = 10.0
"""Seconds between two lines where nobody watches a terminal."""
_HOUR, _MINUTE = 3600, 60

Bulk = Annotated[
    bool,
    typer.Option("--bulk", help="Read into Parquet tables, on all cores; resumable."),
]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FOLDER", help="With --bulk: where to write."),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, help="With --bulk: processes that read."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="With --bulk: a Dask scheduler."),
]
TlsCa = Annotated[
    str | None,
    typer.Option("--tls-ca", metavar="FILE", help="With --cluster tls://: the authority."),
]
TlsCert = Annotated[
    str | None,
    typer.Option("--tls-cert", metavar="FILE", help="With --cluster tls://: our certificate."),
]
TlsKey = Annotated[
    str | None,
    typer.Option("--tls-key", metavar="FILE", help="With --cluster tls://: our key."),
]
NoNearCopies = Annotated[
    bool,
    typer.Option("--no-near-copies", help="With --bulk: read near-copies like any other."),
]
BatchSize = Annotated[
    int | None,
    typer.Option("--batch-size", metavar="N", min=1, help="With --bulk: documents a batch, 100."),
]
DocumentSeconds = Annotated[
    float | None,
    typer.Option(
        "--document-seconds", metavar="S", min=0.1, help="With --bulk: time for a document, 60."
    ),
]


@dataclass(frozen=True, slots=True)
class BulkWishes:
    """The options of `read` that are for reading in bulk alone."""

    output: str | None
    workers: int | None
    cluster: str | None
    tls: tuple[str | None, str | None, str | None]
    no_near_copies: bool
    batch_size: int | None
    document_seconds: float | None
    llm: bool
    """Whether an option of the language model was given."""

    def refuse_without_bulk(self) -> None:
        """Raise UsageError where one of them is given and --bulk is not."""
        from pledgebook.errors import UsageError

        given = {
            "--output": self.output,
            "--workers": self.workers,
            "--cluster": self.cluster,
            "--tls-ca": self.tls[0],
            "--tls-cert": self.tls[1],
            "--tls-key": self.tls[2],
            "--no-near-copies": self.no_near_copies or None,
            "--batch-size": self.batch_size,
            "--document-seconds": self.document_seconds,
        }
        for name, value in given.items():
            if value is not None:
                raise UsageError("it is for reading in bulk", where=name, mend="Add --bulk")


def read_in_bulk(
    sources: list[str],
    wishes: BulkWishes,
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    coder: str | None,
    quiet: bool,
    tell: Callable[[Iterable[Problem]], int],
) -> None:
    """Read sources into a folder of tables, and say what came of it; `tell` tells problems."""
    from pledgebook.bulk.extra import require_extra
    from pledgebook.errors import UsageError
    from pledgebook.ledger.place import additions, default_place
    from pledgebook.reading import DEFAULT_CODER

    if wishes.output is None:
        raise UsageError(
            "reading in bulk needs a folder for its tables", where="--bulk", mend="Give -o FOLDER"
        )
    if wishes.llm:
        what = "in bulk only the environment says which model is asked, and on every worker"
        raise UsageError(what, where="--bulk", mend="Set PLEDGEBOOK_LLM_URL and the like there")
    require_extra()
    from pledgebook.bulk.reading import read_bulk

    with _progress(wanted=not quiet) as told:
        report = read_bulk(
            sources,
            wishes.output,
            cluster=wishes.cluster,
            workers=wishes.workers,
            tls=tls_files(wishes.tls),
            date=day,
            lang=lang,
            coder=coder or DEFAULT_CODER,
            additions=additions(db or default_place()),
            near_copies=not wishes.no_near_copies,
            batch_documents=wishes.batch_size or 100,
            document_seconds=wishes.document_seconds or 60.0,
            progress=told,
        )
    if not quiet:
        _summarise(report)
    tell(report.told)
    more = report.problems - len(report.told)
    if report.told and more > 0 and not quiet:
        console(err=True).print(f"{more:,} more in the table problems", style="dim")
    if report.errors:
        raise typer.Exit(PROBLEMS if report.documents else FAILED)


def progress_line(progress: BulkProgress) -> str:
    """Return "reading 12 of 40, 1,200 documents, 210 a second, 14 s left, 3 problems"."""
    parts = [f"{progress.stage} {progress.done:,} of {progress.total:,}"]
    if progress.documents:
        parts.append(counted(progress.documents, "document"))
    if progress.statements:
        parts.append(counted(progress.statements, "statement"))
    if progress.rate is not None:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(f"{_span(progress.seconds_left)} left")
    parts.append(counted(progress.problems, "problem"))
    return ", ".join(parts)


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole >= _HOUR:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _MINUTE} min {whole % _MINUTE} s" if whole >= _MINUTE else f"{whole} s"


@contextlib.contextmanager
def _progress(*, wanted: bool) -> Iterator[Callable[[BulkProgress], None] | None]:
    """Show how far it is: a bar on a terminal, else a line now and then."""
    if not wanted:
        yield None
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[BulkProgress], None]]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    err = console(err=True)
    bar = Progress(
        SpinnerColumn(),
        BarColumn(),
        TextColumn("{task.description}", markup=False),
        console=err,
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=None)
        linked = False

        def tell(progress: BulkProgress) -> None:
            nonlocal linked
            if progress.dashboard and not linked:
                linked = True
                err.print(f"Dashboard: {progress.dashboard}", style="dim", soft_wrap=True)
            bar.update(
                task,
                completed=progress.done,
                total=progress.total or None,
                description=progress_line(progress),
            )

        yield tell


def _lines() -> Callable[[BulkProgress], None]:
    told, stage, linked = time.monotonic(), "", False

    def tell(progress: BulkProgress) -> None:
        nonlocal told, stage, linked
        if progress.dashboard and not linked:
            linked = True
            console(err=True).print(f"Dashboard: {progress.dashboard}", soft_wrap=True)
        is_over = progress.done == progress.total and progress.total > 0
        if is_over or time.monotonic() - told >= _BETWEEN or (progress.stage != stage and told < 0):
            told, stage = time.monotonic(), progress.stage
            console(err=True).print(progress_line(progress), style="dim", soft_wrap=True)

    return tell


def tls_files(files: tuple[str | None, str | None, str | None]) -> TlsFiles | None:
    """Return the authority, certificate and key, None without any. Raises UsageError for a few."""
    from pledgebook.bulk.security import TlsFiles
    from pledgebook.errors import UsageError

    ca, cert, key = files
    if ca and cert and key:
        return TlsFiles(ca, cert, key)
    if ca or cert or key:
        what = "--tls-ca, --tls-cert and --tls-key belong together"
        raise UsageError(what, mend="Give all three")
    return None


def _summarise(report: BulkReport) -> None:
    out = console()
    out.print(
        f"{counted(report.documents, 'document')}: {report.copies:,} copies not read, "
        f"{report.failed:,} that could not be read"
    )
    done = f"{report.batches:,} anew, {report.kept:,} as they were"
    out.print(f"{counted(report.statements, 'statement')}; batches: {done}")
    if report.problems:
        errors, warnings = report.errors, report.problems - report.errors
        out.print(f"{counted(errors, 'problem')}, {counted(warnings, 'warning')}")
    out.print(f"In {report.place}, after {_span(report.seconds)}", soft_wrap=True)
