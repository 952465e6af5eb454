"""The coders that feeds name, each made once and closed in the end."""

from __future__ import annotations

from pledgebook.ledger.feeds.keeping import Keeper
from pledgebook.ledger.feeds.memory import FeedMemory
from pledgebook.ledger.feeds.watched import WatchedFeed
from pledgebook.ledger.store import Store
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Readers"]


class Readers:
    """Makes what reads the articles of feeds, with the coder that each names, or the usual one."""

    def __init__(
        self, store: Store, memory: FeedMemory, catalogue: Catalogue, usual: str | None
    ) -> None:
        self._store = store
        self._memory = memory
        self._catalogue = catalogue
        self._usual = usual
        self._coders: dict[str, Coder] = {}

    def keeper(self, feed: WatchedFeed) -> Keeper:
        """Return what reads the articles of a feed. Raises UsageError for an unknown coder."""
        from pledgebook.reading import DEFAULT_CODER
        from pledgebook.reading import coder as coder_named

        name = feed.settings.coder or self._usual or DEFAULT_CODER
        if name not in self._coders:
            self._coders[name] = coder_named(name)
        return Keeper(self._store, self._memory, self._catalogue, self._coders[name])

    def close(self) -> None:
        """Close the sessions of the coders."""
        for one in self._coders.values():
            one.session.close()
        self._coders.clear()
