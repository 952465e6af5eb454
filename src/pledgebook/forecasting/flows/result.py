"""What came out of a simulation: means, variances, chances and quantiles over steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVELS", "Balance", "Flow", "LineResult", "Moments", "Result", "TotalResult"]

Floats = NDArray[np.float64]

LEVELS = (10.0, 25.0, 50.0, 75.0, 90.0)
"""The quantiles that are kept, in per cent."""


class Flow(StrEnum):
    """What is measured of a line, a works or a total, for each step."""

    STOCK = "stock"
    """What is there at the end of the step."""
    ARRIVALS = "arrivals"
    """What came in, from all sides."""
    WANTED = "wanted"
    """What would be used if there were enough; what is owed from before is not in it."""
    USE = "use"
    GAP = "gap"
    """What is wanted and not there; with backorders, what is owed at the end of the step."""
    OUTPUT = "output"
    """What a works made, whoever gets it."""
    COST = "cost"
    """What the step's orders cost."""
    NEEDED = "needed"
    """The opening stock that would have covered all that was wanted up to the end of the step: the
    highest that what was wanted so far has stood above what had arrived."""
    DAYS = "days of supply"
    """How long the stock at the end of the step lasts at the average use of the step, in days;
    infinite where nothing is wanted."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance over the draws, each (steps,); the variance is that of the sample."""

    mean: Floats
    variance: Floats
    draws: int

    @property
    def error(self) -> Floats:
        """The standard error of the mean (steps,)."""
        return np.sqrt(self.variance / self.draws)


@dataclass(frozen=True, slots=True)
class Balance:
    """Where everything came from and went to, over the whole horizon, each (draws,).

    For a line, opening + arrived = used + expired + given + closing. What set out for it from lots,
    works, handovers and orders is what arrived, was lost or is still under way: sent = arrived +
    lost + under_way. `wanted` - `used` is what was missed; `run_dry` is the first step with a gap,
    or the number of steps where there is none.
    """

    opening: Floats
    arrived: Floats
    used: Floats
    expired: Floats
    given: Floats
    closing: Floats
    sent: Floats
    lost: Floats
    under_way: Floats
    wanted: Floats
    cost: Floats
    run_dry: Floats

    @property
    def missed(self) -> Floats:
        """What was wanted and not used over the whole horizon (draws,)."""
        return self.wanted - self.used


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line. `quantiles` has (levels, steps) for each flow, where they were asked for.

    `met` is the chance that all that is wanted at a step is there, `dry_by` the chance that there
    was a gap by the end of the step, each (steps,).
    """

    key: str
    moments: Mapping[Flow, Moments]
    met: Floats
    dry_by: Floats
    quantiles: Mapping[Flow, Floats]
    balance: Balance | None = None


@dataclass(frozen=True, slots=True)
class TotalResult:
    """A works (its output) or a total of lines or works.

    `made` and `remainder` of a works are what it made and what went to no customer, each (draws,),
    where its balance was asked for.
    """

    key: str
    moments: Mapping[Flow, Moments]
    quantiles: Mapping[Flow, Floats]
    made: Floats | None = None
    remainder: Floats | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, by key. The same system, draws, seed and swap give the same, bit for bit."""

    steps: int
    draws: int
    seed: int
    lines: Mapping[str, LineResult]
    works: Mapping[str, TotalResult]
    totals: Mapping[str, TotalResult]

    levels: tuple[float, ...] = LEVELS
