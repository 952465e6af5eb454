"""A scenario made ready: the problem in plain figures, and what its names and steps stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pledgebook.planning.problem import Problem

__all__ = ["Compiled", "Kind", "Origin", "StepName"]

StepName = Literal["month", "quarter"]
Kind = Literal[
    "stock", "need", "shelf", "line", "contract", "expansion", "restart", "budget", "transport"
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of the problem comes from: a key of the file, and what that rests on.

    `key` is the key as TOML writes it ("need[0].amount", "line.Rheinmetall"), `line` its line in
    the file, from 1. `says` tells in words what stands there or what the book told in its place;
    `sources` are ids that `why` opens: of series (t...), commitments (c...) and forecasts
    (forecast:...).
    """

    key: str
    line: int | None = None
    says: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A problem, and all that it takes to tell of it in words.

    `days` are the first days of the steps and the day after the last (steps + 1); `years` names
    the budget years. `units` gives the unit of each item, `labels` the words for names of the
    problem that do not read well as they are (items, recipients, donors, stocks, needs, shelves,
    lines, expansions, contracts): a name without a label is shown as it is. `origins` leads each
    part back to the file, by kind and name.
    """

    problem: Problem
    file: str
    title: str
    days: tuple[dt.date, ...]
    step: StepName = "month"
    years: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[tuple[Kind, str], tuple[Origin, ...]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    """What a reader must know of how the scenario was filled in, a sentence each."""

    def label(self, name: str) -> str:
        """Return what a name of the problem stands for, in words."""
        return self.labels.get(name, name)

    def year(self, number: int) -> str:
        """Return the name of a budget year: "2024", "2024/25"."""
        return self.years[number] if number < len(self.years) else f"year {number + 1}"
