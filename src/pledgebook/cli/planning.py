"""`plan`: what to draw down, order, build and buy together, and why the rest stays short."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.guard import FAILED, PROBLEMS, say
from pledgebook.cli.options import AsOf, Db, Format, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, shown_place, write
from pledgebook.errors import UsageError
from pledgebook.ledger.place import default_place

if TYPE_CHECKING:
    from pledgebook.ledger.explain import Explanation
    from pledgebook.planning.answer import PlanAnswer
    from pledgebook.planning.asking import Planner

__all__ = ["register", "why_plan"]

_FILES = (".csv", ".json", ".xlsx")


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "plan",
        epilog=examples(
            "pledgebook plan --init winter.toml --item 155mm --recipient UKR --until 2025-12",
            "pledgebook plan winter.toml --time-limit 60 --chart winter.svg",
            "pledgebook plan winter.toml --frontier 8 --compare summer.toml -o winter.xlsx",
        ),
    )(plan)


def plan(
    scenario: Annotated[
        Path | None, typer.Argument(metavar="SCENARIO", help="The scenario, a TOML file.")
    ] = None,
    *,
    gap: Annotated[
        float,
        typer.Option("--gap", metavar="SHARE", help="How far from the best is near enough: 0.01."),
    ] = 0.01,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit", metavar="SECONDS", help="Then the best plan so far, with its gap."
        ),
    ] = None,
    threads: Annotated[
        int, typer.Option("--threads", metavar="N", help="How many threads may search.")
    ] = 1,
    frontier: Annotated[
        int,
        typer.Option("--frontier", metavar="N", help="Also N points of spending against shortage."),
    ] = 0,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="SCENARIO", help="Also another plan beside it."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="All of it: .csv, .xlsx or .json."),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart", metavar="FILE", help="Also draw it: .png, .svg, .vl.json or .html."
        ),
    ] = None,
    no_chart: Annotated[
        bool, typer.Option("--no-chart", help="No charts among the words and tables.")
    ] = False,
    init: Annotated[
        Path | None,
        typer.Option(
            "--init", metavar="FILE", help="Write a scenario to begin with, from the book."
        ),
    ] = None,
    item: Annotated[
        list[str] | None,
        typer.Option("--item", metavar="ITEM", help="With --init: an item; again for another."),
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="PARTY", help="With --init: for whom.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="With --init: the last month, 2025-12."),
    ] = None,
    as_of: AsOf = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Plan what to draw down, order, build and buy together.

    By whom and when, at least cost; how good that is proved to be; and for each need that stays
    short the reason, what one more unit of each bottleneck would be worth, and what would close
    the gap. Ctrl-C, or the end of the time, gives the best plan so far. A book is needed only
    where the scenario takes figures from it; only what was published by --as-of counts, or by the
    first day of the plan.
    """
    from pledgebook.reporting.extras import require

    require("plan", "a plan", ("highspy", "scipy"))
    if init is not None:
        if scenario is not None:
            raise UsageError("--init writes a scenario and plans none", mend="Leave one out")
        _init(init, item, recipient, until, as_of, db=db, force=force)
        return
    if scenario is None:
        raise UsageError(
            "no scenario is named", mend="Give one, or begin one with `pledgebook plan --init FILE`"
        )
    _check_files(output, chart, force=force)
    with _planner(db) as planner, _all_faults():
        found = _searched(planner, scenario, compare, as_of, gap, time_limit, threads, frontier)
    _print(found, form, charts=not no_chart)
    if output is not None:
        _save(found, output, force=force)
    if chart is not None and found.found:
        _draw(found, chart, force=force)
    if not found.found:
        raise typer.Exit(PROBLEMS)


def why_plan(name: str, db: str | None) -> Explanation:
    """Open the id of a plan, or of a part of it, with or without a book."""
    from pledgebook.reporting.extras import require

    require("plan", "a plan", ("highspy", "scipy"))
    with _planner(db) as planner, _all_faults():
        return planner.why(name)


@contextlib.contextmanager
def _all_faults() -> Iterator[None]:
    """Tell every fault of a scenario on a line of its own, and not the first alone."""
    from pledgebook.planning.scenario.faults import ScenarioError

    try:
        yield
    except ScenarioError as error:
        for problem in error.problems:
            say(str(problem))
        raise typer.Exit(FAILED) from None


@contextlib.contextmanager
def _planner(db: str | None) -> Iterator[Planner]:
    """Give what makes plans; without a book where none is named and none is there."""
    from pledgebook.planning.asking import Planner
    from pledgebook.vocabulary.catalogue import load_catalogue

    place = default_place()
    if db is None and "://" not in place and not Path(place).expanduser().exists():
        yield Planner(load_catalogue(None))
        return
    with open_book(db) as book:
        yield book.planner


