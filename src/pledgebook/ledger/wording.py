"""Statements, commitments and rows as one line that a person reads."""

from __future__ import annotations

from collections.abc import Mapping

from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.events import Event
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.wholes import Part
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


def units(unit: str) -> str:
    """Return the name of a unit for more than one of it: "rounds", "batteries", "percent"."""
    if unit == "percent":
        return unit
    if unit.endswith("y") and unit[-2:-1] not in set("aeiou"):
        return f"{unit[:-1]}ies"
    return f"{unit}s"


def with_unit(figure: str, unit: str) -> str:
    """Return a figure as it is shown, with its unit: "1 round", "≥3 rounds"; a currency stays."""
    return f"{figure} {unit if figure == '1' or unit.isupper() else units(unit)}"


def amount(interval: Interval, unit: str | None) -> str:
    """Return "14", "1 battery", "up to 40,000 rounds"; an unknown quantity is said to be unknown.

    `unit` may be a currency, which stays as it is.
    """
    if not interval.known:
        return "an unknown quantity"
    if not unit or unit == "item":
        return str(interval)
    return with_unit(str(interval), unit)


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


def value_text(value: object) -> str:
    """Return a field of a statement as a correction fills it: "12", "NOR, SWE", "nothing"."""
    match value:
        case None:
            return "nothing"
        case Mapping() if "category" in value:
            return str(value.get("designation") or value["category"])
        case Mapping():
            unit = value.get("unit") or value.get("currency")
            per = f" a {value['per']}" if value.get("per") else ""
            about = "about " if value.get("approx") else ""
            interval = Interval(value.get("low"), value.get("high"))
            return f"{about}{amount(interval, str(unit) if unit else None)}{per}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "nothing"
        case _:
            return str(value)


def figure_text(figure: StageFigure) -> str:
    """Return quantity and money of a stage."""
    parts = [amount(figure.quantity, figure.unit)] if figure.quantity.known else []
    parts += [f"{interval} {currency}" for currency, interval in sorted(figure.money.items())]
    return ", ".join(parts) or "an unknown quantity"


def outstanding(left: Interval, unit: str | None) -> str:
    """Return how much is outstanding; "up to 0" is 0, whatever the figures behind it leave open."""
    return "0" if left.high == 0 else amount(left, unit)


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
        parts.append(f"outstanding {outstanding(commitment.outstanding, commitment.unit)}")
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
        f"{words[check.verdict]} the sum of {_commitments(len(check.commitments))} ({found})"
        f"{gap_text(check)}"
    )


def _commitments(count: int) -> str:
    return f"{count} commitment{'' if count == 1 else 's'}"


def gap_text(check: Check) -> str:
    """Return how far a total and the sum are apart: ": at least 6 more than was found singly"."""
    if check.gap is None or not check.gap.known:
        return ""
    gap = amount(check.gap, check.unit)
    if check.verdict == "exceeds":
        return f": {gap} more than was found singly"
    if check.verdict == "falls-short":
        return f": {gap} less than was found singly"
    unknown = check.found.unknown
    return f": {gap} would be what {unknown} of unknown size come to" if unknown else ""


def part_line(part: Part, *, of: Commitment | None) -> str:
    """Return what a part lies in, and why: "part of NOR to UKR: military-aid (c...): reason".

    `of` is the commitment at the other end, None where the ledger asked for does not hold it.
    """
    name = part.whole
    says = f"part of {title(of)} ({name})" if of else f"part of {name}"
    return f"{says}: {part.reason}"


def title(commitment: Commitment) -> str:
    """Return who gives what to whom, with the money or the quantity that was promised."""
    who = " and ".join(commitment.donors or commitment.asked_by) or "someone"
    to = f" to {commitment.recipient}" if commitment.recipient else ""
    told = (commitment.stages[stage] for stage in Stage if stage in commitment.stages)
    figure = next((one for one in told if one.quantity.known or one.money), None)
    size = f", {figure_text(figure)}" if figure is not None else ""
    return f"{who}{to}: {commitment.item}{size}"


def event_line(event: Event, own: str) -> str:
    """Return an event in one line, without its day: "delivered 3 (the rest of it), by NOR".

    `own` is the commitment whose history it is in; events of others name theirs.
    """
    parts = [amount(event.quantity, event.unit)] if event.quantity.known else []
    parts += [f"{interval} {currency}" for currency, interval in sorted(event.money.items())]
    words = [event.what.value.replace("-", " ")]
    words += [", ".join(parts)] if parts else []
    line = " ".join(words)
    if event.commitment != own and event.by:
        line += f" by {' and '.join(event.by)}"
    if event.says:
        line += f" ({event.says})"
    if event.reported != event.day:
        line += f", reported {event.reported}"
    return line if event.commitment == own else f"{line} ({event.commitment})"
