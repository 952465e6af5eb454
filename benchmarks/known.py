"""What a figure is known to be by its closed form, and how far a simulation stands from that.

A known figure carries its mean, its variance and its fourth central moment, all from the
distribution itself and none from the simulation. So both standard errors are exact: that of the
mean of n draws is sqrt(variance / n), that of their variance is
sqrt((fourth - variance**2 * (n - 3) / (n - 1)) / n) (M. G. Kendall and A. Stuart, The Advanced
Theory of Statistics, volume 1). A chance is compared by the tail of the binomial distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pledgebook.forecasting.flows.result import Flow, Result
from pledgebook.forecasting.flows.system import System

__all__ = [
    "ROUNDING",
    "Case",
    "Chance",
    "Compared",
    "Known",
    "Moment",
    "Quantiles",
    "compare",
    "compound",
    "difference",
    "law_known",
    "poisson",
    "worst",
]

Floats = NDArray[np.float64]

ROUNDING = 1e-6
"""An exact figure may be off by this share of itself."""
TAIL = 1e-14
"""What is left out of the tail of a distribution without end."""
RARE = 50
"""Draws for each unit of kurtosis below which an error is no scale: as for a chance p, which has
the kurtosis 1/p, this many draws must be expected to have it."""


@dataclass(frozen=True, slots=True)
class Known:
    """Mean, variance and fourth central moment; the fourth is None where it has no closed form."""

    mean: float
    variance: float = 0.0
    fourth: float | None = 0.0

    @classmethod
    def of_raw(cls, raw: Callable[[int], float]) -> Known:
        """Return what is known of a variable from its raw moments E[X**j], j up to 4."""
        m1, m2, m3, m4 = (raw(j) for j in (1, 2, 3, 4))
        fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4
        return cls(m1, m2 - m1**2, fourth)

    @classmethod
    def lognormal(cls, median: float, log_sd: float) -> Known:
        """Return what is known of a lognormal: E[X**j] = median**j * exp(j**2 log_sd**2 / 2)."""
        return cls.of_raw(lambda j: median**j * math.exp(j * j * log_sd**2 / 2))

    @classmethod
    def over(cls, values: Floats, chances: Floats) -> Known:
        """Return what is known of a variable with these values and their chances."""
        mean = float(values @ chances)
        apart = values - mean
        return cls(mean, float(apart**2 @ chances), float(apart**4 @ chances))

    def times(self, factor: float, plus: float = 0.0) -> Known:
        """Return what is known of factor * X + plus."""
        fourth = None if self.fourth is None else factor**4 * self.fourth
        return Known(factor * self.mean + plus, factor**2 * self.variance, fourth)

    def and_apart(self, other: Known) -> Known:
        """Return what is known of the sum with another variable that is independent of this."""
        fourth = None
        if self.fourth is not None and other.fourth is not None:
            fourth = self.fourth + other.fourth + 6 * self.variance * other.variance
        return Known(self.mean + other.mean, self.variance + other.variance, fourth)

    def summed(self, count: int) -> Known:
        """Return what is known of the sum of so many independent copies."""
        fourth = None
        if self.fourth is not None:
            fourth = count * self.fourth + 3 * count * (count - 1) * self.variance**2
        return Known(count * self.mean, count * self.variance, fourth)


def poisson(mean: float, shortest: int = 1) -> Floats:
    """Return the chances of 0, 1, 2, ... of a Poisson distribution, up to a tail of TAIL."""
    last = int(stats.poisson.isf(TAIL, mean)) if mean > 0 else 0
    return np.asarray(stats.poisson.pmf(np.arange(max(last + 1, shortest)), mean))


def compound(demands: float, sizes: Floats) -> Floats:
    """Return the chances of 0, 1, 2, ... of a compound Poisson sum of whole sizes.

    The transform of the sum is exp(demands * (transform of the size - 1)).
    """
    length = 1
    while length < 8 * len(sizes) * (demands + 4 * math.sqrt(demands) + 4):
        length *= 2
    made = np.fft.irfft(np.exp(demands * (np.fft.rfft(sizes, length) - 1)), length)
    return np.maximum(made, 0.0)


def difference(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return the values and chances of X - Y, both whole, at least 0 and independent."""
    chances = np.convolve(first, second[::-1])
    return np.arange(1.0 - len(second), len(first)), chances


