"""Every route and every role, held against `authorisation.toml`; nobody and programs too."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount
from teams import csrf_of, sign_in, team_book

from pledgebook.ledger.access.limits import RequestRules
from pledgebook.ledger.access.noting import Action
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from pledgebook.web.app import create_app
from pledgebook.web.person import right_of
from pledgebook.web.settings import Settings
from served import Served, serving

TABLE = tomllib.loads((Path(__file__).parent / "authorisation.toml").read_text(encoding="utf-8"))
LEAST: dict[str, str] = TABLE["least"]
"""The least role that has a right: written down once more, apart from what the program reads."""
PERSONS_ONLY = set(TABLE["persons_only"])
ROUTES: dict[str, str] = {
    f"{method} {path}": right
    for right, listed in TABLE["routes"].items()
    for line in listed
    for method, path in [line.split(" ", 1)]
}
CALLERS = ["nobody", *Role]
OPEN = "open"


def routes(app: FastAPI) -> dict[str, APIRoute]:
    """Every route of an app, by method and path; what hides one makes the test fail."""
    found: dict[str, APIRoute] = {}
    waiting: list[tuple[str, BaseRoute]] = [("", one) for one in app.routes]
    while waiting:
        prefix, one = waiting.pop()
        router = getattr(one, "original_router", None)
        if isinstance(one, APIRoute):
            for method in one.methods or ():
                assert f"{method} {prefix}{one.path}" not in found
                found[f"{method} {prefix}{one.path}"] = one
        elif router is not None:
            more = one.include_context.prefix  # type: ignore[attr-defined]
            waiting += [(prefix + more, inner) for inner in router.routes]
        else:
            assert isinstance(one, Mount), one
            assert one.path == "/static"
    return found


@pytest.fixture(scope="module")
def team(written_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = Path(shutil.copy(written_book, tmp_path_factory.mktemp("team") / "aid.db"))
    unhurried = RequestRules(rate=10_000, burst=10_000)
    with team_book(path, requests=unhurried) as book, serving(book, path, accounts=True) as found:
        yield found


@pytest.fixture(scope="module")
def every(written_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, APIRoute]:
    path = Path(shutil.copy(written_book, tmp_path_factory.mktemp("routes") / "aid.db"))
    with team_book(path) as book:
        return routes(create_app(book, Settings(accounts=True)))


def test_every_route_stands_in_the_table(every: dict[str, APIRoute]) -> None:
    """A new route: say in `authorisation.toml` who may call it. One that is gone: take it out."""
    assert len(ROUTES) > 20
    assert sorted(every) == sorted(ROUTES)


def test_every_route_names_the_right_of_the_table(every: dict[str, APIRoute]) -> None:
    named = {}
    for name, route in every.items():
        says, right = right_of(list(route.dependencies))
        assert says, f"{name} does not say whom it is open to"
        named[name] = OPEN if right is None else right.value
    assert named == ROUTES


def expected(right: str, caller: str, *, token: bool = False) -> int | None:
    """The refusal of a caller: 401, 403, or None for what is let through."""
    if right == OPEN:
        return None
    if caller == "nobody":
        return 401
    if Role(caller).rank < Role(LEAST[right]).rank or (token and right in PERSONS_ONLY):
        return 403
    return None


def address(path: str) -> str:
    """A path with something in the place of its parameters that nothing is called."""
    return re.sub(r"\{[^}]*\}", "x0", path)


def answer(client: httpx.Client, name: str, csrf: str | None) -> httpx.Response:
    method, _, path = name.partition(" ")
    headers = {"x-csrf-token": csrf} if csrf else {}
    return client.request(method, address(path), headers=headers)


@pytest.mark.parametrize("caller", CALLERS)
def test_each_role_on_each_route(team: Served, caller: str) -> None:
    wrong: list[Any] = []
    with team.client(known=False) as client:
        if caller != "nobody":
            assert sign_in(client, caller).status_code == 303
        csrf = csrf_of(client, "/sign-in" if caller == "nobody" else "/account")
        # Signing out comes last: it ends what the others are asked with.
        for name in sorted(ROUTES, key=lambda one: "/sign-out" in one):
            status = answer(client, name, csrf).status_code
            refusal = expected(ROUTES[name], caller)
            open_form = name in TABLE["open_but_refusing"]
            fits = status == refusal if refusal else (status not in (401, 403) or open_form)
            if not fits or (status >= 500 and status != 503):  # 503: busy, come again
                wrong.append((name, status, refusal))
    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_a_program_of_each_role_on_each_route(team: Served, role: Role) -> None:
    owner = team.book.gate.persons.find("admin")
    _, secret = team.book.gate.tokens.add(owner, "test", by=Actor("tester"), role=role)
    wrong: list[Any] = []
    with team.client(known=False) as client:
        client.headers["authorization"] = f"Bearer {secret}"
        for name in sorted(ROUTES):
            refusal = expected(ROUTES[name], role, token=True)
            # What it may do was done above: here it is about what it may not.
            if refusal and (status := answer(client, name, None).status_code) != refusal:
                wrong.append((name, status, refusal))
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in ROUTES if not name.startswith("GET ")])
def test_no_change_without_the_token_of_the_session(team: Served, name: str) -> None:
    with team.client(known=False) as client:
        assert sign_in(client, "admin").status_code == 303
        assert answer(client, name, None).status_code == 403
        assert answer(client, name, "0" * 64).status_code == 403


def test_what_belongs_together_is_judged_by_editors(team: Served) -> None:
    """One route takes several kinds of judgements: the kind counts, there and in taking back."""
    one, two = sorted(team.book.ledger().entries)[:2]
    made = team.book.judge("different", one, two, by="editor")
    for role, status in ((Role.CODER, 403), (Role.EDITOR, 201)):
        with team.client(known=False) as client:
            sign_in(client, role)
            client.headers["x-csrf-token"] = csrf_of(client)
            new = {"kind": "same", "ids": [one, two]}
            assert client.post("/api/v1/judgements", json=new).status_code == status
            path = f"/api/v1/judgements/{made.id[:12]}/revocation"
            assert client.post(path, json={"note": ""}).status_code == status
    told = team.book.gate.log.entries(by="editor", action=Action.REVOKE)
    assert [one.address for one in told] == ["127.0.0.1"]
