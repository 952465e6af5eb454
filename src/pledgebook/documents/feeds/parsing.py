"""Bytes to a feed: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom and JSON Feed.

lxml reads the XML, and not feedparser. It is there already; it reads piece by piece, so that what
a hostile feed costs is bounded in elements and characters, where feedparser builds all of it; and
JSON Feed, which feedparser does not read, needs code of our own anyway.
"""

from __future__ import annotations

import datetime as dt
import re

from pledgebook.documents.encoding import declared_in_markup, decode, is_binary
from pledgebook.documents.feeds.entries import ParsedFeed
from pledgebook.documents.finish import clean
from pledgebook.errors import SourceError

__all__ = ["MAX_FEED_BYTES", "parse_feed"]

MAX_FEED_BYTES = 10_000_000
"""Of a feed once it is decompressed."""

_PAGE = re.compile(r"(?:<!--.*?-->|<\?xml[^>]*>|\s)*<(?:!doctype\s+)?html\b", re.I | re.S)
_LINK = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json)", re.I)
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')", re.IGNORECASE)


def parse_feed(
    data: bytes,
    url: str,
    *,
    today: dt.date,
    charset: str | None = None,
) -> ParsedFeed:
    """Return the feed in `data`, found at `url`; `charset` is what the server calls its encoding.

    Raises SourceError where it is no feed.
    """
    from pledgebook.documents.feeds.json_feed import parse_json
    from pledgebook.documents.feeds.xml_feed import parse_xml

    if len(data) > MAX_FEED_BYTES:
        what = f"it holds {len(data):,} bytes, and a feed may hold {MAX_FEED_BYTES:,}"
        raise SourceError(what, where=url, mend="ask for a shorter feed of the same site")
    # What an XML file says of itself goes before the header of a server that guesses.
    decoded = None if is_binary(data) else decode(data, declared_in_markup(data[:1024]) or charset)
    if decoded is None:
        raise SourceError("its bytes are no text", where=url, mend="check the address of the feed")
    text = clean(decoded.text).lstrip("\ufeff \t\n")
    if not text:
        raise SourceError("it is empty", where=url, mend="check the address of the feed")
    if text.startswith("{"):
        return parse_json(text, url, today)
    if not text.startswith("<"):
        raise SourceError("it is no feed", where=url, mend="give the address of an RSS feed")
    if _PAGE.match(text[:4096]):
        raise _page(text, url)
    return parse_xml(text, url, today)


def _page(text: str, url: str) -> SourceError:
    """Return the error for a page in place of a feed; where the page names its feed, so does it."""
    from pledgebook.documents.feeds.addresses import canonical

    for link in _LINK.findall(text[:200_000]):
        href = _HREF.search(link) if _FEED_TYPE.search(link) else None
        found = canonical(href[1] or href[2], url) if href else None
        if found is not None:
            return SourceError("it is a page, and no feed", where=url, mend=f"give {found}")
    mend = "give the address of its RSS or Atom feed"
    return SourceError("it is a page, and no feed", where=url, mend=mend)
