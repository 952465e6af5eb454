"""Attacks: markup in all that can be text, addresses that lead astray, bodies that are no forms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from hostile_book import ADMIN, DAY, NASTY, Attacked, attacked
from playwright.sync_api import Browser, Page

from browsers import watched
from hostile_story import IMAGE, SCRIPT
from pledgebook.ledger.judgements import Verdict
from served import Served

TABLE = tomllib.loads((Path(__file__).parent / "authorisation.toml").read_text(encoding="utf-8"))
EVERY = sorted({line for lines in TABLE["routes"].values() for line in lines})
"""Every route of the app: test_web_authorisation.py sees to that."""
READ = [line.removeprefix("GET ") for line in EVERY if line.startswith("GET ")]
CHANGING = [line.removeprefix("POST ") for line in EVERY if line.startswith("POST ")]

BALANCE = f"item=155mm&recipient=UKR&until=2023-12&as_of={DAY}"
DATA = ("application/json", "text/csv", "text/plain", "application/jsonl", "application/toml")
"""What no browser takes for a page."""
FORMS = {"/tables/": ("csv", "xlsx", "json"), "/charts/": ("json", "svg", "png")}
ASKED = {
    "/balance/view": [BALANCE, f"item=155mm&recipient=UKR&until=2023-12&more={quote(NASTY)}"],
    "/balance/slide": [BALANCE],
    "/charts/balance.{form}": [BALANCE],
    "/reading/next": ["after=x"],
    "/search": ["q=tank", "q=hacked"],
    "/changes": ["since=2023-01-01"],
    "/api/v1/search": ["q=hacked"],
    "/sign-in/oidc": [],
    "/sign-in/oidc/back": [],
}
"""What routes are asked, where the bare address would show little; some cannot be asked here."""

SEEN = """
() => {
  const found = [];
  const runs = /^\\s*(javascript|vbscript|data:(?!image\\/))/i;
  for (const one of document.querySelectorAll("*")) {
    const name = one.tagName.toLowerCase();
    if (name === "script" && !one.src) found.push("a script in the page");
    if (["iframe", "object", "embed", "base", "style", "template"].includes(name)) found.push(name);
    for (const held of one.attributes) {
      // Vega sets styles where it draws, by scripts of ours.
      const styled = held.name === "style" && !one.closest("[data-drawn]");
      if (/^on/i.test(held.name) || styled || held.name === "srcdoc")
        found.push(`${name} ${held.name}`);
      if (/(href|src|action|data)$/i.test(held.name) && !held.name.startsWith("data-")
          && runs.test(held.value)) found.push(`${name} ${held.name}=${held.value}`);
      if (name === "img" && held.name === "src" && held.value === "x") found.push("img src=x");
    }
  }
  if (document.querySelector("main b, main i, main svg[onload], main script")) found.push("markup");
  if (window.hacked !== undefined) found.push(`a script ran: ${window.hacked}`);
  return found;
}
"""
"""Elements and attributes that no page of ours has: they would come from a text."""


@pytest.fixture(scope="module")
def under_attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    with attacked(tmp_path_factory.mktemp("hostile")) as found:
        yield found


@pytest.fixture
def client(under_attack: Attacked) -> Iterator[httpx.Client]:
    with under_attack.served.client(known=False) as found:
        found.cookies = under_attack.cookies
        yield found


@pytest.fixture
def page(chrome: Browser, under_attack: Attacked) -> Iterator[Page]:
    """A page of an admin; a dialog, an error on the console or a request elsewhere is a fault."""
    url = under_attack.served.url
    with watched(chrome, base_url=url) as (context, seen):
        refused = "Failed to load resource: the server responded with a status of"
        seen.expected = [f"{refused} 4", f"{refused} 503"]
        cookies = [{"name": one.name, "value": one.value or "", "url": url}
                   for one in under_attack.cookies.jar]  # fmt: skip
        context.add_cookies(cookies)  # type: ignore[arg-type]
        context.on("dialog", lambda _: pytest.fail("a script ran"))
        yield context.new_page()


def addresses(route: str, places: dict[str, list[str]]) -> list[str]:
    """The addresses by which a route is looked at."""
    if route in places:
        return places[route]
    kind = next((one for one in FORMS if route.startswith(one)), None)
    paths = [route.replace("{form}", form) for form in FORMS[kind]] if kind else [route]
    assert "{" not in paths[0], f"{route}: say in hostile_book.py what it is called with"
    asked = ASKED.get(route, [BALANCE if "balance-" in route else ""])
    return [f"{path}?{one}" if one else path for path in paths for one in asked]


# Stored.


def test_whatever_is_kept_is_shown_as_text(
    client: httpx.Client, page: Page, under_attack: Attacked
) -> None:
    """Every address of every route: files say what they are, and pages make nothing of a text."""
    pages, wrong = [], []
    for route in READ:
        for address in addresses(route, under_attack.places):
            answer = client.get(address)
            if answer.status_code >= 500 and answer.status_code != 503:
                wrong.append((address, answer.status_code))
            kind = answer.headers.get("content-type", "")
            assert answer.headers["x-content-type-options"] == "nosniff", address
            assert "script-src 'self'" in answer.headers["content-security-policy"], address
            if kind.startswith("text/html"):
                pages.append((route, address))
            elif SCRIPT in answer.text:
                assert kind.split(";")[0] in DATA, address
    assert wrong == []
    assert len({route for route, _ in pages}) > 20
    shown = set()
    for route, address in pages:
        page.goto(address)
        if found := page.evaluate(SEEN):
            wrong.append((address, found))
        if "window.hacked" in page.locator("body").inner_text():
            shown.add(route)
    assert wrong == []
    # That the traps were there to see at all.
    assert shown >= {
        "/", "/account", "/audit", "/commitments", "/commitments/{name}", "/documents",
        "/documents/{name}", "/joining", "/joining/{name}", "/judgements", "/people",
        "/plans/compare", "/plans/{name}", "/plans/{name}/why", "/problems", "/reading",
        "/reading/agreement", "/search", "/upload", "/upload/{name}", "/why/{name:path}",
    }  # fmt: skip


def test_without_scripts_of_ours_no_other_runs(chrome: Browser, under_attack: Attacked) -> None:
    """Escaping holds by itself: the same pages without the policy that would stop a script."""
    with chrome.new_context(base_url=under_attack.served.url, bypass_csp=True) as context:
        url = under_attack.served.url
        context.add_cookies(
            [{"name": one.name, "value": one.value or "", "url": url}
             for one in under_attack.cookies.jar]
        )  # fmt: skip
        page = context.new_page()
        places = under_attack.places
        for route in ("/documents/{name}", "/commitments/{name}", "/upload/{name}",
                      "/plans/{name}", "/reading/agreement"):  # fmt: skip
            for address in places[route]:
                page.goto(address)
                assert page.evaluate("window.hacked") is None, address
        for address in ("/", "/search?q=hacked", f"/search?q={quote(NASTY)}", "/judgements"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.hacked") is None, address


def test_pictures_hold_no_script(client: httpx.Client, page: Page, under_attack: Attacked) -> None:
    drawn = [address for route in READ if route.endswith("{form}")
             for address in addresses(route, under_attack.places) if ".svg" in address]  # fmt: skip
    assert len(drawn) > 3
    for address in drawn:
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        for one in ET.fromstring(answer.text).iter():
            assert one.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
            assert not any(name.startswith("on") for name in one.attrib), (address, one.attrib)
        page.goto(address)
        assert page.evaluate("window.hacked") is None


# Reflected.


def names_of(asked: Dependant) -> list[str]:
    """The parameters of an address that a route and what it depends on read."""
    inner = [name for one in asked.dependencies for name in names_of(one)]
    return sorted({*inner, *(held.alias for held in asked.query_params)})


def parameters(served: Served) -> dict[str, list[str]]:
    """The names that may stand in the address of each route."""
    found: dict[str, list[str]] = {}
    waiting: list[tuple[str, Any]] = [("", one) for one in served.app.routes]
    while waiting:
        prefix, one = waiting.pop()
        if isinstance(one, APIRoute):
            if "GET" in (one.methods or ()):
                found[prefix + one.path] = names_of(one.dependant)
        elif (router := getattr(one, "original_router", None)) is not None:
            more = one.include_context.prefix
            waiting += [(prefix + more, inner) for inner in router.routes]
    return found


def test_whatever_stands_in_an_address_is_shown_as_text(
    client: httpx.Client, page: Page, under_attack: Attacked
) -> None:
    known = parameters(under_attack.served)
    assert set(READ) <= set(known)
    assert sum(len(names) for names in known.values()) > 100
    reflected: dict[str, str] = {}
    for route in READ:
        if route.startswith("/sign-in/oidc"):
            continue
        path = urlsplit(addresses(route, under_attack.places)[0]).path
        for name in known[route]:
            answer = client.get(path, params={name: NASTY})
            where = f"{path} {name}"
            assert answer.status_code < 500 or answer.status_code == 503, where
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert "<script>window" not in answer.text, where
                assert "<img src=x" not in answer.text, where
                assert not re.search(r"""(href|src|action)=["']?\s*javascript:""", answer.text)
                if "window.hacked" in answer.text:
                    reflected[route] = str(answer.request.url)
        odd = re.sub(r"\{[^}]*\}", quote(NASTY, safe=""), route)
        if odd != route:
            answer = client.get(odd)
            assert answer.status_code < 500, odd
            assert "<script>window" not in answer.text or "json" in answer.headers["content-type"]
            if "window.hacked" in answer.text and "html" in answer.headers["content-type"]:
                reflected[f"{route} "] = odd
    assert len(reflected) > 8
    for address in reflected.values():
        page.goto(address)
        assert page.evaluate(SEEN) == [], address


