"""`judge export` and `judge import`: decisions out of one book and into another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import FAILED, PROBLEMS
from pledgebook.cli.options import Db, examples
from pledgebook.cli.terminal import console, counted, open_book

if TYPE_CHECKING:
    from pledgebook.errors import Problem
    from pledgebook.ledger.judgements import Judgement

__all__ = ["register", "tell_warnings"]

_SHOWN = 10


def register(group: typer.Typer) -> None:
    """Add the commands to the group of `judge`."""
    group.command(
        "export",
        epilog=examples(
            "pledgebook judge export -o judgements.jsonl",
            "pledgebook judge export --db aid.db > judgements.jsonl",
        ),
    )(export)
    group.command(
        "import",
        epilog=examples(
            "pledgebook judge import judgements.jsonl",
            "pledgebook judge import judgements.jsonl --db aid.db",
        ),
    )(import_)


def export(
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is the output.")
    ] = "-",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    db: Db = None,
) -> None:
    """Write all judgements as JSON lines, revocations too.

    They attach in any book that holds the same documents. Each quotes the words it is about.
    """
    with open_book(db) as book:
        count = book.export_judgements(output, force=force)
        console(err=True).print(f"Wrote {counted(count, 'judgement')}.")


def import_(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="A file of `judge export`; - is the input.")
    ],
    *,
    db: Db = None,
) -> None:
    """Bring in judgements from another book.

    Their ids, names and times are kept; the same file twice changes nothing. What is about
    documents that are not here waits until they are read. A bad line is told, the others come in.
    """
    from pledgebook.ledger.consequences import conflict_lines
    from pledgebook.reporting.plain import one_line

    with open_book(db) as book:
        done = book.import_judgements(Path(source))
        out = console()
        there = f"; {done.unchanged:,} {'was' if done.unchanged == 1 else 'were'} there already"
        out.print(
            f"Took {counted(len(done.new), 'judgement')}{there if done.unchanged else ''}.",
            soft_wrap=True,
        )
        _tell_stranded(done.stranded)
        known = {one.id: one for one in book.judgements()}
        tell_warnings(conflict_lines(done.conflicts, known))
        err = console(err=True)
        for problem in done.problems:
            err.print("error: ", style="red", end="")
            err.print(one_line(str(problem)), soft_wrap=True)
        _leave(done.problems, len(done.new) + done.unchanged)


def tell_warnings(lines: Iterable[str]) -> None:
    """Tell what a judgement did that whoever made it may not expect, on standard error."""
    from pledgebook.reporting.plain import one_line
    from pledgebook.reporting.why_tree import short_in

    err = console(err=True)
    for line in lines:
        err.print("note: ", style="yellow", end="")
        err.print(short_in(one_line(line)), soft_wrap=True)


def _tell_stranded(stranded: tuple[tuple[Judgement, str], ...]) -> None:
    if not stranded:
        return
    from pledgebook.reporting.why_tree import short_in

    number = len(stranded)
    have, their = ("has", "its") if number == 1 else ("have", "their")
    err = console(err=True)
    err.print(
        f"{counted(number, 'judgement')} {have} no force until {their} documents are read:",
        soft_wrap=True,
    )
    for judgement, why in stranded[:_SHOWN]:
        err.print(f"  {short_in(judgement.id)} ({judgement.kind.value}): {short_in(why)}")
    if number > _SHOWN:
        err.print(f"  and {number - _SHOWN} more: pledgebook judge list")


def _leave(problems: tuple[Problem, ...], taken: int) -> None:
    if problems:
        raise typer.Exit(PROBLEMS if taken else FAILED)
