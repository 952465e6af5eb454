"""A series: the points told of one thing, pooled into a level with a band at any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Caveat, Floats
from pledgebook.forecasting.series.disputes import disputes
from pledgebook.forecasting.series.levels import LevelFit, fit_level
from pledgebook.forecasting.series.point import Key, Nature, Point, SeriesMeasure
from pledgebook.forecasting.series.pooling import Telling, tellings_of
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.ledger.records import digest_id

__all__ = ["Levels", "Series"]

_TENTH = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Levels:
    """A level at some days: units for stock, units per day for all else. All arrays are (days,).

    The logarithm is normal with `log_median` and `log_sd`. Where `idle`, the newest word of the
    day is that there is none: the median and the 10 % point are zero, and the 90 % point says what
    it would be if it had begun again (zero where it was never told to be anything else).
    """

    days: tuple[dt.date, ...]
    log_median: Floats
    log_sd: Floats
    idle: NDArray[np.bool_]

    def quantile(self, share: float) -> Floats:
        """Return the level that is not exceeded with this chance, from above 0 to below 1."""
        from scipy.special import ndtri

        with np.errstate(invalid="ignore"):
            found = np.exp(self.log_median + float(ndtri(share)) * self.log_sd)
        found = np.where(np.isneginf(self.log_median), 0.0, found)
        if share < 0.9:
            found = np.where(self.idle, 0.0, found)
        return np.asarray(found, dtype=np.float64)

    @property
    def median(self) -> Floats:
        """The 50 % point."""
        return self.quantile(0.5)

    @property
    def p10(self) -> Floats:
        """The 10 % point."""
        return self.quantile(0.1)

    @property
    def p90(self) -> Floats:
        """The 90 % point."""
        return self.quantile(0.9)


@dataclass(frozen=True)
class Series:
    """All that was told of one thing. `points` come earliest first, `sources` are its voices."""

    key: Key
    points: tuple[Point, ...]
    settings: Settings

    @classmethod
    def of(cls, points: Iterable[Point], settings: Settings | None = None) -> Series:
        """Make the series of points that share a key, in any order."""
        ordered = tuple(sorted(points, key=lambda point: point.order))
        return cls(ordered[0].key, ordered, settings or load_settings())

    @cached_property
    def id(self) -> str:
        """A short name that stays the same whatever is told of it."""
        key = self.key
        parts = (key.item, key.measure.value, key.nature.value, key.unit, key.recipient)
        return digest_id("t", "series", *key.parties, *parts)

    @property
    def is_rate(self) -> bool:
        """Whether levels are per day."""
        return self.key.measure is not SeriesMeasure.STOCK

    @property
    def has_band(self) -> bool:
        """Whether it has a level with a band: targets have none."""
        return self.key.nature is not Nature.TARGET

    @property
    def statements(self) -> tuple[str, ...]:
        """The ids of all statements that it rests on, sorted."""
        return tuple(sorted({name for point in self.points for name in point.statements}))

    @property
    def sources(self) -> tuple[str, ...]:
        """The voices, sorted."""
        return tuple(sorted({point.source for point in self.points}))

    @property
    def newest(self) -> dt.date:
        """The last day that anything is told of."""
        return max(point.last for point in self.points)

    @cached_property
    def tellings(self) -> tuple[Telling, ...]:
        """One figure of one voice each, echoes put together, earliest first."""
        return tellings_of(self.points, self.settings)

    @cached_property
    def fit(self) -> LevelFit | None:
        """The level that the figures tell, None where all tell that there is none."""
        told = [telling for telling in self.tellings if not telling.is_zero]
        return fit_level(told, self.key.measure, self.settings) if told else None

    @cached_property
    def caveats(self) -> tuple[Caveat, ...]:
        """What is to be known before the level is used: one figure, disputes, nothing, parts."""
        if not self.has_band:
            return ()
        return (*self._thin(), *disputes(self.tellings, self.about, self.settings))

    @property
    def about(self) -> str:
        """What it is about, in words."""
        key = self.key
        to = f" to {key.recipient}" if key.recipient else ""
        kind = key.measure.value
        if key.nature.value != "actual":
            kind = f"{key.measure.value} ({key.nature.value})"
        return f"{kind} of {key.item} by {' and '.join(key.parties)}{to}"

    def at(self, days: Sequence[dt.date]) -> Levels:
        """Return the level at some days. Far from all tellings the band grows ever wider.

        Raises UsageError for targets: what is wanted is no level (see `has_band`).
        """
        if not self.has_band:
            mend = "Ask for what its targets are worth instead"
            raise UsageError(f"the {self.about} has no level", mend=mend)
        idle = np.array([self._is_idle(day) for day in days], dtype=bool)
        if self.fit is None:
            nothing = np.full(len(days), -np.inf)
            return Levels(tuple(days), nothing, np.zeros(len(days)), idle)
        mean, spread = self.fit.at(days)
        return Levels(tuple(days), mean, spread, idle)

    def _is_idle(self, day: dt.date) -> bool:
        """Tell whether the newest word at a day, or the first after it, is that there is none."""
        if not any(telling.is_zero for telling in self.tellings):
            return False
        ordinal = day.toordinal()
        before = [one for one in self.tellings if one.middle <= ordinal]
        nearest = before[-1].middle if before else self.tellings[0].middle
        # Where one says that there is none and another of the same day that there is, it is not.
        return all(one.is_zero for one in self.tellings if one.middle == nearest)

    def _thin(self) -> list[Caveat]:
        found = []
        told = [telling for telling in self.tellings if not telling.is_zero]
        if len(told) == 1:
            only = told[0]
            found.append(
                Caveat(
                    self.about,
                    f"it rests on one figure ({only.point.statements[0]}, {only.point.told}): its "
                    "spread is assumed, not seen",
                    "A second source would tell how far they part",
                    said=True,
                )
            )
        if len(told) < len(self.tellings):
            none = next(one for one in self.tellings if one.is_zero)
            found.append(
                Caveat(
                    self.about,
                    f"{none.point.statements[0]} tells that there was none; the level is zero from "
                    "then until something else is told, and whether it began again is not known",
                    said=True,
                )
            )
        return found
