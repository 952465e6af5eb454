"""Take a picture of each page of the app, for the documentation: docs/images/app/*.webp.

python tools/screenshots.py [NAME...]      all of them, or those of these names

It reads the demonstration documents into a new book, serves it on this machine, and looks at it
with a real Chromium (tools/chromium.py). The same names each time; old pictures are replaced.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from chromium import ARGUMENTS, UnavailableError, found_chromium
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pledgebook.book import Book
from pledgebook.demo import DOCUMENTS
from pledgebook.web import Settings, create_app
from pledgebook.web.serving import bound_socket, config_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "app"
SCENARIO = ROOT / "examples" / "february-2023.toml"
FEEDS = ROOT / "examples" / "feeds.toml"
MOST_BYTES = 4_000_000
"""All pictures together."""
DESKTOP, PHONE = (1280, 900), (390, 844)
TALLEST = {DESKTOP: 1800, PHONE: 1700}
"""Pixels: a longer page is cut off there."""
QUALITY = 82
PATIENCE = 180_000
"""Milliseconds: the first forecast waits for its kernel, and a plan for its proof."""


@dataclass(frozen=True)
class Shot:
    """A page to look at: its address, and how it is looked at."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    tall: int = 0
    """Where it is cut off, in pixels; 0 for what is usual."""
    wait: str = ""
    """What has to be there before the picture is taken: a selector."""


class Ids:
    """What of the demonstration book the pictures show."""

    def __init__(self, book: Book) -> None:
        commitments = book.commitments()
        self.commitment = max(commitments, key=lambda one: (len(one.statements), one.id)).id
        self.document = max(
            book.documents(), key=lambda one: (4 < one.statements < 12, one.statements, one.id)
        ).id


