"""What changed between two ledgers, by which reports and by whose judgements.

A change is some commitments of the earlier ledger and those of the later one that hold their
statements. Putting all changes into effect on the earlier commitments gives the later ones.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pledgebook.ledger.causes import Report, Reports
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.totals import OUTSTANDING, money_total, outstanding_totals, quantity_totals

__all__ = [
    "Change",
    "ChangeKind",
    "Changes",
    "Event",
    "FigureChange",
    "FigureKey",
    "compare",
    "figure_changes",
    "put_into_effect",
]

FigureKey = tuple[str, str | None, str | None]
"""Stage, unit and currency of a figure: a quantity has no currency, money no unit."""


class ChangeKind(StrEnum):
    """What became of commitments.

    `confirmed` has other reports and the same figures; `reviewed` only other scores or doubts.
    """

    NEW = "new"
    GONE = "gone"
    MERGED = "merged"
    SPLIT = "split"
    REGROUPED = "regrouped"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    REVIEWED = "reviewed"


class Event(StrEnum):
    """What a reader wants to be told by name."""

    OVERDUE = "overdue now"
    NOT_OVERDUE = "no longer overdue"
    DELIVERED = "delivered in full now"
    REFUSED = "refused or halted now"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A stage's figure before and after, in one unit or currency; None where there was none.

    `stage` is the value of a `Stage`, or "outstanding".
    """

    stage: str
    unit: str | None
    currency: str | None
    before: Total | None
    after: Total | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of some commitments, and why.

    `reports` are the statements that came, went, or say something else. `judgements` are ids of
    those about these statements that were in force in one of the two ledgers only.
    """

    kind: ChangeKind
    before: tuple[Commitment, ...]
    after: tuple[Commitment, ...]
    figures: tuple[FigureChange, ...]
    events: tuple[Event, ...]
    reports: tuple[Report, ...]
    judgements: tuple[str, ...]

    @property
    def lead(self) -> Commitment:
        """The commitment that the change is known by: the earliest of those that there are now."""
        return (self.after or self.before)[0]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two ledgers.

    `documents_new` and `documents_gone` are ids of documents with statements in one of them only.
    `observations` are reports of stocks, output and use that came, went or say something else.
    `checks` pair what running totals came to; `judged` and `unjudged` are the judgements that are
    in force in the later, or the earlier, ledger only.
    """

    before: dt.date
    after: dt.date
    changes: tuple[Change, ...] = ()
    observations: tuple[Report, ...] = ()
    checks: tuple[tuple[Check | None, Check | None], ...] = ()
    documents_new: tuple[str, ...] = ()
    documents_gone: tuple[str, ...] = ()
    judged: tuple[Judgement, ...] = ()
    unjudged: tuple[Judgement, ...] = ()


def compare(
    before: Ledger,
    after: Ledger,
    then: Mapping[str, StoredDocument] | None = None,
    now: Mapping[str, StoredDocument] | None = None,
) -> Changes:
    """Tell what changed from one ledger to another.

    `then` and `now` are the documents of the book at the two times, by id; with them it is known
    why a report came or went: newly read, withdrawn, dated anew.
    """
    reports = Reports(before, after, then or {}, now or {})
    groups = _groups(before, after, reports.counterpart)
    changes = [
        _change(before, after, some, others, reports)
        for some, others in groups
        if some != others or _refusals(before, some) != _refusals(after, others)
    ]
    there = {entry.document for entry in before.entries.values()}
    here = {entry.document for entry in after.entries.values()}
    return Changes(
        before=before.today,
        after=after.today,
        changes=tuple(changes),
        observations=tuple(
            reports.between(
                [one.id for one in before.observations], [one.id for one in after.observations]
            )
        ),
        checks=tuple(_checks(before, after)),
        documents_new=tuple(sorted(here - there)),
        documents_gone=tuple(sorted(there - here)),
        judged=_only(after, before),
        unjudged=_only(before, after),
    )


def put_into_effect(commitments: Iterable[Commitment], changes: Changes) -> list[Commitment]:
    """Return the later commitments, made from the earlier ones and what changed."""
    found = {one.id: one for one in commitments}
    for change in changes.changes:
        for gone in change.before:
            del found[gone.id]
    for change in changes.changes:
        found |= {new.id: new for new in change.after}
    return sorted(found.values(), key=_order)


def _order(commitment: Commitment) -> tuple[dt.date, str]:
    return commitment.first, commitment.id


def _only(here: Ledger, there: Ledger) -> tuple[Judgement, ...]:
    """Return the judgements that are in force in one ledger and not in the other."""
    overruled = {one.id for one in here.decisions.overruled}
    elsewhere = {one.id for one in there.decisions.applied} - {
        one.id for one in there.decisions.overruled
    }
    return tuple(one for one in here.decisions.applied if one.id not in overruled | elsewhere)


_Commitments = tuple[Commitment, ...]


