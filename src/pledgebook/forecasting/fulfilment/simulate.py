"""Histories with a known truth: what was promised, what came when, and what was told of it.

They are made by drawing, step by step, from the story that the model tells, and by no code of the
model itself, so that the model can be held against them. Everything is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pledgebook.forecasting.fulfilment.spells import Mark, Spell

__all__ = ["History", "Lot", "Truth", "simulate"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a simulated world; times in days, chances as numbers between 0 and 1.

    `median` is that of the delay of a lot, `spread` and `shared` are the spreads of its logarithm
    by lot and by commitment, `donor_spread`, `category_spread` those between groups and
    `told_spread` that of the logit of disclosure between donors. `dropped` promises come to
    nothing, of the others a lot comes with the chance `coming`; `more` is the chance of one more
    lot. `report_median` and `report_spread` tell of the report's delay. `told` is the chance that
    a delivery on the day of knowledge is told of, whose logit changes by `trend` a year. `marked`
    is the share of commitments whose source says whether it tells, `named` that of reports that
    name the day of the delivery, `vague` that of promises told as a month.
    """

    median: float = 120.0
    spread: float = 0.5
    shared: float = 0.5
    donor_spread: float = 0.3
    category_spread: float = 0.3
    told_spread: float = 0.5
    dropped: float = 0.1
    coming: float = 0.92
    more: float = 0.4
    report_median: float = 10.0
    report_spread: float = 0.8
    told: float = 0.7
    trend: float = -0.5
    marked: float = 0.4
    named: float = 0.6
    vague: float = 0.1
    family: str = "log-logistic"


@dataclass(frozen=True, slots=True)
class Lot:
    """The truth of one lot: its share, when it comes in days from the first (inf for never)."""

    share: float
    comes: float
    told: float


@dataclass(frozen=True, slots=True)
class History:
    """A simulated history as it is known on a day, and its truth by commitment.

    Days of lots count from `start`; day 0 is the start's first moment.
    """

    start: dt.date
    as_of: dt.date
    spells: tuple[Spell, ...]
    lots: Mapping[str, tuple[Lot, ...]]
    amounts: Mapping[str, float]
    donor_effects: Mapping[str, float] = field(default_factory=dict)
    category_effects: Mapping[str, float] = field(default_factory=dict)


_START = dt.date(2022, 3, 1)


def simulate(
    truth: Truth,
    seed: int,
    *,
    commitments: int = 150,
    days: int = 900,
    donors: int = 12,
    categories: int = 8,
) -> History:
    """Draw a history of promises over some days, as it is known on the last of them."""
    rng = np.random.default_rng([seed, 20_221])
    donor_effects = rng.normal(0.0, truth.donor_spread, donors)
    category_effects = rng.normal(0.0, truth.category_spread, categories)
    told_effects = rng.normal(0.0, truth.told_spread, donors)
    # Some give often and some seldom.
    often = rng.dirichlet(np.full(donors, 1.5))
    spells: list[Spell] = []
    lots: dict[str, tuple[Lot, ...]] = {}
    amounts: dict[str, float] = {}
    for number in range(commitments):
        name = f"c{number:05d}"
        donor, category = int(rng.choice(donors, p=often)), int(rng.integers(categories))
        where = np.log(truth.median) + donor_effects[donor] + category_effects[category]
        where += rng.normal(0.0, truth.shared)
        day = int(rng.integers(days))
        kept = rng.random() >= truth.dropped
        count = int(rng.geometric(1.0 - truth.more))
        shares = rng.dirichlet(np.ones(count))
        made = []
        opens = []
        for share in shares:
            comes = np.inf
            if kept and rng.random() < truth.coming:
                comes = day + float(np.exp(where + truth.spread * _error(truth.family, rng)))
            # The flag of what has not come yet is that of the day of knowledge.
            years = (min(comes, float(days)) - days) / 365.25
            logit = np.log(truth.told / (1.0 - truth.told)) + truth.trend * years
            is_open = rng.random() < 1.0 / (1.0 + np.exp(-(logit + told_effects[donor])))
            lag = truth.report_median * float(np.exp(truth.report_spread * rng.logistic()))
            made.append(Lot(float(share), comes, comes + lag if is_open else np.inf))
            opens.append(bool(is_open))
        lots[name] = tuple(made)
        amounts[name] = float(np.round(np.exp(rng.normal(3.0, 1.0)), 3))
        spells += _told(
            truth, rng, name, (f"D{donor:02d}",), f"item-{category}", day, days, made, opens
        )
    return History(
        start=_START,
        as_of=_START + dt.timedelta(days=days - 1),
        spells=tuple(spells),
        lots=lots,
        amounts=amounts,
        donor_effects={f"D{at:02d}": float(one) for at, one in enumerate(donor_effects)},
        category_effects={f"item-{at}": float(one) for at, one in enumerate(category_effects)},
    )


def _error(family: str, rng: np.random.Generator) -> float:
    if family == "log-normal":
        return float(rng.normal())
    return float(np.log(rng.exponential())) if family == "weibull" else float(rng.logistic())


def _told(
    truth: Truth,
    rng: np.random.Generator,
    name: str,
    donors: tuple[str, ...],
    category: str,
    day: int,
    days: int,
    made: list[Lot],
    opens: list[bool],
) -> list[Spell]:
    """Return what is known of a commitment on the last day."""
    first = _START + dt.timedelta(days=day)
    promised = (first, first)
    if rng.random() < truth.vague:
        # A month's time within which the day lies anywhere.
        before = int(rng.integers(30))
        begin = max(first - dt.timedelta(days=before), _START)
        promised = (begin, begin + dt.timedelta(days=29))
    marked = rng.random() < truth.marked
    found, left = [], 0.0
    left_open = []
    for lot, is_open in zip(made, opens, strict=True):
        if lot.told < days:
            came = _START + dt.timedelta(days=int(lot.comes))
            named = rng.random() < truth.named
            found.append(
                Spell(
                    commitment=name,
                    donors=donors,
                    category=category,
                    promised=promised,
                    share=lot.share,
                    delivered=(came, came) if named else None,
                    reported=_START + dt.timedelta(days=int(lot.told)),
                )
            )
        else:
            left += lot.share
            left_open.append(is_open)
    if left_open:
        mark = Mark.UNMARKED
        if marked:
            mark = Mark.OPEN if all(left_open) else Mark.UNDISCLOSED
        found.append(
            Spell(
                commitment=name,
                donors=donors,
                category=category,
                promised=promised,
                share=left if found else 1.0,
                mark=mark,
            )
        )
    return found
