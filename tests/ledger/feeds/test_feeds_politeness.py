"""What hosts are owed: robots.txt, one request at a time, pauses, and patience when they fail."""

from __future__ import annotations

import datetime as dt
import itertools
import socket
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import on_sqlite
from feed_site import Reply, Site, item, serving
from making import Clock
from pledgebook.book import Book
from pledgebook.documents.feeds.feeds_file import make_settings
from pledgebook.documents.feeds.robots import CLOSED, OPEN, Rules, text_for_status
from pledgebook.documents.feeds.times import cache_pause, retry_after, update_pause
from pledgebook.ledger.feeds.hosts import FeedHosts, back_off
from pledgebook.ledger.feeds.watched import PollReport
from pledgebook.ledger.feeds.watcher import Watcher

NORWAY = "Norway will send eight Leopard 2 tanks to Ukraine, the ministry said."
FASTER = 20
NOW = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)

Watching = Callable[..., Watcher]


def one(reports: list[PollReport]) -> PollReport:
    (report,) = reports
    return report


def robots(site: Site, *lines: str) -> None:
    site.pages["/robots.txt"] = Reply("\n".join(lines))


@on_sqlite
def test_a_robot_says_its_name(book: Book, site: Site, clock: Clock) -> None:
    site.feed("/feed")
    with Watcher(
        book,
        [make_settings(url=f"{site.url}/feed")],
        allow_local=True,
        contact="https://example.org/bot",
        sleep=lambda seconds: clock.advance(seconds=seconds),
    ) as watcher:
        watcher.once()
    agents = {headers["User-Agent"] for _, headers in site.asked}
    (agent,) = agents
    assert agent.startswith("pledgebook/")
    assert agent.endswith("(feeds; https://example.org/bot)")


@on_sqlite
def test_robots_txt_is_kept(site: Site, watching: Watching) -> None:
    robots(site, "User-agent: pledgebook", "Disallow: /private", "", "User-agent: *", "Disallow: /")
    site.feed("/feed", item("/a", guid="a"), item("/private/b", guid="b"), etag='"1"')
    site.article("/a", NORWAY)
    site.article("/private/b", "Secret.")
    report = one(watching().once())
    assert report.read == 1
    assert [problem.code for problem in report.problems] == ["fetch-refused"]
    assert "robots.txt" in report.problems[0].what
    assert site.paths() == ["/feed", "/a"]


@on_sqlite
def test_a_feed_that_robots_may_not_see_is_left_for_a_day(
    site: Site, watching: Watching, clock: Clock
) -> None:
    robots(site, "User-agent: *", "Disallow: /")
    watcher = watching()
    report = one(watcher.once())
    assert (report.outcome, report.next_at) == ("refused", clock() + dt.timedelta(days=1))
    assert site.paths() == []
    robots(site, "User-agent: *", "Disallow:")
    site.feed("/feed")
    clock.advance(days=1, minutes=1)
    assert one(watcher.once()).outcome == "new"


def test_robots_txt_is_asked_for_once_a_day(site: Site, watching: Watching, clock: Clock) -> None:
    site.feed("/feed", item("/a"))
    site.article("/a", NORWAY)
    for _ in range(4):
        # Another program each time, on the same book.
        watching().once()
        clock.advance(hours=7)
    assert [path for path, _ in site.asked].count("/robots.txt") == 1
    watching().once()
    assert [path for path, _ in site.asked].count("/robots.txt") == 2


@on_sqlite
def test_a_redirect_to_another_host_asks_its_robots_txt(site: Site, watching: Watching) -> None:
    with serving("127.0.0.2") as other:
        robots(other, "User-agent: *", "Disallow: /closed")
        site.feed("/feed", item("/a", guid="a"), item("/b", guid="b"))
        site.pages["/a"] = Reply(status=302, headers={"Location": f"{other.url}/open"})
        site.pages["/b"] = Reply(status=302, headers={"Location": f"{other.url}/closed"})
        other.article("/open", NORWAY)
        report = one(watching().once())
        assert report.read == 1
        assert [problem.code for problem in report.problems] == ["fetch-refused"]
        assert other.paths() == ["/open"]


@on_sqlite
@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_host_that_cannot_give_its_robots_txt_is_left(
    site: Site, watching: Watching, status: int
) -> None:
    site.pages["/robots.txt"] = Reply(status=status)
    site.feed("/feed")
    report = one(watching().once())
    assert report.outcome == "later"
    assert site.paths() == []


