"""The history of each undertaking: asked, refused, granted, paused, resumed, handed over in parts.

Every event keeps its own statements and its own figure. Requests, refusals and promises stay
undertakings of their own; the history of each names the events of the others that concern it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from pledgebook.ledger.asking import Answers
from pledgebook.ledger.cases import Case
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.corrections import Correction
from pledgebook.ledger.cues import Cues
from pledgebook.ledger.deliveries import day_of
from pledgebook.ledger.events import Event, State, What
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.stages import Stage, Stages, stage_of
from pledgebook.vocabulary.statement import Scope

__all__ = ["own_events", "told", "with_history"]

_ORDER = {what: place for place, what in enumerate(What)}
_AGAINST = (What.REFUSED, What.PAUSED, What.WITHDRAWN)
_HALTED = {What.PAUSED: State.PAUSED, What.WITHDRAWN: State.WITHDRAWN}
_FIRM = (What.PLEDGED, What.ORDERED, What.DELIVERED)
_STARTS = {
    Stage.CONSIDERED: What.CONSIDERED,
    Stage.PLEDGED: What.PLEDGED,
    Stage.ON_ORDER: What.ORDERED,
    Stage.ASKED: What.ASKED,
}


def told(
    groups: Sequence[Group],
    commitments: Sequence[Commitment],
    stages: Sequence[Stages],
    answers: Answers,
    cues: Cues,
) -> list[Commitment]:
    """Return the commitments with their histories and states."""
    own = [
        own_events(group, commitment, settled, cues)
        for group, commitment, settled in zip(groups, commitments, stages, strict=True)
    ]
    return [
        with_history(number, commitment, own, answers)
        for number, commitment in enumerate(commitments)
    ]


def with_history(
    number: int,
    commitment: Commitment,
    own: Mapping[int, Sequence[Event]] | Sequence[Sequence[Event]],
    answers: Answers,
) -> Commitment:
    """Return a commitment with its history and state; `own` are the events of each by number."""
    events = list(own[number])
    for other in answers.requests.get(number, ()):
        events += [event for event in own[other] if event.what is What.ASKED]
    for other in answers.refusals.get(number, ()):
        events += [event for event in own[other] if event.what in _AGAINST]
    for other in answers.granted.get(number, ()):
        firm = next((event for event in own[other] if event.what in _FIRM), None)
        events += [] if firm is None else [firm]
    events.sort(key=_place)
    if not any(event.what in _AGAINST for event in events):
        # Only what was halted can go on again.
        events = [event for event in events if event.what is not What.RESUMED]
    return dataclasses.replace(commitment, history=tuple(events), state=_state(commitment, events))


def _place(event: Event) -> tuple[object, ...]:
    return event.day, _ORDER[event.what], event.commitment, event.statements


def own_events(group: Group, commitment: Commitment, settled: Stages, cues: Cues) -> list[Event]:
    """Return the events of an undertaking itself, earliest first."""
    cases = {case.id: case for case in group.cases}
    by_stage: dict[Stage, list[Case]] = {}
    for case in group.cases:
        by_stage.setdefault(stage_of(case), []).append(case)
    events = [
        _start(what, by_stage[stage], commitment)
        for stage, what in _STARTS.items()
        if stage in by_stage
    ]
    firm = [event.day for event in events if event.what in _FIRM]
    if firm:
        # Talk after the decision is no event of its own.
        events = [one for one in events if one.what is not What.CONSIDERED or one.day < min(firm)]
    events += _against(by_stage.get(Stage.REFUSED, []), commitment, cues)
    events += _corrections(settled.corrections, cases, commitment, cues)
    events += _deliveries(settled, by_stage.get(Stage.DELIVERED, []), commitment)
    events += _resumed(group.cases, commitment, cues)
    return sorted(events, key=_place)


def _start(what: What, cases: Sequence[Case], commitment: Commitment) -> Event:
    """Return the event of the first report of a stage, with all that speak of it."""
    single = [case for case in cases if case.scope is not Scope.TOTAL] or list(cases)
    # The report that says most of the earliest day, so that a vague first line hides no figure.
    day = min(day_of(case) for case in single)
    first = min(
        (case for case in single if day_of(case) == day),
        key=lambda case: (case.is_vague, case.order),
    )
    return _event(what, [first, *(case for case in single if case is not first)], commitment)


def _event(
    what: What,
    cases: Sequence[Case],
    commitment: Commitment,
    *,
    says: str = "",
    size: Interval | None = None,
) -> Event:
    first = cases[0]
    quantity = size if size is not None else first.quantity or UNKNOWN
    past = first.span is not None and first.span[1] <= first.entry.counted
    money = {first.currency: first.money} if first.money and first.currency else {}
    return Event(
        what=what,
        day=min(day_of(case) for case in cases),
        reported=min(case.entry.counted for case in cases),
        commitment=commitment.id,
        by=tuple(sorted(first.actors)),
        statements=tuple(case.id for case in cases),
        when=first.when if past else None,
        quantity=quantity,
        unit=first.unit if first.unit is not None or not quantity.known else commitment.unit,
        money=money,
        says=says,
        is_dated=past or any(case.scope is Scope.NEW for case in cases),
    )


def _against(cases: Iterable[Case], commitment: Commitment, cues: Cues) -> list[Event]:
    """Return when it was refused, paused and withdrawn: an event of each kind."""
    kinds: dict[What, list[Case]] = {}
    for case in cases:
        kinds.setdefault(_kind_of_refusal(case, cues), []).append(case)
    return [_start(what, found, commitment) for what, found in kinds.items()]


def _kind_of_refusal(case: Case, cues: Cues) -> What:
    quote = case.entry.statement.evidence.quote
    if cues.has("withdrawn", quote):
        return What.WITHDRAWN
    return What.PAUSED if cues.has("paused", quote) else What.REFUSED


def _corrections(
    corrections: Iterable[Correction],
    cases: dict[str, Case],
    commitment: Commitment,
    cues: Cues,
) -> list[Event]:
    by_statement: dict[str, list[Correction]] = {}
    for one in corrections:
        by_statement.setdefault(one.statement, []).append(one)
    events = []
    for statement, found in by_statement.items():
        was = ", ".join(dict.fromkeys(_sized(one.was, one) for one in found))
        what = What.CHANGED if found[0].reason == cues.says.changed else What.CORRECTED
        says = f"{was} before; {found[0].reason}"
        events.append(_event(what, [cases[statement]], commitment, says=says))
    return events


def _sized(amount: Interval, correction: Correction) -> str:
    unit = correction.unit
    return f"{amount} {unit}" if unit and unit != "item" else str(amount)


def _deliveries(settled: Stages, cases: Sequence[Case], commitment: Commitment) -> list[Event]:
    events = []
    for act in settled.acts:
        says = "the rest of it" if act.closes else ""
        events.append(_event(What.DELIVERED, act.cases, commitment, says=says, size=act.size))
    total = settled.total
    if total is not None and not any(total in act.cases for act in settled.acts):
        says = "in all so far" if total.scope is Scope.TOTAL else ""
        events.append(_event(What.DELIVERED, [total], commitment, says=says))
    if cases and not events:
        # Totals that give no figure: something was handed over.
        events.append(_event(What.DELIVERED, cases, commitment, says="in all so far"))
    left = commitment.outstanding
    if events and left is not None and left.high == 0:
        last = max(events, key=lambda event: (event.day, event.statements))
        figure = settled.figures[Stage.DELIVERED]
        done = dataclasses.replace(
            last,
            what=What.COMPLETED,
            quantity=figure.quantity,
            unit=figure.unit,
            says="all that was promised has come",
        )
        events.append(done)
    return events


def _resumed(cases: Iterable[Case], commitment: Commitment, cues: Cues) -> list[Event]:
    said = [
        case
        for case in cases
        if stage_of(case) in (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
        and cues.has("resumed", case.entry.statement.evidence.quote)
    ]
    return [_event(What.RESUMED, said, commitment)] if said else []


# How it stands


def _state(commitment: Commitment, events: Sequence[Event]) -> State:
    if commitment.asked_by:
        return _answered(events, State.ASKED)
    if Stage.REFUSED in commitment.stages:
        own = [event for event in events if event.commitment == commitment.id]
        last = max(own, key=_place).what
        return _answered(events, _HALTED.get(last, State.REFUSED))
    base = _reached(commitment)
    if base in (State.DELIVERED, State.CONSIDERED):
        return base
    return _halted(commitment.id, events, base)


def _answered(events: Sequence[Event], otherwise: State) -> State:
    """Return how a request or a refusal stands: by the last answer to it."""
    state = otherwise
    for event in events:
        if event.what in _FIRM:
            state = State.GRANTED
        elif event.what in _AGAINST:
            state = _HALTED.get(event.what, State.REFUSED)
    return state


def _reached(commitment: Commitment) -> State:
    stages = commitment.stages
    if Stage.DELIVERED in stages:
        left = commitment.outstanding
        all_came = left is None or left.high == 0 or _is_paid(commitment)
        return State.DELIVERED if all_came else State.PARTLY_DELIVERED
    if Stage.ON_ORDER in stages:
        return State.ON_ORDER
    return State.PLEDGED if Stage.PLEDGED in stages else State.CONSIDERED


def _is_paid(commitment: Commitment) -> bool:
    """Tell whether a promise of money alone, in one currency, was paid to the last of it."""
    promised = [
        commitment.stages[stage]
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in commitment.stages
    ]
    paid = commitment.stages[Stage.DELIVERED].money
    sums = [(code, size) for figure in promised for code, size in figure.money.items()]
    return (
        bool(sums)
        and all(not figure.quantity.known and len(figure.money) <= 1 for figure in promised)
        and all(
            size.high is not None and code in paid and paid[code].floor >= size.high
            for code, size in sums
        )
    )


def _halted(own: str, events: Sequence[Event], base: State) -> State:
    """Return the state after halts and what followed them; a mere refusal changes none.

    What was halted before it was promised was overtaken by the promise, and what texts only recall
    without a day may have been.
    """
    state, begun = base, False
    for event in events:
        if event.commitment == own and event.what in _FIRM:
            state, begun = base, True
        elif event.what in _HALTED:
            state = _HALTED[event.what] if begun and event.is_dated else state
        elif event.what is What.RESUMED and state in _HALTED.values():
            state = State.RESUMED
    return state
