"""The shell of the app: who gets in, what every answer bears, how faults are told."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page, expect
from starlette.routing import BaseRoute

from browsers import serious_faults
from making import Clock
from pledgebook.book import Book
from pledgebook.web.guarding.headers import CONTENT_SECURITY_POLICY
from pledgebook.web.person import right_of
from served import Served, serving


def test_a_first_visit(tab: Page) -> None:
    tab.goto("/")
    assert tab.title() == "Overview · Pledgebook"
    assert serious_faults(tab) == []


def test_the_key_becomes_a_cookie_and_leaves_the_address(chrome: Browser, served: Served) -> None:
    with chrome.new_context() as context:
        page = context.new_page()
        page.goto(f"{served.url}/?donor=NOR&key={served.settings.key}")
        assert page.url == f"{served.url}/?donor=NOR"
        (cookie,) = context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"


def test_without_the_key_nothing_is_told(served: Served) -> None:
    with served.client(known=False) as client:
        for path in ("/", "/tables/status.csv"):
            answer = client.get(path)
            assert answer.status_code == 401, path
            assert "Leopard" not in answer.text
        assert "pledgebook serve" in client.get("/").text
        wrong = client.get("/?key=wrong", follow_redirects=True)
        assert wrong.status_code == 401
        assert "set-cookie" not in wrong.headers


def test_the_key_serves_as_bearer_token_for_programs(served: Served) -> None:
    with served.client(known=False) as client:
        for token, status in ((served.settings.key, 200), ("other", 401), ("é", 401)):
            headers = {b"authorization": f"Bearer {token}".encode()}
            assert client.get("/", headers=headers).status_code == status


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example",
     "[::ffff:7f00:1]", "", "127.0.0.2", "localhost.", "127.0.0.1:x"],
)  # fmt: skip
def test_other_hosts_are_refused(served: Served, host: str) -> None:
    with served.client() as client:
        answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Leopard" not in answer.text


def test_two_hosts_in_one_request_are_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.settings.port), 10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        assert raw.recv(100).split(b" ")[1] in (b"400", b"421")


def test_another_site_cannot_change_anything(own_served: Served) -> None:
    form = {"theme": "dark", "csrf": own_served.csrf}
    with own_served.client() as client:
        for headers in (
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": f"http://127.0.0.1:{own_served.settings.port + 1}"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            assert client.post("/theme", data=form, headers=headers).status_code == 403
        same = {"origin": own_served.url, "sec-fetch-site": "same-origin"}
        assert client.post("/theme", data=form, headers=same).status_code == 303


def test_a_form_without_its_token_is_refused(served: Served) -> None:
    with served.client() as client:
        for form in ({}, {"csrf": ""}, {"csrf": "x" * 64}):
            answer = client.post("/theme", data={"theme": "dark", **form})
            assert answer.status_code == 403
        headers = {"x-csrf-token": served.csrf}
        assert client.post("/theme", data={"theme": "dark"}, headers=headers).status_code == 303


def test_every_answer_bears_the_headers(served: Served) -> None:
    with served.client() as client:
        for path in ("/", "/nowhere", "/static/app.css", "/health", "/tables/status.csv"):
            headers = client.get(path).headers
            assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "server" not in headers
        assert client.get("/").headers["cache-control"] == "no-store"
        assert "immutable" in client.get("/static/app.css?v=1").headers["cache-control"]
        assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_going_back_leads_to_this_server(served: Served) -> None:
    with served.client() as client:
        for back in ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil"):
            form = {"theme": "dark", "back": back, "csrf": served.csrf}
            assert not client.post("/theme", data=form).headers["location"].startswith("//")
    with socket.create_connection(("127.0.0.1", served.settings.port), 10) as raw:
        asked = f"GET //evil.example?key={served.settings.key} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        raw.sendall(asked.encode())
        assert b"\r\nlocation: /evil.example\r\n" in raw.recv(10_000)


@pytest.mark.parametrize(
    "path",
    ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py",
     "/static/%2e%2e%2f%2e%2e%2fbook.py", "/static//etc/passwd", "/static/..\\settings.py"],
)  # fmt: skip
def test_paths_do_not_lead_out_of_the_folder(served: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", served.settings.port), 10) as raw:
        cookie = f"pledgebook_{served.settings.port}={served.settings.key}"
        asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
        raw.sendall(f"{asked}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert answer.split(b" ")[1] == b"404"
    assert b"import" not in answer
    assert b"root:" not in answer


def test_large_and_slow_bodies_are_refused(written_book: Path) -> None:
    with (
        Book.open(written_book, clock=Clock()) as book,
        serving(book, max_body=100_000, max_seconds=0.5) as served,
    ):
        with served.client() as client:
            big = b"theme=" + b"x" * 200_000
            kind = {"content-type": "application/x-www-form-urlencoded"}
            assert client.post("/theme", content=big, headers=kind).status_code == 413
            # Without a stated length it is counted as it comes.
            pieces = (b"x" * 10_000 for _ in range(30))
            assert client.post("/theme", content=pieces, headers=kind).status_code == 413
        with socket.create_connection(("127.0.0.1", served.settings.port), 10) as raw:
            cookie = f"pledgebook_{served.settings.port}={served.settings.key}"
            raw.sendall(
                f"POST /theme HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                "Content-Length: 5000\r\n\r\ntheme=".encode()
            )
            raw.settimeout(20)
            assert raw.recv(100).split(b" ")[1] == b"408"


def test_faults_are_one_sentence(served: Served) -> None:
    with served.client() as client:
        unknown = client.get("/?donor=Atlantis")
        assert unknown.status_code == 404
        assert "no donor is known as" in unknown.text
        wrong = client.get("/?as_of=yesterday")
        assert wrong.status_code == 400
        assert "is no date" in wrong.text
        assert client.get("/?stage=gone").status_code == 400
        assert client.get("/?page=0").status_code == 422
        assert client.get("/nowhere").status_code == 404
        for answer in (unknown, wrong):
            assert "Traceback" not in answer.text


def test_what_nobody_foresaw_is_told_without_its_insides(
    own_served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(own_served.app.state.live, "view", broken)
    with own_served.client() as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "RuntimeError" in answer.text
    assert "secret inside" not in answer.text


def test_hostile_filters_are_shown_as_text(served: Served, tab: Page) -> None:
    tab.context.on("dialog", lambda _: pytest.fail("a script ran"))
    nasty = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'"
    with served.client() as client:
        answer = client.get("/", params={"donor": nasty})
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


def test_light_and_dark(tab: Page) -> None:
    tab.goto("/")
    root = tab.locator("html")
    tab.get_by_role("button", name="Switch between light and dark").click()
    expect(root).to_have_attribute("data-theme", "dark")
    tab.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    assert serious_faults(tab) == []


def test_the_theme_without_scripts(chrome: Browser, served: Served) -> None:
    with chrome.new_context(base_url=served.url, java_script_enabled=False) as context:
        context.request.get(served.entry)
        page = context.new_page()
        page.goto("/")
        page.get_by_role("button", name="Switch between light and dark").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def routes(app: FastAPI) -> list[APIRoute]:
    found: list[BaseRoute] = list(app.routes)
    flat: list[APIRoute] = []
    while found:
        one = found.pop()
        if isinstance(one, APIRoute):
            flat.append(one)
        else:
            inner = getattr(one, "routes", None) or getattr(
                getattr(one, "original_router", None), "routes", None
            )
            found += list(inner or [])
    return flat


def test_every_route_says_whom_it_is_open_to(served: Served) -> None:
    every = routes(served.app)
    assert len(every) > 3
    silent = [one.path for one in every if not right_of(list(one.dependencies))[0]]
    assert silent == []


def test_many_threads_ask_at_once(served: Served) -> None:
    answers: list[int] = []

    def ask() -> None:
        with served.client() as client:
            answers.extend(client.get("/").status_code for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 30


def test_a_client_that_goes_away_does_not_matter(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.settings.port), 10) as raw:
        raw.sendall(b"POST /theme HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab")
    assert httpx.get(f"{served.url}/health").text == "ok\n"
