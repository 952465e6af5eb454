"""What a poll remembers: the state of its feed and the entries, written with the documents.

A feed is polled by one watcher at a time: it claims the feed for a while, renews the claim with
each step, and what it writes counts only while the claim is its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.errors import Problem
from pledgebook.ledger.adding import add_problems
from pledgebook.ledger.engine import Database
from pledgebook.ledger.feeds.entry_rows import PendingEntry, entry_of, led_before, new_entries
from pledgebook.ledger.feeds.tables import feed_changes, feed_entries, feed_states
from pledgebook.ledger.feeds.watched import EntryState, WatchedFeed, settings_digest
from pledgebook.ledger.records import encode
from pledgebook.ledger.writing import insert

__all__ = ["Claim", "ClaimLostError", "FeedMemory", "Seen"]

CLAIM = dt.timedelta(seconds=120)


class ClaimLostError(Exception):
    """Another watcher has taken the feed over: what this one was about to write is dropped."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed that is ours for now, with what the last poll left."""

    feed: WatchedFeed
    holder: str
    url: str
    etag: str | None
    last_modified: str | None
    pause: dt.timedelta
    failures: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the feed itself came to."""

    outcome: str
    next_at: dt.datetime
    url: str
    title: str = ""
    etag: str | None = None
    last_modified: str | None = None
    pause: dt.timedelta = dt.timedelta(0)
    failures: int = 0
    problem: str | None = None
    gone: bool = False


class FeedMemory:
    """The working memory of one watcher in a book."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime], holder: str) -> None:
        self.database = database
        self._clock = clock
        self._holder = holder

    def claim(self, feed: WatchedFeed) -> Claim | None:
        """Take a feed for this watcher; None while it is another's."""
        columns, now = feed_states.c, self._clock()
        free = sa.or_(
            columns.claimed_until.is_(None),
            columns.claimed_until <= now,
            columns.claimed_by == self._holder,
        )
        mine = {"claimed_by": self._holder, "claimed_until": now + CLAIM}
        with self.database.writing() as connection:
            insert(connection, feed_states, [_new_state(feed)])
            change = feed_states.update().where(columns.feed_id == feed.id, free)
            if not connection.execute(change.values(mine)).rowcount:
                return None
            row = connection.execute(sa.select(feed_states).where(columns.feed_id == feed.id)).one()
        # What is wanted of it has changed: all of it has to be looked at anew.
        fresh = row.settings_digest == settings_digest(feed.settings)
        return Claim(
            feed=feed,
            holder=self._holder,
            url=row.url,
            etag=row.etag if fresh else None,
            last_modified=row.last_modified if fresh else None,
            pause=dt.timedelta(seconds=row.pause_seconds),
            failures=row.failures,
        )

    def release(self, claim: Claim, taken: int | None = None) -> None:
        """Give a feed back, if it is still ours."""
        values: dict[str, object] = {"claimed_by": None, "claimed_until": None}
        if taken is not None:
            values["taken"] = taken
        with self.database.writing() as connection:
            connection.execute(_own(claim).values(**values))

    def renew(self, connection: Connection, claim: Claim) -> None:
        """Hold a claim for longer. Raises ClaimLostError where it is another's by now."""
        until = self._clock() + CLAIM
        if not connection.execute(_own(claim).values(claimed_until=until)).rowcount:
            raise ClaimLostError(claim.feed.id)

    def keep_claim(self, claim: Claim) -> None:
        """Hold a claim for longer, on its own."""
        with self.database.writing() as connection:
            self.renew(connection, claim)

    def saw(
        self,
        claim: Claim,
        seen: Seen,
        entries: Sequence[FeedEntry] = (),
        problems: Iterable[Problem] = (),
    ) -> int:
        """Write what a look at the feed came to, and its new entries, in one step.

        Returns how many entries are new or changed. Raises ClaimLostError.
        """
        now = self._clock()
        with self.database.writing() as connection:
            self.renew(connection, claim)
            rows = new_entries(connection, claim.feed.id, entries, now)
            insert(connection, feed_entries, rows)
            connection.execute(
                _own(claim).values(
                    url=seen.url,
                    title=seen.title or claim.feed.title,
                    settings_digest=settings_digest(claim.feed.settings),
                    etag=seen.etag,
                    last_modified=seen.last_modified,
                    pause_seconds=int(seen.pause.total_seconds()),
                    failures=seen.failures,
                    polled_at=now,
                    next_at=seen.next_at,
                    outcome=seen.outcome,
                    found=len(rows),
                    taken=0,
                    problem=seen.problem,
                )
            )
            if seen.gone:
                connection.execute(feed_changes.insert(), [_gone(claim.feed, now)])
            add_problems(connection, list(problems), now)
        return len(rows)

    def pending(self, feed: str, limit: int) -> list[PendingEntry]:
        """Return entries that wait, in the order in which they were found."""
        columns = feed_entries.c
        query = (
            sa.select(columns.id, columns.body, columns.attempts)
            .where(columns.feed_id == feed, columns.state == EntryState.WAITING.value)
            .order_by(columns.number)
            .limit(limit)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [PendingEntry(row.id, entry_of(row.body), row.attempts) for row in rows]

    def waiting(self, feed: str) -> int:
        """Return how many entries wait."""
        columns = feed_entries.c
        query = sa.select(sa.func.count()).where(
            columns.feed_id == feed, columns.state == EntryState.WAITING.value
        )
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def is_known(self, entry: PendingEntry, url: str) -> bool:
        """Tell whether another entry has led to an address before, and its page was read."""
        with self.database.reading() as connection:
            return led_before(connection, entry, url)

    def retry(self, claim: Claim, entry: PendingEntry) -> None:
        """Count an attempt that failed; the entry waits for another poll."""
        with self.database.writing() as connection:
            self.renew(connection, claim)
            change = feed_entries.update().where(feed_entries.c.id == entry.id)
            connection.execute(change.values(attempts=feed_entries.c.attempts + 1))


def _own(claim: Claim) -> sa.Update:
    columns = feed_states.c
    return feed_states.update().where(
        columns.feed_id == claim.feed.id, columns.claimed_by == claim.holder
    )


def _new_state(feed: WatchedFeed) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "url": feed.settings.url,
        "title": "",
        "settings_digest": settings_digest(feed.settings),
        "pause_seconds": 0,
        "failures": 0,
        "outcome": "",
        "found": 0,
        "taken": 0,
    }


def _gone(feed: WatchedFeed, now: dt.datetime) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "kind": "gone",
        "settings": encode(feed.settings.record()),
        "made_by": "watcher",
        "note": "the server answered 410 Gone",
        "made_at": now,
    }
