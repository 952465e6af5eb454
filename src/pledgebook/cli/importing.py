"""Data sets: `import`, `releases` and `compare`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import PROBLEMS
from pledgebook.cli.listing import write_listing
from pledgebook.cli.options import By, Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, counted, open_book
from pledgebook.errors import NotFoundError, SourceError, UsageError
from pledgebook.ledger.place import default_place, file_of

if TYPE_CHECKING:
    from pledgebook.book import Book
    from pledgebook.errors import Problem
    from pledgebook.exchange.beside import Beside
    from pledgebook.exchange.comparing import ReleaseDiff
    from pledgebook.exchange.importing import ImportReport

__all__ = ["register"]

_WHOLE_BOOKS = ("jsonl", "datapackage")
_FORMATS = (
    "kiel, fts, iati, sipri, table, prices; jsonl or datapackage for a whole book; bulk for what "
    "`read --bulk` wrote"
)
_FEW = 20


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        "import",
        epilog=examples(
            "pledgebook import kiel release-2022-10/ --name 2022-10 --check",
            "pledgebook import table aid.xlsx --suggest > aid.mapping.toml",
            "pledgebook import bulk parts/",
        ),
    )(import_data)
    app.command(
        "releases", epilog=examples("pledgebook releases", "pledgebook releases --format json")
    )(releases)
    app.command(
        "compare",
        epilog=examples(
            "pledgebook compare kiel",
            'pledgebook compare kiel 2022-10 --field "No. of Units"',
            "pledgebook compare kiel --reports --donor Norway",
        ),
    )(compare)


def import_data(
    form: Annotated[
        str, typer.Argument(metavar="FORMAT", help=f"What it is: {_FORMATS}.", show_default=False)
    ],
    source: Annotated[str, typer.Argument(metavar="FILE", help="A file, or a folder of files.")],
    *,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the release. [default: its own]"),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            "--published", metavar="DATE", help="The day up to which it tells. [default: its own]"
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset", metavar="NAME", help="The data set that it is of. [default: by its file]"
        ),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--mapping",
            metavar="NAME",
            help="For table: which column is what. [default: beside it]",
        ),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="For table: print a first mapping, store nothing.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="For kiel: also hold the rows against the sums published with them."
        ),
    ] = False,
    by: By = None,
    db: Db = None,
) -> None:
    """Bring in a data set as a named release.

    Its rows are kept beside the reports and compared with them, never added to them. A newer
    release supersedes the older one. The same file twice changes nothing.
    """
    if form.casefold() == "bulk":
        _bulk(source, db, name, published, dataset, mapping)
        return
    path = Path(source)
    from pledgebook.exchange.importing import read_release
    from pledgebook.exchange.restoring import check_whole
    from pledgebook.ledger.moments import to_day
    from pledgebook.ledger.place import additions
    from pledgebook.vocabulary.catalogue import load_catalogue

    if suggest:
        _suggest(form, path)
        return
    if check and form.casefold() != "kiel":
        raise UsageError("--check is for the format kiel", mend="Leave it out")
    if not path.expanduser().exists():
        # Before the book is opened: a slip of the pen makes no new one.
        raise SourceError("it is not there", where=str(path), mend="Check the path")
    if form.casefold() in _WHOLE_BOOKS:
        if _is_new(db):
            # What cannot be read makes no book.
            check_whole(path)
        with open_book(db, make=True) as book:
            failed = _restore(book, path)
    else:
        place = str(file_of(db or default_place()) or db)
        read = read_release(
            form.casefold(),
            path,
            load_catalogue(additions(place)),
            place,
            name=name,
            published=to_day(published),
            dataset=dataset,
            mapping=mapping,
        )
        with open_book(db, make=True) as book:
            report = book.imported.keep(read, by=by)
            failed = _tell(report)
            if check:
                failed = _check(book, report, path) or failed
    if failed:
        raise typer.Exit(PROBLEMS)


def _bulk(source: str, db: str | None, *release: str | None) -> None:
    from pledgebook.cli.bulk_ledger import import_folder

    if any(release):
        what = "what was read in bulk comes in as documents, not as a release"
        raise UsageError(what, mend="Leave out --name, --published, --dataset and --mapping")
    import_folder(source, db)


def _is_new(db: str | None) -> bool:
    file = file_of(db or default_place())
    return file is not None and not file.exists()


def releases(*, form: TableFormat = Format.TABLE, db: Db = None) -> None:
    """List the releases of data sets that were imported."""
    from pledgebook.reporting import releases as shown

    with open_book(db, quiet=form is not Format.TABLE) as book:
        found = book.releases()
        records = shown.release_records(found)
        write_listing(form, shown.releases(found), records, shown.RELEASE_FIELDS)


def compare(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A data set, such as kiel.")],
    other: Annotated[
        str | None,
        typer.Argument(metavar="RELEASE", help="An older release. [default: the one before]"),
    ] = None,
    *,
    reports: Annotated[
        bool, typer.Option("--reports", help="Compare it with what was read from reports.")
    ] = False,
    field: Annotated[
        str | None,
        typer.Option("--field", metavar="HEADER", help="Show what changed in this column."),
    ] = None,
    donor: Annotated[
        str | None,
        typer.Option("--donor", metavar="PARTY", help="With --reports: only this giver."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All rows, also those that only the release has.")
    ] = False,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what changed between two releases of a data set.

    With --reports: set its current release beside what was read from reports.
    The figures of a release and of the reports stand side by side: they are never added.
    """
    if donor is not None and not reports:
        raise UsageError("--donor narrows what --reports shows", mend="Add --reports")
    with open_book(db, quiet=form is not Format.TABLE) as book:
        if reports:
            _print_beside(book, dataset, other, donor, form, everything=everything)
        else:
            diff = book.imported.diff(dataset, other)
            if field is not None and not diff.has_column(field):
                raise NotFoundError(
                    f"no row that changed has a column {field!r}",
                    mend=f"See them with `pledgebook compare {dataset}`",
                )
            _print_diff(book, diff, field, form, everything=everything)


