"""Times from promise to delivery, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.answers.lags import Lag, LagRow, Times
from pledgebook.reporting.answer_cells import day_text, days, months_or_days
from pledgebook.reporting.frames import frame, noted, short_ids
from pledgebook.reporting.grouped_table import ID_LENGTH, LEAST, label_text
from pledgebook.reporting.names import Names

__all__ = ["lag_fields", "lag_record", "lags_table"]


def lags_table(rows: Sequence[LagRow], by: Sequence[str], names: Names) -> RenderableType:
    """Return median, range and number for each group, and how many are still open."""
    if not rows:
        return Text("No promise in the book fits.")
    table = frame()
    table.add_column("id", no_wrap=True)
    for name in by:
        table.add_column(name, overflow="fold", min_width=LEAST.get(name, len(name)))
    table.add_column("median\ndays", justify="right", no_wrap=True)
    table.add_column("range", justify="right", no_wrap=True)
    table.add_column("came", justify="right", no_wrap=True)
    table.add_column("all of\nit came", justify="right", no_wrap=True)
    table.add_column("open", justify="right", no_wrap=True)
    table.add_column("waiting for", overflow="fold")
    short = short_ids([row.id for row in rows], ID_LENGTH)
    previous: tuple[str | None, ...] = ()
    for row in rows:
        labels = row.group.labels
        same = True
        cells = [Text(short[row.id], style="dim")]
        for place, (name, label) in enumerate(zip(by, labels, strict=True)):
            same = same and bool(previous) and previous[place] == label
            cells.append(Text("" if same else label_text(name, label, names)))
        table.add_row(
            *cells,
            Text(days(row.delivery.median), style="bold"),
            Text(_range(row.delivery)),
            Text(f"{row.delivery.number:,}", style="green" if row.delivery.number else "dim"),
            Text(f"{row.completion.number:,}", style="" if row.completion.number else "dim"),
            Text(f"{row.open:,}", style="yellow" if row.open else "dim"),
            Text(_waiting(row.waiting)),
        )
        previous = labels
    return noted([table], _notes(rows))


def _range(times: Times) -> str:
    if times.least is None or times.most is None or times.number == 1:
        return ""
    return f"{times.least:,}–{times.most:,}"


def _waiting(times: Times) -> str:
    if times.least is None or times.most is None:
        return ""
    least, most = months_or_days(times.least), months_or_days(times.most)
    return most if least == most else f"{least} to {most}"


def _notes(rows: Sequence[LagRow]) -> list[str]:
    waiting = sum(row.open for row in rows)
    notes = ["Days from the first report of a promise to the first delivery of any of it."]
    if waiting:
        notes.append(
            f"Open promises are censored, {waiting:,} here: of them nothing has come, so that the "
            "medians are of those that came only, and too short to expect of the others."
        )
    after = sum(row.told_after for row in rows)
    if after:
        notes.append(f"Told as a promise only after it had come, and left out: {after:,}.")
    timed = sum(row.delivery.number for row in rows)
    told = sum(row.from_reports for row in rows)
    if timed:
        notes.append(
            f"{told:,} of {timed:,} times rest on the date of a report, for want of a day in the "
            "text of the promise or of the delivery."
        )
    vague = sum(row.vague for row in rows)
    if vague:
        rest = "rests" if vague == 1 else "rest"
        notes.append(f"{vague:,} {rest} on a month or longer, of which the last day counts.")
    return notes


def lag_fields(by: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of a record of rows by these dimensions."""
    times = [
        f"{name}_{part}"
        for name in ("delivery", "completion", "waiting")
        for part in ("number", "median", "least", "most")
    ]
    return ("id", *by, *times, "told_after", "from_reports", "vague", "commitments")


def lag_record(row: LagRow) -> dict[str, Any]:
    """Return a group as plain data, with the times of each of its commitments."""
    record: dict[str, Any] = {"id": row.id}
    record |= dict(zip(row.group.by, row.group.labels, strict=True))
    for name in ("delivery", "completion", "waiting"):
        times: Times = getattr(row, name)
        for part in ("number", "median", "least", "most"):
            record[f"{name}_{part}"] = getattr(times, part)
    return record | {
        "told_after": row.told_after,
        "from_reports": row.from_reports,
        "vague": row.vague,
        "commitments": [_lag(lag) for lag in row.lags],
    }


def _lag(lag: Lag) -> dict[str, Any]:
    return {
        "id": lag.commitment.id,
        "promised": lag.promised.isoformat(),
        "promised_basis": lag.promised_basis,
        "first_delivery": day_text(lag.first),
        "first_delivery_basis": lag.first_basis,
        "complete": day_text(lag.complete),
        "days": lag.days,
        "days_to_complete": lag.days_to_complete,
        "vague": lag.vague,
    }
