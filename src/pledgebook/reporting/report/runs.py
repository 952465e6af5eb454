"""References to notes as a reader follows them: numbers, and runs of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pledgebook.reporting.report.model import Reference

__all__ = ["Run", "Runs", "runs_of"]


@dataclass(frozen=True, slots=True)
class Run:
    """Notes that follow each other: the first of them, and "12" or "12–15"."""

    first: int
    last: int

    @property
    def text(self) -> str:
        """What stands in the page."""
        if self.first == self.last:
            return str(self.first)
        between = "–" if self.last > self.first + 1 else ", "
        return f"{self.first}{between}{self.last}"


@dataclass(frozen=True, slots=True)
class Runs:
    """The notes of some references, and how many of the references have none."""

    runs: tuple[Run, ...]
    left: int


def runs_of(names: Iterable[Reference], numbers: Mapping[Reference, int]) -> Runs:
    """Return references as runs of notes, in the order of the notes."""
    wanted = dict.fromkeys(names)
    known = sorted({numbers[name] for name in wanted if name in numbers})
    runs: list[Run] = []
    for number in known:
        if runs and runs[-1].last == number - 1:
            runs[-1] = Run(runs[-1].first, number)
        else:
            runs.append(Run(number, number))
    return Runs(tuple(runs), sum(name not in numbers for name in wanted))
