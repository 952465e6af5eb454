"""The status as tables for a terminal: rows by donor and item, and what they come to.

A wide terminal gets names, and dates in a column of their own; a narrow one gets codes, and the
word "overdue" below the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.intervals import Total
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.reporting import amounts
from pledgebook.reporting.frames import frame, short_ids, titled
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.rounding import Rounded
from pledgebook.reporting.totals import OUTSTANDING, CategoryTotal, category_totals

__all__ = ["NAMES_FROM", "status_table"]

NAMES_FROM = 110
"""The width of a terminal, in columns, from which on parties are shown by name."""

_DATES_FROM = 92
_ONE_LINE_FROM = 124
_LONG = 9
_LONGEST_WORD = 14
_TITLES = {stage.value: stage.value.replace("_", "\n") for stage in COUNTED} | {
    OUTSTANDING: "out-\nstanding"
}
_ASKED = Stage.ASKED.value
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
    counted = [row for row in rows if any(_has(row, name) for name in _TITLES if name != _ASKED)]
    asked = [row for row in rows if row not in counted and _has(row, _ASKED)]
    rest = [row for row in rows if row not in counted and row not in asked]
    parts: list[RenderableType] = []
    if counted:
        parts.append(_counted(counted, names, rounded, width))
    if asked:
        parts.append(titled("Asked for", _asked(asked, names, rounded)))
    if rest:
        parts.append(titled(_UNCOUNTED, _uncounted(rest, names)))
    if totals and len(counted) + len(asked) > 1:
        parts.append(titled(_TOTALS, _totals(counted + asked)))
    parts.append(Text(f"\n{_KEY}", style="dim"))
    return Group(*parts)


def _counted(rows: Sequence[StatusRow], names: Names, rounded: Rounded, width: int) -> Table:
    shown = _shown(rows)
    has_dates = width >= _DATES_FROM and any(row.promised is not None for row in rows)
    table = frame()
    _add_lead(table, "donor", rows, names)
    _add_stages(table, shown)
    if has_dates:
        table.add_column("due", no_wrap=True)
    short = short_ids([row.id for row in rows])
    previous: str | None = None
    for row in rows:
        giver = _giver(row, names)
        table.add_row(
            Text(short[row.id], style="dim"),
            Text("") if giver == previous else Text(giver, style="bold"),
            Text(names.of(row.recipient)),
            _item(row),
            *(_figure(row, name, rounded, marked=not has_dates) for name in shown),
            *([_due(row, " " if width >= _ONE_LINE_FROM else "\n")] if has_dates else []),
        )
        previous = giver
    return table


def _shown(rows: Iterable[StatusRow]) -> list[str]:
    """Return the stages that any of the rows has reached."""
    found = list(rows)
    return [name for name in _TITLES if any(_has(row, name) for row in found)]


def _add_lead(table: Table, giver: str, rows: Sequence[StatusRow], names: Names) -> None:
    givers = [_giver(row, names) for row in rows]
    takers = [names.of(row.recipient) for row in rows]
    table.add_column("id", no_wrap=True)
    table.add_column(giver, overflow="fold", min_width=_longest_word(givers), max_width=20)
    table.add_column("to", overflow="fold", min_width=_longest_word(takers), max_width=16)
    table.add_column("item", overflow="fold", min_width=12)


def _longest_word(texts: Iterable[str]) -> int:
    lengths = [len(word) for text in texts for word in text.split()]
    return min(max(lengths, default=0), _LONGEST_WORD)


def _add_stages(table: Table, shown: Iterable[str]) -> None:
    for name in shown:
        table.add_column(_TITLES[name], justify="right", no_wrap=True)


def _has(row: StatusRow, name: str) -> bool:
    if name == OUTSTANDING:
        return row.outstanding is not None
    return Stage(name) in row.quantities or bool(row.money.get(Stage(name)))


def _giver(row: StatusRow, names: Names) -> str:
    if row.donor is not None:
        return names.of(row.donor)
    if row.asked_by is not None:
        return names.of(row.asked_by)
    return "someone"


def _named(row: StatusRow) -> Text:
    is_category = row.item == row.category.value
    text = Text(row.item.replace("-", " ") if is_category else one_line(row.item))
    if row.unit not in {None, "item"}:
        text.append(f" ({row.unit}s)", style="dim")
    return text


def _item(row: StatusRow) -> Text:
    text = _named(row)
    for count, word in ((row.considered, "considered"), (row.refused, "refused")):
        if count:
            text.append(f" · {count if count > 1 else ''} {word}".replace("  ", " "), style="dim")
    if row.contradictions:
        text.append(" · reports differ", style="yellow")
    return text


def _figure(row: StatusRow, name: str, rounded: Rounded, *, marked: bool) -> Text:
    if name == OUTSTANDING:
        left = row.outstanding
        approx = rounded.outstanding(row) and left is not None and left.high != 0
        text = Text(_broken(amounts.quantity(left, approx=approx)), style="bold")
        if row.overdue and marked:
            text.append("\noverdue", style="red")
        return text
    stage = Stage(name)
    parts = [amounts.quantity(row.quantities.get(stage), approx=rounded.stage(row, stage))]
    parts += [amounts.money(total, code) for code, total in row.money.get(stage, {}).items()]
    shown = "\n".join(_broken(part) for part in parts if part)
    return Text(shown, style="green" if stage is Stage.DELIVERED else "")


def _broken(figure: str) -> str:
    """Let a long figure go on in a second line."""
    if len(figure) <= _LONG:
        return figure
    return figure.replace("–", "–\n").replace(" + ", "\n+ ")


def _due(row: StatusRow, between: str) -> Text:
    if row.promised is None:
        return Text("")
    # A span ends when it ends: a promise for March to May was due in May.
    end = row.promised.rpartition("/")[2]
    if row.overdue:
        return Text.assemble((end, "red"), between, ("overdue", "bold red"))
    return Text(end, style="dim")


def _totals(rows: Sequence[StatusRow]) -> Table:
    """Return the known low, the known high and the count of unknowns, by category and unit."""
    table = frame()
    shown = _shown(rows)
    table.add_column("category", overflow="fold", min_width=12)
    table.add_column("")
    _add_stages(table, shown)
    for total in category_totals(rows):
        unit = f" ({total.unit}s)" if total.unit not in {None, "item"} else ""
        name: Text | str = Text.assemble(total.category.replace("-", " "), (unit, "dim"))
        low, high, unknown = (
            [_end(total, stage, part) for stage in shown] for part in ("low", "high", "unknown")
        )
        lines = [("low, high", low)] if low == high else [("low", low), ("high", high)]
        if any(cell.strip("0") for cell in unknown):
            lines.append(("not known", unknown))
        for title, cells in lines:
            if any(cells):
                table.add_row(name, Text(title, style="dim"), *cells)
                name = ""
    return table


def _end(total: CategoryTotal, name: str, part: str) -> str:
    found = total.quantities.get(name)
    money = total.money.get(name, {})
    if part == "unknown":
        return str(found.unknown) if found is not None else ""
    lines = [amounts.end_of_quantity(found, part)] if found is not None else []
    lines += [amounts.end_of_money(amount, code, part) for code, amount in money.items()]
    return "\n".join(filter(None, lines))


def _asked(rows: Sequence[StatusRow], names: Names, rounded: Rounded) -> Table:
    table = frame()
    _add_lead(table, "who asks", rows, names)
    _add_stages(table, [_ASKED])
    short = short_ids([row.id for row in rows])
    for row in rows:
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(_giver(row, names), style="bold"),
            Text(names.of(row.recipient)),
            _item(row),
            _figure(row, _ASKED, rounded, marked=False),
        )
    return table


def _uncounted(rows: Sequence[StatusRow], names: Names) -> Table:
    table = frame()
    _add_lead(table, "donor", rows, names)
    table.add_column("considered", justify="right", no_wrap=True)
    table.add_column("refused", justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    for row in rows:
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(_giver(row, names), style="bold"),
            Text(names.of(row.recipient)),
            _named(row),
            Text(_talk(row, Stage.CONSIDERED)),
            Text(_talk(row, Stage.REFUSED)),
        )
    return table


def _talk(row: StatusRow, stage: Stage) -> str:
    """Return how much was considered or refused."""
    figures = [one.stages[stage] for one in row.commitments if stage in one.stages]
    if not figures:
        return ""
    quantities = Total.of(
        figure.quantity for figure in figures if figure.quantity.known or not figure.money
    )
    lines = [amounts.quantity(quantities)]
    for code in sorted({code for figure in figures for code in figure.money}):
        terms = [figure.money[code] for figure in figures if code in figure.money]
        lines.append(amounts.money(Total.of(terms), code))
    return "\n".join(filter(None, lines)) or amounts.NOT_KNOWN
