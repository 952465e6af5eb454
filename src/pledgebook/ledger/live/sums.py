"""What commitments come to, added up in columns; only parts and wholes take the long way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.live.columns import AMOUNTS, STAGES, Floats, Ints, Table
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import (
    OUTSTANDING,
    money_total,
    outstanding_total,
    quantity_total,
)

__all__ = ["Adding", "Sums"]

Sums = tuple[Mapping[str, Total], Mapping[str, Mapping[str, Total]]]
"""Quantities by stage, with what is outstanding, and money by stage and currency."""


class Adding:
    """Adds up commitments of one moment; they are named by their places."""

    def __init__(self, table: Table, commitments: Sequence[Commitment]) -> None:
        self._table = table
        self._commitments = commitments

    def sums(self, places: Ints) -> Sums:
        """Return what some commitments come to; what lies within a whole among them once.

        Where a sum may depend on its order, as that of fractions does, it is the order given.
        """
        table = self._table
        exact = bool(table.plain[places].all())
        # Money of a part lies in its whole's; a number of things only where one pays for it.
        funded = table.funded[places] > 0 if exact else np.ones(len(places), bool)
        inside = table.inside[places] > 0 if exact else np.ones(len(places), bool)
        counted, things = places[~funded], self._some(places[funded])
        paid = self._paid_by(places[~inside])
        reached = int(np.bitwise_or.reduce(table.stages[places])) if len(places) else 0
        quantities: dict[str, Total] = {}
        money: dict[str, dict[str, Total]] = {}
        for number, stage in enumerate(COUNTED):
            if not reached >> STAGES[stage] & 1:
                continue
            found = self._total(number, counted) or Total()
            quantities[stage.value] = found.plus(quantity_total(things, stage))
            amounts = self._paid(paid[paid[:, 1] == number])
            payers = self._payers(places[inside], stage)
            for currency, total in money_total(payers, stage).items():
                amounts[currency] = amounts.get(currency, Total()).plus(total)
            if amounts:
                money[stage.value] = dict(sorted(amounts.items()))
        left, more = self._total(AMOUNTS - 1, counted), outstanding_total(things)
        if left is not None or more is not None:
            quantities[OUTSTANDING] = (left or Total()).plus(more or Total())
        return quantities, money

    def _some(self, places: Ints) -> list[Commitment]:
        return [self._commitments[place] for place in places.tolist()]

    def _payers(self, places: Ints, stage: Stage) -> list[Commitment]:
        """Return those that reached a stage, and those by which parts hang together."""
        table = self._table
        reached = table.stages[places] >> STAGES[stage] & 1
        return self._some(places[(reached > 0) | (table.inside[places] > 1)])

    def _paid_by(self, places: Ints) -> Floats:
        """Return the amounts of money of some commitments."""
        wanted = np.zeros(len(self._commitments), bool)
        wanted[places] = True
        return self._table.paid[wanted[self._table.paid[:, 0].astype(np.int64)]]

    def _total(self, number: int, places: Ints) -> Total | None:
        table = self._table
        found = table.known[number][places]
        return _of(found, table.low[number][places], table.high[number][places])

    def _paid(self, paid: Floats) -> dict[str, Total]:
        found = {}
        for code in np.unique(paid[:, 2]).astype(int).tolist():
            some = paid[paid[:, 2] == code]
            total = _of(some[:, 5].astype(np.int64), some[:, 3], some[:, 4])
            if total is not None:
                found[str(self._table.currencies[code])] = total
        return found


def _of(known: Ints, low: Floats, high: Floats) -> Total | None:
    """Return the sum of amounts; None where there is none."""
    count, unknown = int((known == 1).sum()), int((known == 2).sum())
    if not count:
        return Total(unknown=unknown) if unknown else None
    most = float(high.sum())
    return Total(float(low.sum()), None if np.isinf(most) else most, unknown)
