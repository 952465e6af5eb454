"""What a feed says, whatever its format: plain data, with nothing in it that could act."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

__all__ = ["FeedEntry", "ParsedFeed"]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article as a feed announces it."""

    key: str
    """What the feed calls it: its guid or id, else its address, else a hash of its words."""
    url: str | None
    """Where it lies: http or https, canonical; None where the feed gives no such address."""
    title: str = ""
    """On one line, without markup."""
    content: str = ""
    """Its own text or its summary, as the feed has it: HTML more often than not."""
    published: dt.date | None = None
    updated: str = ""
    """When the feed says that it was changed, as written; only ever compared."""
    lang: str | None = None

    @property
    def version(self) -> str:
        """A hash of what the feed says of it: another one means that it was changed."""
        says = json.dumps([self.title, self.content, self.updated, self.url])
        return hashlib.sha256(says.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed, its entries in the order in which it has them: mostly the newest first."""

    title: str
    entries: tuple[FeedEntry, ...]
    lang: str | None = None
    pause: dt.timedelta | None = None
    """How long it asks to be left alone between two polls: ttl, sy:updatePeriod."""
    remarks: tuple[str, ...] = ()
    """What was passed over, in words."""
