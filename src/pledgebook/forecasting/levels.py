"""The level that a forecast starts from: of stock, use and what is needed, with its sources.

A level is taken from the series of the item itself; where there is none, from those of its kinds
together, as the least that it can be. A series of the whole kind is an upper bound and no level: it
is told of, and not used.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pledgebook.forecasting.assumptions import Range, Rate
from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.forecasting.forecast import Caveat, Source
from pledgebook.forecasting.series import Nature, Series, SeriesBook, SeriesMeasure
from pledgebook.forecasting.series.units import DAYS
from pledgebook.forecasting.subject import Subject

__all__ = ["Level", "amount_of", "assumed_level", "find_level", "source_of"]

_STALE_DAYS = 180
_SPREAD_LIMIT = 3.0


@dataclass(frozen=True, slots=True)
class Level:
    """A level over time: `parts` are added up, each a series or an assumption.

    Rates are per day. `sources` and `caveats` say what it rests on and what is to be known of it.
    """

    series: tuple[Series, ...] = ()
    assumed: Range | None = None
    sources: tuple[Source, ...] = ()
    caveats: tuple[Caveat, ...] = field(default=())

    def amount(self, day: dt.date, days: float = 1.0) -> Amount:
        """Return the level on a day; a rate over so many days.

        Of several parts it is the lognormal amount with the mean and variance of their sum
        (Fenton 1960, IRE Transactions on Communications Systems 8, 57-67).
        """
        if self.assumed is not None:
            rate = isinstance(self.assumed, Rate)
            return amount_of(self.assumed, days if rate else 1.0)
        scale = days if self.series[0].is_rate else 1.0
        parts = [_part(series, day, scale) for series in self.series]
        if len(parts) == 1:
            return parts[0]
        means = [part.median * math.exp(part.log_sd**2 / 2) for part in parts]
        spreads = [
            mean**2 * math.expm1(part.log_sd**2) for mean, part in zip(means, parts, strict=True)
        ]
        mean = math.fsum(means)
        return Amount.of_mean(mean, math.sqrt(math.fsum(spreads)) / mean) if mean else Amount(0.0)


def _part(series: Series, day: dt.date, scale: float) -> Amount:
    at = series.at([day])
    if at.idle[0]:
        return Amount(0.0)
    spread = min(float(at.log_sd[0]), _SPREAD_LIMIT)
    return Amount(math.exp(float(at.log_median[0])) * scale, spread)


def assumed_level(span: Range, what: str) -> Level:
    """Return a level that a person assumes, named as such."""
    return Level(assumed=span, sources=(Source("assumption", f"{what}: {span}, as you said"),))


def find_level(
    book: SeriesBook, subject: Subject, measure: SeriesMeasure, nature: Nature, as_of: dt.date
) -> tuple[Level | None, tuple[Caveat, ...]]:
    """Return the level that is told of the recipient, None with a caveat where there is none."""
    found = book.bearing_on(subject.item, party=subject.recipient, measure=measure, nature=nature)
    own = [one for one in found.own if one.key.unit == subject.unit]
    chosen = own or [one for one in found.within if one.key.unit == subject.unit]
    what = _what(measure, nature)
    if not chosen:
        return None, (_nothing(subject, measure, what, found.above),)
    caveats = [caveat for one in chosen for caveat in one.caveats]
    if not own:
        kinds = ", ".join(sorted(one.key.item for one in chosen))
        why = f"only {kinds} are told of: the {what} is at least their sum"
        caveats.append(Caveat(f"{what} of {subject.name}", why, said=True))
    caveats += _stale(chosen, as_of, f"{what} of {subject.name}")
    sources = tuple(source_of(one, as_of) for one in chosen)
    return Level(tuple(chosen), sources=sources, caveats=tuple(caveats)), ()


def amount_of(span: Range, days: float) -> Amount:
    """Return what a person assumes as an amount; a rate over so many days."""
    scale = days / DAYS[span.per] if isinstance(span, Rate) else 1.0
    if span.low == span.high:
        return Amount(span.low * scale)
    return Amount.between(span.low * scale, span.high * scale)


def _what(measure: SeriesMeasure, nature: Nature) -> str:
    if nature is Nature.REQUIREMENT:
        return "need"
    return {SeriesMeasure.EXPENDITURE: "use", SeriesMeasure.PRODUCTION: "output"}.get(
        measure, measure.value
    )


def source_of(series: Series, as_of: dt.date) -> Source:
    """Return a series as what a figure rests on, with its level on a day."""
    at = series.at([as_of])
    per = " a day" if series.is_rate else ""
    low, mid, high = (float(end[0]) for end in (at.p10, at.median, at.p90))
    reports = len(series.statements)
    figures = f"{reports} figure{'s' if reports > 1 else ''}"
    says = f"{series.about}: {_round(mid)}{per} ({_round(low)} to {_round(high)}), {figures}"
    return Source("series", says, series.id)


def _round(value: float) -> str:
    if value <= 0 or not math.isfinite(value):
        return f"{value:,.0f}"
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{round(value, digits - (value >= 100)):,.{min(digits, 2)}f}"


def _stale(series: Sequence[Series], as_of: dt.date, about: str) -> Iterable[Caveat]:
    newest = max(one.newest for one in series)
    days = (as_of - newest).days
    if days > _STALE_DAYS:
        why = f"the newest figure is of {newest}, {days} days before the forecast begins"
        yield Caveat(about, why, "The band is as much wider; read newer reports", said=True)


def _nothing(
    subject: Subject, measure: SeriesMeasure, what: str, above: Sequence[Series]
) -> Caveat:
    """Say that no level is known, and what is told that could be mistaken for it."""
    option = {SeriesMeasure.STOCK: "--stock", SeriesMeasure.EXPENDITURE: "--use"}.get(measure)
    why = f"no report tells the {what} of {subject.recipient}: it is unknown, not zero"
    mend = f"Say what you assume with {option}" if option else "Read reports that tell it"
    if above:
        wider = above[0]
        why = f"only the {what} of {wider.key.item} is told, which is no less ({wider.id[:8]})"
        mend += f", or forecast --item {wider.key.item}"
    return Caveat(f"{what} of {subject.name}", why, mend)
