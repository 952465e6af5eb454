"""The ledger: a pure function of statements, judgements and a day.

The same statements and judgements give the same ledger, in whatever order they were read.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pledgebook.ledger.cases import FAMILIES, ItemTree
from pledgebook.ledger.commitments import Check, Commitment, build_checks, build_commitment
from pledgebook.ledger.judgements import Attachment, Judgement, Verdict, corrected, in_force
from pledgebook.ledger.reconcile import reconcile
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage


@dataclass(frozen=True, slots=True)
class Observation:
    """A stock level, an output or a use at a time, as one statement reports it."""

    entry: Entry

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the judgements in force come to.

    `stranded` lost a statement to a new reading; `overruled` were contradicted by a later one.
    """

    same: tuple[tuple[str, str], ...] = ()
    different: tuple[tuple[str, str], ...] = ()
    wrong: frozenset[str] = frozenset()
    applied: tuple[Judgement, ...] = ()
    stranded: tuple[Judgement, ...] = ()
    overruled: tuple[Judgement, ...] = ()
    by_statement: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Commitments, observations and checks on a day, with what people decided."""

    today: dt.date
    entries: Mapping[str, Entry]
    commitments: tuple[Commitment, ...]
    observations: tuple[Observation, ...]
    checks: tuple[Check, ...]
    decisions: Decisions
    home: Mapping[str, str]
    """The commitment of each statement."""
    refusals: Mapping[str, tuple[Commitment, ...]]
    """For each promise, the refusals by the same party, of the same item, that came after it."""


def build_ledger(
    entries: Iterable[Entry],
    judgements: Sequence[Judgement] = (),
    *,
    today: dt.date,
    tree: ItemTree | None = None,
) -> Ledger:
    """Make the ledger of a day. `judgements` come in the order in which they were made."""
    found = sorted(entries, key=lambda entry: entry.order)
    found, decisions = decide(found, judgements)
    groups = reconcile(found, tree, same=decisions.same, different=decisions.different)
    commitments = tuple(build_commitment(group, today) for group in groups)
    checks = tuple(build_checks(groups, commitments))
    home = {
        statement: commitment.id
        for commitment in commitments
        for statement in commitment.statements
    }
    return Ledger(
        today=today,
        entries={entry.id: entry for entry in found},
        commitments=commitments,
        observations=tuple(
            Observation(entry) for entry in found if entry.statement.kind not in FAMILIES
        ),
        checks=checks,
        decisions=decisions,
        home=home,
        refusals=_refusals(commitments),
    )


def _refusals(commitments: Sequence[Commitment]) -> dict[str, tuple[Commitment, ...]]:
    """Find what was promised and then refused, paused or withdrawn: both are shown."""
    refused: dict[tuple[str, str], list[Commitment]] = defaultdict(list)
    for one in commitments:
        if Stage.REFUSED in one.stages:
            for donor in one.donors:
                refused[donor, one.category].append(one)
    found = {}
    for one in commitments:
        if Stage.PLEDGED not in one.stages and Stage.ON_ORDER not in one.stages:
            continue
        near = {
            other.id: other
            for donor in one.donors
            for other in refused.get((donor, one.category), ())
        }
        later = tuple(
            other
            for other in near.values()
            if other.last >= one.first
            and other.recipient in (one.recipient, None)
            and (other.designation is None or other.designation == one.designation)
        )
        if later:
            found[one.id] = later
    return found


def decide(entries: list[Entry], judgements: Sequence[Judgement]) -> tuple[list[Entry], Decisions]:
    """Apply judgements to statements: drop the wrong, put right the corrected, note the pairs.

    Where judgements contradict each other, the later one holds.
    """
    attachment = Attachment(entries)
    pairs: dict[frozenset[str], tuple[Verdict, int]] = {}
    wrong: dict[str, bool] = {}
    changed: dict[str, Entry] = {}
    applied: list[tuple[Judgement, list[list[str]]]] = []
    stranded = []
    by_id = {entry.id: entry for entry in entries}
    for judgement in in_force(judgements):
        groups = attachment.groups(judgement)
        if groups is None:
            stranded.append(judgement)
            continue
        number = len(applied)
        applied.append((judgement, groups))
        members = [member for group in groups for member in group]
        if judgement.kind is Verdict.WRONG:
            wrong.update(dict.fromkeys(members, True))
        elif judgement.kind is Verdict.CORRECTED:
            entry = changed.get(members[0], by_id[members[0]])
            statement = corrected(entry.statement, judgement.changes)
            changed[entry.id] = dataclasses.replace(entry, statement=statement)
        elif judgement.kind is Verdict.SAME:
            for one, other in combinations(dict.fromkeys(members), 2):
                pairs[frozenset((one, other))] = (Verdict.SAME, number)
        else:
            for first, second in combinations(groups, 2):
                for one in first:
                    for other in second:
                        pairs[frozenset((one, other))] = (Verdict.DIFFERENT, number)
    same, different, lost = _settle(pairs)
    by_statement: dict[str, list[str]] = defaultdict(list)
    for judgement, groups in applied:
        for member in {member for group in groups for member in group}:
            by_statement[member].append(judgement.id)
    kept = [changed.get(entry.id, entry) for entry in entries if entry.id not in wrong]
    return kept, Decisions(
        same=same,
        different=different,
        wrong=frozenset(wrong),
        applied=tuple(judgement for judgement, _ in applied),
        stranded=tuple(stranded),
        overruled=tuple(applied[number][0] for number in sorted(lost)),
        by_statement={key: tuple(ids) for key, ids in by_statement.items()},
    )


_IdPairs = tuple[tuple[str, str], ...]


def _settle(
    pairs: Mapping[frozenset[str], tuple[Verdict, int]],
) -> tuple[_IdPairs, _IdPairs, set[int]]:
    """Take the latest judgements first; leave out what contradicts them, also at one remove."""
    parent: dict[str, str] = {}
    apart: list[tuple[str, str]] = []
    same: list[tuple[str, str]] = []
    lost: set[int] = set()

    def root(member: str) -> str:
        while parent.get(member, member) != member:
            member = parent[member]
        return member

    latest = sorted(pairs.items(), key=lambda item: (-item[1][1], sorted(item[0])))
    for members, (verdict, number) in latest:
        if len(members) < 2:
            continue
        one, other = sorted(members)
        first, second = sorted((root(one), root(other)))
        if verdict is Verdict.DIFFERENT:
            if first == second:
                lost.add(number)
            else:
                apart.append((one, other))
        elif any({root(a), root(b)} == {first, second} for a, b in apart):
            lost.add(number)
        else:
            parent[second] = first
            same.append((one, other))
    return tuple(sorted(same)), tuple(sorted(apart)), lost
