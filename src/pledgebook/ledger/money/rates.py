"""The rate of a day, and the average of a period, each with where it is from.

A day without a rate takes that of the last day of publication, a few days back at most. What was
not published then, although other rates were, has no rate: a currency that was given up is not
carried on. The average of a period is that of the units per euro on all its days of publication.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import UsageError
from pledgebook.ledger.money.ecb import EcbTable, ecb_table
from pledgebook.ledger.money.supplement import RateEntry, RateFile, RateSource, load_rate_files

__all__ = ["ECB", "EURO", "Missing", "Quote", "Rates", "load_rates"]

EURO = "EUR"
ECB = "ecb"
"""The name of the European Central Bank among the sources."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one euro cost in a currency.

    `first` and `last` are the days of publication that it rests on, `days` how many they are: of
    more than one it is the average. `sources` name who published it, `says` is the rate as it was
    published, step by step.
    """

    currency: str
    per_euro: float
    first: dt.date
    last: dt.date
    days: int = 1
    sources: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no rate."""

    currency: str
    reason: str


class Rates:
    """Rates of exchange by currency and day: the ECB's table, and what supplements it."""

    def __init__(self, table: EcbTable, supplement: RateFile) -> None:
        self._table = table
        self._back = dt.timedelta(supplement.max_days_back)
        self._entries: dict[str, list[RateEntry]] = {}
        for entry in supplement.rate:
            self._entries.setdefault(entry.currency, []).append(entry)
        title = f"European Central Bank, euro reference rates (table to {table.last})"
        about = RateSource(
            title=title,
            url="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
            quality=f"reference rates, for information; SHA-256 of the table {table.digest[:12]}",
        )
        self.sources: Mapping[str, RateSource] = {**supplement.source, ECB: about}
        self._quotes: dict[tuple[str, dt.date], Quote | Missing] = {}
        self._averages: dict[tuple[str, dt.date, dt.date], Quote | Missing] = {}

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency for which there is a rate on any day."""
        return self._table.currencies | self._entries.keys() | {EURO}

    def check(self, currency: str) -> str:
        """Return the code of a currency as it is written. Raises UsageError for an unknown one."""
        code = currency.strip().upper()
        if code not in self.currencies:
            known = ", ".join(sorted(self.currencies))
            raise UsageError(
                f"no rate is known for the currency {currency!r}", mend=f"One of: {known}"
            )
        return code

    def on(self, currency: str, day: dt.date) -> Quote | Missing:
        """Return the rate of a day, or that of the last day of publication before it."""
        key = currency, day
        if key not in self._quotes:
            self._quotes[key] = self._find(currency, day)
        return self._quotes[key]

    def over(self, currency: str, first: dt.date, last: dt.date) -> Quote | Missing:
        """Return the average over the days of publication of a period, both ends included.

        Every one of them must have a rate; a period without any takes the rate of its last day.
        """
        key = currency, first, last
        if key not in self._averages:
            self._averages[key] = self._average(currency, first, last)
        return self._averages[key]

    def _find(self, currency: str, day: dt.date) -> Quote | Missing:
        if currency == EURO:
            return Quote(EURO, 1.0, day, day)
        for entry in self._entries.get(currency, ()):
            if entry.holds_on(day):
                return self._supplied(entry, day)
        rates = self._table.rates(currency)
        if not rates:
            spans = self._spans(currency)
            return Missing(currency, f"no rate is known for {currency}{spans}")
        published = self._table.published(day)
        if published is None or day - published > self._back:
            end = (
                f"begins on {self._table.days[0]}" if published is None else f"ends on {published}"
            )
            return Missing(currency, f"the table of rates {end}")
        rate = rates.get(published)
        if rate is None:
            return Missing(currency, f"none was published on {published}{_known(rates, published)}")
        says = f"1 EUR = {rate:.10g} {currency}"
        return Quote(currency, rate, published, published, 1, (ECB,), (says,))

    def _supplied(self, entry: RateEntry, day: dt.date) -> Quote | Missing:
        base = self.on(entry.per, day)
        if isinstance(base, Missing):
            return base
        says = f"1 {entry.per} = {entry.rate:.10g} {entry.currency}"
        return Quote(
            entry.currency,
            entry.rate * base.per_euro,
            base.first,
            base.last,
            1,
            (entry.source, *base.sources),
            (says, *base.says),
        )

    def _spans(self, currency: str) -> str:
        """Tell for when a currency that only the supplement has does have a rate."""
        entries = self._entries.get(currency, [])
        spans = [
            f"{entry.first}"
            if entry.first == entry.last
            else f"{entry.first} to {entry.last or 'now'}"
            for entry in sorted(entries, key=lambda entry: entry.first)
        ]
        return f" on that day, only for {', '.join(spans)}" if spans else ""

    def _average(self, currency: str, first: dt.date, last: dt.date) -> Quote | Missing:
        if last - self._table.last > self._back:
            return Missing(currency, f"the table of rates ends on {self._table.last}")
        days = self._table.between(first, last)
        if len(days) < 2:
            return self.on(currency, last)
        found = [self.on(currency, day) for day in days]
        quotes = [one for one in found if isinstance(one, Quote)]
        if len(quotes) < len(found):
            return Missing(
                currency,
                f"only {len(quotes)} of its {len(found)} days of publication have one",
            )
        mean = sum(one.per_euro for one in quotes) / len(quotes)
        sources = dict.fromkeys(source for one in quotes for source in one.sources)
        says = () if currency == EURO else (f"1 EUR = {mean:.6g} {currency} on average",)
        return Quote(currency, mean, days[0], days[-1], len(days), tuple(sources), says)


def _known(rates: Mapping[dt.date, float], day: dt.date) -> str:
    earlier = [one for one in rates if one < day]
    return f", the last before it on {max(earlier)}" if earlier else ""


def load_rates(own: Path | None = None) -> Rates:
    """Return the rates that are installed, with those of a user's own file.

    Raises CatalogueError where that file is wrong.
    """
    return Rates(ecb_table(), load_rate_files(own))