def _groups(
    before: Ledger, after: Ledger, counterpart: Mapping[str, str]
) -> list[tuple[_Commitments, _Commitments]]:
    """Put together the commitments of both ledgers that share statements."""
    parent: dict[tuple[bool, str], tuple[bool, str]] = {}

    def root(node: tuple[bool, str]) -> tuple[bool, str]:
        while parent.get(node, node) != node:
            parent[node] = node = parent.get(parent[node], parent[node])
        return node

    for old, new in counterpart.items():
        here, there = before.home.get(old), after.home.get(new)
        if here is not None and there is not None:
            first, second = sorted((root((False, here)), root((True, there))))
            parent[second] = first
    members: dict[tuple[bool, str], tuple[list[Commitment], list[Commitment]]] = defaultdict(
        lambda: ([], [])
    )
    for is_after, ledger in ((True, after), (False, before)):
        for commitment in sorted(ledger.commitments, key=_order):
            members[root((is_after, commitment.id))][is_after].append(commitment)
    return [(tuple(some), tuple(others)) for some, others in members.values()]


def _change(
    before: Ledger, after: Ledger, some: _Commitments, others: _Commitments, reports: Reports
) -> Change:
    figures = figure_changes(_figures(some), _figures(others))
    events = tuple(_events(before, after, some, others))
    found = tuple(reports.between(_statements(some), _statements(others)))
    touching = _touching(before, some) ^ _touching(after, others)
    return Change(
        kind=_kind(some, others, bool(figures or events), bool(found)),
        before=some,
        after=others,
        figures=figures,
        events=events,
        reports=found,
        judgements=tuple(sorted(touching)),
    )


def _kind(
    some: _Commitments, others: _Commitments, is_changed: bool, has_reports: bool
) -> ChangeKind:
    match len(some), len(others):
        case 0, _:
            return ChangeKind.NEW
        case _, 0:
            return ChangeKind.GONE
        case 1, 1:
            if is_changed:
                return ChangeKind.CHANGED
            return ChangeKind.CONFIRMED if has_reports else ChangeKind.REVIEWED
        case _, 1:
            return ChangeKind.MERGED
        case 1, _:
            return ChangeKind.SPLIT
        case _:
            return ChangeKind.REGROUPED


def _statements(commitments: Sequence[Commitment]) -> list[str]:
    return [name for one in commitments for name in one.statements]


def _figures(commitments: Sequence[Commitment]) -> dict[FigureKey, Total]:
    """Add up each stage in its own unit, and money in its own currency; wholes and parts once."""
    found: dict[FigureKey, Total] = {}
    for stage in sorted({stage for one in commitments for stage in one.stages}):
        for unit, total in quantity_totals(commitments, stage).items():
            found[stage.value, unit, None] = total
        for currency, total in money_total(commitments, stage).items():
            found[stage.value, None, currency] = total
    for unit, total in outstanding_totals(commitments).items():
        found[OUTSTANDING, unit, None] = total
    return found


_STAGES = {name: place for place, name in enumerate((*(one.value for one in Stage), OUTSTANDING))}


def figure_changes(
    old: Mapping[FigureKey, Total], new: Mapping[FigureKey, Total]
) -> tuple[FigureChange, ...]:
    """Return the figures that differ, in the order of the stages."""
    return tuple(
        FigureChange(*key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys(), key=_stage_order)
        if old.get(key) != new.get(key)
    )


def _stage_order(key: FigureKey) -> tuple[int, str, str]:
    stage, unit, currency = key
    return _STAGES[stage], unit or "", currency or ""


def _events(
    before: Ledger, after: Ledger, some: _Commitments, others: _Commitments
) -> Iterable[Event]:
    was_late, is_late = any(one.overdue for one in some), any(one.overdue for one in others)
    if is_late and not was_late:
        yield Event.OVERDUE
    if was_late and not is_late and others:
        yield Event.NOT_OVERDUE
    if _is_met(others) and not _is_met(some):
        yield Event.DELIVERED
    if _refusals(after, others) - _refusals(before, some) or (
        _has(others, Stage.REFUSED) and not _has(some, Stage.REFUSED)
    ):
        yield Event.REFUSED


def _has(commitments: _Commitments, stage: Stage) -> bool:
    return any(stage in one.stages for one in commitments)


def _is_met(commitments: _Commitments) -> bool:
    """Tell whether all that was promised is known to be delivered."""
    promised = [one for one in commitments if one.outstanding is not None]
    return bool(promised) and all(
        Stage.DELIVERED in one.stages and one.outstanding == Interval(0.0, 0.0) for one in promised
    )


def _refusals(ledger: Ledger, commitments: _Commitments) -> set[str]:
    """Return the refusals that may undo some promises, by their statements."""
    return {
        name
        for one in commitments
        for refusal in ledger.refusals.get(one.id, ())
        for name in refusal.statements
    }


def _touching(ledger: Ledger, commitments: _Commitments) -> set[str]:
    by_statement = ledger.decisions.by_statement
    return {
        judgement for name in _statements(commitments) for judgement in by_statement.get(name, ())
    }


def _checks(before: Ledger, after: Ledger) -> Iterable[tuple[Check | None, Check | None]]:
    old = {one.statement: one for one in before.checks}
    new = {one.statement: one for one in after.checks}
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield old.get(name), new.get(name)
