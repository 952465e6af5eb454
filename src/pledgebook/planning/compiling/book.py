"""Figures that a scenario takes from a book: stocks, use, and what open commitments will bring."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.coming import Coming, coming_of
from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.levels import Level, find_level
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.request import Request
from pledgebook.forecasting.series import Nature, SeriesMeasure
from pledgebook.forecasting.subject import Subject, subject_of, supply_of
from pledgebook.ledger.wording import commitment_line
from pledgebook.planning.scenario.calendar import Calendar
from pledgebook.planning.scenario.faults import Faults
from pledgebook.planning.scenario.names import KnownItem, KnownParty
from pledgebook.vocabulary.toml_places import Path

__all__ = ["BookFigures", "Lots", "Told"]

Floats = NDArray[np.float64]

_LATE_DAYS = 45


@dataclass(frozen=True, slots=True)
class TakenLevel:
    """A level from a book: its median and the sd of its logarithm, and what it rests on."""

    median: Floats
    log_sd: Floats
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lots:
    """An outstanding promise: `parts` lots of equal size, each arrived by a step's end (steps,).

    What is late for one lot is late for the others with the weight of `tie` (0: apart).
    """

    name: str
    size: Amount
    parts: int
    by: Floats
    tie: float = 0.0

    @property
    def mean(self) -> Floats:
        """What comes of it in each step on the mean, with the median of its size (steps,)."""
        return self.size.median * np.diff(self.by, prepend=0.0)


class BookFigures:
    """Asks a book, where there is one; what it cannot tell is a fault of the key that asks."""

    def __init__(self, told: Told | None, calendar: Calendar, faults: Faults) -> None:
        self._told = told
        self._calendar = calendar
        self._faults = faults

    def use(
        self, item: KnownItem, recipient: KnownParty, path: Path, *, required: bool
    ) -> TakenLevel | None:
        """Return what a recipient uses, or says it needs, in each step (steps,)."""
        nature = Nature.REQUIREMENT if required else Nature.ACTUAL
        found = self._level(item, recipient, SeriesMeasure.EXPENDITURE, nature, path)
        if found is None:
            return None
        level, sources = found
        days = self._calendar.month_days
        months = [
            level.amount(day + (end - day) / 2, float((end - day).days))
            for day, end in itertools.pairwise(days)
        ]
        each = self._calendar.length
        median = _rounded([one.median for one in months]).reshape(-1, each).sum(axis=1)
        # The months of a quarter move together.
        log_sd = np.array([one.log_sd for one in months]).reshape(-1, each).mean(axis=1)
        forecast = self._forecast(item, recipient, path)
        return TakenLevel(median, log_sd, _says(level), (*forecast, *sources))

    def held(self, item: KnownItem, holder: KnownParty, path: Path) -> TakenLevel | None:
        """Return what a party holds when the plan begins, as one figure (1,)."""
        found = self._level(item, holder, SeriesMeasure.STOCK, Nature.ACTUAL, path)
        if found is None:
            return None
        level, sources = found
        at = level.amount(self._calendar.days[0])
        return TakenLevel(_rounded([at.median]), np.array([at.log_sd]), _says(level), sources)

    def coming(
        self, item: KnownItem, recipient: KnownParty, path: Path
    ) -> tuple[list[Lots], list[str], tuple[str, ...]] | None:
        """Return what open commitments will bring, each in words, and the ids that it rests on."""
        told = self._asked(path)
        subject = self._subject(item, recipient, path)
        if told is None or subject is None:
            return None
        supply = supply_of(subject, told.ledger.commitments, told.catalogue, commitment_line)
        as_of = told.book.as_of
        found = coming_of(supply, told.model, told.spells, as_of, self._calendar.days)
        self._caution(supply.caveats, path)
        named = {one.id: commitment_line(one) for one in supply.open}
        lots = [
            Lots(
                one.expected.commitment,
                one.size,
                one.parts,
                one.by,
                one.tie.weight if one.tie else 0.0,
            )
            for one in found
        ]
        says = [_chance(one, named[one.expected.commitment]) for one in found]
        forecast = self._forecast(item, recipient, path)
        return lots, says, (*forecast, *(one.name for one in lots))

    def _level(
        self,
        item: KnownItem,
        party: KnownParty,
        measure: SeriesMeasure,
        nature: Nature,
        path: Path,
    ) -> tuple[Level, tuple[str, ...]] | None:
        told = self._asked(path)
        subject = self._subject(item, party, path)
        if told is None or subject is None:
            return None
        level, lacking = find_level(told.book, subject, measure, nature, told.book.as_of)
        if level is None:
            why = "; ".join(one.why for one in lacking)
            self._faults.add("not-told", path, why, 'Write a number in place of "book"')
            return None
        self._caution(level.caveats, path)
        return level, tuple(one.id for one in level.sources if one.id)

    def _asked(self, path: Path) -> Told | None:
        told = self._told
        if told is None:
            what = 'it is to come "from the book", and no book is given'
            self._faults.add("no-book", path, what, "Give one with --db, or write a number")
            return None
        begins, as_of = self._calendar.days[0], told.book.as_of
        if (begins - as_of).days > _LATE_DAYS:
            what = f"the book tells of {as_of}, {(begins - as_of).days} days before the plan begins"
            self._faults.add(
                "book-day", path, what, "What happens in between is left out", warning=True
            )
        elif (as_of - begins).days > _LATE_DAYS:
            what = f"the book tells of {as_of}, {(as_of - begins).days} days after the plan begins"
            self._faults.add("book-day", path, what, "Open it as of an earlier day", warning=True)
        return told

    def _subject(self, item: KnownItem, party: KnownParty, path: Path) -> Subject | None:
        told = self._told
        if told is None:
            return None
        if item.code is None or party.code is None:
            name = item.name if item.code is None else party.name
            what = f"{name} is a name of the scenario's own: the book cannot tell of it"
            self._faults.add("not-told", path, what, 'Write a number in place of "book"')
            return None
        known = told.ledger.commitments
        try:
            return subject_of(
                item.code, party.code, known, [*told.ledger.entries.values()], told.catalogue
            )
        except NotFoundError as error:
            self._faults.add("not-told", path, error.what, error.mend)
            return None

    def _forecast(self, item: KnownItem, recipient: KnownParty, path: Path) -> tuple[str, ...]:
        """Return the id of the forecast that a figure belongs to."""
        told = self._told
        if told is None or item.code is None or recipient.code is None:
            return ()
        until = self._calendar.days[-1] - dt.timedelta(days=1)
        try:
            request = Request(item.code, recipient.code, told.book.as_of, until)
        except UsageError as error:
            self._faults.add("book-day", path, error.what, "Open the book as of an earlier day")
            return ()
        return (request.id,)

    def _caution(self, caveats: Sequence[Caveat], path: Path) -> None:
        for one in caveats:
            what = f"{one.about}: {one.why}"
            self._faults.add("caveat", path, what, one.mend or None, warning=True)


def _rounded(values: Sequence[float]) -> Floats:
    """Return figures without what logarithms left behind the twelfth digit."""
    return np.array([float(f"{value:.12g}") for value in values])


def _says(level: Level) -> str:
    return "; ".join(one.says for one in level.sources)


def _chance(one: Coming, named: str) -> str:
    return f"{named}: {one.by[-1]:.0%} to arrive within the horizon"