@pytest.mark.parametrize(
    ("status", "text"), [(404, OPEN), (410, OPEN), (401, CLOSED), (403, CLOSED)]
)
def test_what_a_missing_robots_txt_means(status: int, text: str) -> None:
    assert text_for_status(status, b"ignored") == text
    assert Rules(OPEN).allows("https://example.org/a")
    assert not Rules(CLOSED).allows("https://example.org/a")


@given(st.text(max_size=500))
def test_no_robots_txt_breaks_it(text: str) -> None:
    rules = Rules(text_for_status(200, text.encode("utf-8", "replace")))
    assert rules.delay >= 0
    assert rules.allows("https://example.org/") in (True, False)


@on_sqlite
def test_a_crawl_delay_is_kept(site: Site, watching: Watching, clock: Clock) -> None:
    robots(site, "User-agent: *", "Crawl-delay: 7")
    site.feed("/feed", *(item(f"/{n}") for n in range(3)))
    asked: list[dt.datetime] = []

    def answer(_: object) -> Reply:
        asked.append(clock())
        return Reply("<p>Text.</p>", headers={"Content-Type": "text/html"})

    for n in range(3):
        site.pages[f"/{n}"] = answer
    watching().once()
    pauses = [(after - before).total_seconds() for before, after in itertools.pairwise(asked)]
    assert len(pauses) == 2
    assert min(pauses) >= 7


@on_sqlite
def test_a_long_crawl_delay_makes_articles_wait_for_other_polls(
    site: Site, watching: Watching, clock: Clock
) -> None:
    robots(site, "User-agent: *", "Crawl-delay: 600")
    site.feed("/feed", *(item(f"/{n}") for n in range(2)), etag='"1"')
    for n in range(2):
        site.article(f"/{n}", f"Norway will send {n + 2} tanks to Ukraine.")
    watcher = watching()
    before = clock()
    assert one(watcher.once()).read == 0
    assert clock() - before < dt.timedelta(minutes=1)
    for _ in range(4):
        clock.advance(minutes=31)
        watcher.once()
    # Nothing was counted as a failure: they only waited for their turn.
    assert sum(watcher.feeds[0].entries.values()) == 2
    assert not watcher.feeds[0].failures


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("told", ["7200", "Wed, 01 Jan 2025 14:00:00 GMT"])
def test_retry_after_is_kept(
    site: Site, watching: Watching, clock: Clock, status: int, told: str
) -> None:
    site.pages["/feed"] = Reply(status=status, headers={"Retry-After": told})
    watcher = watching()
    report = one(watcher.once())
    assert report.outcome == "later"
    assert report.next_at is not None
    assert report.next_at >= dt.datetime(2025, 1, 1, 14, tzinfo=dt.UTC)
    assert str(status) in report.problems[0].what
    assert report.problems[0].severity == "warning"
    # Nobody asks that host before, whatever they want of it.
    site.feed("/other")
    clock.advance(minutes=61)
    assert one(watching("/other").once()).outcome == "later"
    assert site.paths() == ["/feed"]


@on_sqlite
def test_failures_double_the_pause(site: Site, watching: Watching, clock: Clock) -> None:
    site.pages["/feed"] = Reply(status=500)
    watcher = watching()
    pauses = []
    for _ in range(8):
        report = one(watcher.once())
        assert report.next_at is not None
        pauses.append(round((report.next_at - report.at).total_seconds() / 3600, 2))
        clock.now = report.next_at
    assert pauses == [0.5, 1, 2, 4, 8, 16, 24, 24]
    assert watcher.feeds[0].failures == 8
    site.feed("/feed")
    assert one(watcher.once()).outcome == "new"
    assert watcher.feeds[0].failures == 0


