"""The status as tables for a terminal: rows by donor and item, and what they come to.

A wide terminal gets names, and dates in a column of their own; a narrow one gets codes, and the
word "overdue" below the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.totals import OUTSTANDING, CategoryTotal
from pledgebook.reporting import amounts
from pledgebook.reporting.frames import frame, short_ids, titled
from pledgebook.reporting.names import Names
from pledgebook.reporting.rounding import Rounded
from pledgebook.reporting.status_cells import ASKED, COLUMNS, Cells, has, unit_note
from pledgebook.reporting.totals import category_totals

__all__ = ["NAMES_FROM", "status_table"]

NAMES_FROM = 110
"""The width of a terminal, in columns, from which on parties are shown by name."""

_DATES_FROM = 92
_ONE_LINE_FROM = 124
_LONGEST_WORD = 14
_HEADS = {column: column.replace("_", "\n") for column in COLUMNS} | {OUTSTANDING: "out-\nstanding"}
_TOTALS = "Totals: known low, known high, and how many are not known"
_UNCOUNTED = "Only considered, or refused: no promise, and not counted"
_KEY = (
    "n/k: not known. ≤4: up to four. ≥100: at least a hundred. ~: about. "
    "Stages stand side by side and are never added to each other."
)


def status_table(
    rows: Sequence[StatusRow], names: Names, rounded: Rounded, *, width: int, totals: bool = True
) -> RenderableType:
    """Return the rows as tables for a terminal that is `width` columns wide.

    Columns that would be empty are left out; what was only considered, or refused, counts as no
    promise and stands in a list below. `totals` adds the known low, the known high and the count of
    unknowns, by category and unit: nothing else can be added up.
    """
    cells = Cells(rows, names, rounded)
    promised: list[StatusRow] = []
    asked: list[StatusRow] = []
    talk: list[StatusRow] = []
    for row in rows:
        columns = [column for column in COLUMNS if has(row, column)]
        kept = talk if not columns else asked if columns == [ASKED] else promised
        kept.append(row)
    parts: list[RenderableType] = []
    if promised:
        parts.append(_promised(promised, cells, width))
    if asked:
        parts.append(titled("Asked for", _asked(asked, cells)))
    if talk:
        parts.append(titled(_UNCOUNTED, _talk(talk, cells)))
    if totals and len(promised) + len(asked) > 1:
        parts.append(titled(_TOTALS, _totals(promised + asked)))
    parts.append(Text(f"\n{_KEY}", style="dim"))
    return Group(*parts)


def _promised(rows: Sequence[StatusRow], cells: Cells, width: int) -> Table:
    columns = _reached(rows)
    has_dates = width >= _DATES_FROM and any(row.promised is not None for row in rows)
    table = _table("donor", rows, cells)
    _add_figures(table, columns)
    if has_dates:
        table.add_column("due", no_wrap=True)
    short = short_ids([row.id for row in rows])
    previous: str | None = None
    for row in rows:
        giver = cells.giver(row)
        table.add_row(
            Text(short[row.id], style="dim"),
            Text("") if giver == previous else Text(giver, style="bold"),
            Text(cells.taker(row)),
            cells.item(row),
            *(cells.figure(row, column, marked=not has_dates) for column in columns),
            *([cells.due(row, " " if width >= _ONE_LINE_FROM else "\n")] if has_dates else []),
        )
        previous = giver
    return table


def _asked(rows: Sequence[StatusRow], cells: Cells) -> Table:
    table = _table("who asks", rows, cells)
    _add_figures(table, [ASKED])
    short = short_ids([row.id for row in rows])
    for row in rows:
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(cells.giver(row), style="bold"),
            Text(cells.taker(row)),
            cells.item(row),
            cells.figure(row, ASKED, marked=False),
        )
    return table


def _talk(rows: Sequence[StatusRow], cells: Cells) -> Table:
    table = _table("donor", rows, cells)
    table.add_column("considered", justify="right", no_wrap=True)
    table.add_column("refused", justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    for row in rows:
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(cells.giver(row), style="bold"),
            Text(cells.taker(row)),
            cells.named(row),
            cells.talk(row, Stage.CONSIDERED),
            cells.talk(row, Stage.REFUSED),
        )
    return table


def _table(giver: str, rows: Sequence[StatusRow], cells: Cells) -> Table:
    """Return a table with the columns that all have: id, giver, taker and item."""
    givers, takers = map(cells.giver, rows), map(cells.taker, rows)
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column(giver, overflow="fold", min_width=_longest_word(givers), max_width=20)
    table.add_column("to", overflow="fold", min_width=_longest_word(takers), max_width=16)
    table.add_column("item", overflow="fold", min_width=12)
    return table


def _longest_word(texts: Iterable[str]) -> int:
    lengths = [len(word) for text in texts for word in text.split()]
    return min(max(lengths, default=0), _LONGEST_WORD)


def _reached(rows: Sequence[StatusRow]) -> list[str]:
    """Return the columns in which any of the rows has something."""
    return [column for column in COLUMNS if any(has(row, column) for row in rows)]


def _add_figures(table: Table, columns: Iterable[str]) -> None:
    for column in columns:
        table.add_column(_HEADS[column], justify="right", no_wrap=True)


def _totals(rows: Sequence[StatusRow]) -> Table:
    """Return the known low, the known high and the count of unknowns, by category and unit."""
    columns = _reached(rows)
    table = frame()
    table.add_column("category", overflow="fold", min_width=12)
    table.add_column("")
    _add_figures(table, columns)
    for total in category_totals(rows):
        unit = (unit_note(total.unit), "dim")
        name = Text.assemble(total.category.replace("-", " "), unit)
        low, high, unknown = (
            [_end(total, column, part) for column in columns] for part in ("low", "high", "unknown")
        )
        lines = [("low, high", low)] if low == high else [("low", low), ("high", high)]
        if any(cell.strip("0") for cell in unknown):
            lines.append(("not known", unknown))
        for title, found in lines:
            if any(found):
                table.add_row(name, Text(title, style="dim"), *found)
                name = Text()
    return table


def _end(total: CategoryTotal, column: str, part: str) -> str:
    found = total.quantities.get(column)
    money = total.money.get(column, {})
    if part == "unknown":
        return str(found.unknown) if found is not None else ""
    lines = [amounts.end_of_quantity(found, part)] if found is not None else []
    lines += [amounts.end_of_money(amount, code, part) for code, amount in money.items()]
    return "\n".join(filter(None, lines))
