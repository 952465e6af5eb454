"""The balance in a browser, with and without JavaScript, and its files."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from browsers import serious_faults, watched
from making import Clock, report
from pledgebook.book import Book
from pledgebook.forecasting.flows import warming
from pledgebook.forecasting.series import SeriesMeasure
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind
from pledgebook.web.balance import kernel
from served import Served, serving
from shells_story import shells, told

VIEW = "/balance/view?item=155mm&recipient=UKR&until=2023-12"
PATIENCE = 90_000
"""Milliseconds: the machine may be busy, and the first forecast loads what was compiled."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A book of shells, in which two voices part on what is held."""
    path = tmp_path_factory.mktemp("balance") / "shells.db"
    clock = Clock(dt.datetime(2023, 2, 15, 12, tzinfo=dt.UTC))
    parted = shells(
        "Ukraine has only 90,000 rounds of 155mm left", Kind.STOCK, "UKR", quantity=90_000,
        speaker="<b>Igor Konashenkov</b>",
    )  # fmt: skip
    with Store.open(path, clock=clock) as store:
        store.add([*told(stock=True), report(parted, date="2023-02-13")])
    with Book.open(path, clock=clock) as book, serving(book, path) as found:
        yield found


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """A client; what it asks for is ready."""
    with served.client() as found:
        assert served.app.state.desk.kernel.wait(PATIENCE / 1_000)
        while "data-again" in found.get(VIEW).text:
            pass
        yield found


def drawn(tab: Page, name: str) -> Locator:
    """Return the chart of a measure, drawn: it is when it comes into sight."""
    drawing = tab.locator(f'[data-fan="{name}"]')
    expect(drawing).to_be_attached(timeout=PATIENCE)
    drawing.scroll_into_view_if_needed()
    expect(drawing).to_have_attribute("data-drawn", "yes")
    return drawing


# Read.


def test_of_what_a_balance_can_be_shown(tab: Page) -> None:
    tab.goto("/balance")
    first = tab.locator("table.balances tbody tr").first
    expect(first).to_contain_text("Runs dry about", timeout=PATIENCE)
    expect(first).to_contain_text("140,000 rounds")
    expect(tab.locator("tbody tr").nth(1)).to_contain_text("No report tells what is held")
    assert serious_faults(tab) == []
    first.get_by_role("link").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("155mm for Ukraine")


def test_fans_with_the_figures_under_them(tab: Page) -> None:
    def opened(route: Route) -> None:
        route.fulfill(body="<title>the statement</title>", content_type="text/html")

    tab.route("**/documents/**", opened)
    tab.goto(VIEW)
    drawing = drawn(tab, "stock")
    for name in ("days-of-supply", "gap", "arrivals", "output", "use"):
        drawn(tab, name)
    assert serious_faults(tab) == []
    # A claim keeps its speaker, and what is written like a page stays text.
    conflict = tab.locator(".pooled .note", has_text="sources contradict each other")
    expect(conflict).to_contain_text("<b>Igor Konashenkov</b> “Ukraine has only 90,000 rounds")
    mark = drawing.locator(".figures_marks path").first
    mark.focus()
    tip = tab.locator("#balance-tip")
    expect(tip).to_contain_text("“Ukraine holds 300,000 rounds of 155mm” (300,000)")
    tab.keyboard.press("ArrowRight")
    expect(tip).to_contain_text("<b>Igor Konashenkov</b>, told 2023-02-13")
    tab.keyboard.press("Enter")
    expect(tab).to_have_title("the statement")
    assert "?statement=s" in tab.url


def test_a_slider_answers_and_says_what_changed(tab: Page) -> None:
    tab.goto(VIEW)
    drawing = drawn(tab, "stock")
    line = drawing.locator(".mark-line path").first
    before = line.get_attribute("d")
    slider = tab.get_by_label("Use, times what it is")
    slider.focus()
    with tab.expect_response(lambda one: "/balance/slide?" in one.url) as few:
        tab.keyboard.press("ArrowLeft")
    assert json.loads(few.value.text())["draws"] == 1_000
    for _ in range(9):
        tab.keyboard.press("ArrowLeft")
    said = tab.locator("#said")
    expect(said).to_have_attribute("data-state", "rest", timeout=PATIENCE)
    expect(said).to_contain_text("Without the sliders: runs dry about")
    assert slider.get_attribute("aria-valuetext") == "0.5 times"
    expect(tab.locator("#p-words")).to_contain_text("use is 0.5 times that")
    expect(tab.locator("tr.shown")).to_contain_text("steady+use=0.5")
    assert line.get_attribute("d") != before
    expect(tab.locator('#p-matters a[href*="times=0.5"]').first).to_be_visible()
    assert "times=0.5" in tab.url
    link = tab.locator('a[href^="/tables/balance-steps.csv"]')
    assert "times=0.5" in (link.get_attribute("href") or "")
    # The address is the view: whoever opens it sees the same.
    words = tab.locator("#p-words .big").inner_text()
    tab.reload()
    expect(tab.locator("#p-words .big")).to_have_text(words)
    assert serious_faults(tab) == []


