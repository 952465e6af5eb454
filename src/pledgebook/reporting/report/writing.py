"""Write a report to a file or to standard output, in any of its forms."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from pledgebook.errors import UsageError
from pledgebook.exchange.safely import new_file
from pledgebook.ledger.moments import to_day
from pledgebook.ledger.store import Store
from pledgebook.reporting.report.chromium import find_chromium, to_pdf
from pledgebook.reporting.report.html import check_html, to_html
from pledgebook.reporting.report.making import make_report
from pledgebook.reporting.report.markdown import to_markdown
from pledgebook.reporting.report.scope import ReportBook
from pledgebook.reporting.report.wishes import BRIEF, FORMS, Form, Limits, Paper, Reporting, Wishes

__all__ = ["Written", "form_of", "write_report"]

_STANDARD = "-"
_ENDINGS: Mapping[str, Form] = {
    ".html": "html",
    ".htm": "html",
    ".md": "md",
    ".markdown": "md",
    ".pdf": "pdf",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where to ("-" for standard output), in which form, and how large.

    `notes` and `sources` count what it holds; `left_out` says in sentences what had no room.
    """

    path: str
    form: Form
    size: int
    notes: int
    sources: int
    left_out: tuple[str, ...]


def form_of(path: str, form: str | None) -> Form:
    """Return the form to write, by its name or by the ending of the file. Raises UsageError."""
    if form is not None:
        for known in FORMS:
            if form == known:
                return known
        raise UsageError(f"a report has no form {form!r}", mend=f"One of: {', '.join(FORMS)}")
    if path == _STANDARD:
        return "html"
    found = _ENDINGS.get(Path(path).suffix.casefold())
    if found is None:
        raise UsageError(
            "the form of the report cannot be told from the ending of the file",
            where=path,
            mend=f"Give --format, or one of: {', '.join(_ENDINGS)}",
        )
    return found


def write_report(
    book: ReportBook, store: Store, path: str | Path, **how: Unpack[Reporting]
) -> Written:
    """Write a report and say what came of it.

    Raises UsageError where it cannot be made or written: before any work, where that can be known.
    """
    target, form = str(path), how.get("form")
    form = form_of(target, form)
    paper: Paper = how.get("paper", "a4")
    _check(target, form, paper, force=how.get("force", False))
    wishes = _wishes(how, BRIEF if form == "md" else Limits())
    report = make_report(book, store, wishes)
    wishes.stage("writing")
    if form == "md":
        content = to_markdown(report).encode("utf-8", "replace")
    elif form == "html":
        content = to_html(report).encode("utf-8", "replace")
    else:
        content = to_pdf(to_html(report, paper=paper))
    if target == _STANDARD:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        place = Path(target).expanduser()
        with new_file(place, force=how.get("force", False), never=_never(store)) as part:
            part.write_bytes(content)
    left = tuple(filter(None, (report.notes_more, report.sources_more)))
    return Written(target, form, len(content), len(report.notes), len(report.sources), left)


def _check(target: str, form: Form, paper: str, *, force: bool) -> None:
    """Refuse what cannot be written in the end, before anybody waits for it."""
    if form != "md":
        check_html()
    if paper not in ("a4", "letter"):
        raise UsageError(f"{paper!r} is no size of paper", mend="One of: a4, letter")
    if form == "pdf":
        find_chromium()
        if target == _STANDARD:
            raise UsageError("a PDF is not written to standard output", mend="Name a file with -o")
    elif target != _STANDARD and Path(target).expanduser().exists() and not force:
        raise UsageError(
            "it is there already", where=target, mend="Give another path, or --force to replace it"
        )


def _never(store: Store) -> tuple[Path, ...]:
    """Return the files that no report may take the place of: those of the book."""
    if "://" in store.place:
        return ()
    book = Path(store.place)
    beside = (book.with_name(f"{book.name}{part}") for part in ("-wal", "-shm", ".catalogue.toml"))
    return (book, *beside)


def _wishes(how: Reporting, limits: Limits) -> Wishes:
    plan, stage = how.get("plan"), how.get("stage")
    return Wishes(
        recipient=how.get("recipient"),
        donor=how.get("donor"),
        item=how.get("item"),
        as_of=to_day(how.get("as_of")),
        until=how.get("until"),
        since=to_day(how.get("since")),
        plan=None if plan is None else Path(plan).expanduser(),
        assume=how.get("assume"),
        title=how.get("title"),
        limits=limits,
        **({} if stage is None else {"stage": stage}),
    )
