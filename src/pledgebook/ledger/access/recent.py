"""What was looked up a moment ago: a small cache that forgets in seconds."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Recent"]

T = TypeVar("T")
_MOST = 10_000


class Recent(Generic[T]):
    """Values by key, each for at most `seconds`; the oldest go first when there are too many."""

    def __init__(self, seconds: float, most: int = _MOST) -> None:
        self._span = dt.timedelta(seconds=seconds)
        self._most = most
        self._held: OrderedDict[str, tuple[dt.datetime, T]] = OrderedDict()
        self._lock = threading.Lock()
        self._round = 0

    @property
    def round(self) -> int:
        """A number that grows whenever something is forgotten; see `keep`."""
        return self._round

    def find(self, key: str, now: dt.datetime) -> T | None:
        """Return a value that is still fresh, or None."""
        with self._lock:
            held = self._held.get(key)
        # A clock that was set back makes nothing live longer.
        if held is None or not dt.timedelta() <= now - held[0] < self._span:
            return None
        return held[1]

    def keep(self, key: str, value: T, now: dt.datetime, looked_up_in: int) -> None:
        """Keep a value, unless something was forgotten since it was looked up in that round."""
        with self._lock:
            if looked_up_in != self._round:
                return
            self._held[key] = (now, value)
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)

    def forget(self, which: Callable[[str, T], bool] | None = None) -> None:
        """Forget those that a test names, or all."""
        with self._lock:
            self._round += 1
            if which is None:
                self._held.clear()
                return
            for key in [key for key, (_, value) in self._held.items() if which(key, value)]:
                del self._held[key]
