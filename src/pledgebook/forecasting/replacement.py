"""How long it takes to make again what was handed over: an amount over a rate, with its band.

    years = amount / (rate - what is used otherwise)

The method is that of published studies of inventories (M. Cancian, CSIS, January 2023): all that
is made goes to replace what went, at one rate that stays as it is. Which rate it is decides the
answer, so each is given apart: what is made, what could be made, what is to be made. Nothing is
said where the amount or the rate is not known.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Caveat, Floats
from pledgebook.forecasting.handed_over import Amount, Line, amounts_of
from pledgebook.forecasting.series.point import Nature, Point, SeriesMeasure
from pledgebook.forecasting.series.points import points_of
from pledgebook.forecasting.series.pooling import tellings_of
from pledgebook.forecasting.series.series import Series
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = [
    "Rate",
    "Replacement",
    "Replacements",
    "Spread",
    "made_again_by",
    "replacement_times",
]

YEAR = 365.25
_SHARES = (0.1, 0.5, 0.9)
_GRID = 400


@dataclass(frozen=True, slots=True)
class Spread:
    """The 10, 50 and 90 % points of some years; None where it may never be."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """How much is made, in units a year: as told, and with the band of its series on the day.

    `series` is the id of the series where the rate is that of one, None for a single target or
    capacity. `log_sd` is the standard deviation of its natural logarithm.
    """

    nature: Nature
    units: Interval
    median: float
    log_sd: float
    first: dt.date
    last: dt.date
    statements: tuple[str, ...]
    speakers: tuple[str, ...]
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """The time to make an amount again at a rate, in years.

    `as_told` is the quotient of the figures as they were told, `band` with the spread of the
    sources; `otherwise` is what is taken off the rate, in units a year, if anything is.
    """

    line: Line
    amount: Amount
    rate: Rate
    otherwise: Interval | None
    as_told: Interval
    band: Spread

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements that it rests on, sorted."""
        return tuple(sorted({*self.amount.statements, *self.rate.statements}))


@dataclass(frozen=True, slots=True)
class Replacements:
    """All times that can be told on a day, the amounts that are known, and what is missing."""

    times: tuple[Replacement, ...]
    amounts: Mapping[Line, tuple[Amount, ...]]
    caveats: tuple[Caveat, ...]


def replacement_times(
    entries: Iterable[Entry],
    catalogue: Catalogue,
    *,
    as_of: dt.date,
    otherwise: Iterable[Entry] = (),
    settings: Settings | None = None,
) -> Replacements:
    """Return the times that can be told on a day, and for other items which input is missing.

    Amounts are totals of what was handed over, and beside them totals of what was promised. Rates
    are the series of what is made, and each target and capacity by itself. `otherwise` are
    statements of what the same party uses up of the same thing itself, whenever they were told:
    with these, each time is given without and with what they take off the rate.
    """
    settings = settings or load_settings()
    known = sorted((e for e in entries if e.counted <= as_of), key=lambda e: e.order)
    amounts = amounts_of(known, catalogue, settings)
    points, caveats = points_of(known, catalogue, settings)
    rates = _rates(points, as_of, settings)
    used = _used(otherwise, catalogue, settings)
    found = []
    for line in sorted(amounts.keys() & rates.keys()):
        for amount in amounts[line]:
            for rate in rates[line]:
                takes = [None, *([used[line]] if line in used else [])]
                found += [_replacement(line, amount, rate, one, settings) for one in takes]
    doubts = [one for one in caveats if one.about.startswith(SeriesMeasure.PRODUCTION.value)]
    return Replacements(
        tuple(found),
        {line: tuple(some) for line, some in sorted(amounts.items())},
        (*_missing(amounts, rates), *_never(found), *doubts),
    )


def made_again_by(
    series: Series, amount: Amount, start: dt.date, horizon: dt.date
) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Return the days by which an amount was made from `start` on, as the output really ran.

    They are those of the median output, of its 90 % and of its 10 % point: median, earliest,
    latest. None where it is not reached by the horizon. An amount that is only known to be at
    least so much is taken to be that much. Raises UsageError for a series that is no output, and
    where the horizon is before the start.
    """
    if series.key.measure is not SeriesMeasure.PRODUCTION:
        raise UsageError(f"the series {series.id} is of {series.key.measure.value}, not of output")
    if horizon <= start:
        raise UsageError("the horizon is not after the start", mend="Give a later one")
    wanted = amount.units.low if amount.units.low is not None else amount.units.high
    if wanted is None:
        return None, None, None
    days = [start + dt.timedelta(days=n) for n in range((horizon - start).days)]
    levels = series.at(days)

    def day(level: Floats) -> dt.date | None:
        made = np.cumsum(level)
        reached = int(np.searchsorted(made, wanted))
        return days[reached] if reached < len(days) else None

    return day(levels.median), day(levels.p90), day(levels.p10)


# What is made.


def _rates(points: Sequence[Point], as_of: dt.date, settings: Settings) -> dict[Line, list[Rate]]:
    by_key = defaultdict(list)
    for point in points:
        if point.key.measure is SeriesMeasure.PRODUCTION:
            by_key[point.key].append(point)
    found: dict[Line, list[Rate]] = defaultdict(list)
    for key in sorted(by_key):
        line = Line(key.parties, key.item, key.unit)
        if key.nature is Nature.ACTUAL:
            found[line].append(_present(Series.of(by_key[key], settings), as_of))
        else:
            found[line] += [_single(point, settings) for point in by_key[key]]
    return found


def _present(series: Series, as_of: dt.date) -> Rate:
    """Return the level of a series on a day; as told, it is the newest figure's."""
    newest = max(series.points, key=lambda point: (point.last, point.order))
    levels = series.at([as_of])
    return Rate(
        series.key.nature,
        _yearly(newest),
        float(levels.median[0]) * YEAR,
        float(levels.log_sd[0]),
        newest.first,
        newest.last,
        series.statements,
        tuple(sorted({point.speaker or point.source for point in series.points})),
        series.id,
    )


