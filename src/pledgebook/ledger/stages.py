"""How far an undertaking is, from the statements that report it.

Several reports of one stage do not add up: the newest firm one prevails, a correction before all,
and the others are kept as contradictions. Distinct acts of delivery do add up. A running total
replaces the acts before it. Stages are never added to each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pledgebook.ledger.cases import Case
from pledgebook.ledger.corrections import Corrected, Correction, Size, corrected_by
from pledgebook.ledger.deliveries import Act, delivered
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


@dataclass(slots=True)
class Stages:
    """The stages of one undertaking, what does not agree, what was corrected, what was handed over.

    `acts` are the deliveries, earliest first, as far as they were told of one by one; `total` is
    the running total that what was delivered starts from.
    """

    figures: dict[Stage, StageFigure] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    total: Case | None = None


def figures(cases: Sequence[Case]) -> Stages:
    """Return the stages of one undertaking, whose cases come earliest first."""
    by_stage: dict[Stage, list[Case]] = {}
    for case in cases:
        by_stage.setdefault(stage_of(case), []).append(case)
    result = Stages()
    reports = by_stage.pop(Stage.DELIVERED, [])
    promised = [
        case
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        for case in _uncorrected(stage, by_stage.get(stage, []))
    ]
    came = delivered(reports, promised)
    done = came.quantity if came else _NOTHING
    for stage in Stage:
        if stage is Stage.DELIVERED and came is not None:
            result.figures[stage] = StageFigure(
                came.quantity,
                came.unit,
                came.money,
                came.prevailing,
                tuple(case.id for case in reports),
            )
            result.acts, result.total = came.acts, came.total
            result.contradictions += [Contradiction(stage, says, ids) for says, ids in came.says]
            result.corrections += came.corrections
        elif stage in by_stage:
            result.figures[stage] = _newest(stage, by_stage[stage], done, result)
    result.contradictions += _too_much(result.figures, by_stage)
    if any(stage in result.figures for stage in (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)):
        # What was only considered before it was decided is history, not a stage.
        result.figures.pop(Stage.CONSIDERED, None)
    return result


_NOTHING = Interval(0.0, 0.0)


def _quantity(case: Case) -> Interval | None:
    return case.quantity


def _uncorrected(stage: Stage, reports: Sequence[Case]) -> list[Case]:
    """Return the reports of a stage whose quantity was not replaced by a correction."""
    out = {
        name for some in _by_unit(reports) for name in corrected_by(stage, some, _quantity, "").out
    }
    return [case for case in reports if case.id not in out]


def _by_unit(reports: Sequence[Case]) -> list[list[Case]]:
    """Return the reports with a quantity, each unit apart; only where there are several."""
    units: dict[str | None, list[Case]] = {}
    for case in reports:
        if case.quantity is not None:
            units.setdefault(case.unit, []).append(case)
    return [some for some in units.values() if len(some) > 1]


def _newest(stage: Stage, reports: Sequence[Case], done: Interval, result: Stages) -> StageFigure:
    single = [case for case in reports if case.scope is not Scope.TOTAL] or list(reports)
    prevailing: list[Case] = []
    quantity, unit = UNKNOWN, None
    counted = [case for case in single if case.quantity is not None]
    if counted:
        corrected = Corrected()
        for some in _by_unit(counted):
            corrected.add(corrected_by(stage, some, _quantity, some[0].unit, done=done))
        lead = _settle(stage, counted, _quantity, result, corrected, done)
        quantity, unit = lead.quantity or UNKNOWN, lead.unit
        prevailing.append(lead)
    money: dict[str, Interval] = {}
    for currency in dict.fromkeys(case.currency for case in single if case.currency is not None):
        paid = [case for case in single if case.currency == currency]
        corrected = corrected_by(stage, paid, _money, currency, done=_NOTHING)
        lead = _settle(stage, paid, _money, result, corrected, None)
        money[currency] = lead.money or UNKNOWN
        prevailing.append(lead)
    return StageFigure(
        quantity,
        unit,
        money,
        tuple(dict.fromkeys(case.id for case in prevailing or single[-1:])),
        tuple(case.id for case in reports),
    )


def _money(case: Case) -> Interval | None:
    return case.money


def _settle(
    stage: Stage,
    reports: Sequence[Case],
    size: Size,
    result: Stages,
    corrected: Corrected,
    done: Interval | None,
) -> Case:
    """Return the report that prevails; note what it corrects and what contradicts it.

    `done` is what was delivered, where a report may tell of the rest only.
    """
    open_ones = [case for case in reports if case.id not in corrected.out] or list(reports)
    lead = _prevailing(open_ones, size, done)
    result.corrections += corrected.found
    replaced = {one.superseded for one in corrected.found} | corrected.retracted
    others = [case for case in reports if case.id not in replaced and _disagrees(case, lead, size)]
    if others:
        amounts = sorted({str(size(case)) for case in others})
        named = f" {lead.currency}" if size is _money else ""
        says = f"{size(lead)}{named} prevails; other reports say {', '.join(amounts)}"
        ids = tuple(case.id for case in (lead, *others))
        result.contradictions.append(Contradiction(stage, says, ids))
    return lead


def _prevailing(counted: Sequence[Case], size: Size, done: Interval | None) -> Case:
    """Return the newest report; the larger of one day, and no mere rest of a larger whole."""
    newest_first = sorted(
        counted,
        key=lambda case: (case.entry.counted, _floor(size(case)), case.entry.order),
        reverse=True,
    )
    lead = newest_first[0]
    if done is None or done.floor <= 0:
        return lead
    for older in newest_first[1:]:
        rest = (size(older) or UNKNOWN).minus(done)
        if older.unit == lead.unit and rest == size(lead):
            return older
    return lead


def _floor(amount: Interval | None) -> float:
    return amount.floor if amount is not None else 0.0


def _disagrees(case: Case, lead: Case, size: Size) -> bool:
    """Tell whether a report is at odds with the one that prevails; a part of it is not."""
    one, other = size(case), size(lead)
    if case is lead or one is None or other is None:
        return False
    if size is _quantity and case.unit != lead.unit:
        return False
    same_day_part = case.entry.document == lead.entry.document and one.floor < other.floor
    return not one.meets(other) and not same_day_part


_ROUNDED = 1.1
"""What is told in round figures may miss by so much before it is called too much."""


def _too_much(
    found: Mapping[Stage, StageFigure], by_stage: Mapping[Stage, Sequence[Case]]
) -> list[Contradiction]:
    """Note where more was delivered than was promised or ordered."""
    came = found.get(Stage.DELIVERED)
    promises = [found[stage] for stage in (Stage.PLEDGED, Stage.ON_ORDER) if stage in found]
    if came is None or not promises:
        return []
    base = max(promises, key=lambda figure: (figure.quantity.known, figure.quantity.floor))
    most = base.quantity.high
    if most is None or base.unit != came.unit:
        return []
    told = {case.id: case for cases in by_stage.values() for case in cases}
    approx = any(told[name].approx for name in base.prevailing if name in told)
    if came.quantity.floor <= most * (_ROUNDED if approx else 1.0):
        return []
    says = f"{came.quantity} delivered is more than the {base.quantity} promised"
    return [Contradiction(Stage.DELIVERED, says, (*came.prevailing, *base.prevailing))]
