"""Web pages: their text, title and date, as the extractor gives them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape

from harness import Harness
from material import pieces, sentences_of

from pledgebook.documents.draft import Blob
from pledgebook.documents.finish import Given, clean, finish
from pledgebook.documents.formats.html import Html
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

_LIMITS = Limits()
_TAGS = (
    *("p", "div", "article", "main", "section", "h1", "h2", "ul", "ol", "li", "table", "tr", "td"),
    *("th", "br", "a", "span", "nav", "footer", "header", "aside", "time", "meta", "script"),
    *("style", "svg", "template", "iframe", "pre", "blockquote", "title", "body", "head", "form"),
)
_PIECES = (
    *("<!doctype html>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "&#x202e;"),
    *("&amp;", "&#0;", "&#xD800;", "&nbsp;", "href='javascript:'", "charset=utf-16"),
    *("property='article:published_time' content='2023-02-14'", "application/ld+json"),
    *('{"@type":"NewsArticle","datePublished":"2023-02-14"}', "pubdate datetime='2023-02-14'"),
    *("itemprop='datePublished'", "role='main'", "lang='en'", "class='publish'"),
)


def check(data: bytes) -> None:
    """Check one input: a byte says whether a page is opened around it."""
    (mode,), rest = pieces(data, 1)
    page = b"<!doctype html><html lang=en><body>" + rest if mode & 1 else rest
    stream = io.BufferedReader(io.BytesIO(page))
    blob = Blob(origin="page.html", stream=stream, suffix=".html", size=len(page))
    for draft in Html().extract(blob, _LIMITS):
        found = (
            draft if isinstance(draft, Problem) else finish(draft, blob, "html/1", _NONE, _LIMITS)
        )
        if not isinstance(found, Problem):
            assert found.text.strip()
            assert clean(found.text) == found.text


_NONE = Given()


def _seeds() -> Iterator[bytes]:
    parts = [escape(part) for part in sentences_of(200)]
    for number in range(0, len(parts) - 3, 3):
        one, two, three = parts[number : number + 3]
        yield (
            f"\0<html lang=en><head><title>{one[:40]}</title><meta property='og:title' "
            f"content='{two[:30]}'></head><body><nav><a href=/>Home</a></nav><article><h1>"
            f"{one[:50]}</h1><p>{two}</p><ul><li>{three[:60]}</li></ul></article></body></html>"
        ).encode()
        yield f"\1<table><tr><th>{one[:30]}<td>8</table><main><p>{two}<br>{three}</main>".encode()


def _words() -> Iterator[str]:
    for tag in _TAGS:
        yield from (f"<{tag}>", f"</{tag}>")
    yield from _PIECES


HARNESS = Harness(
    law="a page gives a document of clean text, or a problem",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.documents",),
    longest=768,
)
