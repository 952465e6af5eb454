"""`series`: what was told of stocks, output and use, laid in time."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pledgebook.cli.answer_output import print_answer, question_of
from pledgebook.cli.going_on import tell_commands
from pledgebook.cli.options import AsOf, Db, Format, Item, TableFormat, examples
from pledgebook.cli.terminal import console, open_book, shown_place, write

if TYPE_CHECKING:
    from pledgebook.book import Book
    from pledgebook.forecasting.picking import Picked
    from pledgebook.forecasting.series import Series, SeriesBook
    from pledgebook.ledger.records import Entry
    from pledgebook.reporting.names import Names
    from pledgebook.vocabulary.statement import Per

__all__ = ["Measure", "Nature", "Period", "register"]


class Measure(StrEnum):
    """What a series tells of."""

    STOCK = "stock"
    PRODUCTION = "production"
    EXPENDITURE = "expenditure"
    DELIVERED = "delivered"


class Nature(StrEnum):
    """What sort of figures a series has."""

    ACTUAL = "actual"
    CAPACITY = "capacity"
    TARGET = "target"
    REQUIREMENT = "requirement"


class Period(StrEnum):
    """In which period a rate is told."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        "series",
        epilog=examples(
            "pledgebook series",
            "pledgebook series --item 155mm --party USA --per year",
            "pledgebook series --item 155mm --party USA --measure production --nature actual",
        ),
    )(series)


def series(
    which: Annotated[
        str | None, typer.Argument(metavar="ID", help="One series, by its id: shown whole.")
    ] = None,
    *,
    item: Item = None,
    party: Annotated[
        str | None,
        typer.Option("--party", metavar="PARTY", help="Only what this party has a part in."),
    ] = None,
    measure: Annotated[
        Measure | None, typer.Option("--measure", help="Only what tells of this.")
    ] = None,
    nature: Annotated[
        Nature | None, typer.Option("--nature", help="Only figures of this sort.")
    ] = None,
    per: Annotated[
        Period, typer.Option("--per", help="In which period rates are told.")
    ] = Period.MONTH,
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart", metavar="FILE", help="Draw one series: .png, .svg, .vl.json or .html."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a chart that is there.")] = False,
    as_of: AsOf = None,
    form: TableFormat = Format.TABLE,
    db: Db = None,
) -> None:
    """Show what was told of stocks, output and use.

    One line for each party, item and measure: the level now with its spread, how many figures and
    voices it rests on, and how old the newest is. What is made, what could be made and what
    is to be made stand apart, and each target has its chance. A single one is shown whole.
    """
    from pledgebook.forecasting.picking import Picked, pick_series
    from pledgebook.forecasting.series import Nature as SeriesNature
    from pledgebook.forecasting.series import SeriesMeasure
    from pledgebook.reporting.chart_files import check_charts, kind_of
    from pledgebook.reporting.extras import require
    from pledgebook.vocabulary.statement import Per

    require("forecast", "a level with its spread", ("scipy",))
    if chart is not None:
        check_charts()
        kind_of(chart)
    with open_book(db) as book:
        known = book.forecaster.series(as_of=as_of)
        if which is not None:
            picked = Picked((known.get(which.strip().casefold()),), (), ())
        else:
            picked = pick_series(
                known,
                item=item,
                party=party,
                measure=SeriesMeasure(measure.value) if measure else None,
                nature=SeriesNature(nature.value) if nature else None,
            )
        alone = len(picked.series) == 1 and (which is not None or item is not None)
        if alone:
            _whole(book, known, picked.series[0], form, as_of, Per(per.value))
        else:
            _list(book, known, picked, form, as_of, Per(per.value))
        if chart is not None:
            _draw(book, known, picked, chart, Per(per.value), force=force)


def _entries(book: Book, as_of: str | None) -> dict[str, Entry]:
    """Return the statements that series may rest on, by id."""
    from pledgebook.ledger.moments import to_day
    from pledgebook.ledger.told import observed
    from pledgebook.vocabulary.statement import Kind

    store = book.forecaster.store
    found = observed(store, as_of=to_day(as_of), kinds=frozenset(Kind))
    return {one.id: one for one in found}


def _list(
    book: Book, known: SeriesBook, picked: Picked, form: Format, as_of: str | None, per: Per
) -> None:
    from pledgebook.reporting import series_records as records
    from pledgebook.reporting import series_table as shown

    print_answer(
        book,
        form,
        question_of(None, None, None, as_of, None),
        table=lambda names: shown.series_table(picked, known, names, per),
        records=[records.series_record(one, known, per) for one in picked.series],
        fields=records.SERIES_FIELDS,
        parts=records.SERIES_PARTS,
        more=records.picked_more(picked, known),
    )
    if form is Format.TABLE:
        tell_commands(shown.series_next(picked))


def _whole(
    book: Book, known: SeriesBook, one: Series, form: Format, as_of: str | None, per: Per
) -> None:
    from pledgebook.reporting import series_page as shown
    from pledgebook.reporting import series_records as records
    from pledgebook.reporting.records import to_json

    entries = _entries(book, as_of)
    if form is Format.CSV:
        write(records.points_csv(one, entries, per))
    elif form is Format.JSON:
        write(to_json(records.whole_record(one, known, entries, per)))
    else:
        from pledgebook.reporting.status_table import NAMES_FROM

        out = console()
        names = _names(book, in_full=out.width >= NAMES_FROM)
        out.print(shown.series_page(one, known, names, entries, per=per, width=out.width))
        tell_commands(shown.series_page_next(one, known))


def _draw(
    book: Book, known: SeriesBook, picked: Picked, path: Path, per: Per, *, force: bool
) -> None:
    from pledgebook.errors import UsageError
    from pledgebook.forecasting.picking import beside, item_name
    from pledgebook.reporting.chart_files import save_chart
    from pledgebook.reporting.plain import plain
    from pledgebook.reporting.series_chart import series_chart

    told = [one for one in picked.series if one.has_band]
    if len(told) != 1:
        raise UsageError(
            f"a chart shows one level with its figures, and these are {len(told):,}",
            mend="Give the id of a series that is no target, or narrow it with --party and --item",
        )
    [one] = told
    drawn = series_chart(
        one,
        _names(book),
        item_name=item_name(one.key.item, book.catalogue),
        as_of=known.as_of,
        others=beside(known, one),
        per=per,
    )
    save_chart(drawn, path, force=force)
    console(err=True).print(f"Chart: {plain(shown_place(str(path)))}", style="dim", soft_wrap=True)


def _names(book: Book, *, in_full: bool = True) -> Names:
    from pledgebook.reporting.names import Names

    return Names(book.catalogue.parties, in_full=in_full)
