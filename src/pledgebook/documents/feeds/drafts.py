"""Entries as a parser finds them, made what a poll takes: bounded, plain, each with a key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.documents.feeds.markup_text import one_line_of
from pledgebook.documents.feeds.times import day_of

__all__ = ["MOST_ENTRIES", "EntryDraft", "gather"]

MOST_ENTRIES = 500
"""So many entries of a feed are looked at: feeds have 10 to 100, the newest first."""

_LONGEST_CONTENT = 1_000_000
_LONGEST_KEY = 2000


@dataclass(slots=True)
class EntryDraft:
    """What stands in a feed of one entry, in the words of the feed."""

    key: str = ""
    url: str | None = None
    title: str = ""
    content: str = ""
    published: str = ""
    updated: str = ""
    lang: str | None = None


def gather(
    drafts: Iterable[EntryDraft], today: dt.date
) -> tuple[tuple[FeedEntry, ...], tuple[str, ...]]:
    """Return the entries, each once, and remarks on what was passed over."""
    found: dict[str, FeedEntry] = {}
    empty = 0
    remarks: list[str] = []
    for number, draft in enumerate(drafts):
        if number >= MOST_ENTRIES:
            remarks.append(f"it has more than {MOST_ENTRIES} entries; the first ones are taken")
            break
        entry = _entry(draft, today)
        if entry is None:
            empty += 1
        else:
            found.setdefault(entry.key, entry)
    if empty:
        remarks.append(f"{empty} of its entries name no page and say nothing")
    return tuple(found.values()), tuple(remarks)


def _entry(draft: EntryDraft, today: dt.date) -> FeedEntry | None:
    title = one_line_of(draft.title)
    content = draft.content[:_LONGEST_CONTENT].strip()
    key = draft.key.strip()
    if draft.url is None and not content and not title:
        return None
    if not key or len(key) > _LONGEST_KEY:
        words = hashlib.sha256(f"{title}\n{content}\n{key}".encode()).hexdigest()
        key = draft.url or f"sha256:{words}"
    published = day_of(draft.published, today) or day_of(draft.updated, today)
    return FeedEntry(
        key=key,
        url=draft.url,
        title=title,
        content=content,
        published=published,
        updated=draft.updated.strip()[:100],
        lang=draft.lang,
    )
