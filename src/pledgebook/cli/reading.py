"""`read`: documents into the book, or to standard output."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pledgebook.cli.guard import FAILED, PROBLEMS
from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import console, counted, open_book, progress_bar, write

if TYPE_CHECKING:
    from pledgebook.book import ReadReport
    from pledgebook.errors import Problem
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["register"]

_EXAMPLES = examples(
    "pledgebook read reports/ --db aid.db",
    "pledgebook read https://www.government.no/press-release --date 2023-02-14",
    "pledgebook read documents.jsonl --jsonl > statements.jsonl",
)


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command("read", epilog=_EXAMPLES)(read)


def read(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files, folders, globs, http(s) URLs, or - for standard input.",
        ),
    ],
    *,
    db: Db = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="Day of publication of all the sources."),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="CODE", help="Language of all the sources, such as en."),
    ] = None,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Print a line of JSON for each document and store nothing."),
    ] = False,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Fetch URLs on the local network too.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show problems and nothing else.")
    ] = False,
) -> None:
    """Read documents and keep what they state in the book.

    Text, HTML, PDF, DOCX, JSONL, CSV, XLSX and e-mail are read. Reading the same bytes again
    changes nothing. A document that cannot be read is reported; all the others are read.
    """
    day = _day(date)
    if jsonl:
        _print(sources, db=db, day=day, lang=lang, allow_local=allow_local, quiet=quiet)
        return
    with open_book(db, make=True, quiet=quiet) as book, progress_bar(wanted=not quiet) as tell:
        report = book.read(sources, date=day, lang=lang, progress=tell, allow_local=allow_local)
    if not quiet:
        _summarise(report)
    _leave(_tell_problems(report.problems), report.documents)


def _day(text: str | None) -> dt.date | None:
    from pledgebook.errors import UsageError

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        mend = "Write it as 2023-02-14"
        raise UsageError(f"{text!r} is no date", where="--date", mend=mend) from error


def _print(
    sources: list[str],
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
    quiet: bool,
) -> None:
    """Read document by document to standard output; nothing is held that was printed."""
    from pledgebook.documents import FetchPolicy, expand, load
    from pledgebook.errors import Problem
    from pledgebook.ledger.attempt import attempt
    from pledgebook.ledger.place import additions, default_place
    from pledgebook.ledger.progress import ReadProgress
    from pledgebook.reading import read_document
    from pledgebook.vocabulary.catalogue import load_catalogue

    catalogue = load_catalogue(additions(db or default_place()))
    listed = list(expand(sources))
    named = [source for source in listed if not isinstance(source, Problem)]
    failed = _tell_problems(problem for problem in listed if isinstance(problem, Problem))
    sizes = [source.size for source in named]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    documents = statements = done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count

    policy = FetchPolicy(allow_local=allow_local)
    with progress_bar(wanted=not quiet) as tell:
        for found in load(named, date=day, lang=lang, fetch=policy, advance=advance):
            if isinstance(found, Problem):
                failed += _tell_problems([found])
                continue
            made = attempt(read_document, found, catalogue)
            if isinstance(made, Problem):
                failed += _tell_problems([made])
                continue
            write(_line(found, made))
            documents += 1
            statements += len(made)
            tell(ReadProgress(found.origin, documents, statements, failed, done, total))
    _leave(failed, documents)


def _line(document: Document, statements: Iterable[Statement]) -> str:
    record: dict[str, Any] = {"id": document.name or document.id}
    if document.url is not None:
        record["url"] = document.url
    record["date"] = document.date.isoformat() if document.date else None
    record["lang"] = document.lang
    record["statements"] = [statement.to_corpus() for statement in statements]
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8 form, but JSON has an escape for it.
        text = json.dumps(record)
    return text + "\n"


def _summarise(report: ReadReport) -> None:
    out = console()
    parts = [f"{report.new:,} new"]
    parts += [f"{report.reread:,} read anew"] if report.reread else []
    parts.append(f"{report.unchanged:,} unchanged")
    out.print(f"{counted(report.documents, 'document')}: {', '.join(parts)}")
    kinds = [
        f"{count:,} {kind.value}"
        for kind, count in sorted(report.kinds.items(), key=lambda item: (-item[1], item[0]))
    ]
    out.print(
        f"{counted(sum(report.kinds.values()), 'statement')}{': ' if kinds else ''}"
        + ", ".join(kinds)
    )
    errors = sum(problem.severity == "error" for problem in report.problems)
    warnings = len(report.problems) - errors
    if report.problems:
        out.print(f"{counted(errors, 'problem')}, {counted(warnings, 'warning')}")


def _tell_problems(problems: Iterable[Problem]) -> int:
    """Tell problems on standard error and return how many are more than warnings."""
    from pledgebook.reporting.plain import one_line

    err, errors = None, 0
    for problem in problems:
        err = err or console(err=True)
        is_error = problem.severity == "error"
        errors += is_error
        err.print(f"{problem.severity}: ", style="red" if is_error else "yellow", end="")
        err.print(one_line(str(problem)), soft_wrap=True)
    return errors


def _leave(failed: int, documents: int) -> None:
    """Leave with the status that a reading comes to; a warning alone is no failure."""
    if failed:
        raise typer.Exit(PROBLEMS if documents else FAILED)