def test_without_javascript_all_of_it_can_be_read(chrome: Browser, served: Served) -> None:
    with watched(chrome, base_url=served.url, java_script_enabled=False) as (context, _):
        context.request.get(served.entry)
        page = context.new_page()
        page.goto(VIEW)
        while page.get_by_role("link", name="Look again").count():
            page.get_by_role("link", name="Look again").click()
        expect(page.locator("#p-words .big")).to_contain_text("Runs dry about")
        pictures = page.locator("noscript img, figure img")
        assert pictures.count() == 6
        expect(pictures.first).to_have_attribute("alt", re.compile("^Fan chart. Stock"))
        source = pictures.first.get_attribute("src") or ""
        assert context.request.get(source).headers["content-type"] == "image/svg+xml"
        page.locator("#b-late").fill("120")
        page.get_by_role("button", name="Show").first.click()
        expect(page.locator("#p-words")).to_contain_text("comes 120 days later")
        assert "late=120" in page.url


# Files, faults and pieces.


def test_every_table_and_chart_downloads(client: httpx.Client) -> None:
    for name in ("steps", "scenarios", "figures", "promises", "matters"):
        for form, kind in (("csv", "text/csv"), ("xlsx", "openxml"), ("json", "json")):
            answer = client.get(f"/tables/balance-{name}.{form}?{VIEW.partition('?')[2]}")
            assert answer.status_code == 200
            assert kind in answer.headers["content-type"]
            assert len(answer.content) > 100
    for form, begins in (("json", b"{"), ("svg", b"<svg"), ("png", b"\x89PNG")):
        address = f"/charts/balance.{form}?{VIEW.partition('?')[2]}&measure=gap"
        assert client.get(address).content.startswith(begins)
    listed = client.get("/tables/balances.json?recipient=Ukraine").json()
    assert [one["name"] for one in listed] == ["155mm", "artillery ammunition"]
    assert listed[1]["outstanding"] == "n/k rounds"


def test_figures_are_those_of_the_command_line(client: httpx.Client, served: Served) -> None:
    rows = client.get(f"/tables/balance-steps.json?{VIEW.partition('?')[2]}").json()
    found = served.book.forecast("155mm", "2023-12", recipient="UKR")
    band = found.outlooks["steady"].bands
    mine = [one["p50"] for one in rows if one["measure"] == "stock"]
    assert mine == next(one.p50.tolist() for name, one in band.items() if name == "stock")


def test_assumptions_download_as_they_are_read(client: httpx.Client) -> None:
    answer = client.get(
        "/balance/assumptions.toml",
        params={"stock": "200k-400k", "use": "90k/month", "more": "[[event]]\nname='x'\n"
                "earliest=2023-05-01\nlatest=2023-06-01\nlow=1\nhigh=2"},
    )  # fmt: skip
    held = tomllib.loads(answer.text)
    assert held["stock"] == {"low": 200_000, "high": 400_000}
    assert held["event"][0]["earliest"] == dt.date(2023, 5, 1)
    assert client.get("/balance/assumptions.toml?stock=many").status_code == 400


def test_what_is_assumed_is_marked_everywhere(client: httpx.Client) -> None:
    page = client.get(f"{VIEW}&stock=200k-400k").text
    assert "Assumed, not reported: opening stock: 200,000 to 400,000, as you said." in page
    assert "rests on assumptions" in page
    assert 'value="200k-400k"' in page


def test_a_faulty_field_is_told_beside_it(client: httpx.Client) -> None:
    answer = client.get(f"{VIEW}&stock=many&use=<script>alert(1)</script>&course=worse")
    assert answer.status_code == 422
    assert "&#39;many&#39; is no range" in answer.text
    assert 'aria-describedby="e-stock"' in answer.text
    assert "<script>alert" not in answer.text
    assert "No scenario is called &#39;worse&#39;" in answer.text


