"""Polls side by side, in one thread: while one waits for its host, another goes on."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable

from pledgebook.documents.feeds.addresses import host_of
from pledgebook.ledger.feeds.polling import Polling
from pledgebook.ledger.feeds.watched import PollReport, WatchedFeed
from pledgebook.ledger.store import Clock

__all__ = ["Round"]

_AT_ONCE = 8


class Round:
    """Polls that are under way, each with the instant at which it goes on."""

    def __init__(self, start: Callable[[WatchedFeed], Polling], clock: Clock) -> None:
        self._start = start
        self._clock = clock
        self._heap: list[tuple[dt.datetime, int, str, Polling]] = []
        self._hosts: dict[str, str] = {}
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether any poll is under way."""
        return bool(self._heap)

    def add_from(self, feeds: Iterable[WatchedFeed]) -> set[str]:
        """Begin polls of some feeds, eight at a time and one a host; return the ids of those."""
        begun: set[str] = set()
        for feed in feeds:
            if len(self._heap) >= _AT_ONCE:
                break
            if host_of(feed.url) not in self._hosts.values() and feed.id not in self._hosts:
                self._hosts[feed.id] = host_of(feed.url)
                self._push(self._clock(), feed.id, self._start(feed))
                begun.add(feed.id)
        return begun

    def wait(self) -> float:
        """Return the seconds until the first poll goes on."""
        return (self._heap[0][0] - self._clock()).total_seconds()

    def step(self) -> PollReport | None:
        """Let the first poll go on until it waits; return its report where it is done."""
        _, _, name, polling = heapq.heappop(self._heap)
        try:
            wait = next(polling)
        except StopIteration as done:
            self._hosts.pop(name, None)
            report: PollReport = done.value
            return report
        except BaseException:
            self._hosts.pop(name, None)
            raise
        self._push(self._clock() + dt.timedelta(seconds=wait), name, polling)
        return None

    def _push(self, at: dt.datetime, name: str, polling: Polling) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, name, polling))

    def close(self) -> None:
        """Leave off: each feed is given back, and what it had not done waits for another poll."""
        for _, _, _, polling in self._heap:
            polling.close()
        self._heap.clear()
        self._hosts.clear()
