"""The page in a real Chromium: it asks for nothing, breaks no rule of access, and prints."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page

from asking_story import asking_story
from browsers import chromium, chromium_path, serious_faults, watched
from hostile_story import hostile
from pledgebook.errors import UsageError
from pledgebook.reporting.report.chromium import VARIABLE, find_chromium, to_pdf
from pledgebook.reporting.report.html import to_html
from reports_made import book_of, report_of
from shells_story import told

PHONE, DESK = (390, 844), (1200, 900)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports as files: one with forecasts and changes, one of hostile documents."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, readings in (("forecast", told()), ("hostile", hostile())):
        with book_of(folder / f"{name}.db", readings) as book:
            report = report_of(
                book,
                as_of=dt.date(2023, 12, 1),
                since=dt.date(2023, 2, 14),
                until="2024-06" if name == "forecast" else None,
            )
        found[name] = folder / f"{name}.html"
        found[name].write_text(to_html(report), encoding="utf-8")
    return found


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk, dark"]
)
@pytest.mark.parametrize("name", ["forecast", "hostile"])
def test_a_page_is_whole_readable_and_quiet(
    browser: Browser, pages: dict[str, Path], name: str, size: tuple[int, int], scheme: str
) -> None:
    view = {"width": size[0], "height": size[1]}
    requests: list[str] = []
    with watched(browser, viewport=view, color_scheme=scheme) as (context, _):
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.goto(pages[name].as_uri())
        assert requests == [pages[name].as_uri()]
        # Nothing is wider than the page, but what scrolls in a frame of its own.
        assert _width(page) <= size[0]
        assert page.evaluate("window.hacked") is None
        # Its one sheet holds, although the policy forbids all other.
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 20
        assert serious_faults(page) == []


def _width(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


def test_a_figure_opens_with_the_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    with watched(browser) as (context, _):
        page = context.new_page()
        page.goto(pages["forecast"].as_uri())
        link = page.locator("section[aria-labelledby=status] td.refs a").first
        link.focus()
        link.press("Enter")
        target = link.get_attribute("href") or ""
        assert page.url.endswith(target)
        assert page.locator(f"{target} blockquote q").first.is_visible()


def test_on_paper_it_is_black_on_white_and_nothing_is_folded(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with watched(browser, color_scheme="dark") as (context, _):
        page = context.new_page()
        page.goto(pages["forecast"].as_uri())
        page.emulate_media(media="print", color_scheme="dark")
        style = "getComputedStyle(document.body)"
        assert page.evaluate(f"{style}.color") == "rgb(0, 0, 0)"
        assert page.evaluate(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
        height = "document.querySelector('details table').getBoundingClientRect().height"
        assert page.evaluate(height) > 20


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_a_pdf_is_printed(tmp_path: Path, paper: str, width: int) -> None:
    chromium_path()
    with book_of(tmp_path / "aid.db", asking_story()) as book:
        page = to_html(report_of(book), paper=paper)
    printed = to_pdf(page)
    found = pypdfium2.PdfDocument(printed)
    try:
        assert round(found[0].get_width()) == width
        assert len(found) > 3
        text = "\n".join(one.get_textpage().get_text_range() for one in found)
    finally:
        found.close()
    assert "Norway will send eight Leopard 2 tanks by the end of March" in text
    assert "What is known, in short" in text
    assert printed == to_pdf(page)


def test_a_browser_that_is_named_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, chromium_path())
    assert find_chromium() == chromium_path()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nothing"))
    with pytest.raises(UsageError, match="no program that can be run"):
        find_chromium()


def test_without_a_browser_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pledgebook.reporting.report.chromium._PLACES", ())
    with pytest.raises(UsageError, match=r"none was found\. Install Chromium or Chrome, or name"):
        find_chromium()


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for a broken browser")
@pytest.mark.parametrize(
    ("script", "seconds", "says"),
    [
        ("echo 'cannot open display' >&2; exit 1", 20.0, "printed no PDF (cannot open display)"),
        ("sleep 60", 0.3, "did not print within 0.3 seconds"),
    ],
)
def test_a_browser_that_fails_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, seconds: float, says: str
) -> None:
    broken = tmp_path / "browser"
    broken.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(VARIABLE, str(broken))
    with pytest.raises(UsageError) as raised:
        to_pdf("<p>nothing</p>", seconds=seconds)
    assert says in str(raised.value)
