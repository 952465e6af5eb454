"""Feeds as a book knows them, and what became of what they announced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pledgebook.documents.feeds.addresses import address_digest, canonical
from pledgebook.documents.feeds.settings import FeedSettings
from pledgebook.errors import Problem
from pledgebook.ledger.records import digest_id, encode

__all__ = ["EntryState", "FeedState", "PollReport", "WatchedFeed", "feed_id", "settings_digest"]


class FeedState(StrEnum):
    """Whether a feed is polled."""

    ACTIVE = "active"
    PAUSED = "paused"
    """A person stopped it for a while."""
    GONE = "gone"
    """Its server said that it is gone for good (410)."""
    REMOVED = "removed"
    """A person took it off the shelf; what was read from it stays."""


class EntryState(StrEnum):
    """What became of an article that a feed announced."""

    WAITING = "waiting"
    READ = "read"
    SAME = "same"
    """Its text was in the book already, from here or elsewhere."""
    KNOWN = "known"
    """Another feed, or another entry, had led to its address before."""
    OUTDATED = "outdated"
    """The feed changed it before it was read; the newer version is."""
    FAILED = "failed"
    """It could not be fetched or read; a problem says why."""


@dataclass(frozen=True, slots=True)
class WatchedFeed:
    """A feed of the shelf, with what was seen of it so far."""

    id: str
    settings: FeedSettings
    state: FeedState
    added_by: str
    added_at: dt.datetime
    url: str
    """Where it is polled: another place than `settings.url` once it has moved for good."""
    title: str = ""
    """Its own title, as it was last seen."""
    polled_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    """When it is due; None for one that was never polled, or was changed since: now."""
    held_until: dt.datetime | None = None
    """While a watcher polls it, the instant up to which it holds it; None where none does."""
    outcome: str = ""
    """How the last poll ended, as `PollReport.outcome`."""
    failures: int = 0
    """Polls in a row that failed."""
    problem: str | None = None
    """What was wrong at the last poll, in a sentence."""
    found: int = 0
    """Entries that were new at the last poll."""
    taken: int = 0
    """Articles that the last poll read."""
    entries: Mapping[EntryState, int] = field(default_factory=dict)
    """All that it ever announced, by what became of it."""

    @property
    def name(self) -> str:
        """What a person calls it, its own title, or its address."""
        return self.settings.name or self.title or self.settings.url


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll did.

    `outcome` is "new" (the feed had changed), "unchanged", "later" (its host is not to be asked
    yet), "failed", "gone", "refused" (robots.txt, or an address that is not fetched), "too soon",
    "busy" (another watcher polls it), or the state of a feed that is not polled.
    """

    feed: WatchedFeed
    outcome: str
    at: dt.datetime
    found: int = 0
    """Entries that are new, or that the feed changed."""
    read: int = 0
    """Articles that were read."""
    statements: int = 0
    waiting: int = 0
    """Entries that wait for a later poll."""
    documents: tuple[str, ...] = ()
    """Ids of the documents that are new to the book."""
    problems: tuple[Problem, ...] = ()
    next_at: dt.datetime | None = None


def feed_id(url: str) -> str:
    """Return the id of the feed at an address: w and 20 hexadecimal digits."""
    return digest_id("w", address_digest(canonical(url) or url))


def settings_digest(settings: FeedSettings) -> str:
    """Return a hash of what a person said of a feed."""
    return digest_id("w", encode(settings.record()))
