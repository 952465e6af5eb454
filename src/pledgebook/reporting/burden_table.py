"""Burden shares, as a table for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pledgebook.ledger.answers.burden import STAGES, Burden, BurdenList
from pledgebook.ledger.answers.economies import Measure
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.stages import Stage
from pledgebook.reporting import amounts
from pledgebook.reporting.answer_cells import ENDS, Parts, interval_record, share, total_record
from pledgebook.reporting.frames import frame, noted, short_ids, titled
from pledgebook.reporting.grouped_table import ID_LENGTH
from pledgebook.reporting.names import Names
from pledgebook.reporting.status_cells import broken

__all__ = [
    "BURDEN_FIELDS",
    "BURDEN_PARTS",
    "burden_notes",
    "burden_record",
    "burden_table",
    "measures",
]

_DIGITS = 3
_APART = "Without an economy of their own: institutions, and several donors jointly"

BURDEN_FIELDS = (
    "id", "donor", "apart",
    *(f"{stage.value}_{part}" for stage in STAGES
      for part in ("low", "high", "unknown", "in_kind", "of_gdp", "per_head")),
    "gdp", "population", "currency", "commitments",
)  # fmt: skip


BURDEN_PARTS: Parts = {
    f"{stage.value}_{part}": ENDS for stage in STAGES for part in ("of_gdp", "per_head")
}
"""The fields of a record that are intervals."""


def burden_table(found: BurdenList, names: Names) -> RenderableType:
    """Return donors with what they give, for their GDP and for each head; stages side by side."""
    if not found.states and not found.apart:
        return Text("No commitment in the book fits.")
    stages = [
        stage
        for stage in STAGES
        if any(stage in row.worth for row in (*found.states, *found.apart))
    ]
    parts: list[RenderableType] = []
    if found.states:
        parts.append(_table(found.states, found, stages, names, shares=True))
    if found.apart:
        table = _table(found.apart, found, stages, names, shares=False)
        parts.append(titled(_APART, table) if found.states else table)
    return noted(parts, burden_notes(found))


def _table(
    rows: Sequence[Burden],
    found: BurdenList,
    stages: Sequence[Stage],
    names: Names,
    *,
    shares: bool,
) -> Table:
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("donor", overflow="fold")
    for stage in stages:
        table.add_column(stage.value.replace("_", "\n"), justify="right", no_wrap=True)
        if shares:
            table.add_column("% of\nGDP", justify="right", no_wrap=True)
            table.add_column("per\nhead", justify="right", no_wrap=True)
    short = short_ids([row.id for row in (*found.states, *found.apart)], ID_LENGTH)
    for row in rows:
        cells = [Text(short[row.id], style="dim"), Text(names.of(row.donor), style="bold")]
        for stage in stages:
            cells.append(Text(_worth(row.worth.get(stage), found.currency)))
            if shares:
                cells.append(Text(_share(row, stage), style="bold"))
                cells.append(Text(_head(row.per_head.get(stage), found.currency)))
        table.add_row(*cells)
    return table


def _worth(total: Total | None, currency: str) -> str:
    return "" if total is None else broken(amounts.money(total, currency))


def _share(row: Burden, stage: Stage) -> str:
    if stage not in row.worth or row.worth[stage].low is None:
        return ""
    if row.gdp is None:
        return amounts.NOT_KNOWN
    return broken(share(row.of_gdp[stage], _DIGITS).removesuffix(" %"))


def _head(amount: Interval | None, currency: str) -> str:
    if amount is None:
        return ""
    rounded = Interval(
        None if amount.low is None else round(amount.low, 2),
        None if amount.high is None else round(amount.high, 2),
    )
    return broken(amounts.money(Total(rounded.low or 0.0, rounded.high), currency))


def measures(found: BurdenList) -> tuple[Measure, Measure]:
    """Return what GDP and population are: year, source, and what to know of them."""
    known = found.economies.measure
    return known[f"gdp_{found.gdp}"], known["population"]


def burden_notes(found: BurdenList) -> list[str]:
    """Return what a reader of the figures must know, sources and years first."""
    gdp, heads = measures(found)
    notes = [
        f"GDP: {gdp.title}, {gdp.unit}s, {gdp.year}, {gdp.source}; {gdp.note}.",
        f"Population: {heads.year}, {heads.source}; {heads.note}.",
    ]
    if found.sources:
        notes.append(f"Money in {found.currency}, converted: {'; '.join(found.sources)}.")
    if found.gdp == "ppp":
        notes.append("Money is at market rates of exchange, GDP at purchasing power.")
    priced = sum(sum(row.in_kind.values()) for row in (*found.states, *found.apart))
    if priced:
        notes.append(f"{priced:,} figures in kind count at the prices of imported lists.")
    notes.append(
        "+ n/k: commitments that name no money and have no price, or money without a rate of "
        "exchange; they are not zero, and the shares are too low by them."
    )
    if found.apart:
        notes.append(
            "What institutions give is not shared out among their members, and what several give "
            "jointly is not divided."
        )
    return notes


def burden_record(row: Burden, found: BurdenList) -> dict[str, Any]:
    """Return a donor as plain data; shares of GDP are fractions, 0.01 being one per cent."""
    record: dict[str, Any] = {"id": row.id, "donor": row.donor, "apart": row in found.apart}
    for stage in STAGES:
        total = total_record(row.worth.get(stage)) or {"low": None, "high": None, "unknown": 0}
        record |= {f"{stage.value}_{part}": value for part, value in total.items()}
        record[f"{stage.value}_in_kind"] = row.in_kind.get(stage, 0)
        record[f"{stage.value}_of_gdp"] = interval_record(row.of_gdp.get(stage))
        record[f"{stage.value}_per_head"] = interval_record(row.per_head.get(stage))
    return record | {
        "gdp": row.gdp,
        "population": row.economy.population if row.economy else None,
        "currency": found.currency,
        "commitments": [one.id for one in row.group.commitments],
    }