def test_what_is_not_known_is_told(client: httpx.Client) -> None:
    answer = client.get("/balance/view?item=zeppelins&recipient=UKR")
    assert answer.status_code == 422
    assert "no item is known as &#39;zeppelins&#39;" in answer.text
    assert client.get("/balance/series/t00000000000000000000").status_code == 404
    assert client.get("/balance/point?id=nonsense").status_code == 400
    huge = "forecast:155mm/UKR?until=2023-12-31&as_of=2023-02-15&draws=9000000"
    assert client.get("/balance/point", params={"id": huge}).status_code == 400
    assert (
        client.get(f"/charts/balance.svg?{VIEW.partition('?')[2]}&measure=mood").status_code == 400
    )
    assert client.get("/balance/slide?item=155mm").json() == {"error": "Name the recipient."}


def test_a_move_brings_few_draws_and_rest_brings_all(client: httpx.Client) -> None:
    query = f"{VIEW.partition('?')[2]}&times=2&late=30"
    few = client.get(f"/balance/slide?{query}").json()
    all_ = client.get(f"/balance/slide?{query}&rest=true").json()
    assert (few["draws"], all_["draws"]) == (1_000, 10_000)
    assert "pieces" not in few
    assert set(all_["pieces"]) == {"words", "beside", "steps"}
    last = client.get(f"/balance/slide?{query}&matters=true").json()
    assert "Share of the variance" in last["pieces"]["matters"]
    assert few["charts"].keys() == all_["charts"].keys()
    assert "10,000 draws" in all_["pieces"]["words"]
    assert len(few["charts"]["stock"]) == len(all_["charts"]["stock"]) == 11


def test_a_figure_opens_down_to_its_sentences(client: httpx.Client, served: Served) -> None:
    point = "forecast:155mm/UKR?until=2023-12-31&as_of=2023-02-15#stock@2023-03-15"
    page = client.get("/balance/point", params={"id": point}).text
    for words in (
        "Stock of 155mm, UKR, from 2023-03-15, steady",
        "Ukraine holds 300,000 rounds of 155mm",
        "Germany will send 50,000 rounds of 155mm",
        "/commitments/c",
        "/balance/series/t",
    ):
        assert words in page
    told_of = served.book.forecaster.series()
    [stock] = told_of.find(party="UKR", item="155mm", measure=SeriesMeasure.STOCK)
    series = client.get(f"/balance/series/{stock.id}").text
    assert "Ukraine has only 90,000 rounds of 155mm left" in series
    assert "&lt;b&gt;Igor Konashenkov&lt;/b&gt;" in series
    assert client.get(f"/charts/balance-series.svg?series={stock.id}").text.startswith("<svg")


def test_an_empty_book_says_what_to_do_first(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with Book.open(path) as book, serving(book, path) as found, found.client() as asking:
        page = asking.get("/balance").text
        while "Being prepared" in page:
            page = asking.get("/balance").text
    assert "Nothing can be balanced yet" in page
    assert 'href="/upload"' in page


def test_what_is_being_prepared_says_so(tmp_path: Path) -> None:
    path = tmp_path / "aid.db"
    with Book.open(path) as book, serving(book, path) as found, found.client() as asking:
        # Nothing is worked out any more: whoever asks is told so, and a file is refused.
        found.app.state.desk._shop.stop()
        page = asking.get(VIEW)
        assert page.status_code == 200
        assert "Being prepared" in page.text
        assert asking.get(f"/balance/slide?{VIEW.partition('?')[2]}").status_code == 503


def test_a_compiler_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> None:
        raise ImportError("libsvml.so")

    monkeypatch.setattr(warming, "warm", breaks)
    monkeypatch.setattr(kernel, "_LOADED", threading.Event())
    made = kernel.Kernel()
    assert not made.wait(60)
    assert made.fault == "Forecasts cannot be made here: ImportError in the compiler"
    assert "cannot be compiled" in caplog.text
    made.stop()


def test_without_the_extra_the_page_says_what_to_install(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "_NEEDED", ("numpy", "a_module_that_is_nowhere"))
    for address in ("/balance", VIEW):
        page = client.get(address)
        assert page.status_code == 200
        assert "pip install &#39;pledgebook[forecast]&#39;" in page.text
    assert client.get(f"/tables/balance-steps.csv?{VIEW.partition('?')[2]}").status_code == 501
