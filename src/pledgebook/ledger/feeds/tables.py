"""The tables of feeds: what people want watched, and the working memory of those who watch.

    feed_changes    what people said of a feed, and when one was gone; append-only, the last wins
    feed_states     where and when a feed was last polled, and who is polling it now
    feed_entries    the articles that feeds announced, and what became of each
    feed_hosts      when a host may be asked again, who asks it now, its robots.txt

They stand on metadata of their own: whatever walks the tables of a book to export or copy it does
not meet them. What was read is in the book; how it was come by is the business of this one.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from pledgebook.ledger.columns import ExactText, UtcTime
from pledgebook.ledger.schema import metadata as book_metadata

__all__ = ["feed_changes", "feed_entries", "feed_hosts", "feed_states", "feeds_metadata"]

feeds_metadata = MetaData(naming_convention=book_metadata.naming_convention)

_ID = String(32)
_HASH = String(64)

feed_changes = Table(
    "feed_changes",
    feeds_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("feed_id", _ID, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("settings", Text, nullable=False),
    Column("made_by", ExactText, nullable=False),
    Column("note", ExactText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

feed_states = Table(
    "feed_states",
    feeds_metadata,
    Column("feed_id", _ID, primary_key=True),
    Column("url", ExactText, nullable=False),
    Column("title", ExactText, nullable=False),
    Column("settings_digest", _ID, nullable=False),
    Column("etag", ExactText),
    Column("last_modified", ExactText),
    Column("pause_seconds", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("polled_at", UtcTime),
    Column("next_at", UtcTime),
    Column("outcome", String(16), nullable=False),
    Column("found", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("problem", ExactText),
    Column("claimed_by", _ID),
    Column("claimed_until", UtcTime),
)

feed_entries = Table(
    "feed_entries",
    feeds_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("feed_id", _ID, nullable=False),
    Column("key_sha256", _HASH, nullable=False),
    Column("url_sha256", _HASH),
    Column("found_url_sha256", _HASH),
    Column("state", String(16), nullable=False),
    Column("body", ExactText, nullable=False),
    Column("document_id", _ID),
    Column("attempts", Integer, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
)

feed_hosts = Table(
    "feed_hosts",
    feeds_metadata,
    Column("host_sha256", _HASH, primary_key=True),
    Column("host", ExactText, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("not_before", UtcTime),
    Column("held_by", _ID),
    Column("held_until", UtcTime),
    Column("robots", ExactText),
    Column("robots_until", UtcTime),
)

Index("ix_feed_entries_feed_id", feed_entries.c.feed_id, feed_entries.c.state)
Index("ix_feed_entries_key_sha256", feed_entries.c.key_sha256)
Index("ix_feed_entries_url_sha256", feed_entries.c.url_sha256)
Index("ix_feed_entries_found_url_sha256", feed_entries.c.found_url_sha256)
