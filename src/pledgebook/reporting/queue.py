"""What to check next, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from pledgebook.ledger.coding.queue import Queue, QueuedDocument
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.plain import one_line

__all__ = ["QUEUE_FIELDS", "queue_record", "queue_table"]

QUEUE_FIELDS = ("document", "date", "weight", "statements", "left", "to_check", "why")


def queue_record(found: QueuedDocument) -> dict[str, Any]:
    """Return a place in the queue as plain data."""
    return {
        "document": found.document,
        "date": found.counted.isoformat(),
        "weight": round(found.weight, 6),
        "statements": found.read,
        "left": found.left,
        "to_check": [one.id for one in found.statements],
        "why": found.why,
    }


def queue_table(queue: Queue, shown: Sequence[QueuedDocument]) -> RenderableType:
    """Return the first places of a queue, and how many more there are."""
    if not shown:
        done = f"{one_line(queue.by)} is done with all {queue.finished:,} documents."
        return Text(done if queue.finished else "The book holds no document to code.")
    table = frame()
    table.add_column("document", no_wrap=True)
    table.add_column("date", no_wrap=True)
    table.add_column("left", justify="right")
    table.add_column("why it is here", overflow="fold", ratio=1)
    short = short_ids([one.document for one in shown])
    for one in shown:
        left = f"{one.left} of {one.read}" if one.read else "–"
        name = Text(short[one.document], style="dim")
        table.add_row(name, one.counted.isoformat(), left, one_line(one.why))
    rest = len(queue.documents) - len(shown)
    told = f"{rest:,} more; {one_line(queue.by)} is done with {queue.finished:,}"
    return Group(table, Text(told, style="dim"))
