"""The search page: hits that lead on, facets that narrow, nothing that breaks out of its text."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from browsers import serious_faults
from served import Served


def test_hits_lead_on_and_facets_narrow(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("searchbox").fill("Patriot")
    tab.keyboard.press("Enter")
    expect(tab.locator(".hits mark").first).to_contain_text("Patriot", ignore_case=True)
    before = tab.locator("#hits").inner_text()
    tab.get_by_role("complementary").get_by_role("link", name="Germany").first.click()
    expect(tab.locator(".active .chip").first).to_contain_text("donor:")
    assert tab.locator("#hits").inner_text() != ""
    assert "donor" in tab.url
    assert serious_faults(tab) == []
    tab.locator(".active .chip").first.click()
    expect(tab.locator("#hits")).to_have_text(before)


def test_nothing_found_says_what_to_try(tab: Page) -> None:
    tab.goto("/search?q=Leopord")
    expect(tab.get_by_text("Nothing was found")).to_be_visible()
    expect(tab.get_by_text("Did you mean")).to_be_visible()
    assert serious_faults(tab) == []


def test_hostile_words_are_text(tab: Page) -> None:
    for words in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}",
                  "' OR 1=1 --", "NEAR(a b", "*", '"', "a:b:c", "\x00", "donor:"):  # fmt: skip
        tab.goto("/")
        tab.get_by_role("searchbox").fill(words)
        tab.keyboard.press("Enter")
        expect(tab.locator("#hits")).to_be_visible()
        assert tab.locator("main script, main img").count() == 0


def test_it_can_be_read_without_scripts_and_downloaded(chrome: Browser, served: Served) -> None:
    with chrome.new_context(base_url=served.url, java_script_enabled=False) as context:
        context.request.get(served.entry)
        page = context.new_page()
        page.goto("/search?q=tank&kind=commitment")
        expect(page.locator(".hits li").first).to_be_visible()
        assert set(page.locator(".hits .chip").all_inner_texts()) == {"commitment"}
    with served.client() as client:
        table = client.get("/tables/search.csv", params={"q": "tank"}).text
        assert table.lstrip("\ufeff").startswith("kind,id,title")
        assert len(table.splitlines()) > 2
