"""Undertakings that follow the clusters: which running totals leave theirs, and what they cover.

It is what `reconcile` makes of clusters, for those that changed and those that a running total of
the same parties looks at.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pledgebook.ledger.cases import Case, Key
from pledgebook.ledger.reconcile import (
    exceeds,
    is_total,
    key_of_total,
    keys_of,
    measured_like,
    sums_over,
)

__all__ = ["Grouped", "Grouping"]

Cases = tuple[Case, ...]
Order = tuple[dt.date, str, int, str]
_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Grouped:
    """Undertakings whose statements changed, or only the totals over them; `totals` that changed.

    An undertaking is named by its cluster; what a cluster let go by -1 less the cluster.
    """

    members: set[int] = field(default_factory=set)
    totals: set[str] = field(default_factory=set)


class Grouping:
    """All undertakings. Totals over others are in none, and are kept beside those they cover."""

    def __init__(self) -> None:
        self._whole: dict[int, Cases] = {}
        self._lone: dict[int, Cases] = {}
        self._let_go: dict[int, frozenset[str]] = {}
        self._by_key: dict[Key, set[int]] = defaultdict(set)
        self._exceeding: dict[int, Cases] = {}
        self._exceeding_by_key: dict[Key, set[int]] = defaultdict(set)
        self._totals: dict[str, tuple[Case, int]] = {}
        self._totals_by_key: dict[Key, set[str]] = defaultdict(set)
        self.covers: dict[str, frozenset[int]] = {}
        self._own: dict[int, Cases] = {}
        self._homes: set[int] = set()

    def cases(self, name: int) -> Cases:
        """Return the cases of an undertaking, earliest first; none where there is none."""
        if name < 0 or name in self._lone:
            return self._own.get(name, ())
        return self._left(name) if name in self._whole else ()

    def total(self, name: str) -> Case:
        """Return a running total over others by its statement."""
        return self._totals[name][0]

    def update(
        self,
        gone: Iterable[int],
        made: Mapping[int, Cases],
        *,
        judged: AbstractSet[str],
        apart: Mapping[str, AbstractSet[str]],
        unbarred: Iterable[str],
    ) -> Grouped:
        """Take clusters out and in.

        `judged` are the statements that a person joined to others, `apart` those that each was
        judged different from; `unbarred` are those of which that changed.
        """
        changed = Grouped()
        self._homes = set()
        dirty: set[Key] = set()
        asked = set(unbarred) & self._totals.keys()
        for label in gone:
            dirty |= self._remove(label, changed)
        for label, cases in made.items():
            dirty |= self._insert(label, cases, judged, changed, asked)
        self._reduce(made.keys(), dirty, changed, asked)
        for key in dirty:
            asked |= self._totals_by_key.get(key, set())
        self._cover(asked, apart, changed)
        return changed

    def _remove(self, label: int, changed: Grouped) -> set[Key]:
        changed.members |= {label, -1 - label}
        self._own.pop(label, None)
        self._own.pop(-1 - label, None)
        for case in self._lone.pop(label, ()):
            self._forget(case, changed)
        cases = self._whole.pop(label, ())
        if not cases:
            return set()
        left = self._let_go.pop(label, _NOTHING)
        for case in cases:
            if case.id in left:
                self._forget(case, changed)
        for case in self._exceeding.pop(label, ()):
            self._exceeding_by_key[key_of_total(case)].discard(label)
        keys = keys_of(cases)
        for key in keys:
            self._by_key[key].discard(label)
        return keys

    def _insert(
        self, label: int, cases: Cases, judged: AbstractSet[str], changed: Grouped, asked: set[str]
    ) -> set[Key]:
        changed.members |= {label, -1 - label}
        totals = [case for case in cases if is_total(case) and case.id not in judged]
        if len(totals) == len(cases):
            self._lone[label] = cases
            for case in cases:
                self._learn(case, label, asked)
            return set()
        self._whole[label] = cases
        above = tuple(case for case in totals if exceeds(case, cases))
        if above:
            self._exceeding[label] = above
            for case in above:
                self._exceeding_by_key[key_of_total(case)].add(label)
        keys = keys_of(cases)
        for key in keys:
            self._by_key[key].add(label)
        return keys

    def _learn(self, case: Case, label: int, asked: set[str]) -> None:
        self._totals[case.id] = case, label
        self._totals_by_key[key_of_total(case)].add(case.id)
        asked.add(case.id)

    def _forget(self, case: Case, changed: Grouped) -> None:
        label = self._totals.pop(case.id)[1]
        self._totals_by_key[key_of_total(case)].discard(case.id)
        self.covers.pop(case.id, None)
        changed.totals.add(case.id)
        self._homes.add(label)

    # Totals that leave their undertakings

    def _reduce(
        self, made: Iterable[int], dirty: set[Key], changed: Grouped, asked: set[str]
    ) -> None:
        """Find what clusters let go, in their order: what a later one sees of an earlier is left.

        `dirty` are the keys under which an undertaking changed; those found here are added.
        """
        queue: list[tuple[Order, int]] = []
        queued: set[int] = set()

        def put(labels: Iterable[int], after: Order | None = None) -> None:
            for label in labels:
                place = self._whole[label][0].order
                if label not in queued and (after is None or place > after):
                    queued.add(label)
                    heapq.heappush(queue, (place, label))

        put(label for label in made if label in self._exceeding)
        for key in dirty:
            put(self._exceeding_by_key.get(key, ()))
        while queue:
            place, label = heapq.heappop(queue)
            cases = self._exceeding[label]
            found = frozenset(case.id for case in cases if self._lies_over(case, label))
            before = self._let_go.get(label, _NOTHING)
            if found == before:
                continue
            self._let_go[label] = found
            changed.members |= {label, -1 - label}
            for case in cases:
                if case.id in before - found:
                    self._forget(case, changed)
                elif case.id in found - before:
                    self._learn(case, label, asked)
            asked |= found
            keys = keys_of(self._whole[label])
            dirty |= keys
            for key in keys:
                put(self._exceeding_by_key.get(key, ()), place)

    def _left(self, label: int) -> Cases:
        """Return the cases of a cluster without what it let go."""
        out = self._let_go.get(label)
        cases = self._whole[label]
        return tuple(case for case in cases if case.id not in out) if out else cases

    def _lies_over(self, total: Case, own: int) -> bool:
        """Tell whether other undertakings make up for what a total says more than its own holds."""
        place = self._whole[own][0].order
        for label in self._by_key.get(key_of_total(total), ()):
            whole = self._whole[label]
            if label == own:
                continue
            cases = self._left(label) if whole[0].order < place else whole
            if sums_over(total, cases) and any(measured_like(one, total) for one in cases):
                return True
        return False

    # What totals cover

    def _cover(
        self, asked: Iterable[str], apart: Mapping[str, AbstractSet[str]], changed: Grouped
    ) -> None:
        for name in asked:
            if name not in self._totals:
                continue
            total, home = self._totals[name]
            bars = apart.get(name, _NOTHING)
            found = set()
            for label in self._by_key.get(key_of_total(total), ()):
                cases = self._left(label)
                if sums_over(total, cases) and not any(case.id in bars for case in cases):
                    found.add(label)
            covered = frozenset(found)
            if self.covers.get(name) != covered:
                self.covers[name] = covered
                changed.totals.add(name)
            self._homes.add(home)
        for home in self._homes:
            self._keep_own(home, changed)

    def _keep_own(self, home: int, changed: Grouped) -> None:
        """Make an undertaking of those totals of a cluster that cover nothing."""
        name, cases = home, self._lone.get(home, ())
        if home in self._whole:
            out = self._let_go.get(home, _NOTHING)
            name, cases = -1 - home, tuple(one for one in self._whole[home] if one.id in out)
        own = tuple(case for case in cases if not self.covers[case.id])
        if self._own.get(name, ()) != own:
            changed.members.add(name)
        self._own[name] = own
