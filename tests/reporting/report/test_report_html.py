"""The page: safe whatever documents say, whole in itself, and well made."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import lxml.html  # type: ignore[import-untyped]
import pytest
from lxml.html import HtmlElement

from asking_story import asking_story
from hostile_story import BREAKS, IMAGE, SCRIPT, STYLE, hostile
from pledgebook.reporting.report.html import to_html
from reports_made import DAY, book_of, report_of

_DRAWN = {"svg", "rect", "path", "text", "title"}
_ALLOWED = {
    "html", "head", "meta", "title", "link", "style", "body", "a", "header", "h1", "h2", "h3", "p",
    "dl", "div", "dt", "dd", "nav", "ol", "li", "main", "section", "ul", "b", "span", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption",
    "blockquote", "q", "footer", "code", "article",
} | _DRAWN  # fmt: skip


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("hostile") / "aid.db"
    with book_of(place, hostile()) as book:
        return to_html(report_of(book, title=f"{STYLE}{SCRIPT}", since=DAY.replace(year=2023)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("asked") / "aid.db"
    with book_of(place, asking_story()) as book:
        return to_html(report_of(book, since=DAY.replace(year=2023, month=3)))


def elements(page: str) -> list[HtmlElement]:
    return [one for one in lxml.html.document_fromstring(page).iter() if isinstance(one.tag, str)]


@pytest.mark.parametrize("name", ["page", "hostile_page"])
def test_a_page_holds_nothing_but_what_we_put_there(
    name: str, request: pytest.FixtureRequest
) -> None:
    for one in elements(request.getfixturevalue(name)):
        assert one.tag in _ALLOWED, one.tag
        for attribute, value in one.attrib.items():
            assert not attribute.startswith("on"), (one.tag, attribute)
            assert attribute not in {"style", "src", "srcset", "srcdoc", "action", "formaction"}
            if attribute == "href":
                assert re.match(r"#|data:,$|https?://", value), value


def test_hostile_texts_are_shown_as_text(hostile_page: str) -> None:
    shown = lxml.html.document_fromstring(hostile_page).text_content()
    assert f"{SCRIPT} will send eight tanks {IMAGE}, number 0" in shown
    assert STYLE in shown
    assert BREAKS in shown
    assert "right-to-left \ufffdetirw\ufffd and a bell \ufffd" in shown
    assert "\u202e" not in hostile_page
    for tag in ("<script", "<img", "<b>g"):
        assert tag not in hostile_page


def test_addresses_that_are_none_of_the_web_are_no_links(hostile_page: str) -> None:
    links = [one.get("href") for one in elements(hostile_page) if one.tag == "a"]
    outside = [link for link in links if not link.startswith("#")]
    assert outside
    assert all(link.startswith("https://user@evil.example/") for link in outside)
    assert (
        "javascript:window.hacked=4" in lxml.html.document_fromstring(hostile_page).text_content()
    )


def test_the_policy_allows_the_one_sheet_and_nothing_else(page: str) -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    [sheet] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_every_anchor_leads_somewhere_and_every_id_is_one(page: str) -> None:
    found = elements(page)
    ids = [one.get("id") for one in found if one.get("id")]
    assert len(ids) == len({*ids})
    for one in found:
        link = one.get("href", "")
        if link.startswith("#"):
            assert link[1:] in ids, link
        assert one.get("aria-labelledby", ids[0]) in ids
    assert len([one for one in ids if re.fullmatch(r"n\d+", one)]) > 10


def test_headings_come_in_order(page: str) -> None:
    levels = [int(one.tag[1]) for one in elements(page) if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes_and_pictures_have_words(page: str) -> None:
    found = elements(page)
    tables = [one for one in found if one.tag == "table"]
    assert len(tables) >= 6
    for one in tables:
        assert one[0].tag == "caption"
        assert one[0].text_content().strip()
        heads = one.findall("thead/tr/th")
        assert heads
        assert all(head.get("scope") == "col" for head in heads)
        for row in one.findall("tbody/tr"):
            assert row[0].get("scope") in ("row", "rowgroup")
            # What a phone shows in place of the head.
            labels = [head.text_content() for head in heads[1:]]
            assert [cell.get("data-label") for cell in row[1:]] in (labels, [])
    for one in found:
        if one.tag == "svg":
            assert one.get("aria-hidden") == "true" or one.get("aria-label")


@pytest.mark.parametrize(("paper", "size"), [("a4", "A4"), ("letter", "letter")])
def test_the_size_of_paper_is_in_the_sheet(tmp_path: Path, paper: str, size: str) -> None:
    with book_of(tmp_path / "aid.db", asking_story()) as book:
        found = report_of(book)
    assert f"@page {{ size: {size}; }}" in to_html(found, paper=paper)
    assert "size: A4" not in to_html(found)
