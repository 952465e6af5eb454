"""What undertakings are worth, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.intervals import Total
from pledgebook.ledger.money.sums import Sum, sums
from pledgebook.ledger.money.values import ValueRow
from pledgebook.ledger.stages import Stage
from pledgebook.reporting import amounts
from pledgebook.reporting.frames import frame, short_ids, titled
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.status_cells import broken, unit_note
from pledgebook.reporting.value_notes import value_notes

__all__ = ["converted_table", "value_table"]

_LONGEST_WORD = 14
_KEY = (
    "n/k: not known, counted beside the sum and never zero. "
    "`pledgebook why ID --currency {currency}` shows rate, day, source and price row of each."
)


def value_table(rows: Sequence[ValueRow], names: Names, currency: str) -> RenderableType:
    """Return each stage of each row: as given, its money converted, its things valued.

    Below stand the sums stage by stage, the sources of rates and prices, and what is missing.
    """
    table = _start(rows, names)
    table.add_column("stage", no_wrap=True)
    table.add_column("as given", justify="right", no_wrap=True)
    table.add_column(f"money,\nin {currency}", justify="right", no_wrap=True)
    table.add_column(f"in kind,\nin {currency}", justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    previous: str | None = None
    for row in rows:
        first = row.id != previous
        table.add_row(
            *_lead(row, names, short, first=first),
            Text(row.stage.value.replace("_", " "), style=_style(row.stage)),
            _given(row),
            _money(row.money, currency),
            _money(row.in_kind, currency),
        )
        previous = row.id
    parts: list[RenderableType] = [table]
    title = "Sums by stage: known low, known high, and how many are not known"
    parts.append(titled(title, _sums(sums(rows), currency)))
    return Group(*parts, _foot([*value_notes(rows), _COUNTED, _KEY.format(currency=currency)]))


_COUNTED = (
    "Counted once: money where it is stated, else the value in kind; "
    "the two are added nowhere else, and stages never."
)


def converted_table(rows: Sequence[ValueRow], names: Names, currency: str) -> RenderableType | None:
    """Return the money of each row in one currency, stages side by side; None without any money."""
    told = [row for row in rows if row.money is not None]
    if not told:
        return None
    stages = [stage for stage in Stage if any(row.stage is stage for row in told)]
    table = _start(told, names)
    for stage in stages:
        table.add_column(stage.value.replace("_", "\n"), justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    by_row: dict[str, dict[Stage, ValueRow]] = {}
    for row in told:
        by_row.setdefault(row.id, {})[row.stage] = row
    for found in by_row.values():
        lead = next(iter(found.values()))
        cells = [_money(found[one].money if one in found else None, currency) for one in stages]
        table.add_row(*_lead(lead, names, short), *cells)
    totals = {one.stage: one.money for one in sums(told)}
    if len(by_row) > 1:
        table.add_section()
        cells = [_money(totals.get(stage), currency) for stage in stages]
        table.add_row("", Text("all", style="bold"), "", "", *cells)
    title = f"The money above in {currency}; what is given in kind is not in it"
    foot = _foot([*value_notes(told, in_kind=False), _KEY.format(currency=currency)])
    return Group(titled(title, table), foot)


def _start(rows: Sequence[ValueRow], names: Names) -> Table:
    givers = _longest_word(_giver(row, names) for row in rows)
    takers = _longest_word(names.of(row.recipient) for row in rows)
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("donor", overflow="fold", min_width=givers, max_width=20)
    table.add_column("to", overflow="fold", min_width=takers, max_width=16)
    table.add_column("item", overflow="fold", min_width=12)
    return table


def _longest_word(texts: Iterable[str]) -> int:
    return min(
        max((len(word) for text in texts for word in text.split()), default=0), _LONGEST_WORD
    )


def _giver(row: ValueRow, names: Names) -> str:
    return names.of(row.donor or row.asked_by) or "someone"


def _lead(
    row: ValueRow, names: Names, short: dict[str, str], *, first: bool = True
) -> tuple[Text, Text, Text, Text]:
    if not first:
        return Text(), Text(), Text(), Text()
    category = row.category.value.replace("-", " ")
    item = Text(category if row.item == row.category.value else one_line(row.item))
    item.append(unit_note(row.unit), style="dim")
    if row.parts:
        item.append(" · in a package", style="dim")
    if row.priced_as:
        item.append(f" · priced as {', '.join(row.priced_as)}", style="dim")
    return (
        Text(short[row.id], style="dim"),
        Text(_giver(row, names), style="bold"),
        Text(names.of(row.recipient)),
        item,
    )


def _style(stage: Stage) -> str:
    return "green" if stage is Stage.DELIVERED else ""


def _given(row: ValueRow) -> Text:
    parts = [amounts.money(total, code) for code, total in row.given.items()]
    parts.append(amounts.quantity(row.quantity))
    return Text("\n".join(broken(part) for part in parts if part))


def _money(total: Total | None, currency: str) -> Text:
    return Text("") if total is None else Text(broken(amounts.money(total, currency)))


def _sums(found: Sequence[Sum], currency: str) -> Table:
    table = frame()
    table.add_column("stage")
    table.add_column("")
    for title in ("money", "in kind", "counted\nonce"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in found:
        totals = (one.money, one.in_kind, one.counted)
        lines = [
            (part, [_end(total, currency, part) for total in totals]) for part in ("low", "high")
        ]
        if lines[0][1] == lines[1][1]:
            lines = [("low, high", lines[0][1])]
        if any(total is not None and total.unknown for total in totals):
            counts = [str(total.unknown) if total is not None else "" for total in totals]
            lines.append(("not known", counts))
        name = Text(one.stage.value.replace("_", " "), style=_style(one.stage))
        for title, cells in lines:
            if any(cells):
                table.add_row(name, Text(title, style="dim"), *cells)
                name = Text()
    return table


def _end(total: Total | None, currency: str, part: str) -> str:
    return amounts.end_of_money(total, currency, part) if total is not None else ""


def _foot(notes: Iterable[str]) -> Group:
    return Group(Text(), *(Text(one_line(note), style="dim") for note in notes))
