"""Which of several judgements holds, where "same" and "different" contradict each other.

The later one holds, also where they contradict each other only through others: A and B are
different, C is the same as A and the same as B. What gave way is kept, with what it gave way to.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.ledger.judgements import Judgement, Verdict

__all__ = ["Conflict", "Pairs", "Settled"]

_IdPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A judgement that gave way, wholly or in one point, to later ones.

    `loser` and `winners` are ids of judgements, `statements` what they disagree on; `field` is the
    one that two corrections fill differently, None where it is about same and different.
    """

    loser: str
    winners: tuple[str, ...]
    statements: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Pairs that are the same and pairs that are different; the judgements that gave way, and why.

    `lost` are the ids of judgements that lost at least one of their pairs, `kept` of those that
    kept one.
    """

    same: _IdPairs
    different: _IdPairs
    lost: set[str]
    kept: set[str]
    conflicts: list[Conflict]


class Pairs:
    """Pairs of statements with the latest verdict on each."""

    def __init__(self) -> None:
        self._latest: dict[frozenset[str], Judgement] = {}
        self._replaced: list[tuple[frozenset[str], Judgement, Judgement]] = []

    def add(self, one: str, other: str, judgement: Judgement) -> None:
        """Note a verdict; it replaces an earlier one on the same pair."""
        if one == other:
            return
        members = frozenset((one, other))
        before = self._latest.get(members)
        if before is not None and before.kind is not judgement.kind:
            self._replaced.append((members, before, judgement))
        self._latest[members] = judgement

    def without(self, gone: set[str]) -> Pairs:
        """Return the pairs of which neither is gone."""
        kept = Pairs()
        kept._latest = {key: value for key, value in self._latest.items() if key.isdisjoint(gone)}
        kept._replaced = [one for one in self._replaced if one[0].isdisjoint(gone)]
        return kept

    def settle(self, order: Sequence[str]) -> Settled:
        """Take the latest judgements first; leave out what contradicts them, at any remove.

        `order` are the ids of the judgements, earliest first.
        """
        rank = {name: number for number, name in enumerate(order)}
        told: dict[tuple[str, tuple[str, ...]], Conflict] = {}

        def note(members: frozenset[str], loser: str, winners: Sequence[str]) -> None:
            names = tuple(sorted(set(winners), key=lambda name: rank[name]))
            told.setdefault((loser, names), Conflict(loser, names, tuple(sorted(members))))

        for members, before, after in self._replaced:
            note(members, before.id, [after.id])
        known = _Known()
        same: list[tuple[str, str]] = []
        apart: list[tuple[str, str]] = []
        kept: set[str] = set()
        latest = sorted(self._latest.items(), key=lambda pair: (-rank[pair[1].id], sorted(pair[0])))
        for members, judgement in latest:
            one, other = sorted(members)
            if judgement.kind is Verdict.DIFFERENT:
                against = known.joining(one, other)
                if against is None:
                    known.part(one, other, judgement.id)
                    apart.append((one, other))
            else:
                against = known.parting(one, other)
                if against is None:
                    known.join(one, other, judgement.id)
                    same.append((one, other))
            if against is None:
                kept.add(judgement.id)
            else:
                note(members, judgement.id, against)
        conflicts = sorted(told.values(), key=lambda one: (rank[one.loser], one.statements))
        lost = {conflict.loser for conflict in conflicts}
        return Settled(tuple(sorted(same)), tuple(sorted(apart)), lost, kept, conflicts)


class _Known:
    """What is settled so far: sets of statements that are one, and which sets are apart."""

    def __init__(self) -> None:
        self._home: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._apart: dict[str, dict[str, tuple[str, str, str]]] = defaultdict(dict)
        self._links: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def _find(self, one: str) -> str:
        return self._home.get(one, one)

    def joining(self, one: str, other: str) -> list[str] | None:
        """Return the judgements that make one of the two; None where nothing does."""
        return self._way(one, other) if self._find(one) == self._find(other) else None

    def parting(self, one: str, other: str) -> list[str] | None:
        """Return the judgements that keep the sets of the two apart; None where nothing does."""
        here, there = self._find(one), self._find(other)
        bar = self._apart[here].get(there)
        if bar is None:
            return None
        first, second, name = bar
        if self._find(first) != here:
            first, second = second, first
        return [*self._way(one, first), name, *self._way(second, other)]

    def part(self, one: str, other: str, name: str) -> None:
        """Keep the sets of two statements apart."""
        here, there = self._find(one), self._find(other)
        self._apart[here].setdefault(there, (one, other, name))
        self._apart[there].setdefault(here, (one, other, name))

    def join(self, one: str, other: str, name: str) -> None:
        """Make one of the sets of two statements."""
        self._links[one].append((other, name))
        self._links[other].append((one, name))
        here, there = self._find(one), self._find(other)
        if here == there:
            return
        if len(self._members.get(here, ())) < len(self._members.get(there, ())):
            here, there = there, here
        moved = self._members.pop(there, [there])
        self._members.setdefault(here, [here]).extend(moved)
        self._home.update(dict.fromkeys(moved, here))
        for far, bar in self._apart.pop(there, {}).items():
            del self._apart[far][there]
            self._apart[far].setdefault(here, bar)
            self._apart[here].setdefault(far, bar)

    def _way(self, one: str, other: str) -> list[str]:
        """Return the judgements on a shortest way of "same" from one statement to the other."""
        came: dict[str, tuple[str, str]] = {}
        waiting = deque([one])
        while waiting and other not in came and one != other:
            here = waiting.popleft()
            for there, name in self._links[here]:
                if there not in came and there != one:
                    came[there] = (here, name)
                    waiting.append(there)
        way = []
        here = other
        while here != one:
            here, name = came[here]
            way.append(name)
        return way
