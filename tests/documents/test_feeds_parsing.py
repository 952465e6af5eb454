"""Feeds of every format, as they are and as they should not be; hostile ones cost little."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.documents.feeds.drafts import MOST_ENTRIES
from pledgebook.documents.feeds.entries import ParsedFeed
from pledgebook.documents.feeds.markup_text import one_line_of, text_of
from pledgebook.documents.feeds.parsing import MAX_FEED_BYTES, parse_feed
from pledgebook.errors import SourceError

TODAY = dt.date(2025, 1, 1)
URL = "https://example.org/news/feed.xml"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
  xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Ministry &amp; News</title><language>no-NO</language><ttl>90</ttl>
<atom:link href="https://example.org/news/feed.xml" rel="self"/>
<image><title>Logo</title><url>https://example.org/logo.png</url></image>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<item><title>Eight <![CDATA[<b>Leopard&nbsp;2</b>]]> tanks</title><media:title>Photo</media:title>
  <link> /2024/a?utm_source=rss&amp;id=7#top </link><guid isPermaLink="false">news-7</guid>
  <pubDate>Tue, 14 Feb 2023 23:30:00 EST</pubDate>
  <description>A teaser</description>
  <content:encoded><![CDATA[<p>Norway sends eight tanks.</p>
  <script>alert(1)</script>]]></content:encoded>
</item>
<item><guid>https://example.org/b</guid><dc:date>2023-03-01T10:00:00Z</dc:date>
  <description>&lt;p&gt;Sweden sends ten.&lt;/p&gt;</description></item>
</channel></rss>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.org/"><title>Old news</title></channel>
<item rdf:about="https://example.org/one"><title>One</title><link>https://example.org/one</link>
<dc:date>2023-04-05</dc:date><description>Text of one.</description></item>
</rdf:RDF>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://example.org/de/">
<title type="html">Nachrichten &amp;amp; mehr</title>
<entry xml:base="artikel/"><id>urn:uuid:1</id><title type="xhtml">
  <div xmlns="http://www.w3.org/1999/xhtml">Acht <b>Panzer</b></div></title>
  <link rel="replies" href="r"/><link rel="alternate" type="text/html" href="eins"/>
  <published>2023-02-14T12:00:00.123456789+01:00</published><updated>2023-02-15T00:00:00Z</updated>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Deutschland</p><p>liefert</p></div></content>
</entry>
<entry><id>urn:uuid:2</id><title type="text">a &lt; b</title><link href="zwei"/>
  <updated>2023-02-16T00:00:00Z</updated><summary type="text">x &lt;b&gt; y</summary></entry>
</feed>"""

JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "JSON news",
    "language": "en",
    "items": [
        {
            "id": 7,
            "url": "https://example.org/7",
            "title": "Seven",
            "content_html": "<p>Seven tanks.</p>",
            "date_published": "2023-05-06T07:08:09Z",
        },
        {"id": "8", "external_url": "https://example.org/8", "content_text": "1 < 2 & <b>\nnext"},
        "nonsense",
    ],
}


def parse(text: str | bytes, charset: str | None = None) -> ParsedFeed:
    data = text.encode() if isinstance(text, str) else text
    return parse_feed(data, URL, today=TODAY, charset=charset)


def test_rss() -> None:
    feed = parse(RSS)
    assert (feed.title, feed.lang, feed.pause) == (
        "Ministry & News",
        "no-NO",
        dt.timedelta(minutes=90),
    )
    first, second = feed.entries
    assert first.key == "news-7"
    assert first.url == "https://example.org/2024/a?id=7"
    assert first.title == "Eight Leopard 2 tanks"
    assert first.published == dt.date(2023, 2, 14)
    assert text_of(first.content) == "Norway sends eight tanks."
    assert (second.key, second.url) == ("https://example.org/b", "https://example.org/b")
    assert second.published == dt.date(2023, 3, 1)
    assert text_of(second.content) == "Sweden sends ten."


def test_rdf() -> None:
    feed = parse(RDF)
    assert feed.title == "Old news"
    (entry,) = feed.entries
    assert (entry.key, entry.url) == ("https://example.org/one", "https://example.org/one")
    assert (entry.published, entry.content) == (dt.date(2023, 4, 5), "Text of one.")


