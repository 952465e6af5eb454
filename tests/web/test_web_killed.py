"""Whatever befalls the server or its database: what was answered is kept, and it goes on.

PLEDGEBOOK_FAULTS says how many harms `make soak` does on each engine; a twentieth of them are
servers that are killed here.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from postgresql_server import PostgreSQL

from engines import on_postgresql
from making import Clock
from pledgebook.book import Book
from pledgebook.errors import BookError
from pledgebook.exchange.backups.making import back_up
from served import serving
from served_apart import Apart, serving_apart

ROUNDS = max(int(os.environ.get("PLEDGEBOOK_FAULTS", "300")) // 20, 1)
SEED = int(os.environ.get("PLEDGEBOOK_FAULTS_SEED", random.SystemRandom().randrange(10**6)))
POSTERS = 3


def post(server: Apart, statements: list[str], mine: int, answered: list[str]) -> None:
    """Judge, and take back what was judged, until nobody answers any more."""
    with server.client() as client:
        for number in range(10_000):
            name = statements[(number + mine) % len(statements)]
            body = {"kind": "wrong", "ids": [name], "note": f"by {mine}, {number}"}
            try:
                made = client.post("/api/v1/judgements", json=body)
                if made.status_code != 201:
                    return
                answered.append(made.json()["id"])
                back = client.post(f"/api/v1/judgements/{answered[-1]}/revocation", json={})
                if back.status_code == 201:
                    answered.append(back.json()["id"])
            except (httpx.HTTPError, ValueError):
                return


def kill_while_they_post(place: str, chance: random.Random, home: Path) -> int:
    """Let several post, kill the server, and look what is there; return how many were answered."""
    with Book.open(place, clock=Clock()) as book:
        statements = sorted(book.ledger().entries)
        known = {one.id for one in book.judgements()}
    answered: list[list[str]] = [[] for _ in range(POSTERS)]
    with serving_apart(place, home) as server:
        posters = [
            threading.Thread(target=post, args=(server, statements, mine, answered[mine]))
            for mine in range(POSTERS)
        ]
        for one in posters:
            one.start()
        time.sleep(chance.uniform(0.3, 1.5))
        server.kill()
        for one in posters:
            one.join(60)
    told = [name for some in answered for name in some]
    assert len(told) == len(set(told))
    with Book.open(place, clock=Clock()) as book:
        there = {one.id for one in book.judgements()}
        assert known <= there
        assert set(told) <= there
        # At most what each was waiting for when it was killed is there beside.
        assert len(there - known - set(told)) <= POSTERS
    return len(told)


def kills(place: str, home: Path, rounds: int) -> None:
    print(f"PLEDGEBOOK_FAULTS_SEED={SEED}")
    answered = [
        kill_while_they_post(place, random.Random(f"{SEED} {place} {number}"), home)
        for number in range(rounds)
    ]
    print(f"{rounds} servers killed, {sum(answered)} judgements answered before")
    assert sum(answered) > 0


def test_every_judgement_that_was_answered_is_kept(written_place: str, tmp_path: Path) -> None:
    kills(written_place, tmp_path, 1)


@pytest.mark.soak
def test_soak_servers(written_place: str, tmp_path: Path) -> None:
    kills(written_place, tmp_path, ROUNDS)


@pytest.fixture
def judging(written_place: str) -> Iterator[Book]:
    with Book.open(written_place, clock=Clock()) as book:
        yield book


@on_postgresql
def test_the_app_outlives_its_database(judging: Book, postgresql: PostgreSQL) -> None:
    """While the server is away it says so in a sentence; when it is back, it goes on."""
    statement = next(iter(judging.ledger().entries))
    with serving(judging) as served, served.client() as client:
        client.headers["x-csrf-token"] = served.csrf
        body = {"kind": "wrong", "ids": [statement]}
        made = client.post("/api/v1/judgements", json=body)
        assert made.status_code == 201
        before = client.get("/api/v1/commitments").json()
        for _ in range(2):
            postgresql.stop()
            try:
                lost = client.post("/api/v1/judgements", json=body)
                assert lost.status_code >= 500
                assert "Traceback" not in lost.text
                assert "server" in lost.text
                page = client.get("/documents")
                assert "Traceback" not in page.text
            finally:
                postgresql.start()
            assert client.get("/api/v1/commitments").json() == before
            assert client.get("/").status_code == 200
            listed = client.get("/api/v1/judgements").json()["judgements"]
            assert [one["id"] for one in listed] == [made.json()["id"]]
        back = client.post(f"/api/v1/judgements/{made.json()['id']}/revocation", json={})
        assert back.status_code == 201


def test_a_book_that_is_open_for_reading_only_is_served(written_place: str, tmp_path: Path) -> None:
    back_up(written_place, tmp_path / "aid.backup")
    with Book.open(tmp_path / "aid.backup", clock=Clock()) as book:
        if os.geteuid() == 0:
            # Root may write what nobody may: as if it were somebody else.
            book.store.database.refusal = BookError("it is open for reading only", where="aid")
        statement = next(iter(book.ledger().entries))
        with serving(book) as served, served.client() as client:
            client.headers["x-csrf-token"] = served.csrf
            for page in ("/", "/commitments", "/documents", "/search?q=tanks", "/judgements"):
                assert client.get(page).status_code == 200
            body = {"kind": "wrong", "ids": [statement]}
            refused = client.post("/api/v1/judgements", json=body)
            assert refused.status_code >= 400
            assert "open for reading only" in refused.text
            assert "Traceback" not in refused.text
            assert client.get("/api/v1/judgements").json()["judgements"] == []
