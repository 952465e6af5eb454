"""What a day shows, laid out once and kept until the book changes."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from pledgebook.errors import PledgebookError
from pledgebook.ledger.giving_way import giving_way
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Day, Instant, to_day, to_instant
from pledgebook.ledger.search.names import Names
from pledgebook.ledger.search.patterns import Pattern
from pledgebook.ledger.search.postings import Numbers, rows_with
from pledgebook.ledger.search.ranking import Scores, norms
from pledgebook.ledger.search.units import Units, make_units
from pledgebook.ledger.search.view import IndexRow, SearchView, ShownDocument
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Laid", "Ledgers", "Library"]

_DAYS, _ASKED = 3, 128
"""How many days, and how many words' rows, are kept."""

_LONG, _SHARE, _ALLOWED = 0.02, 8, 60.0
"""What takes less processor time is laid out at once, in seconds; so many times as long as it took
pass before it is done again; after so many seconds what was there serves no longer."""

_JUDGEMENTS = 1
"""Where `Store.version` counts judgements, which change neither documents nor the index."""

_Counts = tuple[int, ...]
T = TypeVar("T")


class Ledgers(Protocol):
    """Gives the ledger of a day, as `Book.ledger` does."""

    def __call__(
        self, *, as_of: Day | None = None, recorded_as_of: Instant | None = None
    ) -> Ledger:
        """Return the ledger."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is to be laid out. `state` counts what documents and the index rest on."""

    ledger: Ledger
    state: _Counts
    catalogue: Catalogue

    def __eq__(self, other: object) -> bool:
        # Ledgers and catalogues never change: another one is another object.
        return (
            isinstance(other, _Asked)
            and self.ledger is other.ledger
            and self.state == other.state
            and self.catalogue is other.catalogue
        )

    def __hash__(self) -> int:
        return hash(self.state)


@dataclass(frozen=True, slots=True)
class Laid:
    """The units of a ledger, made ready to be looked through."""

    asked: _Asked
    units: Units
    names: Names
    norms: Scores

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue by which parties and items are named."""
        return self.asked.catalogue

    @property
    def state(self) -> _Counts:
        """Counts of what the index rests on."""
        return self.asked.state


class _Kept(Generic[T]):
    """The few things that were asked for last. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Return what is kept under a key."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._things.clear()

    def put(self, key: Hashable, thing: T) -> None:
        """Keep a thing, and let go of the one that was not asked for longest."""
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)


class Library:
    """The days of one open book, and what its index was asked."""

    def __init__(
        self,
        store: Store,
        ledgers: Ledgers,
        catalogue: Callable[[], Catalogue],
        *,
        beside: bool = False,
    ) -> None:
        self._store = store
        self._ledgers = ledgers
        self._catalogue = catalogue
        self._beside = beside
        self._took = 0.0
        self._due, self._right = 0.0, 0.0
        self._making = threading.Lock()
        self._laid: _Kept[Laid] = _Kept(_DAYS)
        self._shown: _Kept[list[ShownDocument]] = _Kept(_DAYS)
        self._asked: _Kept[Numbers] = _Kept(_ASKED)
        self._rows: tuple[_Counts, list[IndexRow]] = ((), [])

    def laid(self, as_of: Day | None, recorded_as_of: Instant | None) -> Laid:
        """Return what a day shows, as the book knew it at some time.

        Where somebody judged and another thread is laying that out already, nobody waits for it:
        what was there before the judgement serves for a moment more. A library that lays out
        `beside` does so in a thread of its own, where it takes long, and nobody waits at all.
        """
        ledger = self._ledgers(as_of=as_of, recorded_as_of=recorded_as_of)
        asked = _Asked(ledger, self._state(), self._catalogue())
        key = to_day(as_of), to_instant(recorded_as_of)
        found = self._laid.get(key)
        now = time.monotonic()
        if found is not None and found.asked == asked:
            self._right = now
            return found
        judged = found is not None and found.asked.state == asked.state
        if judged and self._beside and self._took > _LONG and now - self._right < _ALLOWED:
            assert found is not None
            self._renew(asked, *key, found)
            return found
        if not self._making.acquire(blocking=not judged):
            assert found is not None
            return found
        try:
            found = self._laid.get(key)
            if found is None or found.asked != asked:
                found = self._measured(asked, *key, found)
            return found
        finally:
            self._making.release()

    def _renew(
        self, asked: _Asked, day: dt.date | None, instant: dt.datetime | None, before: Laid
    ) -> None:
        """Lay a day out anew beside those who search, where it is due and nobody does so."""
        if time.monotonic() < self._due or not self._making.acquire(blocking=False):
            return

        def work() -> None:
            try:
                # Whoever searches next meets what went wrong, and is told.
                with suppress(PledgebookError), giving_way():
                    self._measured(asked, day, instant, before)
            finally:
                self._making.release()

        threading.Thread(target=work, name="pledgebook-search", daemon=True).start()

    def _measured(
        self, asked: _Asked, day: dt.date | None, instant: dt.datetime | None, before: Laid | None
    ) -> Laid:
        start = time.thread_time()
        found = self._lay(asked, day, instant, before)
        self._took = time.thread_time() - start
        self._right = time.monotonic()
        self._due = self._right + _SHARE * self._took
        self._laid.put((day, instant), found)
        return found

    def _lay(
        self,
        asked: _Asked,
        day: dt.date | None,
        instant: dt.datetime | None,
        before: Laid | None,
    ) -> Laid:
        with self._store.database.reading() as connection:
            rows = self._rows_at(asked.state, SearchView(connection))
            shown = self._shown.get((asked.state, instant))
            if shown is None:
                shown = SearchView(connection, instant).shown()
                self._shown.put((asked.state, instant), shown)
        known = None if before is None else before.units
        units = make_units(asked.ledger, shown, rows, day, known)
        return Laid(asked, units, Names(units.columns, asked.catalogue), norms(units))

    def rows_with(
        self, connection: Connection, state: _Counts, pattern: Pattern, mark: str
    ) -> Numbers:
        """Return the numbers of the rows that hold a pattern, asked once for each state."""
        key = (state, pattern, mark)
        found = self._asked.get(key)
        if found is None:
            found = rows_with(connection, pattern, mark)
            self._asked.put(key, found)
        return found

    def forget(self) -> None:
        """Keep nothing of what the index was asked."""
        self._asked.clear()

    def _state(self) -> _Counts:
        version = self._store.version()
        with self._store.database.glancing() as connection:
            last = SearchView(connection).last_row()
        return (*version[:_JUDGEMENTS], *version[_JUDGEMENTS + 1 :], last)

    def _rows_at(self, state: _Counts, view: SearchView) -> list[IndexRow]:
        """Return the rows of the index; those that are known are not fetched again."""
        known, rows = self._rows
        if known != state:
            more = view.rows(after=rows[-1].number if rows else 0)
            # Fewer than there were, or one that a slower writer numbered earlier: all anew.
            kept = len(rows) + len(more) == view.row_count()
            rows = [*rows, *more] if kept else view.rows()
            self._rows = (state, rows)
        return rows
