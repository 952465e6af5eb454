"""`read`: documents into the book, or to standard output."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pledgebook.cli import bulk_reading, coding
from pledgebook.cli.guard import FAILED, PROBLEMS
from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import console, counted, open_book, progress_bar, write

if TYPE_CHECKING:
    from pledgebook.book import ReadReport
    from pledgebook.errors import Problem
    from pledgebook.reading.coders import Coder
    from pledgebook.reading.llm.settings import LlmSettings
    from pledgebook.vocabulary.catalogue import Catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["register", "tell_problems"]

_EXAMPLES = examples(
    "pledgebook read reports/ --db aid.db",
    "pledgebook read documents.jsonl --coder learned --jsonl > statements.jsonl",
    "pledgebook read news/*.warc.gz --bulk -o tables/",
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
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Print how each sentence was read and store nothing."),
    ] = False,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Fetch URLs on the local network too.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show problems and nothing else.")
    ] = False,
    coder: coding.CoderName = None,
    llm_url: coding.Url = None,
    llm_model: coding.Model = None,
    llm_key_env: coding.KeyVariable = None,
    llm_concurrency: coding.Concurrency = None,
    llm_max_tokens: coding.MaxTokens = None,
    llm_max_cost: coding.MaxCost = None,
    llm_price_in: coding.PriceIn = None,
    llm_price_out: coding.PriceOut = None,
    llm_record: coding.RecordFolder = None,
    llm_replay: coding.ReplayFolder = None,
    llm_cache: coding.CacheFolder = None,
    no_llm_cache: coding.NoCache = False,
    bulk: bulk_reading.Bulk = False,
    output: bulk_reading.Output = None,
    workers: bulk_reading.Workers = None,
    cluster: bulk_reading.Cluster = None,
    tls_ca: bulk_reading.TlsCa = None,
    tls_cert: bulk_reading.TlsCert = None,
    tls_key: bulk_reading.TlsKey = None,
    no_near_copies: bulk_reading.NoNearCopies = False,
    batch_size: bulk_reading.BatchSize = None,
    document_seconds: bulk_reading.DocumentSeconds = None,
) -> None:
    """Read documents and keep what they state in the book.

    Text, HTML, PDF, DOCX, JSONL, CSV, XLSX and e-mail are read. Reading the same bytes again
    changes nothing. A document that cannot be read is reported; all the others are read.
    """
    day = _day(date)
    _one_way(jsonl=jsonl, explain=explain, bulk=bulk)
    tls = (tls_ca, tls_cert, tls_key)
    wishes = bulk_reading.BulkWishes(
        output, workers, cluster, tls, no_near_copies, batch_size, document_seconds,
        llm=any((llm_url, llm_model, llm_key_env, llm_concurrency, llm_max_tokens, llm_max_cost,
                 llm_price_in, llm_price_out, llm_record, llm_replay, llm_cache, no_llm_cache)),
    )  # fmt: skip
    if bulk:
        bulk_reading.read_in_bulk(
            sources, wishes,
            db=db, day=day, lang=lang, coder=coder, quiet=quiet, tell=tell_problems,
        )  # fmt: skip
        return
    wishes.refuse_without_bulk()
    asked = None
    if coder is not None and "llm" in coder:
        asked = coding.settings(
            key_variable=llm_key_env,
            no_cache=no_llm_cache,
            cache=llm_cache,
            url=llm_url,
            model=llm_model,
            concurrency=llm_concurrency,
            max_tokens=llm_max_tokens,
            max_cost=llm_max_cost,
            price_in=llm_price_in,
            price_out=llm_price_out,
            record=llm_record,
            replay=llm_replay,
        )
        if asked.only_records:
            _record(sources, asked, db=db, day=day, lang=lang, allow_local=allow_local, quiet=quiet)
            return
    with coding.chosen(coder, asked) as made:
        if jsonl:
            _print(sources, made, db=db, day=day, lang=lang, allow_local=allow_local, quiet=quiet)
        elif explain:
            _explain(sources, made, db=db, day=day, lang=lang, allow_local=allow_local)
        else:
            _keep(sources, made, db=db, day=day, lang=lang, allow_local=allow_local, quiet=quiet)


def _keep(
    sources: list[str],
    coder: Coder,
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
    quiet: bool,
) -> None:
    """Read documents into the book."""
    with open_book(db, make=True, quiet=quiet) as book, progress_bar(wanted=not quiet) as tell:
        report = book.read(
            sources, date=day, lang=lang, progress=tell, allow_local=allow_local, coder=coder
        )
    if not quiet:
        _summarise(report)
    _leave(tell_problems(report.problems), report.documents)


def _day(text: str | None) -> dt.date | None:
    from pledgebook.errors import UsageError

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        mend = "Write it as 2023-02-14"
        raise UsageError(f"{text!r} is no date", where="--date", mend=mend) from error


def _record(
    sources: list[str],
    asked: LlmSettings,
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
    quiet: bool,
) -> None:
    """Write the prompts of documents to a folder; nobody is asked, and nothing is stored."""
    from pledgebook.errors import Problem
    from pledgebook.reading.llm.coder import LlmReader

    reader = LlmReader(asked)
    catalogue = _catalogue(db)
    documents = written = failed = 0
    for found in _documents(sources, day=day, lang=lang, allow_local=allow_local):
        if isinstance(found, Problem):
            failed += tell_problems([found])
            continue
        documents += 1
        written += len(reader.record(found, catalogue))
    if not quiet:
        console().print(
            f"{counted(documents, 'document')}: {counted(written, 'prompt')} in {asked.record}",
            soft_wrap=True,
        )
    _leave(failed, documents)


def _catalogue(db: str | None) -> Catalogue:
    from pledgebook.ledger.place import additions, default_place
    from pledgebook.vocabulary.catalogue import load_catalogue

    return load_catalogue(additions(db or default_place()))


def _documents(
    sources: list[str],
    *,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
    advance: Callable[[int], None] | None = None,
    sized: Callable[[int | None], None] | None = None,
) -> Iterator[Document | Problem]:
    """Load documents one by one; `sized` is told how many bytes there are, where that is known."""
    from pledgebook.documents import FetchPolicy, expand, load
    from pledgebook.errors import Problem

    listed = list(expand(sources))
    named = [source for source in listed if not isinstance(source, Problem)]
    yield from (source for source in listed if isinstance(source, Problem))
    if sized is not None:
        sizes = [source.size for source in named]
        sized(None if None in sizes else sum(size or 0 for size in sizes))
    policy = FetchPolicy(allow_local=allow_local)
    yield from load(named, date=day, lang=lang, fetch=policy, advance=advance)


def _print(
    sources: list[str],
    coder: Coder,
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
    quiet: bool,
) -> None:
    """Read document by document to standard output; nothing is held that was printed."""
    from pledgebook.errors import Problem
    from pledgebook.ledger.attempt import attempt, unread
    from pledgebook.ledger.progress import ReadProgress
    from pledgebook.reading.ahead import read_ahead
    from pledgebook.reading.coders import StoppedError

    catalogue = _catalogue(db)
    total: int | None = None
    documents = statements = done = failed = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count

    def sized(size: int | None) -> None:
        nonlocal total
        total = size

    def read_one(found: Document | Problem) -> list[Statement] | Problem:
        return found if isinstance(found, Problem) else attempt(coder.read, found, catalogue)

    loaded = _documents(
        sources, day=day, lang=lang, allow_local=allow_local, advance=advance, sized=sized
    )
    with progress_bar(wanted=not quiet) as tell:
        try:
            for found, made in read_ahead(loaded, read_one, coder.workers):
                if isinstance(found, Problem) or isinstance(made, Problem):
                    failed += tell_problems([one for one in (made,) if isinstance(one, Problem)])
                    continue
                write(_line(found, made))
                failed += tell_problems(one for one in (unread(coder, found),) if one)
                documents += 1
                statements += len(made)
                cost = coder.session.progress()
                tell(ReadProgress(found.origin, documents, statements, failed, done, total, cost))
        except StoppedError as error:
            failed += tell_problems([Problem.from_error(error, code="stopped", source=coder.name)])
    if not quiet:
        for line in coder.session.report():
            console(err=True).print(line, soft_wrap=True)
    _leave(failed, documents)


def _one_way(*, jsonl: bool, explain: bool, bulk: bool) -> None:
    from pledgebook.errors import UsageError

    if bulk and (jsonl or explain):
        what = "--bulk writes tables and prints nothing"
        raise UsageError(what, where="--bulk", mend="Leave out --jsonl and --explain")
    if jsonl and explain:
        what = "--jsonl is for machines and --explain for eyes"
        raise UsageError(what, where="--explain", mend="Give one of the two")


def _explain(
    sources: list[str],
    coder: Coder,
    *,
    db: str | None,
    day: dt.date | None,
    lang: str | None,
    allow_local: bool,
) -> None:
    """Print document by document how it was read."""
    from pledgebook.cli.explaining import show_document, show_legend
    from pledgebook.errors import Problem
    from pledgebook.ledger.attempt import attempt, unread
    from pledgebook.reading.coders import StoppedError
    from pledgebook.reading.trace import tracing

    catalogue = _catalogue(db)
    out = console()
    documents = failed = 0
    try:
        for found in _documents(sources, day=day, lang=lang, allow_local=allow_local):
            if isinstance(found, Problem):
                failed += tell_problems([found])
                continue
            with tracing() as trace:
                made = attempt(coder.read, found, catalogue)
            if isinstance(made, Problem):
                failed += tell_problems([made])
                continue
            if not documents:
                show_legend(out)
            show_document(out, found, made, trace, coder.name)
            failed += tell_problems(one for one in (unread(coder, found),) if one)
            documents += 1
    except StoppedError as error:
        failed += tell_problems([Problem.from_error(error, code="stopped", source=coder.name)])
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
    for line in report.told:
        out.print(line, soft_wrap=True)


def tell_problems(problems: Iterable[Problem]) -> int:
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
