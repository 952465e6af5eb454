"""The watcher: polls the feeds that are due, one request at a time, until it is told to stop."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol, Self

from pledgebook.documents.feeds.polite import Polite, agent_name
from pledgebook.documents.feeds.settings import FeedSettings
from pledgebook.documents.fetch import Fetcher, FetchPolicy
from pledgebook.errors import BookLockedError, Problem, UsageError
from pledgebook.ledger.feeds.hosts import FeedHosts
from pledgebook.ledger.feeds.memory import FeedMemory
from pledgebook.ledger.feeds.polling import Poll, Polling
from pledgebook.ledger.feeds.readers import Readers
from pledgebook.ledger.feeds.rounds import Round
from pledgebook.ledger.feeds.shelf import FeedShelf
from pledgebook.ledger.feeds.watched import FeedState, PollReport, WatchedFeed
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["MIN_PAUSE", "WatchedBook", "Watcher"]

MIN_PAUSE = dt.timedelta(minutes=1)
"""Between two polls of one feed, whoever asks for them."""

_REST = dt.timedelta(seconds=30)
"""How long a feed rests that another watcher polls, or that could not be written down."""

_LOOK_SECONDS = 15.0
"""How often the shelf is looked at: feeds are added and resumed by others meanwhile."""

_POLICY = FetchPolicy(connect_timeout=10.0, read_timeout=15.0, total_timeout=45.0)


class WatchedBook(Protocol):
    """What a watcher takes of a book."""

    @property
    def feeds(self) -> FeedShelf:
        """The feeds that are watched for it."""

    @property
    def catalogue(self) -> Catalogue:
        """Items, parties and units, by which articles are read."""


class Watcher:
    """Polls feeds and reads what is new into a book. Close it, or use it in a `with`.

    Without `feeds` it polls all that are on the book's shelf, those too that are added while it
    runs; with them, those alone, which it puts on the shelf as `by`. Several watchers may share a
    book: each feed is polled, and each host asked, by one of them at a time. `coder` reads where a
    feed names none; `contact` is told to servers. `sleep` and `chance` are there for tests.
    """

    def __init__(
        self,
        book: WatchedBook,
        feeds: Iterable[FeedSettings] | None = None,
        *,
        by: str | None = None,
        allow_local: bool = False,
        coder: str | None = None,
        contact: str | None = None,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._shelf = book.feeds
        store = self._shelf.store
        self._clock = store.clock
        self._sleep = sleep
        holder = uuid.uuid4().hex[:20]
        memory = FeedMemory(store.database, self._clock, holder)
        hosts = FeedHosts(store.database, self._clock, holder, chance)
        self._fetcher = Fetcher(_policy(allow_local=allow_local))
        polite = Polite(self._fetcher, hosts, self._clock, agent_name(_release(), contact))
        self._readers = Readers(store, memory, book.catalogue, coder)
        self._poll = Poll(memory, polite, self._readers.keeper, self._clock)
        self._resting: dict[str, dt.datetime] = {}
        self._only: frozenset[str] | None = None
        if feeds is not None:
            self._only = frozenset(one.id for one in self._shelf.put(feeds, by=by))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give connections and coders back."""
        self._fetcher.__exit__()
        self._readers.close()

    @property
    def feeds(self) -> list[WatchedFeed]:
        """The feeds of this watcher, as they are now."""
        return [one for one in self._shelf.list() if self._only is None or one.id in self._only]

    def due(self, now: dt.datetime | None = None) -> list[WatchedFeed]:
        """Return the feeds that are to be polled at an instant, now if none is given.

        Those that wait longest come first. What is paused or gone is never due.
        """
        at = now or self._clock()
        found = [
            one
            for one in self.feeds
            if one.state is FeedState.ACTIVE and (one.next_at is None or one.next_at <= at)
        ]
        first = dt.datetime.min.replace(tzinfo=dt.UTC)
        return sorted(found, key=lambda one: one.next_at or first)

    def poll(self, feed: WatchedFeed | str) -> PollReport:
        """Poll a feed now, whether it is due or not, and return what that did.

        `feed` is one, its address, its name or its id. A feed is not polled twice in a minute.
        Raises NotFoundError, BookError; what is wrong with the feed is in the report.
        """
        name = feed.id if isinstance(feed, WatchedFeed) else feed
        steps = self._steps(self._shelf.get(name))
        try:
            while True:
                self._sleep(next(steps))
        except StopIteration as done:
            report: PollReport = done.value
            return report
        finally:
            steps.close()

    def once(self, tell: Callable[[PollReport], object] | None = None) -> list[PollReport]:
        """Poll every feed that is due, once, and return what that did, feed by feed."""
        found: list[PollReport] = []

        def note(report: PollReport) -> None:
            found.append(report)
            if tell is not None:
                tell(report)

        waiting = {feed.id: feed for feed in self.due()}
        round_ = Round(self._steps, self._clock)
        try:
            while waiting or round_.busy:
                begun = round_.add_from(waiting.values())
                waiting = {name: waiting[name] for name in waiting.keys() - begun}
                self._pass(round_, note)
        finally:
            round_.close()
        return found

    def run(
        self,
        stop: threading.Event | None = None,
        tell: Callable[[PollReport], object] | None = None,
    ) -> None:
        """Poll feeds as they become due, until `stop` is set or the program is interrupted."""
        round_ = Round(self._steps, self._clock)
        look_at = self._clock()
        try:
            while stop is None or not stop.is_set():
                now = self._clock()
                if now >= look_at or not round_.busy:
                    round_.add_from(one for one in self.due(now) if not self._rests(one, now))
                    look_at = now + dt.timedelta(seconds=_LOOK_SECONDS)
                if round_.busy:
                    self._pass(round_, tell)
                else:
                    self._sleep(self._until_due(now))
        finally:
            round_.close()

    def _pass(self, round_: Round, tell: Callable[[PollReport], object] | None) -> None:
        """Take one step of the poll that is ready first, or wait until one is."""
        wait = round_.wait()
        if wait > 0:
            self._sleep(min(wait, _LOOK_SECONDS))
            return
        report = round_.step()
        if report is None:
            return
        if report.next_at is None or report.next_at <= report.at:
            self._resting[report.feed.id] = report.at + _REST
        if tell is not None:
            tell(report)

    def _rests(self, feed: WatchedFeed, now: dt.datetime) -> bool:
        return self._resting.get(feed.id, now) > now

    def _until_due(self, now: dt.datetime) -> float:
        times = [one.next_at for one in self.feeds if one.state is FeedState.ACTIVE]
        nexts = [(at - now).total_seconds() for at in times if at is not None]
        return min([_LOOK_SECONDS, *(max(0.1, one) for one in nexts)])

    def _steps(self, feed: WatchedFeed) -> Polling:
        feed = self._shelf.get(feed.id)
        now = self._clock()
        if feed.state is not FeedState.ACTIVE:
            return PollReport(feed, feed.state.value, now)
        if feed.polled_at is not None and now < feed.polled_at + MIN_PAUSE:
            return PollReport(feed, "too soon", now, next_at=feed.next_at)
        try:
            return (yield from self._poll.run(feed))
        except BookLockedError as error:
            # Whoever writes will be done; what this poll had not written waits for the next one.
            problem = Problem.from_error(error, code="book-locked", source=feed.url)
        except UsageError as error:
            problem = Problem.from_error(error, code="feed-coder", source=feed.url)
        return PollReport(feed, "failed", now, problems=(problem,))


def _policy(*, allow_local: bool) -> FetchPolicy:
    from dataclasses import replace

    return replace(_POLICY, allow_local=allow_local)


def _release() -> str:
    try:
        return version("pledgebook")
    except PackageNotFoundError:
        return "0"
