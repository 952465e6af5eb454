"""Undertakings that are kept up to date: a document that is added touches only its blocks.

The result is the one that joining all statements anew would give. A statement that is added changes
which pairs meet among its neighbours in the lists of `meetings`, and nowhere else; so the blocks of
these neighbours are solved again, and all others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.joining.blocks import Linked
from pledgebook.ledger.joining.bodies import Body, add_bodies
from pledgebook.ledger.joining.join import is_late, likely_pairs, linked_pairs, solver_of
from pledgebook.ledger.joining.meetings import Meetings
from pledgebook.ledger.joining.parts import said_parts, sums
from pledgebook.ledger.joining.scoring import PairScorer, pair_keys
from pledgebook.ledger.joining.table import CaseTable, Ints
from pledgebook.ledger.rules import Rules

__all__ = ["Spoken", "Standing"]

_AT_A_TIME = 1_000_000


class Standing:
    """The undertakings of a growing set of statements, without judgements.

    `labels` names the undertaking of each row of `table` by its first row.
    """

    def __init__(self, rules: Rules, tree: ItemTree | None, bodies: Iterable[Body] = ()) -> None:
        self._rules = rules
        self._tree = tree
        self.table = CaseTable(rules.continues)
        add_bodies(self.table, bodies, tree, rules)
        self.table.sort()
        self._spoken = Spoken.of(self.table, rules)
        self._block: Ints = np.empty(0, np.int32)
        self.labels: Ints = np.empty(0, np.int32)
        self._block, self.labels = self._solved(self.table, self._spoken)

    def __len__(self) -> int:
        return len(self.table)

    def undertakings(self) -> dict[str, str]:
        """Return the id of the first statement of the undertaking of each statement."""
        ids = self.table.ids
        return {ids[row]: ids[label] for row, label in enumerate(self.labels.tolist())}

    def add(self, bodies: Iterable[Body]) -> list[str]:
        """Add statements; return the ids of those whose undertakings were looked at again."""
        fresh = self.table.empty()
        add_bodies(fresh, bodies, self._tree, self._rules)
        if not len(fresh):
            return []
        fresh.sort()
        # The numbers of rows that stand behind the new ones move up.
        before = np.arange(len(self.table))
        new = self.table.insert(fresh)
        moved = np.delete(np.arange(len(self.table)), new).astype(np.int32)
        self._block = self._renumbered(self._block, before, moved, new)
        self.labels = self._renumbered(self.labels, before, moved, new)
        self._spoken = self._spoken.moved(moved).joined(Spoken.of(fresh, self._rules).moved(new))

        field = np.isin(self.table.field, np.unique(self.table.field[new]))
        part = self._part(np.flatnonzero(field).astype(np.int32))
        touched = self._touched(part, new)
        while True:
            linked, beyond = self._linked(part, touched)
            if not len(beyond):
                break
            touched = np.union1d(touched, beyond).astype(np.int32)
        some = self.table.take(touched)
        blocks, labels = self._solved(some, self._spoken.within(touched), linked)
        self._block[touched] = touched[blocks]
        self.labels[touched] = touched[labels]
        return some.ids

    def _renumbered(
        self, column: Ints, before: npt.NDArray[np.intp], moved: Ints, new: Ints
    ) -> Ints:
        found = np.empty(len(before) + len(new), np.int32)
        found[moved] = moved[column]
        found[new] = new
        return found

    def _touched(self, part: _Part, new: Ints) -> Ints:
        """Return the rows of all blocks in which a pair came or went."""
        near = part.meeting(new)
        now = part.links(near)
        old = self._part(np.setdiff1d(part.rows, new).astype(np.int32))
        then = old.links(np.setdiff1d(near, new).astype(np.int32))
        changed = _keys(now) ^ _keys(then)
        ends = {row for key in changed for row in divmod(key, 1 << 32)}
        blocks = np.unique(self._block[np.array(sorted(ends | set(new.tolist())), np.int64)])
        return part.rows[np.isin(self._block[part.rows], blocks)]

    def _linked(self, part: _Part, touched: Ints) -> tuple[Linked, Ints]:
        """Return the pairs that bring rows into one block, as places in `touched`.

        And the rows of other blocks that one of these rows may now belong to.
        """
        one, other, _ = part.links(touched)
        # What is late and stands outside may be more like others yet: these must be known too.
        ends = np.union1d(one, other)
        asked = np.union1d(touched, ends[is_late(self.table)[ends]]).astype(np.int32)
        one, other, weight = part.links(asked)
        rows = np.union1d(touched, np.concatenate((one, other))).astype(np.int32)
        some = self.table.take(rows)
        first, second = (np.searchsorted(rows, ends).astype(np.int32) for ends in (one, other))
        scorer = self._spoken.within(rows).scorer(some, self._rules)
        solver = solver_of(some, self._rules, scorer)
        # Of late rows that were not asked for it is not known what they are most like.
        known = np.isin(rows, asked) | ~solver.late
        sure = known[first] & known[second]
        blocks = solver.blocks((first[sure], second[sure], weight[sure]))
        inside = np.isin(rows, touched)
        strangers = rows[np.isin(blocks, blocks[inside]) & ~inside]
        theirs = np.isin(self._block[part.rows], np.unique(self._block[strangers]))
        beyond = np.setdiff1d(part.rows[theirs], touched).astype(np.int32)
        within = np.isin(one, touched) & np.isin(other, touched)
        first, second = (
            np.searchsorted(touched, ends[within]).astype(np.int32) for ends in (one, other)
        )
        return (first, second, weight[within]), beyond

    def _part(self, rows: Ints) -> _Part:
        return _Part(self.table.take(rows), rows, self._rules, self._spoken.within(rows))

    def _solved(
        self, table: CaseTable, spoken: Spoken, linked: Linked | None = None
    ) -> tuple[Ints, Ints]:
        """Return the block and the undertaking of each row of a table."""
        scorer = spoken.scorer(table, self._rules)
        if linked is None:
            met = Meetings(table, self._rules)
            linked = linked_pairs(met, self._rules, likely_pairs(met, self._rules, scorer))
        solver = solver_of(table, self._rules, scorer)
        return solver.blocks(linked), solver.labels(linked)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Pairs of rows of which a document says that they add up, or that one is a part.

    What a document says is found in all of it, so it is kept beside the table.
    """

    sums: Ints
    parts: Ints

    @classmethod
    def of(cls, table: CaseTable, rules: Rules) -> Spoken:
        """Find them in the documents of a table, of which it holds all statements."""
        return cls(_pairs(sums(table, rules.most_parts)), _pairs(said_parts(table)))

    def moved(self, to: Ints) -> Spoken:
        """Return the pairs where each row became another one."""
        return Spoken(to[self.sums], to[self.parts])

    def joined(self, other: Spoken) -> Spoken:
        """Return these pairs and others."""
        return Spoken(
            np.concatenate((self.sums, other.sums)), np.concatenate((self.parts, other.parts))
        )

    def within(self, rows: Ints) -> Spoken:
        """Return the pairs of some rows, by their places among these."""
        return Spoken(_within(self.sums, rows), _within(self.parts, rows))

    def scorer(self, table: CaseTable, rules: Rules) -> PairScorer:
        """Return the scorer of the table whose rows these are."""
        size = len(table)
        added, parts = self.sums.tolist(), self.parts.tolist()
        return PairScorer(table, rules, pair_keys(added, size), pair_keys(parts, size))


