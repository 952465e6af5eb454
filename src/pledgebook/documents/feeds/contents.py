"""Articles to documents: a page that was fetched, or the text that a feed itself has.

The date of a page is the first that there is of: its metadata, its dateline, its address, and what
the feed says. Of a text that the feed itself has, what the feed says comes first.
"""

from __future__ import annotations

import io
import json

from pledgebook.documents.dates import plausible
from pledgebook.documents.draft import Blob, Draft
from pledgebook.documents.feeds.addresses import same_site
from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.documents.feeds.markup_text import text_of
from pledgebook.documents.fetch import Page
from pledgebook.documents.finish import Given, finish
from pledgebook.documents.limits import Limits
from pledgebook.documents.load import read_page
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document, sha256

__all__ = ["MAX_ARTICLE_BYTES", "MOST_DOCUMENTS", "from_feed", "from_page"]

MAX_ARTICLE_BYTES = 20_000_000
"""Of a page that a feed leads to."""

MOST_DOCUMENTS = 100
"""So many documents are taken from one address: a feed may lead to a table of thousands."""

_EXTRACTOR = "feed/1"


def from_page(page: Page, entry: FeedEntry, lang: str | None) -> list[Document | Problem]:
    """Return what a page holds, with the date of the entry where it has none of its own."""
    given = Given(lang=lang, announced=plausible(entry.published))
    found: list[Document | Problem] = []
    for one in read_page(page, entry.url or page.url, given, Limits()):
        if len(found) >= MOST_DOCUMENTS:
            what = f"it holds more than {MOST_DOCUMENTS} documents; the first ones were read"
            found.append(Problem(code="too-many-documents", what=what, source=page.url))
            break
        found.append(one)
    return found


def from_feed(entry: FeedEntry, feed_url: str, lang: str | None) -> Document | Problem:
    """Return the text that the feed itself has of an article.

    Its address is that of the article only where that is on the site of the feed: a feed of one
    house does not speak for another.
    """
    body = text_of(entry.content)
    text = body if entry.title and body.startswith(entry.title) else f"{entry.title}\n\n{body}"
    url = entry.url if entry.url and same_site(entry.url, feed_url) else feed_url
    blob = Blob(origin=feed_url, stream=io.BufferedReader(io.BytesIO(b"")))
    draft = Draft(
        text=text.strip() if body else "",
        sha256=sha256(json.dumps([entry.title, entry.content], ensure_ascii=False)),
        locator=entry.key,
        title=entry.title or None,
        date=plausible(entry.published),
        date_source="feed",
        lang=entry.lang,
        url=url,
        own_url=True,
    )
    return finish(draft, blob, _EXTRACTOR, Given(lang=lang), Limits())
