"""Chances that a delivery is told of by a day: by the fulfilment model, by a rate, by age alone.

What is told is all that the stories can be held against. The model has the chance that a lot is not
told of by a day D, N(D) = 1 - omega * A(D) (likelihood.py). With w_k the weight, given all that is
known on D, of k lots left at a node of the shared slowness,

    nothing more is told by t     sum w_k (N(t) / N(D))^k
    all of it is told by t        sum w_k (1 - N(t) / N(D))^k,  k > 0

averaged over draws of the parameters.
"""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment import FulfilmentModel
from pledgebook.forecasting.fulfilment.arrange import arrange
from pledgebook.forecasting.fulfilment.families import family_named
from pledgebook.forecasting.fulfilment.likelihood import Node, node_chances
from pledgebook.forecasting.fulfilment.spells import Days, Mark, Spell, gather

__all__ = [
    "REFERENCE",
    "Lives",
    "Survival",
    "lives_of",
    "moved",
    "moved_all",
    "report_chances",
]

Floats = NDArray[np.float64]

REFERENCE = dt.date(2025, 1, 1)
"""The day to which the last day of every story is moved: only the times between days count."""
_DRAWS = 64
_NODES = 15


def moved(spell: Spell, by: dt.timedelta) -> Spell:
    """Return a spell some days later."""

    def days(period: Days) -> Days:
        return period[0] + by, period[1] + by

    return replace(
        spell,
        promised=days(spell.promised),
        delivered=None if spell.delivered is None else days(spell.delivered),
        reported=None if spell.reported is None else spell.reported + by,
        due=None if spell.due is None else spell.due + by,
    )


def moved_all(spells: Iterable[Spell], last: dt.date) -> list[Spell]:
    """Return the spells of a story as if its last day were the day of reference."""
    by = REFERENCE - last
    return [moved(spell, by) for spell in spells]


def report_chances(
    model: FulfilmentModel,
    spells: Sequence[Spell],
    as_of: dt.date,
    days: Sequence[dt.date],
    *,
    draws: int = _DRAWS,
    seed: int = 1,
) -> tuple[Floats, Floats] | None:
    """Return the chances that a further lot, and that all of the rest, is told of by some days.

    `spells` are all those of one commitment, as known on `as_of`; a day counts to its end. None
    where nothing is left of it. Only for sources that do not say whether they tell of everything.
    """
    records, _ = gather(spells, as_of)
    if not records or records[0].complete:
        return None
    record = records[0]
    if record.mark is not Mark.UNMARKED:
        raise ValueError(f"{record.commitment} has a mark of its source")
    levels = model.levels(record, model.draws(draws, seed), as_of)

    def as_known(day: dt.date) -> Node:
        (block,) = arrange([record] * draws, day, as_of)
        return node_chances(block, levels, family=family_named(model.family), nodes=_NODES)

    now = as_known(as_of)
    lots = np.arange(now.weight.shape[2])
    some, whole = [], []
    for day in days:
        ratio = np.clip(as_known(day).silent / now.silent, 0.0, 1.0)[:, :, None]
        some.append(1.0 - (now.weight * ratio**lots).sum(axis=(1, 2)).mean())
        rest = now.weight[:, :, 1:] * (1.0 - ratio) ** lots[1:]
        whole.append(rest.sum(axis=(1, 2)).mean())
    return np.clip(some, 0.0, 1.0), np.clip(whole, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Lives:
    """Times at risk in days: from an age, to an age, and whether it ended by a report."""

    entry: list[float]
    end: list[float]
    told: list[bool]

    @classmethod
    def none(cls) -> Lives:
        """Return no times."""
        return cls([], [], [])

    def add(self, entry: int, end: int, *, told: bool) -> None:
        """Add a time; one without any length tells nothing."""
        if end > entry:
            self.entry.append(float(entry))
            self.end.append(float(end))
            self.told.append(told)


class Survival:
    """The Kaplan-Meier estimate of what is not told of yet, by age; late entry allowed for.

    It is the estimate of lifelines. Where nothing was ever at risk, or nobody is left, it has no
    answer.
    """

    def __init__(self, lives: Lives) -> None:
        self._fitted = None
        if any(lives.told):
            with warnings.catch_warnings():
                # The imports of its own warn.
                warnings.simplefilter("ignore")
                from lifelines import KaplanMeierFitter
            self._fitted = KaplanMeierFitter().fit(lives.end, lives.told, entry=lives.entry)

    def chance(self, age: float, days: float) -> float | None:
        """Return the chance to be told of within some days more, given that it was not by an age.

        Beyond the oldest case the estimate stays where it is.
        """
        if self._fitted is None:
            return None
        now, then = self._fitted.survival_function_at_times([age, age + days]).to_numpy()
        return float(1.0 - then / now) if now > 0 else None


def lives_of(
    stories: Iterable[tuple[Mapping[str, Sequence[Spell]], Mapping[str, int], dt.date]],
) -> Mapping[str, Lives]:
    """Return the times at risk of the first lot, of the next ones, and of the whole.

    Each story is its spells by commitment at its end, the ordinal day on which each commitment was
    first told of, and its last day. "first" and "all" count from the promise, "next" from the last
    report; all enter when the story first speaks of them.
    """
    lives = {name: Lives.none() for name in ("first", "next", "all")}
    for spells, begins, last in stories:
        for name, own in spells.items():
            start, end = own[0].promised[0].toordinal(), last.toordinal()
            seen = begins[name]
            told = sorted({one.reported.toordinal() for one in own if one.reported})
            complete = all(one.reported for one in own)
            lives["first"].add(seen - start, (told[0] if told else end) - start, told=bool(told))
            for one, other in itertools.pairwise(told):
                lives["next"].add(0, other - one, told=True)
            if told and not complete:
                lives["next"].add(0, end - told[-1], told=False)
            lives["all"].add(seen - start, (told[-1] if complete else end) - start, told=complete)
    return lives