@on_sqlite
def test_a_host_that_does_not_answer_is_left(book: Book, clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Watcher(
        book,
        [make_settings(url=f"http://127.0.0.1:{port}/feed")],
        allow_local=True,
        sleep=lambda seconds: clock.advance(seconds=seconds),
    ) as watcher:
        report = one(watcher.once())
    assert report.outcome == "later"
    assert "connection" in report.problems[0].what
    assert book.problems() == []


def test_an_article_host_in_trouble_is_left_and_the_rest_goes_on(
    site: Site, watching: Watching, clock: Clock
) -> None:
    with serving("127.0.0.2") as other:
        other.pages["/x"] = Reply(status=503)
        other.pages["/y"] = Reply(status=503)
        site.feed("/feed", item(f"{other.url}/x"), item(f"{other.url}/y"), item("/a"), etag='"1"')
        site.article("/a", NORWAY)
        watcher = watching()
        report = one(watcher.once())
        assert (report.read, report.waiting) == (1, 2)
        assert other.paths() == ["/x"]
        other.article("/x", "Sweden will send ten tanks to Ukraine.")
        other.article("/y", "Denmark will send nine tanks to Ukraine.")
        clock.advance(hours=1)
        assert one(watcher.once()).read == 2


def test_one_request_at_a_time_on_a_host(place: str, site: Site) -> None:
    """Three watchers, each with a connection of its own, poll three feeds of a host at once."""
    for name in "abc":
        site.feed(f"/{name}", item(f"/{name}/1"), item(f"/{name}/2"))
        for n in "12":
            page = Reply("<p>Text.</p>", headers={"Content-Type": "text/html"}, slow=0.03)
            site.pages[f"/{name}/{n}"] = page
    faults: list[BaseException] = []
    begun = time.monotonic()

    def clock() -> dt.datetime:
        # All have one clock, and it is a fast one.
        return NOW + dt.timedelta(seconds=FASTER * (time.monotonic() - begun))

    def watch(name: str) -> None:
        try:
            with (
                Book.open(place, clock=clock) as book,
                Watcher(
                    book,
                    [make_settings(url=f"{site.url}/{name}")],
                    allow_local=True,
                    sleep=lambda seconds: time.sleep(seconds / FASTER),
                ) as watcher,
            ):
                watcher.once()
        except BaseException as error:  # noqa: BLE001 - told below
            faults.append(error)

    Book.open(place, clock=clock).close()
    threads = [threading.Thread(target=watch, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert site.most_at_once == 1
    asked = site.paths()
    assert {"/a", "/b", "/c"} & set(asked)
    assert len(asked) == len(set(asked))


@on_sqlite
def test_a_host_that_is_held_is_lent_again_when_its_holder_is_gone(
    book: Book, clock: Clock
) -> None:
    mine, other = (FeedHosts(book.store.database, clock, name) for name in ("mine", "other"))
    assert mine.take("example.org") is None
    assert other.take("example.org") == clock() + dt.timedelta(seconds=1)
    assert mine.take("example.org") is None
    clock.advance(seconds=91)
    assert other.take("example.org") is None
    # What the first one has to say of it counts no more.
    mine.give("example.org", dt.timedelta(days=3))
    other.give("example.org", dt.timedelta(seconds=1))
    clock.advance(seconds=2)
    assert mine.take("example.org") is None


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_back_off_grows_to_a_day_and_no_more(failures: int, chance: float) -> None:
    pause = back_off(failures, chance)
    assert dt.timedelta(minutes=1) <= pause <= dt.timedelta(hours=36)
    assert back_off(failures + 1, chance) >= pause
    assert back_off(failures, 0.0) <= pause <= back_off(failures, 1.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999999999", 7 * 86_400),
        ("Wed, 01 Jan 2025 12:01:00 GMT", 60),
        ("Wed, 01 Jan 2020 12:01:00 GMT", 0),
        ("Fri, 01 Jan 2055 12:01:00 GMT", 7 * 86_400),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 1000, None),
    ],
)
def test_retry_after(header: str | None, seconds: int | None) -> None:
    found = retry_after(header, NOW)
    assert (None if found is None else (found - NOW).total_seconds()) == seconds


def test_pauses_that_feeds_ask_for() -> None:
    minutes = dt.timedelta(minutes=1)
    assert update_pause("60") == 60 * minutes
    assert update_pause("60", "daily", "4") == 360 * minutes
    assert update_pause(None, "hourly", "0") == 60 * minutes
    assert update_pause("nan", "sometimes") is None
    assert update_pause("inf") == update_pause("1e300") == dt.timedelta(days=1)
    assert update_pause("-5", "", "x") is None
    assert cache_pause("public, max-age=600") == 10 * minutes
    assert cache_pause("no-cache, max-age=0") is None
    assert cache_pause("max-age=9999999999") == dt.timedelta(days=1)
    assert cache_pause(None) is None