def _pairs(found: Iterable[tuple[int, int]]) -> Ints:
    return np.array(sorted(found), np.int32).reshape(-1, 2)


def _within(pairs: Ints, rows: Ints) -> Ints:
    places = np.searchsorted(rows, pairs)
    there = places < len(rows)
    there[there] = rows[places[there]] == pairs[there]
    found: Ints = places[there.all(axis=1)].astype(np.int32)
    return found


class _Part:
    """Some rows of a table, to find the pairs among them; rows are named by their place in it."""

    def __init__(self, table: CaseTable, rows: Ints, rules: Rules, spoken: Spoken) -> None:
        self.rows = rows
        self._met = Meetings(table, rules)
        self._rules = rules
        self._scorer = spoken.scorer(table, rules)

    def _places(self, rows: Ints) -> Ints:
        return np.searchsorted(self.rows, rows).astype(np.int32)

    def meeting(self, rows: Ints) -> Ints:
        """Return rows with all that they meet."""
        near = [rows]
        places = self._places(rows)
        for one, other in self._met.pairs(most=_AT_A_TIME, rows=places):
            near += [self.rows[one], self.rows[other]]
        return np.unique(np.concatenate(near))

    def links(self, rows: Ints) -> Linked:
        """Return the pairs that hold one of some rows and bring both into one block."""
        found = likely_pairs(self._met, self._rules, self._scorer, self._places(rows))
        one, other, weight = linked_pairs(self._met, self._rules, found)
        return self.rows[one], self.rows[other], weight


def _keys(pairs: Linked) -> set[int]:
    return set((pairs[0].astype(np.int64) << 32 | pairs[1].astype(np.int64)).tolist())
