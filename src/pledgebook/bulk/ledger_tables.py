"""The tables of a ledger made in bulk: commitments, links, parts and checks as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pledgebook.ledger.commitments import Check, Commitment, commitment_id
from pledgebook.ledger.events import Event
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.joining.reasons import Reason
from pledgebook.ledger.stages import StageFigure
from pledgebook.ledger.wholes import Part

__all__ = [
    "CHECKS",
    "COMMITMENTS",
    "LEDGER_SCHEMAS",
    "LINKS",
    "PARTS",
    "check_row",
    "commitment_row",
    "link_rows",
    "part_row",
]

_TEXTS = pl.List(pl.String())
_AMOUNT = {"low": pl.Float64(), "high": pl.Float64()}
_SPAN = pl.Struct(_AMOUNT)
_MONEY = pl.List(pl.Struct({"currency": pl.String(), **_AMOUNT}))
_REASONS = pl.List(pl.Struct({"rule": pl.String(), "weight": pl.Float64(), "says": pl.String()}))

_STAGE = pl.Struct(
    {
        "stage": pl.String(),
        **_AMOUNT,
        "unit": pl.String(),
        "money": _MONEY,
        "prevailing": _TEXTS,
        "reports": _TEXTS,
    }
)
_EVENT = pl.Struct(
    {
        "what": pl.String(),
        "day": pl.Date(),
        "reported": pl.Date(),
        "commitment": pl.String(),
        "by": _TEXTS,
        "statements": _TEXTS,
        "when": pl.String(),
        **_AMOUNT,
        "unit": pl.String(),
        "money": _MONEY,
        "says": pl.String(),
        "is_dated": pl.Boolean(),
    }
)
_CORRECTION = pl.Struct(
    {
        "stage": pl.String(),
        "was": _SPAN,
        "now": _SPAN,
        "unit": pl.String(),
        "statement": pl.String(),
        "superseded": pl.String(),
        "reason": pl.String(),
    }
)
_CONTRADICTION = pl.Struct({"stage": pl.String(), "says": pl.String(), "statements": _TEXTS})
_DOUBT = pl.Struct(
    {
        "commitment": pl.String(),
        "score": pl.Float64(),
        "statement": pl.String(),
        "other": pl.String(),
        "reasons": _REASONS,
    }
)

COMMITMENTS = pl.Schema(
    {
        "id": pl.String(),
        "donors": _TEXTS,
        "asked_by": _TEXTS,
        "recipient": pl.String(),
        "category": pl.String(),
        "designation": pl.String(),
        "item_id": pl.String(),
        "unit": pl.String(),
        "supplier": pl.String(),
        "state": pl.String(),
        "stages": pl.List(_STAGE),
        "outstanding": _SPAN,
        "promised": pl.String(),
        "due": pl.Date(),
        "overdue": pl.Boolean(),
        "first": pl.Date(),
        "last": pl.Date(),
        "dated": pl.Boolean(),
        "statements": _TEXTS,
        "documents": _TEXTS,
        "contradictions": pl.List(_CONTRADICTION),
        "corrections": pl.List(_CORRECTION),
        "doubts": pl.List(_DOUBT),
        "history": pl.List(_EVENT),
        "requests": _TEXTS,
        "refusals": _TEXTS,
    }
)
"""`requests` and `refusals` are the commitments that it answers, or that were refused later.

