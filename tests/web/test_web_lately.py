"""What serves for a moment more in a large book: nobody waits for long, and nothing stays old."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from starlette.testclient import TestClient

from pledgebook.book import Book
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.search import laying
from pledgebook.ledger.search.search import Search
from pledgebook.web.catching_up import CatchingUp
from pledgebook.web.joining.pairs import Pair, pair_of, still_open
from pledgebook.web.keeping import Kept
from pledgebook.web.live import Live


def a_statement(book: Book) -> str:
    return min(book.ledger().home)


def names(pair: Pair) -> frozenset[str]:
    return frozenset((pair.one.id, pair.other.id))


def test_readers_take_the_last_view_while_another_thread_makes_the_next(told: Book) -> None:
    live = Live(told)
    before = live.view()
    statement = a_statement(told)
    taken = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with told.live._lock:
            taken.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(60)
    try:
        # As another process does: this one's ledger is held.
        with Book.open(told.place) as other:
            other.judge("wrong", statement, by="A", note="not so")
        assert live.view() is before
    finally:
        done.set()
        holder.join()
    after = live.view()
    assert after is not before
    assert statement in before.ledger.home
    assert statement not in after.ledger.home


def test_who_changed_the_book_is_answered_when_the_view_has_it(told: Book) -> None:
    live = Live(told)
    app = FastAPI()
    app.add_middleware(CatchingUp, live=live)
    statement = a_statement(told)

    @app.post("/judge")
    def judge(request: Request) -> PlainTextResponse:
        assert request.method == "POST"
        told.judge("wrong", statement, by="A", note="not so")
        return PlainTextResponse("done")

    client = TestClient(app)
    live.view()
    assert client.post("/judge").text == "done"
    view = told.live.current_view
    assert view is not None
    assert statement in view.ledger.decisions.wrong


def test_nothing_is_made_for_a_change_before_anybody_looked(told: Book) -> None:
    Live(told).catch_up()
    assert told.live.current_view is None


def test_pairs_that_were_joined_are_open_no_longer(told: Book) -> None:
    before = Live(told).view()
    one, other, another, *_ = before.ledger.commitments
    pairs = [pair_of(before.ledger, one, other), pair_of(before.ledger, one, another)]
    assert still_open(pairs, before.commitment) == pairs
    told.judge("same", one.id, other.id, by="A", note="looked at")
    after = Live(told).view()
    assert names(pairs[0]) not in {names(each) for each in still_open(pairs, after.commitment)}


def test_what_a_pair_names_may_be_gone(told: Book) -> None:
    before = Live(told).view()
    one, other, *_ = before.ledger.commitments

    def nothing(_: str) -> Commitment | None:
        return None

    assert still_open([pair_of(before.ledger, one, other)], nothing) == []


def test_a_search_laid_out_beside_comes_to_what_any_search_finds(
    told: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the book were so large that laying it out takes long.
    monkeypatch.setattr(laying, "_LONG", -1.0)
    monkeypatch.setattr(laying, "_SHARE", 0)
    search = Search(told.store, told.ledger, lambda: told.catalogue, beside=True)
    before = search.ask("", kinds=["statement"])
    statement = a_statement(told)
    told.judge("wrong", statement, by="A", note="not so")
    wanted = told.search("", kinds=["statement"]).total
    assert wanted == before.total - 1
    found = search.ask("", kinds=["statement"]).total
    assert found == before.total
    for thread in threading.enumerate():
        if thread.name == "pledgebook-search":
            thread.join(60)
    assert search.ask("", kinds=["statement"]).total == wanted


def test_an_old_search_serves_no_longer(told: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "_LONG", -1.0)
    monkeypatch.setattr(laying, "_ALLOWED", 0.0)
    search = Search(told.store, told.ledger, lambda: told.catalogue, beside=True)
    before = search.ask("", kinds=["statement"]).total
    told.judge("wrong", a_statement(told), by="A", note="not so")
    assert search.ask("", kinds=["statement"]).total == before - 1


def test_a_quick_answer_is_always_of_the_view_that_is_asked() -> None:
    kept = Kept()
    for number in range(1, 5):
        assert kept.lately("question", number, partial(int, number)) == (number, True)
