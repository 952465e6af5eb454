"""What a text may hold: words beside each other, the last of them perhaps only begun.

The index holds some words a second time, with a mark: those of a title, and those that a text has
several times. They tell how well a text fits, without a count that each engine would take its own
way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

__all__ = ["GAP", "OFTEN", "REPEATED", "TITLE", "Pattern", "Run"]

TITLE, REPEATED, GAP = "\ue001", "\ue002", "\ue000"
"""Marks of private use, which stand in no word; the gap keeps phrases from crossing it."""

OFTEN = 3
"""So many times a text has a word that is marked as repeated."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words beside each other; with `begun`, the last is the beginning of a word."""

    words: tuple[str, ...]
    begun: bool = False

    def starts(self, words: Sequence[str], at: int) -> bool:
        """Tell whether it stands at a place in a list of words."""
        last = len(self.words) - 1
        if at + last >= len(words):
            return False
        if any(words[at + number] != self.words[number] for number in range(last)):
            return False
        end = words[at + last]
        return end.startswith(self.words[last]) if self.begun else end == self.words[last]

    def within(self, words: Sequence[str]) -> bool:
        """Tell whether it stands anywhere in a list of words."""
        return any(self.starts(words, at) for at in range(len(words)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of several runs, whichever it is."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Return the pattern of these words beside each other."""
        return cls((Run(tuple(words)),) if words else ())

    def within(self, words: Sequence[str]) -> bool:
        """Tell whether one of the runs stands in a list of words."""
        return any(run.within(words) for run in self.runs)

    @property
    def repeatable(self) -> Pattern:
        """The single words of it, which alone are marked where they are repeated."""
        return Pattern(tuple(run for run in self.runs if len(run.words) == 1))

    def for_sqlite(self, mark: str = "") -> str:
        """Return it as FTS5 asks for it. Words hold neither quotes nor spaces."""
        return " OR ".join(
            f'"{" ".join(mark + word for word in run.words)}"{" *" if run.begun else ""}'
            for run in self.runs
        )

    def for_postgresql(self, mark: str = "") -> str:
        """Return it as a tsquery."""
        return " | ".join(
            "("
            + " <-> ".join(f"'{mark}{word}'" for word in run.words)
            + (":*" if run.begun else "")
            + ")"
            for run in self.runs
        )
