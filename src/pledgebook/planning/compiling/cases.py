"""Cases: courses that use, stocks and arrivals may take, drawn together and told apart by chance.

Each figure that is not known for sure has random streams of its own, made by a counter-based
generator (Philox, Salmon et al. 2011) from the seed and the figure's name alone. So two scenarios
draw the same course for what they share, whatever else they change (common random numbers), and
nothing depends on the order of the file.

`strata` makes the cases by Latin hypercube (McKay, Beckman and Conover 1979, Technometrics 21,
239-245): each stream takes the middles of `number` strata of equal chance once, in an order of its
own. `reduce` draws many courses and keeps those that stand best for the others by fast forward
selection (Heitsch and Romisch 2003, Computational Optimization and Applications 24, 187-206): the
next one kept is that which most lowers the mean distance of all courses to the nearest kept; each
course that is left out gives its chance to the nearest that is kept. The distance is Euclidean,
over what is used and what has come up to each step, weighed by price.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.compiling.book import Lots
from pledgebook.planning.problem import Case
from pledgebook.planning.scenario.tables import Cases

__all__ = ["Spread", "Uncertain", "draw_cases"]

Floats = NDArray[np.float64]

_ROUNDING = 1e-7


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure that is lognormal: median and sd of the logarithm, (steps,) or (1,).

    `stream` names what moves it; one score moves it in all steps.
    """

    stream: str
    median: Floats
    log_sd: Floats


@dataclass(frozen=True, slots=True)
class Uncertain:
    """What is not known for sure, by name: of needs, of opening stocks, of arrivals at stocks.

    `steady` (steps,) arrives at a stock beside its lots; `worth` is the price that a unit of a need
    or stock counts in distances.
    """

    amounts: Mapping[str, Spread] = field(default_factory=dict)
    openings: Mapping[str, Spread] = field(default_factory=dict)
    lots: Mapping[str, Sequence[Lots]] = field(default_factory=dict)
    steady: Mapping[str, Floats] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.amounts or self.openings or any(self.lots.values()))


def draw_cases(uncertain: Uncertain, how: Cases) -> tuple[Case, ...]:
    """Return the cases with their chances; none where one is asked for, or nothing is uncertain."""
    if how.number == 1 or not uncertain:
        return ()
    if how.method == "strata":
        drawn = _Drawn(uncertain, _Streams(how.seed, how.number, strata=True))
        kept, chances = np.arange(how.number), np.full(how.number, 1 / how.number)
    else:
        draws = max(how.draws, how.number)
        drawn = _Drawn(uncertain, _Streams(how.seed, draws, strata=False))
        kept, chances = forward_selection(drawn.features(), how.number)
    return tuple(
        drawn.case(f"case {number + 1}", int(at), float(chance))
        for number, (at, chance) in enumerate(zip(kept, chances, strict=True))
    )


def forward_selection(points: Floats, number: int) -> tuple[NDArray[np.intp], Floats]:
    """Return which of the points (n, d) are kept, in order, and the chance of each (number,)."""
    square = (points**2).sum(axis=1)
    apart = np.sqrt(np.maximum(square[:, None] + square[None, :] - 2 * points @ points.T, 0.0))
    nearest = np.full(len(points), np.inf)
    kept: list[int] = []
    for _ in range(min(number, len(points))):
        left = np.minimum(apart, nearest[:, None]).sum(axis=0)
        left[kept] = np.inf
        # Of those that serve as well but for rounding, the first.
        kept.append(int(np.flatnonzero(left <= left.min() * (1 + _ROUNDING))[0]))
        nearest = np.minimum(nearest, apart[:, kept[-1]])
    order = np.sort(np.array(kept))
    owner = np.argmin(apart[:, order], axis=1)
    owner[order] = np.arange(len(order))
    chances = np.bincount(owner, minlength=len(order)) / len(points)
    return order, chances


class _Streams:
    """Normal scores (n,) by name."""

    def __init__(self, seed: int, number: int, *, strata: bool) -> None:
        self._seed, self._number, self._strata = seed, number, strata

    def uniform(self, name: str) -> Floats:
        """Return n numbers above 0 and below 1."""
        key = hashlib.blake2b(f"{self._seed}\0{name}".encode(), digest_size=16).digest()
        words = np.random.Philox(key=np.frombuffer(key, dtype=np.uint64)).random_raw(self._number)
        found = (np.asarray(words >> np.uint64(11), dtype=np.float64) + 0.5) / 2.0**53
        if not self._strata:
            return found
        rank = np.empty(self._number)
        rank[np.argsort(found, kind="stable")] = np.arange(self._number)
        return (rank + 0.5) / self._number

    def normal(self, name: str) -> Floats:
        """Return n standard normal scores."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(name)))


class _Drawn:
    """All courses: each figure by name, (n, steps) or (n,)."""

    def __init__(self, uncertain: Uncertain, streams: _Streams) -> None:
        self._worth = uncertain.worth
        self.amounts = {name: _lognormal(one, streams) for name, one in uncertain.amounts.items()}
        self.openings = {
            name: _lognormal(one, streams)[:, 0] for name, one in uncertain.openings.items()
        }
        self.arriving = {
            name: uncertain.steady[name] + sum(_arrivals(one, streams) for one in lots)
            for name, lots in uncertain.lots.items()
            if lots
        }

    def features(self) -> Floats:
        """Return each course as a point: what is used and has come up to each step, by price."""
        parts = []
        for flows in (self.amounts, self.arriving):
            parts += [np.cumsum(flow, axis=1) * self._worth[name] for name, flow in flows.items()]
        parts += [held[:, None] * self._worth[name] for name, held in self.openings.items()]
        return np.concatenate(parts, axis=1)

    def case(self, name: str, at: int, chance: float) -> Case:
        """Return one course as a case."""
        return Case(
            name,
            chance,
            {key: flow[at] for key, flow in self.amounts.items()},
            {key: flow[at] for key, flow in self.arriving.items()},
            {key: float(held[at]) for key, held in self.openings.items()},
        )


def _lognormal(spread: Spread, streams: _Streams) -> Floats:
    """Return (n, figures): one score moves all of them."""
    score = streams.normal(spread.stream)
    return np.asarray(spread.median * np.exp(np.outer(score, spread.log_sd)))


def _arrivals(lots: Lots, streams: _Streams) -> Floats:
    """Return what comes of a promise in each step (n, steps)."""
    from scipy.special import ndtr

    size = lots.size.median * np.exp(lots.size.log_sd * streams.normal(f"size/{lots.name}"))
    shared = streams.normal(f"slowness/{lots.name}")
    found = np.zeros((len(shared), len(lots.by)))
    rows = np.arange(len(shared))
    for number in range(lots.parts):
        own = streams.normal(f"lot/{lots.name}/{number}")
        chance = ndtr(lots.tie * shared + np.sqrt(1 - lots.tie**2) * own)
        at = np.searchsorted(lots.by, chance, side="left")
        comes = at < len(lots.by)
        found[rows[comes], at[comes]] += size[comes] / lots.parts
    return found
