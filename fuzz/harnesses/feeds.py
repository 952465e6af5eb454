"""Feeds: RSS, RDF, Atom and JSON, the texts that they have themselves, and robots.txt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from harness import Harness
from material import pieces, text_of

from pledgebook.documents.feeds.contents import from_feed
from pledgebook.documents.feeds.parsing import parse_feed
from pledgebook.documents.feeds.robots import Rules
from pledgebook.errors import PledgebookError, Problem

_TODAY = dt.date(2023, 2, 14)
_URL = "https://example.org/feed"
_RSS = (
    "<rss version='2.0'><channel><title>Aid</title><link>https://example.org/</link><item>"
    "<title>Eight tanks</title><link>/a?utm_source=x</link><guid>1</guid><pubDate>Tue, 14 Feb "
    "2023 10:00:00 GMT</pubDate><description>&lt;p&gt;Norway gives 8.&lt;/p&gt;</description>"
    "</item></channel></rss>"
)
_ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>Aid</title><entry><id>urn:1</id>"
    "<title>Tanks</title><link rel='alternate' href='/b'/><updated>2023-02-14T10:00:00+01:00"
    "</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Eight</div>"
    "</content></entry></feed>"
)
_RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/"
    "1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Aid</title></channel><item>"
    "<title>T</title><link>https://example.org/c</link><dc:date>2023-02</dc:date></item></rdf:RDF>"
)
_JSON = (
    '{"version":"https://jsonfeed.org/version/1.1","title":"Aid","items":[{"id":"1","url":"/d",'
    '"title":"Tanks","content_html":"<p>Eight</p>","date_published":"2023-02-14T00:00:00Z"}]}'
)
_PAGE = "<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>"
_SEEDS = (_RSS, _ATOM, _RDF, _JSON, _PAGE)
_ROBOTS = "User-agent: *\nDisallow: /private\nAllow: /*.html$\nCrawl-delay: 5\nRequest-rate: 1/5\n"
_WORDS = (
    *(
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<link>",
        "<guid>",
        "<pubDate>",
        "<content:encoded>",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&#x1F600;",
        "&nbsp;",
        "<!DOCTYPE rss [",
        "<!ENTITY a 'b'>",
        "&a;",
    ),
    *("xml:base='http://x/'", "xml:lang='uk'", "type='html'", "type='xhtml'", "rel='alternate'"),
    *(
        "javascript:",
        "data:text/html,",
        "file:///",
        "//[::1]/",
        "http://a:99999/",
        "%zz",
        "\\u0000",
    ),
    *("Crawl-delay: ", "Request-rate: ", "User-agent: pledgebook", "Disallow: ", "1e999", "nan"),
)


def check(data: bytes) -> None:
    """Check one input: a byte chooses a feed or robots.txt."""
    (mode,), rest = pieces(data, 1)
    if mode & 7 == 7:
        rules = Rules(text_of(rest))
        assert isinstance(rules.allows("https://example.org/private/a.html"), bool)
        assert rules.delay >= 0
        return
    try:
        feed = parse_feed(rest, _URL, today=_TODAY)
    except PledgebookError:
        return
    for entry in feed.entries:
        assert entry.url is None or entry.url.startswith(("http://", "https://")), entry.url
        found = from_feed(entry, _URL, "en")
        assert isinstance(found, Problem) or found.text.strip()


def _seeds() -> Iterator[bytes]:
    yield from (b"\0" + text.encode() for text in _SEEDS)
    yield b"\0<?xml version='1.0' encoding='iso-8859-1'?>" + _RSS.encode()
    yield b"\7" + _ROBOTS.encode()


HARNESS = Harness(
    law="a feed is refused, or its entries have web addresses and give clean documents",
    check=check,
    seeds=_seeds,
    words=lambda: _WORDS,
    rooms=("pledgebook.documents",),
    longest=1024,
)
