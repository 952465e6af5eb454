"""What a feed says of an article, as a document: hostile markup gives text or a problem."""

from __future__ import annotations

import datetime as dt

import pytest

from pledgebook.documents.feeds.contents import from_feed
from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.documents.feeds.words import is_wanted
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document

FEED = "https://example.org/feed"


def entry(content: str, title: str = "Title", **more: str | None) -> FeedEntry:
    says: dict[str, str | None] = {"key": "k", "url": "https://example.org/a", **more}
    return FeedEntry(
        key=str(says["key"]),
        url=says["url"],
        title=title,
        content=content,
        published=dt.date(2023, 2, 14),
    )


def document(one: FeedEntry) -> Document:
    found = from_feed(one, FEED, None)
    assert isinstance(found, Document)
    return found


def test_a_text_of_the_feed() -> None:
    found = document(entry("<p>Norway sends eight tanks.</p><style>x</style><p>Soon.</p>"))
    assert found.text == "Title\n\nNorway sends eight tanks.\n\nSoon."
    assert (found.title, found.url, found.origin) == ("Title", "https://example.org/a", f"{FEED}:k")
    assert (found.date, found.date_source) == (dt.date(2023, 2, 14), "feed")
    assert document(entry("Title: eight tanks.")).text == "Title: eight tanks."


def test_the_same_words_are_the_same_document_and_others_are_not() -> None:
    one, same = document(entry("Eight tanks.")), document(entry("Eight tanks.", key="other"))
    assert one.id == same.id
    assert document(entry("Nine tanks.")).id != one.id


@pytest.mark.parametrize("url", ["https://elsewhere.example/a", None])
def test_a_feed_does_not_speak_for_another_house(url: str | None) -> None:
    assert document(entry("Eight tanks.", url=url)).url == FEED


@pytest.mark.parametrize("content", ["", " ", "<script>alert(1)</script>", "<img src=x>"])
def test_no_text_is_a_problem(content: str) -> None:
    found = from_feed(entry(content), FEED, None)
    assert isinstance(found, Problem)
    assert found.code == "empty-document"


@pytest.mark.parametrize(
    "content",
    [
        *("<b>" * 300_000, "x<br>" * 100_000, "<ul>" + "<li>x" * 80_000, "<" * 900_000),
        *("<table><tr>" + "<td>x" * 80_000, "<table><tr><td>" * 60_000, "<a " + "b=1 " * 200_000),
        *("&amp;" * 200_000, "<div><p>x</p>" * 60_000, "\x00\x1b\ufffe" * 1000),
    ],
    ids=["deep", "breaks", "list", "signs", "row", "tables", "attributes", "amps", "divs", "odd"],
)
def test_hostile_markup_is_text_or_a_problem(content: str) -> None:
    hostile = entry(content)
    found = from_feed(hostile, FEED, "en")
    assert isinstance(found, Problem) or len(found.text) < 2 * len(content) + 100
    assert is_wanted(hostile, ["title"], ["nothing of the kind"])


def test_words_begin_a_word() -> None:
    says = entry("<p>Two ANTITANK guns &amp; Straße</p>", title="Tank's")
    assert is_wanted(says, ["tank"], [])
    assert is_wanted(says, ["two  antitank"], [])
    assert is_wanted(says, ["STRASSE"], [])
    assert not is_wanted(says, ["gun"], ["anti"])
    assert not is_wanted(entry("antitank"), ["tank"], [])
    assert not is_wanted(says, ["a.*b"], [])
