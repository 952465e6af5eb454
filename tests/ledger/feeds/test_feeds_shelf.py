"""The shelf of feeds: added, changed, paused, removed; every change a row that nobody edits."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from making import Clock
from pledgebook.book import Book
from pledgebook.documents.feeds.feeds_file import FeedsError, make_settings
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.noting import acting
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.tables import audit
from pledgebook.ledger.feeds.tables import feed_changes
from pledgebook.ledger.feeds.watched import FeedState, feed_id

URL = "https://example.org/feed.xml"


def kinds(book: Book) -> list[str]:
    query = sa.select(feed_changes.c.kind).order_by(feed_changes.c.number)
    with book.store.database.reading() as connection:
        return list(connection.execute(query).scalars())


def test_a_feed_is_added_and_found_again(book: Book, clock: Clock) -> None:
    assert book.feeds.list() == []
    feed = book.feeds.add(URL, by="me", name="News", include=["tank"], every="2h")
    assert (feed.state, feed.added_by, feed.added_at) == (FeedState.ACTIVE, "me", clock())
    assert (feed.polled_at, feed.next_at, dict(feed.entries)) == (None, None, {})
    assert feed.settings.every == dt.timedelta(hours=2)
    assert feed.settings.include == ("tank",)
    shelf = book.feeds
    assert shelf.list() == [feed]
    for name in (
        URL,
        "HTTP://Example.org:80/feed.xml?utm_source=x#y",
        feed.id,
        feed.id[:8],
        "News",
    ):
        assert shelf.get(name) == feed
    for name in ("other", "https://example.org/other", "", "w"):
        with pytest.raises(NotFoundError, match="--list"):
            shelf.get(name)


def test_the_same_feed_twice_is_one_and_what_is_said_last_holds(book: Book) -> None:
    first = book.feeds.add(URL, name="One")
    assert book.feeds.add(URL, name="One").id == first.id
    assert kinds(book) == ["added"]
    book.feeds.add("http://EXAMPLE.org/feed.xml", name="Two")
    (feed,) = book.feeds.list()
    assert feed.name == "Two"
    assert kinds(book) == ["added", "changed"]


def test_paused_resumed_removed_and_added_again(book: Book) -> None:
    feed = book.feeds.add(URL, by="me")
    book.feeds.pause(URL, by="you", note="too much")
    book.feeds.pause(URL)
    assert book.feeds.get(URL).state is FeedState.PAUSED
    book.feeds.resume(URL)
    assert book.feeds.get(URL).state is FeedState.ACTIVE
    book.feeds.remove(feed.id)
    assert book.feeds.list() == []
    assert [one.state for one in book.feeds.list(removed=True)] == [FeedState.REMOVED]
    with pytest.raises(NotFoundError):
        book.feeds.remove(URL)
    assert book.feeds.add(URL, by="them").added_by == "them"
    assert kinds(book) == ["added", "paused", "resumed", "removed", "added"]


def test_a_file_leaves_what_a_person_paused_and_adds_what_one_removed(book: Book) -> None:
    other = "https://example.org/other"
    named = [make_settings(url=URL, name="File"), make_settings(url=other)]
    assert [one.name for one in book.feeds.put(named, by="file")] == ["File", other]
    book.feeds.pause(URL)
    book.feeds.remove(other)
    states = [one.state for one in book.feeds.put(named, by="file")]
    assert states == [FeedState.PAUSED, FeedState.ACTIVE]
    before = kinds(book)
    book.feeds.put(named, by="file")
    assert kinds(book) == before
    changed = [make_settings(url=URL, name="Other name")]
    assert [one.name for one in book.feeds.put(changed, by="file")] == ["Other name"]


def test_looking_a_file_up_writes_nothing(book: Book) -> None:
    (feed,) = book.feeds.look_up([make_settings(url=URL)])
    assert (feed.id, feed.state, feed.polled_at) == (feed_id(URL), FeedState.ACTIVE, None)
    assert book.feeds.list() == []


def test_a_beginning_that_fits_several_is_refused(book: Book) -> None:
    found = [book.feeds.add(f"https://example.org/{n}") for n in range(17)]
    names = sorted(one.id[:2] for one in found)
    twice = next(one for one, other in itertools.pairwise(names) if one == other)
    with pytest.raises(UsageError, match="several"):
        book.feeds.get(twice)


def test_what_is_wrong_with_a_feed_is_told_and_nothing_is_written(book: Book) -> None:
    with pytest.raises(FeedsError) as caught:
        book.feeds.add("gopher://x", every="1m", colour="red")
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 3
    assert any("http://" in one for one in told)
    assert any("5m" in one for one in told)
    assert any("colour" in one for one in told)
    with pytest.raises(UsageError, match="blank"):
        book.feeds.add(URL, by=" ")
    assert book.feeds.list() == []


def test_what_people_said_of_feeds_is_never_edited(book: Book) -> None:
    book.feeds.add(URL)
    for change in (feed_changes.delete(), feed_changes.update().values(kind="removed")):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            book.store.database.engine.begin() as raw,
        ):
            raw.execute(change)
    assert kinds(book) == ["added"]


def test_feeds_are_no_part_of_what_a_ledger_rests_on(book: Book) -> None:
    before = book.store.version()
    book.feeds.add(URL)
    assert book.store.version() == before


def test_who_changes_a_feed_in_the_app_is_noted(book: Book) -> None:
    with acting(Actor("ann", None, "127.0.0.1")):
        book.feeds.add(URL, by="ann")
        book.feeds.pause(URL, by="ann")
    book.feeds.resume(URL, by="cron")
    with book.store.database.reading() as connection:
        rows = connection.execute(sa.select(audit).order_by(audit.c.number)).all()
    assert [(row.who, row.action, row.subject, row.detail) for row in rows] == [
        ("ann", "feed", feed_id(URL), f"added {URL}"),
        ("ann", "feed", feed_id(URL), f"paused {URL}"),
    ]