def test_atom() -> None:
    feed = parse(ATOM)
    assert (feed.title, feed.lang) == ("Nachrichten & mehr", "de")
    first, second = feed.entries
    assert (first.key, first.title) == ("urn:uuid:1", "Acht Panzer")
    assert first.url == "https://example.org/de/artikel/eins"
    assert (first.published, first.updated) == (dt.date(2023, 2, 14), "2023-02-15T00:00:00Z")
    assert text_of(first.content) == "Deutschland\n\nliefert"
    assert (second.title, second.url) == ("a < b", "https://example.org/de/zwei")
    assert second.published == dt.date(2023, 2, 16)
    assert text_of(second.content) == "x <b> y"


def test_json_feed() -> None:
    feed = parse(json.dumps(JSON))
    assert (feed.title, feed.lang) == ("JSON news", "en")
    first, second = feed.entries
    assert (first.key, first.url) == ("7", "https://example.org/7")
    assert first.published == dt.date(2023, 5, 6)
    assert second.url == "https://example.org/8"
    assert text_of(second.content) == "1 < 2 & <b>\n\nnext"


def test_old_rss_with_a_bare_document_type() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://example.org/rss.dtd">'
    only = "<item><title>A</title><link>https://example.org/a</link></item>"
    feed = parse(f'{doctype}<rss version="0.91"><channel>{only}</channel></rss>')
    assert [entry.url for entry in feed.entries] == ["https://example.org/a"]


@pytest.mark.parametrize(
    "inner", ["<!ENTITY a 'b'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", ""]
)
def test_a_feed_that_declares_entities_is_refused(inner: str) -> None:
    bomb = f'<?xml version="1.0"?><!-- <x> --><!DOCTYPE rss [{inner}]><rss>&a;</rss>'
    with pytest.raises(SourceError, match="entities of its own"):
        parse(bomb)


def test_a_billion_laughs_are_not_laughed() -> None:
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{grown}]><rss><title>&l9;</title></rss>'
    with pytest.raises(SourceError, match="entities"):
        parse(bomb)
    # In the middle, where no document type may stand, it declares nothing.
    middle = (
        f"<rss><channel><!DOCTYPE rss [<!ENTITY l0 'ha'>{grown}]><item><title>&l9;</title></item>"
    )
    assert all(len(entry.title) < 100 for entry in parse(f"{middle}</channel></rss>").entries)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 100, "no text"),
        (b"Norway sends tanks.", "no feed"),
        (b"{not json", "broken JSON"),
        (b'{"items": []}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "no JSON Feed"),
        (b"[" * 100_000, "no feed"),
        (b'{"a":' * 100_000, "broken JSON"),
        (b"<rss", "XML|element"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "'svg'"),
        (b"<opml version='2.0'/>", "'opml'"),
        (b"x" * (MAX_FEED_BYTES + 1), "may hold"),
    ],
)
def test_what_is_no_feed(data: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what) as caught:
        parse(data)
    assert caught.value.mend
    assert caught.value.where == URL


def test_a_page_names_its_feed() -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="../rss?utm_medium=x">'
    with pytest.raises(SourceError, match=r"Give https://example\.org/rss\.") as caught:
        parse(f"<!-- x --><!DOCTYPE html><html><head>{head}</head></html>")
    assert "page" in caught.value.what
    with pytest.raises(SourceError, match="RSS or Atom"):
        parse("<html><body>nothing</body></html>")


@pytest.mark.parametrize(
    ("declared", "header", "coded"),
    [
        ("windows-1251", None, "cp1251"),
        ("utf-8", "windows-1251", "utf-8"),
        ("windows-1251", "utf-8", "utf-8"),
        ("koi8-r", "iso-8859-1", "koi8-r"),
        ("utf-16", None, "utf-16"),
        ("no-such-thing", "utf-8", "utf-8"),
        (None, "windows-1251", "cp1251"),
        (None, None, "utf-8-sig"),
    ],
)
def test_encodings_declared_rightly_and_wrongly(
    declared: str | None, header: str | None, coded: str
) -> None:
    says = f"\n<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    text = f"{says}<rss><channel><item><title>Танки для Киева</title></item></channel></rss>"
    assert parse(text.encode(coded), header).entries[0].title == "Танки для Киева"


def test_broken_xml_gives_what_can_be_read() -> None:
    feed = parse("<rss><channel><item><title>One & only &nbsp;&copy; &zzz;</title></item>"
                 "<item><title>Two</tittle></item><item><title>Three")  # fmt: skip
    assert feed.entries[0].title.startswith("One")
    assert "©" in feed.entries[0].title


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd"),
        *("ftp://example.org/a", "http://user:secret@example.org/", "http://[:::", "http://"),
        *("https://" + "x" * 3000, "http://exa mple.org/", "mailto:a@example.org"),
    ],
)
def test_links_that_lead_to_no_page(link: str) -> None:
    feed = parse(f"<rss><channel><item><title>T</title><link>{link}</link></item></channel></rss>")
    assert [entry.url for entry in feed.entries] == [None]