def _single(point: Point, settings: Settings) -> Rate:
    """Return a target or a capacity by itself: it is taken to be so, not to be reached."""
    (telling,) = tellings_of([point], settings)
    return Rate(
        point.key.nature,
        _yearly(point),
        float(np.exp(telling.log)) * YEAR,
        telling.spread,
        point.first,
        point.last,
        point.statements,
        (point.speaker or point.source,),
    )


def _yearly(point: Point) -> Interval:
    # A month's figure times twelve again, without the traces of the daily rate between.
    return Interval(
        None if point.low is None else round(point.low * YEAR, 6),
        None if point.high is None else round(point.high * YEAR, 6),
    )


def _used(
    entries: Iterable[Entry], catalogue: Catalogue, settings: Settings
) -> dict[Line, Interval]:
    """Return what is used up, in units a year; where several say it, all that they say."""
    found: dict[Line, Interval] = {}
    for point in points_of(entries, catalogue, settings)[0]:
        key = point.key
        if key.measure is SeriesMeasure.EXPENDITURE and key.nature is Nature.ACTUAL:
            line = Line(key.parties, key.item, key.unit)
            yearly = _yearly(point)
            found[line] = found[line].hull(yearly) if line in found else yearly
    return found


# The quotient.


def _replacement(
    line: Line, amount: Amount, rate: Rate, otherwise: Interval | None, settings: Settings
) -> Replacement:
    net = rate.units if otherwise is None else _net(rate.units, otherwise)
    return Replacement(
        line,
        amount,
        rate,
        otherwise,
        _quotient(amount.units, net),
        _band(amount.units, rate, otherwise, settings),
    )


def _net(rate: Interval, otherwise: Interval) -> Interval:
    """Return what is left of a rate; unlike a stock's, an end that is used up is zero, not open."""
    low = None
    if rate.low is not None and otherwise.high is not None:
        low = max(0.0, rate.low - otherwise.high)
    high = None if rate.high is None else max(0.0, rate.high - otherwise.floor)
    return Interval(low, high)


def _quotient(amount: Interval, rate: Interval) -> Interval:
    """Return the years from the least over the fastest to the most over the slowest."""
    if rate.high == 0:
        return UNKNOWN
    low = None if amount.low is None or rate.high is None else amount.low / rate.high
    high = None if amount.high is None or not rate.low else amount.high / rate.low
    return Interval(low, high)


def _band(amount: Interval, rate: Rate, otherwise: Interval | None, settings: Settings) -> Spread:
    """Return the points of the quotient's distribution, by a grid of equally likely values.

    The rate is lognormal, the amount lies anywhere between its ends on a logarithmic scale, and
    what is used otherwise anywhere between its own. "At least" is read as running totals are.
    """
    from scipy.special import ndtri

    above = 1 + settings.open_end.running_above
    low, high = amount.low, amount.high
    if low is None and high is None:
        return Spread(None, None, None)
    low = low if low is not None else (high or 0.0) / above
    high = high if high is not None else low * above
    if rate.median <= 0 or low <= 0:
        return Spread(None, None, None)
    share = (np.arange(_GRID) + 0.5) / _GRID
    rates = rate.median * np.exp(rate.log_sd * ndtri(share))
    wanted = np.exp(np.log(low) + share[::8] * (np.log(high) - np.log(low)))
    taken = np.zeros(1)
    if otherwise is not None:
        most = otherwise.high if otherwise.high is not None else otherwise.floor
        taken = otherwise.floor + share[::8] * (most - otherwise.floor)
    left = rates[:, None, None] - taken[None, :, None]
    with np.errstate(divide="ignore"):
        years = np.where(left > 0, wanted[None, None, :] / np.maximum(left, 1e-300), np.inf)
    found = np.quantile(years.ravel(), _SHARES, method="inverted_cdf")
    return Spread(*(float(one) if np.isfinite(one) else None for one in found))


# What cannot be said.


def _missing(amounts: dict[Line, list[Amount]], rates: dict[Line, list[Rate]]) -> list[Caveat]:
    found = []
    for line in sorted(amounts.keys() | rates.keys()):
        if line not in rates:
            what, mend = "what is made a year", "A statement of output, capacity or target"
        elif line not in amounts:
            what, mend = "how much was handed over in all", "A total of what was handed over"
        elif all(rate.nature is not Nature.ACTUAL for rate in rates[line]):
            what, mend = "what is made now, for only targets or capacities are told", ""
        else:
            continue
        found.append(Caveat(f"replacement of {line}", f"it is not told {what}", mend))
    return found


def _never(found: Iterable[Replacement]) -> list[Caveat]:
    return [
        Caveat(
            f"replacement of {one.line}",
            f"what is used otherwise ({one.otherwise} a year) may be all that is made "
            f"({one.rate.units} a year): it may never be replaced at that rate",
            "A higher rate, or less use",
            said=True,
        )
        for one in found
        if one.otherwise is not None and one.band.p90 is None
    ]
