"""What is awaited, as a page for a terminal: each promise, what to expect, what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pledgebook.forecasting.arrivals import ArrivalsList, Awaited
from pledgebook.forecasting.learning import Learned
from pledgebook.reporting.answer_cells import KEY, interval
from pledgebook.reporting.arrivals_expected import dim_lines, expected_tables, item_cell
from pledgebook.reporting.caveat_lines import caveat_lines
from pledgebook.reporting.forecast_figures import day_phrase, percent
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.fulfilment_table import effect_lines, estimates_table
from pledgebook.reporting.names import Names

__all__ = ["arrivals_next", "arrivals_table", "told_median"]

_FAR = 5 * 365
_INDENT = (0, 0, 0, 2)


def arrivals_table(found: ArrivalsList, names: Names) -> RenderableType:
    """Return the whole page. Items are shown by month where there are few; JSON has all."""
    if not found.rows:
        nothing = f"Nothing that was promised is open on {found.as_of}, as far as reports tell."
        parts: list[RenderableType] = [Text(nothing)]
    else:
        parts = [*_promises(found, names), *expected_tables(found, names)]
        parts += _model(found, names)
    parts += caveat_lines(found.caveats, most=12)
    return Group(*parts)


def _promises(found: ArrivalsList, names: Names) -> Iterator[RenderableType]:
    several = len({row.commitment.recipient for row in found.rows}) > 1
    title = "Promised and not known to have come: the chances now, and by "
    yield Text(f"{title}{day_phrase(found.by)}", style="bold")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("item", overflow="fold")
    table.add_column("donor", overflow="fold")
    if several:
        table.add_column("to", overflow="fold")
    table.add_column("out-\nstanding", justify="right", no_wrap=True)
    table.add_column("due", overflow="fold", min_width=len("2023-04"))
    table.add_column("here\nnow", justify="right", no_wrap=True)
    table.add_column("any\nof it", justify="right", no_wrap=True)
    table.add_column("all\nof it", justify="right", no_wrap=True)
    table.add_column("even\nchance", no_wrap=True)
    short = short_ids([row.id for row in found.rows])
    for row in found.rows:
        one = row.commitment
        cells = [
            Text(short[row.id], style="dim"),
            item_cell(one.designation or one.category.value.replace("-", " "), one.unit),
            Text(names.of(", ".join(one.donors)), style="bold"),
        ]
        if several:
            cells.append(Text(names.of(one.recipient) or "not said"))
        late = "red" if one.overdue else ""
        cells += [
            Text(interval(row.left)),
            # A span ends when it ends: a promise for March to May was due in May.
            Text((one.promised or "no day").rpartition("/")[2], style=late or "dim"),
            Text(percent(row.arrived) + ("" if _sure(row) else "†")),
            Text(percent(row.any_by), style="bold"),
            Text(percent(row.all_by)),
            Text(told_median(row, found.as_of)),
        ]
        table.add_row(*cells)
    yield table
    yield from dim_lines(_keys(found))


def _sure(row: Awaited) -> bool:
    return row.open >= 0.995


def told_median(row: Awaited, as_of: dt.date) -> str:
    """Return the month by which a lot is there with an even chance; "later" where it is far."""
    if row.median is None:
        return "never so"
    if row.median <= as_of:
        return "now"
    return f"{row.median:%b %Y}" if (row.median - as_of).days <= _FAR else "later"


def _keys(found: ArrivalsList) -> Iterator[str]:
    yield KEY
    yield (
        "Here now: a lot of it (all, or a part that comes at once) has arrived without a report. "
        "Any, all: of what is left, by that day, with what may be here now. Even chance: of a lot."
    )
    told = {told_median(row, found.as_of) for row in found.rows}
    if "later" in told:
        yield "later: only in more than five years."
    if "never so" in told:
        yield "never so: that it comes at all is less likely than not."
    if not all(map(_sure, found.rows)):
        yield "† Whether anything is left is not known: the chances are given that something is."
    if any(row.commitment.overdue for row in found.rows):
        yield "Due is the last day of what was promised; red where it has passed."
    if found.own:
        orders = "1 open order is" if found.own == 1 else f"{found.own:,} open orders are"
        yield f"{orders} of parties for themselves, and left out."


def _model(found: ArrivalsList, names: Names) -> Iterator[RenderableType]:
    learned = found.learned
    model = learned.model
    yield Text("\nWhat the chances rest on", style="bold")
    yield Padding(Text(_learned_from(learned)), _INDENT)
    if learned.unused:
        more = f"{len(learned.unused):,} more gave no time: --format json says why."
        yield Padding(Text(more, style="dim"), _INDENT)
    donors = {donor for row in found.rows for donor in row.commitment.donors}
    categories = {row.commitment.category.value for row in found.rows}
    for line in effect_lines(model, names, donors, categories):
        yield Padding(Text(f"• {line}"), _INDENT)
    yield Text()
    yield estimates_table(model)
    note = "Learned from data: how much narrower than the prior; 0 % is the prior alone. --format "
    yield from dim_lines(
        [f"{note}json has all parameters, and the effect of each donor and category."]
    )


def _learned_from(learned: Learned) -> str:
    model = learned.model
    if not model.commitments:
        return (
            f"No promise in {learned.says} gives a time: the chances are those of a stated prior."
        )
    lots = "1 lot was" if model.lots == 1 else f"{model.lots:,} lots were"
    promises = "1 promise" if model.commitments == 1 else f"{model.commitments:,} promises"
    were = "was" if model.commitments == 1 else "were"
    return (
        f"How {promises} in {learned.says} {were} kept; of these, {lots} reported as delivered. As "
        "far as that does not tell, a stated prior."
    )


def arrivals_next(found: ArrivalsList) -> list[tuple[str, str]]:
    """Return commands that go on from here, each with what it shows."""
    if not found.rows:
        return []
    likeliest = max(found.rows, key=lambda row: (row.any_by, row.id))
    return [(f"pledgebook why {likeliest.id[:10]}", "the likeliest of them, down to its sentences")]
