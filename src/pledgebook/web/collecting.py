"""Look for garbage in a server that holds millions of objects, without stopping its readers.

A full search for unreachable cycles goes through every object that may take part in one, and
nothing else runs meanwhile: a quarter of a second for a big book, every ten or twenty seconds, to
find some thousand. What a search has found alive is therefore left out of the next ones. That
bears a cost: a cycle that dies later stays. So everything is searched again when what was left
out has grown by half.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Collecting"]

_YOUNG, _MIDDLE, _OLD = 10_000, 20, 10
"""Objects made before a search among the young; searches of one age before one of the next."""
_GROWN = 1.5
_COUNTED_EVERY = 600.0
"""Seconds between countings: one takes some fifty milliseconds where millions were left out."""
_OLDEST = 2


class Collecting:
    """Leaves what a full search found alive out of later ones, until that has grown by half."""

    def __init__(
        self, *, every: float = _COUNTED_EVERY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every, self._clock = every, clock
        self._counted, self._left_out = clock(), 0
        self._whole = True
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """Have searches of this process go this way from now on."""
        self._before = gc.get_threshold()
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
        gc.callbacks.append(self._searched)

    def end(self) -> None:
        """Have them go as they did before, among all objects."""
        gc.callbacks.remove(self._searched)
        gc.unfreeze()
        if self._before is not None:
            gc.set_threshold(*self._before)

    def _searched(self, phase: str, found: Mapping[str, Any]) -> None:
        if found["generation"] != _OLDEST:
            return
        if phase == "start":
            self._before_search()
        else:
            gc.freeze()
            if self._whole:
                self._left_out, self._whole = gc.get_freeze_count(), False

    def _before_search(self) -> None:
        now = self._clock()
        if self._whole or now - self._counted < self._every:
            return
        self._counted = now
        if gc.get_freeze_count() > _GROWN * self._left_out:
            gc.unfreeze()
            self._whole = True
