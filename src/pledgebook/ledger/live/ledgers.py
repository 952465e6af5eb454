"""The present ledger of a book, kept in memory for any number of readers."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator

from pledgebook.ledger.inputs import stored_ledger
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.columns import Columns
from pledgebook.ledger.live.following import Following
from pledgebook.ledger.live.rows import Index
from pledgebook.ledger.live.source import News, Source
from pledgebook.ledger.live.view import View
from pledgebook.ledger.store import Clock, Store, utc_now
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["LiveLedger"]

_LOG = logging.getLogger("pledgebook.ledger")
_SLOW = 0.05
"""A view that takes more processor time than this is made beside those who do not wait, in
seconds."""
_A_MOMENT = 10.0
"""So long ago the last one may have been right that they are given meanwhile, in seconds."""


class LiveLedger:
    """The ledger of today, brought up to date when it is asked for.

    What changed in the book since the last time costs about what its neighbourhood does, not what
    the book does. Every ledger that is handed out stays as it is: the next one is another object.
    Any number of threads may ask; one of them at a time brings it up to date. `catalogue` is asked
    for when a ledger is made anew.
    """

    def __init__(
        self, store: Store, catalogue: Callable[[], Catalogue], clock: Clock = utc_now
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._lock = threading.RLock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._source = Source(store)
        self._following: Following | None = None
        self._columns: Columns | None = None
        self._current: Ledger | None = None
        self._view: View | None = None
        self._took, self._right_at = 0.0, 0.0
        self._beside: threading.Thread | None = None

    @property
    def current(self) -> Ledger | None:
        """The ledger that was finished last, None before the first; nothing is waited for."""
        return self._current

    @property
    def current_view(self) -> View | None:
        """The view that was finished last, None before the first; nothing is waited for."""
        return self._view

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._counting:
            self._waiting += 1
        try:
            self._lock.acquire()
        finally:
            with self._counting:
                self._waiting -= 1
        try:
            yield
        finally:
            self._lock.release()

    def refresh(self) -> Ledger:
        """Return the ledger of all that is in the book now. Raises BookError and its kinds."""
        with self._alone():
            today = self._clock().date()
            if self._current is not None and self._is_right():
                return self._current
            try:
                self._current = self._next(today)
            except BaseException:
                # Half of it may have been brought up to date: the next one is made anew.
                self.forget()
                raise
            return self._current

    def forget(self) -> None:
        """Make the next ledger anew, as after a change of the catalogue."""
        with self._lock:
            self._source, self._following, self._columns = Source(self._store), None, None
            self._current = None

    def view(self, *, wait: bool = True) -> View:
        """Return the ledger of now with its index. Raises BookError and its kinds.

        Without `wait` it is the last that was finished, while another thread brings it up to date;
        one of its own does where that takes long and the last was right a moment ago.
        """
        last = self._view
        if wait or last is None:
            with self._alone():
                return self._viewed()
        # Whoever waits goes first: readers would take the lock from under their noses.
        if self._waiting or not self._lock.acquire(blocking=False):
            return last
        try:
            if self._took <= _SLOW or time.monotonic() - self._right_at > _A_MOMENT:
                return self._viewed()
            finished = self._view or last
            if finished.ledger is self._current and self._is_right():
                self._right_at = time.monotonic()
            elif self._beside is None or not self._beside.is_alive():
                name = "pledgebook-view"
                self._beside = threading.Thread(target=self._view_beside, name=name, daemon=True)
                self._beside.start()
            return finished
        finally:
            self._lock.release()

    def _view_beside(self) -> None:
        try:
            self.view()
        except Exception:  # noqa: BLE001 - who asks next makes it, and is told what is wrong
            self._took = 0.0
            _LOG.info("cannot bring the view up to date", exc_info=True)

    def _is_right(self) -> bool:
        """Tell whether the ledger that was finished last is that of now."""
        current = self._current
        same_day = current is not None and current.today == self._clock().date()
        return same_day and self._source.version == self._source.now()

    def _viewed(self) -> View:
        start, last = time.thread_time(), self._view
        ledger = self.refresh()
        if self._view is None or self._view.ledger is not ledger:
            if self._columns is None:
                self._columns = Columns()
                self._columns.take((None, one) for one in ledger.commitments)
            table = self._columns.table(ledger.commitments)
            number = 1 if self._view is None else self._view.number + 1
            index = Index(ledger.commitments, table, self._catalogue())
            self._view = View(ledger, index, number)
            # The first is made of the whole book: what follows it takes far less.
            self._took = time.thread_time() - start if last is not None else 0.0
        self._right_at = time.monotonic()
        return self._view

    def _next(self, today: dt.date) -> Ledger:
        source = self._source
        with _no_collecting() if not source.version else contextlib.nullcontext():
            news = source.read()
        if source.twofold:
            self._following = self._columns = None
            return stored_ledger(self._store, None, None, today=today, tree=self._catalogue())
        if self._following is None or news.anew:
            with _no_collecting():
                return self._anew(today)
        ledger, moved = self._following.follow(source, news, today)
        if self._columns is not None:
            self._columns.take(moved)
        return ledger

    def _anew(self, today: dt.date) -> Ledger:
        """Make the ledger of all that the source holds, and follow it from now on."""
        source = self._source
        self._following, self._columns = Following(self._catalogue()), None
        news = News((), source.entries.values(), frozenset(source.documents), anew=True)
        return self._following.follow(source, news, today)[0]


@contextlib.contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no garbage while millions of objects are made that stay: it takes a third longer.

    Afterwards they are left out of all searches, of which each would stop readers for seconds.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was:
            gc.enable()
