"""`watch` as it is typed: a file of feeds, feeds by hand, the list, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feed_site import Reply, Site, item, serving
from program import Inside, Program

NORWAY = "Norway will send eight Leopard 2 tanks to Ukraine, the ministry said."
SWEDEN = "Sweden will send ten Leopard 2 tanks to Ukraine, the government said."


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, with no book yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("PLEDGEBOOK_DB", str(tmp_path / "aid.db"))
    # Nobody waits for a second between two requests.
    monkeypatch.setattr("pledgebook.documents.feeds.polite._PAUSE", 0.0)
    return Inside()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.feed("/feed", item("/a", "Norway gives"), etag='"1"')
        running.article("/a", NORWAY)
        yield running


def feeds_file(site: Site, more: str = "") -> str:
    Path("feeds.toml").write_text(
        f'[[feed]]\nurl = "{site.url}/feed"\nname = "Ministry"\n{more}', encoding="utf-8"
    )
    return "feeds.toml"


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_file_is_polled_once_and_then_waits(inside: Inside, site: Site) -> None:
    done = inside("watch", feeds_file(site), "--once", "--allow-local")
    assert done.code == 0, done.err
    assert re.search(r"Ministry: new, 1 found, 1 read, 1 statement, next \d{4}-", done.out)
    assert "Norway" in inside.well("status")
    again = inside("watch", "feeds.toml", "--once", "--allow-local")
    assert (again.code, again.out) == (0, "")
    assert "1 feed is not due yet" in again.err
    assert site.paths() == ["/feed", "/a"]


def test_the_list_shows_the_last_and_the_next_poll(inside: Inside, site: Site) -> None:
    feeds_file(site, f'[[feed]]\nurl = "{site.url}/gone"\n')
    site.pages["/gone"] = Reply(status=410)
    before = words(inside.well("watch", "feeds.toml", "--list"))
    assert "Ministry never now 0 0 0 0" in before
    assert site.asked == []
    assert "No feed is watched" in inside.well("watch", "--list")
    done = inside("watch", "feeds.toml", "--once", "--allow-local")
    assert done.code == 1
    assert "error:" in done.err
    assert "gone for good (410)" in done.err
    shown = words(inside.well("watch", "--list"))
    assert re.search(r"Ministry \d{4}-\d\d-\d\d \d\d:\d\d \d{4}-\d\d-\d\d \d\d:\d\d 1 1 0 0", shown)
    assert re.search(r"/gone \d{4}-\d\d-\d\d \d\d:\d\d gone 0 0 0 0", shown)
    found = json.loads(inside.well("watch", "--list", "--format", "json"))
    assert [one["state"] for one in found] == ["active", "gone"]
    assert found[0]["entries"]["read"] == 1
    assert found[0]["settings"]["every"] == "30m"


def test_feeds_by_hand(inside: Inside, site: Site) -> None:
    url = f"{site.url}/feed"
    assert url in words(inside.well("watch", "--add", url, "--by", "me"))
    assert "paused" in inside.well("watch", "--pause", url)
    assert inside("watch", "--once", "--allow-local").out == ""
    assert "now" in inside.well("watch", "--resume", url)
    assert "1 read" in inside.well("watch", "--once", "--allow-local")
    assert "No feed is watched" in inside.well("watch", "--remove", url)
    assert "Norway" in inside.well("status")


def test_what_is_wrong_with_a_file_is_told_line_by_line(inside: Inside) -> None:
    Path("feeds.toml").write_text('evry = "1h"\n[[feed]]\nurl = "x"\n', encoding="utf-8")
    done = inside("watch", "feeds.toml", "--once")
    assert done.code == 2
    lines = [line for line in done.err.splitlines() if "feeds.toml" in line]
    assert [line.partition(": there")[0].partition(": 'x'")[0] for line in lines] == [
        "pledgebook: feeds.toml, line 1, evry",
        "pledgebook: feeds.toml, line 3, feed[1].url",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.toml"], "examples/feeds.toml"),
        (["feeds.toml", "--add", "https://example.org/"], "leave it out"),
        (["--once"], "no book yet"),
        (["--add", "gopher://x"], "http://"),
        (["--add", "https://example.org/", "--remove", "other"], "--list"),
    ],
)
def test_what_cannot_be_done(inside: Inside, arguments: list[str], says: str) -> None:
    Path("feeds.toml").write_text('[[feed]]\nurl = "https://example.org/"\n', encoding="utf-8")
    done = inside("watch", *arguments)
    assert done.code == 2
    assert says.lower() in words(done.err).lower()


def test_a_book_without_feeds_says_what_to_do(inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NORWAY, encoding="utf-8")
    inside.well("read", "a.txt")
    done = inside("watch", "--once")
    assert done.code == 2
    assert "pledgebook watch --add URL" in words(done.err)
    assert inside("watch", "--list", "--format", "csv").code == 2


def test_the_local_network_is_refused_unless_it_is_allowed(inside: Inside, site: Site) -> None:
    done = inside("watch", feeds_file(site), "--once")
    assert done.code == 2
    assert "not on the public internet" in done.err
    assert site.asked == []


def test_a_feed_in_trouble_is_a_warning_and_nothing_is_printed_when_quiet(
    inside: Inside, site: Site
) -> None:
    site.pages["/feed"] = Reply(status=503, headers={"Retry-After": "60"})
    done = inside("watch", feeds_file(site), "--once", "--allow-local", "--quiet")
    assert (done.code, done.out) == (0, "")
    assert "warning:" in done.err
    assert "503" in done.err


def test_what_a_feed_says_cannot_write_to_the_terminal(inside: Inside, site: Site) -> None:
    nasty = "\x1b]0;title\x07 &lt;b&gt;x&lt;/b&gt;"
    site.feed("/feed", item("/a"), more=f"<title>{nasty}</title>")
    Path("feeds.toml").write_text(f'[[feed]]\nurl = "{site.url}/feed"\n', encoding="utf-8")
    told = inside.well("watch", "feeds.toml", "--once", "--allow-local")
    told += inside.well("watch", "--list")
    assert "\x1b" not in told
    assert "\x07" not in told


def test_the_schema_is_printed(inside: Inside) -> None:
    schema = json.loads(inside.well("watch", "--schema"))
    assert "feed" in schema["properties"]


def test_it_goes_on_until_ctrl_c(program: Program, site: Site) -> None:
    (program.home / "feeds.toml").write_text(
        f'[[feed]]\nurl = "{site.url}/feed"\n', encoding="utf-8"
    )
    command = program.command("watch", "feeds.toml", "--allow-local", "--db", "aid.db")
    running = subprocess.Popen(
        command,
        cwd=program.home,
        env=program.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    line = running.stdout.readline()
    assert "1 read" in line
    time.sleep(0.2)
    os.kill(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Watching 1 feed; Ctrl-C ends it." in err
    assert "what was read is kept" in err
    assert "Traceback" not in err
    assert "Norway" in program.well("status", "--db", "aid.db")
