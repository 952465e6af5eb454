"""What every part of compiling works with: the calendar, names, prices, faults and origins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.compiling.compiled import Kind, Origin
from pledgebook.planning.scenario.calendar import Calendar
from pledgebook.planning.scenario.faults import Faults, key_name
from pledgebook.planning.scenario.loading import ScenarioFile
from pledgebook.planning.scenario.names import KnownItem, Names
from pledgebook.planning.scenario.tables import Defaults, Scenario
from pledgebook.planning.scenario.values import OverTime, Per, month_name
from pledgebook.vocabulary.toml_places import Path, find_line

__all__ = ["Frame", "Key", "Origins", "calendar_of", "standard"]

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""A recipient and an item, by their keys."""

_ID = re.compile(r"\b[cst][0-9a-f]{20}\b|forecast:\S+")
_DATA = FilePath(__file__).parent.parent / "data" / "defaults.toml"


@cache
def standard() -> Defaults:
    """Return what holds where a scenario says nothing."""
    return Defaults.model_validate(tomllib.loads(_DATA.read_text(encoding="utf-8")))


def calendar_of(scenario: Scenario, faults: Faults) -> Calendar:
    """Return the calendar of a horizon. Raises ScenarioError where it has no steps."""
    told = scenario.horizon
    length = 1 if told.step == "month" else 3
    months = told.last - told.first + 1
    if months <= 0:
        what = f"the horizon is empty: it ends in {month_name(told.last)}, "
        what += f"before it begins in {month_name(told.first)}"
        faults.add("empty-horizon", ("horizon", "to"), what, "Give a later `to`")
    elif months % length:
        whole = told.last + length - months % length
        what = "the horizon does not end with a quarter"
        mend = f'End it in {month_name(whole)}, or write step = "month"'
        faults.add("horizon", ("horizon", "to"), what, mend)
    if months <= 0 or months % length:
        faults.stop()
    return Calendar(told.first, months, length, told.year_begins)


