"""The forecast of one item for one recipient: distributions over time, and what cannot be said.

What is not known is left out and named in `caveats`; it never becomes zero. Quantities are in the
item's unit, those of flows per step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Band",
    "Caveat",
    "Expected",
    "Forecast",
    "Influence",
    "Measure",
    "Outlook",
    "Ratio",
    "RunDry",
    "Source",
    "StepName",
]

StepName = Literal["week", "month"]
Floats = NDArray[np.float64]


class Measure(StrEnum):
    """What a band tells of. All but stock, days of supply and what is needed are per step."""

    STOCK = "stock"
    """What the recipient holds at the end of the step."""
    DAYS_OF_SUPPLY = "days of supply"
    """How many days the stock at the end of the step lasts at the use that is wanted then."""
    ARRIVALS = "arrivals"
    OUTPUT = "output"
    """What the givers' works make, whoever gets it."""
    WANTED = "wanted"
    """What would be used up if there were enough."""
    USE = "use"
    """What is used up: never more than is there."""
    GAP = "gap"
    """What is wanted and not there."""
    NEEDED = "needed"
    """What must be on the shelves at the start for all that is wanted up to the step's end."""


@dataclass(frozen=True, slots=True)
class Band:
    """A distribution over steps: its mean and quantiles in per cent, each (steps,)."""

    mean: Floats
    p10: Floats
    p25: Floats
    p50: Floats
    p75: Floats
    p90: Floats


@dataclass(frozen=True, slots=True)
class RunDry:
    """When stock first falls short of what is wanted.

    `by` is the chance to have run dry by the end of each step (steps,); p10, p50 and p90 are first
    days of the steps by which it has, None where that chance is not reached within the horizon.
    """

    by: Floats
    p10: dt.date | None
    p50: dt.date | None
    p90: dt.date | None

    @property
    def never(self) -> float:
        """The chance that it does not run dry within the horizon."""
        return float(1.0 - self.by[-1])


@dataclass(frozen=True, slots=True)
class Ratio:
    """Use over output as of a day, with its band and the series that it rests on."""

    p10: float
    p50: float
    p90: float
    use: tuple[str, ...]
    output: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What a measure rests on: a series or a commitment by id, or an assumption in words.

    `kind` is "series", "commitment" or "assumption"; `says` tells it in a line.
    """

    kind: Literal["series", "commitment", "assumption"]
    says: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Caveat:
    """What cannot be said, or only with care: about what, why, and what would mend it."""

    about: str
    why: str
    mend: str = ""
    said: bool = False
    """Whether it is said all the same (a warning), rather than left out."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One open commitment: how much is outstanding, and the chance of its arriving.

    `low` and `high` bound what is outstanding, None where it is not known; `arrived` is the chance
    that a piece of it has arrived by now without a report, `by` that it will have arrived by the
    end of each step (steps,), `median` the day by which half of it is expected, if ever.
    """

    commitment: str
    donors: tuple[str, ...]
    item: str
    unit: str | None
    low: float | None
    high: float | None
    due: dt.date | None
    arrived: float
    by: Floats
    median: dt.date | None


@dataclass(frozen=True, slots=True)
class Influence:
    """How much of the variance of an answer one group of inputs explains (Sobol indices).

    `first` is its share alone, `total` with all its interactions, each with its standard error.
    """

    inputs: str
    first: float
    first_error: float
    total: float
    total_error: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast under one scenario.

    `bands` has only the measures that can be said, `sources` what each rests on. `met` is the
    chance that all that is wanted in a step is there (steps,), None where stock is not known.
    """

    scenario: str
    says: str
    bands: Mapping[Measure, Band]
    met: Floats | None = None
    run_dry: RunDry | None = None
    influences: Sequence[Influence] = ()
    influences_on: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of an item for a recipient, from a day on, under one or more scenarios.

    `days` are the first days of the steps and the day after the last (steps + 1). `ratio` is use
    over output today. `seed` and `draws` make it again.
    """

    id: str
    item: str
    item_name: str
    unit: str
    recipient: str
    as_of: dt.date
    until: dt.date
    step: StepName
    days: tuple[dt.date, ...]
    outlooks: Mapping[str, Outlook]
    sources: Mapping[Measure, tuple[Source, ...]]
    expected: tuple[Expected, ...] = ()
    ratio: Ratio | None = None
    caveats: tuple[Caveat, ...] = ()
    draws: int = 10_000
    seed: int = 1
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What was put in, as words: "opening stock" -> "300,000 (as you said)"."""

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.days) - 1
