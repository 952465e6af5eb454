"""What judgements come to, worked out again only for those that concern what changed.

Judgements settle matters with one another only where they are about the same statements: those that
are connected so are decided together, by `decisions.decide`, and apart from all others.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from pledgebook.ledger.admitting import admit
from pledgebook.ledger.decisions import Decisions, decide
from pledgebook.ledger.judgements import Attachment, Judgement
from pledgebook.ledger.records import Entry
from pledgebook.ledger.settling import Conflict

__all__ = ["Standing", "Verdicts"]

_ORDER = attrgetter("order")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Standing:
    """Decisions, and the entries that they change: as they now count, None for those left out."""

    decisions: Decisions = field(default_factory=Decisions)
    entries: Mapping[str, Entry | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What some connected judgements came to."""

    judgements: tuple[Judgement, ...]
    decisions: Decisions
    entries: Mapping[str, Entry | None]


class Verdicts:
    """The judgements of a book as they stand."""

    def __init__(self) -> None:
        self._attached: dict[str, tuple[Judgement, tuple[str, ...]]] = {}
        self._settled: dict[tuple[str, ...], _Settled] = {}

    def stand(
        self,
        judgements: Sequence[Judgement],
        entries: Mapping[str, Entry],
        documents: Mapping[str, Mapping[str, Entry]],
        changed: frozenset[str],
        rows: AbstractSet[str],
    ) -> Standing:
        """Return what judgements come to, in the order in which they were made.

        `documents` are the entries by document, `changed` those documents of which they changed,
        `rows` the entries that are imported rows.
        """
        self._forget(judgements, changed)
        settled: dict[tuple[str, ...], _Settled] = {}
        for some in self._connected(judgements, entries, documents):
            key = tuple(one.id for one in some)
            known = self._settled.get(key)
            if known is None or not _are(known.judgements, some):
                known = _settle(some, entries, documents)
            settled[key] = known
        self._settled = settled
        decisions = _together(judgements, settled.values())
        changes = {name: now for one in settled.values() for name, now in one.entries.items()}
        return _admitted(Standing(decisions, changes), entries, rows)

    def _forget(self, judgements: Iterable[Judgement], changed: frozenset[str]) -> None:
        """Forget what was found of judgements about documents that changed."""
        if not changed:
            return
        touched = {
            one.id
            for one in judgements
            if any(subject.document in changed for subject in one.subjects)
        }
        for name in touched:
            self._attached.pop(name, None)
        self._settled = {key: one for key, one in self._settled.items() if touched.isdisjoint(key)}

    def _connected(
        self,
        judgements: Sequence[Judgement],
        entries: Mapping[str, Entry],
        documents: Mapping[str, Mapping[str, Entry]],
    ) -> list[list[Judgement]]:
        """Return judgements in sets that share statements, or of which one takes another back."""
        root = list(range(len(judgements)))

        def find(number: int) -> int:
            while root[number] != number:
                root[number] = number = root[root[number]]
            return number

        holder: dict[str, int] = {}
        for number, one in enumerate(judgements):
            known = self._attached.get(one.id)
            if known is None or known[0] is not one:
                known = self._attached[one.id] = one, _names(one, entries, documents)
            for name in known[1]:
                other = holder.setdefault(name, number)
                if other != number:
                    # The earlier leads, so that the sets come in their order.
                    first, second = sorted((find(other), find(number)))
                    root[second] = first
        sets: dict[int, list[Judgement]] = defaultdict(list)
        for number, one in enumerate(judgements):
            sets[find(number)].append(one)
        return list(sets.values())


def _names(
    judgement: Judgement,
    entries: Mapping[str, Entry],
    documents: Mapping[str, Mapping[str, Entry]],
) -> tuple[str, ...]:
    """Return what a judgement is about: statements as they are there, itself, what it revokes."""
    near = _near([judgement], entries, documents)
    attachment = Attachment(near)
    found = [attachment.find(subject) for subject in judgement.subjects]
    own = [judgement.id] + ([] if judgement.revokes is None else [judgement.revokes])
    return (*own, *(one.id for one in found if one is not None))


def _near(
    judgements: Iterable[Judgement],
    entries: Mapping[str, Entry],
    documents: Mapping[str, Mapping[str, Entry]],
) -> list[Entry]:
    """Return all entries that judgements may stand on, in their order."""
    found: dict[str, Entry] = {}
    for judgement in judgements:
        for subject in judgement.subjects:
            found |= documents.get(subject.document, {})
            if subject.statement in entries:
                found[subject.statement] = entries[subject.statement]
    return sorted(found.values(), key=_ORDER)


def _are(some: Sequence[Judgement], others: Sequence[Judgement]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _settle(
    judgements: Sequence[Judgement],
    entries: Mapping[str, Entry],
    documents: Mapping[str, Mapping[str, Entry]],
) -> _Settled:
    kept, decisions = decide(_near(judgements, entries, documents), judgements)
    changes: dict[str, Entry | None] = dict.fromkeys(decisions.wrong)
    changes |= {entry.id: entry for entry in kept if entry.id in decisions.as_read}
    return _Settled(tuple(judgements), decisions, changes)


def _together(judgements: Sequence[Judgement], settled: Iterable[_Settled]) -> Decisions:
    """Put the decisions of sets of judgements together as `decide` would."""
    found = [one.decisions for one in settled]
    applied = {judgement.id for one in found for judgement in one.applied}
    stranded = {judgement.id for one in found for judgement in one.stranded}
    overruled = {judgement.id for one in found for judgement in one.overruled}
    # As they were attached: judgements of sets are the very ones that are given here.
    rank = {one.id: number for number, one in enumerate(judgements) if one.id in applied}
    conflicts = [conflict for one in found for conflict in one.conflicts]
    pairs = [one for one in conflicts if one.field is None]
    fields = [one for one in conflicts if one.field is not None]
    return Decisions(
        same=tuple(sorted(pair for one in found for pair in one.same)),
        different=tuple(sorted(pair for one in found for pair in one.different)),
        wrong=frozenset(name for one in found for name in one.wrong),
        applied=tuple(one for one in judgements if one.id in applied),
        stranded=tuple(one for one in judgements if one.id in stranded),
        overruled=tuple(one for one in judgements if one.id in overruled),
        by_statement=_joined(one.by_statement for one in found),
        conflicts=(
            *sorted(pairs, key=lambda one: (rank[one.loser], one.statements)),
            *sorted(fields, key=lambda one: rank[_winner(one)]),
        ),
        in_part=frozenset(name for one in found for name in one.in_part),
        missing=_joined(one.missing for one in found),
        as_read=_joined(one.as_read for one in found),
        left_out=_joined(one.left_out for one in found),
    )


def _winner(conflict: Conflict) -> str:
    return conflict.winners[0]


def _joined(some: Iterable[Mapping[str, _Value]]) -> dict[str, _Value]:
    return {name: value for one in some for name, value in one.items()}


def _admitted(standing: Standing, entries: Mapping[str, Entry], rows: AbstractSet[str]) -> Standing:
    """Leave out the imported rows that nobody let in."""
    if not rows:
        return standing
    changes, decisions = dict(standing.entries), standing.decisions
    named = set(rows)
    named |= {name for pair in (*decisions.same, *decisions.different) for name in pair}
    asked = [now for name in named if (now := changes.get(name, entries.get(name))) is not None]
    kept, settled = admit(sorted(asked, key=_ORDER), decisions)
    changes |= dict.fromkeys({one.id for one in asked} - {one.id for one in kept})
    return dataclasses.replace(standing, decisions=settled, entries=changes)
