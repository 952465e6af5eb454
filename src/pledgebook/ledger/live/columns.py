"""What is asked of commitments, as columns: so that tens of thousands are sifted in a millisecond.

Every commitment has a slot, which it keeps until it changes. Columns are copied for each moment, so
that a reader's moment stays as it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.joining.table import NONE, Codes
from pledgebook.ledger.live.following import Moved
from pledgebook.ledger.live.heads import Heads
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, row_key
from pledgebook.ledger.totals import is_open
from pledgebook.ledger.wholes import Relation

__all__ = ["AMOUNTS", "NONE", "STAGES", "STATES", "Columns", "Table"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STAGES = {stage: number for number, stage in enumerate(Stage)}
STATES = {state: number for number, state in enumerate(State)}
AMOUNTS = len(COUNTED) + 1
"""The stages that bear figures, and what is outstanding."""
_PROMISED = (Stage.PLEDGED, Stage.ON_ORDER)
_LARGEST = float(2**40)
"""Whole numbers up to this are added up exactly, in whatever order."""
_COLUMNS = (
    "who", "key", "unit", "item", "category", "first", "last", "stages", "state", "overdue",
    "inside", "funded", "open", "doubtful",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one moment, in the order of the commitments.

    `who` is a number for all that a filter asks of parties and items, `key` for what makes a row of
    `status`; `first` and `last` are days; `stages` has a bit for each stage. `inside` says that it
    has a whole or parts, with bit 1 that it has both; `funded` that one of these is about funding;
    `open` that something is, or may be, still to come; `doubtful` that it may be the same as
    another. `low`, `high` and `known` are amounts by stage, with 0, 1 or 2 for those that there are
    not, that are known, or that are unknown; an open high end is infinite. `plain` says that all
    amounts are whole numbers, which add up exactly. `paid` are money amounts: the place of the
    commitment, the stage, the currency, low, high and known. `keys`, `units`, `items`, `categories`
    and `currencies` are what the numbers stand for, `heads` the order of rows.
    """

    who: Ints
    key: Ints
    unit: Ints
    item: Ints
    category: Ints
    first: Ints
    last: Ints
    stages: Ints
    state: Ints
    overdue: Ints
    inside: Ints
    funded: Ints
    open: Ints
    doubtful: Ints
    low: Floats
    high: Floats
    known: Ints
    plain: npt.NDArray[np.bool_]
    paid: Floats
    keys: Sequence[Hashable]
    units: Sequence[Hashable]
    items: Sequence[Hashable]
    categories: Sequence[Hashable]
    currencies: Sequence[Hashable]
    heads: Heads


class Columns:
    """The columns as they are now, to be followed from moment to moment."""

    def __init__(self) -> None:
        self._slot: dict[str, int] = {}
        self._free: list[int] = []
        self._ints = np.zeros((len(_COLUMNS), 0), np.int64)
        self._low = np.zeros((AMOUNTS, 0))
        self._high = np.zeros((AMOUNTS, 0))
        self._known = np.zeros((AMOUNTS, 0), np.int64)
        self._plain = np.zeros(0, bool)
        self._paid: dict[int, list[tuple[float, ...]]] = {}
        self._codes = [Codes() for _ in range(6)]
        self._heads = Heads()

    def take(self, moved: Iterable[Moved]) -> None:
        """Take what changed from one moment to the next."""
        came = []
        for old, new in moved:
            if old is not None:
                slot = self._slot.pop(old.id)
                self._free.append(slot)
                self._paid.pop(slot, None)
            if new is not None:
                came.append(new)
        self._make_room(len(came) - len(self._free))
        for one in came:
            self._put(self._free.pop(), one)

    def _make_room(self, more: int) -> None:
        if more <= 0:
            return
        size = self._ints.shape[1]
        more = max(more, size // 4, 64)
        for name in ("_ints", "_low", "_high", "_known"):
            column = getattr(self, name)
            empty = np.zeros((len(column), more), column.dtype)
            setattr(self, name, np.concatenate((column, empty), axis=1))
        self._plain = np.concatenate((self._plain, np.zeros(more, bool)))
        self._free += range(size + more - 1, size - 1, -1)

    def _put(self, slot: int, one: Commitment) -> None:
        self._slot[one.id] = slot
        who, keys, units, items, categories, currencies = self._codes
        asked = (one.donors, one.asked_by, one.recipient, one.category, one.item_id)
        self._ints[:, slot] = (
            who.of((*asked, one.designation)),
            keys.of(row_key(one)),
            units.of(one.unit),
            items.of(one.item),
            categories.of(one.category.value),
            one.first.toordinal(),
            one.last.toordinal(),
            sum(1 << STAGES[stage] for stage in one.stages),
            STATES[one.state],
            one.overdue,
            bool(one.wholes or one.parts) + 2 * bool(one.wholes and one.parts),
            any(part.relation is Relation.FUNDING for part in (*one.wholes, *one.parts)),
            is_open(one),
            bool(one.doubts),
        )
        amounts: list[Interval | None] = []
        paid: list[tuple[float, ...]] = []
        counts = False
        for number, stage in enumerate(COUNTED):
            figure = one.stages.get(stage)
            bears = figure is not None and (figure.quantity.known or not figure.money)
            amounts.append(figure.quantity if figure is not None and bears else None)
            counts = counts or (bears and stage in _PROMISED)
            for currency, size in figure.money.items() if figure is not None else ():
                paid.append((float(number), float(currencies.of(currency)), *_ends(size)))
        amounts.append(one.outstanding if counts else None)
        ends = [(0.0, 0.0, 0.0) if size is None else _ends(size) for size in amounts]
        self._low[:, slot] = [low for low, _, _ in ends]
        self._high[:, slot] = [high for _, high, _ in ends]
        self._known[:, slot] = [known for _, _, known in ends]
        every = [end for low, high, _ in ends for end in (low, high)]
        every += [end for one_paid in paid for end in one_paid[2:4]]
        self._plain[slot] = all(
            end == float("inf") or (end.is_integer() and end <= _LARGEST) for end in every
        )
        if paid:
            self._paid[slot] = paid

    def table(self, commitments: Sequence[Commitment]) -> Table:
        """Return the columns of all commitments of now, in their order."""
        slots = np.fromiter((self._slot[one.id] for one in commitments), np.int64, len(commitments))
        place = np.full(self._ints.shape[1], NONE)
        place[slots] = np.arange(len(slots))
        rows = [(slot, *size) for slot, sizes in self._paid.items() for size in sizes]
        paid = np.array(rows, np.float64).reshape(-1, 6)
        paid[:, 0] = place[paid[:, 0].astype(np.int64)]
        ints = dict(zip(_COLUMNS, self._ints[:, slots], strict=True))
        _, keys, units, items, categories, currencies = (codes.values for codes in self._codes)
        return Table(
            **ints,
            low=self._low[:, slots],
            high=self._high[:, slots],
            known=self._known[:, slots],
            plain=self._plain[slots],
            paid=paid[np.argsort(paid[:, 0], kind="stable")],
            keys=keys,
            units=units,
            items=items,
            categories=categories,
            currencies=currencies,
            heads=self._heads,
        )


def _ends(size: Interval) -> tuple[float, float, float]:
    """Return the low end, the high end, and 1 where one is known, 2 where neither is."""
    if not size.known:
        return 0.0, 0.0, 2.0
    return size.floor, float("inf") if size.high is None else size.high, 1.0
