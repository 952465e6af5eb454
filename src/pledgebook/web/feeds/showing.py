"""Feeds as the page shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pledgebook.ledger.feeds.watched import EntryState, FeedState, WatchedFeed
from pledgebook.reporting.feeds_table import feed_records, outcome_text
from pledgebook.reporting.plain import one_line
from pledgebook.web.feeds.forms import FeedForm
from pledgebook.web.feeds.looking import Look
from pledgebook.web.tables import Column, Table

__all__ = ["FeedCard", "card_of", "feeds_as_table"]

_STATES = {FeedState.ACTIVE: "watched"}
_COLUMNS = tuple(
    Column(key, title)
    for key, title in (
        ("id", "Id"), ("name", "Name"), ("url", "Address"), ("state", "State"),
        ("last_poll", "Last poll (UTC)"), ("outcome", "What it found"),
        ("next_poll", "Next (UTC)"), ("found", "Found"), ("read", "Read"),
        ("waiting", "Waiting"), ("failed", "Failed"), ("problem", "Problem"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedCard:
    """One feed with its last poll, what it found, when it is polled next, and what is wrong."""

    id: str
    name: str
    url: str
    moved_to: str | None
    """Where it is polled, where that is elsewhere: it has moved for good."""
    state: str
    """"watched", "paused" or "gone"."""
    every: str
    words: str
    """Which entries are read, where not all are."""
    added: str
    last: dt.datetime | None
    found: str
    """What the last poll found, in words."""
    next: dt.datetime | None
    due: bool
    """Whether it is to be polled now."""
    polling: bool
    """Whether it is being polled."""
    read: int
    waiting: int
    failed: int
    problem: str | None
    grave: bool
    """Whether the problem kept it from being polled."""
    form: FeedForm
    look: Look | None = None

    @property
    def looking(self) -> bool:
        """Whether a look at it goes on."""
        return self.look is not None and not self.look.over


def card_of(feed: WatchedFeed, now: dt.datetime, look: Look | None = None) -> FeedCard:
    """Return a feed as it is shown at an instant, with the last look that somebody asked for."""
    active = feed.state is FeedState.ACTIVE
    due = active and (feed.next_at is None or feed.next_at <= now)
    said = feed.settings.model_dump(mode="json")
    return FeedCard(
        id=feed.id,
        name=one_line(feed.name),
        url=one_line(feed.settings.url),
        moved_to=one_line(feed.url) if feed.url != feed.settings.url else None,
        state=_STATES.get(feed.state, feed.state.value),
        every=said["every"],
        words=_words(feed),
        added=f"by {one_line(feed.added_by)}",
        last=feed.polled_at,
        found=_found(feed),
        next=None if due or not active else feed.next_at,
        due=due,
        polling=feed.held_until is not None and feed.held_until > now,
        read=feed.entries.get(EntryState.READ, 0),
        waiting=feed.entries.get(EntryState.WAITING, 0),
        failed=feed.entries.get(EntryState.FAILED, 0),
        problem=None if feed.problem is None else one_line(feed.problem),
        grave=feed.failures > 0 or feed.state is FeedState.GONE,
        form=FeedForm.of(feed.settings),
        look=look,
    )


def feeds_as_table(feeds: list[WatchedFeed]) -> Table:
    """Return the shelf as a table to download."""
    rows = []
    for one in feed_records(feeds):
        counts = one["entries"]
        more = {state: counts[state] for state in ("read", "waiting", "failed")}
        rows.append(one | more | {"found": sum(counts.values())})
    return Table("feeds", _COLUMNS, rows)


def _found(feed: WatchedFeed) -> str:
    """Return how the last poll ended, and what it found."""
    if not feed.outcome:
        return ""
    parts = [outcome_text(feed.outcome)]
    if feed.found:
        parts.append(f"{feed.found:,} found")
    if feed.taken:
        parts.append(f"{feed.taken:,} read")
    return ", ".join(parts)


def _words(feed: WatchedFeed) -> str:
    parts = []
    if feed.settings.include:
        parts.append("only with " + ", ".join(feed.settings.include))
    if feed.settings.exclude:
        parts.append("none with " + ", ".join(feed.settings.exclude))
    if not feed.settings.reads_pages:
        parts.append("the text of the feed itself")
    return one_line("; ".join(parts))
