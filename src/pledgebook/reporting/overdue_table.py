"""What is overdue, as a table for a terminal and as plain data."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.answers.overdue import Overdue, OverdueList
from pledgebook.ledger.stages import Stage
from pledgebook.reporting.answer_cells import (
    ENDS,
    KEY,
    Parts,
    amount_record,
    day_text,
    interval,
    interval_record,
    money_lines,
)
from pledgebook.reporting.frames import frame, noted, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.status_cells import unit_note

__all__ = ["OVERDUE_FIELDS", "OVERDUE_PARTS", "overdue_record", "overdue_table"]

OVERDUE_FIELDS = (
    "id", "donors", "recipient", "category", "item", "unit", "promised", "due", "vague",
    "days_late", "outstanding", "money", "delivered", "last_delivery",
)  # fmt: skip


OVERDUE_PARTS: Parts = {"outstanding": ENDS, "delivered": ENDS}
"""The fields of a record that are intervals."""


def overdue_table(found: OverdueList, names: Names) -> RenderableType:
    """Return what is overdue, the latest first and of equal lateness the largest."""
    notes = _notes(found)
    if not found.rows:
        return noted(
            [Text(f"Nothing is overdue on {found.today}, as far as a day was named.")], notes
        )
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("donor", overflow="fold")
    table.add_column("to", overflow="fold")
    table.add_column("item", overflow="fold")
    table.add_column("promised\nfor", overflow="fold", min_width=len("2023-04 *"))
    table.add_column("days\nlate", justify="right", no_wrap=True)
    table.add_column("out-\nstanding", justify="right", no_wrap=True)
    table.add_column("last\ndelivery", no_wrap=True)
    short = short_ids([row.id for row in found.rows])
    for row in found.rows:
        one = row.commitment
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(names.of(", ".join(one.donors)) or "someone", style="bold"),
            Text(names.of(one.recipient)),
            Text(
                one_line(one.item).replace("-", " ")
                if one.designation is None
                else one_line(one.item)
            ).append(unit_note(one.unit), style="dim"),
            Text((one.promised or "").replace("/", " to ")).append(
                " *" if row.vague else "", style="yellow"
            ),
            Text(f"{row.days_late:,}", style="red"),
            Text(_left(row), style="bold"),
            Text(day_text(row.last_delivery) or "none", style="dim"),
        )
    return noted([table], notes)


def _left(row: Overdue) -> str:
    lines = [interval(row.left)] if row.left.known or not row.money else []
    if not row.left.known:
        lines += [f"of {amount}" for amount in money_lines(row.money)]
    return "\n".join(lines)


def _notes(found: OverdueList) -> list[str]:
    notes = [KEY]
    if any(row.vague for row in found.rows):
        notes.append(
            "* Promised for more than a day: counted from the last, so that it is at least as late."
        )
    notes.append(
        f"On {found.today}. Besides, {found.on_time:,} open "
        f"{'promise has' if found.on_time == 1 else 'promises have'} a day that is to come, and "
        f"{found.undated:,} {'names' if found.undated == 1 else 'name'} none: nobody can say "
        "whether these are late."
    )
    return notes


def overdue_record(row: Overdue) -> dict[str, Any]:
    """Return one overdue commitment as plain data."""
    one = row.commitment
    delivered = one.stages.get(Stage.DELIVERED)
    return {
        "id": row.id,
        "donors": list(one.donors),
        "recipient": one.recipient,
        "category": one.category.value,
        "item": one.item,
        "unit": one.unit,
        "promised": one.promised,
        "due": row.due.isoformat(),
        "vague": row.vague,
        "days_late": row.days_late,
        "outstanding": interval_record(row.left),
        "money": amount_record(row.money),
        "delivered": delivered and interval_record(delivered.quantity),
        "last_delivery": day_text(row.last_delivery),
    }