def law_known(chances: Floats) -> Known:
    """Return what is known of a variable with the chances of 0, 1, 2, ..."""
    return Known.over(np.arange(float(len(chances))), chances)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a flow of a line, works or total is known to be, by step."""

    key: str
    flow: Flow
    known: Mapping[int, Known]


@dataclass(frozen=True, slots=True)
class Chance:
    """The known chances that all is met at steps, or (`dry`) to have run dry by them."""

    key: str
    known: Mapping[int, float]
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The known chance of a flow to be at most so much, by step; it has to be continuous.

    The quantiles that were simulated are put into it: it should give their levels back.
    """

    key: str
    flow: Flow
    below: Mapping[int, Callable[[float], float]]


@dataclass(frozen=True, slots=True)
class Case:
    """A system whose answer has a closed form."""

    name: str
    formula: str
    source: str
    system: System
    figures: Sequence[Moment | Chance | Quantiles]


@dataclass(frozen=True, slots=True)
class Compared:
    """A known figure beside the simulated one; `error` is the Monte Carlo error, 0 where exact.

    `z` is how many errors lie between the two, or, where there is no error, how many times
    ROUNDING.
    """

    what: str
    step: int
    known: float
    found: float
    error: float
    z: float


def compare(case: Case, result: Result) -> list[Compared]:
    """Set all that is known of a case beside what was simulated.

    Moments that hang on something too rare for the draws (RARE) are left out.
    """
    rows: list[Compared] = []
    for figure in case.figures:
        if isinstance(figure, Chance):
            rows += _chances(figure, result)
        elif isinstance(figure, Quantiles):
            rows += _quantiles(figure, result)
        else:
            rows += _moments(figure, result)
    return rows


def worst(rows: Sequence[Compared]) -> Compared:
    """Return the row that stands furthest from what is known."""
    return max(rows, key=lambda row: abs(row.z))


def _moments(figure: Moment, result: Result) -> list[Compared]:
    holder = next(
        m[figure.key] for m in (result.lines, result.works, result.totals) if figure.key in m
    )
    moments = holder.moments[figure.flow]
    rows = []
    n = result.draws
    for step, known in figure.known.items():
        if known.fourth is not None and known.fourth * RARE > known.variance**2 * n:
            continue
        mean, variance = float(moments.mean[step]), float(moments.variance[step])
        name = f"{figure.key} {figure.flow}"
        error = math.sqrt(known.variance / n)
        rows.append(_row(f"{name}, mean", step, known.mean, mean, error))
        if known.fourth is not None:
            error = math.sqrt(max(known.fourth - known.variance**2 * (n - 3) / (n - 1), 0.0) / n)
            if known.variance == 0:  # rounding of the square, on the scale of the mean
                off = variance / (ROUNDING * max(known.mean**2, 1.0))
                rows.append(Compared(f"{name}, variance", step, 0.0, variance, 0.0, off))
            else:
                rows.append(_row(f"{name}, variance", step, known.variance, variance, error))
    return rows


def _row(what: str, step: int, known: float, found: float, error: float) -> Compared:
    apart = found - known
    scale = error if error > 0 else ROUNDING * max(abs(known), 1.0)
    return Compared(what, step, known, found, error, apart / scale)


def _chances(figure: Chance, result: Result) -> list[Compared]:
    line = result.lines[figure.key]
    found, what = (line.dry_by, "dry by") if figure.dry else (line.met, "met")
    n, rows = result.draws, []
    for step, chance in figure.known.items():
        chance = min(max(chance, 0.0), 1.0)
        share = float(found[step])
        count = round(share * n)
        low = float(stats.binom.cdf(count, n, chance))
        high = float(stats.binom.sf(count - 1, n, chance))
        z = float(stats.norm.isf(min(low, high, 0.5))) * (1 if high < low else -1)
        error = math.sqrt(chance * (1 - chance) / n)
        rows.append(Compared(f"{figure.key} {what}", step, chance, share, error, z))
    return rows


def _quantiles(figure: Quantiles, result: Result) -> list[Compared]:
    found = result.lines[figure.key].quantiles[figure.flow]
    rows = []
    for step, below in figure.below.items():
        for level, quantile in zip(result.levels, found[:, step], strict=True):
            chance = level / 100
            error = math.sqrt(chance * (1 - chance) / result.draws)
            name = f"{figure.key} {figure.flow}, chance below its {level:g} % quantile"
            rows.append(_row(name, step, chance, below(float(quantile)), error))
    return rows
