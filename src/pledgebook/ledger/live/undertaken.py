"""Undertakings with their figures, brought up to date where a change reaches them.

It is what `reconcile` and `build_commitment` make of all statements, done again for those
undertakings whose statements changed, and for those beside them that are in doubt with them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pledgebook.ledger.cases import Case
from pledgebook.ledger.commitments import Commitment, build_commitment
from pledgebook.ledger.live.grouped import Grouped, Grouping
from pledgebook.ledger.live.joined import Clusters, Joining
from pledgebook.ledger.live.linked import Linking
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.rules import Rules
from pledgebook.ledger.stages import Stages, figures

__all__ = ["Changed", "Decided", "Pairs", "Undertakings"]

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided of pairs of statements, by statement.

    `joined` and `parted` are the statements of which it is other than before.
    """

    same: Mapping[str, AbstractSet[str]]
    apart: Mapping[str, AbstractSet[str]]
    joined: AbstractSet[str]
    parted: AbstractSet[str]


@dataclass(slots=True)
class Changed:
    """What an update reached.

    `before` are undertakings whose statements changed, as they were, `present` those that are
    there now, `others` those of which only doubts or what is overdue changed. `totals` are running
    totals that cover others than before.
    """

    before: dict[int, Group] = field(default_factory=dict)
    present: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    totals: set[str] = field(default_factory=set)

    @property
    def gone(self) -> set[int]:
        """Those that are no more."""
        return self.before.keys() - self.present


class Undertakings:
    """Groups of statements by number, with stages and plain commitments.

    A plain commitment has no parts and no history yet. `home` is the number of each statement's.
    """

    def __init__(self, rules: Rules) -> None:
        self.cases: dict[str, Case] = {}
        self.groups: dict[int, Group] = {}
        self.home: dict[str, int] = {}
        self.stages: dict[int, Stages] = {}
        self.plain: dict[int, Commitment] = {}
        self.grouping = Grouping()
        self._joining = Joining(rules)
        self._linking = Linking(self._joining, rules, self.cases)
        self._same: Pairs = frozenset()
        self._different: Pairs = frozenset()
        self._today: dt.date | None = None

    def decided(
        self, gone: Iterable[str], came: Iterable[Case], same: Pairs, different: Pairs
    ) -> tuple[Clusters, Decided]:
        """Take statements out and in, and all pairs that people decided; return the clusters."""
        out = [name for name in gone if name in self.cases]
        added = list(came)
        for name in out:
            del self.cases[name]
        self.cases |= {case.id: case for case in added}
        pairs = [self._there(some) for some in (same, different)]
        parted = [
            {name for pair in now ^ before for name in pair}
            for now, before in zip(pairs, (self._same, self._different), strict=True)
        ]
        self._same, self._different = pairs
        clusters = self._joining.update(out, added, *pairs)
        return clusters, Decided(_by_statement(pairs[0]), _by_statement(pairs[1]), *parted)

    def _there(self, pairs: Pairs) -> Pairs:
        cases = self.cases
        return frozenset(
            pair for pair in pairs if pair[0] in cases and pair[1] in cases and pair[0] != pair[1]
        )

    def regroup(self, clusters: Clusters, decided: Decided) -> Grouped:
        """Return which undertakings change with the clusters; they are as before until `take`."""
        joining = self._joining
        made = {
            label: tuple(self.cases[joining.ids[one]] for one in joining.members[label])
            for label in clusters.made.keys() | joining.clusters_of(decided.joined)
        }
        return self.grouping.update(
            clusters.gone | made.keys(),
            made,
            judged=decided.same.keys(),
            apart=decided.apart,
            unbarred=decided.parted,
        )

    def take(
        self, clusters: Clusters, grouped: Grouped, decided: Decided, today: dt.date
    ) -> Changed:
        """Make the undertakings that changed, with links, doubts and figures."""
        changed = Changed(totals=grouped.totals)
        names = grouped.members
        changed.before = {name: self.groups[name] for name in names if name in self.groups}
        for name, group in changed.before.items():
            del self.groups[name]
            for case in group.cases:
                if self.home.get(case.id) == name:
                    del self.home[case.id]
        made = {name: cases for name in names if (cases := self.grouping.cases(name))}
        links = self._linking.links(made.values(), decided.same)
        for (name, cases), found in zip(made.items(), links, strict=True):
            self.groups[name] = Group(list(cases), found)
            self.home |= dict.fromkeys((case.id for case in cases), name)
        changed.present = set(made)
        for name in changed.gone:
            del self.stages[name], self.plain[name]
        doubtful = self._doubt(clusters, names)
        for name in changed.present:
            self.stages[name] = figures(self.groups[name].cases)
            self._build(name, today)
        for name in doubtful - changed.present:
            doubts = tuple(self.groups[name].doubts)
            self.plain[name] = dataclasses.replace(self.plain[name], doubts=doubts)
        changed.others = (doubtful | self._late(today)) - changed.present
        return changed

    def _build(self, name: int, today: dt.date) -> None:
        self.plain[name] = build_commitment(self.groups[name], today, self.stages[name])

    def _doubt(self, clusters: Clusters, names: Iterable[int]) -> set[int]:
        """Note the doubts of what changed and of what is beside it; return where they did."""
        touched = self._linking.look(clusters)
        near = {name for name in names if name >= 0}
        for name in list(near):
            touched |= set(self._linking.beside(name))
        asked = {
            name: {
                other: self.groups[other].cases[0]
                for other in self._linking.beside(name)
                if other in self.groups
            }
            for name in touched | near
            if name in self.groups
        }
        changed = set()
        for name, doubts in self._linking.doubts(asked).items():
            if self.groups[name].doubts != doubts:
                self.groups[name].doubts = doubts
                changed.add(name)
        return changed

    def _late(self, today: dt.date) -> set[int]:
        """Note what is overdue now, or is no longer; return those of which it changed."""
        before, self._today = self._today, today
        if before is None or before == today:
            return set()
        first, last = sorted((before, today))
        found = {
            name
            for name, one in self.plain.items()
            if one.due is not None and first <= one.due < last
        }
        for name in found:
            self._build(name, today)
        return found


def _by_statement(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found
