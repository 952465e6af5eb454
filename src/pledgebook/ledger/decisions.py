"""What the judgements in force come to, for the statements of a day."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.ledger.judgements import Attachment, Judgement, Verdict, corrected, in_force
from pledgebook.ledger.records import Entry
from pledgebook.ledger.settling import Conflict, Pairs

__all__ = ["Decisions", "decide"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the judgements in force come to.

    `stranded` lost their statements to a new reading, or these are not in the book; `overruled`
    were contradicted by later ones, as `conflicts` tell, those `in_part` (ids) not in all that they
    say. `missing` counts, by judgement, the
    statements that are not there. `as_read` are corrected statements as they were read, `left_out`
    those judged wrong.
    """

    same: tuple[tuple[str, str], ...] = ()
    different: tuple[tuple[str, str], ...] = ()
    wrong: frozenset[str] = frozenset()
    applied: tuple[Judgement, ...] = ()
    stranded: tuple[Judgement, ...] = ()
    overruled: tuple[Judgement, ...] = ()
    by_statement: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    in_part: frozenset[str] = frozenset()
    missing: Mapping[str, int] = dataclasses.field(default_factory=dict)
    as_read: Mapping[str, Entry] = dataclasses.field(default_factory=dict)
    left_out: Mapping[str, Entry] = dataclasses.field(default_factory=dict)

    def state(self, judgement: Judgement) -> str:
        """Return "in force", "overruled", "overruled in part" or "stranded"; else nothing.

        An empty state is that of a judgement that was taken back, or of the taking back itself.
        """
        overruled = "overruled in part" if judgement.id in self.in_part else "overruled"
        for state, those in (
            (overruled, self.overruled),
            ("stranded", self.stranded),
            ("in force", self.applied),
        ):
            if any(one.id == judgement.id for one in those):
                return state
        return ""

    def accepted_by(self, statement: str) -> tuple[str, ...]:
        """Return who read a statement and holds it right, sorted."""
        made = self.by_statement.get(statement)
        if not made:
            return ()
        kind = Verdict.ACCEPTED
        return tuple(
            sorted({one.by for one in self.applied if one.id in made and one.kind is kind})
        )

    def between(self, some: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
        """Return the pairs judged different of which one is in each of two sets of statements."""
        here, there = set(some), set(others)
        return [
            (one, other) if one in here else (other, one)
            for one, other in self.different
            if (one in here and other in there) or (one in there and other in here)
        ]


def decide(entries: list[Entry], judgements: Sequence[Judgement]) -> tuple[list[Entry], Decisions]:
    """Apply judgements to statements: drop the wrong, put right the corrected, note the pairs.

    Where judgements contradict each other, the later one holds.
    """
    attachment = Attachment(entries)
    pairs = Pairs()
    corrections = _Corrections({entry.id: entry for entry in entries})
    wrong: set[str] = set()
    applied: list[tuple[Judgement, list[str]]] = []
    stranded = []
    missing = {}
    for judgement in in_force(judgements):
        if judgement.kind is Verdict.CODED:
            # What a person left standing is their coding; the ledger takes no notice.
            applied.append((judgement, []))
            continue
        groups = attachment.groups(judgement)
        gone = attachment.missing(judgement)
        if gone:
            missing[judgement.id] = gone
        members = [member for group in groups for member in group]
        if not groups or not _takes(judgement, groups, members, wrong, corrections, pairs):
            stranded.append(judgement)
            continue
        applied.append((judgement, members))
    by_id = {judgement.id: judgement for judgement, _ in applied}
    # What was not said at all is the same as nothing, and different from nothing.
    settled = pairs.without(wrong).settle(list(by_id))
    conflicts = [*settled.conflicts, *corrections.conflicts]
    lost = settled.lost | corrections.lost()
    by_statement: dict[str, list[str]] = defaultdict(list)
    for judgement, members in applied:
        for member in dict.fromkeys(members):
            by_statement[member].append(judgement.id)
    changed = corrections.changed
    kept = [changed.get(entry.id, entry) for entry in entries if entry.id not in wrong]
    return kept, Decisions(
        same=settled.same,
        different=settled.different,
        wrong=frozenset(wrong),
        applied=tuple(judgement for judgement, _ in applied),
        stranded=tuple(stranded),
        overruled=tuple(judgement for name, judgement in by_id.items() if name in lost),
        by_statement={key: tuple(ids) for key, ids in by_statement.items()},
        conflicts=tuple(conflicts),
        in_part=frozenset(lost & settled.kept),
        missing=missing,
        as_read={name: corrections.entries[name] for name in changed},
        left_out={name: corrections.entries[name] for name in sorted(wrong)},
    )


def _takes(
    judgement: Judgement,
    groups: list[list[str]],
    members: list[str],
    wrong: set[str],
    corrections: _Corrections,
    pairs: Pairs,
) -> bool:
    """Note what one judgement says; tell whether it could be applied."""
    match judgement.kind:
        case Verdict.WRONG:
            wrong.update(members)
        case Verdict.CORRECTED:
            return corrections.add(judgement, members[0])
        case Verdict.SAME:
            for one, other in combinations(dict.fromkeys(members), 2):
                pairs.add(one, other, judgement)
        case Verdict.DIFFERENT:
            for first, second in combinations(groups, 2):
                for one in first:
                    for other in second:
                        pairs.add(one, other, judgement)
        case Verdict.COUNTED | Verdict.ACCEPTED | Verdict.ADDED | Verdict.CODED:
            # They say nothing of other statements: `admitting` lets the counted rows in, and what
            # was added is among the entries already.
            pass
    return True


class _Corrections:
    """Corrected statements, and which correction each of their fields is from."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self.changed: dict[str, Entry] = {}
        self.conflicts: list[Conflict] = []
        self._fields: dict[tuple[str, str], tuple[Any, str]] = {}
        self._made: dict[str, int] = {}

    def add(self, judgement: Judgement, member: str) -> bool:
        """Correct a statement; tell whether the coding book allows it, as it now is."""
        entry = self.changed.get(member, self.entries[member])
        try:
            statement = corrected(entry.statement, judgement.changes)
        except UsageError:
            return False
        self.changed[member] = dataclasses.replace(entry, statement=statement)
        self._made[judgement.id] = len(judgement.changes)
        for name, value in judgement.changes.items():
            before = self._fields.get((member, name))
            if before is not None and before[0] != value:
                self.conflicts.append(Conflict(before[1], (judgement.id,), (member,), name))
            self._fields[member, name] = (value, judgement.id)
        return True

    def lost(self) -> set[str]:
        """Return the corrections of which no field is left."""
        gone: dict[str, int] = defaultdict(int)
        for conflict in self.conflicts:
            gone[conflict.loser] += 1
        return {name for name, count in gone.items() if count == self._made[name]}
