"""JSON Feed, version 1 and 1.1."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from pledgebook.documents.feeds.addresses import canonical
from pledgebook.documents.feeds.drafts import EntryDraft, gather
from pledgebook.documents.feeds.entries import ParsedFeed
from pledgebook.documents.feeds.markup_text import one_line_of
from pledgebook.errors import SourceError

__all__ = ["parse_json"]

_VERSION = "jsonfeed.org/version/1"


def parse_json(text: str, url: str, today: dt.date) -> ParsedFeed:
    """Return the feed. Raises SourceError where it is no JSON Feed."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"it is broken JSON ({str(error)[:200]})"
        raise SourceError(what, where=url, mend="tell its publisher") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or _VERSION not in _text(data, "version"):
        raise SourceError("it is JSON, and no JSON Feed", where=url, mend="check its address")
    drafts = (_draft(item, url) for item in items if isinstance(item, dict))
    entries, remarks = gather(drafts, today)
    return ParsedFeed(
        title=one_line_of(_text(data, "title")),
        entries=entries,
        lang=_text(data, "language") or None,
        remarks=remarks,
    )


def _draft(item: dict[str, Any], url: str) -> EntryDraft:
    link = _text(item, "url") or _text(item, "external_url")
    return EntryDraft(
        key=_text(item, "id"),
        url=canonical(link, url),
        title=_text(item, "title"),
        content=_text(item, "content_html")
        or _escaped(_text(item, "content_text") or _text(item, "summary")),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        lang=_text(item, "language") or None,
    )


def _escaped(text: str) -> str:
    """Write plain text as the HTML that says the same: "<" in it is no tag."""
    import html

    if "<" not in text and "&" not in text:
        return text
    return "<p>" + "</p><p>".join(html.escape(text, quote=False).split("\n")) + "</p>"


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # JSON may hold halves of surrogate pairs, which no store can keep.
    return str(value).encode("utf-8", "replace").decode()
