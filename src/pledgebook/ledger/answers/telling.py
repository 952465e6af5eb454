"""A grouped row in words: its title and its figures, as `why` opens it."""

from __future__ import annotations

from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.wording import amount

__all__ = ["group_facts", "group_line", "group_notes", "total_text"]

_NO_VALUE = {
    "donor": "nobody (asked for)",
    "recipient": "no recipient named",
    "supplier": "no supplier named",
}


def group_line(row: GroupRow) -> str:
    """Return "by donor and month: NOR, 2023-02"; with what the ledger was narrowed to."""
    labels = [
        label or _NO_VALUE.get(name, "none") for name, label in zip(row.by, row.labels, strict=True)
    ]
    line = f"by {' and '.join(row.by)}: {', '.join(labels)}"
    parts = (("donor", row.only.donor), ("recipient", row.only.recipient), ("item", row.only.item))
    narrowed = [f"{name} {value}" for name, value in parts if value is not None]
    return f"{line} (only {', '.join(narrowed)})" if narrowed else line


def group_facts(row: GroupRow) -> dict[str, str]:
    """Return the figures of a row by the name of their stage; stages are never added up."""
    facts = {}
    for stage, total in row.quantities.items():
        if total.low is not None or total.unknown:
            facts[stage.value] = total_text(total, row.unit)
    for stage, amounts in row.money.items():
        for currency, total in amounts.items():
            facts[f"{stage.value}_{currency}"] = total_text(total, currency)
    if row.outstanding is not None:
        facts["outstanding"] = total_text(row.outstanding, row.unit)
    return facts


def group_notes(row: GroupRow) -> tuple[str, ...]:
    """Return what a reader of the figures must know."""
    notes = []
    if len(row.categories) > 1 and row.quantities:
        notes.append(f"adds up different things: {', '.join(row.categories)}")
    if row.joint and "donor" not in row.by:
        notes.append(f"commitments of several donors, each counted once: {row.joint}")
    return tuple(notes)


def total_text(total: Total, unit: str | None) -> str:
    """Return the known sum, and how many terms of unknown size come on top of it."""
    if total.low is None:
        return f"unknown in {total.unknown} commitments" if total.unknown else "no quantity given"
    known = amount(Interval(total.low, total.high), unit)
    return f"{known}, and {total.unknown} unknown" if total.unknown else known