class Origins:
    """Notes for each part of a problem which keys of the file it comes from."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.found: dict[tuple[Kind, str], tuple[Origin, ...]] = {}

    def add(
        self,
        kind: Kind,
        name: str,
        path: Path,
        says: str = "",
        sources: Sequence[str] = (),
        *,
        source: str | None = None,
    ) -> None:
        """Note that a part of the problem stands at a path, or rests on it too.

        `source` is what the file itself names as its source: ids in it are opened by `why`.
        """
        if source is not None:
            says = f"{says}; {source}" if says else source
            sources = (*sources, *(one for one in _ID.findall(source) if one not in sources))
        path = self._faults.original(path)
        line = find_line(self._faults.lines, path)
        one = Origin(key_name(path), line, says, tuple(sources))
        self.found[kind, name] = (*self.found.get((kind, name), ()), one)


@dataclass(frozen=True, slots=True)
class Frame:
    """One scenario on its way to a problem."""

    scenario: Scenario
    calendar: Calendar
    names: Names
    faults: Faults
    origins: Origins

    @classmethod
    def of(cls, file: ScenarioFile, names: Names) -> Frame:
        """Return the frame of a file. Raises ScenarioError for an empty horizon."""
        calendar = calendar_of(file.scenario, file.faults)
        return cls(file.scenario, calendar, names, file.faults, Origins(file.faults))

    def default(self, name: str) -> Any:  # noqa: ANN401 - as the tables have it
        """Return a default: the scenario's, else the standard one."""
        own = getattr(self.scenario.defaults, name)
        return getattr(standard(), name) if own is None else own

    def rate(self, value: OverTime | None, per: Per, path: Path) -> Floats:
        """Return a rate as units a step (steps,); outside of all pieces there is none."""
        if value is None:
            return np.zeros(self.calendar.steps)
        return self.calendar.summed(np.nan_to_num(self._monthly(value, path)), per)

    def cap(self, value: OverTime | None, per: Per, path: Path) -> Floats:
        """Return the most of something a step (steps,): endless where nothing is said."""
        if value is None:
            return np.full(self.calendar.steps, np.inf)
        return self.rate(value, per, path)

    def level(self, value: OverTime, path: Path) -> Floats:
        """Return a figure that must be known in every step (steps,)."""
        monthly = self._monthly(value, path)
        gaps = np.flatnonzero(np.isnan(monthly))
        if len(gaps):
            what = f"no piece covers {month_name(self.calendar.first + int(gaps[0]))}"
            self.faults.add("gap", path, what, f"Cover all of {self.calendar}")
        return self.calendar.averaged(np.nan_to_num(monthly))

    def _monthly(self, value: OverTime, path: Path) -> Floats:
        """Return the figure of each month (months,), NaN where no piece covers it."""
        calendar = self.calendar
        if value.one is not None:
            return np.full(calendar.months, value.one)
        if value.each is not None:
            if len(value.each) != calendar.steps:
                what = f"the list has {len(value.each)} figures for {calendar.steps} steps"
                mend = "Give one a step, or pieces: {from, to, value}"
                self.faults.add("length", path, what, mend)
                return np.zeros(calendar.months)
            return np.repeat(np.array(value.each, float), calendar.length)
        found = np.full(calendar.months, np.nan)
        pieces = value.pieces or ()
        for at, piece in enumerate(pieces):
            here = (*path, at)
            first = calendar.first if piece.first is None else piece.first
            last = calendar.last if piece.last is None else min(piece.last, calendar.last)
            if first < calendar.first:
                what = f"{month_name(first)} lies before the horizon, "
                what += f"which begins in {month_name(calendar.first)}"
                self.faults.add("before-horizon", (*here, "from"), what, "Leave `from` out")
                first = calendar.first
            if first > calendar.last or last < calendar.first:
                what = f"the piece lies outside the horizon ({calendar}): it is not used"
                self.faults.add("outside", here, what, warning=True)
                continue
            span = slice(first - calendar.first, last - calendar.first + 1)
            if not np.isnan(found[span]).all():
                what = "it overlaps with a piece before it"
                self.faults.add("overlap", here, what, "Let each month lie in one piece")
            found[span] = piece.value
        return found

    def month(self, month: int | None, otherwise: int, path: Path) -> int:
        """Return the step of a month that must lie in the horizon."""
        if month is None:
            return otherwise
        if not self.calendar.first <= month <= self.calendar.last:
            what = f"{month_name(month)} lies outside the horizon ({self.calendar})"
            self.faults.add("outside", path, what, "Give a month within it, or leave it out")
            return otherwise
        return self.calendar.step_of(month)

    def price(self, item: KnownItem, path: Path) -> float:
        """Return the price of an item; a fault, and 0, where none is known."""
        found = self.known_price(item)
        if found is None and item.key not in self.names.unpriced:
            self.names.unpriced.add(item.key)
            tables = enumerate(self.scenario.item)
            path = next((("item", at) for at, one in tables if one.name == item.name), path)
            if self.faults.has((*path, "price")):
                return 0.0
            what = f"no price of {item.name} is known"
            mend = f'Add [[item]] with name = "{item.name}" and its price'
            self.faults.add("no-price", path, what, mend)
        return found or 0.0

    def known_price(self, item: KnownItem) -> float | None:
        """Return the price of an item: its own, else the mean of what its lines ask, if any do."""
        table = self.names.tables.get(item.key)
        if table is not None and table.price is not None:
            return table.price
        asked = [
            float(self.level(line.price, ("line", at, "price")).mean())
            for at, line in enumerate(self.scenario.line)
            if line.price is not None
            and (made := self.names.item(line.item, ("line", at, "item"))) is not None
            and self.names.is_kind_of(made, item)
        ]
        return sum(asked) / len(asked) if asked else None