# Astray.


OUTSIDE = ("../../../etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd", "....//....//etc/passwd",
           ".versions", "..", "con", "x\x00y")  # fmt: skip


@pytest.mark.parametrize("trap", OUTSIDE)
def test_no_path_leads_to_a_file(client: httpx.Client, trap: str) -> None:
    for route in READ:
        if "{" not in route:
            continue
        answer = client.get(re.sub(r"\{[^}]*\}", quote(trap, safe=""), route))
        assert answer.status_code < 500, route
        assert "root:" not in answer.text, route


def test_no_line_break_reaches_a_header(client: httpx.Client) -> None:
    trap = quote("x\r\nset-cookie: evil=1\r\n\r\n<b>", safe="")
    for line in EVERY:
        method, _, route = line.partition(" ")
        if "{" in route:
            answer = client.request(method, re.sub(r"\{[^}]*\}", trap, route))
            assert answer.status_code < 500, line
            assert "evil" not in str(answer.headers.get_list("set-cookie")), line
    for route, names in (("/reading/next", ("after",)), ("/sign-in", ("then",)), ("/", ("key",))):
        for name in names:
            answer = client.get(f"{route}?{name}={trap}")
            assert "evil=1" not in str(answer.headers.get_list("set-cookie"))


ASTRAY = ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
          "/\t/evil.example", "\t//evil.example", "javascript:alert(1)", "///evil.example",
          "/joining/..//evil.example", "/joining?\r\nlocation: https://evil.example",
          "@evil.example", ".evil.example", "http:evil.example")  # fmt: skip


