"""Signing in through an issuer: a real provider on this machine, real HTTP between all three."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from oidc_provider import CLIENT, SECRET, Provider, provider
from teams import team_book

from pledgebook.errors import UsageError
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from pledgebook.web.people.oidc import Begun
from pledgebook.web.people.oidc_settings import OidcSettings
from served import Served, serving


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def issuer(running: Provider) -> Provider:
    """The provider, in order again."""
    running.claims, running.published, running.subject = {}, {}, "42"
    running.signing, running.algorithm = None, "RS256"
    return running


@pytest.fixture(scope="module")
def team(
    running: Provider, written_book: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    path = Path(shutil.copy(written_book, tmp_path_factory.mktemp("oidc") / "aid.db"))
    settings = OidcSettings(running.issuer, CLIENT, SECRET, "Example Login")
    with (
        team_book(path) as book,
        serving(book, path, accounts=True, oidc=settings) as found,
    ):
        book.gate.persons.link("editor", running.issuer, "42", by=Actor("tester"))
        yield found


@pytest.fixture
def client(team: Served) -> Iterator[httpx.Client]:
    team.app.state.issuer._kept.clear()
    with team.client(known=False) as found:
        yield found


def to_issuer(client: httpx.Client, then: str = "/documents") -> str:
    """Follow the button, and return where the issuer sends the browser back to."""
    there = client.get("/sign-in/oidc", params={"then": then})
    assert there.status_code == 303
    back = httpx.get(there.headers["location"])
    assert back.status_code == 303
    return str(back.headers["location"])


def test_who_is_known_is_let_in(client: httpx.Client, issuer: Provider, team: Served) -> None:
    assert "Sign in with Example Login" in client.get("/sign-in").text
    done = client.get(to_issuer(client))
    assert done.status_code == 303
    assert done.headers["location"] == "/documents"
    assert "<dd>editor</dd>" in client.get("/account").text
    newest = team.book.gate.log.entries(limit=1)[0]
    assert (newest.who, newest.action, newest.detail) == ("editor", "sign-in", "oidc")
    assert issuer.codes == {}


@pytest.mark.usefixtures("issuer")
def test_a_code_serves_once(client: httpx.Client) -> None:
    back = to_issuer(client)
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403


@pytest.mark.usefixtures("issuer")
def test_the_issuers_answer_to_somebody_else_is_refused(client: httpx.Client, team: Served) -> None:
    """An attacker has their own sign-in finished by the browser of another."""
    with team.client(known=False) as attacker:
        stolen = to_issuer(attacker)
    assert client.get(stolen).status_code == 403
    to_issuer(client)
    assert client.get(stolen).status_code == 403
    assert client.get("/account").status_code == 401


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another"}, "aud"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "azp"),
        ({"iss": "https://elsewhere.example"}, "iss"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"sub": None}, "sub"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_claims_that_are_not_in_order_let_nobody_in(
    client: httpx.Client, issuer: Provider, claims: dict[str, Any], words: str
) -> None:
    issuer.claims = claims
    answer = client.get(to_issuer(client))
    assert answer.status_code == 400
    assert "what the issuer signed is not in order" in answer.text
    assert words in answer.text.casefold()
    assert client.get("/account").status_code == 401


def test_another_key_lets_nobody_in(client: httpx.Client, issuer: Provider) -> None:
    issuer.signing = RSAKey.generate_key(2048, {"kid": "one"})
    assert client.get(to_issuer(client)).status_code == 400
    issuer.signing, issuer.algorithm = None, "none"
    assert client.get(to_issuer(client)).status_code == 400
    assert client.get("/account").status_code == 401


def test_changed_keys_are_asked_for_anew(client: httpx.Client, issuer: Provider) -> None:
    assert client.get(to_issuer(client)).status_code == 303
    issuer.key = RSAKey.generate_key(2048, {"kid": "two"})
    client.cookies.clear()
    assert client.get(to_issuer(client)).status_code == 303


def test_who_is_not_known_here_is_turned_away(
    client: httpx.Client, issuer: Provider, team: Served
) -> None:
    issuer.subject = "43"
    issuer.claims = {"preferred_username": "admin", "email": "admin@example.org"}
    answer = client.get(to_issuer(client))
    assert answer.status_code == 403
    assert "Ask an admin of this book" in answer.text
    assert len(team.book.gate.persons.all()) == 4


def test_newcomers_come_in_where_that_is_set(
    issuer: Provider, written_book: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    settings = OidcSettings(issuer.issuer, CLIENT, SECRET, newcomers=Role.READER)
    issuer.subject, issuer.claims = "77", {"preferred_username": "admin", "name": "N. Newcomer"}
    with (
        team_book(path) as book,
        serving(book, path, accounts=True, oidc=settings) as served,
        served.client(known=False) as client,
    ):
        assert client.get(to_issuer(client)).status_code == 303
        person = next(one for one in book.gate.persons.all() if one.subject == "77")
        assert (person.role, person.display_name) == (Role.READER, "N. Newcomer")
        assert person.name.startswith("admin-")


def test_an_issuer_that_says_no_or_nothing(client: httpx.Client, issuer: Provider) -> None:
    back = urlsplit(to_issuer(client))
    state = parse_qs(back.query)["state"][0]
    answer = client.get("/sign-in/oidc/back", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 401
    assert "Example Login let nobody in" in answer.text
    issuer.published = {"issuer": "https://elsewhere.example"}
    client.cookies.clear()


def test_an_issuer_that_calls_itself_otherwise(client: httpx.Client, issuer: Provider) -> None:
    issuer.published = {"issuer": "https://elsewhere.example"}
    assert client.get("/sign-in/oidc").status_code == 400
    issuer.published = {"authorization_endpoint": "http://elsewhere.example/authorize"}
    answer = client.get("/sign-in/oidc")
    assert answer.status_code == 400


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example"])
@pytest.mark.usefixtures("issuer")
def test_coming_back_leads_to_this_server(client: httpx.Client, then: str) -> None:
    location = client.get(to_issuer(client, then)).headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("value", ["", "x", "a!b", "a!b!c", "!!!", "a!b!c!d!e"])
def test_broken_cookies_are_none(value: str) -> None:
    assert Begun.from_cookie(value) is None


def test_the_cookie_keeps_where_one_was_going() -> None:
    begun = Begun.fresh("/documents?q=a!b&ü=1")
    assert Begun.from_cookie(begun.to_cookie()) == begun


def test_settings_from_the_environment() -> None:
    given = {
        "PLEDGEBOOK_OIDC_ISSUER": "https://login.example.org",
        "PLEDGEBOOK_OIDC_CLIENT_ID": "pledgebook",
        "PLEDGEBOOK_OIDC_CLIENT_SECRET": "secret",
        "PLEDGEBOOK_OIDC_NEWCOMERS": "reader",
    }
    found = OidcSettings.from_environment(given)
    assert found is not None
    assert (found.issuer, found.newcomers) == ("https://login.example.org", Role.READER)
    assert "secret" not in repr(found).replace("client_secret", "")
    assert OidcSettings.from_environment({}) is None
    for change, words in (
        ({"PLEDGEBOOK_OIDC_CLIENT_SECRET": ""}, "CLIENT_SECRET"),
        ({"PLEDGEBOOK_OIDC_ISSUER": "http://login.example.org"}, "can be trusted"),
        ({"PLEDGEBOOK_OIDC_NEWCOMERS": "admin"}, "cannot be admins"),
        ({"PLEDGEBOOK_OIDC_NEWCOMERS": "boss"}, "is no role"),
    ):
        with pytest.raises(UsageError, match=words):
            OidcSettings.from_environment(given | change)
