"""Wholes and parts that follow the undertakings: what documents claim, settled piece by piece.

A claim is found in one document or one package of a data set. What is settled of it depends only on
the undertakings that claims connect: where one of them changed, these are settled again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from pledgebook.ledger.cases import Case
from pledgebook.ledger.claims import Claim, Relation
from pledgebook.ledger.cues import Cues
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.wholes import Part, claims_of_document, claims_of_package, settled

__all__ = ["Parts"]

_Source = tuple[str, bool]
"""A document, or the package of a data set."""


class Parts:
    """By number of an undertaking: what it is a part of, and what lies within it."""

    def __init__(self, groups: Mapping[int, Group], home: Mapping[str, int], cues: Cues) -> None:
        self._groups = groups
        self._home = home
        self._cues = cues
        self._packages: Mapping[str, str] = {}
        self._inside: dict[_Source, dict[str, Case]] = defaultdict(dict)
        self._claims: dict[_Source, list[Claim]] = {}
        self._beside: dict[int, set[int]] = {}
        self.wholes: dict[int, tuple[Part, ...]] = {}
        self.parts: dict[int, tuple[Part, ...]] = {}

    def update(
        self,
        gone: Iterable[Case],
        came: Iterable[Case],
        changed: AbstractSet[int],
        *,
        packages: Mapping[str, str],
        apart: Mapping[str, AbstractSet[str]],
        unbarred: Iterable[str],
    ) -> set[int]:
        """Follow what changed, and return the undertakings of which other parts are told.

        `gone` and `came` are the cases of those that `changed`, `packages` the package of the rows
        of a data set by document, `apart` what was judged different, `unbarred` the statements of
        which that changed.
        """
        start = set(changed)
        for source in self._moved(gone, came, packages):
            start |= self._ends(self._claims.pop(source, ()))
            found = self._claims_of(source)
            if found:
                self._claims[source] = found
                start |= self._ends(found)
        start |= {self._home[name] for name in unbarred if name in self._home}
        for name in list(start):
            start |= self._beside.pop(name, set())
        told = {name for name in changed if name in self.wholes or name in self.parts}
        for name in changed:
            self.wholes.pop(name, None)
            self.parts.pop(name, None)
        while start:
            name = start.pop()
            if name in self._groups:
                connected, found_here = self._connected(name, apart)
                start -= connected
                told |= self._settle(connected, found_here)
        return told

    def _moved(
        self, gone: Iterable[Case], came: Iterable[Case], packages: Mapping[str, str]
    ) -> set[_Source]:
        """Note which statements are in undertakings; return where that is other than before."""
        before: dict[_Source, dict[str, Case]] = {}

        def of(source: _Source) -> dict[str, Case]:
            before.setdefault(source, dict(self._inside[source]))
            return self._inside[source]

        for case in gone:
            for source in self._sources(case):
                of(source).pop(case.id, None)
        if packages != self._packages:
            # Rows are few: all packages are made anew.
            self._packages = packages
            rows = [one for s, some in self._inside.items() if not s[1] for one in some.values()]
            for source in [one for one in self._inside if one[1]]:
                of(source).clear()
            for case in rows:
                for source in self._sources(case)[1:]:
                    of(source)[case.id] = case
        for case in came:
            for source in self._sources(case):
                of(source)[case.id] = case
        return {source for source, cases in before.items() if self._inside[source] != cases}

    def _sources(self, case: Case) -> list[_Source]:
        document = case.entry.document
        package = self._packages.get(document)
        return [(document, False)] + ([] if package is None else [(package, True)])

    def _claims_of(self, source: _Source) -> list[Claim]:
        name, is_package = source
        cases = list(self._inside[source].values())
        if not cases:
            del self._inside[source]
        if is_package:
            return list(claims_of_package(name, cases, self._cues))
        return list(claims_of_document(cases, self._cues))

    def _ends(self, claims: Iterable[Claim]) -> set[int]:
        names = {case.id for claim in claims for case in (claim.whole, claim.part)}
        return {self._home[name] for name in names if name in self._home}

    def _connected(
        self, start: int, apart: Mapping[str, AbstractSet[str]]
    ) -> tuple[set[int], dict[tuple[int, int, Relation], list[Claim]]]:
        """Return the undertakings that claims connect with one, and the claims."""
        found: dict[tuple[int, int, Relation], list[Claim]] = defaultdict(list)
        seen, waiting = {start}, [start]
        beside: dict[int, set[int]] = defaultdict(set)
        while waiting:
            name = waiting.pop()
            for claim in self._about(name):
                whole, part = self._home[claim.whole.id], self._home[claim.part.id]
                if whole == part or name not in (whole, part) or self._barred(whole, part, apart):
                    continue
                if name == whole:
                    found[whole, part, claim.relation].append(claim)
                other = part if name == whole else whole
                beside[name].add(other)
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        self._beside |= beside
        return seen, found

    def _about(self, name: int) -> Iterator[Claim]:
        sources = {s: None for case in self._groups[name].cases for s in self._sources(case)}
        for source in sources:
            yield from self._claims.get(source, ())

    def _barred(self, one: int, other: int, apart: Mapping[str, AbstractSet[str]]) -> bool:
        if not apart:
            return False
        others = {case.id for case in self._groups[other].cases}
        return any(
            not others.isdisjoint(apart[case.id])
            for case in self._groups[one].cases
            if case.id in apart
        )

    def _settle(
        self, names: Iterable[int], found: Mapping[tuple[int, int, Relation], list[Claim]]
    ) -> set[int]:
        parts = settled(self._groups, found) if found else []
        above: dict[int, list[Part]] = defaultdict(list)
        below: dict[int, list[Part]] = defaultdict(list)
        for part in parts:
            above[self._home["s" + part.part[1:]]].append(part)
            below[self._home["s" + part.whole[1:]]].append(part)
        changed = set()
        for name in names:
            for kept, now in ((self.wholes, above), (self.parts, below)):
                told = tuple(now.get(name, ()))
                if kept.get(name, ()) != told:
                    changed.add(name)
                    kept[name] = told
        return changed
