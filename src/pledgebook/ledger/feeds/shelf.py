"""The feeds of a book: added, changed, paused and removed by people, or named in a file.

Each change is a row, and none is ever edited: the last one wins.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.documents.feeds.feeds_file import make_settings
from pledgebook.documents.feeds.settings import FeedSettings
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.noting import Action, noted
from pledgebook.ledger.feeds.tables import feed_changes, feed_entries, feed_states
from pledgebook.ledger.feeds.watched import (
    EntryState,
    FeedState,
    WatchedFeed,
    feed_id,
    settings_digest,
)
from pledgebook.ledger.moments import who
from pledgebook.ledger.records import encode
from pledgebook.ledger.store import Store

__all__ = ["FeedShelf"]

Feeds = list[WatchedFeed]

_STATES = {
    "added": FeedState.ACTIVE,
    "resumed": FeedState.ACTIVE,
    "paused": FeedState.PAUSED,
    "gone": FeedState.GONE,
    "removed": FeedState.REMOVED,
}


class FeedShelf:
    """What is watched for a book: `book.feeds`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._database = store.database
        self._clock = store.clock

    def add(self, url: str, *, by: str | None = None, note: str = "", **says: Any) -> WatchedFeed:  # noqa: ANN401
        """Add a feed, or change what is said of one, and return it.

        `says` are the keys of a `[[feed]]`: name, language, include, exclude, every, follow,
        content, coder, limit. One that was paused, gone or removed is polled again. Raises
        UsageError, with all that is wrong.
        """
        settings = make_settings(url=url, **says)
        with self._database.writing() as connection:
            now = _folded(connection, [feed_id(settings.url)]).get(feed_id(settings.url))
            if now is None or now.state is FeedState.REMOVED:
                self._write(connection, "added", settings, by, note)
            else:
                if now.settings != settings:
                    self._write(connection, "changed", settings, by, note)
                if now.state is not FeedState.ACTIVE:
                    self._write(connection, "resumed", settings, by, note)
        return self.get(feed_id(settings.url))

    def put(self, feeds: Iterable[FeedSettings], *, by: str | None = None) -> Feeds:
        """Take over the feeds of a file and return them in its order.

        One that was removed by hand is added again; one that is paused, or gone, stays so.
        """
        wanted = list(feeds)
        names = [feed_id(one.url) for one in wanted]
        with self._database.writing() as connection:
            there = _folded(connection, names)
            for name, settings in zip(names, wanted, strict=True):
                now = there.get(name)
                if now is None or now.state is FeedState.REMOVED:
                    self._write(connection, "added", settings, by, "")
                elif now.settings != settings:
                    self._write(connection, "changed", settings, by, "")
        return self.look_up(wanted)

    def remove(self, name: str, *, by: str | None = None, note: str = "") -> None:
        """Take a feed off the shelf; what was read from it stays. Raises NotFoundError."""
        self._change(name, "removed", by, note)

    def pause(self, name: str, *, by: str | None = None, note: str = "") -> None:
        """Poll a feed no more until it is resumed. Raises NotFoundError."""
        self._change(name, "paused", by, note)

    def resume(self, name: str, *, by: str | None = None, note: str = "") -> None:
        """Poll a feed again that was paused, or that its server called gone."""
        self._change(name, "resumed", by, note)

    def list(self, *, removed: bool = False) -> Feeds:
        """Return the feeds in the order in which they were added; `removed` ones only if asked."""
        with self._database.reading() as connection:
            found = _folded(connection)
        return [one for one in found.values() if removed or one.state is not FeedState.REMOVED]

    def look_up(self, feeds: Iterable[FeedSettings]) -> Feeds:
        """Return the feeds of a file as they are known by now; nothing is written."""
        with self._database.reading() as connection:
            found = _folded(connection)
        return [found.get(feed_id(one.url)) or self._unknown(one) for one in feeds]

    def get(self, name: str) -> WatchedFeed:
        """Return a feed by its address, its id or the beginning of it. Raises NotFoundError."""
        feeds = self.list()
        named = feed_id(name) if "://" in name else name
        exact = [one for one in feeds if named in (one.id, one.settings.name)]
        found = exact or [one for one in feeds if len(named) > 1 and one.id.startswith(named)]
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise UsageError(f"{name} may be several feeds: {ids}", mend="Give more of the id")
        if not found:
            mend = "See `pledgebook watch --list` for those that there are"
            raise NotFoundError(f"no feed {name!r} is watched", mend=mend)
        return found[0]

    def _unknown(self, settings: FeedSettings) -> WatchedFeed:
        return WatchedFeed(
            id=feed_id(settings.url),
            settings=settings,
            state=FeedState.ACTIVE,
            added_by="",
            added_at=self._clock(),
            url=settings.url,
        )

    def _change(self, name: str, kind: str, by: str | None, note: str) -> None:
        feed = self.get(name)
        if feed.state is _STATES[kind]:
            return
        with self._database.writing() as connection:
            self._write(connection, kind, feed.settings, by, note)

    def _write(
        self, connection: Connection, kind: str, settings: FeedSettings, by: str | None, note: str
    ) -> None:
        now, name = self._clock(), feed_id(settings.url)
        noted(connection, now, Action.FEED, name, f"{kind} {settings.url}")
        row = {
            "feed_id": name,
            "kind": kind,
            "settings": encode(settings.record()),
            "made_by": who(by),
            "note": note,
            "made_at": now,
        }
        connection.execute(feed_changes.insert(), [row])


def _folded(connection: Connection, only: Iterable[str] | None = None) -> dict[str, WatchedFeed]:
    """Return the feeds as the last change of each left them, with what was seen of them."""
    changes = sa.select(feed_changes).order_by(feed_changes.c.number)
    if only is not None:
        changes = changes.where(feed_changes.c.feed_id.in_(list(only)))
    seen = {row.feed_id: row for row in connection.execute(sa.select(feed_states))}
    counts = _counts(connection)
    found: dict[str, WatchedFeed] = {}
    for row in connection.execute(changes):
        before = found.get(row.feed_id)
        settings = make_settings(**json.loads(row.settings))
        state = _STATES.get(row.kind) or (before.state if before else FeedState.ACTIVE)
        first = before is None or row.kind == "added"
        now = seen.get(row.feed_id)
        changed = now is None or now.settings_digest != settings_digest(settings)
        found[row.feed_id] = WatchedFeed(
            id=row.feed_id,
            settings=settings,
            state=state,
            added_by=row.made_by if first or before is None else before.added_by,
            added_at=row.made_at if first or before is None else before.added_at,
            url=settings.url if now is None else now.url,
            title="" if now is None else now.title,
            polled_at=None if now is None else now.polled_at,
            next_at=None if now is None or changed else now.next_at,
            held_until=None if now is None else now.claimed_until,
            outcome="" if now is None else now.outcome,
            failures=0 if now is None else now.failures,
            problem=None if now is None else now.problem,
            found=0 if now is None else now.found,
            taken=0 if now is None else now.taken,
            entries=counts.get(row.feed_id, {}),
        )
    return found


def _counts(connection: Connection) -> dict[str, dict[EntryState, int]]:
    columns = feed_entries.c
    query = sa.select(columns.feed_id, columns.state, sa.func.count()).group_by(
        columns.feed_id, columns.state
    )
    found: dict[str, dict[EntryState, int]] = {}
    for name, state, count in connection.execute(query):
        found.setdefault(name, {})[EntryState(state)] = count
    return found
