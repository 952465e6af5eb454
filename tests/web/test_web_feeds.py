"""Feeds: added, looked at, paused, changed and taken along; watched while the server runs."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect
from teams import signed_in, team_book

from browsers import serious_faults, watched
from feed_site import Reply, Site, item, rss
from feed_site import serving as running_site
from pledgebook.book import Book
from pledgebook.documents.feeds.feeds_file import FeedsError, make_settings, read_feeds
from pledgebook.documents.feeds.settings import FeedSettings
from pledgebook.errors import UsageError
from pledgebook.ledger.access.noting import Action
from pledgebook.ledger.feeds.shelf import FeedShelf
from pledgebook.ledger.feeds.watched import FeedState, WatchedFeed, feed_id
from pledgebook.web.app import create_app
from pledgebook.web.feeds.file import read_file, to_toml
from pledgebook.web.feeds.forms import FeedForm, faults_of
from pledgebook.web.feeds.watching import Watching
from pledgebook.web.settings import Settings
from served import Served, serving

NORWAY = "Norway will send eight Leopard 2 tanks to Ukraine, the ministry said."
SWEDEN = "Sweden will send ten Leopard 2 tanks to Ukraine, the government said."
HOSTILE = "<script>document.title='x'</script><img src=x onerror=alert(1)>"
PATIENCE = 60_000


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with a feed of one article."""
    with running_site() as found:
        found.feed("/feed", item("/a", "Norway gives"), etag='"1"')
        found.article("/a", NORWAY)
        yield found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """An empty book, served without watching, that may ask this machine; its clock goes."""
    path = tmp_path / "aid.db"
    with Book.open(path) as book, serving(book, path, allow_local=True, watch=False) as found:
        yield found


@pytest.fixture
def page(chrome: Browser, empty: Served) -> Iterator[Page]:
    with watched(chrome, base_url=empty.url) as (found, seen):
        # A form that is not right is answered with 422, which Chromium writes down.
        seen.expected.append("422 (Unprocessable")
        found.request.get(empty.entry)
        yield found.new_page()


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; fail where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come to hold"
        threading.Event().wait(0.05)


def through(served: Served, url: str) -> None:
    looks = served.app.state.looks
    until(lambda: (look := looks.get(feed_id(url))) is not None and look.over)


