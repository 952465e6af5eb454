"""The tables of the overview, to download: exact figures, codes of parties, whole ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pledgebook.ledger.answers.contradictions import Clash
from pledgebook.ledger.events import What
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.ledger.totals import OUTSTANDING, CategoryTotal
from pledgebook.ledger.wording import statement_line
from pledgebook.web.overview.drawing import KINDS, steps
from pledgebook.web.overview.gathering import CategoryLine, ItemLine
from pledgebook.web.tables import Column, Table
from pledgebook.web.wording import plain_category

__all__ = [
    "categories_table",
    "clashes_table",
    "items_table",
    "months_table",
    "newest_table",
    "status_table",
]

_STAGES = tuple(stage.value for stage in COUNTED)
_ENDS = ("low", "high", "unknown")


def _total_columns(name: str) -> list[Column]:
    title = name.replace("_", " ").capitalize()
    return [Column(f"{name}_{end}", f"{title}, {end}") for end in _ENDS]


_FIGURES = (
    *(
        column
        for stage in _STAGES
        for column in (
            *_total_columns(stage),
            Column(f"{stage}_money", f"{stage.replace('_', ' ').capitalize()}, money"),
        )
    ),
    *_total_columns("outstanding"),
)


def _total(name: str, total: Total | None) -> dict[str, Any]:
    """Return the ends of a sum; of a stage that was not reached there is nothing."""
    if total is None:
        return {}
    return {f"{name}_low": total.low, f"{name}_high": total.high, f"{name}_unknown": total.unknown}


def _money(name: str, amounts: Mapping[str, Total]) -> dict[str, Any]:
    told = []
    for currency, total in sorted(amounts.items()):
        ends = dict.fromkeys(
            "" if end is None else f"{end:,.0f}" for end in (total.low, total.high)
        )
        more = f" + {total.unknown} unknown" if total.unknown else ""
        told.append(f"{currency} {'..'.join(dict.fromkeys(ends))}{more}")
    return {f"{name}_money": "; ".join(told) or None}


def categories_table(lines: Iterable[CategoryLine]) -> Table:
    """Return the totals by category and unit, stages side by side."""
    columns = (
        Column("category", "Category"),
        Column("unit", "Unit"),
        Column("commitments", "Commitments"),
        *_FIGURES,
        Column("overdue", "Overdue"),
    )
    rows = [
        {
            "category": plain_category(line.sums.category),
            "unit": line.sums.unit,
            "commitments": line.commitments,
            "overdue": line.overdue,
            **_sums(line.sums),
        }
        for line in lines
    ]
    return Table("categories", columns, rows)


def _sums(sums: CategoryTotal) -> dict[str, Any]:
    record = _total(OUTSTANDING, sums.quantities.get(OUTSTANDING))
    for stage in _STAGES:
        record |= _total(stage, sums.quantities.get(stage))
        record |= _money(stage, sums.money.get(stage, {}))
    return record


def status_table(rows: Iterable[StatusRow]) -> Table:
    """Return who gave what to whom, as `pledgebook status` tells it."""
    columns = (
        Column("id", "Id"),
        Column("donor", "Donor"),
        Column("asked_by", "Asked by"),
        Column("recipient", "Recipient"),
        Column("category", "Category"),
        Column("item", "Item"),
        Column("unit", "Unit"),
        *_FIGURES,
        Column("promised", "Promised for"),
        Column("due", "Due"),
        Column("overdue", "Overdue"),
        Column("commitments", "Commitments"),
        Column("reports", "Reports"),
        Column("contradictions", "Contradictions"),
    )
    records = []
    for row in rows:
        record: dict[str, Any] = {
            "id": row.id,
            "donor": row.donor,
            "asked_by": row.asked_by,
            "recipient": row.recipient,
            "category": plain_category(row.category.value),
            "item": row.item,
            "unit": row.unit,
            "promised": row.promised,
            "due": str(row.due) if row.due else None,
            "overdue": row.overdue,
            "commitments": len(row.commitments),
            "reports": row.reports,
            "contradictions": row.contradictions,
            **_total("outstanding", row.outstanding),
        }
        for stage in COUNTED:
            record |= _total(stage.value, row.quantities.get(stage))
            record |= _money(stage.value, row.money.get(stage, {}))
        records.append(record)
    return Table("status", columns, records)


def months_table(months: Mapping[str, Counter[What]]) -> Table:
    """Return how many commitments were pledged, ordered and delivered by month."""
    step, counts = steps(months)
    columns = (
        Column("step", step.capitalize()),
        *(Column(what, title) for what, title, _ in KINDS),
    )
    rows = [
        {"step": label, **{what.value: found[what] for what, _, _ in KINDS}}
        for label, found in counts
    ]
    return Table("months", columns, rows)


def items_table(lines: Iterable[ItemLine]) -> Table:
    """Return what is outstanding by item."""
    columns = (
        Column("item", "Item"),
        Column("category", "Category"),
        Column("unit", "Unit"),
        Column("open", "Open promises"),
        *_total_columns("outstanding"),
    )
    rows = [
        {
            "item": line.item,
            "category": plain_category(line.category.value),
            "unit": line.unit,
            "open": line.open,
            **_total("outstanding", line.outstanding),
        }
        for line in lines
    ]
    return Table("outstanding", columns, rows)


def newest_table(
    entries: Iterable[Entry], ledger: Ledger, documents: Mapping[str, StoredDocument]
) -> Table:
    """Return statements with their sentences, where they are from, and their commitments."""
    columns = (
        Column("id", "Id"),
        Column("day", "Day"),
        Column("says", "Says"),
        Column("quote", "Sentence"),
        Column("speaker", "Speaker"),
        Column("title", "Document"),
        Column("url", "Address"),
        Column("document", "Document id"),
        Column("commitment", "Commitment"),
    )
    rows = []
    for entry in entries:
        document = documents.get(entry.document)
        rows.append(
            {
                "id": entry.id,
                "day": str(entry.counted),
                "says": statement_line(entry.statement),
                "quote": entry.statement.evidence.quote,
                "speaker": entry.statement.speaker,
                "title": document_name(document) if document else None,
                "url": document.url if document else None,
                "document": entry.document,
                "commitment": ledger.home.get(entry.id),
            }
        )
    return Table("statements", columns, rows)


def clashes_table(clashes: Sequence[Clash], ledger: Ledger) -> Table:
    """Return contradictions, a row for each statement that has a part in one."""
    columns = (
        Column("commitment", "Commitment"),
        Column("stage", "Stage"),
        Column("what", "What"),
        Column("statement", "Statement"),
        Column("says", "Says"),
        Column("quote", "Sentence"),
        Column("speaker", "Speaker"),
        Column("day", "Day"),
    )
    rows = []
    for clash in clashes:
        for name in clash.statements:
            entry = ledger.entries.get(name)
            if entry is None:
                continue
            rows.append(
                {
                    "commitment": clash.commitment.id,
                    "stage": clash.stage.value.replace("_", " "),
                    "what": clash.says,
                    "statement": name,
                    "says": statement_line(entry.statement),
                    "quote": entry.statement.evidence.quote,
                    "speaker": entry.statement.speaker,
                    "day": str(entry.counted),
                }
            )
    return Table("contradictions", columns, rows)
