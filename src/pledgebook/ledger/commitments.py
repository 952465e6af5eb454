"""Commitments: real-world undertakings with their stages, and checks by running totals."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.cases import Case
from pledgebook.ledger.corrections import Correction
from pledgebook.ledger.events import Event, State
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.reconcile import Doubt, Group, Link
from pledgebook.ledger.records import commitment_id
from pledgebook.ledger.stages import Contradiction, Stage, StageFigure, Stages, figures, stage_of
from pledgebook.ledger.wholes import Part
from pledgebook.vocabulary.statement import Category, Kind, Scope

__all__ = ["Check", "Commitment", "build_commitment", "commitment_id"]


@dataclass(frozen=True, slots=True)
class Check:
    """A running total held against the sum of the commitments that it covers.

    `verdict` is `agrees`, `exceeds` (more was reported in total than was found singly),
    `falls-short`, or `unknown`: what is not known of some of them may make up the difference, or
    there is nothing to compare. `gap` is the difference: how much more the total is (`exceeds`),
    how much less (`falls-short`), or what the unknown ones would come to (`unknown`); None where
    there is none or nothing is known of it. `covers` says in words what the total speaks of, and
    `counted` which of the commitments have reached its stage.
    """

    statement: str
    stage: Stage
    claimed: Interval
    unit: str | None
    found: Total
    verdict: str
    commitments: tuple[str, ...]
    gap: Interval | None = None
    covers: str = ""
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commitment:
    """One undertaking. Stages stand beside each other and are never added up.

    `donors` give, buy or train; `asked_by` ask. `promised` is the period by which delivery was
    promised, `due` its last day. `outstanding` is what was promised or ordered and is not known to
    be delivered, None where nothing was promised. `links` say why each statement is here, `doubts`
    which other commitments may be the same one. `wholes` are what it is a part of, `parts` what
    lies within it. `history` tells what befell it, earliest first, with the requests and refusals
    that it answers or overtakes; `state` is how it stands.
    """

    id: str
    donors: tuple[str, ...]
    asked_by: tuple[str, ...]
    recipient: str | None
    category: Category
    designation: str | None
    item_id: str | None
    unit: str | None
    supplier: str | None
    stages: Mapping[Stage, StageFigure]
    outstanding: Interval | None
    promised: str | None
    due: dt.date | None
    overdue: bool
    first: dt.date
    last: dt.date
    dated: bool
    statements: tuple[str, ...]
    documents: tuple[str, ...]
    links: Mapping[str, Link]
    contradictions: tuple[Contradiction, ...]
    doubts: tuple[Doubt, ...] = ()
    corrections: tuple[Correction, ...] = ()
    wholes: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    history: tuple[Event, ...] = ()
    state: State = State.CONSIDERED

    @property
    def item(self) -> str:
        """The designation, or the category where no designation is known."""
        return self.designation or self.category.value

    @property
    def tentative(self) -> bool:
        """Whether it was only considered: no promise, order or delivery yet."""
        return Stage.CONSIDERED in self.stages


def build_commitment(group: Group, today: dt.date, settled: Stages | None = None) -> Commitment:
    """Derive a commitment from the cases of one undertaking, as seen on a day.

    `settled` are its stages where they are known already.
    """
    cases = group.cases
    settled = settled or figures(cases)
    stages = settled.figures
    lead = _lead(cases)
    outstanding = _outstanding(stages)
    promised, due = _promised(cases)
    actors = tuple(sorted(_actors(cases)))
    asks = lead.kind is Kind.REQUEST
    late = due is not None and due < today
    unmet = outstanding is not None and (
        Stage.DELIVERED not in stages or (outstanding.low is not None and outstanding.low > 0)
    )
    named = [case for case in cases if case.designation is not None]
    specific = max(
        named, key=lambda case: (len(case.lineage), len(case.words), case.id), default=None
    )
    units = Counter(case.unit for case in cases if case.unit is not None)
    return Commitment(
        id=commitment_id(cases[0].id),
        donors=() if asks else actors,
        asked_by=actors if asks else (),
        recipient=next((case.beneficiary for case in cases if case.beneficiary), None),
        category=lead.category,
        designation=specific.designation if specific else None,
        item_id=specific.item_id if specific else None,
        unit=min(units, key=lambda unit: (-units[unit], unit)) if units else None,
        supplier=next((text for case in cases if (text := case.entry.statement.supplier)), None),
        stages=stages,
        outstanding=outstanding,
        promised=promised,
        due=due,
        overdue=late and unmet,
        first=cases[0].entry.counted,
        last=cases[-1].entry.counted,
        dated=all(case.entry.dated for case in cases),
        statements=tuple(case.id for case in cases),
        documents=tuple(dict.fromkeys(case.entry.document for case in cases)),
        links=group.links,
        contradictions=tuple(settled.contradictions),
        doubts=tuple(group.doubts),
        corrections=tuple(settled.corrections),
    )


def _lead(cases: Sequence[Case]) -> Case:
    """Return the earliest statement that is not a running total."""
    return next((case for case in cases if case.scope is not Scope.TOTAL), cases[0])


def _actors(cases: Sequence[Case]) -> frozenset[str]:
    """Return who gives: those of the handing over where a sale is told from both its ends."""
    givers = [case.actors for case in cases if not case.buys_for_itself]
    counts = Counter(givers or [case.actors for case in cases])
    # Most reports decide; among equals the fuller list, then the alphabet.
    return max(counts, key=lambda actors: (counts[actors], len(actors), sorted(actors)))


def _outstanding(stages: Mapping[Stage, StageFigure]) -> Interval | None:
    pledged, ordered = stages.get(Stage.PLEDGED), stages.get(Stage.ON_ORDER)
    promised = [stage for stage in (pledged, ordered) if stage is not None]
    if not promised:
        return None
    # An order may cover more than the part that a pledge speaks of, or the other way round.
    base = max(promised, key=lambda stage: (stage.quantity.known, stage.quantity.floor))
    delivered = stages.get(Stage.DELIVERED)
    if delivered is None:
        return base.quantity
    if delivered.unit is not None and base.unit is not None and delivered.unit != base.unit:
        return base.quantity.minus(UNKNOWN)
    return base.quantity.minus(delivered.quantity)


def _promised(cases: Sequence[Case]) -> tuple[str | None, dt.date | None]:
    """Return the period of delivery that the newest promise names, and its last day.

    A date that lies before the report is the date of the announcement, not of the delivery.
    """
    promises = [
        case
        for case in cases
        if stage_of(case) in (Stage.PLEDGED, Stage.ON_ORDER)
        and case.span is not None
        and case.span[1] > case.entry.counted
    ]
    if not promises:
        return None, None
    newest = max(case.entry.counted for case in promises)
    last = max(
        (case for case in promises if case.entry.counted == newest),
        key=lambda case: (case.span[1] if case.span else dt.date.min, case.id),
    )
    return last.when, last.span[1] if last.span else None
