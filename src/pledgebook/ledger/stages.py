"""How far an undertaking is, from the statements that report it.

Several reports of one stage do not add up: the newest firm one prevails and the others are kept as
contradictions. Distinct acts of delivery do add up. A running total replaces the acts before it.
Stages are never added to each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pledgebook.ledger.cases import Case
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.vocabulary.statement import Kind, Scope


class Stage(StrEnum):
    """How far an undertaking is. `considered` is talk: it counts as no promise."""

    ASKED = "asked"
    CONSIDERED = "considered"
    PLEDGED = "pledged"
    ON_ORDER = "on_order"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that do not agree, and on what."""

    stage: Stage
    says: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageFigure:
    """What is known of one stage: how much, in what unit, how much money, and from which reports.

    `quantity` is unknown where no report counts; `money` is by currency, as given.
    `prevailing` are the statements that the figure rests on, `reports` all that speak of the stage.
    """

    quantity: Interval = UNKNOWN
    unit: str | None = None
    money: Mapping[str, Interval] = field(default_factory=dict)
    prevailing: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


def stage_of(case: Case) -> Stage:
    """Return the stage that a statement reports."""
    match case.kind:
        case Kind.REQUEST:
            return Stage.ASKED
        case Kind.REFUSAL:
            return Stage.REFUSED
        case Kind.DELIVERY:
            return Stage.DELIVERED if case.firm else Stage.CONSIDERED
        case Kind.CONTRACT:
            return Stage.ON_ORDER if case.firm else Stage.CONSIDERED
        case Kind.TRAINING if case.firm and _is_past(case):
            return Stage.DELIVERED
        case _:
            return Stage.PLEDGED if case.firm else Stage.CONSIDERED


def _is_past(case: Case) -> bool:
    """Tell whether people were trained, rather than are to be."""
    over = case.span is not None and case.span[1] < case.entry.counted
    return case.scope is Scope.TOTAL or over


def figures(cases: Sequence[Case]) -> tuple[dict[Stage, StageFigure], list[Contradiction]]:
    """Return the stages of one undertaking, whose cases come earliest first."""
    by_stage: dict[Stage, list[Case]] = {}
    for case in cases:
        by_stage.setdefault(stage_of(case), []).append(case)
    contradictions: list[Contradiction] = []
    promised = [*by_stage.get(Stage.PLEDGED, ()), *by_stage.get(Stage.ON_ORDER, ())]
    delivered = _delivered(by_stage.pop(Stage.DELIVERED, []), promised, contradictions)
    found: dict[Stage, StageFigure] = {}
    for stage in Stage:
        if stage is Stage.DELIVERED and delivered is not None:
            found[stage] = delivered
        elif stage in by_stage:
            done = delivered.quantity if delivered else Interval(0.0, 0.0)
            found[stage] = _newest(stage, by_stage[stage], done, contradictions)
    if any(stage in found for stage in (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)):
        # What was only considered before it was decided is history, not a stage.
        found.pop(Stage.CONSIDERED, None)
    return found, contradictions


def _newest(
    stage: Stage, reports: list[Case], delivered: Interval, contradictions: list[Contradiction]
) -> StageFigure:
    single = [case for case in reports if case.scope is not Scope.TOTAL] or reports
    counted = [case for case in single if case.quantity is not None]
    prevailing: list[Case] = []
    quantity, unit = UNKNOWN, None
    if counted:
        lead = _prevailing(counted, delivered)
        quantity, unit = lead.quantity or UNKNOWN, lead.unit
        prevailing.append(lead)
        others = [case for case in counted if _disagrees(case, lead)]
        if others:
            amounts = sorted({str(case.quantity) for case in others})
            says = f"{quantity} prevails; other reports say {', '.join(amounts)}"
            ids = tuple(case.id for case in (lead, *others))
            contradictions.append(Contradiction(stage, says, ids))
    money: dict[str, Interval] = {}
    for case in single:
        if case.money is None or case.currency is None:
            continue
        before = money.get(case.currency)
        if before is not None and not before.meets(case.money):
            says = f"{before} {case.currency}, later {case.money} {case.currency}"
            contradictions.append(Contradiction(stage, says, (case.id,)))
        money[case.currency] = case.money
        prevailing.append(case)
    return StageFigure(
        quantity,
        unit,
        money,
        tuple(dict.fromkeys(case.id for case in prevailing or single[-1:])),
        tuple(case.id for case in reports),
    )


def _prevailing(counted: Sequence[Case], delivered: Interval) -> Case:
    """Return the newest report; the larger of one day, and no mere rest of a larger whole."""
    newest_first = sorted(
        counted,
        key=lambda case: (case.entry.counted, _floor(case), case.entry.order),
        reverse=True,
    )
    lead = newest_first[0]
    for older in newest_first[1:]:
        rest = (older.quantity or UNKNOWN).minus(delivered)
        is_rest = delivered.floor > 0 and rest == lead.quantity
        if older.unit == lead.unit and is_rest:
            return older
    return lead


