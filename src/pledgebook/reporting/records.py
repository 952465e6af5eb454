"""Status, documents and problems as JSON and CSV: whole ids, exact figures, every field."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pledgebook.errors import Problem
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.ledger.totals import CategoryTotal
from pledgebook.reporting.rounding import Rounded

__all__ = [
    "DOCUMENT_FIELDS",
    "JUDGEMENT_FIELDS",
    "PROBLEM_FIELDS",
    "document_record",
    "judgement_record",
    "problem_record",
    "row_record",
    "status_csv",
    "to_csv",
    "to_json",
    "total_record",
]

Record = dict[str, Any]

DOCUMENT_FIELDS = (
    "id", "date", "date_source", "lang", "title", "url", "origins", "state", "statements",
    "ingested_at", "extractor", "sha256", "text_sha256",
)  # fmt: skip
PROBLEM_FIELDS = tuple(Problem.model_fields)
JUDGEMENT_FIELDS = (
    "id",
    "kind",
    "statements",
    "changes",
    "revokes",
    "by",
    "note",
    "made_at",
    "state",
)

_STAGES = tuple(stage.value for stage in COUNTED)


def row_record(row: StatusRow, rounded: Rounded) -> Record:
    """Return a row of the status as plain data.

    A stage that was not reached is None. `unknown` counts the commitments of unknown size, which
    come on top of `low` and `high`; an end that is None is open.
    """
    record: Record = {
        "id": row.id,
        "donor": row.donor,
        "asked_by": row.asked_by,
        "recipient": row.recipient,
        "category": row.category.value,
        "item": row.item,
        "item_id": row.item_id,
        "unit": row.unit,
    }
    for stage in COUNTED:
        total = row.quantities.get(stage)
        record[stage.value] = total and {
            **_total(total),
            "approx": rounded.stage(row, stage),
            "money": _money(row.money.get(stage, {})),
        }
    record["outstanding"] = row.outstanding and _total(row.outstanding)
    return record | {
        "promised": row.promised,
        "due": _day(row.due),
        "overdue": row.overdue,
        "considered": row.considered,
        "refused": row.refused,
        "reports": row.reports,
        "undated": row.undated,
        "contradictions": row.contradictions,
        "commitments": [commitment.id for commitment in row.commitments],
    }


def total_record(total: CategoryTotal) -> Record:
    """Return the total of a category as plain data."""
    record: Record = {"category": total.category, "unit": total.unit, "rows": total.rows}
    for stage in _STAGES:
        found = total.quantities.get(stage)
        money = total.money.get(stage, {})
        record[stage] = found and {**_total(found), "money": _money(money)}
    left = total.quantities.get("outstanding")
    return record | {"outstanding": left and _total(left), "overdue": total.overdue}


def document_record(document: StoredDocument) -> Record:
    """Return a document of the book as plain data, without its text."""
    return {
        "id": document.id,
        "date": _day(document.date),
        "date_source": document.date_source,
        "lang": document.lang,
        "title": document_name(document),
        "url": document.url,
        "origins": [place.origin for place in document.locations],
        "state": document.state,
        "statements": document.statements,
        "ingested_at": document.ingested_at.isoformat(),
        "extractor": document.extractor,
        "sha256": document.bytes_sha256,
        "text_sha256": document.text_sha256,
    }


def problem_record(problem: Problem) -> Record:
    """Return a problem as plain data."""
    return problem.model_dump(mode="json")


def judgement_record(judgement: Judgement, state: str) -> Record:
    """Return a judgement as plain data, with whether it is in force."""
    return {
        "id": judgement.id,
        "kind": "revocation" if judgement.revokes else judgement.kind.value,
        "statements": [one.statement for one in judgement.subjects if not one.is_whole],
        "changes": judgement.changes,
        "revokes": judgement.revokes,
        "by": judgement.by,
        "note": judgement.note,
        "made_at": judgement.made_at.isoformat(),
        "state": state,
    }


def to_json(content: object) -> str:
    """Return indented JSON, closed by a line break."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_csv(records: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> str:
    """Return comma-separated values with a head line; lists are joined by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([_cell(record[field]) for field in fields] for record in records)
    return out.getvalue()


def status_csv(records: Iterable[Record], extra: Sequence[str] = ()) -> str:
    """Return status records as comma-separated values, a stage's parts in columns of their own.

    Money is written "EUR 100000000..200000000", several currencies with a semicolon between; an
    open end is left out. `extra` names columns that the records have beyond those of a status.
    """
    flat = [_flat(record) for record in records]
    return to_csv(flat, [*_flat(_empty()), *extra])


def _flat(record: Record) -> Record:
    flat: Record = {}
    for name, value in record.items():
        if name not in (*_STAGES, "outstanding"):
            flat[name] = value
            continue
        parts = value or {}
        for part in ("low", "high", "unknown"):
            flat[f"{name}_{part}"] = parts.get(part, 0 if part == "unknown" else None)
        if name in _STAGES:
            flat[f"{name}_approx"] = parts.get("approx", False)
            flat[f"{name}_money"] = "; ".join(map(_amount, parts.get("money", ())))
    return flat


def _empty() -> Record:
    """Return a record whose flat form has every column, for the head of an empty table."""
    fields = ["id", "donor", "asked_by", "recipient", "category", "item", "item_id", "unit"]
    fields += [*_STAGES, "outstanding", "promised", "due", "overdue", "considered", "refused"]
    fields += ["reports", "undated", "contradictions", "commitments"]
    return dict.fromkeys(fields)


def _total(total: Total) -> Record:
    return {"low": total.low, "high": total.high, "unknown": total.unknown}


def _money(amounts: Mapping[str, Total]) -> list[Record]:
    return [{"currency": currency, **_total(total)} for currency, total in amounts.items()]


def _amount(money: Record) -> str:
    low, high = _cell(money["low"]), _cell(money["high"])
    return f"{money['currency']} {low}..{high}"


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value == int(value) else repr(value)
        case list() | tuple():
            return " ".join(map(str, value))
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)
