"""`forecast`: when shelves run dry, what is missing, and what the answer rests on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.options import AsOf, Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, shown_place, working, write

if TYPE_CHECKING:
    from pledgebook.forecasting.assumptions import Assumptions
    from pledgebook.forecasting.forecast import Forecast
    from pledgebook.reporting.names import Names

__all__ = ["register"]

_DRAWS = 10_000


class Step(StrEnum):
    """How long the steps of a forecast are."""

    WEEK = "week"
    MONTH = "month"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "forecast",
        epilog=examples(
            "pledgebook forecast --item 155mm --recipient UKR --until 2024-12",
            "pledgebook forecast --item 155mm --recipient UKR --until 2024-12 --stock 300000",
            "pledgebook forecast --item tank --until 2025 --scenario cut --chart fan.svg",
        ),
    )(forecast)


def forecast(
    *,
    item: Annotated[
        str, typer.Option("--item", metavar="ITEM", help="An item or category, by its name.")
    ],
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="The last day: 2024-12-31, 2024-12.")
    ],
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="PARTY", help="Whose shelves.")
    ] = None,
    as_of: AsOf = None,
    step: Annotated[Step, typer.Option("--step", help="How long each step is.")] = Step.MONTH,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="steady, surge, cut, continued, required, pace, surge=2.5; again for another. "
            "[default: steady]",
        ),
    ] = None,
    stock: Annotated[
        str | None,
        typer.Option(
            "--stock", metavar="N", help="Assume what is held at the start: 200000-400000."
        ),
    ] = None,
    use: Annotated[
        str | None,
        typer.Option("--use", metavar="RATE", help="Assume what is used up: 110000/month."),
    ] = None,
    share_of_output: Annotated[
        float | None,
        typer.Option(
            "--share-of-output",
            metavar="SHARE",
            min=0.0,
            max=1.0,
            help="Assume which share of the givers' output arrives: 0.3.",
        ),
    ] = None,
    giver: Annotated[
        list[str] | None,
        typer.Option(
            "--giver",
            metavar="PARTY",
            help="Whose output counts; again for another. [default: who gave before]",
        ),
    ] = None,
    assume: Annotated[
        Path | None,
        typer.Option("--assume", metavar="FILE", help="Assume what a TOML file says."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", help="How many courses are drawn.")
    ] = _DRAWS,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The same seed draws the same courses.")
    ] = 1,
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart", metavar="FILE", help="Also draw it: .png, .svg, .vl.json or .html."
        ),
    ] = None,
    no_chart: Annotated[
        bool, typer.Option("--no-chart", help="No fans among the words and tables.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a chart that is there.")] = False,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Forecast stock, arrivals, use and gap.

    When it runs dry, what is missing and what moves the answer, each with its spread and its
    sources. What no report tells is not taken for zero: the page says what cannot be said, and
    what would mend it. What you assume stands beside every figure that rests on it.
    """
    from pledgebook.reporting.chart_files import check_charts, kind_of
    from pledgebook.reporting.extras import require

    require("forecast", "a forecast", ("numba", "scipy"))
    if chart is not None:
        # Nobody waits for a forecast that cannot be drawn in the end.
        check_charts()
        kind_of(chart)
    assumptions = _assumptions(assume, stock, use, share_of_output, giver)
    with open_book(db) as book:
        with working("Forecasting. The first time, this is compiled: half a minute."):
            found = book.forecast(
                item=item,
                recipient=recipient,
                until=until,
                as_of=as_of,
                step=step.value,
                scenarios=tuple(scenario or ("steady",)),
                assume=assumptions,
                draws=draws,
                seed=seed,
            )
        out = console()
        from pledgebook.reporting.names import Names
        from pledgebook.reporting.status_table import NAMES_FROM

        parties = book.catalogue.parties
        _print(found, Names(parties, in_full=out.width >= NAMES_FROM), form, charts=not no_chart)
        if chart is not None:
            _draw(found, Names(parties), chart, force=force)


def _assumptions(
    file: Path | None,
    stock: str | None,
    use: str | None,
    share_of_output: float | None,
    givers: list[str] | None,
) -> Assumptions:
    """Return what is assumed: a file's words, and options in place of them."""
    from pledgebook.forecasting.assumptions import (
        Assumptions,
        load_assumptions,
        parse_range,
        parse_rate,
    )

    told = Assumptions() if file is None else load_assumptions(file)
    return told.with_options(
        stock=None if stock is None else parse_range(stock),
        use=None if use is None else parse_rate(use),
        share_of_output=share_of_output,
        givers=tuple(givers) if givers else None,
    )


def _print(found: Forecast, names: Names, form: Format, *, charts: bool) -> None:
    from pledgebook.reporting.forecast_records import forecast_csv, forecast_record
    from pledgebook.reporting.forecast_terminal import forecast_next, forecast_page
    from pledgebook.reporting.records import to_json

    if form is Format.CSV:
        write(forecast_csv(found))
        return
    if form is Format.JSON:
        write(to_json(forecast_record(found)))
        return
    out = console()
    out.print(forecast_page(found, names, width=out.width, charts=charts))
    commands = forecast_next(found)
    if commands:
        out.print("\nGo on", style="bold")
    for command, shows in commands:
        out.print(f"  {shows}:", style="dim")
        # Not broken into lines of its own, so that it can be copied whole.
        out.print(f"  {command}", soft_wrap=True)


def _draw(found: Forecast, names: Names, path: Path, *, force: bool) -> None:
    from pledgebook.reporting.chart_files import save_chart
    from pledgebook.reporting.forecast_chart import forecast_chart
    from pledgebook.reporting.plain import plain

    save_chart(forecast_chart(found, names), path, force=force)
    console(err=True).print(f"Chart: {plain(shown_place(str(path)))}", style="dim", soft_wrap=True)
