"""A served app and a browser: real uvicorn, real Chromium, a book of made-up reports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browsers import chromium, watched
from making import Clock
from pledgebook.book import Book
from served import Served, serving


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def served(written_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A book of `stories.everything`, served; the tests of one module share it."""
    path = Path(shutil.copy(written_book, tmp_path_factory.mktemp("served") / "aid.db"))
    with Book.open(path, clock=Clock()) as book, serving(book, path) as found:
        yield found


@pytest.fixture
def own_served(written_book: Path, tmp_path: Path) -> Iterator[Served]:
    """The same, the test's own: for what changes the book."""
    path = Path(shutil.copy(written_book, tmp_path / "aid.db"))
    with Book.open(path, clock=Clock()) as book, serving(book, path) as found:
        yield found


@pytest.fixture
def context(chrome: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser that knows the key; console errors and requests elsewhere fail the test."""
    with watched(chrome, base_url=served.url) as (found, _):
        found.request.get(served.entry)
        yield found


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def own_tab(chrome: Browser, own_served: Served) -> Iterator[Page]:
    """A page of the browser on `own_served`."""
    with watched(chrome, base_url=own_served.url) as (found, _):
        found.request.get(own_served.entry)
        yield found.new_page()
