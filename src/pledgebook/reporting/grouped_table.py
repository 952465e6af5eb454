"""The status by donor, month, stage and so on, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.answers.grouping import TIMES, GroupRow
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import OUTSTANDING
from pledgebook.reporting import amounts
from pledgebook.reporting.answer_cells import KEY, total_record, unit_name
from pledgebook.reporting.frames import frame, noted, short_ids, titled
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.status_cells import broken
from pledgebook.vocabulary.statement import Category

__all__ = ["ID_LENGTH", "figure_text", "group_fields", "group_record", "group_table", "label_text"]

ID_LENGTH = 10
"""The first digits of a grouped row's id are those of its table: fewer would tell too little."""

_ANY_WIDTH = 10_000
_LONGEST_WORD = 12
_HEADS = {
    "asked": "asked",
    "pledged": "pledged",
    "on_order": "on\norder",
    "delivered": "deliv-\nered",
    OUTSTANDING: "out-\nstanding",
}
_NONE = {
    "donor": "asked for",
    "recipient": "none named",
    "supplier": "none named",
    "item": "",
}
_CATEGORIES = frozenset(category.value for category in Category)
LEAST = {"donor": 6, "recipient": 9, "category": 12, "supplier": 11, "stage": 10}
_PARTIES = frozenset({"donor", "recipient"})
_UNCOUNTED = "Only considered, or refused: no promise, and not counted"


@dataclass(frozen=True, slots=True)
class _Head:
    """The first columns: the id, the dimensions (in one column where it is `shared`), the unit."""

    by: Sequence[str]
    names: Names
    shared: bool = False

    def table(self, rows: Sequence[GroupRow]) -> Table:
        """Return a table with these columns, and no rows."""
        table = frame()
        table.add_column("id", no_wrap=True)
        if self.shared:
            table.add_column(", ".join(self.by), overflow="fold", min_width=_LONGEST_WORD)
        for name in () if self.shared else self.by:
            least = LEAST.get(name, len(name))
            table.add_column(name, overflow="fold", no_wrap=name in TIMES, min_width=least)
        if any(unit_name(row.unit) for row in rows):
            table.add_column("in", no_wrap=True)
        return table

    def named(self, rows: Sequence[GroupRow]) -> Iterator[tuple[GroupRow, list[Text]]]:
        """Yield rows with their first cells; what is as in the row above is left out."""
        short = short_ids([row.id for row in rows], ID_LENGTH)
        units = any(unit_name(row.unit) for row in rows)
        previous: tuple[str | None, ...] = ()
        for row in rows:
            labels = [
                label_text(name, label, self.names)
                for name, label in zip(self.by, row.labels, strict=True)
            ]
            if self.shared:
                shown = [" · ".join(filter(None, labels))]
            else:
                same = _same(previous, row.labels)
                shown = ["" if place < same else label for place, label in enumerate(labels)]
            cells = [Text(short[row.id], style="dim"), *map(Text, shown)]
            yield row, [*cells, *([_unit(row)] if units else [])]
            previous = row.labels


