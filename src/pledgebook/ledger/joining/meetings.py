"""Which statements are compared at all: those that share something and are near in time.

Statements stand in lists by what they share. In each list every one meets those that come next, up
to so many and up to so many days later. A statement that is added changes the pairs of its
neighbours in these lists, and no others.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.table import NONE, CaseTable, Ints
from pledgebook.ledger.rules import Rules

__all__ = ["Meetings", "in_the_thick", "meetings"]

Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _List:
    """Rows that meet where they share a key: `days` is how far apart they may be.

    `most` is how many of those that come next each one meets. Of `sales`, a purchase meets only
    what was handed over, and the other way round.
    """

    rows: Ints
    key: Longs
    days: int
    most: int
    sales: bool = False


class Meetings:
    """The lists of a table, to ask for pairs more than once."""

    def __init__(self, table: CaseTable, rules: Rules) -> None:
        self.table = table
        self._rules = rules

    @functools.cached_property
    def _sorted(self) -> list[_Sorted]:
        return [_Sorted.of(self.table, some) for some in _lists(self.table, self._rules)]

    @functools.cached_property
    def thick(self) -> Flags:
        """Which rows are `in_the_thick`."""
        return in_the_thick(self.table, self._rules)

    def pairs(self, *, most: int, rows: Ints | None = None) -> Iterator[tuple[Ints, Ints]]:
        """Yield pairs of rows, the earlier first, at most about `most` at a time.

        A pair that shares several things comes more than once. With `rows`, only pairs that hold
        one of them.
        """
        wanted = None
        if rows is not None:
            wanted = np.zeros(len(self.table), bool)
            wanted[rows] = True
        for some in self._sorted:
            for first, second in _sweep(some, most, wanted):
                if some.sales:
                    sold = self.table.buys[first] != self.table.buys[second]
                    yield first[sold], second[sold]
                else:
                    yield first, second


def meetings(
    table: CaseTable, rules: Rules, *, most: int, rows: Ints | None = None
) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of a table once; see `Meetings.pairs`."""
    yield from Meetings(table, rules).pairs(most=most, rows=rows)


def _lists(table: CaseTable, rules: Rules) -> Iterator[_List]:
    """Return the lists: by actor and category, and more narrowly for what is further apart."""
    party, rows = _by_party(table)
    base = _mixed(party, table.family[rows], table.category[rows])
    yield _List(rows, base, rules.days.actor, rules.most_met)
    yield _List(rows, _mixed(base, table.item[rows]), rules.days.item, rules.most_met)
    for amount, unit in ((table.quantity, table.unit), (table.money, table.currency)):
        told = amount[rows] != NONE
        key = _mixed(base[told], amount[rows[told]], unit[rows[told]])
        yield _List(rows[told], key, rules.days.amount, rules.most_met)
    # A sale is told from both its ends, and what "the allies" give by one of them: these have no
    # party in common.
    given = np.flatnonzero(table.beneficiary != NONE).astype(np.int32)
    key = _mixed(table.beneficiary[given], table.family[given], table.category[given])
    sold = np.isin(key, key[table.buys[given]])
    yield _List(given[sold], key[sold], rules.days.actor, rules.most_met, sales=True)
    for amount, unit in ((table.quantity, table.unit), (table.money, table.currency)):
        told = np.flatnonzero((amount != NONE) & (table.beneficiary != NONE)).astype(np.int32)
        key = _mixed(table.beneficiary[told], table.family[told], table.category[told])
        key = _mixed(key, amount[told], unit[told])
        yield _List(told, key, rules.near_days, rules.most_met)


def in_the_thick(table: CaseTable, rules: Rules) -> Flags:
    """Tell which rows have more of the same party, kind and category near than they can meet."""
    party, rows = _by_party(table)
    key = _mixed(party, table.family[rows], table.category[rows])
    order = np.argsort(key, kind="stable")
    rows, key, day = rows[order], key[order], table.day[rows[order]].astype(np.int64)
    span = rules.days.actor
    place = key * (int(day.max(initial=0)) + 2 * span + 2) + day + span
    first = np.searchsorted(place, place - span, "left")
    last = np.searchsorted(place, place + span, "right")
    found = np.zeros(len(table), bool)
    found[rows[last - first > rules.most_met]] = True
    return found


def _by_party(table: CaseTable) -> tuple[Longs, Ints]:
    """Return each row once for each party that acts in it."""
    codes, places = np.unique(table.actors, return_inverse=True)
    sets = [sorted(table.parties(code)) or [""] for code in codes.tolist()]
    names = {name: number for number, name in enumerate(sorted({n for s in sets for n in s}))}
    longest = max((len(one) for one in sets), default=1)
    matrix = np.full((len(sets), longest), NONE, np.int64)
    for code, members in enumerate(sets):
        matrix[code, : len(members)] = [names[name] for name in members]
    found = matrix[places]
    rows, columns = np.nonzero(found != NONE)
    return found[rows, columns], rows.astype(np.int32)


def _mixed(*columns: npt.NDArray[np.integer]) -> Longs:
    """Return one number for each combination of values."""
    mixed = columns[0].astype(np.int64)
    for column in columns[1:]:
        values, codes = np.unique(column, return_inverse=True)
        mixed = mixed * len(values) + codes
        # Small again, so that the next product cannot overflow.
        mixed = np.unique(mixed, return_inverse=True)[1].astype(np.int64)
    return mixed


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A list in the order of its keys and of time: each row meets `counts` of those behind it."""

    rows: Ints
    counts: Longs
    sales: bool

    @classmethod
    def of(cls, table: CaseTable, some: _List) -> Self:
        order = np.argsort(some.key, kind="stable")
        rows, key = some.rows[order], some.key[order]
        day = table.day[rows].astype(np.int64)
        reach = int(day.max(initial=0)) + some.days + 2
        place = key * reach + day
        ends = np.searchsorted(place, place + some.days, "right")
        counts = np.minimum(ends - np.arange(len(rows)) - 1, some.most)
        return cls(rows, counts, some.sales)


def _sweep(some: _Sorted, most: int, wanted: Flags | None) -> Iterator[tuple[Ints, Ints]]:
    rows, counts = some.rows, some.counts
    if wanted is not None:
        counts = _only(counts, wanted[rows])
    sums = np.cumsum(counts)
    start = 0
    while start < len(rows):
        before = int(sums[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(sums, before + most, "right")))
        many = counts[start:stop]
        total = int(many.sum())
        if total:
            one = np.repeat(np.arange(start, stop), many)
            offset = np.arange(total) - np.repeat(np.cumsum(many) - many, many)
            first, second = rows[one], rows[one + 1 + offset]
            if wanted is not None:
                hold = wanted[first] | wanted[second]
                first, second = first[hold], second[hold]
            apart = first != second
            yield first[apart], second[apart]
        start = stop


def _only(counts: Longs, wanted: Flags) -> Longs:
    """Leave out rows that meet none that is wanted."""
    sums = np.concatenate(([0], np.cumsum(wanted)))
    starts = np.arange(len(counts))
    near = sums[starts + counts + 1] - sums[starts]
    return np.where(near > 0, counts, 0)
