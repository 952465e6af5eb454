"""What is to come: open promises with the chance of their arriving, and the pace of new ones."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pledgebook.forecasting.flows.amounts import Amount, Tie
from pledgebook.forecasting.forecast import Expected, Floats
from pledgebook.forecasting.fulfilment import FulfilmentModel, Spell, arrival, lots_left
from pledgebook.forecasting.subject import Subject, Supply
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.stages import Stage

__all__ = ["Coming", "Pace", "coming_of", "pace_of"]

_YEAR = 365
_MOST_LOTS = 12


@dataclass(frozen=True, slots=True)
class Coming:
    """An open promise as lots on their way: how much in all, in how many lots, by when.

    `by` is the chance of a lot to arrive by the end of each step, from now on (steps,): what may
    have arrived already without a report is in stock or used by now, and does not arrive again.
    """

    expected: Expected
    size: Amount
    parts: int
    by: Floats
    tie: Tie | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How new promises came in the last year: so much a day, in so many promises.

    `by` is the chance of a lot to have arrived by the end of each step after its promise (steps,).
    """

    per_day: float
    promises: tuple[str, ...]
    by: Floats

    def amount(self, days: float) -> Amount:
        """Return what is promised anew in some days; how many promises come in a year varies."""
        spread = math.sqrt(math.log1p(1 / len(self.promises)))
        return Amount(self.per_day * days * math.exp(-(spread**2) / 2), spread)


def coming_of(
    supply: Supply,
    model: FulfilmentModel,
    spells: Iterable[Spell],
    as_of: dt.date,
    days: Sequence[dt.date],
) -> tuple[Coming, ...]:
    """Return what is to come of the open promises; `days` are the edges of the steps."""
    histories: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        histories[spell.commitment].append(spell)
    tie = _closeness(model)
    found = []
    for one in supply.open:
        left = one.outstanding
        chance = arrival(model, histories[one.id], as_of, days)
        if left is None or chance is None:
            continue
        lots = lots_left(model, histories[one.id], as_of)
        number = 1 + int(np.argmax(np.cumsum(lots) >= 0.5)) if len(lots) else 1
        found.append(
            Coming(
                expected=_expected(one, left, chance.arrived, chance.by, chance.median),
                size=_size(left),
                parts=min(number, _MOST_LOTS),
                by=np.maximum(chance.by - chance.arrived, 0.0),
                tie=Tie(f"slowness/{one.id}", tie) if number > 1 else None,
            )
        )
    return tuple(found)


def pace_of(
    supply: Supply,
    subject: Subject,
    model: FulfilmentModel,
    as_of: dt.date,
    days: Sequence[dt.date],
) -> Pace | None:
    """Return how new promises came in the year before a day; None where none of known size did."""
    since = as_of - dt.timedelta(days=_YEAR)
    recent = {
        one.id: size
        for one in supply.made
        if since < one.first <= as_of and (size := _promised(one, subject)) is not None
    }
    total = math.fsum(recent.values())
    if not total:
        return None
    donors = sorted({donor for one in supply.made if one.id in recent for donor in one.donors})
    fresh = Spell("new", tuple(donors), subject.category.value, (as_of, as_of), 1.0)
    chance = arrival(model, [fresh], as_of, days)
    assert chance is not None
    return Pace(total / _YEAR, tuple(sorted(recent)), chance.by)


def _promised(one: Commitment, subject: Subject) -> float | None:
    """Return the middle of what was promised, as far as it is known."""
    sizes: Mapping[Stage, Interval] = {
        stage: figure.quantity
        for stage, figure in one.stages.items()
        if stage in (Stage.PLEDGED, Stage.ON_ORDER) and figure.unit in (None, subject.unit)
    }
    known = [size for size in sizes.values() if size.known]
    return max((_size(size).median for size in known), default=None)


def _size(left: Interval) -> Amount:
    """Return an outstanding quantity as an amount; an end that is open is put at the other."""
    low = left.low if left.low is not None else 0.0
    high = left.high if left.high is not None else low
    if low == high:
        return Amount(low)
    # "Up to 14" may be anything below: a lognormal amount needs a lower end above zero.
    return Amount.between(max(low, high / 10), high)


def _closeness(model: FulfilmentModel) -> float:
    """Return the weight by which lots of one promise are late together."""
    at = model.estimates
    shared, own = math.exp(at["shared"].value), math.exp(at["scale"].value)
    return math.sqrt(shared**2 / (shared**2 + own**2))


def _expected(
    one: Commitment, left: Interval, arrived: float, by: Floats, median: dt.date | None
) -> Expected:
    return Expected(
        commitment=one.id,
        donors=one.donors,
        item=one.item,
        unit=one.unit,
        low=left.low,
        high=left.high,
        due=one.due,
        arrived=arrived,
        by=by,
        median=median,
    )