def _floor(case: Case) -> float:
    return case.quantity.floor if case.quantity is not None else 0.0


def _disagrees(case: Case, lead: Case) -> bool:
    """Tell whether a report is at odds with the one that prevails; a part of it is not."""
    if case is lead or case.quantity is None or lead.quantity is None or case.unit != lead.unit:
        return False
    same_day_part = (
        case.entry.document == lead.entry.document and case.quantity.floor < lead.quantity.floor
    )
    return not case.quantity.meets(lead.quantity) and not same_day_part


def _delivered(
    reports: list[Case], promised: Sequence[Case], contradictions: list[Contradiction]
) -> StageFigure | None:
    if not reports:
        return None
    units = [case.unit for case in reports if case.quantity is not None]
    unit = max(sorted({name for name in units if name}), key=units.count) if units else None
    totals = [
        case
        for case in reports
        if case.scope is Scope.TOTAL and case.quantity is not None and case.unit == unit
    ]
    acts = _acts([case for case in reports if case.scope is not Scope.TOTAL], unit)
    whole = _handover_of_all(acts, promised, unit)
    if whole is not None:
        totals.append(whole)
        acts = [act for act in acts if act[0] is not whole]
    quantity, prevailing = _sum(acts), [act[0] for act in acts]
    if totals:
        last = max(totals, key=lambda case: (_day(case), _floor(case), case.entry.order))
        later = [act for act in acts if _day(act[0]) > _day(last)]
        earlier = _sum([act for act in acts if act not in later])
        claimed = last.quantity or UNKNOWN
        if claimed.high is not None and earlier.floor > claimed.high:
            says = f"a running total of {claimed}, but single deliveries of {earlier}"
            contradictions.append(Contradiction(Stage.DELIVERED, says, (last.id,)))
        quantity = claimed.plus(_sum(later)) if later else claimed
        prevailing = [last, *(act[0] for act in later)]
    money: dict[str, Interval] = {}
    for act in acts or [[case] for case in reports]:
        for currency, amount in _money_of(act).items():
            money[currency] = money[currency].plus(amount) if currency in money else amount
    return StageFigure(
        quantity,
        unit,
        money,
        tuple(case.id for case in prevailing or reports[-1:]),
        tuple(case.id for case in reports),
    )


def _handover_of_all(
    acts: Sequence[Sequence[Case]], promised: Sequence[Case], unit: str | None
) -> Case | None:
    """Return the report that all of the promise has come: "the whole promised lot of 13".

    It stands beside reports of the parts and is no further delivery. Where two acts are as large
    as the promise, neither is taken for the whole.
    """
    sizes = [case.quantity for case in promised if case.quantity is not None and case.unit == unit]
    whole = max(sizes, key=lambda size: size.floor, default=None)
    found = [act[0] for act in acts if act[0].quantity == whole and act[0].unit == unit]
    return found[0] if whole is not None and len(found) == 1 and len(acts) > 1 else None


def _money_of(act: Iterable[Case]) -> dict[str, Interval]:
    return {
        case.currency: case.money
        for case in act
        if case.currency is not None and case.money is not None
    }


def _day(case: Case) -> dt.date:
    """Return the day by which a delivery had happened, as far as the text tells."""
    if case.span is not None and case.span[1] <= case.entry.counted:
        return case.span[1]
    return case.entry.counted


def _acts(reports: Sequence[Case], unit: str | None) -> list[list[Case]]:
    """Group reports of the same act of delivery; those that count come before those that do not."""
    acts: list[list[Case]] = []
    ordered = sorted(reports, key=lambda case: (_uncounted(case, unit), case.entry.order))
    for case in ordered:
        for act in acts:
            if _same_act(act[0], case, unit) and all(
                other.entry.document != case.entry.document for other in act
            ):
                act.append(case)
                break
        else:
            acts.append([case])
    return acts


def _uncounted(case: Case, unit: str | None) -> bool:
    return case.quantity is None or (unit is not None and case.unit != unit)


def _same_act(one: Case, other: Case, unit: str | None) -> bool:
    if one.span and other.span and (one.span[1] < other.span[0] or other.span[1] < one.span[0]):
        return False
    if _uncounted(one, unit) or _uncounted(other, unit):
        return True
    return one.quantity == other.quantity


def _sum(acts: Sequence[Sequence[Case]]) -> Interval:
    """Add up acts; one of unknown size leaves the sum open above."""
    if not acts:
        return UNKNOWN
    known = [act[0].quantity for act in acts if act[0].quantity is not None]
    if not known:
        return UNKNOWN
    high: float | None = 0.0 if len(known) == len(acts) else None
    for quantity in known:
        high = None if high is None or quantity.high is None else high + quantity.high
    return Interval(sum(quantity.floor for quantity in known), high)
