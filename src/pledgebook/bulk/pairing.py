"""Pairs of statements that may be one undertaking, found by recipient and item: lot by lot.

The rows of a category are cut into lots by recipient and time. A pair is scored in the lot of its
earlier row, whichever workers do which lots. Two different recipients are never one undertaking, so
most pairs lie within one lot; what names no recipient may meet any of them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.sorting import catalogue_of, said_of, spoken_of
from pledgebook.ledger.joining.blocks import Linked
from pledgebook.ledger.joining.bodies import Body, add_fields
from pledgebook.ledger.joining.join import likely_floor, together
from pledgebook.ledger.joining.meetings import Meetings
from pledgebook.ledger.joining.scoring import PairScorer
from pledgebook.ledger.joining.standing import Spoken
from pledgebook.ledger.joining.table import NONE, CaseTable, Ints
from pledgebook.ledger.rules import load_rules

__all__ = ["Board", "PairUp", "pair_up", "pairs_of"]

_AT_A_TIME = 100_000
_QUANTITY = ("low", "high", "unit", "per", "approx")
_MONEY = ("low", "high", "currency", "per")
_FIELDS = ("kind", "status", "scope", "actors", "recipient", "when", "supplier", "start", "end")


@dataclass(frozen=True, slots=True)
class PairUp:
    """Find the pairs of one of `lots` lots of a category."""

    category: str
    lot: int
    lots: int
    work: str
    today: dt.date
    additions: Path | None


@dataclass(frozen=True, slots=True)
class Board:
    """The statements of a category as columns, in the order of the ledger, with their scorer.

    `order` tells at which place of the given rows each one stood.
    """

    table: CaseTable
    scorer: PairScorer
    order: Ints

    @classmethod
    def of(
        cls, rows: pl.DataFrame, spoken: pl.DataFrame, today: dt.date, additions: Path | None
    ) -> Board:
        """Lay statements out; `spoken` are pairs of which their documents say something."""
        rules = load_rules()
        table = CaseTable(rules.continues)
        add_fields(table, _told(rows, today), catalogue_of(additions), rules)
        order = table.sort()
        place = {name: number for number, name in enumerate(table.ids)}
        sums, parts = (
            _places(spoken.filter(pl.col("sum") == is_sum), place) for is_sum in (True, False)
        )
        return cls(table, Spoken(sums, parts).scorer(table, rules), order)


def pair_up(task: PairUp) -> int:
    """Write the pairs of a lot; return how many are likely."""
    work = place_at(task.work)
    rows, spoken = said_of(work, task.category), spoken_of(work, task.category)
    board = Board.of(rows, spoken, task.today, task.additions)
    one, other, weight = _likely(board, _lot(board.table, task.lot, task.lots))
    out = io.BytesIO()
    np.savez(out, one=one, other=other, weight=weight)
    work.write(f"pairs/{task.category}/{task.lot:06}.npz", out.getvalue())
    return len(one)


def pairs_of(work: Place, category: str) -> Linked:
    """Return the likely pairs of all lots of a category."""
    found: list[Linked] = []
    for name in work.names(f"pairs/{category}"):
        with np.load(io.BytesIO(work.read(name)), allow_pickle=False) as told:
            found.append((told["one"], told["other"], told["weight"]))
    return together(found)


def _lot(table: CaseTable, lot: int, lots: int) -> Ints:
    """Return the rows of a lot: those of a recipient stand together, earliest first."""
    # By name: numbers of names depend on what else is in the table.
    names = ["" if code == NONE else str(table.party_codes.values[code])
             for code in np.unique(table.beneficiary).tolist()]  # fmt: skip
    place = np.unique(table.beneficiary, return_inverse=True)[1]
    rank = np.argsort(np.argsort(np.array(names, np.str_), kind="stable"))[place]
    order = np.argsort(rank, kind="stable")
    size = len(order)
    rows: Ints = np.sort(order[size * lot // lots : size * (lot + 1) // lots]).astype(np.int32)
    return rows


def _likely(board: Board, rows: Ints) -> Linked:
    """Return the likely pairs that lie in a lot."""
    table, rules = board.table, load_rules()
    inside = np.zeros(len(table), bool)
    inside[rows] = True
    floor = likely_floor(rules)
    likely: list[Linked] = []
    for one, other in Meetings(table, rules).pairs(most=_AT_A_TIME, rows=rows):
        first, second = table.beneficiary[one], table.beneficiary[other]
        # Two different recipients would be vetoed: they need no scoring.
        mine = inside[one] & ((first == second) | (first == NONE) | (second == NONE))
        one, other = one[mine], other[mine]
        found = board.scorer.totals(one, other)
        good = found > floor
        likely.append((one[good], other[good], found[good]))
    return together(likely)


def _told(rows: pl.DataFrame, today: dt.date) -> Iterator[tuple[Body, Mapping[str, Any]]]:
    for row in rows.iter_rows(named=True):
        fields: dict[str, Any] = {name: row[name] for name in _FIELDS}
        fields["item"] = {"category": row["category"], "designation": row["designation"]}
        if row["quantity_unit"] is not None:
            fields["quantity"] = {name: row[f"quantity_{name}"] for name in _QUANTITY}
        if row["money_currency"] is not None:
            fields["money"] = {name: row[f"money_{name}"] for name in _MONEY}
        yield (
            Body(
                id=row["id"],
                document=row["document"],
                counted=row["date"] or today,
                dated=row["date"] is not None,
                body="",
                quote=row["quote"],
            ),
            fields,
        )


def _places(pairs: pl.DataFrame, place: Mapping[str, int]) -> Ints:
    names: Sequence[tuple[str, str]] = pairs.select("one", "other").rows()
    found = [(place[one], place[other]) for one, other in names]
    return np.array(sorted(found), np.int32).reshape(-1, 2)