def _same(one: Sequence[str | None], other: Sequence[str | None]) -> int:
    """Return how many labels at the beginning are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), len(one))


def group_table(
    rows: Sequence[GroupRow], by: Sequence[str], names: Names, *, width: int
) -> RenderableType:
    """Return rows by their dimensions; stages stand side by side, or below each other by stage.

    Where there is no room for a column for each dimension, they share one.
    """
    if not rows:
        return Text("No commitment in the book fits.")
    parts = _parts(rows, _Head(by, names))
    if max(map(_least, parts)) > width:
        parts = _parts(rows, _Head(by, names, shared=True))
    shown: list[RenderableType] = [parts[0]]
    shown += [titled(_UNCOUNTED, table) for table in parts[1:]]
    if not any(map(_reached, rows)) and "stage" not in by:
        shown = [titled(_UNCOUNTED, parts[0])]
    return noted(shown, _notes(rows, by))


def _parts(rows: Sequence[GroupRow], head: _Head) -> list[Table]:
    """Return the table of what counts and that of what does not; one of them may be all."""
    if "stage" in head.by:
        return [_by_stage(rows, head)]
    counted = [row for row in rows if _reached(row)]
    talk = [row for row in rows if not _reached(row)]
    tables = [_side_by_side(counted, head)] if counted else []
    return tables + ([_talk(talk, head)] if talk else [])


def _least(table: Table) -> int:
    """Return the width below which a table would be cut."""
    console = Console(width=_ANY_WIDTH)
    return Measurement.get(console, console.options, table).minimum


def _reached(row: GroupRow) -> bool:
    return any(stage in row.quantities for stage in COUNTED)


def _side_by_side(rows: Sequence[GroupRow], head: _Head) -> Table:
    columns = [stage for stage in COUNTED if any(figure_text(row, stage) for row in rows)]
    left = any(row.outstanding is not None for row in rows)
    table = head.table(rows)
    for column in (*(stage.value for stage in columns), *([OUTSTANDING] if left else [])):
        table.add_column(_HEADS[column], justify="right", no_wrap=True)
    for row, first in head.named(rows):
        cells = [
            Text(figure_text(row, stage), style="green" if stage is Stage.DELIVERED else "")
            for stage in columns
        ]
        if left:
            text = Text(broken(amounts.quantity(row.outstanding)), style="bold")
            if row.overdue:
                text.append("\noverdue", style="red")
            cells.append(text)
        table.add_row(*first, *cells)
    return table


def _by_stage(rows: Sequence[GroupRow], head: _Head) -> Table:
    table = head.table(rows)
    table.add_column("how much", justify="right", no_wrap=True)
    table.add_column("commit-\nments", justify="right", no_wrap=True)
    for row, first in head.named(rows):
        [stage] = row.quantities
        table.add_row(*first, Text(figure_text(row, stage)), Text(f"{len(row.commitments):,}"))
    return table


def _talk(rows: Sequence[GroupRow], head: _Head) -> Table:
    table = head.table(rows)
    for stage in (Stage.CONSIDERED, Stage.REFUSED):
        table.add_column(stage.value, justify="right", no_wrap=True)
    for row, first in head.named(rows):
        cells = [
            Text(figure_text(row, stage) or (amounts.NOT_KNOWN if stage in row.quantities else ""))
            for stage in (Stage.CONSIDERED, Stage.REFUSED)
        ]
        table.add_row(*first, *cells)
    return table


def label_text(name: str, label: str | None, names: Names) -> str:
    """Return the value of a dimension as a person reads it."""
    if label is None:
        return _NONE.get(name, "")
    if name in _PARTIES:
        return names.of(label)
    if name in {"stage", "category"} or label in _CATEGORIES:
        return label.replace("_", " ").replace("-", " ")
    return one_line(label)


def _unit(row: GroupRow) -> Text:
    text = Text(unit_name(row.unit))
    if len(row.categories) > 1 and row.unit is not None and "item" not in row.by:
        text.append(" *", style="dim")
    return text


def figure_text(row: GroupRow, stage: Stage) -> str:
    """Return what is known of a stage, quantity and money below each other; empty if nothing."""
    parts = [amounts.quantity(row.quantities.get(stage))]
    parts += [amounts.money(total, code) for code, total in row.money.get(stage, {}).items()]
    return "\n".join(broken(part) for part in parts if part)


def _notes(rows: Sequence[GroupRow], by: Sequence[str]) -> list[str]:
    notes = [f"{KEY} Stages are never added to each other, nor units, nor currencies."]
    time = next((name for name in by if name in TIMES), None)
    if time is not None:
        notes.append(
            f"{time.capitalize()}: of the first report; of what was delivered, that of the "
            "delivery, as far as a report tells."
        )
        place = by.index(time)
        if any(row.labels[place] and not _is_one(time, row.labels[place] or "") for row in rows):
            notes.append(f"A time that is longer than a {time} stands in a row of its own.")
    if any(row.joint for row in rows):
        where = "under their joint name" if "donor" in by else "in the row"
        notes.append(
            f"What several donors give jointly is counted once, {where}: it is neither divided "
            "nor doubled."
        )
    if any(len(row.categories) > 1 for row in rows) and not {"item", "category"} & set(by):
        notes.append("* Things of several categories are added up; add category to --by.")
    if any(row.within for row in rows):
        notes.append(
            "Some rows hold money within a package that stands in another row: do not add rows up."
        )
    undated = sum({one.id: not one.dated for row in rows for one in row.commitments}.values())
    if time is not None and undated:
        notes.append(f"Undated reports count from the day on which they were read: {undated}.")
    return notes


def _is_one(time: str, label: str) -> bool:
    """Tell whether a label is that of one month, quarter or year."""
    if time == "quarter":
        return "-Q" in label
    return len(label) == {"month": 7, "year": 4}[time]


def group_fields(by: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of a record of rows by these dimensions, flat, for CSV."""
    stages = [
        f"{stage.value}_{part}" for stage in Stage for part in ("low", "high", "unknown", "money")
    ]
    left = [f"{OUTSTANDING}_{part}" for part in ("low", "high", "unknown")]
    rest = ["overdue", "considered_count", "refused_count", "joint", "within", "reports", "undated"]
    return ("id", *by, "unit", *stages, *left, *rest, "contradictions", "categories", "commitments")


def group_record(row: GroupRow, *, flat: bool = False) -> dict[str, Any]:
    """Return a row as plain data; `flat` for CSV, with the parts of a stage in their own fields."""
    record: dict[str, Any] = {"id": row.id, **dict(zip(row.by, row.labels, strict=True))}
    record["unit"] = row.unit
    for stage in Stage:
        money = [
            {"currency": code, **(total_record(total) or {})}
            for code, total in row.money.get(stage, {}).items()
        ]
        total = total_record(row.quantities.get(stage))
        if flat:
            record |= _spread(stage.value, total)
            record[f"{stage.value}_money"] = "; ".join(map(_amount, money))
        else:
            record[stage.value] = total and {**total, "money": money}
    left = total_record(row.outstanding)
    record |= _spread(OUTSTANDING, left) if flat else {OUTSTANDING: left}
    return record | {
        "overdue": row.overdue,
        "considered_count": row.considered,
        "refused_count": row.refused,
        "joint": row.joint,
        "within": row.within,
        "reports": row.reports,
        "undated": row.undated,
        "contradictions": row.contradictions,
        "categories": list(row.categories),
        "commitments": [one.id for one in row.commitments],
    }


def _spread(name: str, total: dict[str, Any] | None) -> dict[str, Any]:
    parts = total or {"low": None, "high": None, "unknown": 0}
    return {f"{name}_{part}": parts[part] for part in ("low", "high", "unknown")}


def _amount(money: dict[str, Any]) -> str:
    low, high = (_plain(money[end]) for end in ("low", "high"))
    return f"{money['currency']} {low}..{high}"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}" if value != int(value) else str(int(value))
