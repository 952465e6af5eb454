"""Where people decided differently about a document, told from their judgements alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pledgebook.ledger.judgements import Judgement, Subject, Verdict
from pledgebook.ledger.records import encode

__all__ = ["Dispute", "disputes"]

_WRONG = "wrong"
_OF_CODING = frozenset(
    {Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.WRONG, Verdict.ADDED, Verdict.CODED}
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A statement of which people decided differently, who they are, and how."""

    statement: str
    people: tuple[str, ...]
    says: str


@dataclass(slots=True)
class _Stance:
    """What one person decided in one document."""

    wrong: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    changes: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    added: dict[str, tuple[Subject, str]] = field(default_factory=dict)
    is_done: bool = False

    def of(self, name: str) -> str | None:
        """Return what this person holds of a statement, None where they do not say."""
        if name in self.wrong:
            return _WRONG
        if name in self.changes:
            return encode(self.changes[name])
        return "{}" if name in self.right else None


def disputes(document: str, judgements: Iterable[Judgement]) -> list[Dispute]:
    """Return what people decided differently in a document; `judgements` are those in force."""
    stances = _stances(document, judgements)
    if len(stances) < 2:
        return []
    found = [*_held(stances), *_added(stances)]
    return sorted(found, key=lambda one: (one.statement, one.people))


def _stances(document: str, judgements: Iterable[Judgement]) -> dict[str, _Stance]:
    stances: dict[str, _Stance] = defaultdict(_Stance)
    for one in judgements:
        if one.kind not in _OF_CODING:
            continue
        for subject in one.subjects:
            if subject.document != document:
                continue
            stance, name = stances[one.by], subject.statement
            if subject.is_whole:
                stance.is_done = True
            elif one.kind is Verdict.WRONG:
                stance.wrong.add(name)
            elif one.kind is Verdict.CORRECTED:
                stance.changes[name] |= one.changes
            elif one.kind is Verdict.ADDED:
                stance.added[name] = (subject, encode(one.changes))
            else:
                stance.right.add(name)
    return dict(sorted(stances.items()))


def _held(stances: Mapping[str, _Stance]) -> Iterator[Dispute]:
    """Yield the statements, read or added, of which people say different things."""
    names = {
        name
        for stance in stances.values()
        for name in (*stance.wrong, *stance.right, *stance.changes)
    }
    for name in sorted(names):
        says = {by: held for by, stance in stances.items() if (held := stance.of(name)) is not None}
        if len(set(says.values())) < 2:
            continue
        against = [by for by, held in says.items() if held == _WRONG]
        others = [by for by in says if by not in against]
        if against:
            words = f"{_listed(against)} {_verb(against)} it wrong, {_listed(others)} right"
        else:
            words = f"{_listed(others)} do not give it the same fields"
        yield Dispute(name, tuple(says), words)


def _added(stances: Mapping[str, _Stance]) -> Iterator[Dispute]:
    """Yield what one person added and another, who is done, did not, or did otherwise."""
    for by, stance in stances.items():
        for name, (subject, fields) in stance.added.items():
            if name in stance.wrong:
                continue
            without, otherwise = [], []
            for other, theirs in stances.items():
                if other == by or name in theirs.added or theirs.of(name) is not None:
                    continue
                near = _near(subject, theirs.added.values())
                if any(said != fields for said in near):
                    otherwise.append(other)
                elif not near and theirs.is_done:
                    without.append(other)
            if otherwise:
                people = tuple(sorted((by, *otherwise)))
                yield Dispute(name, people, f"{_listed(people)} added it with different fields")
            elif without:
                people = tuple(sorted((by, *without)))
                yield Dispute(name, people, f"{by} added it, {_listed(without)} did not")


def _near(subject: Subject, others: Iterable[tuple[Subject, str]]) -> list[str]:
    return [
        fields
        for other, fields in others
        if other.kind is subject.kind and other.start < subject.end and subject.start < other.end
    ]


def _verb(names: Sequence[str]) -> str:
    return "holds" if len(names) == 1 else "hold"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)
