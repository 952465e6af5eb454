"""What changed between two views of a book as JSON and CSV: whole ids, exact figures."""

from __future__ import annotations

from typing import Any

from pledgebook.ledger.causes import Report
from pledgebook.ledger.changes import Change, FigureChange
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.comparing import Comparison, View
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.wording import check_line, commitment_line, statement_line

__all__ = ["CHANGE_FIELDS", "change_lines", "changes_record"]

CHANGE_FIELDS = (
    "change", "commitment", "figure", "donors", "recipient", "category", "item", "stage", "unit",
    "currency", "before_low", "before_high", "before_unknown", "after_low", "after_high",
    "after_unknown", "events", "before", "after", "statements", "causes", "documents", "judgements",
)  # fmt: skip

Record = dict[str, Any]


def changes_record(found: Comparison) -> Record:
    """Return all changes as plain data."""
    changes = found.changes
    return {
        "first": _view(found.first),
        "second": _view(found.second),
        "rows": [
            {
                "id": row.id,
                "donor": row.lead.donor,
                "asked_by": row.lead.asked_by,
                "recipient": row.lead.recipient,
                "category": row.lead.category.value,
                "item": row.lead.item,
                "figures": [_figure(figure) for figure in row.figures],
            }
            for row in found.rows
        ],
        "changes": [_change(one, found) for one in changes.changes],
        "observations": [_report(one, found) for one in changes.observations],
        "checks": [{"before": _check(old), "after": _check(new)} for old, new in changes.checks],
        "documents_new": [_document(name, found) for name in changes.documents_new],
        "documents_gone": [_document(name, found) for name in changes.documents_gone],
        "judgements_new": [_judgement(one) for one in changes.judged],
        "judgements_gone": [_judgement(one) for one in changes.unjudged],
    }


def change_lines(found: Comparison) -> list[Record]:
    """Return a record for each changed figure; a change without any has one of its own.

    Several ids stand with spaces between; `before` and `after` are ids of commitments.
    """
    return [
        _line(change, figure, found)
        for change in found.changes.changes
        for figure in (change.figures or (None,))
    ]


def _line(change: Change, figure: FigureChange | None, found: Comparison) -> Record:
    lead = change.lead
    before = _total(figure.before if figure else None)
    after = _total(figure.after if figure else None)
    return {
        "change": change.kind.value,
        "commitment": lead.id,
        "figure": found.homes.get(lead.id),
        "donors": list(lead.donors or lead.asked_by),
        "recipient": lead.recipient,
        "category": lead.category.value,
        "item": lead.item,
        "stage": figure and figure.stage,
        "unit": figure and figure.unit,
        "currency": figure and figure.currency,
        **{f"before_{key}": value for key, value in before.items()},
        **{f"after_{key}": value for key, value in after.items()},
        "events": "; ".join(event.value for event in change.events),
        "before": [one.id for one in change.before],
        "after": [one.id for one in change.after],
        "statements": [report.entry.id for report in change.reports],
        "causes": "; ".join(sorted({report.cause.value for report in change.reports})),
        "documents": sorted({report.entry.document for report in change.reports}),
        "judgements": list(change.judgements),
    }


def _change(change: Change, found: Comparison) -> Record:
    lead = change.lead
    return {
        "change": change.kind.value,
        "commitment": lead.id,
        "figure": found.homes.get(lead.id),
        "donors": list(lead.donors),
        "asked_by": list(lead.asked_by),
        "recipient": lead.recipient,
        "category": lead.category.value,
        "item": lead.item,
        "figures": [_figure(figure) for figure in change.figures],
        "events": [event.value for event in change.events],
        "before": [_commitment(one) for one in change.before],
        "after": [_commitment(one) for one in change.after],
        "reports": [_report(report, found) for report in change.reports],
        "judgements": list(change.judgements),
    }


def _figure(figure: FigureChange) -> Record:
    return {
        "stage": figure.stage,
        "unit": figure.unit,
        "currency": figure.currency,
        "before": figure.before and _total(figure.before),
        "after": figure.after and _total(figure.after),
    }


def _commitment(commitment: Commitment) -> Record:
    return {"id": commitment.id, "says": commitment_line(commitment)}


def _report(report: Report, found: Comparison) -> Record:
    entry = report.entry
    before, after = report.before, report.after
    return {
        "statement": entry.id,
        "cause": report.cause.value,
        "before": before and statement_line(before.statement),
        "after": after and statement_line(after.statement),
        "quote": entry.statement.evidence.quote,
        "document": _document(entry.document, found),
        "judgements": list(report.judgements),
    }


def _document(name: str, found: Comparison) -> Record:
    document = found.documents.get(name)
    if document is None:
        return {"id": name}
    return {
        "id": name,
        "date": document.date.isoformat() if document.date else None,
        "title": document_name(document),
        "url": document.url,
        "state": document.state,
    }


def _judgement(judgement: Judgement) -> Record:
    return {
        "id": judgement.id,
        "kind": judgement.kind.value,
        "statements": [subject.statement for subject in judgement.subjects],
        "changes": judgement.changes,
        "by": judgement.by,
        "note": judgement.note,
        "made_at": judgement.made_at.isoformat(),
    }


def _check(check: Check | None) -> Record | None:
    if check is None:
        return None
    return {
        "statement": check.statement,
        "stage": check.stage.value,
        "unit": check.unit,
        "verdict": check.verdict,
        "says": check_line(check),
        "commitments": list(check.commitments),
    }


def _view(view: View) -> Record:
    recorded = view.recorded_as_of
    return {
        "as_of": view.as_of.isoformat() if view.as_of else None,
        "recorded_as_of": recorded.isoformat() if recorded else None,
    }


def _total(total: Total | None) -> Record:
    if total is None:
        return {"low": None, "high": None, "unknown": None}
    return {"low": total.low, "high": total.high, "unknown": total.unknown}