def _suggest(form: str, path: Path) -> None:
    from pledgebook.exchange.table import suggest_mapping

    if form.casefold() != "table":
        raise UsageError("--suggest is for the format table", mend="Leave it out")
    typer.echo(suggest_mapping(path), nl=False)


def _tell(report: ImportReport) -> bool:
    """Tell what came in; return whether there were errors."""
    out = console()
    day = f", up to {report.published}" if report.published else ""
    parts = [counted(report.rows, "row"), counted(report.statements, "statement")]
    if report.prices:
        parts.append(counted(report.prices, "price"))
    kinds = [
        f"{count:,} {kind.value}"
        for kind, count in sorted(report.kinds.items(), key=lambda one: (-one[1], one[0]))
    ]
    detail = f" ({', '.join(kinds)})" if kinds else ""
    out.print(f"{report.dataset} {report.name}{day}: {', '.join(parts)}{detail}", soft_wrap=True)
    if not report.new:
        out.print("It is in the book already: nothing changed.")
    elif not report.current:
        out.print("The book holds a release that tells of a later day: that one stays current.")
    elif report.supersedes:
        out.print(
            f"It supersedes {report.supersedes}. See what changed: "
            f"pledgebook compare {report.dataset}",
            soft_wrap=True,
        )
    for note in report.notes:
        out.print(f"Note: {note}", soft_wrap=True)
    return _tell_problems(report.problems)


