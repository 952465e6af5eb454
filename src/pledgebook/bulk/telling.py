"""Telling how far a bulk reading is: rate, estimate, problems so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from pledgebook.bulk.report import BulkProgress, Stage
from pledgebook.errors import Problem

__all__ = ["Teller"]

_MOST_PROBLEMS = 20


class Teller:
    """Counts, and tells whoever wants to know after each piece of work."""

    def __init__(
        self, progress: Callable[[BulkProgress], None] | None, dashboard: str | None
    ) -> None:
        self._progress = progress
        self._dashboard = dashboard
        self._began = time.monotonic()
        self._stage: Stage = "slicing"
        self._stage_began = self._began
        self._done = self._total = 0
        self._documents = self._statements = self._problems = 0
        self.problems: list[Problem] = []
        """The first problems; many more are in the table only."""

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def stage(self, stage: Stage, total: int) -> None:
        """Begin a stage of so many pieces of work."""
        self._stage, self._total, self._done = stage, total, 0
        self._stage_began = time.monotonic()
        if stage != "done":
            self._documents = 0
        self._say()

    def problem(self, problem: Problem) -> None:
        """Count a problem that is in no table."""
        self._hear(1, [problem])
        self._say()

    def advance(
        self,
        documents: int = 0,
        statements: int = 0,
        problems: int = 0,
        told: Iterable[Problem] = (),
    ) -> None:
        """Count a piece of work that is done."""
        self._done += 1
        self._documents += documents
        self._statements += statements
        self._hear(problems, told)
        self._say()

    def _hear(self, count: int, told: Iterable[Problem]) -> None:
        self._problems += count
        self.problems += list(told)[: _MOST_PROBLEMS - len(self.problems)]

    def _say(self) -> None:
        if self._progress is None:
            return
        elapsed = time.monotonic() - self._stage_began
        left = rate = None
        if self._done and elapsed > 0:
            rate = self._documents / elapsed if self._documents else None
            left = elapsed / self._done * (self._total - self._done)
        self._progress(
            BulkProgress(
                stage=self._stage,
                done=self._done,
                total=self._total,
                documents=self._documents,
                statements=self._statements,
                problems=self._problems,
                seconds=self.seconds,
                rate=rate,
                seconds_left=left,
                dashboard=self._dashboard,
            )
        )