def shots(ids: Ids) -> list[Shot]:
    """Return all that is looked at."""
    drawn = '[data-chart][data-drawn="yes"]'
    view = (
        "/balance/view?item=35mm&recipient=UKR&until=2025-06&as_of=2024-06-30"
        "&stock=100000-160000&use=18000-26000/month"
    )
    fan = "[data-fan]"  # it is drawn when it comes into sight
    return [
        Shot("overview", "/", wait=drawn),
        Shot("overview-dark", "/", dark=True, wait=drawn),
        Shot("overview-phone", "/", PHONE, wait=".figures, main h1"),
        Shot("commitments", "/commitments"),
        Shot("commitment", f"/commitments/{ids.commitment}"),
        Shot("commitment-phone", f"/commitments/{ids.commitment}", PHONE),
        Shot("documents", "/documents"),
        Shot("reading-desk", f"/documents/{ids.document}"),
        Shot("reading-desk-dark", f"/documents/{ids.document}", dark=True),
        Shot("reading-desk-phone", f"/documents/{ids.document}", PHONE),
        Shot("reading", "/reading"),
        Shot("joining", "/joining"),
        Shot("balance", "/balance", wait="main table, main ul"),
        Shot("balance-view", view, tall=2300, wait=fan),
        Shot("balance-view-dark", view, dark=True, tall=2300, wait=fan),
        Shot("plans", "/plans"),
        Shot("plan", "/plans/february-2023", wait=drawn),
        Shot("plan-form", "/plans/february-2023?view=form"),
        Shot("search", "/search?q=leopard"),
        Shot("search-phone", "/search?q=leopard", PHONE),
        Shot("add", "/upload"),
        Shot("feeds", "/feeds"),
        Shot("help", "/help"),
        Shot("judgements", "/judgements"),
        Shot("api", "/api/v1"),
    ]


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[Book, FastAPI, Settings]]:
    """Make the book and serve it; nothing is fetched."""
    path = folder / "demo.db"
    # Places are shown: none of this machine.
    shutil.copy(DOCUMENTS, folder / "reports.jsonl")
    os.chdir(folder)
    with Book.open(path) as book:
        book.read(["reports.jsonl"])
        _people(book)
        listening = bound_socket("127.0.0.1", 0)
        settings = Settings(
            port=listening.getsockname()[1], by="you", source=str(path), watch=False,
        )  # fmt: skip
        app = create_app(book, settings)
        app.state.place = path.name
        app.state.shelf.folder = Path(f"{path.name}.plans")
        server = uvicorn.Server(config_of(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        # What is seen where nobody said --no-watch; nothing is fetched for a picture.
        app.state.watching.on = True
        try:
            yield book, app, settings
        finally:
            server.should_exit = True
            thread.join(30)
            listening.close()


def _people(book: Book) -> None:
    """Judge a little, and watch feeds, so that the desks have something to show."""
    from pledgebook.documents.feeds.feeds_file import load_feeds

    documents = sorted(book.documents(), key=lambda one: -one.statements)
    for by in ("A. Clerk", "B. Reader"):
        coding = book.coding.of(documents[0].id, by)
        for at, one in enumerate(coding.statements):
            kind = "wrong" if by == "B. Reader" and at == 2 else "accepted"
            book.coding.judge(kind, documents[0].id, one.id, by=by)
        book.coding.finish(documents[0].id, by=by)
    first, second = (one.id for one in book.commitments()[:2])
    book.judge("different", first, second, by="A. Clerk", note="two packages, months apart")
    book.feeds.put(load_feeds(FEEDS).feeds, by="A. Clerk")


def _plan(app: FastAPI, settings: Settings) -> None:
    """Put the example on the shelf and have it solved."""
    app.state.shelf.save("february-2023", SCENARIO.read_text(encoding="utf-8"), None)
    with httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", timeout=30) as client:
        client.get(f"/health?key={settings.key}", follow_redirects=True).raise_for_status()
        csrf = app.state.people.person({f"pledgebook_{settings.port}": settings.key}, None).csrf
        form = {"csrf": csrf, "gap": "1", "limit": "90"}
        client.post("/plans/february-2023/solve", data=form)
    while not all(one.over for one in app.state.searches.newest()):
        time.sleep(0.2)


def take(page: Page, shot: Shot) -> bytes:
    """Return a picture of one page, as WebP. Raises AssertionError where the page is not right."""
    answer = page.goto(shot.path)
    assert answer is not None, f"{shot.path} is no page"
    assert answer.ok, f"{shot.path} answers {answer.status}"
    if shot.wait:
        page.locator(shot.wait).first.wait_for(state="attached", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    # What is drawn when it comes into sight is brought there once.
    for drawing in page.locator("[data-chart], [data-fan]").all()[:6]:
        drawing.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"{shot.name} is {wider} pixels wider than its window"
    height = min(
        page.evaluate("document.documentElement.scrollHeight"), shot.tall or TALLEST[shot.size]
    )
    clip = {"x": 0, "y": 0, "width": shot.size[0], "height": max(height, 300)}
    picture = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def _context(browser: Browser, settings: Settings, shot: Shot) -> BrowserContext:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{settings.port}",
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    context.request.get(f"/health?key={settings.key}")
    return context


def main(names: list[str]) -> None:
    """Take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="pledgebook-pictures-"))
    try:
        with served(folder) as (book, app, settings), sync_playwright() as playwright:
            wanted = [one for one in shots(Ids(book)) if not names or one.name in names]
            if any(one.name.startswith("plan") for one in wanted):
                _plan(app, settings)
            browser = playwright.chromium.launch(
                executable_path=found_chromium(), args=list(ARGUMENTS)
            )
            for shot in wanted:
                with _context(browser, settings, shot) as context:
                    page = context.new_page()
                    page.set_default_timeout(PATIENCE)
                    picture = take(page, shot)
                (FOLDER / f"{shot.name}.webp").write_bytes(picture)
                print(f"{len(picture) / 1000:6,.0f} kB  {shot.name}")
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    size = sum(one.stat().st_size for one in FOLDER.glob("*.webp"))
    assert size < MOST_BYTES, f"the pictures take {size:,} bytes together"
    if not names:
        kept = {f"{one.name}.webp" for one in wanted}
        assert {one.name for one in FOLDER.glob("*.webp")} <= kept, "there are pictures of no page"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UnavailableError as error:
        sys.exit(str(error))
