"""Pages in a real, headless Chromium; what they may not do is watched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import ARGUMENTS, UnavailableError, found_chromium
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

__all__ = ["Watched", "chromium", "chromium_path", "serious_faults", "watched"]

_SERIOUS = ("serious", "critical")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_INSIDE = ("127.0.0.1", "localhost")
_RUNNING: list[Browser] = []
_LOCAL = ("data", "blob", "about", "file")


def chromium_path() -> str:
    """Return the path of a Chromium; skip, or fail where it must be there, if there is none."""
    try:
        return found_chromium()
    except UnavailableError as error:
        if os.environ.get("CI", "").lower() not in ("", "0", "false"):
            pytest.fail(f"pages must be tested here: {error}")
        pytest.skip(str(error))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Lend a browser; skip, or fail where it must be there, if there is none.

    One of them can run in a thread: whoever asks while it does gets the same.
    """
    if _RUNNING:
        yield _RUNNING[0]
        return
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        _RUNNING.append(browser)
        try:
            yield browser
        finally:
            _RUNNING.clear()
            browser.close()


@dataclass
class Watched:
    """What pages did that they should not: `expected` are parts of console lines to pass."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Return errors on the console, and requests that left the machine."""
        told = [line for line in self.errors if not any(part in line for part in self.expected)]
        return told + [f"request to {url}" for url in self.outside]


@contextmanager
def watched(
    browser: Browser,
    **options: Any,  # noqa: ANN401
) -> Iterator[tuple[BrowserContext, Watched]]:
    """Lend a context of the browser; on leaving, fail where a page did what it should not."""
    context = browser.new_context(**options)
    seen = Watched()
    context.on(
        "console",
        lambda line: seen.errors.append(line.text) if line.type in ("error", "warning") else None,
    )
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    context.on("request", lambda request: _note(request.url, seen))
    try:
        yield context, seen
    finally:
        context.close()
    faults = seen.faults()
    assert not faults, faults


def _note(url: str, seen: Watched) -> None:
    parts = urlsplit(url)
    if parts.scheme not in _LOCAL and parts.hostname not in _INSIDE:
        seen.outside.append(url)


def serious_faults(page: Page) -> list[str]:
    """Return what axe finds serious or critical, each with where it is."""
    found = Axe().run(page, options=_RULES).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in _SERIOUS
        for node in one["nodes"]
    ]
