"""An open book: its store, its catalogue, its ledgers."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pledgebook.ledger.inputs import stored_ledger
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.ledgers import LiveLedger
from pledgebook.ledger.moments import Day, Instant
from pledgebook.ledger.moments import to_day as _day
from pledgebook.ledger.moments import to_instant as _instant
from pledgebook.ledger.place import additions, default_place
from pledgebook.ledger.store import Clock, Store, utc_now
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from pledgebook.ledger.search.search import Search

__all__ = ["Opened"]


class Opened:
    """An open book: what all that can be done with it stands on."""

    def __init__(self, store: Store, additions: Path | None = None, clock: Clock = utc_now) -> None:
        self.store = self._store = store
        self._additions = additions
        self._clock = clock
        self._ledgers: dict[tuple[object, ...], Ledger] = {}
        self.live = LiveLedger(store, lambda: self.catalogue, clock)

    @classmethod
    def open(cls, path_or_url: str | Path | None = None, *, clock: Clock = utc_now) -> Self:
        """Open a book, or make a new one, by path or postgresql+psycopg:// URL.

        The user's additions to the catalogue lie beside it in "<book>.catalogue.toml"; for a
        database server, PLEDGEBOOK_CATALOGUE names the file. Raises BookError and its kinds.
        """
        place = path_or_url if path_or_url is not None else default_place()
        store = Store.open(place, clock=clock)
        return cls(store, additions(store.place), clock)

    @property
    def place(self) -> str:
        """Path or URL of the book, without a password."""
        return self._store.place

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """Items, parties and units, with the user's additions. Raises CatalogueError."""
        return load_catalogue(self._additions)

    def close(self) -> None:
        """Give the file or the connection back."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ledger(self, *, as_of: Day | None = None, recorded_as_of: Instant | None = None) -> Ledger:
        """Return the whole ledger of a day."""
        day, instant = _day(as_of), _instant(recorded_as_of)
        if day is None and instant is None:
            return self.live.refresh()
        today = day or (instant or self._clock()).date()
        key = (self._store.version(), day, instant, today)
        ledger = self._ledgers.get(key)
        if ledger is None:
            ledger = stored_ledger(self._store, day, instant, today=today, tree=self.catalogue)
            self._ledgers = {key: ledger}
        return ledger

    @functools.cached_property
    def searcher(self) -> Search:
        """Search over documents, statements and commitments."""
        from pledgebook.ledger.search.search import Search

        return Search(self._store, self.ledger, lambda: self.catalogue)
