"""Commitments in a browser: the list, one with its sentences, ids that open, judgements."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from syrupy.assertion import SnapshotAssertion

import pledgebook.web
from browsers import serious_faults, watched
from making import Clock, Said, document, reading, report
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.ledger.commitments import Commitment
from pledgebook.vocabulary.statement import Category, Kind, Scope
from served import Served, serving

WEB = Path(pledgebook.web.__file__).parent


def of(served: Served, item: str, donor: str) -> Commitment:
    """The first commitment of a donor for an item."""
    return next(
        one
        for one in served.book.ledger().commitments
        if one.item == item and one.donors == (donor,)
    )


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A book with doubts, a running total, a correction, parts in deliveries, and problems."""
    path = tmp_path_factory.mktemp("doubtful") / "aid.db"
    back = Scope.BACKGROUND
    with Book.open(path, clock=Clock()) as book:
        book.store.add(
            [
                report(Said("Norway sends eight tanks by March", quantity=8, when="2023-03")),
                report(Said("the eight tanks", quantity=8, scope=back), date="2023-02-16"),
                report(Said("Norway sends a further forty tanks", quantity=40), date="2023-02-18"),
                report(Said("the forty tanks", quantity=40, scope=back), date="2023-02-19"),
                report(Said("the tanks", scope=back), date="2023-02-20"),
                report(
                    Said("three of the eight arrived", kind=Kind.DELIVERY, quantity=3),
                    date="2023-03-02",
                ),
                report(Said("Oslo now refuses", kind=Kind.REFUSAL), date="2023-05-01"),
                report(
                    Said("in all 50 were promised", quantity=50, scope=Scope.TOTAL),
                    Said("Ukraine holds 40 of them", kind=Kind.STOCK, actors=("UKR",),
                         recipient=None, quantity=40),
                    date="2023-06-01",
                ),
                reading(
                    document(
                        "<img src=x onerror=alert(1)> said: Oslo will give 5 <b>Stinger</b>.",
                        "2023-05-05",
                        title="<script>alert('title')</script>",
                        url="javascript:alert(1)",
                    ),
                    [Said("Oslo will give 5 <b>Stinger</b>", quantity=5,
                          designation="<b>Stinger</b>", category=Category.AIR_DEFENCE,
                          speaker="<i>Minister</i>")],
                ),
            ],
            [
                Problem(code="empty-document", what="The file has no text", source="a<b>.pdf",
                        mend="Scan it with text recognition"),
                Problem(code="no-date", what="It bears no date", source="https://example.org/x",
                        severity="warning"),
            ],
        )  # fmt: skip
        with serving(book, path) as found:
            yield found


@pytest.fixture
def doubting(chrome: Browser, doubtful: Served) -> Iterator[Page]:
    with watched(chrome, base_url=doubtful.url) as (context, _):
        context.request.get(doubtful.entry)
        yield context.new_page()


# The list


def test_the_list_is_sorted_and_leads_on(tab: Page, snapshot: SnapshotAssertion) -> None:
    tab.goto("/commitments?sort=due")
    assert tab.locator("tbody tr").first.inner_text() == snapshot(name="first")
    tab.get_by_role("link", name="Largest first").click()
    expect(tab.locator("tbody tr").first).to_contain_text("155mm")
    expect(tab.locator(".sorts [aria-current]")).to_have_text("Largest first")
    tab.locator("tbody tr a").first.click()
    expect(tab.locator("h1")).to_have_text("Germany to Ukraine: 155mm, at least 100,000 rounds")


def test_a_long_list_has_pages(chrome: Browser, tmp_path: Path) -> None:
    said = [
        Said(f"Oslo will give {number} of kind {number}.", quantity=number,
             designation=f"Kind {number}", category=Category.OTHER)
        for number in range(1, 56)
    ]  # fmt: skip
    with Book.open(tmp_path / "aid.db", clock=Clock()) as book, serving(book) as served:
        book.store.add([report(*said)])
        with watched(chrome, base_url=served.url) as (context, _):
            context.request.get(served.entry)
            tab = context.new_page()
            tab.goto("/commitments?sort=size&donor=NOR")
            expect(tab.locator("tbody tr")).to_have_count(50)
            tab.get_by_role("link", name="Next").click()
            expect(tab).to_have_url(re.compile("donor=NOR&sort=size&page=2"))
            expect(tab.locator("tbody tr")).to_have_count(5)
            expect(tab.locator("tbody tr").last).to_contain_text("Kind 1")
            tab.goto("/commitments?page=77")
            expect(tab.locator("tbody tr")).to_have_count(5)
        with served.client() as client:
            assert len(client.get("/tables/commitments.json?page=2").json()) == 55


# One commitment


