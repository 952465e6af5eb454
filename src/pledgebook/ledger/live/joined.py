"""Clusters of statements that follow the book: what came, went or was judged touches its blocks.

Rows meet only rows of their kind and category: the pairs of such a field are found anew where one
of its rows changed, which takes milliseconds. Of the blocks that follow, only those that are not as
they were are parted again. The result is that of `joining.join` for all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.cases import Case
from pledgebook.ledger.joining.blocks import Linked, components
from pledgebook.ledger.joining.join import likely_pairs, linked_pairs, solver_of
from pledgebook.ledger.joining.meetings import Meetings
from pledgebook.ledger.joining.scoring import PairScorer
from pledgebook.ledger.joining.standing import Spoken
from pledgebook.ledger.joining.table import CaseTable, Ints
from pledgebook.ledger.rules import Rules

__all__ = ["Clusters", "Joining", "Likely", "Likeness"]

Longs = npt.NDArray[np.int64]
IdPairs = frozenset[tuple[str, str]]
_NEW = -1

Likeness = tuple[float, int, int]
"""The sum of the likest pair of two clusters, and its rows, the earlier first."""


@dataclass(frozen=True, slots=True)
class Likely:
    """The likest pairs between two clusters each, in the order of these: `low` before `high`."""

    low: Longs
    high: Longs
    weight: npt.NDArray[np.float32]
    first: Longs
    second: Longs

    @classmethod
    def none(cls) -> Likely:
        """Return no pairs."""
        nothing = np.empty(0, np.int64)
        return cls(nothing, nothing, np.empty(0, np.float32), nothing, nothing)

    def without(self, other: Likely) -> Iterator[tuple[int, int, Likeness]]:
        """Yield the clusters of those pairs that the other has not, or has otherwise."""
        new = np.ones(len(self.low), bool)
        if len(self.low) and len(other.low):
            size = 1 + max(int(self.high.max()), int(other.high.max()))
            mine, theirs = self.low * size + self.high, other.low * size + other.high
            place = np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)
            new = theirs[place] != mine
            for name in ("weight", "first", "second"):
                new |= getattr(self, name) != getattr(other, name)[place]
        at = np.flatnonzero(new)
        columns = (self.low, self.high, self.weight, self.first, self.second)
        for low, high, weight, first, second in zip(
            *(column[at].tolist() for column in columns), strict=True
        ):
            yield low, high, (weight, first, second)


@dataclass(slots=True)
class Clusters:
    """What changed: clusters that are no more, and those that came, by number, with their rows.

    A row is named by a number of its own, a cluster by that of its first row. `fields` are the
    kinds and categories of which a pair may have changed.
    """

    gone: set[int] = field(default_factory=set)
    made: dict[int, tuple[int, ...]] = field(default_factory=dict)
    fields: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Field:
    """The likely pairs of one kind and category, and its blocks, by places among its rows."""

    likely: Linked
    linked: Linked
    blocks: Ints


class Joining:
    """All rows with their clusters.

    `numbers` names the rows, in the order of `table`: what is corrected is another row. `ids` are
    the statements by number, `members` the rows of each cluster.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.table = CaseTable(rules.continues)
        self.table.sort()
        nothing = np.empty(0, np.int64)
        self.numbers: Longs = nothing
        self._spoken = Spoken.of(self.table, rules)
        self._fields: dict[int, _Field] = {}
        self._rows: dict[int, Ints] = {}
        self._base: Ints = np.empty(0, np.int32)
        self._block, self._size, self._label = nothing, nothing, nothing
        self.members: dict[int, tuple[int, ...]] = {}
        self.ids: dict[int, str] = {}
        self._number: dict[str, int] = {}
        self._place: Ints = np.empty(0, np.int32)
        """The row of each number."""
        self._next = 0
        self._decided: tuple[IdPairs, IdPairs] = frozenset(), frozenset()
        self._apart: Ints = np.empty((0, 2), np.int32)

    def clusters_of(self, names: Iterable[str]) -> set[int]:
        """Return the clusters of those of some statements that have rows."""
        return set(self._label[self._places(names)].tolist())

    def update(
        self, gone: Sequence[str], came: Sequence[Case], must: IdPairs, cannot: IdPairs
    ) -> Clusters:
        """Take rows out and in; `must` and `cannot` are all pairs that people decided."""
        changed = Clusters()
        if gone or came:
            changed.gone |= self.clusters_of(gone)
            changed.fields = self._replace(gone, came)
            self._find(changed.fields)
        before, self._decided = self._decided, (must, cannot)
        decided = (must ^ before[0]) | (cannot ^ before[1])
        if gone or came or decided:
            self._part(changed, self._places({name for pair in decided for name in pair}))
        return changed

    def _places(self, names: Iterable[str]) -> Ints:
        numbers = [self._number[name] for name in names if name in self._number]
        return np.sort(self._place[np.array(numbers, np.int64)])

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> Ints:
        known = self._number
        found = [(known[a], known[b]) for a, b in pairs if a != b and a in known and b in known]
        return self._place[np.array(found, np.int64).reshape(-1, 2)]

    # Rows

    def _replace(self, gone: Sequence[str], came: Sequence[Case]) -> set[int]:
        """Take rows out and in; return the fields in which a pair may have changed."""
        table = self.table
        out = self._places(gone)
        fields = set(table.field[out].tolist())
        documents = set(table.document[out].tolist())
        kept = np.delete(np.arange(len(table), dtype=np.int32), out)
        for number in self.numbers[out].tolist():
            del self._number[self.ids.pop(number)]
        table.drop(out)
        spoken = self._spoken.within(kept)
        for name in ("numbers", "_block", "_size", "_label"):
            setattr(self, name, getattr(self, name)[kept])
        fresh = table.empty()
        fresh.add_cases(came)
        fresh.sort()
        if not len(table):
            self.table = table = fresh
            new = np.arange(len(fresh), dtype=np.int32)
        else:
            new = table.insert(fresh)
        old = np.delete(np.arange(len(table)), new).astype(np.int32)
        for name in ("numbers", "_block", "_size", "_label"):
            column = np.full(len(table), _NEW)
            column[old] = getattr(self, name)
            setattr(self, name, column)
        self._name(new)
        fields |= set(table.field[new].tolist())
        documents |= set(table.document[new].tolist())
        fields |= self._speak(spoken.moved(old), np.array(sorted(documents), np.int32))
        self._place = np.empty(self._next, np.int32)
        self._place[self.numbers] = np.arange(len(table), dtype=np.int32)
        return fields

    def _name(self, rows: npt.NDArray[np.integer]) -> None:
        """Give some rows numbers that no row has had."""
        for name in self.numbers[rows].tolist():
            self.ids.pop(name, None)
        numbers = np.arange(self._next, self._next + len(rows))
        self._next += len(rows)
        self.numbers[rows] = numbers
        for number, row in zip(numbers.tolist(), rows.tolist(), strict=True):
            name = self.table.ids[row]
            self.ids[number], self._number[name] = name, number

    def _speak(self, before: Spoken, documents: Ints) -> set[int]:
        """Find anew what some documents say of sums and parts; return the fields that it is in.

        Rows of which other things are said now are other rows.
        """
        table = self.table
        rows = np.flatnonzero(np.isin(table.document, documents)).astype(np.int32)
        now = Spoken.of(table.take(rows), self._rules).moved(rows)
        inside = np.zeros(len(table), bool)
        inside[rows] = True
        then = Spoken(*(some[inside[some].all(axis=1)] for some in (before.sums, before.parts)))
        others = Spoken(*(some[~inside[some].all(axis=1)] for some in (before.sums, before.parts)))
        self._spoken = others.joined(now)
        changed = set()
        for some, other in ((then.sums, now.sums), (then.parts, now.parts)):
            pairs = set(map(tuple, some.tolist())) ^ set(map(tuple, other.tolist()))
            changed |= {row for pair in pairs for row in pair}
        # Rows that are new already have numbers that nobody knows.
        ends = np.array(sorted(changed), np.int64)
        ends = ends[self._label[ends] != _NEW]
        self._block[ends] = _NEW
        self._name(ends)
        return set(table.field[ends].tolist())

    # Pairs

    def _find(self, fields: Iterable[int]) -> None:
        """Find the pairs of some fields anew."""
        table = self.table
        order = np.argsort(table.field, kind="stable").astype(np.int32)
        ordered = table.field[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        self._rows = dict(
            zip(ordered[starts].tolist(), np.split(order, starts[1:]), strict=bool(len(starts)))
        )
        for name in fields:
            rows = self._rows.get(name)
            if rows is None:
                self._fields.pop(name, None)
                continue
            part, spoken = table.take(rows), self._spoken.within(rows)
            scorer = spoken.scorer(part, self._rules)
            met = Meetings(part, self._rules)
            likely = likely_pairs(met, self._rules, scorer)
            linked = linked_pairs(met, self._rules, likely)
            blocks = solver_of(part, self._rules, scorer).blocks(linked)
            self._fields[name] = _Field(likely, linked, blocks)
        self._base = np.empty(len(table), np.int32)
        for name, found in self._fields.items():
            rows = self._rows[name]
            self._base[rows] = rows[found.blocks]

    # Blocks and clusters

    def _part(self, changed: Clusters, ends: Ints) -> None:
        """Part the blocks again that are not as they were, and those of `ends`."""
        size = len(self.table)
        must, cannot = map(self._pairs, self._decided)
        self._apart = cannot
        block = self._joined(must)
        sizes = np.bincount(block, minlength=size)
        dirty = ~self._as_before(block, sizes)
        dirty[block[ends]] = True
        for name in changed.fields:
            # How large blocks are cut depends on the pairs in them.
            roots = block[self._rows.get(name, ends)]
            dirty[roots[sizes[roots] > self._rules.most_compared]] = True
        rows = np.flatnonzero(dirty[block]).astype(np.int32)
        changed.fields |= set(self.table.field[ends].tolist())
        judged = np.zeros(size, bool)
        judged[block[must.ravel()]] = judged[block[cannot.ravel()]] = True
        before = self._label[rows].copy()
        labels = rows[self._labels(rows, block[rows], judged, must, cannot)]
        self._label[rows] = self.numbers[labels]
        self._block = self.numbers[block]
        self._size = sizes[block]
        self._note(changed, rows, before)

    def _joined(self, must: Ints) -> Ints:
        """Return the first row of the block of each row; what people joined is in one block."""
        one, other = self._base[must[:, 0]], self._base[must[:, 1]]
        nodes = np.unique(np.concatenate((one, other)))
        if not len(nodes):
            return self._base
        places = (np.searchsorted(nodes, ends).astype(np.int32) for ends in (one, other))
        first, second = places
        lead = np.arange(len(self.table), dtype=np.int32)
        lead[nodes] = nodes[components(len(nodes), [(first, second)])]
        return lead[self._base]

    def _as_before(self, block: Ints, sizes: Longs) -> npt.NDArray[np.bool_]:
        """Tell which rows lead a block of the same rows as before."""
        low = np.full(len(block), np.iinfo(np.int64).max)
        high = np.full(len(block), -2)
        np.minimum.at(low, block, self._block)
        np.maximum.at(high, block, self._block)
        same: npt.NDArray[np.bool_] = (low == high) & (low != _NEW) & (self._size == sizes)
        return same

    def _labels(
        self, rows: Ints, block: Ints, judged: npt.NDArray[np.bool_], must: Ints, cannot: Ints
    ) -> Ints:
        """Return the first row of the cluster of each of some rows, as places among them."""
        some = self.table.take(rows)
        scorer = self._spoken.within(rows).scorer(some, self._rules)
        place = np.full(len(self.table), _NEW, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        inside = [
            [(a, b) for a, b in place[pairs].tolist() if a >= 0 and b >= 0]
            for pairs in (must, cannot)
        ]
        solver = solver_of(some, self._rules, scorer, *inside)
        roots = place[np.flatnonzero(judged)]
        return solver.labels_in(place[block], self._links(rows, place), set(roots.tolist()) - {-1})

    def _links(self, rows: Ints, place: Ints) -> Linked:
        """Return the linked pairs of some rows, as places among them."""
        found: list[Linked] = []
        for name in np.unique(self.table.field[rows]).tolist():
            of = place[self._rows[name]]
            one, other, weight = self._fields[name].linked
            within = (of[one] >= 0) & (of[other] >= 0)
            found.append((of[one[within]], of[other[within]], weight[within]))
        if not found:
            nothing = np.empty(0, np.int32)
            return nothing, nothing, np.empty(0, np.float32)
        first, second, sums = (np.concatenate(some) for some in zip(*found, strict=True))
        order = np.lexsort((second, first))
        return first[order], second[order], sums[order]

    def _note(self, changed: Clusters, rows: Ints, before: Longs) -> None:
        """Note which clusters are no more, and which came."""
        old = (changed.gone | set(before.tolist())) & self.members.keys()
        labels, numbers = self._label[rows], self.numbers[rows]
        order = np.argsort(labels, kind="stable")
        starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
        found = np.split(numbers[order], starts[1:]) if len(rows) else []
        now = {int(some[0]): tuple(some.tolist()) for some in found}
        changed.made = {
            label: members for label, members in now.items() if self.members.get(label) != members
        }
        changed.gone = {label for label in old if label not in now or label in changed.made}
        for label in changed.gone:
            del self.members[label]
        self.members |= changed.made
        other = np.isin(labels, list(changed.made)) | np.isin(before, list(changed.gone))
        changed.fields |= set(self.table.field[rows[other]].tolist())

    # What is asked of pairs

    def doubts(self, name: int) -> Likely:
        """Return the likest pairs between clusters of a field, where they leave a doubt."""
        found, rows = self._fields.get(name), self._rows.get(name)
        if found is None or rows is None:
            return Likely.none()
        one, other, weight = found.likely
        one, other = rows[one], rows[other]
        here, there = self._label[one], self._label[other]
        doubtful = (weight > self._rules.doubt) & (here != there)
        if len(self._apart):
            size = len(self.table)
            keys = self._apart.min(axis=1).astype(np.int64) * size + self._apart.max(axis=1)
            doubtful &= ~np.isin(one.astype(np.int64) * size + other, keys)
        places = np.flatnonzero(doubtful)
        low = np.minimum(here[places], there[places])
        high = np.maximum(here[places], there[places])
        # Of equal pairs the earliest.
        order = np.lexsort((places, -weight[places], high, low))
        first = np.ones(len(order), bool)
        first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
        best = order[first]
        at = places[best]
        return Likely(
            low[best], high[best], weight[at], self.numbers[one[at]], self.numbers[other[at]]
        )

    def scorer(self, names: Iterable[str]) -> tuple[dict[str, int], PairScorer]:
        """Return a scorer of some rows, and the place of each in it, in their order."""
        rows = self._places(names)
        some = self.table.take(rows)
        scorer = self._spoken.within(rows).scorer(some, self._rules)
        return {name: place for place, name in enumerate(some.ids)}, scorer