def test_a_feed_is_added_looked_at_paused_changed_and_taken_off(
    page: Page, empty: Served, site: Site
) -> None:
    page.goto("/feeds")
    expect(page.get_by_text("No feed is watched yet")).to_be_visible()
    expect(page.get_by_text("This server does not watch")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_label("Address").fill(f"{site.url}/feed")
    page.get_by_role("button", name="Add and look").click()
    card = page.locator(".feed")
    expect(card.get_by_role("status")).to_contain_text("1 read, 1 statement", timeout=PATIENCE)
    expect(card.get_by_role("heading")).to_contain_text("Aid news")
    expect(card).to_contain_text("1 article read")
    expect(card).to_contain_text("new, 1 found, 1 read")
    assert serious_faults(page) == []
    assert [row.donor for row in empty.book.rows()] == ["NOR"]

    card.get_by_role("button", name="Look now").click()
    expect(card.get_by_role("status")).to_contain_text("polled a moment ago", timeout=PATIENCE)
    assert site.paths("/feed") == ["/feed"]

    card.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status").first).to_contain_text("paused")
    expect(card.get_by_role("heading")).to_contain_text("paused")
    expect(card).to_contain_text("not until it is resumed")
    card.get_by_text("Change").click()
    card.get_by_label("Name").fill(HOSTILE)
    card.get_by_label("Poll every").fill("2h")
    card.get_by_label("Read only").fill("tank, Norway\nLeopard")
    card.get_by_role("button", name="Keep").click()
    expect(card.get_by_role("heading")).to_contain_text(HOSTILE)
    expect(card).to_contain_text("every 2h; only with tank, Norway, Leopard")
    assert serious_faults(page) == []
    (feed,) = empty.book.feeds.list()
    assert (feed.state, feed.added_by) == (FeedState.PAUSED, "tester")
    assert feed.settings.include == ("tank", "Norway", "Leopard")

    card.get_by_role("button", name="Resume").click()
    expect(card.get_by_role("heading")).to_contain_text("watched")
    card.get_by_role("button", name="Take off").click()
    expect(page.get_by_text("No feed is watched yet")).to_be_visible()
    assert len(empty.book.documents()) == 1


def test_faults_stand_at_their_fields(page: Page, empty: Served, site: Site) -> None:
    page.goto("/feeds")
    page.get_by_label("Address").fill("no <b>address</b>")
    page.get_by_label("Poll every").fill("1m")
    page.get_by_role("button", name="Add and look").click()
    address, every = page.get_by_label("Address"), page.get_by_label("Poll every")
    expect(address).to_have_value("no <b>address</b>")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_have_accessible_description(
        "'no <b>address</b>' is no address of a feed. Write one with http:// or https://."
    )
    expect(every).to_have_accessible_description(re.compile('"5m" at least'))
    expect(page.get_by_label("Name")).not_to_have_attribute("aria-invalid", "true")
    assert serious_faults(page) == []
    assert empty.book.feeds.list() == []

    url = f"{site.url}/feed"
    empty.book.feeds.add(url, content="feed", language="nb", limit=3)
    address.fill(url)
    every.fill("30m")
    page.get_by_role("button", name="Add and look").click()
    expect(address).to_have_accessible_description(re.compile("on the shelf already"))
    card = page.locator(".feed")
    card.get_by_text("Change").click()
    card.get_by_label("Poll every").fill("soon")
    card.get_by_role("button", name="Keep").click()
    expect(card.get_by_label("Poll every")).to_have_accessible_description(re.compile("no span"))
    card.get_by_label("Poll every").fill("1d")
    card.get_by_role("button", name="Keep").click()
    expect(card).to_contain_text("every 1d; the text of the feed itself")
    (feed,) = empty.book.feeds.list()
    # What the form does not ask for stays as it was.
    assert feed.settings == make_settings(
        url=url, content="feed", language="nb", limit=3, every="1d"
    )


def test_it_works_without_javascript(chrome: Browser, empty: Served, site: Site) -> None:
    site.pages["/feed"] = Reply(rss(item("/a", HOSTILE.replace("<", "&lt;"))).replace(
        "Aid news", HOSTILE.replace("<", "&lt;")
    ))  # fmt: skip
    empty.book.feeds.add(f"{site.url}/feed", name=HOSTILE)
    with watched(chrome, base_url=empty.url, java_script_enabled=False) as (context, _):
        context.request.get(empty.entry)
        tab = context.new_page()
        tab.goto("/feeds")
        tab.get_by_role("button", name="Look now").click()
        # The page loads itself again until the look is over.
        expect(tab.locator(".looked")).to_contain_text("1 read", timeout=PATIENCE)
        expect(tab.locator(".feed h2")).to_contain_text(HOSTILE)
        assert tab.locator("main script, main img").count() == 0
        assert tab.locator("meta[http-equiv=refresh]").count() == 0
        tab.get_by_role("link", name="Open at the reading desk").click()
        expect(tab.locator("main")).to_contain_text("Leopard 2")


def test_feeds_of_a_file_and_back(page: Page, empty: Served, tmp_path: Path) -> None:
    page.goto("/feeds")
    path = tmp_path / "feeds <i>.toml"
    path.write_text('[[feed]]\nurl = "nowhere"\nevry = "1h"\n', encoding="utf-8")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import").click()
    faults = page.locator("#file-fault")
    expect(faults).to_contain_text("feeds <i>.toml, line 2, feed[1].url: 'nowhere' is no address")
    expect(faults).to_contain_text("Did you mean every?")
    expect(page.get_by_label("File")).to_have_attribute("aria-invalid", "true")
    assert serious_faults(page) == []
    assert empty.book.feeds.list() == []

    whole = (
        'every = "1h"\ncontact = "desk@example.org"\n[[feed]]\nurl = "https://www.example.org/f"\n'
        'name = "A \\"paper\\""\n[[feed]]\nurl = "https://www.example.com/g"\nlimit = 3\n'
    )
    path.write_text(whole, encoding="utf-8")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("status").first).to_contain_text("contact is told to servers by")
    expect(page.locator(".feed")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take along as TOML").click()
    taken = Path(download.value.path()).read_text(encoding="utf-8")
    assert read_feeds(taken).feeds == read_feeds(whole).feeds
    with empty.client() as client:
        rows = client.get("/tables/feeds.json").json()
    assert [(row["name"], row["state"], row["read"]) for row in rows] == [
        ('A "paper"', "active", 0), ("https://www.example.com/g", "active", 0),
    ]  # fmt: skip


def test_this_machine_is_not_asked(tmp_path: Path, site: Site) -> None:
    with Book.open(tmp_path / "aid.db") as book, serving(book, watch=False) as served:
        with served.client() as client:
            client.headers["x-csrf-token"] = served.csrf
            for url in (f"{site.url}/feed", site.url.replace("127.0.0.1", "localhost") + "/feed"):
                assert client.post("/feeds", data={"url": url}).status_code == 303
                through(served, url)
            text = client.get("/feeds").text
        assert text.count("not allowed") >= 2
        assert {one.outcome for one in book.feeds.list()} == {"refused"}
    assert site.asked == []


def test_a_dead_feed_tells_its_problem_with_its_mend(empty: Served, site: Site) -> None:
    site.pages["/gone"] = Reply(status=410)
    site.pages["/none"] = Reply("no feed at all")
    with empty.client() as client:
        client.headers["x-csrf-token"] = empty.csrf
        for path in ("/gone", "/none"):
            client.post("/feeds", data={"url": site.url + path})
            through(empty, site.url + path)
        gone = client.get(
            f"/feeds/{feed_id(site.url + '/gone')}", headers={"hx-request": "true"}
        ).text
        assert 'chip bad">gone<' in gone
        assert "Take it out, or give its new address" in gone
        none = feed_id(site.url + "/none")
        answer = client.get(f"/feeds/{none}", headers={"hx-request": "true"}).text
        assert 'class="bad"' in answer
        assert "<html" not in answer
        # Without JavaScript the address of one feed leads to its place on the page.
        assert client.get(f"/feeds/{none}").headers["location"] == f"/feeds#{none}"
        for path in ("", "/look"):
            method = client.post if path else client.get
            assert method(f"/feeds/{none[:9]}{path}").status_code == 404
        client.post(f"/feeds/{none}/remove")
        client.post(f"/feeds/{feed_id(site.url + '/gone')}/remove")
        assert client.get("/feeds/feeds.toml").status_code == 404
        assert client.post("/feeds/import").status_code == 422


def test_what_is_due_is_read_while_the_server_runs(tmp_path: Path, site: Site) -> None:
    with Book.open(tmp_path / "aid.db") as book:
        book.feeds.add(f"{site.url}/feed")
        paused = book.feeds.add(f"{site.url}/paused")
        book.feeds.pause(paused.id)
        with serving(book, allow_local=True) as served:
            until(book.documents)
            with served.client() as client:
                until(lambda: "1 article read" in client.get("/feeds").text)
                assert "does not watch" not in client.get("/feeds").text
            started = served.app.state.watching
        (feed,) = (one for one in book.feeds.list() if one.state is FeedState.ACTIVE)
        assert (feed.outcome, feed.found, feed.taken) == ("new", 1, 1)
        assert feed.next_at is not None
        assert feed.next_at > dt.datetime.now(dt.UTC)
        assert site.paths() == ["/feed", "/a"]
        assert isinstance(started, Watching)
    names = [one.name for one in threading.enumerate()]
    assert "pledgebook-watching" not in names
    assert "pledgebook-looking" not in names


def test_the_page_follows_a_poll_of_the_server(chrome: Browser, tmp_path: Path, site: Site) -> None:
    """It asks again while something is polled, and no longer once all is through."""
    site.feed("/feed", item("/a", "Norway gives"), item("/b", "Sweden gives"))
    site.article("/b", SWEDEN)
    with Book.open(tmp_path / "aid.db") as book, serving(book, allow_local=True) as served:
        with watched(chrome, base_url=served.url) as (found, _):
            found.request.get(served.entry)
            tab = found.new_page()
            book.feeds.add(f"{site.url}/feed", name="News")
            tab.goto("/feeds")
            tab.get_by_text("Change what is said").click()
            tab.get_by_label("Read only").first.fill("being written")
            assert tab.locator("#feeds-again[hx-get]").count() == 1
            expect(tab.locator(".feed")).to_contain_text("2 articles read", timeout=PATIENCE)
            expect(tab.locator("#feeds-again[hx-get]")).to_have_count(0, timeout=PATIENCE)
            expect(tab.get_by_label("Read only").first).to_have_value("being written")
        with served.client() as client:
            assert "hx-swap-oob" in client.get("/feeds/now?since=2020-01-01T00:00:00Z").text
            later = client.get("/feeds/now?since=2999-01-01T00:00:00").text
            assert "hx-swap-oob" not in later
            assert "hx-get" not in later
            assert client.get("/feeds/now?since=yesterday").status_code == 422


def test_two_servers_on_one_book_read_nothing_twice(place: str, site: Site) -> None:
    site.feed("/feed", *(item(f"/{n}") for n in range(3)))
    for n in range(3):
        site.article(f"/{n}", f"Norway will send {n + 2} Leopard 2 tanks to Ukraine.")
    with Book.open(place) as one, Book.open(place) as other:
        url = one.feeds.add(f"{site.url}/feed").settings.url
        with serving(one, allow_local=True) as first, serving(other, allow_local=True) as second:
            for served in (first, second):
                with served.client() as client:
                    client.headers["x-csrf-token"] = served.csrf
                    assert client.post(f"/feeds/{feed_id(url)}/look").status_code == 303
            until(lambda: len(one.documents()) == 3)
            for served in (first, second):
                through(served, url)
                look = served.app.state.looks.get(feed_id(url))
                assert look.problem is None
                assert look.report.outcome in ("new", "too soon")
        assert len(other.documents()) == 3
    assert sorted(site.paths()) == ["/0", "/1", "/2", "/feed"]
    assert site.most_at_once == 1


def test_without_watching_nothing_is_polled(empty: Served, site: Site) -> None:
    empty.book.feeds.add(f"{site.url}/feed")
    assert [one.name for one in threading.enumerate()].count("pledgebook-watching") == 0
    assert not empty.app.state.watching.on
    with empty.client() as client:
        assert "--no-watch" in client.get("/feeds").text
    assert site.asked == []
    assert Settings().watch


def test_a_server_that_ends_waits_for_no_pause(tmp_path: Path, site: Site) -> None:
    """The pauses between two requests of a host are not waited for; the article waits."""
    site.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 25\n")
    with Book.open(tmp_path / "aid.db") as book:
        feed = book.feeds.add(f"{site.url}/feed")
        with serving(book, allow_local=True) as served:
            until(lambda: "/robots.txt" in [path for path, _ in site.asked])
            threads = [served.app.state.watching._thread]
        assert not any(thread and thread.is_alive() for thread in threads)
        # It gave the feed back: another watcher may poll it at once.
        assert book.feeds.get(feed.id).state is FeedState.ACTIVE
        assert book.documents() == []


def test_a_watch_that_fails_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Book.open(tmp_path / "aid.db") as book:
        app_watching = create_app(book, Settings(watch=True)).state.watching
        assert isinstance(app_watching, Watching)
        monkeypatch.setattr(FeedShelf, "list", _broken)
        with caplog.at_level(logging.CRITICAL, "pledgebook.web"):
            app_watching.start()
            until(lambda: app_watching.fault)
            assert app_watching.fault == "the shelf is away. Wait."
        monkeypatch.undo()
        app_watching.stop()
        assert book.feeds.list() == []


def _broken(_: FeedShelf, *, removed: bool = False) -> list[WatchedFeed]:
    raise UsageError("the shelf is away", mend=None if removed else "wait")


def test_who_looks_and_who_watches_is_noted(written_book: Path, tmp_path: Path, site: Site) -> None:
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    with team_book(path) as team:
        gate = team.gate
    site.feed("/other", item("/b", "Sweden gives"))
    site.article("/a", NORWAY.replace("eight", "forty-one"))
    site.article("/b", SWEDEN.replace("ten", "forty-two"))
    # The clock of a team's book stands still; a watcher needs one that goes.
    with Book.open(path) as book:
        book.gate = gate.__class__(book.store.database, limits=gate.limits)
        book.feeds.add(f"{site.url}/other")
        with serving(book, path, accounts=True, allow_local=True) as served:
            with signed_in(served, "reader") as reader:
                text = reader.get("/feeds").text
                assert "/other" in text
                assert "<form" not in text.partition("<main")[2].partition("</main")[0]
                assert reader.post("/feeds", data={"url": "https://x.org/"}).status_code == 403
            # The watcher has read its own, and rests, when somebody adds another feed.
            until(lambda: gate.log.entries(action=Action.FETCH))
            with signed_in(served, "editor") as editor:
                url = f"{site.url}/feed"
                assert editor.post("/feeds", data={"url": url, "follow": "yes"}).status_code == 303
                through(served, url)
            told = gate.log.entries
            until(lambda: {one.who for one in told(action=Action.FETCH)} == {"editor", "watcher"})
            (added,) = (one for one in told(action=Action.FEED) if one.who == "editor")
            assert added.detail == f"added {site.url}/feed"


SPANS = st.integers(5, 43_200).map(lambda minutes: dt.timedelta(minutes=minutes))
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip)
WORDS = st.lists(
    TEXTS.map(lambda text: text.replace(",", " ").replace("\n", " ").strip()).filter(bool),
    max_size=3,
)


