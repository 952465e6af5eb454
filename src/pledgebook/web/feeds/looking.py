"""Looks at single feeds that a person asked for: one after the other, beside the requests."""

from __future__ import annotations

import contextvars
import datetime as dt
import logging
import queue
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from pledgebook.book import Book
from pledgebook.errors import PledgebookError
from pledgebook.ledger.feeds.watched import PollReport
from pledgebook.ledger.feeds.watcher import Watcher
from pledgebook.web.feeds.watching import EndedError, rest

__all__ = ["Look", "Looks"]

_LOG = logging.getLogger("pledgebook.web")
_WAITING = 50
_KEPT = 500
_BUSY_SECONDS = 1.0
_BUSY_TIMES = 60
_PATIENCE_SECONDS = 10.0


@dataclass(slots=True)
class Look:
    """One look at one feed, and what came of it."""

    feed: str
    """The id of the feed."""
    by: str
    given_at: dt.datetime
    over: bool = False
    report: PollReport | None = None
    problem: str | None = None
    """Why there is no report, in a sentence."""
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    """Who acts, for the audit: as it was when they asked."""


class Looks:
    """Polls one feed after the other in a thread of its own; a worker of the app."""

    def __init__(self, book: Book, *, allow_local: bool = False) -> None:
        self._book = book
        self._allow_local = allow_local
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._looks: OrderedDict[str, Look] = OrderedDict()
        self._queue: queue.Queue[Look | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._watcher: Watcher | None = None

    def start(self) -> None:
        """Begin to look at what is asked for."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="pledgebook-looking", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the request that is under way; what was read stays."""
        self._stop.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)
            self._thread = None

    def ask(self, feed: str, *, by: str, at: dt.datetime) -> Look | None:
        """Line a look up and return it; the one that goes on already, or None where many wait."""
        with self._lock:
            there = self._looks.get(feed)
            if there is not None and not there.over:
                return there
            if sum(not one.over for one in self._looks.values()) >= _WAITING:
                return None
            look = Look(feed, by, at)
            self._looks.pop(feed, None)
            self._looks[feed] = look
            over = [name for name, one in self._looks.items() if one.over]
            for name in over[: max(len(self._looks) - _KEPT, 0)]:
                del self._looks[name]
            self._queue.put(look)
        return look

    def get(self, feed: str) -> Look | None:
        """Return the last look at a feed in this run of the server."""
        with self._lock:
            return self._looks.get(feed)

    def _run(self) -> None:
        try:
            while not self._stop.is_set() and (look := self._queue.get()) is not None:
                self._take(look)
        finally:
            self._close()

    def _take(self, look: Look) -> None:
        try:
            look.report = look.context.run(self._poll, look.feed)
        except EndedError:
            look.problem = "The server was stopped before the end"
        except PledgebookError as error:
            look.problem = str(error)
            self._close()
        except Exception as error:  # noqa: BLE001 - logged and told: the next look goes on
            _LOG.exception("an error inside Pledgebook while looking at the feed %s", look.feed)
            look.problem = f"An error inside Pledgebook ({type(error).__name__})"
            self._close()
        finally:
            look.over = True

    def _poll(self, feed: str) -> PollReport:
        if self._watcher is None:
            self._watcher = Watcher(
                self._book,
                allow_local=self._allow_local,
                sleep=lambda seconds: rest(self._stop, seconds),
            )
        for _ in range(_BUSY_TIMES):
            report = self._watcher.poll(feed)
            if report.outcome != "busy":
                break
            # Another watcher polls it at this moment: what that finds is told when it is through.
            rest(self._stop, _BUSY_SECONDS)
        return report

    def _close(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
