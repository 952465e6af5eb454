"""One poll of one feed: look whether it has changed, then read what is new, article by article.

A poll is a generator that yields the seconds it has to wait. It may be killed at any instant: the
entries of a feed are written with what its server is to be asked next time, and each article with
what became of its entry. So nothing is read twice for it, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar

from pledgebook.documents.feeds.addresses import host_of
from pledgebook.documents.feeds.contents import MAX_ARTICLE_BYTES, from_feed, from_page
from pledgebook.documents.feeds.polite import LaterError, Polite, RobotsError
from pledgebook.documents.fetch import Page, RefusalError
from pledgebook.errors import FetchError, PledgebookError, Problem
from pledgebook.ledger.feeds.entry_rows import PendingEntry
from pledgebook.ledger.feeds.keeping import Keeper, Kept
from pledgebook.ledger.feeds.looking import look
from pledgebook.ledger.feeds.memory import Claim, ClaimLostError, FeedMemory
from pledgebook.ledger.feeds.watched import EntryState, PollReport, WatchedFeed
from pledgebook.ledger.store import Clock
from pledgebook.reading.coders import StoppedError

__all__ = ["Poll", "Polling"]

Polling = Generator[float, None, PollReport]

_OK = 200
_FOR_GOOD = frozenset({400, 401, 403, 404, 405, 406, 410, 414, 451})
_MOST_ATTEMPTS = 4


_Found = TypeVar("_Found")


class _MissingError(FetchError):
    """A page that is not there, or not for us: to ask again would change nothing."""


@dataclass(slots=True)
class _Tally:
    outcome: str = ""
    found: int = 0
    read: int = 0
    statements: int = 0
    documents: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    next_at: dt.datetime | None = None
    shut: set[str] = field(default_factory=set)
    """Hosts that are not to be asked again in this poll."""


class Poll:
    """Polls feeds for one watcher; what it needs is the same for all of them."""

    def __init__(
        self,
        memory: FeedMemory,
        polite: Polite,
        keeper: Callable[[WatchedFeed], Keeper],
        clock: Clock,
    ) -> None:
        self._memory = memory
        self._polite = polite
        self._keeper = keeper
        self._clock = clock

    def run(self, feed: WatchedFeed) -> Polling:
        """Poll a feed, unless another watcher does, and return what that did.

        Raises BookError where the book cannot be written, UsageError for a coder that there is
        not. All else is in the report.
        """
        keeper = self._keeper(feed)
        claim = self._memory.claim(feed)
        if claim is None:
            return PollReport(feed, "busy", self._clock())
        tally = _Tally()
        taken: int | None = None
        try:
            yield from self._look(claim, tally)
            if tally.outcome != "gone":
                yield from self._work(claim, keeper, tally)
            taken = tally.read
        except ClaimLostError:
            tally.outcome = "busy"
        finally:
            self._memory.release(claim, taken)
        return PollReport(
            feed=feed,
            outcome=tally.outcome,
            at=self._clock(),
            found=tally.found,
            read=tally.read,
            statements=tally.statements,
            waiting=self._memory.waiting(feed.id),
            documents=tuple(tally.documents),
            problems=tuple(tally.problems),
            next_at=tally.next_at,
        )

    def _look(self, claim: Claim, tally: _Tally) -> Generator[float, None, None]:
        """Look at the feed itself, and write down at once what came of it."""
        found = yield from self._holding(claim, look(claim, self._polite, self._clock))
        tally.found = self._memory.saw(claim, found.seen, found.entries, found.problems)
        tally.outcome, tally.next_at = found.seen.outcome, found.seen.next_at
        tally.problems += found.problems
        if found.passing is not None and not found.problems:
            tally.problems.append(found.passing)

    def _work(self, claim: Claim, keeper: Keeper, tally: _Tally) -> Generator[float, None, None]:
        """Read the entries that wait, as many as one poll may."""
        for entry in self._memory.pending(claim.feed.id, claim.feed.settings.limit):
            try:
                kept = yield from self._article(claim, keeper, entry, tally)
            except StoppedError as error:
                tally.problems.append(
                    Problem.from_error(error, code="stopped", source=claim.feed.settings.url)
                )
                return
            if kept is None:
                continue
            tally.read += kept.state is EntryState.READ
            tally.statements += kept.statements
            tally.documents += kept.documents
            tally.problems += kept.problems

    def _article(
        self, claim: Claim, keeper: Keeper, entry: PendingEntry, tally: _Tally
    ) -> Generator[float, None, Kept | None]:
        """Read one entry; None where it waits for another poll, or leads to what is known."""
        settings, says = claim.feed.settings, entry.entry
        own = says.content and not settings.reads_pages
        if own or says.url is None or not settings.follow:
            found = from_feed(says, claim.url, settings.language)
            return keeper.keep(claim, entry, [found], self._clock())
        if host_of(says.url) in tally.shut:
            return None
        if self._memory.is_known(entry, says.url):
            keeper.pass_over(claim, entry, self._clock())
            return None
        try:
            page = yield from self._holding(claim, self._fetch(says.url))
        except LaterError as error:
            tally.shut.add(host_of(says.url))
            return self._again(claim, keeper, entry, error) if error.failed else None
        except (RobotsError, RefusalError) as error:
            return self._give_up(claim, keeper, entry, error, "fetch-refused")
        except _MissingError as error:
            return self._give_up(claim, keeper, entry, error, "fetch-failed")
        except FetchError as error:
            return self._again(claim, keeper, entry, error)
        documents = from_page(page, says, settings.language)
        return keeper.keep(claim, entry, documents, self._clock(), page=page.url)

    def _again(
        self, claim: Claim, keeper: Keeper, entry: PendingEntry, error: PledgebookError
    ) -> Kept | None:
        """Let an entry wait for another poll, or give it up where that has been tried enough."""
        if entry.attempts + 1 >= _MOST_ATTEMPTS:
            return self._give_up(claim, keeper, entry, error, "fetch-failed")
        self._memory.retry(claim, entry)
        return None

    def _give_up(
        self,
        claim: Claim,
        keeper: Keeper,
        entry: PendingEntry,
        error: PledgebookError,
        code: str,
    ) -> Kept:
        source = entry.entry.url or claim.url
        problem = Problem.from_error(error, code=code, source=source)
        keeper.give_up(claim, entry, problem, self._clock())
        return Kept(EntryState.FAILED, problems=(problem,))

    def _fetch(self, url: str) -> Generator[float, None, Page]:
        """Return the page at an address. Raises FetchError."""
        got = yield from self._polite.get(url, max_bytes=MAX_ARTICLE_BYTES)
        if got.answer.status == _OK:
            return got.answer.page
        what = f"it answers {got.answer.status} {got.answer.phrase}".rstrip()
        kind = _MissingError if got.answer.status in _FOR_GOOD else FetchError
        raise kind(what, where=url, mend="open it in a browser to see what is there")

    def _holding(
        self, claim: Claim, steps: Generator[float, None, _Found]
    ) -> Generator[float, None, _Found]:
        """Go through steps, and hold the claim while they wait. Raises ClaimLostError."""
        while True:
            self._memory.keep_claim(claim)
            try:
                wait = next(steps)
            except StopIteration as done:
                found: _Found = done.value
                return found
            yield wait