def _tell_problems(problems: Sequence[Problem]) -> bool:
    from pledgebook.reporting.plain import one_line

    err = console(err=True)
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        style = "red" if problem.severity == "error" else "yellow"
        err.print(f"{problem.severity}: ", style=style, end="")
        err.print(one_line(str(problem)), soft_wrap=True)
    if problems:
        warnings = len(problems) - errors
        console().print(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return bool(errors)


def _check(book: Book, report: ImportReport, path: Path) -> bool:
    from pledgebook.reporting.releases import summary_lines

    check = book.imported.check(report.id, path)
    table, lines = summary_lines(check)
    out = console()
    if check.agreements:
        out.print("\nThe rows in the book beside the sums published with them:")
        out.print(table)
    for line in lines:
        out.print(line, soft_wrap=True)
    return bool(check.agreements) and not check.agrees


def _restore(book: Book, path: Path) -> bool:
    found = book.import_book(path)
    out = console()
    out.print(f"{sum(found.rows.values()):,} rows read, {sum(found.added.values()):,} new")
    if found.exact:
        out.print("The book is now the one that was exported.")
    if found.quotations_only:
        out.print(f"{counted(found.quotations_only, 'document')} came with their quotations only.")
    return _tell_problems(found.problems)


def _print_diff(
    book: Book, diff: ReleaseDiff, field: str | None, form: Format, *, everything: bool
) -> None:
    from pledgebook.reporting import releases as shown
    from pledgebook.reporting.names import Names

    if form is not Format.TABLE:
        write_listing(form, "", shown.change_records(diff), shown.CHANGE_FIELDS)
        return
    out = console()
    out.print(
        f"{diff.after.dataset}: from {diff.before.name} to {diff.after.name}: "
        f"{counted(len(diff.changed), 'row')} changed, {len(diff.added):,} added, "
        f"{len(diff.removed):,} removed, {diff.same:,} the same",
        soft_wrap=True,
    )
    if diff.absent:
        out.print(shown.absent_line(diff, Names(book.catalogue.parties)), soft_wrap=True)
    for words, columns in (("new", diff.new_columns), ("no longer there", diff.lost_columns)):
        if columns:
            out.print(f"Columns {words}: {', '.join(columns)}", soft_wrap=True)
    if field is not None:
        wanted = [
            row
            for row in diff.changed
            if any(one.field.casefold() == field.casefold() for one in row.fields)
        ]
        out.print(f"\n{counted(len(wanted), 'row')} changed in {field!r}:")
        out.print(shown.changed_rows(wanted if everything else wanted[:_FEW], field))
    elif everything:
        out.print(shown.changed_rows(list(diff.rows()), None))
    elif diff.changed:
        out.print(shown.changed_fields(diff, _FEW))
        if len(diff.fields) > _FEW:
            out.print(f"and {counted(len(diff.fields) - _FEW, 'more column')}")
        out.print('What a row said and says: --field "HEADER"; every change: --format csv')


def _print_beside(
    book: Book,
    dataset: str,
    release: str | None,
    donor: str | None,
    form: Format,
    *,
    everything: bool,
) -> None:
    from pledgebook.ledger.filters import Filter
    from pledgebook.reporting import releases as shown
    from pledgebook.reporting.names import Names

    found = book.imported.beside(dataset, release)
    if donor is not None:
        code = book.catalogue.find_party(donor)
        wanted = code.code if code else donor
        if code is None and not any(wanted in (one.donor or "").split(", ") for one in found):
            Filter(donor=donor).resolved((), book.catalogue)
        found = [one for one in found if wanted in (one.donor or "").split(", ")]
    if form is not Format.TABLE:
        write_listing(form, "", shown.beside_records(found), shown.BESIDE_FIELDS)
        return
    some = found if everything else [one for one in found if one.verdict != "only-release"]
    out = console()
    if some:
        out.print(shown.beside(some, Names(book.catalogue.parties)))
    _tell_verdicts(found, len(some))


def _tell_verdicts(found: Sequence[Beside], shown: int) -> None:
    from pledgebook.reporting.releases import VERDICTS

    out = console()
    counts: dict[str, int] = {}
    for one in found:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    said = [f"{count:,} {VERDICTS[verdict][0]}" for verdict, count in sorted(counts.items())]
    out.print(f"{counted(len(found), 'figure')}: {'; '.join(said)}", soft_wrap=True)
    if shown < len(found):
        out.print(f"{len(found) - shown:,} that only the release has are not shown: --all")
