"""A team for tests: one person of each role, signed in over HTTP as they would be."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.limits import load_limits
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from served import Served

__all__ = ["PASSWORD", "csrf_of", "sign_in", "signed_in", "team_book"]

PASSWORD = "four plain words here"


@contextlib.contextmanager
def team_book(place: str | Path, **limits: object) -> Iterator[Book]:
    """Open a book and add one person of each role, called after it.

    Passwords cost next to nothing here; `limits` are other bounds than those that ship.
    """
    shipped = load_limits()
    cheap = shipped.password.model_copy(update={"memory": 8, "passes": 1, "lanes": 1})
    bounds = shipped.model_copy(update={"password": cheap} | limits)
    with Book.open(place, clock=Clock()) as book:
        book.gate = Gate(book.store.database, clock=Clock(), limits=bounds)
        for role in reversed(Role):
            book.gate.persons.add(role.value, role, by=Actor("tester"), password=PASSWORD)
        yield book


def csrf_of(client: httpx.Client, path: str = "/account") -> str:
    """Return what the forms of a page bear."""
    found = re.search(r'name="csrf" value="(\w{64})"', client.get(path).text)
    assert found is not None
    return found[1]


def sign_in(
    client: httpx.Client, name: str, password: str = PASSWORD, then: str = "/"
) -> httpx.Response:
    """Fill in the form and send it."""
    form = {"name": name, "password": password, "then": then}
    return client.post("/sign-in", data=form | {"csrf": csrf_of(client, "/sign-in")})


@contextlib.contextmanager
def signed_in(served: Served, name: str) -> Iterator[httpx.Client]:
    """Lend a client of somebody who has signed in; changes bear their token."""
    with served.client(known=False) as client:
        assert sign_in(client, name).status_code == 303
        client.headers["x-csrf-token"] = csrf_of(client)
        yield client
