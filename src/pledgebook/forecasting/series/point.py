"""A point: one level or rate that was told, as far as it can be laid beside others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pledgebook.errors import UsageError
from pledgebook.vocabulary.statement import Category

__all__ = ["Hedge", "Key", "Nature", "Point", "SeriesMeasure"]


class SeriesMeasure(StrEnum):
    """What a series tells of."""

    STOCK = "stock"
    """What a party holds, in units."""
    PRODUCTION = "production"
    """What is made, per day."""
    EXPENDITURE = "expenditure"
    """What is used up, per day."""
    DELIVERED = "delivered"
    """What is handed over, per day, by totals that the sources give."""


class Nature(StrEnum):
    """What sort of figure it is: these are never pooled with each other."""

    ACTUAL = "actual"
    CAPACITY = "capacity"
    TARGET = "target"
    REQUIREMENT = "requirement"


class Hedge(StrEnum):
    """How surely a figure is told."""

    PLAIN = "plain"
    APPROX = "approx"
    ESTIMATE = "estimate"
    CLAIM = "claim"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a series is about: whose, what, how measured. Joint parties are a party of their own.

    `item` is an id of the catalogue, a category, or `category/words` for a designation that the
    catalogue does not have. `recipient` is "" but for what is delivered. `unit` is `part` for
    bodies and casings, which are no rounds.
    """

    parties: tuple[str, ...]
    item: str
    measure: SeriesMeasure
    nature: Nature
    unit: str
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One level, as one statement tells it (or two running totals, between them).

    `low` and `high` are units for stock, units per day for everything else; None is an open end.
    `first` and `last` are the days that it speaks of. `told` is the day it was published; `source`
    names the voice: the speaker, else the outlet, else the document. `says` are the words as given.
    A target has `due`, the last day of the period that is named for it, where one is, and
    `aims_at`: whether it is output or capacity that is to be reached. `complete` is true where the
    words say that complete rounds are meant, false where they do not say.
    """

    key: Key
    category: Category
    low: float | None
    high: float | None
    first: dt.date
    last: dt.date
    told: dt.date
    source: str
    speaker: str | None
    document: str
    statements: tuple[str, ...]
    says: str
    hedge: Hedge = Hedge.PLAIN
    complete: bool = False
    due: dt.date | None = None
    aims_at: Nature = Nature.ACTUAL

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise UsageError(f"{self._where}: a point needs a low or a high end")
        if any(end is not None and end < 0 for end in (self.low, self.high)):
            raise UsageError(f"{self._where}: no level or rate is below zero")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise UsageError(f"{self._where}: the interval is upside down")
        if self.first > self.last:
            raise UsageError(f"{self._where}: the span ends before it begins")

    @property
    def _where(self) -> str:
        return f"the point of {', '.join(self.statements)}"

    @property
    def is_zero(self) -> bool:
        """Whether it tells that there is none at all."""
        return self.high == 0

    @property
    def middle(self) -> dt.date:
        """The middle day of the span."""
        return self.first + (self.last - self.first) / 2

    @property
    def order(self) -> tuple[dt.date, dt.date, dt.date, tuple[str, ...]]:
        """A total order that depends on nothing but the point: earliest first."""
        return self.middle, self.first, self.told, self.statements
