"""Feeds polled from a real server: what is new is read once, whatever the feed does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from feed_site import Reply, Site, item, rss
from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.feeds.watched import EntryState, FeedState, PollReport
from pledgebook.ledger.feeds.watcher import Watcher

NORWAY = "Norway will send eight Leopard 2 tanks to Ukraine, the ministry said."
SWEDEN = "Sweden will send ten Leopard 2 tanks to Ukraine, the government said."
DENMARK = "Denmark will send 19 F-16 jets to Ukraine, the prime minister said."

Watching = Callable[..., Watcher]


def one(reports: list[PollReport]) -> PollReport:
    (report,) = reports
    return report


def texts(book: Book) -> list[str]:
    found = book.store.texts([document.id for document in book.documents()])
    return sorted(document.text for document in found.values())


def test_what_is_new_is_read_and_read_once(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a", "Norway gives"), etag='"1"')
    site.article("/a", NORWAY)
    watcher = watching()
    report = one(watcher.once())
    assert (report.outcome, report.found, report.read, report.waiting) == ("new", 1, 1, 0)
    assert report.statements == 1
    assert report.problems == ()
    (document,) = book.documents()
    assert report.documents == (document.id,)
    assert document.url == f"{site.url}/a"
    assert [row.donor for row in book.rows()] == ["NOR"]

    assert watcher.once() == []  # not due
    clock.advance(minutes=31)
    again = one(watcher.once())
    assert (again.outcome, again.found, again.read) == ("unchanged", 0, 0)
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    assert site.paths() == ["/feed", "/a", "/feed"]

    site.feed("/feed", item("/b", "Sweden"), item("/a", "Norway gives"), etag='"2"')
    site.article("/b", SWEDEN)
    clock.advance(minutes=31)
    more = one(watcher.once())
    assert (more.outcome, more.found, more.read) == ("new", 1, 1)
    assert site.paths()[3:] == ["/feed", "/b"]
    assert len(book.documents()) == 2


def test_last_modified_is_asked_for_too(site: Site, watching: Watching, clock: Clock) -> None:
    when = "Tue, 31 Dec 2024 10:00:00 GMT"

    def answer(headers: Mapping[str, str]) -> Reply:
        if headers.get("If-Modified-Since") == when:
            return Reply(status=304)
        return Reply(rss(item("/a")), headers={"Last-Modified": when})

    site.pages["/feed"] = answer
    site.article("/a", NORWAY)
    watcher = watching()
    assert one(watcher.once()).read == 1
    clock.advance(hours=1)
    assert one(watcher.once()).outcome == "unchanged"


def test_a_server_without_either_is_read_anew_and_nothing_twice(
    site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a"), item("/b"))
    site.article("/a", NORWAY)
    site.article("/b", SWEDEN)
    watcher = watching()
    for found in (2, 0, 0):
        assert one(watcher.once()).found == found
        clock.advance(hours=1)
    assert site.paths() == ["/feed", "/a", "/b", "/feed", "/feed"]


def test_a_limit_of_articles_a_poll_and_none_is_lost(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", *(item(f"/{n}") for n in range(5)), etag='"1"')
    for n in range(5):
        site.article(f"/{n}", f"Norway will send {n + 2} Leopard 2 tanks to Ukraine.")
    watcher = watching(limit=2)
    told = []
    for _ in range(4):
        report = one(watcher.once())
        told.append((report.outcome, report.read, report.waiting))
        clock.advance(hours=1)
    # The feed itself is not sent again: what waits is in the book.
    assert told == [("new", 2, 3), ("unchanged", 2, 1), ("unchanged", 1, 0), ("unchanged", 0, 0)]
    assert site.paths("/0", "/1", "/2", "/3", "/4") == ["/0", "/1", "/2", "/3", "/4"]
    assert len(book.documents()) == 5


def test_dates_in_their_order(book: Book, site: Site, watching: Watching) -> None:
    site.feed(
        "/feed",
        *(item(path, day="Tue, 31 Dec 2024 09:00:00 GMT") for path in ("/bare", "/2024/12/24/x")),
        item("/meta", day="Tue, 31 Dec 2024 09:00:00 GMT"),
        item("/ahead", day="Tue, 31 Dec 2030 09:00:00 GMT"),
        item("/none", day=""),
    )
    site.article("/bare", NORWAY)
    site.article("/2024/12/24/x", SWEDEN)
    meta = '<meta property="article:published_time" content="2024-12-20T08:00:00Z">'
    site.article("/meta", DENMARK, meta)
    site.article("/ahead", "Latvia will send six Stinger missiles to Ukraine.")
    site.article("/none", "Estonia will send nine howitzers to Ukraine.")
    assert one(watching().once()).read == 5
    found = {
        str(document.url).removeprefix(site.url): (
            document.date.isoformat() if document.date else None,
            document.date_source,
        )
        for document in book.documents()
    }
    assert found == {
        "/bare": ("2024-12-31", "feed"),
        "/2024/12/24/x": ("2024-12-24", "url"),
        "/meta": ("2024-12-20", "metadata"),
        "/ahead": (None, None),
        "/none": (None, None),
    }


def test_the_same_article_by_other_addresses_is_read_once(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a?utm_source=rss", guid="1"), item("/a#top", guid="2"))
    site.feed("/other", item("/a", guid="x"), item("/moved", guid="y"), item("/copy", guid="z"))
    site.article("/a", NORWAY)
    site.pages["/moved"] = Reply(status=302, headers={"Location": "/a"})
    # Elsewhere, with a counter on it: other bytes, the same text.
    site.article("/copy", NORWAY, "<meta name=counter content=7>")
    first = one(watching().once())
    assert (first.found, first.read) == (2, 1)
    assert site.paths("/a") == ["/a"]
    clock.advance(minutes=2)
    second = one(watching("/other").once())
    assert (second.found, second.read, second.documents) == (3, 0, ())
    states = {feed.url.removeprefix(site.url): dict(feed.entries) for feed in book.feeds.list()}
    assert states == {
        "/feed": {EntryState.READ: 1, EntryState.KNOWN: 1},
        "/other": {EntryState.KNOWN: 2, EntryState.SAME: 1},
    }
    (document,) = book.documents()
    where = book.store.document(document.id).locations
    assert sorted(place.url or "" for place in where) == [f"{site.url}/a", f"{site.url}/copy"]


def test_an_article_that_the_feed_changes_is_read_again(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a", "Norway: eight", guid="1"))
    site.article("/a", NORWAY)
    watcher = watching()
    assert one(watcher.once()).read == 1

    site.feed("/feed", item("/a", "Norway: nine", guid="1"))
    site.article("/a", NORWAY.replace("eight", "nine"))
    clock.advance(hours=1)
    changed = one(watcher.once())
    assert (changed.found, changed.read) == (1, 1)
    assert [text.count("nine") for text in texts(book)] == [0, 1]

    # Another title over the same text: it is looked at, and nothing comes of it.
    site.feed("/feed", item("/a", "Norway: nine tanks", guid="1"))
    site.article("/a", NORWAY.replace("eight", "nine"), "<meta name=counter content=8>")
    clock.advance(hours=1)
    same = one(watcher.once())
    assert (same.found, same.read) == (1, 0)
    assert len(book.documents()) == 2


def test_a_feed_that_calls_an_article_changed_at_every_poll_is_not_followed_for_ever(
    site: Site, watching: Watching, clock: Clock
) -> None:
    site.article("/a", NORWAY)
    watcher = watching()
    for n in range(14):
        site.feed("/feed", item("/a", f"Title {n}", guid="1"))
        watcher.once()
        clock.advance(hours=1)
    assert len(site.paths("/a")) == 10


def test_an_article_changed_before_it_was_read_is_read_as_it_is_now(
    site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a", guid="a"), item("/b", "old", guid="b"), etag='"1"')
    site.article("/a", NORWAY)
    site.article("/b", SWEDEN)
    watcher = watching(limit=1)
    watcher.once()
    site.feed("/feed", item("/a", guid="a"), item("/b", "new", guid="b"), etag='"2"')
    clock.advance(hours=1)
    watcher.once()
    clock.advance(hours=1)
    watcher.once()
    assert site.paths("/b") == ["/b"]
    (feed,) = watcher.feeds
    assert dict(feed.entries) == {EntryState.READ: 2, EntryState.OUTDATED: 1}


def test_what_the_feed_itself_says(book: Book, site: Site, watching: Watching) -> None:
    html = "&lt;p&gt;" + NORWAY + "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    told = f"<description>{html}</description>"
    site.feed(
        "/feed",
        item("/a", "Eight &lt;b&gt;tanks&lt;/b&gt;", guid="a", more=told),
        item("https://elsewhere.example/b", "Sweden", guid="b",
             more=f"<description>{SWEDEN}</description>"),
        item("javascript:alert(1)", "Denmark", guid="c",
             more=f"<description>{DENMARK}</description>"),
    )  # fmt: skip
    report = one(watching(content="feed").once())
    assert report.read == 3
    assert site.paths() == ["/feed"]
    found = {document.title: document for document in book.documents()}
    tanks = book.store.document(found["Eight tanks"].id)
    assert tanks.text == f"Eight tanks\n\n{NORWAY}"
    assert (str(tanks.date), tanks.date_source) == ("2024-12-31", "feed")
    assert (tanks.extractor, tanks.url) == ("feed/1", f"{site.url}/a")
    # One house does not speak for another: the text is the feed's, wherever it leads.
    assert found["Sweden"].url == found["Denmark"].url == f"{site.url}/feed"
    assert len(book.commitments()) == 3


def test_an_entry_without_text_is_fetched_where_that_is_allowed(
    site: Site, watching: Watching
) -> None:
    site.feed("/feed", item("/a", "Norway"))
    site.article("/a", NORWAY)
    strict = one(watching(follow=False).once())
    assert (strict.read, [problem.code for problem in strict.problems]) == (0, ["empty-document"])
    assert site.paths() == ["/feed"]
    site.feed("/more", item("/a", "Norway"))
    assert one(watching("/more", content="feed").once()).read == 1


def test_words_that_are_wanted_and_not(site: Site, watching: Watching, clock: Clock) -> None:
    more = "<description>TANKS for Kyiv</description>"
    site.feed(
        "/feed",
        item("/a", "News", guid="a", more=more),
        item("/b", "Tanks in sport", guid="b"),
        item("/c", "Weather", guid="c"),
        item("/d", "Anti-tank; antitank", guid="d"),
        etag='"1"',
    )
    for path, text in (("/a", NORWAY), ("/b", SWEDEN), ("/c", DENMARK), ("/d", "Latvia sends.")):
        site.article(path, text)
    watcher = watching(include=["tank"], exclude=["sport"])
    assert one(watcher.once()).found == 2
    assert site.paths("/a", "/b", "/c", "/d") == ["/a", "/d"]
    # Other words: the feed is asked for whole, though it has not changed.
    clock.advance(minutes=2)
    assert one(watching(include=["weather"]).once()).found == 1
    assert site.paths()[-1] == "/c"


def test_a_language_that_is_stated_and_a_coder_that_is_not_there(
    book: Book, site: Site, watching: Watching
) -> None:
    site.feed("/feed", item("/a"))
    site.article("/a", NORWAY)
    bad = one(watching(coder="oracle").once())
    assert bad.outcome == "failed"
    assert "oracle" in bad.problems[0].what
    assert site.paths() == []
    assert one(watching(language="nb").once()).read == 1
    assert [document.lang for document in book.documents()] == ["nb"]


def test_polling_by_hand_and_not_twice_in_a_minute(
    site: Site, watching: Watching, clock: Clock, book: Book
) -> None:
    site.feed("/feed", item("/a"))
    site.article("/a", NORWAY)
    watcher = watching(name="News")
    assert watcher.poll("News").read == 1
    assert watcher.poll(f"{site.url}/feed").outcome == "too soon"
    clock.advance(minutes=2)
    assert watcher.poll(watcher.feeds[0]).outcome == "new"
    book.feeds.pause("News")
    clock.advance(minutes=2)
    assert watcher.poll("News").outcome == "paused"
    assert watcher.due() == []


def test_without_a_file_the_shelf_is_watched(book: Book, site: Site, clock: Clock) -> None:
    site.feed("/feed", item("/a"))
    site.article("/a", NORWAY)
    with Watcher(
        book, allow_local=True, sleep=lambda seconds: clock.advance(seconds=seconds)
    ) as watcher:
        assert watcher.once() == []
        book.feeds.add(f"{site.url}/feed", by="me")
        assert one(watcher.once()).read == 1


def test_a_feed_on_the_local_network_is_refused(book: Book, site: Site, clock: Clock) -> None:
    site.feed("/feed", item("/a"))
    book.feeds.add(f"{site.url}/feed")
    with Watcher(book, sleep=lambda seconds: clock.advance(seconds=seconds)) as watcher:
        report = one(watcher.once())
    assert report.outcome == "refused"
    assert "not on the public internet" in report.problems[0].what
    assert site.asked == []
    assert [problem.code for problem in book.problems()] == ["feed-refused"]


def test_a_feed_that_is_gone_is_polled_no_more_and_says_so(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.pages["/feed"] = Reply(status=410)
    watcher = watching()
    report = one(watcher.once())
    assert report.outcome == "gone"
    assert "gone for good" in str(report.problems[0])
    (feed,) = watcher.feeds
    assert feed.state is FeedState.GONE
    assert [problem.code for problem in book.problems()] == ["feed-gone"]
    clock.advance(days=30)
    assert watcher.once() == []
    assert one([watching().poll(feed)]).outcome == "gone"
    assert site.paths() == ["/feed"]
    book.feeds.resume(feed.id)
    site.feed("/feed", item("/a"))
    site.article("/a", NORWAY)
    assert one(watcher.once()).read == 1


def test_a_feed_that_moved_for_good_is_asked_where_it_is(
    site: Site, watching: Watching, clock: Clock
) -> None:
    site.pages["/feed"] = Reply(status=301, headers={"Location": "/new"})
    site.pages["/new"] = Reply(status=308, headers={"Location": "/newer"})
    site.feed("/newer", item("/a"))
    site.article("/a", NORWAY)
    watcher = watching()
    assert one(watcher.once()).read == 1
    clock.advance(hours=1)
    watcher.once()
    assert site.paths("/feed", "/new") == ["/feed", "/new", "/newer", "/newer"]
    assert watcher.feeds[0].url == f"{site.url}/newer"


def test_a_feed_that_moved_for_now_is_asked_where_it_was(
    site: Site, watching: Watching, clock: Clock
) -> None:
    site.pages["/feed"] = Reply(status=302, headers={"Location": "/new"})
    site.pages["/new"] = Reply(status=301, headers={"Location": "/newer"})
    site.feed("/newer")
    watcher = watching()
    for _ in range(2):
        watcher.once()
        clock.advance(hours=1)
    assert site.paths() == ["/feed", "/new", "/newer"] * 2


def test_a_move_to_what_is_no_feed_is_not_remembered(site: Site, watching: Watching) -> None:
    site.pages["/feed"] = Reply(status=301, headers={"Location": "/page"})
    site.article("/page", "Nothing here.")
    watcher = watching()
    report = one(watcher.once())
    assert report.outcome == "failed"
    assert "page, and no feed" in report.problems[0].what
    assert watcher.feeds[0].url == f"{site.url}/feed"


def test_articles_that_cannot_be_had(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/gone"), item("/out"), item("/loop"), item("/big"), etag='"1"')
    site.pages["/out"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    site.pages["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    site.pages["/big"] = Reply(b"x" * 20_000_001, headers={"Content-Type": "text/plain"})
    watcher = watching()
    first = one(watcher.once())
    assert [problem.code for problem in first.problems] == ["fetch-failed", "fetch-refused"]
    assert first.waiting == 2
    for _ in range(4):
        clock.advance(hours=1)
        watcher.once()
    (feed,) = watcher.feeds
    assert dict(feed.entries) == {EntryState.FAILED: 4}
    said = " ".join(problem.what for problem in book.problems())
    assert "404" in said
    assert "file:" in said
    assert "more than 5 times" in said
    assert "20,000,000" in said
    assert len(site.paths("/big")) == 4
    assert len(site.paths("/gone")) == 1


def test_a_purged_article_does_not_come_back(
    book: Book, site: Site, watching: Watching, clock: Clock
) -> None:
    site.feed("/feed", item("/a", guid="1"))
    site.article("/a", NORWAY)
    watcher = watching()
    watcher.once()
    (document,) = book.documents()
    book.purge(document.id, by="me")
    site.feed("/feed", item("/a", "Other title", guid="1"))
    site.article("/a", NORWAY, "<meta name=counter content=9>")
    clock.advance(hours=1)
    report = one(watcher.once())
    assert (report.found, report.read) == (1, 0)
    assert [one.state for one in book.documents()] == ["purged"]
    assert book.commitments() == []


def test_the_time_of_the_next_poll(site: Site, watching: Watching, clock: Clock) -> None:
    def due_in(path: str, **says: Any) -> dt.timedelta:  # noqa: ANN401
        report = one(watching(path, **says).once())
        assert report.next_at is not None
        return dt.timedelta(minutes=round((report.next_at - report.at).total_seconds() / 60))

    minutes = dt.timedelta(minutes=1)
    site.feed("/plain")
    site.feed("/ttl", more="<ttl>120</ttl>")
    site.feed("/sy", more="<sy:updatePeriod>hourly</sy:updatePeriod>")
    site.feed("/short", more="<ttl>1</ttl>")
    site.feed("/long", more="<ttl>9999999</ttl>")
    site.pages["/cached"] = Reply(rss(), headers={"Cache-Control": "public, max-age=5400"})
    assert due_in("/plain") == 30 * minutes
    assert due_in("/ttl") == 120 * minutes
    assert due_in("/sy") == 60 * minutes
    assert due_in("/short") == 30 * minutes
    assert due_in("/long") == 1440 * minutes
    assert due_in("/cached") == 90 * minutes
    clock.advance(minutes=2)
    assert due_in("/plain", every="2d") == 2880 * minutes
