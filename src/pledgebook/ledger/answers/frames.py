"""Grouped rows as a Polars frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.stages import Stage

if TYPE_CHECKING:
    import polars as pl

__all__ = ["group_frame"]


def group_frame(rows: Sequence[GroupRow], by: Sequence[str]) -> pl.DataFrame:
    """Return rows as a frame; low, high and unknown of each stage in columns.

    Raises UsageError where Polars, of the extra `tables`, is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise UsageError(
            "tables as data frames need Polars, which is not installed",
            mend='install it: pip install "pledgebook[tables]"',
        ) from error

    amounts = pl.List(
        pl.Struct(
            {"currency": pl.String, "low": pl.Float64, "high": pl.Float64, "unknown": pl.Int64}
        )
    )
    schema: dict[str, pl.DataType | type[pl.DataType]] = {"id": pl.String}
    schema |= dict.fromkeys((*by, "unit"), pl.String)
    for name in (*(stage.value for stage in Stage), "outstanding"):
        schema |= {f"{name}_low": pl.Float64, f"{name}_high": pl.Float64}
        schema[f"{name}_unknown"] = pl.Int64
    schema |= {f"{stage.value}_money": amounts for stage in Stage}
    schema |= dict.fromkeys(
        ("overdue", "joint", "commitments", "reports", "undated", "contradictions"), pl.Int64
    )
    schema["categories"] = pl.List(pl.String)
    return pl.DataFrame([_cells(row) for row in rows], schema=schema, orient="row")


def _cells(row: GroupRow) -> dict[str, object]:
    cells: dict[str, object] = {"id": row.id, **dict(zip(row.by, row.labels, strict=True))}
    cells["unit"] = row.unit
    for stage in Stage:
        cells |= _total(stage.value, row.quantities.get(stage))
        cells[f"{stage.value}_money"] = [
            {"currency": name, "low": total.low, "high": total.high, "unknown": total.unknown}
            for name, total in row.money.get(stage, {}).items()
        ]
    cells |= _total("outstanding", row.outstanding)
    cells |= {"overdue": row.overdue, "joint": row.joint, "commitments": len(row.commitments)}
    cells |= {"reports": row.reports, "undated": row.undated}
    return cells | {"contradictions": row.contradictions, "categories": list(row.categories)}


def _total(name: str, total: Total | None) -> dict[str, object]:
    found = total or Total()
    return {f"{name}_low": found.low, f"{name}_high": found.high, f"{name}_unknown": found.unknown}
