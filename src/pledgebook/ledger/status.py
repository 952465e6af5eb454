"""The table of who gave what to whom: one row a giver, recipient and item, stages side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.records import digest_id
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.totals import money_total, outstanding_total, quantity_total
from pledgebook.vocabulary.statement import Category

if TYPE_CHECKING:
    import polars as pl

COUNTED = (Stage.ASKED, Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
"""The stages that bear figures in the table."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of the table. Quantities are in `unit`; money is as given, by currency.

    A stage that no commitment of the row has reached is missing from `quantities`: nothing known is
    not zero. What lies within a whole of the same row is not added to it.
    """

    id: str
    donor: str | None
    asked_by: str | None
    recipient: str | None
    category: Category
    item: str
    item_id: str | None
    unit: str | None
    quantities: Mapping[Stage, Total]
    money: Mapping[Stage, Mapping[str, Total]]
    outstanding: Total | None
    promised: str | None
    due: dt.date | None
    overdue: bool
    considered: int
    refused: int
    reports: int
    undated: int
    contradictions: int
    commitments: tuple[Commitment, ...]


def status_rows(commitments: Iterable[Commitment]) -> list[StatusRow]:
    """Gather commitments into rows, by giver, recipient, item and unit, in alphabetical order."""
    groups: dict[tuple[str, ...], list[Commitment]] = defaultdict(list)
    for commitment in commitments:
        groups[row_key(commitment)].append(commitment)
    rows = []
    for key, members in groups.items():
        for unit, some in _by_unit(members).items():
            rows.append(row_of(row_id(key, unit), unit, some))
    return sorted(rows, key=lambda row: (row.donor or "~", row.recipient or "~", row.item, row.id))


def row_key(commitment: Commitment) -> tuple[str, ...]:
    """Return what the commitments of a row have in common, but for the unit."""
    return (
        ", ".join(commitment.donors),
        ", ".join(commitment.asked_by),
        commitment.recipient or "",
        commitment.category.value,
        commitment.item_id or (commitment.designation or "").casefold(),
    )


def _by_unit(members: Sequence[Commitment]) -> dict[str | None, list[Commitment]]:
    """Keep units apart; commitments without a quantity stand with the most common unit."""
    counts: dict[str, int] = defaultdict(int)
    for commitment in members:
        if commitment.unit is not None:
            counts[commitment.unit] += 1
    common = min(counts, key=lambda unit: (-counts[unit], unit)) if counts else None
    found: dict[str | None, list[Commitment]] = defaultdict(list)
    for commitment in members:
        found[commitment.unit or common].append(commitment)
    return dict(sorted(found.items(), key=lambda item: item[0] or ""))


def row_id(key: tuple[str, ...], unit: str | None) -> str:
    """Return the id of the row of a key in a unit."""
    return digest_id("f", *key, unit or "")


def row_of(name: str, unit: str | None, members: Sequence[Commitment]) -> StatusRow:
    """Return the row of some commitments, which have their key in common."""
    first = members[0]
    quantities: dict[Stage, Total] = {}
    money: dict[Stage, dict[str, Total]] = {}
    for stage in COUNTED:
        if any(stage in one.stages for one in members):
            quantities[stage] = quantity_total(members, stage)
            money[stage] = money_total(members, stage)
    due = [one for one in members if one.due is not None]
    late = [one for one in due if one.overdue]
    next_due = min(late or due, key=lambda one: (one.due or dt.date.max, one.id), default=None)
    return StatusRow(
        id=name,
        donor=", ".join(first.donors) or None,
        asked_by=", ".join(first.asked_by) or None,
        recipient=first.recipient,
        category=first.category,
        item=first.item,
        item_id=first.item_id,
        unit=unit,
        quantities=quantities,
        money=money,
        outstanding=outstanding_total(members),
        promised=next_due.promised if next_due else None,
        due=next_due.due if next_due else None,
        overdue=bool(late),
        considered=sum(one.tentative for one in members),
        refused=sum(Stage.REFUSED in one.stages for one in members),
        reports=sum(len(one.statements) for one in members),
        undated=sum(not one.dated for one in members),
        contradictions=sum(len(one.contradictions) for one in members),
        commitments=tuple(members),
    )


def status_frame(rows: Sequence[StatusRow]) -> pl.DataFrame:
    """Return the rows as a Polars frame; low, high and unknown of each stage in columns.

    Raises UsageError where Polars, of the extra `tables`, is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise UsageError(
            "tables as data frames need Polars, which is not installed",
            mend='install it: pip install "pledgebook[tables]"',
        ) from error

    amounts = pl.List(pl.Struct({"currency": pl.String, "low": pl.Float64, "high": pl.Float64}))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "id": pl.String,
        "donor": pl.String,
        "asked_by": pl.String,
        "recipient": pl.String,
        "category": pl.String,
        "item": pl.String,
        "unit": pl.String,
    }
    for name in (*(stage.value for stage in COUNTED), "outstanding"):
        schema |= {f"{name}_low": pl.Float64, f"{name}_high": pl.Float64}
        schema[f"{name}_unknown"] = pl.Int64
    schema |= {f"{stage.value}_money": amounts for stage in COUNTED}
    schema |= {"promised": pl.String, "due": pl.Date, "overdue": pl.Boolean}
    schema |= dict.fromkeys(
        ("considered", "refused", "commitments", "reports", "undated", "contradictions"), pl.Int64
    )
    return pl.DataFrame([_cells(row) for row in rows], schema=schema, orient="row")


def _cells(row: StatusRow) -> dict[str, object]:
    cells: dict[str, object] = {
        "id": row.id,
        "donor": row.donor,
        "asked_by": row.asked_by,
        "recipient": row.recipient,
        "category": row.category.value,
        "item": row.item,
        "unit": row.unit,
    }
    for stage in COUNTED:
        cells |= _total(stage.value, row.quantities.get(stage))
        cells[f"{stage.value}_money"] = [
            {"currency": name, "low": total.low, "high": total.high}
            for name, total in row.money.get(stage, {}).items()
        ]
    cells |= _total("outstanding", row.outstanding)
    cells |= {"promised": row.promised, "due": row.due, "overdue": row.overdue}
    cells |= {"considered": row.considered, "refused": row.refused}
    cells |= {"commitments": len(row.commitments), "reports": row.reports}
    cells |= {"undated": row.undated, "contradictions": row.contradictions}
    return cells


def _total(name: str, total: Total | None) -> dict[str, object]:
    found = total or Total()
    return {
        f"{name}_low": found.low,
        f"{name}_high": found.high,
        f"{name}_unknown": found.unknown,
    }
