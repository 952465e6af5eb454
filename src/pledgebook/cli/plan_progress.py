"""How a search for a plan goes, on standard error: seconds, bound, best plan and gap."""

from __future__ import annotations

import contextlib
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledgebook.cli.terminal import console

if TYPE_CHECKING:
    from rich.status import Status

    from pledgebook.planning.solving.highs import Progress

__all__ = ["PlanProgress", "plan_progress"]

_BETWEEN = 5.0
"""Seconds between two lines where nobody watches a terminal."""


@dataclass(slots=True)
class PlanProgress:
    """Tells how a search goes: on a terminal in one line that changes, else a line now and then."""

    status: Status | None = None
    _began: float = field(default_factory=time.monotonic)
    _told: float = field(default_factory=time.monotonic)
    _stage: str = ""

    def begin(self, stage: str) -> None:
        """Hear what is being done."""
        self._stage = stage
        if self.status is not None:
            self.status.update(f"{stage} …")

    def hear(self, progress: Progress) -> None:
        """Hear how far it is."""
        line = f"{self._stage}: {progress_line(progress, time.monotonic() - self._began)}"
        if self.status is not None:
            self.status.update(f"{line} (Ctrl-C: take the best so far)")
        elif time.monotonic() - self._told >= _BETWEEN:
            self._told = time.monotonic()
            console(err=True).print(line, style="dim", soft_wrap=True)


def progress_line(progress: Progress, seconds: float) -> str:
    """Return "12 s, bound 954,000, best 960,000, gap 0.7 %"; what is not there yet is left out."""
    parts = [f"{seconds:.0f} s"]
    if math.isfinite(progress.bound):
        parts.append(f"bound {progress.bound:,.6g}")
    if math.isfinite(progress.incumbent):
        parts.append(f"best {progress.incumbent:,.6g}")
    if math.isfinite(progress.gap):
        parts.append(f"gap {progress.gap:.2%}".replace("%", " %"))
    return ", ".join(parts)


@contextlib.contextmanager
def plan_progress() -> Iterator[PlanProgress]:
    """Show progress while a plan is looked for."""
    if not sys.stderr.isatty():
        yield PlanProgress()
        return
    with console(err=True).status("reading the scenario …", spinner="dots") as status:
        yield PlanProgress(status)
