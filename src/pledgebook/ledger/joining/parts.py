"""What one document says of wholes and parts: figures that add up, words such as "of these"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np

from pledgebook.ledger.cases import ALLIES
from pledgebook.ledger.joining.table import FAMILY, KINDS, NONE, SCOPES, CaseTable, Ints
from pledgebook.vocabulary.statement import Kind, Scope

__all__ = ["said_parts", "sums"]

_MOST_IN_A_DOCUMENT = 12
_AFTER = 200
"""A whole may be named so many characters after its part, in the same breath."""

_PROMISES = (KINDS[Kind.PLEDGE], KINDS[Kind.CONTRACT])
_TOTAL, _NEW = SCOPES[Scope.TOTAL], SCOPES[Scope.NEW]

Pair = tuple[int, int]


def sums(table: CaseTable, most: int) -> set[Pair]:
    """Find, in each document, quantities that add up to another one of the same undertaking.

    "Four of the 13 jets were handed over, the other nine will follow": both are parts of the 13.
    `most` is the number of parts that are tried.
    """
    low, high = table.amounts.low[table.quantity], table.amounts.high[table.quantity]
    exact = (low == high) & (table.scope != _TOTAL) & (table.family == FAMILY["promise"])
    rows = np.flatnonzero(exact).astype(np.int32)
    figures = dict(zip(rows.tolist(), low[rows].tolist(), strict=True))
    keys = (table.document, table.beneficiary, table.category, table.unit)
    pairs: set[Pair] = set()
    for group in _groups(rows, keys):
        if 3 <= len(group) <= _MOST_IN_A_DOCUMENT:
            for whole in group:
                pairs |= _parts(table, figures, whole, group, most)
    return pairs


def _groups(rows: Ints, keys: Sequence[Ints]) -> Iterator[list[int]]:
    """Yield the rows that are equal in all keys, where there are several, in their order."""
    if not len(rows):
        return
    columns = [key[rows] for key in keys]
    order = np.lexsort(columns)
    ordered = [column[order] for column in columns]
    changes = np.zeros(len(rows), bool)
    for column in ordered:
        changes[1:] |= column[1:] != column[:-1]
    bounds = [0, *np.flatnonzero(changes).tolist(), len(rows)]
    for start, stop in pairwise(bounds):
        if stop - start > 1:
            yield sorted(rows[order[start:stop]].tolist())


def _parts(
    table: CaseTable, figures: Mapping[int, float], whole: int, group: list[int], most: int
) -> set[Pair]:
    if table.kind[whole] not in _PROMISES:
        return set()
    others = [
        row
        for row in group
        if row != whole
        and 0 < figures[row] < figures[whole]
        and _acts(table, row, whole)
        and ALLIES not in table.parties(table.actors[row])
        and _items_fit(table, row, whole)
    ]
    if table.scope[whole] == _NEW:
        # What was handed over before is no part of a promise that is news.
        others = [row for row in others if table.kind[row] in _PROMISES]
    for size in range(2, most + 1):
        for chosen in combinations(others, size):
            if sum(figures[row] for row in chosen) == figures[whole]:
                return set(combinations(sorted((whole, *chosen)), 2))
    return set()


def _acts(table: CaseTable, part: int, whole: int) -> bool:
    """Tell whether the parties of a part act in the whole too."""
    one, other = table.parties(table.actors[part]), table.parties(table.actors[whole])
    return one == other or bool(one & other)


def _items_fit(table: CaseTable, one: int, other: int) -> bool:
    if not (table.named[one] and table.named[other]):
        return True
    return table.sense(table.item[one]).is_kind_of(table.sense(table.item[other]))


def said_parts(table: CaseTable) -> set[Pair]:
    """Find what a statement is a part of, by its own words: "the first of them", "of which".

    The whole is the nearest fitting statement of the document, rather before it than after.
    """
    speaking = np.flatnonzero(table.continues)
    if not len(speaking):
        return set()
    documents = np.unique(table.document[speaking])
    rows = np.flatnonzero(np.isin(table.document, documents)).astype(np.int32)
    pairs: set[Pair] = set()
    for group in _groups(rows, (table.document,)):
        for place, row in enumerate(group):
            if table.continues[row]:
                whole = _whole(table, row, place, group)
                if whole is not None:
                    pairs.add((min(row, whole), max(row, whole)))
    return pairs


def _whole(table: CaseTable, row: int, place: int, group: list[int]) -> int | None:
    best: tuple[bool, int] | None = None
    found = None
    for other_place, other in enumerate(group):
        if other == row or not _may_hold(table, row, other):
            continue
        after = bool(table.start[other] > table.start[row])
        key = (after, abs(other_place - place))
        if best is None or key < best:
            best, found = key, other
    return found


def _may_hold(table: CaseTable, part: int, whole: int) -> bool:
    if table.start[whole] > table.end[part] + _AFTER:
        return False
    if table.family[part] != table.family[whole] or table.category[part] != table.category[whole]:
        return False
    to, whole_to = table.beneficiary[part], table.beneficiary[whole]
    if to != whole_to and NONE not in (to, whole_to):
        return False
    one, other = table.parties(table.actors[part]), table.parties(table.actors[whole])
    if not (one & other and (one <= other or other <= one)):
        return False
    return _items_fit(table, part, whole) and _is_less(table, part, whole)


def _is_less(table: CaseTable, part: int, whole: int) -> bool:
    """Tell whether the figures leave room for the part in the whole."""
    for amount, unit, ends in (
        (table.quantity, table.unit, table.amounts),
        (table.money, table.currency, table.sums),
    ):
        if amount[part] != NONE and amount[whole] != NONE:
            if unit[part] != unit[whole]:
                return False
            high = ends.high[amount[whole]]
            floor = ends.low[amount[part]]
            return bool(np.isnan(high) or np.isnan(floor) or floor < high)
    return True