def test_a_commitment_shows_what_it_rests_on(
    doubting: Page, doubtful: Served, snapshot: SnapshotAssertion
) -> None:
    one = of(doubtful, "Leopard 2", "NOR")
    doubting.goto(f"/commitments/{one.id}")
    assert doubting.locator(".standing").inner_text() == snapshot(name="standing")
    assert doubting.locator(".events").inner_text() == snapshot(name="events")
    assert doubting.get_by_role("img").get_attribute("aria-label") == snapshot(name="line")
    assert doubting.locator("section:has(> #h-stages) tbody").inner_text() == snapshot(
        name="stages"
    )
    marks = doubting.locator(".sentence mark").all_inner_texts()
    assert marks == [
        doubtful.book.ledger().entries[name].statement.evidence.quote for name in one.statements
    ]
    expect(doubting.locator(".whyhere").first).to_contain_text("the same party acts")
    assert serious_faults(doubting) == []


def test_what_was_not_joined_is_told_with_reasons(doubting: Page, doubtful: Served) -> None:
    ledger = doubtful.book.ledger()
    one = next(found for found in ledger.commitments if found.doubts)
    other = ledger.home[one.doubts[0].anchor]
    doubting.goto(f"/commitments/{one.id}")
    card = doubting.locator("section:has(> #h-doubts)")
    card.locator("summary").first.click()
    expect(card.locator("details li").first).to_be_visible()
    judge = card.get_by_role("link", name="Judge it").first
    expect(judge).to_have_attribute("href", f"/joining?between={one.id},{other}")


def test_a_running_total_is_a_check(doubting: Page, doubtful: Served) -> None:
    [check] = doubtful.book.ledger().checks
    doubting.goto(f"/why/{check.statement}")
    expect(doubting.locator("main")).to_contain_text("a running total of 50 pledged")
    expect(doubting.locator("mark")).to_have_text("in all 50 were promised")
    doubting.get_by_role("link", name=re.compile("Norway to Ukraine")).first.click()
    expect(doubting.locator("section:has(> #h-checks)")).to_contain_text("running total of 50")


def test_what_others_write_stays_text(doubting: Page, doubtful: Served) -> None:
    one = of(doubtful, "<b>Stinger</b>", "NOR")
    for address in ("/", "/commitments", f"/commitments/{one.id}", "/problems", "/changes"):
        doubting.goto(address)
        assert doubting.locator("main img[src=x], main b, main i, main script").count() == 0
        assert doubting.locator("main [href^=javascript]").count() == 0
    doubting.goto(f"/commitments/{one.id}")
    expect(doubting.locator("h1")).to_have_text("Norway to Ukraine: <b>Stinger</b>, 5")
    footer = doubting.locator(".sentence footer")
    expect(footer).to_contain_text("<i>Minister</i>, in <script>alert('title')</script>")


def test_problems_say_how_to_mend_them(doubting: Page) -> None:
    doubting.goto("/problems")
    rows = doubting.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("a<b>.pdf")
    expect(rows.nth(1)).to_contain_text("Scan it with text recognition")
    doubting.get_by_label("Kind").select_option("no-date")
    expect(doubting).to_have_url(re.compile("code=no-date"))
    expect(rows).to_have_count(1)
    assert serious_faults(doubting) == []


def test_citations_are_copied(chrome: Browser, served: Served) -> None:
    one = of(served, "F-16", "DNK")
    with watched(chrome, base_url=served.url) as (context, _):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.request.get(served.entry)
        tab = context.new_page()
        tab.goto(f"/commitments/{one.id}")
        tab.get_by_text("BibTeX").click()
        button = tab.locator("[data-copy=cite-bibtex]")
        button.click()
        expect(button).to_have_text("Copied")
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied == served.book.cite(one.id, "bibtex")
        whole = context.request.get(f"/commitments/{one.id}/cite.text").text()
        assert whole == served.book.cite(one.id) + "\n"
        assert context.request.get(f"/commitments/{one.id}/cite.papyrus").status == 400
        assert context.request.get("/commitments/c0000/cite.text").status == 404


def test_a_day_gone_by_is_kept_on_the_way(tab: Page, served: Served) -> None:
    one = of(served, "Leopard 2", "NOR")
    tab.goto(f"/commitments/{one.id}?as_of=2023-02-20")
    expect(tab.locator(".note")).to_contain_text("As known on 20 Feb 2023")
    then = served.book.ledger(as_of="2023-02-20")
    found = next(it for it in then.commitments if it.id == one.id)
    expect(tab.locator(".sentence")).to_have_count(len(found.statements))
    assert len(found.statements) < len(one.statements)
    # What was told later is not there yet.
    late = of(served, "Stinger", "LVA")
    with served.client() as client:
        answer = client.get(f"/commitments/{late.id}?as_of=2023-02-20")
    assert answer.status_code == 404
    assert "lies after the day asked for" in answer.text


def test_it_is_read_without_scripts(chrome: Browser, served: Served) -> None:
    one = of(served, "Leopard 2", "SWE")
    with watched(chrome, base_url=served.url, java_script_enabled=False) as (context, _):
        context.request.get(served.entry)
        tab = context.new_page()
        tab.goto(f"/commitments/{one.id}#contradictions")
        expect(tab.locator("#contradictions + ul")).to_contain_text("other reports say")
        expect(tab.locator("svg.timeline circle")).not_to_have_count(0)
        expect(tab.locator("[data-copy]").first).to_be_hidden()
        tab.locator("#contradictions + ul a").first.click()
        expect(tab).to_have_url(re.compile(r"statement=(s[0-9a-f]{20})#\1$"))