def test_going_back_never_leads_elsewhere(own_served: Served) -> None:
    book, home = own_served.book, urlsplit(own_served.url).netloc
    ids = sorted(book.ledger().entries)
    one, two = book.commitments()[:2]

    def leads(path: str, location: str) -> str:
        """Where a browser goes: it drops tabs and line breaks, and takes \\ for /."""
        read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/")
        return urlsplit(urljoin(own_served.url + path, read)).netloc

    with own_served.client() as client:
        for back in ASTRAY:
            first, second = (book.judge("wrong", each, by="tester", note=back) for each in ids[:2])
            for path, form in (
                (f"/judgements/{first.id}/revoke", {}),
                (f"/joining/undo/{second.id}", {}),
                ("/theme", {"theme": "dark"}),
            ):
                told = client.post(path, data={"csrf": own_served.csrf, "back": back, **form})
                assert told.status_code == 303, path
                assert leads(path, told.headers["location"]) == home, (path, back)
            told = client.get("/sign-in", params={"then": back})
            assert leads("/sign-in", told.headers["location"]) == home, back
        pair = {"kind": "different", "one": one.id, "other": two.id, "back": ASTRAY[0]}
        told = client.post("/joining", data={"csrf": own_served.csrf, **pair})
        assert leads("/joining", told.headers["location"]) == home


# Bodies.


def test_nothing_changes_without_the_token(served: Served) -> None:
    """The one user's routes; those of accounts are walked in test_web_authorisation.py."""
    assert len(CHANGING) > 20
    with served.client() as client:
        for route in CHANGING:
            path = re.sub(r"\{[^}]*\}", "x0", route)
            for headers, form in (({}, {}), ({"x-csrf-token": "0" * 64}, {"csrf": "0" * 64})):
                assert client.post(path, data=form, headers=headers).status_code == 403, route
            # A form of another site can send plain text that looks like JSON.
            plain = {"content-type": "text/plain"}
            assert client.post(path, content=b'{"csrf":"x"}', headers=plain).status_code == 403
            other = client.put(path, headers={"x-csrf-token": served.csrf})
            assert other.status_code in (404, 405), route


ODD_BODIES = {
    "a form that is cut off": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: f"),
    "no boundary": ("multipart/form-data", b"--x--"),
    "no UTF-8": ("application/x-www-form-urlencoded", b"text=\xff\xfe%ff&title=\x00"),
    "many fields": ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 5_000)),
    "deep": ("application/json", b"[" * 200_000),
    "a large number": ("application/json", b'{"kind": ' + b"9" * 10_000 + b"}"),
    "nothing": ("application/json", b""),
}


@pytest.mark.parametrize("odd", ODD_BODIES)
def test_odd_bodies_are_refused(served: Served, odd: str) -> None:
    kind, content = ODD_BODIES[odd]
    headers = {"content-type": kind, "x-csrf-token": served.csrf}
    with served.client() as client:
        for path in ("/upload", "/theme", "/joining", "/api/v1/judgements", "/plans/check",
                     "/documents/d0/correct"):  # fmt: skip
            answer = client.post(path, content=content, headers=headers)
            assert answer.status_code < 500, path
            assert "Traceback" not in answer.text
        assert client.get("/health").text == "ok\n"
    assert served.book.judgements() == []


def test_long_names_do_no_harm(own_served: Served) -> None:
    name = f"{SCRIPT}{IMAGE}" + "n" * 5_000 + ".txt"
    with own_served.client() as client:
        form = {"csrf": own_served.csrf}
        files = {"files": (name, b"Norway will send eight Leopard 2 tanks to Ukraine.")}
        answer = client.post("/upload", data=form, files=files, follow_redirects=True)
        assert answer.status_code in (200, 400)
        assert "<script>window" not in answer.text
        long = {"one": ADMIN, "other": "x" * 20_000}
        assert client.get("/reading/agreement", params=long).status_code == 422
    assert Verdict.WRONG not in [one.kind for one in own_served.book.judgements()]
