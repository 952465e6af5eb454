"""The model held against histories whose truth is known: where the truth lies in each forecast.

A forecast that is right puts the truth below its 30 % point in 30 of 100 cases. The place of the
truth in the forecast distribution is therefore uniform between 0 and 1, and lies in the middle
band of 50 % in half of all cases. Where the forecast has a lump of chance (it has arrived already,
it never comes, none of it arrives in the step), the place is drawn anywhere within the lump.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.expected import Outstanding, sample_arrivals
from pledgebook.forecasting.fulfilment.model import FulfilmentModel, fit
from pledgebook.forecasting.fulfilment.predict import arrival
from pledgebook.forecasting.fulfilment.randomness import stream
from pledgebook.forecasting.fulfilment.simulate import History, Lot, Truth, simulate
from pledgebook.forecasting.fulfilment.spells import Spell

__all__ = ["AHEAD", "Coverage", "Trial", "covered", "trial", "truth_of"]

Floats = NDArray[np.float64]

AHEAD = (30, 90, 180, 360)
"""The ends of the steps, in days after the day of knowledge."""
_FINE = (0, 15, 30, 60, 90, 135, 180, 270, 360, 540, 720, 1080, 1440, 2880)
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Trial:
    """One history: how far estimates missed in their own errors, and the places of the truth.

    `misses` are (estimate - truth) / standard error by parameter. `totals` are the places of what
    arrived in all: unreported already, in each step, and in all steps together. `lots` are those of
    the day of the next lot and `all` of the day of the last one, of each open commitment.
    """

    misses: Mapping[str, float]
    totals: Floats
    next_lot: Floats
    last_lot: Floats


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of cases within the middle band, its standard error by history, and the cases."""

    band: float
    share: float
    error: float
    cases: int


def truth_of(truth: Truth) -> dict[str, float]:
    """Return a truth on the scales on which the model's parameters are estimated."""

    def logit(chance: float) -> float:
        return float(np.log(chance / (1.0 - chance)))

    return {
        "location": float(np.log(truth.median)),
        "scale": float(np.log(truth.spread)),
        "shared": float(np.log(truth.shared)),
        "dropped": logit(truth.dropped),
        "coming": logit(truth.coming),
        "more": logit(truth.more),
        "report": float(np.log(truth.report_median)),
        "report_scale": float(np.log(truth.report_spread)),
        "told": logit(truth.told),
        "trend": truth.trend,
    }


def trial(
    truth: Truth,
    seed: int,
    *,
    commitments: int = 150,
    days: int = 900,
    family: str = "log-logistic",
) -> Trial:
    """Simulate a history, fit the model on it, and find the truth in its forecasts."""
    history = simulate(truth, seed, commitments=commitments, days=days)
    model = fit(history.spells, history.as_of, family=family)
    estimates = model.estimates
    misses = {
        name: (estimates[name].value - value) / estimates[name].error
        for name, value in truth_of(truth).items()
    }
    rng = stream(seed, "places")
    spells: dict[str, list[Spell]] = defaultdict(list)
    for spell in history.spells:
        spells[spell.commitment].append(spell)
    rests = {
        name: [lot for lot in history.lots[name] if not lot.told < days]
        for name in sorted(spells)
        if any(spell.reported is None for spell in spells[name])
    }
    first, last = [], []
    for name, lots in rests.items():
        places = _single(model, history, spells[name], lots, days, rng)
        first.append(places[0])
        last.append(places[1])
    return Trial(
        misses=misses,
        totals=_totals(model, history, spells, rests, days, seed, rng),
        next_lot=np.array(first),
        last_lot=np.array(last),
    )


def _single(
    model: FulfilmentModel,
    history: History,
    spells: Sequence[Spell],
    lots: Sequence[Lot],
    days: int,
    rng: np.random.Generator,
) -> tuple[float, float]:
    as_of = history.as_of
    edges = [as_of, *(as_of + dt.timedelta(days=1 + day) for day in _FINE)]
    chances = arrival(model, spells, as_of, edges)
    assert chances is not None
    comes = [lot.comes - days for lot in lots]
    return (
        _place(chances.first_by, min(comes), rng),
        _place(chances.all_by, max(comes), rng),
    )


def _place(by: Floats, day: float, rng: np.random.Generator) -> float:
    """Return where a day lies in a distribution that is known at the days of `_FINE`."""
    ladder = np.concatenate([[0.0], by, [1.0]])
    rung = int(np.searchsorted(np.array(_FINE, dtype=float), day, side="right"))
    return float(ladder[rung] + rng.random() * (ladder[rung + 1] - ladder[rung]))


def _totals(
    model: FulfilmentModel,
    history: History,
    spells: Mapping[str, Sequence[Spell]],
    rests: Mapping[str, Sequence[Lot]],
    days: int,
    seed: int,
    rng: np.random.Generator,
) -> Floats:
    """Return the places of the totals: already there, in each step, in all steps together."""
    ends = np.array([0.0, *AHEAD])
    came = np.zeros(len(ends))
    open_ones = []
    for name, lots in rests.items():
        amount = history.amounts[name]
        left = amount * sum(lot.share for lot in lots)
        open_ones.append(Outstanding(name, tuple(spells[name]), left, left))
        for lot in lots:
            step = int(np.searchsorted(ends, lot.comes - days, side="right"))
            if step < len(came):
                came[step] += lot.share * amount
    edges = [history.as_of + dt.timedelta(days=1 + int(day)) for day in ends]
    found = sample_arrivals(model, open_ones, history.as_of, edges, draws=_DRAWS, seed=seed)
    # What comes before the first step is nothing here: it begins at once.
    found = np.delete(found, 1, axis=1)
    found = np.column_stack([found, found[:, 1:].sum(axis=1)])
    came = np.append(came, came[1:].sum())
    below, same = (found < came).mean(axis=0), (found == came).mean(axis=0)
    return np.asarray(below + rng.random(len(came)) * same)


def covered(places: Sequence[Floats], band: float) -> Coverage:
    """Return how many places lie in the middle band; each entry of `places` is a history.

    The standard error is robust to cases of one history being alike: it comes from the spread
    between histories.
    """
    inside = [np.abs(one - 0.5) <= band / 2.0 for one in places]
    cases = sum(len(one) for one in inside)
    share = sum(int(one.sum()) for one in inside) / cases
    off = np.array([one.sum() - share * len(one) for one in inside])
    number = len(inside)
    error = float(np.sqrt((off**2).sum() * number / max(number - 1, 1)) / cases)
    return Coverage(band, float(share), error, cases)