# Ids


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as found:
        yield found


def test_every_id_leads_to_its_page(served: Served, client: httpx.Client) -> None:
    ledger = served.book.ledger()
    one = of(served, "Leopard 2", "NOR")
    first, last = one.statements[0], one.statements[-1]
    entry = ledger.entries[last]
    level = ledger.observations[0] if ledger.observations else None
    places = {
        one.id: f"/commitments/{one.id}",
        one.id[:8]: f"/commitments/{one.id}",
        last: f"/commitments/{one.id}?statement={last}#{last}",
        f" {first[:9].upper()}": f"/commitments/{one.id}?statement={first}#{first}",
        entry.document: f"/documents/{entry.document}",
        "forecast:155mm/UKR": "/balance/point?id=forecast%3A155mm%2FUKR",
        "t0123456789": "/balance/series/t0123456789",
    }
    if level is not None:
        document_ = level.entry.document
        places[level.id] = f"/documents/{document_}?statement={level.id}#{level.id}"
    for name, place in places.items():
        answer = client.get(f"/why/{quote(name)}")
        assert (answer.status_code, answer.headers.get("location")) == (303, place), name
    # A commitment joined others: each of its statements gave it a name that opens it.
    answer = client.get(f"/commitments/c{last[1:]}?as_of=2024-01-01")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/commitments/{one.id}?as_of=2024-01-01&was=c{last[1:]}"
    assert "is part of this commitment now" in client.get(answer.headers["location"]).text


def test_a_figure_opens_to_its_commitments(served: Served, client: httpx.Client) -> None:
    row = served.book.rows(donor="NOR")[0]
    text = client.get(f"/why/{row.id}").raise_for_status().text
    assert "It rests on 1 commitment" in text
    assert f"/commitments/{row.commitments[0].id}" in text
    grouped = served.book.answers.rows("donor", donor="DEU")[0]
    text = client.get(f"/why/{grouped.id}").raise_for_status().text
    assert f"It rests on {len(grouped.commitments)} commitments" in text


@pytest.mark.parametrize("name", ["nonsense", "c0000", "d99", "forecasts", "%00", "plan:none"])
def test_what_is_no_id_is_told_so(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/why/{name}")
    assert answer.status_code in (400, 404)
    assert 'class="fault"' in answer.text


# Judgements


def test_a_judgement_is_taken_back_and_restored(own_tab: Page, own_served: Served) -> None:
    book = own_served.book
    one = of(own_served, "Leopard 2", "NOR")
    made = book.judge("wrong", one.statements[-1], by="Anna", note="<b>no</b>")
    kept = book.judge("accepted", one.statements[0], by="Ben")
    own_tab.goto(f"/commitments/{one.id}")
    card = own_tab.locator(f"#{kept.id}")
    expect(card).to_contain_text("This is right")
    card.get_by_label("Why").fill("too soon")
    card.get_by_role("button", name="Take back").click()
    expect(own_tab).to_have_url(re.compile(f"/commitments/{one.id}$"))
    expect(own_tab.locator("section:has(> #h-judgements)")).to_contain_text("Nobody has judged")

    own_tab.goto("/judgements")
    expect(own_tab.locator(".judged")).to_have_count(3)
    expect(own_tab.locator(f"#{made.id}")).to_contain_text("<b>no</b>")
    own_tab.get_by_label("By").select_option("tester")
    taking = own_tab.locator(".judged")
    expect(taking).to_have_count(1)
    expect(taking).to_contain_text("too soon")
    taking.get_by_role("button", name="Restore it").click()
    expect(own_tab.locator(".judged")).to_have_count(2)
    assert [it.kind for it in book.ledger().decisions.applied] == ["wrong", "accepted"]
    own_tab.goto(f"/why/{made.id}")
    expect(own_tab.locator("main")).to_contain_text("in force")
    assert serious_faults(own_tab) == []


def test_nothing_is_taken_back_twice_or_from_elsewhere(own_served: Served) -> None:
    book = own_served.book
    made = book.judge("accepted", of(own_served, "F-16", "DNK").statements[0], by="Anna")
    address = f"/judgements/{made.id}/revoke"
    with own_served.client() as client:
        assert client.post(address).status_code == 403
        form = {"csrf": own_served.csrf, "back": "//elsewhere.example/x"}
        answer = client.post(address, data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere.example/x")
        assert client.post(address, data=form).status_code == 400
        assert client.post("/judgements/j0/revoke", data=form).status_code == 404
    assert len(book.judgements()) == 2


# Help


def test_every_question_mark_leads_to_a_topic(tab: Page) -> None:
    told = tomllib.loads((WEB / "data" / "help.toml").read_text(encoding="utf-8"))
    asked = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r"m\.help\(\"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 5
    assert asked <= told["topic"].keys()
    tab.goto("/help#overdue")
    expect(tab.locator("#overdue h2")).to_be_in_viewport()
    links = {link.get_attribute("href") for link in tab.locator(".contents a").all()}
    assert links == {f"#{name}" for name in [*told["topic"], "words", "keys"]}
    assert serious_faults(tab) == []
