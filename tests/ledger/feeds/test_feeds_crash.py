"""A watcher killed at any instant, and two at once: nothing is lost, and nothing is doubled."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgresql_server import PostgreSQL

from feed_site import Site, item
from making import START, Clock
from pledgebook.book import Book
from pledgebook.documents.feeds.feeds_file import make_settings
from pledgebook.ledger.feeds.polling import Polling
from pledgebook.ledger.feeds.watched import EntryState, PollReport
from pledgebook.ledger.feeds.watcher import Watcher

ARTICLES = {
    "/a": "Norway will send eight Leopard 2 tanks to Ukraine, the ministry said.",
    "/b": "Sweden will send ten Leopard 2 tanks to Ukraine, the government said.",
    "/c": "Denmark will send 19 F-16 jets to Ukraine, the prime minister said.",
}
HOOKS = ("before_cursor_execute", "after_cursor_execute", "commit")


def lay(site: Site) -> None:
    site.feed("/feed", *(item(path, guid=path) for path in ARTICLES), etag='"1"')
    for path, text in ARTICLES.items():
        site.article(path, text)


@contextmanager
def watching(place: str, url: str, clock: Clock) -> Iterator[tuple[Book, Watcher]]:
    with (
        Book.open(place, clock=clock) as book,
        Watcher(
            book,
            [make_settings(url=url)],
            by="test",
            allow_local=True,
            sleep=lambda seconds: clock.advance(seconds=seconds),
        ) as watcher,
    ):
        yield book, watcher


def count_steps(kill_at: int | None) -> Callable[[], int]:
    """Count what passes between this process and its database, and die at one of the steps."""
    taken = 0

    def step(*_: Any) -> None:  # noqa: ANN401 - of three kinds of event
        nonlocal taken
        taken += 1
        if taken == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for hook in HOOKS:
        sa.event.listen(sa.Engine, hook, step)

    def stop() -> int:
        for hook in HOOKS:
            sa.event.remove(sa.Engine, hook, step)
        return taken

    return stop


def poll_and_die(place: str, url: str, kill_at: int) -> None:
    """Poll, in a process of its own."""
    with watching(place, url, Clock()) as (_, watcher):
        count_steps(kill_at)
        watcher.once()


def steps_of(place: str, url: str) -> int:
    with watching(place, url, Clock()) as (_, watcher):
        stop = count_steps(None)
        try:
            watcher.once()
        finally:
            steps = stop()
    return steps


def go_on(poll: Polling, clock: Clock) -> PollReport | None:
    """Take one step of a poll and wait as it says; return its report where it is done."""
    try:
        clock.advance(seconds=next(poll))
    except StopIteration as done:
        report: PollReport = done.value
        return report
    return None


def left(book: Book) -> tuple[list[str], list[tuple[str, str]], dict[str, int]]:
    """What is in a book, whatever the hour: texts, statements, and how often each was activated."""
    names = [document.id for document in book.documents()]
    texts = sorted(one.text for one in book.store.texts(names).values())
    said = sorted((one.id, one.document) for one in book.store.entries())
    with book.store.database.reading() as connection:
        query = sa.text("SELECT document_id, count(*) FROM activations GROUP BY document_id")
        activated = {str(name): int(count) for name, count in connection.execute(query)}
    return texts, said, activated


def check_killed(place: str, site: Site, kill_at: int) -> None:
    """Kill a poll at a step, let another watcher go on, and look at what there is in the end."""
    url = f"{site.url}/feed"
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=poll_and_die, args=(place, url, kill_at))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    # The claims of the dead run out; then whoever comes goes on where it was.
    clock = Clock(START + dt.timedelta(hours=1))
    with watching(place, url, clock) as (book, watcher):
        for _ in range(2):
            watcher.once()
            clock.advance(hours=1)
        texts, said, activated = left(book)
        assert [text.partition("\n\n")[2] or text for text in texts] == sorted(
            f"{text}" for text in ARTICLES.values()
        )
        assert len(said) == len(set(said)) == len(ARTICLES)
        assert set(activated.values()) == {1}
        (feed,) = watcher.feeds
        assert dict(feed.entries) == {EntryState.READ: len(ARTICLES)}
        assert len(book.commitments()) == len(ARTICLES)


def test_a_watcher_killed_at_some_instants(place: str, site: Site) -> None:
    lay(site)
    # One instant an engine, in the middle of the articles; `make soak` takes all of them.
    check_killed(place, site, 150)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_a_watcher_killed_at_every_instant(
    part: int,
    engine: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    site: Site,
) -> None:
    lay(site)

    @contextmanager
    def fresh(number: int) -> Iterator[str]:
        if engine == "sqlite":
            yield str(tmp_path / f"{number}.db")
        else:
            running: PostgreSQL = request.getfixturevalue("postgresql")
            with running.database() as url:
                yield url

    with fresh(0) as place:
        steps = steps_of(place, f"{site.url}/feed")
    for number in range(1 + part, steps, 4):
        with fresh(number) as place:
            Book.open(place).close()
            check_killed(place, site, number)


def test_two_watchers_at_once_do_not_double(place: str, site: Site) -> None:
    lay(site)
    url = f"{site.url}/feed"
    clock = Clock()
    with watching(place, url, clock) as (book, first), watching(place, url, clock) as (_, second):
        polls = {"one": first._steps(first.feeds[0]), "other": second._steps(second.feeds[0])}
        outcomes: dict[str, str] = {}
        while len(outcomes) < len(polls):
            for name in polls.keys() - outcomes.keys():
                report = go_on(polls[name], clock)
                if report is not None:
                    outcomes[name] = report.outcome
        assert sorted(outcomes.values()) == ["busy", "new"]
        assert site.paths() == ["/feed", "/a", "/b", "/c"]
        assert len(left(book)[0]) == 3


def test_a_watcher_that_slept_too_long_writes_nothing_more(place: str, site: Site) -> None:
    lay(site)
    url = f"{site.url}/feed"
    clock = Clock()
    with watching(place, url, clock) as (book, first), watching(place, url, clock) as (_, second):
        slow = first._steps(first.feeds[0])
        for _ in range(2):
            assert go_on(slow, clock) is None
        clock.advance(minutes=40)  # a laptop was shut
        (read,) = second.once()
        assert read.read == 3
        report = None
        while report is None:
            report = go_on(slow, clock)
        assert report.outcome == "busy"
        assert len(left(book)[0]) == 3
        assert set(left(book)[2].values()) == {1}
        (feed,) = first.feeds
        assert dict(feed.entries) == {EntryState.READ: 3}


def test_a_poll_that_is_interrupted_gives_the_feed_back(place: str, site: Site) -> None:
    lay(site)
    clock = Clock()
    with watching(place, f"{site.url}/feed", clock) as (_, watcher):

        def interrupt(_: float) -> None:
            raise KeyboardInterrupt

        watcher._sleep = interrupt
        with pytest.raises(KeyboardInterrupt):
            watcher.once()
    clock.advance(seconds=61)
    with watching(place, f"{site.url}/feed", clock) as (book, again):
        again.once()
        assert len(left(book)[0]) == 3
