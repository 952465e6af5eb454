"""What a coalition's open commitments will bring, step by step, by simulation.

Each draw takes one draw of the parameters, which all commitments of a donor share, and for each
commitment its slowness, how many lots are left, how large they are, and when each comes, given all
that is known. A commitment has a stream of random numbers of its own, named by its id: the answer
hangs neither on the order of the commitments nor on which others there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Band, Caveat
from pledgebook.forecasting.fulfilment.model import FulfilmentModel
from pledgebook.forecasting.fulfilment.prospects import Prospect, one_record, prospect
from pledgebook.forecasting.fulfilment.randomness import stream
from pledgebook.forecasting.fulfilment.spells import Spell

__all__ = ["Arrivals", "Outstanding", "band_of", "expected_arrivals", "sample_arrivals"]

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class Outstanding:
    """An open commitment: its spells, and how much of it is not known to be delivered.

    `low` and `high` bound the amount, None where an end is open, both where it is unknown.
    """

    commitment: str
    spells: tuple[Spell, ...]
    low: float | None
    high: float | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is expected to arrive, in the unit of the commitments.

    `band` is per step, `by` what has arrived since the day of knowledge by the end of each step
    (steps,). `already` is what has arrived by then without a report, and `before` what arrives
    after it and before the first step, each a band of one. `counted` are the commitments within,
    `left_out` those whose amount or days are not known: they come on top, and are not zero.
    """

    band: Band
    by: Band
    already: Band
    before: Band
    counted: tuple[str, ...]
    left_out: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()


def expected_arrivals(
    model: FulfilmentModel,
    commitments: Iterable[Outstanding],
    as_of: dt.date,
    edges: Sequence[dt.date],
    *,
    draws: int = 10_000,
    seed: int = 1,
) -> Arrivals:
    """Return the arrivals of commitments of one unit by step, with their bands.

    `edges` are the first days of the steps and the day after the last (steps + 1). Raises
    UsageError where the commitments are of more than one unit.
    """
    every = sorted(commitments, key=lambda one: one.commitment)
    units = sorted({one.unit for one in every if one.unit is not None})
    if len(units) > 1:
        raise UsageError(
            f"what is counted in {units[0]!r} and in {units[1]!r} does not add up",
            mend="Ask for the commitments of one unit at a time",
        )
    known = [one for one in every if _amounts(one) is not None and _timed(one, as_of)]
    left_out = tuple(one.commitment for one in every if one not in known)
    sampled = sample_arrivals(model, known, as_of, edges, draws=draws, seed=seed)
    since = np.cumsum(sampled[:, 1:], axis=1)
    caveats = []
    if left_out:
        why = (
            f"the amounts or the days of {len(left_out)} open commitments are not known: they come"
            " on top"
        )
        caveats.append(Caveat("arrivals", why, "read reports that name the amounts", said=True))
    floors = sum(one.high is None for one in known)
    if floors:
        why = f"{floors} open commitments name a least amount only: it is counted, and may be more"
        caveats.append(Caveat("arrivals", why, said=True))
    return Arrivals(
        band=band_of(sampled[:, 2:]),
        by=band_of(since[:, 1:]),
        already=band_of(sampled[:, :1]),
        before=band_of(sampled[:, 1:2]),
        counted=tuple(one.commitment for one in known),
        left_out=left_out,
        caveats=tuple(caveats),
    )


def band_of(samples: Floats) -> Band:
    """Return the mean and the quantiles of samples (draws, steps)."""
    levels = np.quantile(samples, [0.1, 0.25, 0.5, 0.75, 0.9], axis=0)
    return Band(samples.mean(axis=0), *levels)


def sample_arrivals(
    model: FulfilmentModel,
    commitments: Sequence[Outstanding],
    as_of: dt.date,
    edges: Sequence[dt.date],
    *,
    draws: int,
    seed: int,
) -> Floats:
    """Return sampled arrivals (draws, steps + 2): unreported by now, before the steps, by step."""
    parameters = model.draws(min(_PARAMETERS, draws), seed)
    of_draw = np.arange(draws) % parameters.number
    times = np.array([as_of.toordinal() + 1.0, *(float(day.toordinal()) for day in edges)])
    total = np.zeros((draws, len(edges) + 1))
    for one in sorted(commitments, key=lambda each: each.commitment):
        ends = _amounts(one)
        record = one_record(one.spells, as_of)
        if ends is None or record is None or record.complete:
            continue
        found = prospect(model, record, as_of, times, parameters)
        rng = stream(seed, "arrivals", one.commitment)
        amount = rng.uniform(*ends, draws) * (rng.random(draws) < found.left[of_draw])
        _add(total, found, of_draw, amount, rng)
    return total


def _timed(one: Outstanding, as_of: dt.date) -> bool:
    return one_record(one.spells, as_of) is not None


def _amounts(one: Outstanding) -> tuple[float, float] | None:
    """Return the least and the most of an amount; a least one alone is taken for it."""
    if one.low is None and one.high is None:
        return None
    low = 0.0 if one.low is None else one.low
    return low, low if one.high is None else one.high


def _add(
    total: Floats, found: Prospect, of_draw: Whole, amount: Floats, rng: np.random.Generator
) -> None:
    """Add one commitment's arrivals, drawn lot by lot."""
    draws, lots = len(of_draw), found.weight.shape[2]
    ladder = np.cumsum(found.weight.reshape(len(found.weight), -1), axis=1)
    place = (ladder[of_draw] < rng.random(draws)[:, None] * ladder[of_draw, -1:]).sum(axis=1)
    node, further = np.divmod(np.minimum(place, ladder.shape[1] - 1), lots)
    # Shares that are uniform on the simplex of as many lots as are left.
    sizes = rng.standard_exponential((draws, lots)) * (np.arange(lots) <= further[:, None])
    sizes *= (amount / sizes.sum(axis=1))[:, None]
    plain, told = found.pulls()
    luck = rng.random((draws, lots))
    for lot in range(lots):
        rows = np.flatnonzero(further >= lot)
        where = of_draw[rows], node[rows]
        by = plain[(*where, further[rows])][:, None] * found.by[where]
        if found.told:
            by = by + told[(*where, further[rows])][:, None] * found.by_open[where]
        step = (by < luck[rows, lot, None]).sum(axis=1)
        came = step < total.shape[1]
        np.add.at(total, (rows[came], step[came]), sizes[rows[came], lot])
