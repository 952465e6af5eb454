"""Entries of feeds as rows: what waits, what became of it, and which are new."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.documents.feeds.addresses import address_digest
from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.ledger.columns import among
from pledgebook.ledger.feeds.tables import feed_entries
from pledgebook.ledger.feeds.watched import EntryState
from pledgebook.ledger.records import digest_id, encode

__all__ = ["PendingEntry", "entry_of", "led_before", "new_entries", "settle"]

_MOST_VERSIONS = 10
"""So many versions of one article are read: a feed may call it changed at every poll."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that waits to be read; `attempts` failed so far."""

    id: str
    entry: FeedEntry
    attempts: int


def led_before(connection: Connection, entry: PendingEntry, url: str) -> bool:
    """Tell whether another entry has led to an address, and its page was read."""
    columns = feed_entries.c
    digest = address_digest(url)
    mine = hashlib.sha256(entry.entry.key.encode()).hexdigest()
    query = sa.select(columns.id).where(
        sa.or_(columns.url_sha256 == digest, columns.found_url_sha256 == digest),
        columns.found_url_sha256.is_not(None),
        columns.state.in_([EntryState.READ.value, EntryState.SAME.value]),
        columns.key_sha256 != mine,
    )
    return connection.execute(query.limit(1)).first() is not None


def settle(
    connection: Connection,
    entry: PendingEntry,
    state: EntryState,
    now: dt.datetime,
    *,
    document: str | None = None,
    found_at: str | None = None,
) -> None:
    """Write what became of an entry; what the feed said of it is no longer kept."""
    change = feed_entries.update().where(feed_entries.c.id == entry.id)
    connection.execute(
        change.values(
            state=state.value,
            body="",
            document_id=document,
            found_url_sha256=None if found_at is None else address_digest(found_at),
            done_at=now,
        )
    )


def new_entries(
    connection: Connection, feed: str, entries: Sequence[FeedEntry], now: dt.datetime
) -> list[dict[str, Any]]:
    """Return the rows of entries that are new, or that the feed changed; the older one goes."""
    rows = {}
    for one in entries:
        name = digest_id("n", feed, one.key, one.version)
        rows[name] = {
            "id": name,
            "feed_id": feed,
            "key_sha256": hashlib.sha256(one.key.encode()).hexdigest(),
            "url_sha256": None if one.url is None else address_digest(one.url),
            "state": EntryState.WAITING.value,
            "body": _body_of(one),
            "attempts": 0,
            "found_at": now,
        }
    columns = feed_entries.c
    keys = {str(row["key_sha256"]) for row in rows.values()}
    there = connection.execute(
        sa.select(columns.id, columns.key_sha256).where(
            columns.feed_id == feed, among(columns.key_sha256, keys)
        )
    ).all()
    known = {row.id for row in there}
    versions: dict[str, int] = {}
    for row in there:
        versions[row.key_sha256] = versions.get(row.key_sha256, 0) + 1
    new = [
        row
        for name, row in rows.items()
        if name not in known and versions.get(str(row["key_sha256"]), 0) < _MOST_VERSIONS
    ]
    changed = [str(row["key_sha256"]) for row in new if row["key_sha256"] in versions]
    older = feed_entries.update().where(
        columns.feed_id == feed,
        columns.state == EntryState.WAITING.value,
        among(columns.key_sha256, changed),
    )
    if changed:
        connection.execute(older.values(state=EntryState.OUTDATED.value, body="", done_at=now))
    return new


def _body_of(entry: FeedEntry) -> str:
    return encode(
        {
            "key": entry.key,
            "url": entry.url,
            "title": entry.title,
            "content": entry.content,
            "published": entry.published.isoformat() if entry.published else None,
            "updated": entry.updated,
            "lang": entry.lang,
        }
    )


def entry_of(body: str) -> FeedEntry:
    """Return an entry that waits, from what was kept of it."""
    says = json.loads(body)
    day = says.pop("published")
    return FeedEntry(published=dt.date.fromisoformat(day) if day else None, **says)