@st.composite
def feed_settings(draw: st.DrawFn) -> FeedSettings:
    says = {
        "url": f"https://www.example.org/{draw(st.integers(0, 10**6))}",
        "name": draw(st.none() | TEXTS.map(str.strip)),
        "every": draw(SPANS),
        "include": draw(WORDS),
        "exclude": draw(WORDS),
        "follow": draw(st.booleans()),
        "content": draw(st.sampled_from([None, "feed"])),
        "language": draw(st.sampled_from([None, "en", "uk"])),
        "limit": draw(st.integers(1, 500)),
    }
    return make_settings(**{key: value for key, value in says.items() if value is not None})


@given(feed_settings())
def test_a_form_left_as_it_is_changes_nothing(settings: FeedSettings) -> None:
    assert FeedForm.of(settings).settings(settings) == settings


@given(st.lists(feed_settings(), min_size=1, max_size=3, unique_by=lambda one: one.url))
def test_what_is_taken_along_reads_as_it_was(found: list[FeedSettings]) -> None:
    now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    states = [FeedState.ACTIVE, FeedState.PAUSED, FeedState.GONE]
    shelf = [
        WatchedFeed(feed_id(one.url), one, state, "tester", now, one.url)
        for one, state in zip(found, states, strict=False)
    ]
    text = to_toml(shelf)
    assert read_file(io.BytesIO(text.encode()), "feeds.toml").feeds == tuple(found)
    assert text.count("# paused") == (len(found) > 1)


def test_files_that_are_none_of_feeds() -> None:
    with pytest.raises(UsageError, match="no UTF-8"):
        read_file(io.BytesIO(b"\xff\xfe"), "feeds.toml")
    with pytest.raises(UsageError, match="too large"):
        read_file(io.BytesIO(b"#" * 1_000_001), "feeds.toml")
    with pytest.raises(FeedsError, match="no TOML"):
        read_file(io.BytesIO(b"[[feed]"), "feeds.toml")


def test_a_fault_of_no_field_is_told_too() -> None:
    form = FeedForm(url="https://www.example.org/f", follow=False)
    before = make_settings(url="https://www.example.org/f", content="page")
    with pytest.raises(FeedsError) as caught:
        form.settings(before)
    assert list(faults_of(caught.value)) == [""]
    with pytest.raises(FeedsError) as caught:
        FeedForm(every="x", name="n" * 300).settings()
    assert sorted(faults_of(caught.value)) == ["every", "name", "url"]
