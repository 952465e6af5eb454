"""Who has joined in giving an item, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.answers.coalitions import Coalition, Joined
from pledgebook.ledger.stages import Stage
from pledgebook.reporting import amounts
from pledgebook.reporting.answer_cells import KEY, unit_name
from pledgebook.reporting.frames import frame, noted, short_ids, titled
from pledgebook.reporting.grouped_table import ID_LENGTH, figure_text, group_record
from pledgebook.reporting.names import Names
from pledgebook.reporting.status_cells import broken

__all__ = ["coalition_record", "coalition_table"]

_FIRM = (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)


def coalition_table(found: Coalition, names: Names) -> RenderableType:
    """Return who gives, the earliest first; apart from them who only considers it, or refused."""
    parts: list[RenderableType] = []
    if found.joined:
        parts.append(_joined(found, names))
    else:
        parts.append(Text("Nobody has promised any, as far as the book tells."))
    for title, rows, stage in (
        ("Only considered: no promise", found.talk, Stage.CONSIDERED),
        ("Refused, halted or put off", found.refused, Stage.REFUSED),
    ):
        if rows:
            parts.append(titled(title, _talk(rows, stage, names)))
    notes = []
    if found.joined:
        count = len(found.parties)
        notes.append(
            f"{count} {'party has' if count == 1 else 'parties have'} joined: "
            f"{', '.join(names.of(code) for code in found.parties)}."
        )
    notes.append(f"{KEY} Stages are never added to each other.")
    if any("," in (one.row.labels[0] or "") for one in found.joined):
        notes.append("What several give jointly is counted once, under their joint name.")
    return noted(parts, notes)


def _joined(found: Coalition, names: Names) -> Table:
    stages = [stage for stage in _FIRM if any(figure_text(one.row, stage) for one in found.joined)]
    has_left = any(one.row.outstanding is not None for one in found.joined)
    has_units = len({unit_name(one.row.unit) for one in found.joined}) > 1 or any(
        one.row.unit not in {None, "item"} for one in found.joined
    )
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("donor", overflow="fold")
    if has_units:
        table.add_column("in", overflow="fold")
    for stage in stages:
        table.add_column(stage.value.replace("_", "\n"), justify="right", no_wrap=True)
    if has_left:
        table.add_column("out-\nstanding", justify="right", no_wrap=True)
    table.add_column("reports", justify="right", no_wrap=True)
    short = short_ids([one.row.id for one in found.joined], ID_LENGTH)
    for one in found.joined:
        row = one.row
        table.add_row(
            Text(short[row.id], style="dim"),
            Text(one.day.isoformat()),
            Text(names.of(row.labels[0]), style="bold"),
            *([Text(unit_name(row.unit))] if has_units else []),
            *(Text(figure_text(row, stage)) for stage in stages),
            *([Text(broken(amounts.quantity(row.outstanding)), style="bold")] if has_left else []),
            Text(f"{row.reports:,}"),
        )
    if len(found.joined) > 1:
        table.add_section()
        for unit, totals in found.totals.items():
            if not any(total.low is not None or total.unknown for total in totals.values()):
                continue
            cells = [broken(amounts.quantity(totals.get(stage))) for stage in stages]
            table.add_row(
                Text(""),
                Text("together", style="bold"),
                Text(""),
                *([Text(unit_name(unit))] if has_units else []),
                *(Text(cell, style="bold") for cell in cells),
                *([Text("")] if has_left else []),
                Text(""),
            )
    return table


def _talk(rows: Sequence[Joined], stage: Stage, names: Names) -> Table:
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("donor", overflow="fold")
    table.add_column("how many", justify="right", no_wrap=True)
    short = short_ids([one.row.id for one in rows], ID_LENGTH)
    for one in rows:
        table.add_row(
            Text(short[one.row.id], style="dim"),
            Text(one.day.isoformat()),
            Text(names.of(one.row.labels[0]), style="bold"),
            Text(figure_text(one.row, stage) or amounts.NOT_KNOWN),
        )
    return table


def coalition_record(one: Joined, how: str, *, flat: bool = False) -> dict[str, Any]:
    """Return a member as plain data; `how` is "joined", "considered" or "refused"."""
    record = group_record(one.row, flat=flat)
    return {"id": record.pop("id"), "since": one.day.isoformat(), "how": how, **record}
