"""Cases as columns: what each statement says, as numbers, so that a million are compared at once.

Rows are sorted by `Entry.order`, whatever the order in which they came.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.cases import FAMILIES, Case, ItemSense
from pledgebook.ledger.intervals import Interval
from pledgebook.vocabulary.statement import Category, Kind, Scope

__all__ = [
    "CATEGORIES",
    "FAMILY",
    "KINDS",
    "NONE",
    "SCOPES",
    "CaseTable",
    "Codes",
    "Ends",
    "Ints",
    "Said",
]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Said = tuple[int, ...]
"""What a statement says, in the order of `_COLUMNS`."""

KINDS = {kind: number for number, kind in enumerate(Kind)}
SCOPES = {scope: number for number, scope in enumerate(Scope)}
CATEGORIES = {category: number for number, category in enumerate(Category)}
FAMILY = {name: number for number, name in enumerate(sorted(set(FAMILIES.values())))}
NONE = -1
"""The code of what a statement does not say."""

_COLUMNS = (
    "family", "kind", "scope", "firm", "actors", "beneficiary", "buys", "category", "item",
    "quantity", "unit", "approx", "money", "currency", "when", "supplier",
)  # fmt: skip
_PLACES = ("day", "document", "start", "end", "flags")
_ALL_COLUMNS = (
    *_COLUMNS, "field", "named", "spanned", "first", "last",
    "day", "document", "start", "end", "dated", "further", "continues",
)  # fmt: skip
_CODES = (
    "actor_codes", "party_codes", "item_codes", "quantity_codes", "unit_codes", "money_codes",
    "currency_codes", "supplier_codes", "_when_codes", "_document_codes", "_spans", "_known",
)  # fmt: skip
_DATED, _FURTHER, _CONTINUES = 1, 2, 4


class Codes:
    """Numbers for values, in the order in which they are met; None is `NONE`."""

    def __init__(self) -> None:
        self.values: list[Hashable] = []
        self._number: dict[Hashable, int] = {}

    def of(self, value: Hashable) -> int:
        """Return the number of a value."""
        if value is None:
            return NONE
        number = self._number.get(value)
        if number is None:
            number = self._number[value] = len(self.values)
            self.values.append(value)
        return number


@dataclass(frozen=True, slots=True)
class Ends:
    """Low and high ends of the intervals behind codes; an open end is NaN.

    `floor` and `roof` say what an open end stands for: nought, and no bound. The last place answers
    for `NONE`.
    """

    low: Floats
    high: Floats
    floor: Floats
    roof: Floats

    @classmethod
    def of(cls, values: Sequence[Hashable]) -> Ends:
        """Return the ends of intervals in the order of their codes."""
        found = [value for value in values if isinstance(value, Interval)]
        low = np.array([*(np.nan if one.low is None else one.low for one in found), np.nan])
        high = np.array([*(np.nan if one.high is None else one.high for one in found), np.nan])
        return cls(low, high, np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=np.inf))


class CaseTable:
    """Rows of cases. Fill it with `add`, then `sort` it; the columns are there afterwards.

    Each column holds a code, a flag or a number for every row; `..._codes` tell what codes stand
    for. `continues` finds the words by which a text says that it speaks of a part of what it named
    before.
    """

    family: Ints
    kind: Ints
    scope: Ints
    firm: Flags
    actors: Ints
    beneficiary: Ints
    buys: Flags
    category: Ints
    field: Ints
    item: Ints
    named: Flags
    quantity: Ints
    unit: Ints
    approx: Flags
    money: Ints
    currency: Ints
    when: Ints
    spanned: Flags
    first: Ints
    last: Ints
    supplier: Ints
    day: Ints
    document: Ints
    start: Ints
    end: Ints
    dated: Flags
    further: Flags
    continues: Flags
    amounts: Ends
    sums: Ends

    def __init__(self, continues: re.Pattern[str]) -> None:
        self._continues = continues
        self.ids: list[str] = []
        self.actor_codes, self.party_codes, self.item_codes = Codes(), Codes(), Codes()
        self.quantity_codes, self.unit_codes = Codes(), Codes()
        self.money_codes, self.currency_codes = Codes(), Codes()
        self.supplier_codes = Codes()
        self._when_codes = Codes()
        self._document_codes = Codes()
        self._spans: dict[int, tuple[dt.date, dt.date]] = {}
        self._said = array("i")
        self._places = array("i")
        self._known: dict[Hashable, Said] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def add(
        self,
        name: str,
        document: str,
        counted: dt.date,
        span: tuple[int, int],
        quote: str,
        said: Said,
        *,
        dated: bool,
        further: bool,
    ) -> None:
        """Add one statement: where and when it was said, and what it says."""
        flags = _DATED * dated + _FURTHER * further
        if self._continues.search(quote) is not None:
            flags += _CONTINUES
        self.ids.append(name)
        self._said.extend(said)
        self._places.extend((counted.toordinal(), self._document_codes.of(document), *span, flags))

    def add_cases(self, cases: Iterable[Case]) -> None:
        """Add prepared cases."""
        for case in cases:
            entry = case.entry
            evidence = entry.statement.evidence
            self.add(
                entry.id,
                entry.document,
                entry.counted,
                (evidence.start, evidence.end),
                evidence.quote,
                self._said_by(case),
                dated=entry.dated,
                further=case.further,
            )

    def _said_by(self, case: Case) -> Said:
        key = case.says
        said = self._known.get(key)
        if said is None:
            said = self._known[key] = (
                FAMILY[case.family],
                KINDS[case.kind],
                SCOPES[case.scope],
                int(case.firm),
                self.actor_codes.of(case.actors),
                self.party_codes.of(case.beneficiary),
                int(case.buys_for_itself),
                CATEGORIES[case.category],
                self.item_codes.of((case.category, case.sense)),
                self.quantity_codes.of(case.quantity),
                self.unit_codes.of(case.unit),
                int(case.approx),
                self.money_codes.of(case.money),
                self.currency_codes.of(case.currency),
                self.when_code(case.when, case.span),
                self.supplier_codes.of(case.supplier),
            )
        return said

    def when_code(self, when: str | None, span: tuple[dt.date, dt.date] | None) -> int:
        """Return the code of a period, whose first and last days are `span`."""
        code = self._when_codes.of(when)
        if span is not None:
            self._spans[code] = span
        return code

    def sort(self) -> Ints:
        """Make the columns, in the order of time; return the place where each row came from."""
        said = np.array(self._said, np.int32).reshape(-1, len(_COLUMNS))
        places = np.array(self._places, np.int32).reshape(-1, len(_PLACES))
        day, document, start, end, flags = places.T
        codes, number = np.unique(document, return_inverse=True)
        names = np.array([self._document_codes.values[code] for code in codes.tolist()], np.str_)
        rank = np.argsort(np.argsort(names, kind="stable"))[number]
        ids = np.array(self.ids, dtype=np.bytes_)
        order = np.lexsort((ids, start, rank, day)).astype(np.int32)
        self.ids = [self.ids[index] for index in order]
        self.day, self.document = day[order], document[order]
        self.start, self.end = start[order], end[order]
        flags = flags[order]
        self.dated = (flags & _DATED).astype(bool)
        self.further = (flags & _FURTHER).astype(bool)
        self.continues = (flags & _CONTINUES).astype(bool)
        for name, column in zip(_COLUMNS, said[order].T, strict=True):
            is_flag = name in ("firm", "buys", "approx")
            setattr(self, name, column.astype(bool) if is_flag else np.ascontiguousarray(column))
        self._said, self._places = array("i"), array("i")
        self._derive()
        return order

    def _derive(self) -> None:
        """Make the columns that follow from codes."""
        self.field = self.family * len(CATEGORIES) + self.category
        senses = [self.sense(code) for code in range(len(self.item_codes.values))]
        self.named = np.array([bool(sense.named) for sense in senses], bool)[self.item]
        self._bounds()
        self.amounts = Ends.of(self.quantity_codes.values)
        self.sums = Ends.of(self.money_codes.values)

    def empty(self) -> CaseTable:
        """Return a table without rows that shares the codes of this one."""
        other = CaseTable(self._continues)
        for name in _CODES:
            setattr(other, name, getattr(self, name))
        return other

    def take(self, rows: npt.NDArray[np.integer]) -> CaseTable:
        """Return a table of some rows, in their order, that shares the codes of this one."""
        other = self.empty()
        other.ids = [self.ids[row] for row in rows.tolist()]
        for name in _ALL_COLUMNS:
            setattr(other, name, getattr(self, name)[rows])
        other.amounts, other.sums = self.amounts, self.sums
        return other

    def insert(self, other: CaseTable) -> Ints:
        """Put the rows of a sorted table that shares the codes in; return where they now stand."""
        places = np.array([self._place(other, row) for row in range(len(other))], np.int64)
        for place, name in zip(reversed(places.tolist()), reversed(other.ids), strict=True):
            self.ids.insert(place, name)
        for name in (*_COLUMNS, "day", "document", "start", "end", "dated", "further", "continues"):
            setattr(self, name, np.insert(getattr(self, name), places, getattr(other, name)))
        self._derive()
        return (places + np.arange(len(places))).astype(np.int32)

    def drop(self, rows: npt.NDArray[np.integer]) -> None:
        """Take some rows out."""
        kept = np.delete(np.arange(len(self)), rows)
        for row in sorted(rows.tolist(), reverse=True):
            del self.ids[row]
        for name in _ALL_COLUMNS:
            setattr(self, name, getattr(self, name)[kept])

    def _place(self, other: CaseTable, row: int) -> int:
        """Return the row of this table before which a row of another one stands."""
        day = other.day[row]
        low, high = np.searchsorted(self.day, (day, day + 1)).tolist()
        return bisect_left(range(high), other.order(row), lo=low, key=self.order)

    def order(self, row: int) -> tuple[int, str, int, str]:
        """Return what a row is sorted by, as `Entry.order`."""
        document = str(self._document_codes.values[self.document[row]])
        return int(self.day[row]), document, int(self.start[row]), self.ids[row]

    def _bounds(self) -> None:
        """Make the columns of the first and last days of what is dated."""
        count = len(self._when_codes.values)
        known = np.zeros(count + 1, bool)
        ends = np.zeros((count + 1, 2), np.int32)
        for code, (first, last) in self._spans.items():
            known[code] = True
            ends[code] = first.toordinal(), last.toordinal()
        # The last place answers for `NONE`.
        self.spanned = known[self.when]
        self.first, self.last = ends[self.when].T

    def parties(self, code: int) -> frozenset[str]:
        """Return the parties that a code of `actors` stands for."""
        found = self.actor_codes.values[code]
        return found if isinstance(found, frozenset) else frozenset()

    def sense(self, code: int) -> ItemSense:
        """Return what a code of `item` stands for."""
        found = self.item_codes.values[code]
        if isinstance(found, tuple) and isinstance(found[1], ItemSense):
            return found[1]
        raise AssertionError(f"{found!r} is no item")
