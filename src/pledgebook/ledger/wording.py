"""Statements, commitments and rows as one line that a person reads."""

from __future__ import annotations

from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.status import StatusRow
from pledgebook.vocabulary.statement import Kind, Scope, Statement, Status

_VERBS = {
    Kind.REQUEST: "asked for",
    Kind.PLEDGE: "pledged",
    Kind.DELIVERY: "delivered",
    Kind.CONTRACT: "ordered",
    Kind.PRODUCTION: "produces",
    Kind.EXPENDITURE: "used up",
    Kind.STOCK: "holds",
    Kind.TRAINING: "trains people:",
    Kind.REFUSAL: "refused",
}


def amount(interval: Interval, unit: str | None) -> str:
    """Return "14 item", "up to 40,000 round"; an unknown quantity is said to be unknown."""
    if not interval.known:
        return "an unknown quantity"
    return f"{interval} {unit}" if unit and unit != "item" else str(interval)


def statement_line(statement: Statement) -> str:
    """Return who did what for whom: "NOR pledged 8 Leopard 2 to UKR (2023-02-14)"."""
    words = [" and ".join(statement.actors) or "someone"]
    if statement.status is Status.TENTATIVE:
        words.append("perhaps")
    words.append(_VERBS[statement.kind])
    quantity = statement.quantity
    if quantity is not None:
        about = "about " if quantity.approx else ""
        words.append(about + amount(Interval.of(quantity), quantity.unit))
        if quantity.per is not None:
            words.append(f"a {quantity.per.value}")
    words.append(statement.item.designation or statement.item.category.value)
    if statement.money is not None:
        words.append(f"for {Interval.of(statement.money)} {statement.money.currency}")
    if statement.recipient is not None and [statement.recipient] != list(statement.actors):
        words.append(f"to {statement.recipient}")
    if statement.supplier is not None:
        words.append(f"from {statement.supplier}")
    notes = [statement.when] if statement.when else []
    if statement.scope is not Scope.NEW:
        notes.append("running total" if statement.scope is Scope.TOTAL else "recalled")
    return " ".join(words) + (f" ({', '.join(notes)})" if notes else "")


def figure_text(figure: StageFigure) -> str:
    """Return quantity and money of a stage."""
    parts = [amount(figure.quantity, figure.unit)] if figure.quantity.known else []
    parts += [f"{interval} {currency}" for currency, interval in sorted(figure.money.items())]
    return ", ".join(parts) or "an unknown quantity"


def commitment_line(commitment: Commitment) -> str:
    """Return "NOR to UKR: Leopard 2; pledged 8; delivered 8; outstanding 0"."""
    who = " and ".join(commitment.donors or commitment.asked_by) or "someone"
    to = f" to {commitment.recipient}" if commitment.recipient else ""
    parts = [
        f"{stage.value.replace('_', ' ')} {figure_text(commitment.stages[stage])}"
        for stage in Stage
        if stage in commitment.stages
    ]
    if commitment.outstanding is not None and commitment.outstanding.known:
        parts.append(f"outstanding {amount(commitment.outstanding, commitment.unit)}")
    if commitment.overdue:
        parts.append(f"overdue since {commitment.due}")
    return f"{who}{to}: {commitment.item}; {'; '.join(parts)}"


def row_line(row: StatusRow) -> str:
    """Return who gives what to whom."""
    who = row.donor or (f"asked by {row.asked_by}" if row.asked_by else "someone")
    return f"{who}{f' to {row.recipient}' if row.recipient else ''}: {row.item}"


def check_line(check: Check) -> str:
    """Return what a running total says beside the sum that was found."""
    found = "nothing"
    if check.found.low is not None:
        found = str(Interval(check.found.low, check.found.high))
    words = {
        "agrees": "agrees with",
        "exceeds": "is more than",
        "falls-short": "is less than",
        "unknown": "cannot be compared with",
    }
    claimed = amount(check.claimed, check.unit)
    return (
        f"a running total of {claimed} {check.stage.value.replace('_', ' ')} "
        f"{words[check.verdict]} the sum of {len(check.commitments)} commitments ({found})"
    )
