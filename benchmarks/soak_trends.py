"""Whether a series of measurements stays where it is: a robust slope, and a plain verdict.

The slope is the median of the slopes between all pairs (Theil and Sen): a few slow answers do not
move it. Flat means that it does not rise by more than a share of its level in an hour, or that no
rise is shown: the interval of 95 % begins at or below nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import theilslopes

__all__ = ["Trend", "trend"]

_FEWEST = 5


@dataclass(frozen=True, slots=True)
class Trend:
    """How a series goes: its level, and its rise in an hour with the interval of 95 %.

    All three of the rise are in the unit of the level.
    """

    level: float
    rise: float
    low: float
    high: float
    allowed: float

    @property
    def flat(self) -> bool:
        """Whether it rises by no more than is allowed, or no rise is shown."""
        return self.rise <= self.allowed * self.level or self.low <= 0

    def told(self, unit: str, digits: int = 1) -> str:
        """Say it in words."""
        verdict = "flat" if self.flat else "RISES"
        return (
            f"{verdict}: {self.rise:+.{digits}f} {unit} an hour (95 %: {self.low:+.{digits}f} to "
            f"{self.high:+.{digits}f}), at a level of {self.level:.{digits}f} {unit}"
        )


def trend(points: Sequence[tuple[float, float]], *, allowed: float) -> Trend | None:
    """Return the trend of (seconds, value) points; None where there are too few of them.

    `allowed` is the share of its level that a flat series may rise by in an hour.
    """
    if len(points) < _FEWEST:
        return None
    hours, values = [at / 3600 for at, _ in points], [value for _, value in points]
    found = theilslopes(values, hours, alpha=0.95)
    return Trend(
        level=statistics.median(values),
        rise=float(found.slope),
        low=float(found.low_slope),
        high=float(found.high_slope),
        allowed=allowed,
    )
