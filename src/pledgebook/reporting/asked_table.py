"""Requests and the answers to them, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.answers.asked import Asked
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.stages import Stage
from pledgebook.reporting import amounts
from pledgebook.reporting.answer_cells import (
    ENDS,
    KEY,
    TOTAL,
    Parts,
    interval,
    interval_record,
    money_lines,
    share,
    total_record,
)
from pledgebook.reporting.frames import frame, noted, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.status_cells import broken, unit_note

__all__ = ["ASKED_FIELDS", "ASKED_PARTS", "asked_record", "asked_table"]

_LONGEST_WORD = 12
_STYLES = {
    "granted in whole": "green",
    "granted in part": "green",
    "granted": "green",
    "considered": "yellow",
    "refused": "red",
    "unanswered": "yellow",
}

ASKED_FIELDS = (
    "id", "asked_by", "recipient", "category", "item", "unit", "asked_on", "wanted", "answer",
    "promised", "delivered", "share", "days", "days_to_refusal", "other_units", "granted",
    "considered", "refused",
)  # fmt: skip


ASKED_PARTS: Parts = {"wanted": ENDS, "promised": TOTAL, "delivered": TOTAL, "share": ENDS}
"""The fields of a record that are intervals or sums."""


def asked_table(rows: Sequence[Asked], names: Names) -> RenderableType:
    """Return requests, the earliest first, each with its answer."""
    if not rows:
        return Text("No request in the book fits.")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("asked on", no_wrap=True)
    table.add_column("who asks", overflow="fold")
    table.add_column("item", overflow="fold", min_width=_LONGEST_WORD)
    table.add_column("asked", justify="right", no_wrap=True)
    table.add_column("answer", overflow="fold", min_width=_LONGEST_WORD)
    table.add_column("promised", justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    for row in rows:
        one = row.request
        answer = Text(row.answer, style=_STYLES[row.answer])
        answer.append(_after(row), style="dim")
        if row.refused and row.answer != "refused":
            answer.append("\nrefused too", style="red")
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(one.first.isoformat()),
            Text(names.of(", ".join(one.asked_by)) or "someone", style="bold"),
            Text(one_line(one.item if one.designation else one.item.replace("-", " "))).append(
                unit_note(one.unit), style="dim"
            ),
            Text(_wanted(row)),
            answer,
            Text(_promised(row)),
        )
    return noted([table], _notes(rows))


def _wanted(row: Asked) -> str:
    figure = row.request.stages[Stage.ASKED]
    lines = [interval(figure.quantity)] if figure.quantity.known or not figure.money else []
    return "\n".join(lines + money_lines(figure.money))


def _promised(row: Asked) -> str:
    if not row.granted:
        return ""
    figure = row.request.stages[Stage.ASKED]
    total = row.promised
    if not figure.quantity.known and len(figure.money) == 1:
        shown = amounts.money(total, next(iter(figure.money)))
    else:
        shown = amounts.quantity(total if total != Total() else None)
    more = f"{row.other_units} in other units" if row.other_units else ""
    part = share(row.share, 0)
    lines = [shown, f"({part})" if part else "", more]
    return "\n".join(broken(line) for line in lines if line)


def _after(row: Asked) -> str:
    found = row.days if row.days is not None else row.days_to_refusal
    if found is None:
        return ""
    return f"\nafter {found:,} day{'' if found == 1 else 's'}" if found else "\nthe same day"


def _notes(rows: Sequence[Asked]) -> list[str]:
    notes = [
        "An answer is for the same recipient and item, or a kind of it, and no older than that.",
        "One promise may answer several requests: do not add them up.",
        f"{KEY} In brackets the share of what was asked.",
        "Days: from the first report of the request to that of the answer.",
    ]
    if any(row.answer == "granted" for row in rows):
        notes.append("“Granted”: whether in whole or in part, the figures do not tell.")
    return notes


def asked_record(row: Asked) -> dict[str, Any]:
    """Return a request as plain data; `share` is a fraction, 1 being all that was asked."""
    one = row.request
    return {
        "id": row.id,
        "asked_by": list(one.asked_by),
        "recipient": one.recipient,
        "category": one.category.value,
        "item": one.item,
        "unit": one.unit,
        "asked_on": one.first.isoformat(),
        "wanted": interval_record(row.wanted),
        "answer": row.answer,
        "promised": total_record(row.promised),
        "delivered": total_record(row.delivered),
        "share": interval_record(row.share),
        "days": row.days,
        "days_to_refusal": row.days_to_refusal,
        "other_units": row.other_units,
        "granted": [other.id for other in row.granted],
        "considered": [other.id for other in row.considered],
        "refused": [other.id for other in row.refused],
    }