def _searched(
    planner: Planner,
    scenario: Path,
    compare: Path | None,
    as_of: str | None,
    gap: float,
    time_limit: float | None,
    threads: int,
    frontier: int,
) -> PlanAnswer:
    from pledgebook.cli.plan_progress import plan_progress

    with plan_progress() as progress:
        return planner.plan(
            scenario,
            compare=compare,
            as_of=as_of,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            frontier=frontier,
            progress=progress.hear,
            stage=progress.begin,
        )


def _init(
    path: Path,
    items: list[str] | None,
    recipient: str | None,
    until: str | None,
    as_of: str | None,
    *,
    db: str | None,
    force: bool,
) -> None:
    from pledgebook.exchange.safely import new_file
    from pledgebook.reporting.plain import plain

    lacking = [
        name
        for name, value in (("--item", items), ("--recipient", recipient), ("--until", until))
        if not value
    ]
    if not items or recipient is None or until is None:
        raise UsageError(
            f"--init needs {' and '.join(lacking)}",
            mend="As in: --init winter.toml --item 155mm --recipient UKR --until 2025-12",
        )
    with open_book(db) as book:
        text = book.planner.start(items, recipient, until, as_of=as_of)
    with new_file(path, force=force) as part:
        part.write_text(text, encoding="utf-8")
    out = console()
    out.print(f"Written: {plain(shown_place(str(path)))}", soft_wrap=True)
    todo = text.count("TODO")
    if todo:
        out.print(
            f"{todo} {'place says' if todo == 1 else 'places say'} TODO: what no report tells.",
            soft_wrap=True,
        )
    out.print("Plan it with:", style="dim")
    out.print(f"  pledgebook plan {plain(str(path))}", soft_wrap=True)


def _check_files(output: Path | None, chart: Path | None, *, force: bool) -> None:
    """Nobody waits for a plan that cannot be written in the end."""
    if output is not None and output.suffix.casefold() not in _FILES:
        raise UsageError(
            "a plan cannot be written to a file of this ending",
            where=str(output),
            mend=f"Give one of: {', '.join(_FILES)}",
        )
    if output is not None and output.suffix.casefold() == ".xlsx":
        from pledgebook.reporting.extras import require

        require("exchange", "a workbook", ("xlsxwriter",))
    if chart is not None:
        from pledgebook.reporting.chart_files import check_charts, kind_of

        check_charts()
        kind_of(chart)
    for path in (output, chart):
        if path is not None and path.exists() and not force:
            raise UsageError(
                "it is there already",
                where=str(path),
                mend="Give another path, or --force to replace it",
            )


def _print(found: PlanAnswer, form: Format, *, charts: bool) -> None:
    from pledgebook.cli.going_on import tell_commands
    from pledgebook.reporting.plan_records import plan_csv, plan_record
    from pledgebook.reporting.plan_terminal import plan_page
    from pledgebook.reporting.plan_words import plan_next
    from pledgebook.reporting.records import to_json

    if form is Format.CSV:
        write(plan_csv(found))
    elif form is Format.JSON:
        write(to_json(plan_record(found)))
    else:
        out = console()
        out.print(plan_page(found, width=out.width, charts=charts))
        tell_commands(plan_next(found))


def _save(found: PlanAnswer, path: Path, *, force: bool) -> None:
    from pledgebook.exchange.safely import new_file
    from pledgebook.reporting.plan_records import plan_csv, plan_record
    from pledgebook.reporting.plan_xlsx import save_workbook
    from pledgebook.reporting.records import to_json

    kind = path.suffix.casefold()
    if kind == ".xlsx":
        save_workbook(found, path, force=force)
    else:
        text = plan_csv(found) if kind == ".csv" else to_json(plan_record(found))
        with new_file(path, force=force) as part:
            part.write_bytes(text.encode("utf-8", "replace"))
    _tell("Written", path)


def _draw(found: PlanAnswer, path: Path, *, force: bool) -> None:
    from pledgebook.reporting.chart_files import save_chart
    from pledgebook.reporting.plan_chart import plan_chart

    save_chart(plan_chart(found), path, force=force)
    _tell("Chart", path)


def _tell(what: str, path: Path) -> None:
    from pledgebook.reporting.plain import plain

    shown = plain(shown_place(str(path)))
    console(err=True).print(f"{what}: {shown}", style="dim", soft_wrap=True)
