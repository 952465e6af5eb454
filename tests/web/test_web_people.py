"""Several users: signing in, accounts, people, audit; by HTTP and in the browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from teams import PASSWORD, csrf_of, sign_in, signed_in, team_book

from browsers import serious_faults, watched
from pledgebook.ledger.access.limits import RequestRules
from pledgebook.ledger.access.noting import Action
from pledgebook.ledger.access.records import Actor
from pledgebook.web.people.acting import Pace
from served import Served, serving

OTHER = "another four plain words"


@pytest.fixture
def team(written_book: Path, tmp_path: Path) -> Iterator[Served]:
    """A served book with one person of each role."""
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    with team_book(path) as book, serving(book, path, accounts=True) as found:
        yield found


@pytest.fixture
def nobody(team: Served) -> Iterator[httpx.Client]:
    with team.client(known=False) as client:
        yield client


def test_signing_in_and_out(team: Served, nobody: httpx.Client) -> None:
    assert nobody.get("/").status_code == 401
    assert 'href="/sign-in?then=' in nobody.get("/audit").text
    done = sign_in(nobody, "coder", then="/documents?a=1")
    assert (done.status_code, done.headers["location"]) == (303, "/documents?a=1")
    (cookie,) = done.headers.get_list("set-cookie")[:1]
    assert "httponly" in cookie.casefold()
    assert "samesite=lax" in cookie.casefold()
    assert nobody.get("/").status_code == 200
    assert nobody.get("/sign-in").headers["location"] == "/"
    first = dict(nobody.cookies)
    csrf = csrf_of(nobody)
    assert nobody.post("/sign-out", data={"csrf": csrf}).status_code == 303
    assert nobody.get("/").status_code == 401
    with team.client(known=False) as thief:
        thief.cookies.update(first)
        assert thief.get("/").status_code == 401  # the session has ended for all who have it


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil", "/\t/evil"])
def test_signing_in_leads_to_this_server(nobody: httpx.Client, then: str) -> None:
    location = sign_in(nobody, "reader", then=then).headers["location"]
    assert location.startswith("/")
    assert not re.match(r"/[\s/\\]", location)


def test_signing_in_wants_the_form_of_this_browser(team: Served, nobody: httpx.Client) -> None:
    """Otherwise another site could sign somebody in as its own user, and read what they judge."""
    form = {"name": "coder", "password": PASSWORD}
    assert nobody.post("/sign-in", data=form).status_code == 403
    with team.client(known=False) as attacker:
        foreign = csrf_of(attacker, "/sign-in")
    assert nobody.post("/sign-in", data=form | {"csrf": foreign}).status_code == 403
    nobody.get("/sign-in")
    assert nobody.post("/sign-in", data=form | {"csrf": foreign}).status_code == 403
    assert sign_in(nobody, "coder").status_code == 303


def test_every_change_wants_the_token_of_the_session(team: Served) -> None:
    with signed_in(team, "admin") as client, signed_in(team, "coder") as other:
        foreign = other.headers["x-csrf-token"]
        form = {"name": "new", "role": "reader", "password": PASSWORD}
        for csrf in ("", "x", foreign):
            client.headers["x-csrf-token"] = csrf
            assert client.post("/people", data=form).status_code == 403
        assert len(team.book.gate.persons.all()) == 4
        newest = team.book.gate.log.entries(limit=1)[0]
        assert (newest.who, newest.action, newest.detail) == ("admin", "denied", "POST /people")


def test_guessing_is_answered_with_429(nobody: httpx.Client, team: Served) -> None:
    free = team.book.gate.limits.name.free
    wrong = [sign_in(nobody, "coder", "wrong") for _ in range(free)]
    assert {answer.status_code for answer in wrong} == {401}
    assert "The name or the password is wrong." in wrong[0].text
    late = sign_in(nobody, "coder")
    assert late.status_code == 429
    assert late.headers["retry-after"] == "2"
    assert "Try again in 2 seconds" in late.text
    assert nobody.get("/").status_code == 401


def test_too_many_requests_are_answered_with_429(written_book: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    slow = RequestRules(rate=0.01, burst=20)
    with (
        team_book(path, requests=slow) as book,
        serving(book, path, accounts=True) as team,
        signed_in(team, "coder") as client,
        signed_in(team, "editor") as other,
    ):
        late = [
            answer
            for answer in (client.get("/health") for _ in range(30))
            if answer.status_code == 429
        ]
        assert 10 <= len(late) < 30
        assert int(late[0].headers["retry-after"]) >= 1
        assert late[0].headers["x-content-type-options"] == "nosniff"
        assert other.get("/health").status_code == 200


def test_the_pace_is_kept_and_recovers() -> None:
    pace = Pace(RequestRules(rate=2, burst=3))
    assert [pace.wait("a", 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait("b", 0.0) == 0
    assert [pace.wait("a", 1.0) for _ in range(3)] == [0, 0, 1]
    assert [pace.wait("a", 100.0) for _ in range(4)] == [0, 0, 0, 1]


def test_cookies_are_for_this_host_alone_where_all_goes_by_https(
    written_book: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    with (
        team_book(path) as book,
        serving(book, path, accounts=True, secure=True) as served,
        served.client(known=False) as client,
    ):
        page = client.get("/sign-in")
        visit = page.headers["set-cookie"]
        assert visit.startswith("__Host-pledgebook_visit=")
        # No browser sends it over http: here it is sent by hand.
        found = re.search(r'name="csrf" value="(\w{64})"', page.text)
        assert found
        done = client.post(
            "/sign-in",
            data={"name": "coder", "password": PASSWORD, "csrf": found[1]},
            headers={"cookie": visit.partition(";")[0]},
        )
        session = done.headers.get_list("set-cookie")[0]
        assert session.startswith("__Host-pledgebook_session=")
        for cookie in (visit, session):
            parts = [one.strip().casefold() for one in cookie.split(";")]
            assert {"secure", "httponly", "path=/", "samesite=lax"} <= set(parts)
            assert not any(one.startswith("domain") for one in parts)
        assert "max-age" in done.headers["strict-transport-security"]


def test_a_token_of_ones_own(team: Served) -> None:
    with signed_in(team, "coder") as client:
        made = client.post("/account/tokens", data={"label": "nightly", "role": "reader"})
        found = re.search(r"pb_[\w-]{43}", made.text)
        assert found
        assert found[0] not in client.get("/account").text
        refused = client.post("/account/tokens", data={"label": "x", "role": "admin"})
        assert refused.status_code == 400
        with team.client(known=False) as program:
            program.headers["authorization"] = f"Bearer {found[0]}"
            assert program.get("/").status_code == 200
            assert program.get("/account").status_code == 403
            assert program.post("/account/tokens", data={"label": "y"}).status_code == 403
            token = team.book.gate.tokens.all()[0]
            with signed_in(team, "editor") as other:
                answer = other.post(f"/account/tokens/{token.id}/revoke")
                assert answer.status_code == 404  # it is not theirs
            assert client.post(f"/account/tokens/{token.id}/revoke").status_code == 303
            assert program.get("/").status_code == 401


def test_ones_own_password(team: Served) -> None:
    with signed_in(team, "coder") as client, signed_in(team, "coder") as elsewhere:
        form = {"current": PASSWORD, "new": OTHER, "again": OTHER}
        for change, words in (
            ({"current": "wrong"}, "present password is wrong"),
            ({"again": "x"}, "differ"),
            ({"new": "short", "again": "short"}, "too short"),
        ):
            answer = client.post("/account/password", data=form | change)
            assert answer.status_code == 400
            assert words in answer.text
        gate = team.book.gate
        _, secret = gate.tokens.add(gate.persons.find("coder"), "nightly", by=Actor("clerk"))
        kept = form | {"keep_tokens": "yes"}
        assert client.post("/account/password", data=kept).status_code == 303
        assert gate.person_of_token(secret) is not None
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 401
        # The session is a new one, and so is what its forms bear.
        client.headers["x-csrf-token"] = csrf_of(client)
        back = {"current": OTHER, "new": PASSWORD, "again": PASSWORD}
        assert client.post("/account/password", data=back).status_code == 303
        assert gate.person_of_token(secret) is None


def test_a_new_role_holds_at_once(team: Served) -> None:
    with signed_in(team, "admin") as admin, signed_in(team, "coder") as coder:
        person = team.book.gate.persons.find("coder")
        assert coder.get("/audit").status_code == 403
        assert admin.post(f"/people/{person.id}/role", data={"role": "admin"}).status_code == 303
        assert coder.get("/audit").status_code == 401
        del coder.headers["x-csrf-token"]  # that of the session which has ended
        assert sign_in(coder, "coder").status_code == 303
        assert coder.get("/audit").status_code == 200
        for path, data in (
            (f"/people/{person.id}/role", {"role": "boss"}),
            (f"/people/{person.id}/password", {"password": "short"}),
            ("/people", {"name": "a b", "role": "reader", "password": PASSWORD}),
        ):
            assert admin.post(path, data=data).status_code == 400
        assert admin.post("/people/u0/role", data={"role": "reader"}).status_code == 404
        assert admin.post(f"/people/{person.id}/active", data={"active": "?"}).status_code == 422
        assert admin.post(f"/people/{person.id}/active", data={"active": "no"}).status_code == 303
        assert coder.get("/").status_code == 401


def test_nobody_makes_the_page_of_people_say_something(team: Served) -> None:
    with signed_in(team, "admin") as admin:
        assert "evil" not in admin.get("/people?done=call+evil.example").text
        assert "sign in anew" in admin.get("/people?done=role").text


def test_the_audit_log_is_told_and_downloads(team: Served) -> None:
    entry = next(iter(team.book.ledger().entries))
    judgement = team.book.judge("wrong", entry, by="=cmd()|'<b>x</b>'")
    with signed_in(team, "admin") as admin:
        page = admin.get("/audit").text
        assert judgement.id in page
        assert "<b>x</b>" not in page
        assert "<td>person-added</td>" not in admin.get("/audit?by=coder").text
        assert "<td>person-added</td>" in page
        assert "No such line" in admin.get("/audit?since=2999-01-01").text
        assert admin.get("/audit?action=nonsense").status_code == 400
        for form in ("csv", "json", "xlsx"):
            assert admin.get(f"/tables/audit.{form}?action=judge").status_code == 200
        assert "'=cmd()" in admin.get("/tables/audit.csv?action=judge").text
        assert admin.get("/tables/audit.exe").status_code == 404


def test_with_one_user_there_are_no_accounts(own_served: Served) -> None:
    with own_served.client() as client:
        client.headers["x-csrf-token"] = own_served.csrf
        assert client.get("/sign-in").headers["location"] == "/"
        assert "the one user of this server" in client.get("/account").text
        assert client.post("/sign-out").status_code == 404
        assert client.post("/account/tokens").status_code == 404
        assert client.get("/sign-in/oidc").status_code == 404
        form = {"name": "olena", "role": "admin", "password": PASSWORD}
        assert client.post("/people", data=form).status_code == 303
        assert "olena" in client.get("/people").text


def test_a_day_of_an_admin_in_the_browser(chrome: Browser, team: Served) -> None:
    with watched(chrome, base_url=team.url) as (context, seen):
        seen.expected.append("401")
        page = context.new_page()
        page.goto("/sign-in?then=/people")
        assert serious_faults(page) == []
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/people")
        assert serious_faults(page) == []
        page.get_by_label("Name to sign in with").fill("olena")
        page.get_by_label("coder may also").check()
        page.get_by_label("Password, 12 characters or more").fill(OTHER)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("One more may come in.")
        expect(page.get_by_role("heading", name="olena")).to_be_visible()
        page.get_by_role("button", name=re.compile(r"Turn away\s+olena")).click()
        expect(page.get_by_text("disabled", exact=True)).to_be_visible()
        page.get_by_role("link", name="Who did what").click()
        expect(page.get_by_role("row", name=re.compile("disabled.*olena"))).to_be_visible()
        assert serious_faults(page) == []
        page.get_by_role("link", name="admin", exact=True).click()
        page.get_by_label("What it is for").fill("nightly")
        page.get_by_role("button", name="Make a token").click()
        expect(page.locator(".secret")).to_have_text(re.compile(r"^pb_[\w-]{43}$"))
        assert serious_faults(page) == []
        page.get_by_role("button", name="Revoke nightly").click()
        expect(page.get_by_role("status").first).to_contain_text("opens nothing any more")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_in_without_scripts(chrome: Browser, team: Served) -> None:
    with chrome.new_context(base_url=team.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/sign-in?then=/account")
        page.get_by_label("Name").fill("reader")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_one_user_without_accounts_is_audited_by_name(own_served: Served) -> None:
    book = own_served.book
    with own_served.client() as client:
        headers = {"x-csrf-token": own_served.csrf}
        found = client.get("/api/v1/commitments").json()["commitments"][0]["statements"][0]
        body = {"kind": "wrong", "ids": [found]}
        made = client.post("/api/v1/judgements", json=body, headers=headers)
        assert made.status_code == 201, made.text
        name = made.json()["id"]
        assert client.post("/api/v1/judgements", json=body).status_code == 403
        path = f"/api/v1/judgements/{name}/revocation"
        assert client.post(path, json={"note": ""}, headers=headers).status_code == 201
    (judged,) = book.gate.log.entries(action=Action.JUDGE, by="tester")
    assert (judged.subject, judged.address, judged.person_id) == (name, "127.0.0.1", None)
    assert judged.number is not None
    (revoked,) = book.gate.log.entries(action=Action.REVOKE, by="tester")
    assert revoked.number is not None
    (denied,) = book.gate.log.entries(action=Action.DENIED)
    assert (denied.who, denied.detail) == ("tester", "POST /api/v1/judgements")
