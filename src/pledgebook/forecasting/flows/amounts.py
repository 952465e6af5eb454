"""What is not known for sure: amounts drawn once a draw, and noise drawn anew in every step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from pledgebook.errors import UsageError

__all__ = ["Amount", "Law", "Noise", "Size", "Tie"]

Z90 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Tie:
    """Ties what is drawn to all that is tied to the same name.

    The normal scores of two things tied by weights v and w have the correlation v * w (a Gaussian
    copula): 1 moves them together, 0 leaves them apart. A tie never changes the distribution of
    one of them by itself.
    """

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount drawn once a draw: lognormal, by its median and the sd of its logarithm.

    A `log_sd` of 0 is an exact amount. Outside `low` and `high` the distribution is cut off and
    what is left is drawn from: nothing is piled up at the bounds.
    """

    median: float
    log_sd: float = 0.0
    low: float = 0.0
    high: float = math.inf
    tie: Tie | None = None

    @classmethod
    def of_mean(cls, mean: float, cv: float, *, tie: Tie | None = None) -> Amount:
        """Return the lognormal amount of this mean and coefficient of variation (sd / mean)."""
        spread = math.log1p(cv * cv)
        return cls(mean * math.exp(-spread / 2), math.sqrt(spread), tie=tie)

    @classmethod
    def between(cls, p10: float, p90: float, *, tie: Tie | None = None) -> Amount:
        """Return the lognormal amount with these 10 % and 90 % quantiles, both above zero."""
        if not 0 < p10 <= p90:
            raise UsageError(
                f"an amount between {p10} and {p90} is no distribution",
                mend="give two amounts above zero, the lower first",
            )
        return cls(math.sqrt(p10 * p90), math.log(p90 / p10) / (2 * Z90), tie=tie)

    @property
    def exact(self) -> bool:
        """Whether it is the same in every draw."""
        return self.log_sd == 0 or self.median == 0


Size = Amount | float
"""An amount, or a plain number where it is exact."""


@dataclass(frozen=True, slots=True)
class Law:
    """A discrete distribution: values, and the chance of each (None: all alike)."""

    values: Sequence[float]
    chances: Sequence[float] | None = None

    @property
    def weights(self) -> tuple[float, ...]:
        """The chance of each value, summing to 1."""
        if self.chances is None:
            return (1 / len(self.values),) * len(self.values)
        total = math.fsum(self.chances)
        return tuple(chance / total for chance in self.chances)

    @property
    def mean(self) -> float:
        """Its mean."""
        return math.fsum(w * v for w, v in zip(self.weights, self.values, strict=True))

    @property
    def variance(self) -> float:
        """Its variance."""
        mean = self.mean
        return math.fsum(
            w * (v - mean) ** 2 for w, v in zip(self.weights, self.values, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Noise:
    """A fresh draw in every cell (draw, step, line) around the use that is wanted on the average.

    Either a `factor` times the average, with mean 1 (else it moves the average), or a count: as
    many demands as Poisson gives for average / mean size, each of a `size` of its own. All the
    constructors keep the mean. Make one with `lognormal`, `gamma`, `poisson` or `compound`.
    """

    factor: Law | None = None
    size: Law | None = None

    @classmethod
    def lognormal(cls, cv: float) -> Noise:
        """Return a lognormal factor with this coefficient of variation (sd / mean, above 0)."""
        from pledgebook.forecasting.flows.tables import lognormal_atoms

        return cls(factor=Law(lognormal_atoms(_spread(cv))))

    @classmethod
    def gamma(cls, cv: float) -> Noise:
        """Return a gamma factor with this coefficient of variation (sd / mean, above 0)."""
        from pledgebook.forecasting.flows.tables import gamma_atoms

        return cls(factor=Law(gamma_atoms(_spread(cv))))

    @classmethod
    def poisson(cls, size: float = 1.0) -> Noise:
        """Return Poisson demand in whole multiples of `size`."""
        return cls(size=Law((size,)))

    @classmethod
    def compound(cls, size: Law) -> Noise:
        """Return compound Poisson demand: each of the demands has a size drawn from the law."""
        return cls(size=size)


def _spread(cv: float) -> float:
    if not 0 < cv < math.inf:
        raise UsageError(
            f"{cv} is no coefficient of variation",
            where="noise",
            mend="give a number above zero, or leave the noise out",
        )
    return float(cv)
