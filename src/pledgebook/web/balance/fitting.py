"""How promises are kept, fitted beside the pages: many of them in a process of its own.

Of tens of thousands of promises the fit takes a minute of a processor's time. In a thread of the
server it would take that from every page; a process that gives way to all others takes it from
none.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from pledgebook.forecasting.fulfilment import FulfilmentModel, SpellSet

__all__ = ["Fitter"]

_MANY = 2_000
"""Of so many promises the fit takes seconds."""
_GIVES_WAY = 15
"""How far the process stands back behind others, as `nice` counts."""


class Fitter:
    """Fits, one after another; `many` is from how many promises a process is worth its start."""

    def __init__(self, many: int = _MANY) -> None:
        self._many = many
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._stopped = False

    def fit(self, spells: SpellSet, as_of: dt.date) -> FulfilmentModel:
        """Return the model of what was known on a day."""
        from pledgebook.forecasting.fulfilment import fit

        if len(spells) < self._many:
            return fit(spells, as_of)
        with self._lock:
            if self._pool is None and not self._stopped:
                # Not forked: this process has threads, which may hold locks.
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, context, initializer=_stand_back)
            pool = self._pool
        if pool is not None:
            try:
                return pool.submit(fit, spells, as_of).result()
            except BrokenProcessPool:
                # It was ended, for want of memory for instance: the next one begins anew.
                with self._lock:
                    self._pool = None
        return fit(spells, as_of)

    def stop(self) -> None:
        """End the process, whatever it is at."""
        with self._lock:
            pool, self._pool, self._stopped = self._pool, None, True
        if pool is None:
            return
        running = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.kill()


def _stand_back() -> None:
    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
