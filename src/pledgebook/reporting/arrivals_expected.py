"""What to expect of all donors together, as tables: by item, and month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.forecasting.arrivals import ArrivalsList, Expectation
from pledgebook.forecasting.forecast import Band
from pledgebook.reporting.amounts import NOT_KNOWN
from pledgebook.reporting.answer_cells import interval
from pledgebook.reporting.forecast_figures import grain, number
from pledgebook.reporting.frames import frame
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.status_cells import unit_note

__all__ = ["dim_lines", "expected_tables", "item_cell"]

_MOST_BY_MONTH = 3
_LEAST = 0.05


def item_cell(name: str, unit: str | None) -> Text:
    """Return an item with what it is counted in."""
    return Text(one_line(name)).append(unit_note(unit), style="dim")


def dim_lines(lines: Iterable[str]) -> Iterator[RenderableType]:
    """Yield notes, each on a line of its own."""
    for line in lines:
        yield Text(line, style="dim")


def _short(day: dt.date) -> str:
    return f"{day.day} {day:%b %y}"


def expected_tables(found: ArrivalsList, names: Names) -> Iterator[RenderableType]:
    """Yield what is expected of each item up to the day asked for, and by month where few are."""
    several = len({one.recipient for one in found.expected}) > 1
    yield Text("\nWhat to expect of all donors together", style="bold")
    table = frame()
    table.add_column("item", overflow="fold")
    if several:
        table.add_column("to", overflow="fold")
    table.add_column("pro-\nmises", justify="right", no_wrap=True)
    table.add_column("out-\nstanding", justify="right", no_wrap=True)
    table.add_column("here now,\nunreported", justify="right", no_wrap=True)
    table.add_column(f"comes by\n{_short(found.by)}", justify="right", no_wrap=True)
    table.add_column("on\naverage", justify="right", no_wrap=True)
    for one in found.expected:
        cells = [item_cell(_named(one, found.expected), one.unit)]
        if several:
            cells.append(Text(names.of(one.recipient) or "not said"))
        unknown = len(one.unknown)
        outstanding = interval(one.outstanding) if one.counted else ""
        if unknown:
            outstanding += f"{' + ' if outstanding else ''}{unknown} {NOT_KNOWN}"
        cells += [Text(f"{len(one.counted) + unknown:,}"), Text(outstanding)]
        if one.arrivals is None:
            cells += [Text(NOT_KNOWN), Text(NOT_KNOWN), Text(NOT_KNOWN)]
        else:
            cells += [
                _spread(one.arrivals.already, 0),
                _spread(one.arrivals.by, -1),
                Text(_mean(float(one.arrivals.by.mean[-1]))),
            ]
        table.add_row(*cells)
    yield table
    yield from dim_lines(_keys(found.expected))
    yield from _by_month(found)


def _keys(expected: Sequence[Expectation]) -> Iterator[str]:
    yield (
        "The median, and from the lowest to the highest of the middle 8 of 10 draws; what is here "
        "now, unreported, is not among what comes."
    )
    if any(one.unknown for one in expected):
        yield "What is of unknown size (n/k) comes on top, and is not zero."
    within = {name for one in expected for name in one.within}
    if within:
        parts = "1 promise lies" if len(within) == 1 else f"{len(within):,} promises lie"
        yield f"{parts} within another one of the same line, and is not added to it."
    if any(one.whole for one in expected):
        yield "“All kinds” are the lines below it together: do not add them to it."


def _spread(band: Band, step: int) -> Text:
    """Return a median and its range in whole things: nobody delivers half a tank."""
    low, middle, high = (float(ends[step]) for ends in (band.p10, band.p50, band.p90))
    to = max(grain(low, high), 1.0)
    text = Text(number(middle, to), style="bold")
    if low != high:
        text.append(f"\n{number(low, to)}–{number(high, to)}", style="not bold dim")
    return text


def _mean(value: float) -> str:
    """Return a mean, which may well be half a tank, to two figures."""
    if 0 < value < _LEAST:
        return f"<{_LEAST}"
    return number(value, grain(0.0, value))


def _named(one: Expectation, among: Sequence[Expectation]) -> str:
    """Return the name of a line; what is told of the kind alone is no sum of its models."""
    if one.whole:
        return f"{one.name}, all kinds"
    summed = any(other.whole and other.item == one.item for other in among)
    return f"{one.name}, no kind named" if summed else one.name


def _by_month(found: ArrivalsList) -> Iterator[RenderableType]:
    told = [one for one in found.expected if one.arrivals is not None]
    told = [one for one in told if one.whole] or told
    if len(told) > _MOST_BY_MONTH:
        yield from dim_lines(["By month: narrow it with --item, or take --format json."])
        return
    for one in told:
        title = f"\n{one_line(_named(one, found.expected))} by month"
        yield Text(title, style="bold").append(unit_note(one.unit))
        yield _months(found, one)


def _months(found: ArrivalsList, one: Expectation) -> Table:
    table = frame()
    table.add_column("month", no_wrap=True)
    table.add_column("comes in it,\non average", justify="right", no_wrap=True)
    table.add_column("in it,\n8 in 10", justify="right", no_wrap=True)
    table.add_column("since now,\nby its end", justify="right", no_wrap=True)
    table.add_column("8 in 10", justify="right", no_wrap=True)
    arrivals = one.arrivals
    assert arrivals is not None
    for step, first in enumerate(found.days[:-1]):
        last = found.days[step + 1] - dt.timedelta(days=1)
        each, since = _ends(arrivals.band, step), _ends(arrivals.by, step)
        table.add_row(
            Text(_month(first, last)),
            Text(_mean(float(arrivals.band.mean[step]))),
            Text(_range(each), style="dim"),
            Text(since[1], style="bold"),
            Text(_range(since), style="dim"),
        )
    return table


def _ends(band: Band, step: int) -> tuple[str, str, str]:
    values = tuple(float(ends[step]) for ends in (band.p10, band.p50, band.p90))
    to = max(grain(values[0], values[2]), 1.0)
    low, middle, high = (number(one, to) for one in values)
    return low, middle, high


def _range(ends: tuple[str, str, str]) -> str:
    return ends[0] if ends[0] == ends[2] else f"{ends[0]}–{ends[2]}"


def _month(first: dt.date, last: dt.date) -> str:
    """Return a month, with its days where it is not a whole one."""
    whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
    return f"{first:%b %Y}" if whole else f"{first.day}–{last.day} {first:%b %Y}"
