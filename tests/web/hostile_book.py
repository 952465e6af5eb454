"""A book in which whatever can be text attacks who shows it: texts, names, notes, addresses, files.

`window.hacked` is the canary: a script that ran has set it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from teams import csrf_of, sign_in, team_book

from hostile_story import BREAKS, IMAGE, LINKS, SCRIPT, STYLE, hostile
from making import Said, report
from plans_made import SCENARIO
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.ledger.access.limits import RequestRules
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from pledgebook.vocabulary.statement import Category, Kind, Per
from served import Served, serving
from shells_story import shells, told

__all__ = ["ADMIN", "DAY", "NASTY", "Attacked", "attacked"]

ADMIN = "mallory"
DAY = "2023-02-15"
"""The day of which the shells are told: forecasts begin there."""
NASTY = f"{SCRIPT}{IMAGE}{{{{7*7}}}}javascript:alert(1)"
_PASSWORD = "six other plain words for her"
_QUOTE = "'" * 3
_PARTIES = f"""
[[party]]
code = "EVL"
name = {_QUOTE}{SCRIPT}{_QUOTE}
kind = "state"
"""
_TRAPPED = {
    "A small winter": NASTY,
    "shells": f"shells {NASTY}",
    "the ministry": f"the ministry {NASTY}",
    "Works A": f"Works {NASTY}",
    "Germany": f"Donor {NASTY}",
}


@dataclass
class Attacked:
    """The book served to accounts, with the ids of what is in it."""

    served: Served
    cookies: httpx.Cookies
    places: dict[str, list[str]]
    """The paths of each route that has something to be put into it."""


@contextlib.contextmanager
def attacked(folder: Path) -> Iterator[Attacked]:
    """Make the book, serve it, sign an admin in."""
    path = folder / "aid.db"
    (folder / "aid.catalogue.toml").write_text(_PARTIES, encoding="utf-8")
    unhurried = RequestRules(rate=10_000, burst=10_000)
    with team_book(path, requests=unhurried) as book:
        _fill(book)
        with (
            serving(book, path, accounts=True, folder=folder / "plans", watch=False) as served,
            served.client(known=False) as client,
        ):
            assert sign_in(client, ADMIN, _PASSWORD).status_code == 303
            yield Attacked(served, client.cookies, _given(served, client) | _ids(book))


def _fill(book: Book) -> None:
    """Put in what comes by documents, by people and by feeds."""
    evil = report(
        Said("the country with a bad name gives three tanks", actors=("EVL",), quantity=3),
        Said("a further 3 tanks come from there", actors=("EVL",), quantity=3, speaker=SCRIPT),
        Said("Ukraine holds 90,000 rounds of 155mm", kind=Kind.STOCK, actors=("UKR",),
             recipient=None, category=Category.ARTILLERY_AMMUNITION, designation="155mm",
             unit="round", quantity=90_000, speaker=SCRIPT),
        date="2023-02-13",
    )  # fmt: skip
    parted = shells(f"It makes 5,000 rounds {SCRIPT} a month", Kind.PRODUCTION, "EVL",
                    quantity=5_000, per=Per.MONTH, speaker=IMAGE)  # fmt: skip
    book.store.add(
        [*hostile(), evil, *told(stock=True), report(parted, date="2023-02-14")],
        [
            Problem(code="empty-document", what=f"No text in {SCRIPT}", source=f"a{IMAGE}.pdf",
                    place=BREAKS, mend=STYLE),
            *(Problem(code="not-fetched", what="Not there", source=link) for link in LINKS),
        ],
    )  # fmt: skip
    book.gate.persons.add(
        ADMIN, Role.ADMIN, by=Actor("tester"), password=_PASSWORD, display_name=f"M {SCRIPT}"
    )
    found = book.gate.persons.find(ADMIN)
    book.gate.tokens.add(found, f"label {IMAGE}", by=Actor("tester"))
    ids = sorted(book.ledger().entries)
    book.judge("same", ids[0], ids[1], by=NASTY, note=NASTY)
    book.judge("different", ids[2], ids[3], by=IMAGE, note=STYLE)
    wrong = book.judge("wrong", ids[4], by=SCRIPT, note=BREAKS)
    book.revoke(wrong.id, by=IMAGE, note=SCRIPT)
    document = book.ledger().entries[ids[0]].document
    for coder in (NASTY, IMAGE):
        book.coding.finish(document, by=coder, note=NASTY)
    hidden = report(Said("hidden words on tanks", quantity=1), date="2023-02-01", lead=SCRIPT)
    book.store.add([hidden])
    book.withdraw(hidden.document.id, by=SCRIPT, note=NASTY)
    book.feeds.add(
        f"https://example.org/{SCRIPT}", name=f"Feed {NASTY}"[:100], by=NASTY, note=NASTY
    )


def _given(served: Served, client: httpx.Client) -> dict[str, list[str]]:
    """Give what comes over the app: a file with a name of its own, scenarios to be solved."""
    client.headers["x-csrf-token"] = csrf_of(client)
    # A slash in a name would cut it; what is left is the name.
    name = f"../{IMAGE.replace(chr(34), chr(39))}.pdf"
    bad = {"files": (name, b"%PDF-1.4 and nothing more")}
    job = client.post("/upload", files=bad, data={"title": NASTY}).headers["location"]
    text = _scenario()
    shelf = served.app.state.shelf
    shelf.save("winter", text, None)
    shelf.save("faulty", f'title = "{SCRIPT}"\n[[{STYLE}]]\n"{BREAKS}" = 3\n', None)
    shelf.save("another", text.replace("1_000", "500"), None)
    assert client.post("/plans/winter/solve", data={"limit": 30}).status_code == 303
    pair = {"one": "winter", "other": "another"}
    assert client.post("/plans/compare", data=pair).status_code == 303
    searches = served.app.state.searches.newest()
    waiting = [*served.app.state.jobs.newest(), *searches]
    while not all(one.over for one in waiting):
        threading.Event().wait(0.05)
    assert [one.failed for one in searches] == [None, None]
    row = client.get("/plans/winter/plan.json").json()
    opened = httpx.QueryParams({"id": row["schedule"][0]["id"]})
    return {
        "/plans/{name}": [f"/plans/{one}?view={how}" for one in ("winter", "faulty")
                          for how in ("result", "form", "text")],
        "/plans/{name}/why": [f"/plans/winter/why?{opened}"],
        "/plans/compare": ["/plans/compare?one=winter&other=another"],
        "/plans/search/{search}": [f"/plans/search/{one.id}" for one in searches],
        "/plans/{name}/plan.{form}": [f"/plans/winter/plan.{form}" for form in
                                      ("csv", "json", "xlsx")],
        "/plans/{name}/chart.{form}": ["/plans/winter/chart.svg", "/plans/winter/chart.json"],
        "/plans/{name}/scenario.toml": ["/plans/winter/scenario.toml"],
        "/upload/{name}": [job],
    }  # fmt: skip


def _scenario() -> str:
    """A scenario that can be solved, whose every name is a trap."""
    text = SCENARIO
    for word, trap in _TRAPPED.items():
        text = text.replace(word, trap.replace('"', "'"))
    own = [_TRAPPED[word].replace('"', "'") for word in ("Works A", "Germany")]
    return text.replace('currency = "EUR"', f'currency = "EUR"\nparties = {json.dumps(own)}')


def _ids(book: Book) -> dict[str, list[str]]:
    """The paths of all that the book has an id for."""
    ledger, commitments = book.ledger(), book.commitments()
    documents = [one.id for one in book.documents()]
    known = [one.id for one in commitments]
    # The pages to which the others lead are opened by their own addresses.
    why = [documents[0], known[0], *sorted(ledger.entries)[:3],
           *(one.id for one in book.judgements()), *(one.id for one in book.rows())]  # fmt: skip
    coders = httpx.QueryParams({"one": NASTY, "other": IMAGE})
    return {
        "/documents/{name}": [f"/documents/{one}" for one in documents],
        "/commitments/{name}": [f"/commitments/{one}" for one in known],
        "/commitments/{name}/cite.{style}": [
            f"/commitments/{known[0]}/cite.{style}" for style in ("text", "markdown", "bibtex")
        ],
        "/joining/{name}": [f"/joining/{one}" for one in known],
        "/why/{name:path}": [f"/why/{one}" for one in why],
        "/api/v1/commitments/{name}": [f"/api/v1/commitments/{one}" for one in known],
        "/api/v1/documents/{name}": [f"/api/v1/documents/{one}" for one in documents],
        "/api/v1/why/{name}": [f"/api/v1/why/{one}" for one in why],
        "/reading/agreement": [f"/reading/agreement?{coders}"],
        "/balance/series/{name}": [
            f"/balance/series/{one.id}?as_of={DAY}"
            for one in book.forecaster.series(as_of=DAY).series
        ],
        "/feeds/{feed}": [f"/feeds/{one.id}" for one in book.feeds.list()],
    }
