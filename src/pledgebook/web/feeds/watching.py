"""While the server runs, the feeds of the shelf are polled as they become due."""

from __future__ import annotations

import contextvars
import logging
import threading

from pledgebook.book import Book
from pledgebook.errors import PledgebookError
from pledgebook.ledger.access.noting import acting
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.feeds.watcher import Watcher

__all__ = ["EndedError", "Watching", "rest"]

_LOG = logging.getLogger("pledgebook.web")
_LOOK_SECONDS = 15.0
"""How often an empty shelf is looked at: a first feed is added by others meanwhile."""

_AGAIN_SECONDS = 60.0
_PATIENCE_SECONDS = 10.0
"""How long the end of the server waits for a request to somebody else's: a watcher may be killed
at any instant, and nothing is lost."""


class EndedError(Exception):
    """The server ends: whoever rests rests no longer, and gives back what it holds."""


def rest(stop: threading.Event, seconds: float) -> None:
    """Wait. Raises EndedError as soon as `stop` is set."""
    if stop.wait(seconds):
        raise EndedError


class Watching:
    """Watches in a thread of its own; a worker of the app, started and stopped with it.

    `on` says whether it watches at all. `named` has the audit log say what the watcher fetched,
    where there are accounts. Several servers may watch one book: the watcher sees to that.
    """

    def __init__(
        self, book: Book, *, on: bool = True, allow_local: bool = False, named: bool = False
    ) -> None:
        self.on = on
        self.fault: str | None = None
        """What keeps it from watching now, in a sentence; it tries again."""
        self._book = book
        self._allow_local = allow_local
        self._actor = Actor("watcher") if named else None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        if not self.on:
            return
        self._stop.clear()
        context = contextvars.copy_context()
        self._thread = threading.Thread(
            target=context.run, args=(self._run,), name="pledgebook-watching", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End after the request that is under way; what waits is read by the next watcher."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)
            self._thread = None

    def _run(self) -> None:
        with acting(self._actor):
            while not self._stop.is_set():
                try:
                    self._watch()
                except EndedError:
                    return
                except Exception as error:  # noqa: BLE001 - logged and told: it tries again
                    _LOG.exception("an error inside Pledgebook while watching feeds")
                    known = isinstance(error, PledgebookError)
                    self.fault = str(error) if known else f"an error ({type(error).__name__})"
                    self._stop.wait(_AGAIN_SECONDS)

    def _watch(self) -> None:
        """Watch until the server ends, from the first feed on. Raises EndedError."""
        while not self._book.feeds.list():
            self.fault = None
            rest(self._stop, _LOOK_SECONDS)
        with Watcher(
            self._book,
            allow_local=self._allow_local,
            sleep=lambda seconds: rest(self._stop, seconds),
        ) as watcher:
            self.fault = None
            watcher.run(self._stop)
