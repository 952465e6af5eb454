"""The application: its commands, in the order in which they are shown."""

from __future__ import annotations

from typing import Annotated

import typer

from pledgebook.cli import (
    agreeing,
    answering,
    arrivals,
    asking,
    assisting,
    backing_up,
    bulk_ledger,
    changing,
    checking,
    exporting,
    forecasting,
    importing,
    judging,
    keeping,
    people,
    planning,
    reading,
    reporting,
    searching,
    series,
    serving,
    showing,
    valuing,
    watching,
)
from pledgebook.cli.guard import GuardedGroup, run
from pledgebook.cli.terminal import shown_place
from pledgebook.ledger.place import default_place

__all__ = ["app", "main"]

app = typer.Typer(
    name="pledgebook",
    cls=GuardedGroup,
    no_args_is_help=True,
    # Plain help: a rich one takes three times as long to show.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Turns public words about aid into a ledger: what was asked, pledged, ordered and "
        "delivered, every figure traced to its sentences.\n\n"
        f"The book is {shown_place(default_place())}; --db or PLEDGEBOOK_DB names another one."
    ),
    epilog=(
        "Try `pledgebook demo` first. Exit status: 0 done, 1 done with problems reported, 2 wrong "
        "usage or nothing could be done."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pledgebook {version('pledgebook')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


reading.register(app)
watching.register(app)
asking.register(app)
searching.register(app)
answering.register(app)
checking.register(app)
valuing.register(app)
forecasting.register(app)
planning.register(app)
reporting.register(app)
series.register(app)
arrivals.register(app)
changing.register(app)
judging.register(app)
agreeing.register(app)
importing.register(app)
bulk_ledger.register(app)
exporting.register(app)
keeping.register(app)
backing_up.register(app)
showing.register(app)
serving.register(app)
assisting.register(app)
people.register(app)


def main() -> None:
    """Run the command line and leave the process with its exit status."""
    run(app)
