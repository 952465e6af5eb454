"""The fitted model, and what it holds on for each of its parts.

    spells = spells_of(ledger.commitments, ledger.entries, as_of)
    model = fit(spells, as_of)
    arrival(model, history, as_of, edges)     # chances of one commitment: see predict.py
    expected_arrivals(model, outstanding, as_of, edges)   # of a coalition: see expected.py

To replay a story, do so for each day: spells that were promised or reported later than `as_of` are
not seen, so that one set of spells serves all days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.fulfilment.arrange import YEAR
from pledgebook.forecasting.fulfilment.design import Design, Groups
from pledgebook.forecasting.fulfilment.families import family_named
from pledgebook.forecasting.fulfilment.fit import Fitted, Posterior, find
from pledgebook.forecasting.fulfilment.levels import LEVELS, Level
from pledgebook.forecasting.fulfilment.priors import COMMON, GROUPS, Law, Priors, load_priors
from pledgebook.forecasting.fulfilment.randomness import stream
from pledgebook.forecasting.fulfilment.spells import Mark, Record, Spell, gather

__all__ = ["Draws", "Estimate", "FulfilmentModel", "fit", "fit_ends"]

Floats = NDArray[np.float64]

_ABOUT = "fulfilment"
_FEW = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A common parameter: where it lies, its standard error, and what its prior alone gives."""

    value: float
    error: float
    prior: float
    prior_error: float

    @property
    def learned(self) -> float:
        """How much of what is known of it comes from the data, from 0 to 1."""
        return float(max(0.0, 1.0 - (self.error / self.prior_error) ** 2))


@dataclass(frozen=True, slots=True)
class Draws:
    """Some draws of all parameters: vectors (M, parameters) and spreads between groups."""

    vectors: Floats
    spreads: Mapping[str, Floats]
    seed: int

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.vectors)


@dataclass(frozen=True)
class FulfilmentModel:
    """How long deliveries take and how they are told of, as fitted on what was known on a day.

    `commitments` and `lots` count what it was fitted on: commitments, and lots reported. `caveats`
    say what the data do not hold.
    """

    as_of: dt.date
    family: str
    priors: Priors
    groups: Groups
    fitted: Fitted
    commitments: int
    lots: int
    caveats: tuple[Caveat, ...]

    @property
    def estimates(self) -> dict[str, Estimate]:
        """The common parameters by name, on the scales of the data file of the priors."""
        errors = np.sqrt(np.diag(self.fitted.covariance))
        return {
            name: Estimate(
                float(self.fitted.vector[at]),
                float(errors[at]),
                self.priors.common[name].at,
                self.priors.common[name].spread,
            )
            for at, name in enumerate(COMMON)
        }

    def effects(self, kind: str) -> dict[str, tuple[float, float]]:
        """Return the effect of each group with its error; kinds: donor, category, told."""
        span = self.groups.spans[kind]
        names = self.groups.categories if kind == "category" else self.groups.donors
        errors = np.sqrt(np.diag(self.fitted.covariance)[span])
        pairs = zip(self.fitted.vector[span], errors, strict=True)
        return {name: (float(a), float(b)) for name, (a, b) in zip(names, pairs, strict=True)}

    def draws(self, number: int, seed: int = 1) -> Draws:
        """Draw the parameters from the approximate posterior, which is normal.

        The same number and seed give the same draws, which are kept: each commitment of a forecast
        asks for them, and with a thousand donors and items they take longer than all the rest.
        """
        kept = self._drawn.get((number, seed))
        if kept is None:
            kept = self._drawn[number, seed] = self._draw(number, seed)
        return kept

    @cached_property
    def _drawn(self) -> dict[tuple[int, int], Draws]:
        return {}

    def _draw(self, number: int, seed: int) -> Draws:
        rng = stream(seed, "parameters")
        root = np.linalg.cholesky(self.fitted.covariance)
        vectors = self.fitted.vector + rng.standard_normal((number, self.groups.size)) @ root.T
        spreads = {
            kind: self.fitted.spreads[kind]
            * np.exp(self.fitted.spread_errors[kind] * rng.standard_normal(number))
            for kind in GROUPS
        }
        return Draws(vectors, spreads, seed)

    def levels(self, record: Record, draws: Draws, as_of: dt.date) -> Floats:
        """Return the levels of a commitment in each draw (M, LEVELS), told as of a day.

        A donor or a category that the model never met differs from the usual one by as much as
        those that it met differ among themselves: the same in all its commitments.
        """
        design = Design.of(self.groups, [record])
        levels = np.asarray(draws.vectors @ design.matrix[0].T)
        assert levels.shape == (draws.number, LEVELS)
        for donor in sorted(set(record.donors) - set(self.groups.donors)):
            weight = record.donors.count(donor) / len(record.donors)
            levels[:, Level.LOCATION] += weight * self._unknown("donor", donor, draws)
            levels[:, Level.TOLD] += weight * self._unknown("told", donor, draws)
        if record.category not in self.groups.categories:
            levels[:, Level.LOCATION] += self._unknown("category", record.category, draws)
        years = (as_of - self.as_of).days / YEAR
        levels[:, Level.TOLD] += levels[:, Level.TREND] * years
        return levels

    def _unknown(self, kind: str, name: str, draws: Draws) -> Floats:
        rng = stream(draws.seed, kind, name)
        return np.asarray(draws.spreads[kind] * rng.standard_normal(draws.number))