Stages stand beside each other and are never added up; what `parts` has lies within its whole.
"""

LINKS = pl.Schema(
    {
        "statement": pl.String(),
        "commitment": pl.String(),
        "score": pl.Float64(),
        "to": pl.String(),
        "reasons": _REASONS,
    }
)
"""`to` is the statement that it was found closest to; none where it stands alone."""

PARTS = pl.Schema(
    {
        "whole": pl.String(),
        "part": pl.String(),
        "relation": pl.String(),
        "reason": pl.String(),
        "whole_statement": pl.String(),
        "part_statement": pl.String(),
        "reports": pl.UInt32(),
    }
)

CHECKS = pl.Schema(
    {
        "statement": pl.String(),
        "stage": pl.String(),
        "claimed": _SPAN,
        "unit": pl.String(),
        "found": _SPAN,
        "unknown": pl.UInt32(),
        "verdict": pl.String(),
        "commitments": _TEXTS,
        "gap": _SPAN,
        "covers": pl.String(),
        "counted": _TEXTS,
    }
)
"""Running totals beside the sums that were `found`, with how many of the terms are unknown."""

LEDGER_SCHEMAS: Mapping[str, pl.Schema] = {
    "commitments": COMMITMENTS,
    "links": LINKS,
    "parts": PARTS,
    "checks": CHECKS,
}

_PLAIN = (
    "id", "recipient", "designation", "item_id", "unit", "supplier", "promised", "due", "overdue",
    "first", "last", "dated",
)  # fmt: skip


def commitment_row(
    one: Commitment, requests: Sequence[str] = (), refusals: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the row of a commitment, without its links and parts, which have their tables."""
    row: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    row |= {
        "donors": list(one.donors),
        "asked_by": list(one.asked_by),
        "category": one.category.value,
        "state": one.state.value,
        "stages": [_stage(stage.value, figure) for stage, figure in one.stages.items()],
        "outstanding": _span(one.outstanding),
        "statements": list(one.statements),
        "documents": list(one.documents),
        "contradictions": [
            {"stage": said.stage.value, "says": said.says, "statements": list(said.statements)}
            for said in one.contradictions
        ],
        "corrections": [
            {
                "stage": str(said.stage),
                "was": _span(said.was),
                "now": _span(said.now),
                "unit": said.unit,
                "statement": said.statement,
                "superseded": said.superseded,
                "reason": said.reason,
            }
            for said in one.corrections
        ],
        "doubts": [
            {
                "commitment": commitment_id(doubt.anchor),
                "score": doubt.score,
                "statement": doubt.statement,
                "other": doubt.other,
                "reasons": _reasons(doubt.reasons),
            }
            for doubt in one.doubts
        ],
        "history": [_event(event) for event in one.history],
        "requests": list(requests),
        "refusals": list(refusals),
    }
    return row


def link_rows(one: Commitment) -> Iterator[dict[str, Any]]:
    """Yield the rows that say why each statement is in a commitment, in its order."""
    for name in one.statements:
        link = one.links[name]
        yield {
            "statement": name,
            "commitment": one.id,
            "score": link.score,
            "to": link.to,
            "reasons": _reasons(link.reasons),
        }


def part_row(one: Part) -> dict[str, Any]:
    """Return the row that says that one commitment lies within another, and why."""
    return {
        "whole": one.whole,
        "part": one.part,
        "relation": one.relation.value,
        "reason": one.reason,
        "whole_statement": one.statements[0],
        "part_statement": one.statements[1],
        "reports": one.reports,
    }


def check_row(one: Check) -> dict[str, Any]:
    """Return the row of a running total that was held against what was found singly."""
    return {
        "statement": one.statement,
        "stage": one.stage.value,
        "claimed": _span(one.claimed),
        "unit": one.unit,
        "found": {"low": one.found.low, "high": one.found.high},
        "unknown": one.found.unknown,
        "verdict": one.verdict,
        "commitments": list(one.commitments),
        "gap": _span(one.gap),
        "covers": one.covers,
        "counted": list(one.counted),
    }


def _span(size: Interval | None) -> dict[str, float | None] | None:
    return None if size is None else {"low": size.low, "high": size.high}


def _money(money: Mapping[str, Interval]) -> list[dict[str, Any]]:
    return [{"currency": name, "low": one.low, "high": one.high} for name, one in money.items()]


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [{"rule": one.rule, "weight": one.weight, "says": one.says} for one in reasons]


def _stage(name: str, figure: StageFigure) -> dict[str, Any]:
    return {
        "stage": name,
        "low": figure.quantity.low,
        "high": figure.quantity.high,
        "unit": figure.unit,
        "money": _money(figure.money),
        "prevailing": list(figure.prevailing),
        "reports": list(figure.reports),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "what": event.what.value,
        "day": event.day,
        "reported": event.reported,
        "commitment": event.commitment,
        "by": list(event.by),
        "statements": list(event.statements),
        "when": event.when,
        "low": event.quantity.low,
        "high": event.quantity.high,
        "unit": event.unit,
        "money": _money(event.money),
        "says": event.says,
        "is_dated": event.is_dated,
    }
