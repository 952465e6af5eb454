"""`report`: one page to send around, every figure of which opens down to its sentences."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pledgebook.cli.guard import say
from pledgebook.cli.options import AsOf, Db, Donor, Item, Recipient, examples
from pledgebook.cli.terminal import console, open_book, shown_place, working

__all__ = ["register"]

_KILO = 1_000


class Form(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MD = "md"
    PDF = "pdf"


class Paper(StrEnum):
    """The size of the pages of a PDF."""

    A4 = "a4"
    LETTER = "letter"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "report",
        epilog=examples(
            "pledgebook report -o report.html --recipient Ukraine --since 2024-01-01",
            "pledgebook report -o report.pdf --item 155mm --until 2025-12 --plan winter.toml",
            "pledgebook report -o - --format md --donor Germany",
        ),
    )(report)


def report(
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Where to: .html, .md, .pdf, or -."),
    ],
    form: Annotated[
        Form | None,
        typer.Option("--format", "-f", help="What to write. [default: by the ending of FILE]"),
    ] = None,
    recipient: Recipient = None,
    donor: Donor = None,
    item: Item = None,
    as_of: AsOf = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Also what changed since this day."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Also forecasts, up to this day: 2025-12."),
    ] = None,
    assume: Annotated[
        Path | None,
        typer.Option(
            "--assume", metavar="FILE", help="For the forecast of --item, assume what a file says."
        ),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="SCENARIO", help="Also the plan for a scenario, a file."),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What stands above it.")
    ] = None,
    paper: Annotated[
        Paper, typer.Option("--paper", help="The pages of a PDF.", case_sensitive=False)
    ] = Paper.A4,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    db: Db = None,
) -> None:
    """Write a report to send around.

    One page with the state of pledges, what is overdue, what changed, what contradicts itself,
    forecasts, a plan, sources and method. It asks nothing of the network and runs no script, and
    every figure opens to the sentences that it rests on. A PDF is printed by the Chromium or
    Chrome of this machine.
    """
    from pledgebook.forecasting.assumptions import load_assumptions
    from pledgebook.reporting.plain import plain

    assumptions = None if assume is None else load_assumptions(assume)
    with open_book(db) as book, working("Making the report."):
        made = book.report(
            output,
            form=None if form is None else form.value,
            recipient=recipient,
            donor=donor,
            item=item,
            as_of=as_of,
            since=since,
            until=until,
            assume=assumptions,
            plan=plan,
            title=title,
            paper=paper.value,
            force=force,
        )
    if made.path != "-":
        size = f"{made.size / _KILO:,.0f} kB"
        out = console(err=True)
        out.print(
            f"Written: {plain(shown_place(made.path))}, {size}; "
            f"notes: {made.notes:,}, sources: {made.sources:,}",
            soft_wrap=True,
        )
    for sentence in made.left_out:
        say(sentence)
