"""A site to poll, a book to read into, and watchers for which waiting moves the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from feed_site import Site, serving
from making import Clock
from pledgebook.book import Book
from pledgebook.documents.feeds.feeds_file import make_settings
from pledgebook.ledger.feeds.watcher import Watcher

Watching = Callable[..., Watcher]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Book.open(place, clock=clock) as opened:
        yield opened


@pytest.fixture
def watching(book: Book, clock: Clock, site: Site) -> Iterator[Watching]:
    """Make a watcher of the feed at /feed, for which waiting moves the clock."""
    made: list[Watcher] = []

    def make(path: str = "/feed", **says: Any) -> Watcher:  # noqa: ANN401
        watcher = Watcher(
            book,
            [make_settings(url=site.url + path, **says)],
            by="test",
            allow_local=True,
            sleep=lambda seconds: clock.advance(seconds=seconds),
            chance=lambda: 0.0,
        )
        made.append(watcher)
        return watcher

    yield make
    for watcher in made:
        watcher.close()
