"""Amounts of money in another currency, each with its rate, its day and its source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from pledgebook.errors import Problem
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.money.rates import ECB, EURO, Missing, Quote, Rates
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.period import bounds

__all__ = ["Conversion", "Converter", "Occasion"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an amount is of: a day, or a period, of which `day` is the last one.

    `note` says what a reader must know of it.
    """

    day: dt.date
    period: str | None = None
    note: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Occasion:
        """Return when the money of a statement is of.

        The period of the act, where that was over when it was reported: "in 2022 it gave". A
        promise for later, or for a year that still runs, is of the day of the report, the only
        rate that anybody could know.
        """
        note = "" if entry.dated else "the report is undated: the day on which it was stored"
        past = cls.over(entry.statement.when, entry.counted) if entry.statement.when else None
        return past or cls(entry.counted, None, note)

    @classmethod
    def over(cls, period: str, day: dt.date) -> Occasion | None:
        """Return a period as of a day by which it was over; None where it was not, or is none."""
        span = _span(period)
        return cls(span[1], period) if span is not None and span[1] <= day else None

    @property
    def asked(self) -> str:
        """The day or period, as text."""
        return self.period or self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount as given, and what it comes to in another currency.

    `converted` is unknown and `rate` None where there is no rate; `rate` is how many units of `to`
    one unit of `currency` is worth. `asked` is the day or period wanted, `published` the days of
    publication used, `quotes` the rates as they were published, `source` who published them.
    `note` tells what deviates: another day, or why there is no rate.
    """

    amount: Interval
    currency: str
    to: str
    converted: Interval
    rate: float | None
    asked: str
    published: str = ""
    quotes: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    statement: str | None = None
    documents: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was a rate."""
        return self.rate is not None

    @property
    def problem(self) -> Problem | None:
        """The missing rate as a fault in the data; None where there is a rate."""
        if self.known:
            return None
        return Problem(
            code="no-rate",
            what=f"{self.currency} of {self.asked} is not converted to {self.to}: {self.note}",
            source=self.statement or self.currency,
            mend="Give a rate with its source in a file of your own rates",
            severity="warning",
        )


@dataclass(frozen=True, slots=True)
class Converter:
    """Converts amounts into one currency."""

    rates: Rates
    to: str

    def convert(
        self,
        amount: Interval,
        currency: str,
        occasion: Occasion,
        *,
        statement: str | None = None,
        documents: tuple[str, ...] = (),
    ) -> Conversion:
        """Return the amount in the currency of this converter; the original stays beside it.

        Both ends are multiplied by one rate, an open end stays open.
        """
        asked = Conversion(
            amount, currency, self.to, UNKNOWN, None, occasion.asked,
            statement=statement, documents=documents,
        )  # fmt: skip
        if currency == self.to:
            return replace(asked, converted=amount, rate=1.0)
        given, wanted, notes = self._quotes(currency, occasion)
        if isinstance(given, Missing) or isinstance(wanted, Missing):
            reasons = [one.reason for one in (given, wanted) if isinstance(one, Missing)]
            return replace(asked, note="; ".join(dict.fromkeys((*notes, *reasons))))
        rate = wanted.per_euro / given.per_euro
        days = given if given.currency != EURO else wanted
        return replace(
            asked,
            converted=_times(amount, rate),
            rate=rate,
            published=_published(days),
            quotes=tuple(dict.fromkeys((*given.says, *wanted.says))),
            source="; ".join(self._titles(given, wanted)),
            note="; ".join(filter(None, (occasion.note, *notes, _moved(occasion, days)))),
        )

    def _quotes(
        self, currency: str, occasion: Occasion
    ) -> tuple[Quote | Missing, Quote | Missing, list[str]]:
        """Return the rates of both currencies at one time, and what deviates from what was asked.

        A period without an average falls back on its last day.
        """
        notes: list[str] = []
        span = _span(occasion.period) if occasion.period is not None else None
        if span is not None:
            given, wanted = (self.rates.over(one, *span) for one in (currency, self.to))
            missing = next((one for one in (given, wanted) if isinstance(one, Missing)), None)
            if missing is None:
                return given, wanted, notes
            notes.append(f"no average for {occasion.period}, {missing.reason}: that of its end")
        given, wanted = (self.rates.on(one, occasion.day) for one in (currency, self.to))
        return given, wanted, notes

    def _titles(self, *quotes: Quote) -> list[str]:
        keys = dict.fromkeys(source for quote in quotes for source in quote.sources)
        ordered = sorted(keys, key=lambda key: key == ECB)
        return [self.rates.sources[key].title for key in ordered]


def _times(amount: Interval, rate: float) -> Interval:
    return Interval(
        None if amount.low is None else amount.low * rate,
        None if amount.high is None else amount.high * rate,
    )


def _published(quote: Quote) -> str:
    if quote.days == 1:
        return quote.last.isoformat()
    return f"{quote.first}/{quote.last}, average of {quote.days} days"


def _moved(occasion: Occasion, quote: Quote) -> str:
    """Say that the rate is of an earlier day than was asked for."""
    if quote.days > 1:
        return ""
    if quote.last == occasion.day:
        return ""
    return f"the last rate before {occasion.day}, of {quote.last}"


def _span(when: str) -> tuple[dt.date, dt.date] | None:
    try:
        return bounds(when)
    except ValueError:
        return None