def test_markup_in_titles_is_text_on_one_line() -> None:
    assert one_line_of("<script>alert(1)</script>Eight <b>tanks</b>\n &lt;now&gt;") == (
        "Eight tanks <now>"
    )
    assert one_line_of('<img src=x onerror="alert(1)">News') == "News"
    assert one_line_of("Less < more & so") == "Less < more & so"
    assert one_line_of("AT&amp;T") == "AT&T"
    assert len(one_line_of("word " * 10_000)) <= 500


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 14 Feb 2023 10:00:00 GMT", "2023-02-14"),
        ("Tue, 14 Feb 2023 23:59:00 -0800", "2023-02-14"),
        ("14 Feb 2023", "2023-02-14"),
        ("2023-02-14", "2023-02-14"),
        ("2023-02-14T10:00:00.1234567Z", "2023-02-14"),
        ("2023-02-14 10:00:00 +01:00", "2023-02-14"),
        ("", None),
        ("yesterday", None),
        ("Tue, 31 Feb 2023 10:00:00 GMT", None),
        ("2023-02", None),
        ("Wed, 01 Jan 2031 00:00:00 GMT", None),
        ("2025-01-03", None),
        ("2025-01-02", "2025-01-02"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9" * 5000, None),
    ],
)
def test_dates_missing_impossible_and_ahead(written: str, day: str | None) -> None:
    entry = f"<item><title>T</title><pubDate>{written}</pubDate></item>"
    found = parse(f"<rss><channel>{entry}</channel></rss>").entries[0].published
    assert (None if found is None else found.isoformat()) == day


def test_entries_without_anything_are_counted_and_others_once() -> None:
    items = "<item/>" * 3 + "<item><guid>a</guid><title>A</title></item>" * 2
    feed = parse(f"<rss><channel>{items}</channel></rss>")
    assert [entry.key for entry in feed.entries] == ["a"]
    assert feed.remarks == ("3 of its entries name no page and say nothing",)


def test_a_feed_of_many_entries_is_cut_and_says_so() -> None:
    items = "".join(f"<item><title>{n}</title></item>" for n in range(MOST_ENTRIES + 10))
    feed = parse(f"<rss><channel>{items}</channel></rss>")
    assert len(feed.entries) == MOST_ENTRIES
    assert str(MOST_ENTRIES) in feed.remarks[0]


HOSTILE = """
import datetime, resource, sys
from pledgebook.documents.feeds.parsing import parse_feed
from pledgebook.errors import SourceError
hostile = [
    b"<rss><channel>" + b"<a/>" * 2_000_000,
    b"<rss><channel><item>" + b"<a/>" * 2_000_000,
    b"<rss>" + b"<a>" * 1_000_000,
    b"<rss><channel><item><title>" + b"x" * 9_000_000,
    b"<rss><channel><item><title>" + b"&amp;" * 1_500_000,
    b"<rss><channel><item><title>" + b"&nbsp;" * 1_500_000,
    b"<rss><channel><item " + b"".join(b"a%d='' " % n for n in range(200_000)) + b"/>",
    b"<rss><channel>" + b"<item><title>t</title></item>" * 300_000,
    b"<rss><channel><item><description>" + b"&lt;b>" * 1_500_000 + b"</description></item>",
    b"<!--" + b"-" * 9_000_000,
    b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 2_000_000 + b"{}]}",
]
usual = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for data in hostile:
    try:
        feed = parse_feed(data, "https://example.org/feed", today=datetime.date(2025, 1, 1))
        assert len(feed.entries) <= 500
    except SourceError:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - usual) // 1024)
"""


def test_what_hostile_feeds_cost_is_bounded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=True, timeout=60
    )
    # 10 MB of empty JSON objects are 2 million dicts: nothing costs more than they do.
    assert int(done.stdout) < 350, "megabytes above what the process had before"


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss>", b"<feed ", b"{", b"<?xml "]))
def test_no_bytes_break_it(data: bytes, before: bytes) -> None:
    try:
        feed = parse(before + data)
    except SourceError:
        return
    assert all(entry.key for entry in feed.entries)
