"""The present ledger of a book, kept in memory for any number of readers."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import threading
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
            current = self._current
            same_day = current is not None and current.today == today
            if current is not None and same_day and self._source.version == self._source.now():
                return current
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

        Without `wait`, while another thread brings it up to date, it is the last that was finished.
        """
        last = self._view
        if wait or last is None:
            with self._alone():
                return self._viewed()
        # Whoever waits goes first: readers would take the lock from under their noses.
        if self._waiting or not self._lock.acquire(blocking=False):
            return last
        try:
            return self._viewed()
        finally:
            self._lock.release()

    def _viewed(self) -> View:
        ledger = self.refresh()
        if self._view is None or self._view.ledger is not ledger:
            if self._columns is None:
                self._columns = Columns()
                self._columns.take((None, one) for one in ledger.commitments)
            table = self._columns.table(ledger.commitments)
            number = 1 if self._view is None else self._view.number + 1
            index = Index(ledger.commitments, table, self._catalogue())
            self._view = View(ledger, index, number)
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