def fit(
    spells: Iterable[Spell],
    as_of: dt.date,
    *,
    family: str = "log-logistic",
    priors: Priors | None = None,
) -> FulfilmentModel:
    """Fit the model on what was known on a day; later promises and reports are not seen.

    Without any spells it is the prior alone, and says so. Raises UsageError for an unknown family.
    """
    laws = priors or load_priors()
    records, caveats = gather(spells, as_of)
    posterior = Posterior(records, as_of, priors=laws, family=family_named(family))
    fitted = find(posterior, laws)
    return FulfilmentModel(
        as_of=as_of,
        family=family,
        priors=laws,
        groups=posterior.groups,
        fitted=fitted,
        commitments=len(records),
        lots=sum(len(one.parts) for one in records),
        caveats=(*caveats, *_lacking(records)),
    )


_TOLD_ALL = {"told": Law(at=7.0, spread=0.01), "trend": Law(at=0.0, spread=0.001)}
_QUARTER = 1.2816
_NO_SPREAD = Law(at=0.01, spread=0.01)


def fit_ends(
    spells: Sequence[Spell], as_of: dt.date, *, family: str = "log-logistic"
) -> tuple[FulfilmentModel, FulfilmentModel]:
    """Fit the model twice: as if all deliveries were told of, and as few as the prior allows.

    Without marks of the sources, what is never delivered and what is never told of look the same.
    The truth then lies between these ends: the first has the fewest deliveries, the second, with
    the chance of being told of at the lower tenth of its prior, the most.
    """
    priors = load_priors()
    law = priors.common["told"]
    few = Law(at=law.at - _QUARTER * law.spread, spread=0.01)
    ends = []
    for fixed in (_TOLD_ALL, {"told": few, "trend": Law(at=0.0, spread=0.001)}):
        held = priors.model_copy(
            update={
                "common": {**priors.common, **fixed},
                "groups": {**priors.groups, "told": _NO_SPREAD},
            }
        )
        ends.append(fit(spells, as_of, family=family, priors=held))
    return ends[0], ends[1]


def _lacking(records: Sequence[Record]) -> list[Caveat]:
    """Say what the data cannot tell, so that the prior stands in for it."""
    parts = [part for one in records for part in one.parts]
    if not records:
        why = "no dated promise is known: the chances of arrival are those of the stated prior"
        return [Caveat(_ABOUT, why, "read reports of promises and of deliveries", said=True)]
    found = []
    if not parts:
        found.append(
            f"none of {len(records)} promises is reported as delivered: how long deliveries take"
            " rests on the stated prior, and on their absence"
        )
    elif len(parts) < _FEW:
        found.append(
            f"the times of delivery rest on {len(parts)} reported lots, and largely on the prior"
        )
    if len({donor for one in records for donor in one.donors}) == 1:
        found.append(
            "there is one donor only: how far donors differ from each other is not known, and"
            " rests on the prior"
        )
    if all(one.mark is Mark.UNMARKED for one in records):
        found.append(
            "no source says that it tells of no deliveries: how many are never told of cannot be"
            " told apart from how many never come, and rests on the prior"
        )
    if parts and not any(part.delivered and not part.reported_by for part in parts):
        found.append(
            "no report names the day of its delivery: the delay of the reports cannot be told from"
            " that of the deliveries, and rests on the prior"
        )
    return [Caveat(_ABOUT, why, said=True) for why in found]
