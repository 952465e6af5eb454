"""One series whole, as a page for a terminal: its level month by month, and every figure."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.forecasting.picking import beside, item_name, standings
from pledgebook.forecasting.series import Hedge, Point, Series, SeriesBook
from pledgebook.ledger.records import Entry
from pledgebook.ledger.wording import units
from pledgebook.reporting.arrivals_expected import dim_lines
from pledgebook.reporting.caveat_lines import caveat_lines
from pledgebook.reporting.frames import frame
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.series_cells import (
    days_of_point,
    each,
    figure_as_told,
    heading,
    level_at,
    shown,
    voices,
)
from pledgebook.reporting.series_table import standing_table, targets_note
from pledgebook.vocabulary.statement import Per

__all__ = ["months_of", "series_page", "series_page_next"]

_UNMARKED = frozenset({Hedge.PLAIN, Hedge.APPROX})
_MOST_MONTHS = 30
_LEAST_BAR, _MOST_BAR = 16, 60
_LEVELS = 40
"""How wide the columns before the bar are."""
_MEDIAN, _MOST = "█", "░"
_OVER = 1.6
"""The bars reach no further than this times the highest figure: a band far from all has no end."""
_KEY = (
    f"{_MEDIAN} median   {_MOST} 8 times in 10   1, 2: the figures below   > goes on to the right"
)


def series_page(
    series: Series,
    book: SeriesBook,
    names: Names,
    entries: Mapping[str, Entry],
    *,
    per: Per,
    width: int,
) -> RenderableType:
    """Return the page; `entries` are the statements of the series, by id."""
    key = series.key
    whose = names.of(", ".join(key.parties))
    to = f" to {names.of(key.recipient)}" if key.recipient else ""
    head = f"{whose}{to}, {item_name(key.item, book.catalogue)} ({units(key.unit)})"
    title = heading(key.measure, key.nature, per)
    parts: list[RenderableType] = [
        Text(f"{head}. {title}", style="bold"),
        Text(_summary(series, book, per), style="dim"),
    ]
    if series.has_band:
        parts += [Text("\nMonth by month", style="bold"), _chart(series, book.as_of, per, width)]
        parts += dim_lines([_KEY])
    parts += [Text("\nFigures, as they were told", style="bold"), *_figures(series, entries, per)]
    for other in (series, *beside(book, series)):
        if standings(book, other):
            parts += [Text("\nTargets", style="bold"), standing_table(other, book, per)]
            parts += dim_lines([targets_note(book)])
    parts += caveat_lines(series.caveats)
    return Group(*parts)


def _summary(series: Series, book: SeriesBook, per: Per) -> str:
    level = level_at(series, book.as_of, per)
    if level is None:
        return "What is wanted is no level: it has no band."
    told = f"{len(series.tellings):,} figures" if len(series.tellings) > 1 else "1 figure"
    of = f"{voices(series):,} voices" if voices(series) > 1 else "1 voice"
    now = "none" if level.idle else shown(level.middle)
    band = f" ({level.range} 8 times in 10)" if level.range else ""
    return f"On {book.as_of}: {now}{band}, from {told} of {of}, the newest of {series.newest}."


def months_of(series: Series, as_of: dt.date) -> list[dt.date]:
    """Return the last days of the months from the first figure on, and `as_of` for the last."""
    day = min(point.first for point in series.points).replace(day=1)
    found = []
    while day <= as_of:
        after = (day + dt.timedelta(days=32)).replace(day=1)
        found.append(min(after - dt.timedelta(days=1), as_of))
        day = after
    return found or [as_of]


def _chart(series: Series, as_of: dt.date, per: Per, width: int) -> Table:
    """Return the level by month, its band as a bar on one scale, and the figures of the month."""
    months = months_of(series, as_of)
    every = math.ceil(len(months) / _MOST_MONTHS)
    # The last month is always there: it is the level of today.
    months = months[::-1][::every][::-1]
    by = each(series, per)
    columns = max(_LEAST_BAR, min(width - _LEVELS, _MOST_BAR))
    told = [end * by for point in series.points for end in (point.low, point.high) if end]
    levels = [level_at(series, day, per) for day in months]
    reach = max((one.high for one in levels if one is not None), default=0.0)
    top = min(reach, max(told, default=reach) * _OVER) or 1.0
    table = frame()
    table.add_column("month", no_wrap=True)
    table.add_column("level", justify="right", no_wrap=True)
    table.add_column("8 times in 10", justify="right", no_wrap=True)
    table.add_column(f"0 to {shown(top)}", no_wrap=True, justify="left")
    start = dt.date.min
    for day, level in zip(months, levels, strict=True):
        assert level is not None
        bar = _bar(level.low, level.middle, level.high, top, columns)
        for place, point in enumerate(series.points, start=1):
            # A figure stands in the row of the month that its middle lies in.
            if start < point.middle <= day:
                _mark(bar, str(place), _middle(point) * by / top)
        start = day
        middle = "none" if level.idle else shown(level.middle)
        name = f"{day:%b %Y}"
        table.add_row(name, Text(middle, style="bold"), level.range, Text("".join(bar)))
    return table


def _bar(low: float, middle: float, high: float, top: float, columns: int) -> list[str]:
    bar = [" "] * columns

    def column(value: float) -> int:
        return min(round(min(value / top, 1.0) * (columns - 1)), columns - 1)

    for place in range(column(low), column(high) + 1):
        bar[place] = _MOST
    if middle <= top:
        bar[column(middle)] = _MEDIAN
    if high > top:
        bar[-1] = ">"
    return bar


def _mark(bar: list[str], number: str, share: float) -> None:
    """Put the number of a figure where it stands; where another one does, just beside it."""
    place = min(round(min(share, 1.0) * (len(bar) - 1)), len(bar) - len(number))
    while place > 0 and any(one.isdigit() for one in bar[place : place + len(number)]):
        place -= 1
    bar[place : place + len(number)] = number


def _middle(point: Point) -> float:
    ends = [end for end in (point.low, point.high) if end is not None]
    return math.fsum(ends) / len(ends)


def _figures(series: Series, entries: Mapping[str, Entry], per: Per) -> Iterator[RenderableType]:
    table = frame()
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("of", overflow="fold")
    table.add_column("figure", overflow="fold")
    table.add_column("who told it", overflow="fold")
    table.add_column("told", no_wrap=True)
    table.add_column("id", no_wrap=True)
    by = each(series, per)
    for place, point in enumerate(series.points, start=1):
        entry = entries.get(point.statements[0])
        figure = Text(figure_as_told(point, entry, by, per), style="bold")
        if point.hedge not in _UNMARKED and series.has_band:
            figure.append(f", {point.hedge.value}", style="not bold yellow")
        table.add_row(
            f"{place}",
            Text(days_of_point(point)),
            figure,
            Text(_who(point, entry)),
            Text(point.told.isoformat(), style="dim"),
            Text(point.statements[0][:8], style="dim"),
        )
    yield table
    yield Text("\nTheir words", style="bold")
    words = Table.grid(padding=(0, 1))
    words.add_column(justify="right", style="dim", no_wrap=True)
    words.add_column(overflow="fold")
    for place, point in enumerate(series.points, start=1):
        words.add_row(f"{place}", Text(f"“{one_line(point.says)}”"))
    yield words


def _who(point: Point, entry: Entry | None) -> str:
    """Return the speaker and the outlet; the document where neither is known."""
    named = [one_line(one) for one in (point.speaker, entry.outlet if entry else None) if one]
    return ", ".join(named) or f"document {point.document[:8]}"


def series_page_next(series: Series, book: SeriesBook) -> Sequence[tuple[str, str]]:
    """Return commands that go on from here, each with what it shows."""
    found = [(f"pledgebook why {series.id[:8]}", "its figures down to their sentences")]
    for other in beside(book, series):
        kind = f"{other.key.nature.value} of the same"
        found.append((f"pledgebook series {other.id[:8]}", kind))
    return found
