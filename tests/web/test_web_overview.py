"""The overview in a browser: figures, filters, charts, the slider of days; and without scripts."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from syrupy.assertion import SnapshotAssertion

from browsers import serious_faults, watched
from making import Clock
from pledgebook.book import Book
from served import Served, serving


def open_overview(tab: Page, address: str = "/") -> None:
    tab.goto(address)
    expect(tab.locator(".ahead")).to_contain_text(re.compile("enough|worked out|balance"))


def test_the_overview_tells_how_far_it_is(tab: Page, snapshot: SnapshotAssertion) -> None:
    open_overview(tab)
    assert tab.title() == "Overview · Pledgebook"
    for chart in tab.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        expect(chart).to_have_attribute("data-drawn", "yes")
    assert tab.locator(".stage-card").all_inner_texts() == snapshot(name="cards")
    assert tab.locator("table.figures").inner_text() == snapshot(name="categories")
    assert tab.locator("#h-overdue + .scroll").inner_text() == snapshot(name="overdue")
    newest = tab.locator("section:has(> #h-newest) li").first
    expect(newest.locator("mark")).to_have_text(
        "the first Patriot battery has arrived from Germany"
    )
    expect(tab.locator("section:has(> #h-clashes)")).to_contain_text("Sweden to Ukraine: Leopard 2")
    assert serious_faults(tab) == []


def test_a_card_leads_to_the_narrower_list(tab: Page) -> None:
    open_overview(tab, "/?donor=DEU")
    tab.get_by_role("link", name="On order", exact=True).click()
    expect(tab).to_have_url(re.compile(r"/commitments\?donor=DEU&stage=on_order&sort=size$"))
    expect(tab.locator("tbody tr")).to_have_count(1)
    expect(tab.locator("tbody")).to_contain_text("PzH 2000")


def test_filters_stand_in_the_address(tab: Page, served: Served) -> None:
    open_overview(tab)
    tab.locator("#f-item").fill("tank")
    tab.locator("#f-item").press("Enter")
    expect(tab).to_have_url(re.compile(r"/\?item=tank$"))
    expect(tab.locator(".lead")).to_contain_text("3 commitments that fit")
    assert tab.locator("table.figures tbody th").all_inner_texts() == ["tank"]
    tab.goto("/?item=tank&donor=LVA")
    expect(tab.locator(".empty")).to_contain_text("Nothing fits")
    with served.client() as client:
        answer = client.get("/?donor=%3Cb%3EAtlantis%3C/b%3E")
    assert answer.status_code == 404
    assert "&lt;b&gt;Atlantis&lt;/b&gt;" in answer.text


def test_the_slider_of_days_works_with_the_keyboard(tab: Page) -> None:
    open_overview(tab)
    slider = tab.get_by_role("slider", name="As known on")
    expect(tab.locator(".asof output")).to_have_text("today")
    slider.focus()
    slider.press("Home")
    expect(tab).to_have_url(re.compile(r"as_of=2023-02-14"))
    expect(tab.locator(".lead")).to_contain_text("as known on 14 Feb 2023")
    assert slider.get_attribute("aria-valuetext") == "14 Feb 2023"
    # The filters that came with the piece know of the day, and its charts are drawn anew.
    assert tab.locator("#f-as_of").input_value() == "2023-02-14"
    tab.locator("[data-chart]").first.scroll_into_view_if_needed()
    expect(tab.locator("[data-chart]").first).to_have_attribute("data-drawn", "yes")
    slider.press("End")
    expect(tab.locator(".lead")).to_contain_text("as known today")
    expect(tab).not_to_have_url(re.compile("as_of"))
    tab.go_back()
    expect(tab.locator(".lead")).to_contain_text("as known on 14 Feb 2023")


def test_it_is_read_without_scripts(chrome: Browser, served: Served) -> None:
    with watched(chrome, base_url=served.url, java_script_enabled=False) as (context, _):
        context.request.get(served.entry)
        tab = context.new_page()
        tab.goto("/")
        expect(tab.locator(".asof")).to_be_hidden()
        expect(tab.locator(".stage-card").first).to_contain_text("Asked")
        picture = tab.locator("noscript img").first
        expect(picture).to_have_attribute("src", "/charts/months.svg")
        tab.get_by_label("As known on").nth(1).fill("2023-02-20")
        tab.get_by_role("button", name="Show").click()
        expect(tab.locator(".lead")).to_contain_text("as known on 20 Feb 2023")
        tab.get_by_role("link", name="What changed since?").click()
        expect(tab).to_have_url(re.compile(r"/changes\?since=2023-02-20$"))
        expect(tab.locator(".changes > li").first).to_be_visible()


def test_a_phone_scrolls_down_only(chrome: Browser, served: Served) -> None:
    phone = {"width": 390, "height": 844}
    with watched(chrome, base_url=served.url, viewport=phone, color_scheme="dark") as (context, _):
        context.request.get(served.entry)
        tab = context.new_page()
        for address in ("/", "/judgements", "/problems", "/help", "/commitments", "/changes"):
            tab.goto(address)
            beyond = "document.documentElement.scrollWidth - window.innerWidth"
            assert tab.evaluate(beyond) <= 0, address
            if address in ("/commitments", "/changes"):
                # The others are looked at by tests of their own.
                assert serious_faults(tab) == [], address


@pytest.mark.parametrize(
    "name",
    ["status", "categories", "months", "outstanding", "largest", "overdue", "newest",
     "contradictions", "commitments", "judgements", "problems"],
)  # fmt: skip
def test_every_table_downloads(served: Served, name: str) -> None:
    with served.client() as client:
        rows = client.get(f"/tables/{name}.json").raise_for_status().json()
        csv = client.get(f"/tables/{name}.csv").raise_for_status()
        assert len(csv.text.splitlines()) >= len(rows) + 1
        assert client.get(f"/tables/{name}.xlsx").raise_for_status().content[:2] == b"PK"
        assert client.get(f"/tables/{name}.pdf").status_code == 404


def test_every_chart_downloads(served: Served) -> None:
    with served.client() as client:
        for name in ("months", "outstanding"):
            svg = client.get(f"/charts/{name}.svg?donor=DEU").raise_for_status()
            assert svg.text.startswith("<svg")
            # Colours of the page's sheet, not their names.
            assert "token:" not in svg.text
            assert client.get(f"/charts/{name}.png").raise_for_status().content[1:4] == b"PNG"
            spec = client.get(f"/charts/{name}.json").raise_for_status().json()
            assert 0 < len(spec["data"]["values"]) <= 5_000


def test_a_new_book_says_what_to_do_first(chrome: Browser, tmp_path: Path) -> None:
    with (
        Book.open(tmp_path / "new.db", clock=Clock()) as book,
        serving(book) as served,
        watched(chrome, base_url=served.url) as (context, _),
    ):
        context.request.get(served.entry)
        tab = context.new_page()
        tab.goto("/")
        links = [one.get_attribute("href") for one in tab.locator("main .button").all()]
        assert links == ["/upload", "/upload#g-text"]
        assert serious_faults(tab) == []
        for address, says in (
            ("/commitments", "No commitment yet"),
            ("/judgements", "Nobody has judged anything"),
            ("/problems", "No problem"),
            ("/changes", "Nothing to compare"),
        ):
            tab.goto(address)
            expect(tab.locator(".empty-head")).to_have_text(says)
        tab.goto("/")
        tab.get_by_role("button", name="Read the demonstration documents").click()
        expect(tab).to_have_url(re.compile("/upload/u[0-9a-f]+$"))
        expect(tab.locator("main")).to_contain_text("demonstration documents")
        assert book.problems() == []


def test_reports_that_come_in_are_shown(own_tab: Page, own_served: Served) -> None:
    from making import Said, report

    open_overview(own_tab)
    expect(own_tab.locator(".lead")).to_contain_text("13 commitments")
    own_served.book.store.add(
        [report(Said("Riga will give <script>alert(1)</script> 99 drones", actors=("LVA",),
                     quantity=99), date="2024-06-01")]
    )  # fmt: skip
    # A page may be that of a moment ago, where its sums took long on a busy machine.
    deadline = time.monotonic() + 30
    while "14 commitments" not in own_tab.locator(".lead").inner_text():
        assert time.monotonic() < deadline, own_tab.locator(".lead").inner_text()
        own_tab.reload()
    newest = own_tab.locator("section:has(> #h-newest) mark").first
    expect(newest).to_have_text("Riga will give <script>alert(1)</script> 99 drones")
