"""The commitments of one moment, sifted, put in rows and added up in a few milliseconds.

The answers are those of `Filter.apply`, `status_rows` and the totals of reports.
"""

from __future__ import annotations

import datetime as dt
import functools
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.live.columns import NONE, STAGES, STATES, Ints, Table
from pledgebook.ledger.live.sums import Adding
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import StatusRow, row_of
from pledgebook.ledger.totals import CategoryTotal
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["EVERYTHING", "Index", "Rows", "Selection", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which commitments are asked for; None takes everything.

    `first` and `last` bound the day of the earliest report.
    """

    donor: str | None = None
    recipient: str | None = None
    item: str | None = None
    stage: Stage | None = None
    state: State | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    overdue: bool = False


_MOST_KEPT = 64
"""Of so many names asked for, what fits is kept for the moment."""

EVERYTHING = Wanted()
"""What leaves nothing out."""


class Index:
    """The commitments of one moment, earliest first. It does not change."""

    def __init__(
        self, commitments: Sequence[Commitment], table: Table, catalogue: Catalogue
    ) -> None:
        self.commitments = commitments
        self.table = table
        self._catalogue = catalogue
        self._masks: dict[Filter, npt.NDArray[np.bool_]] = {}

    @functools.cached_property
    def everything(self) -> Selection:
        """All commitments."""
        return Selection(self, np.arange(len(self.commitments)))

    def select(self, wanted: Wanted = EVERYTHING) -> Selection:
        """Return what is asked for. Raises NotFoundError for an unknown name."""
        if wanted == EVERYTHING:
            return self.everything
        table = self.table
        fits = np.ones(len(self.commitments), bool)
        named = Filter(wanted.donor, wanted.recipient, wanted.item)
        if named != Filter():
            fits &= self._named(named)
        if wanted.stage is not None:
            fits &= (table.stages >> STAGES[wanted.stage] & 1).astype(bool)
        if wanted.state is not None:
            fits &= table.state == STATES[wanted.state]
        if wanted.first is not None:
            fits &= table.first >= wanted.first.toordinal()
        if wanted.last is not None:
            fits &= table.first <= wanted.last.toordinal()
        if wanted.overdue:
            fits &= table.overdue.astype(bool)
        return Selection(self, np.flatnonzero(fits))

    @functools.cached_property
    def _kinds(self) -> tuple[Ints, list[Commitment]]:
        """For what a filter can tell apart: its numbers, and the earliest commitment of each."""
        numbers, first = np.unique(self.table.who, return_index=True)
        order = np.argsort(first)
        return numbers[order], [self.commitments[place] for place in first[order].tolist()]

    def _named(self, named: Filter) -> npt.NDArray[np.bool_]:
        known = self._masks.get(named)
        if known is not None:
            return known
        numbers, kinds = self._kinds
        kept = {one.id for one in named.apply(kinds, self._catalogue)}
        fits = np.zeros(int(numbers.max(initial=0)) + 1, bool)
        fits[numbers[[one.id in kept for one in kinds]]] = True
        found: npt.NDArray[np.bool_] = fits[self.table.who]
        if len(self._masks) < _MOST_KEPT:
            self._masks[named] = found
        return found


class Selection(Sequence[Commitment]):
    """Some commitments of a moment, earliest first."""

    def __init__(self, index: Index, places: Ints) -> None:
        self._index = index
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Commitment: ...
    @overload
    def __getitem__(self, at: slice) -> list[Commitment]: ...
    def __getitem__(self, at: int | slice) -> Commitment | list[Commitment]:
        commitments = self._index.commitments
        if isinstance(at, slice):
            return [commitments[place] for place in self._places[at].tolist()]
        return commitments[int(self._places[at])]

    def __iter__(self) -> Iterator[Commitment]:
        return map(self._index.commitments.__getitem__, self._places.tolist())

    @functools.cached_property
    def rows(self) -> Rows:
        """The rows of `status`, in its order."""
        return Rows(self._index, self._places)

    def totals(self) -> list[CategoryTotal]:
        """Return the sums by category and unit, in alphabetical order."""
        table, places = self._index.table, self._places
        of_rows, units = self.rows.of_places, self.rows.units
        adding = Adding(table, self._index.commitments)
        found = []
        for category in sorted(set(table.category[places].tolist()), key=self._category):
            inside = table.category[places] == category
            # What nobody counted stands with the unit of most rows.
            rows = np.unique(of_rows[inside])
            for unit, some in _by_unit(units[rows], table.units).items():
                of_unit = inside & np.isin(of_rows, rows[some])
                name = None if unit == NONE else str(table.units[unit])
                some_places = places[of_unit]
                if not table.plain[some_places].all():
                    # Fractions are added up row by row, as reports do.
                    rank = np.argsort(self.rows.order)[of_rows[of_unit]]
                    some_places = some_places[np.lexsort((some_places, rank))]
                sums = adding.sums(some_places)
                overdue = len(np.unique(of_rows[of_unit & (table.overdue[places] > 0)]))
                found.append(
                    CategoryTotal(self._category(category), name, len(some), overdue, *sums)
                )
        return found

    def _category(self, number: int) -> str:
        return str(self._index.table.categories[number])

    @property
    def open(self) -> list[Commitment]:
        """Those of which something is, or may be, still to come."""
        return self._some(self._index.table.open)

    @property
    def overdue(self) -> list[Commitment]:
        """Those that are overdue."""
        return self._some(self._index.table.overdue)

    @property
    def doubtful(self) -> int:
        """How many may be the same as another."""
        return int((self._index.table.doubtful[self._places] > 0).sum())

    def _some(self, column: Ints) -> list[Commitment]:
        places = self._places[column[self._places] > 0]
        return [self._index.commitments[place] for place in places.tolist()]

    def open_by_kind(self) -> dict[tuple[str, str | None], Selection]:
        """Return those of which something is open, and how much, by category and unit."""
        table = self._index.table
        fits = (table.open[self._places] > 0) & (table.known[-1][self._places] == 1)
        places = self._places[fits]
        size = len(table.units) + 1
        keys = table.category[places] * size + table.unit[places] + 1
        found = {}
        for key in np.unique(keys).tolist():
            category, unit = self._category(key // size), key % size - 1
            name = None if unit == NONE else str(table.units[unit])
            found[category, name] = Selection(self._index, places[keys == key])
        return found

    def reached(self) -> dict[Stage, int]:
        """Return how many reached each stage, of those stages that any reached."""
        stages = self._index.table.stages[self._places]
        counts = {stage: int((stages >> bit & 1).sum()) for stage, bit in STAGES.items()}
        return {stage: count for stage, count in counts.items() if count}

    def by_category(self) -> dict[str, tuple[int, int]]:
        """Return how many there are of each category, and how many of them are overdue."""
        table, places = self._index.table, self._places
        size = len(table.categories)
        every = np.bincount(table.category[places], minlength=size)
        late = np.bincount(table.category[places[table.overdue[places] > 0]], minlength=size)
        return {
            self._category(number): (int(every[number]), int(late[number]))
            for number in np.flatnonzero(every).tolist()
        }

    def sums(self) -> tuple[Mapping[str, Total], Mapping[str, Mapping[str, Total]]]:
        """Return what all of them come to, units together: quantities and money by stage."""
        return Adding(self._index.table, self._index.commitments).sums(self._places)

    def largest(self, most: int) -> list[Commitment]:
        """Return those of which most is outstanding, as far as that is known."""
        table, places = self._index.table, self._places
        known = places[table.known[-1][places] == 1]
        low, high = table.low[-1][known], table.high[-1][known]
        size = np.where(low > 0, low, np.where(np.isinf(high), 0.0, high))
        least = np.sort(size)[-most:][:1]
        some = known[size >= least] if len(least) else known
        commitments = (self._index.commitments[place] for place in some.tolist())
        return heapq.nsmallest(most, commitments, key=_left)

    def newest(self, most: int) -> list[str]:
        """Return the newest statements of these commitments, the newest first, by their ids."""
        # No other commitment has anything newer than the last of these.
        return [name for one in self.latest(most) for name in one.statements]

    def latest(self, most: int) -> list[Commitment]:
        """Return those of which something was told last, the latest first."""
        last = self._index.table.last[self._places]
        least = np.sort(last)[-most:][:1]
        some = self._places[last >= least] if len(least) else self._places
        commitments = (self._index.commitments[place] for place in some.tolist())
        return heapq.nlargest(most, commitments, key=lambda one: (one.last, one.id))


def _left(one: Commitment) -> tuple[float, str]:
    left = one.outstanding
    return -((left.low or left.high or 0.0) if left is not None else 0.0), one.id


def _by_unit(units: Ints, names: Sequence[object]) -> dict[int, Ints]:
    """Return the places of each unit, in alphabetical order; those without with the commonest."""
    found = {unit: np.flatnonzero(units == unit) for unit in set(units.tolist())}
    none = found.pop(NONE, None)
    if none is not None and not found:
        return {NONE: none}
    if none is not None:
        common = min(found, key=lambda unit: (-len(found[unit]), str(names[unit])))
        found[common] = np.concatenate((found[common], none))
    return dict(sorted(found.items(), key=lambda one: str(names[one[0]])))


class Rows(Sequence[StatusRow]):
    """The rows of `status` of some commitments; each is made when it is asked for.

    `of_places` is the number of the row of each commitment, `units` the unit of each row.
    """

    def __init__(self, index: Index, places: Ints) -> None:
        self._index = index
        self._places = places
        table = index.table
        key, unit = table.key[places], _with_unit(table, places)
        size = len(table.units) + 1
        _, first, numbers = np.unique(key * size + unit + 1, return_index=True, return_inverse=True)
        self.of_places: Ints = numbers.astype(np.int64)
        self.units: Ints = unit[first]
        self._keys: Ints = key[first]
        self._first = places[first]
        self._made: dict[int, StatusRow] = {}

    @functools.cached_property
    def _members(self) -> list[Ints]:
        order = np.argsort(self.of_places, kind="stable")
        counts = np.bincount(self.of_places, minlength=len(self.units))
        return np.split(self._places[order], np.cumsum(counts)[:-1])

    @functools.cached_property
    def _ranked(self) -> tuple[Ints, Ints]:
        table = self._index.table
        numbers = self._keys, self.units, table.item[self._first]
        return table.heads.ranks(numbers, table.keys, table.units, table.items)

    @functools.cached_property
    def order(self) -> Ints:
        """The numbers of the rows, in the order of `status`."""
        return np.argsort(self._ranked[0])

    def _id(self, number: int) -> str:
        return self._index.table.heads.id_of(int(self._ranked[1][number]))

    def _unit(self, number: int) -> str | None:
        unit = int(self.units[number])
        return None if unit == NONE else str(self._index.table.units[unit])

    def _row(self, number: int) -> StatusRow:
        row = self._made.get(number)
        if row is None:
            some = [self._index.commitments[place] for place in self._members[number].tolist()]
            row = self._made[number] = row_of(self._id(number), self._unit(number), some)
        return row

    def __len__(self) -> int:
        return len(self.units)

    @overload
    def __getitem__(self, at: int) -> StatusRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[StatusRow]: ...
    def __getitem__(self, at: int | slice) -> StatusRow | list[StatusRow]:
        if isinstance(at, slice):
            return [self._row(number) for number in self.order[at].tolist()]
        return self._row(int(self.order[at]))

    def find(self, name: str) -> StatusRow | None:
        """Return the row with an id, None where there is none."""
        numbers = (number for number in range(len(self)) if self._id(number) == name)
        found = next(numbers, None)
        return None if found is None else self._row(found)


def _with_unit(table: Table, places: Ints) -> Ints:
    """Return the unit of each commitment; those without stand with the commonest of their key."""
    key, unit = table.key[places], table.unit[places]
    told = np.flatnonzero(unit != NONE)
    bare = np.flatnonzero(unit == NONE)
    if not len(told) or not len(bare):
        return unit
    names = [str(one) for one in table.units]
    rank = np.argsort(np.argsort(np.array(names)))
    size = len(names)
    pairs, counts = np.unique(key[told] * size + unit[told], return_counts=True)
    keys, units = pairs // size, pairs % size
    order = np.lexsort((rank[units], -counts, keys))
    lead, at = np.unique(keys[order], return_index=True)
    common = units[order][at]
    found = unit.copy()
    place = np.minimum(np.searchsorted(lead, key[bare]), len(lead) - 1)
    found[bare] = np.where(lead[place] == key[bare], common[place], NONE)
    return found
