"""What was said of output, stocks and use: levels at a time, which add up to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from pledgebook.ledger.intervals import Total
from pledgebook.ledger.ledger import Observation
from pledgebook.reporting import amounts
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.vocabulary.statement import Kind, Status

__all__ = ["observation_record", "observations_table"]

_LEVELS = {Kind.PRODUCTION: "makes", Kind.STOCK: "has", Kind.EXPENDITURE: "uses up"}


def observations_table(observations: Sequence[Observation], names: Names) -> Table:
    """Return one line for each observation: whose level, of what, how much, told when."""
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("who", overflow="fold", max_width=24)
    table.add_column("")
    table.add_column("item", overflow="fold", min_width=12)
    table.add_column("how much", justify="right")
    table.add_column("told", no_wrap=True)
    short = short_ids([observation.id for observation in observations])
    for observation in observations:
        entry = observation.entry
        statement = entry.statement
        level = _LEVELS.get(statement.kind, statement.kind.value)
        tentative = statement.status is Status.TENTATIVE
        table.add_row(
            Text(short[observation.id], style="dim"),
            Text(names.of(", ".join(statement.actors)) or "someone", style="bold"),
            Text(f"may: {level}" if tentative else level),
            Text(one_line(statement.item.designation or _plain(statement.item.category.value))),
            Text(_amount(observation)),
            Text(entry.counted.isoformat() if entry.dated else "undated", style="dim"),
        )
    return table


def observation_record(observation: Observation) -> dict[str, object]:
    """Return an observation as plain data, with the exact words that it rests on."""
    entry = observation.entry
    fields = entry.statement.to_corpus()
    return {
        "id": observation.id,
        "document": entry.document,
        "told": entry.counted.isoformat() if entry.dated else None,
        **fields,
    }


def _plain(category: str) -> str:
    return category.replace("-", " ")


def _amount(observation: Observation) -> str:
    statement = observation.entry.statement
    parts = []
    if statement.quantity is not None:
        quantity = statement.quantity
        shown = amounts.quantity(Total(quantity.low, quantity.high), approx=quantity.approx)
        parts.append(f"{shown} a {quantity.per.value}" if quantity.per is not None else shown)
    if statement.money is not None:
        money = statement.money
        parts.append(amounts.money(Total(money.low, money.high), money.currency))
    return ", ".join(parts) or amounts.NOT_KNOWN
