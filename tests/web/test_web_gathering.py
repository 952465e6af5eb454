"""Adding documents: files, text, addresses; what came of each is told."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsers import serious_faults, watched
from making import Clock
from pledgebook.book import Book
from served import Served, serving

REPORT = (
    "Oslo, 3 March 2023. Norway will send eight Leopard 2 tanks to Ukraine, the prime minister "
    "said on Friday."
)


def test_a_pasted_text_is_read(own_tab: Page, own_served: Served) -> None:
    own_tab.goto("/upload")
    assert serious_faults(own_tab) == []
    own_tab.get_by_label("Title, if it has one").fill("Tanks from Norway")
    own_tab.get_by_label("Text", exact=True).fill(REPORT.replace("\n", " "))
    own_tab.get_by_label("Published on").fill("2023-03-03")
    own_tab.get_by_role("button", name="Read").click()
    expect(own_tab.get_by_role("status").first).to_contain_text("Through", timeout=60_000)
    expect(own_tab.get_by_role("status").first).to_contain_text("1 new document")
    assert serious_faults(own_tab) == []
    origin = "pasted: Tanks from Norway"
    (read,) = (
        one for one in own_served.book.documents() if origin in [at.origin for at in one.locations]
    )
    assert str(read.date) == "2023-03-03"
    assert read.statements > 0


def test_files_are_read_one_by_one_and_faults_told(own_tab: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "<b>bad<b>.pdf"
    good.write_text(REPORT, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.4 and nothing more")
    own_tab.goto("/upload")
    own_tab.get_by_label("Files", exact=True).set_input_files([good, bad])
    expect(own_tab.locator("[data-chosen] li")).to_have_count(2)
    own_tab.get_by_role("button", name="Read").click()
    expect(own_tab.get_by_role("status").first).to_contain_text("Through", timeout=60_000)
    rows = own_tab.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("read")
    expect(rows.nth(1)).to_contain_text("<b>bad<b>.pdf")
    expect(rows.nth(1)).to_contain_text("not read")
    assert rows.nth(1).locator(".bad").count() > 0
    again = own_tab.url
    own_tab.goto("/upload")
    own_tab.get_by_label("Files", exact=True).set_input_files([good])
    own_tab.get_by_role("button", name="Read").click()
    expect(own_tab.get_by_role("status").first).to_contain_text("1 there already", timeout=60_000)
    assert own_tab.url != again


def test_without_scripts_the_page_tells_how_far_it_is(chrome: Browser, own_served: Served) -> None:
    with watched(chrome, base_url=own_served.url, java_script_enabled=False) as (context, _):
        context.request.get(own_served.entry)
        page = context.new_page()
        page.goto("/upload")
        page.get_by_label("Text", exact=True).fill(REPORT)
        page.get_by_role("button", name="Read").click()
        expect(page.get_by_role("status").first).to_contain_text("Through", timeout=60_000)


@contextmanager
def pages() -> Iterator[str]:
    """Serve one report on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = f"<html><body><article><p>{REPORT}</p></article></body></html>".encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/report"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("allowed", [False, True])
def test_addresses_of_the_local_network_are_fetched_only_where_allowed(
    tmp_path: Path, allowed: bool
) -> None:
    path = tmp_path / "aid.db"
    with (
        pages() as address,
        Book.open(path, clock=Clock()) as book,
        serving(book, path, allow_local=allowed) as served,
        served.client() as client,
    ):
        form = {"csrf": served.csrf, "addresses": f"{address}\n"}
        told = client.post("/upload", data=form, follow_redirects=True)
        assert told.status_code == 200
        job = served.app.state.jobs.newest()[0]
        while not job.over:
            threading.Event().wait(0.02)
        assert len(book.documents()) == int(allowed)
        (item,) = job.items
        assert bool(item.problems) is not allowed


def test_what_makes_no_sense_is_refused(served: Served) -> None:
    with served.client() as client:
        for form, words in (
            ({}, "nothing was given"),
            ({"addresses": "file:///etc/passwd"}, "is no address of a page"),
            ({"addresses": "javascript:alert(1)"}, "is no address of a page"),
            ({"text": "Norway", "date": "soon"}, "is no date"),
            ({"text": "Norway", "lang": "klingon!"}, "is no language code"),
        ):
            answer = client.post("/upload", data={"csrf": served.csrf, **form})
            assert answer.status_code == 400
            assert words in answer.text
        assert client.get("/upload/u0").status_code == 404
        names = {"files": ("../../etc/evil\n.txt", b"Norway sends tanks to Ukraine.")}
        answer = client.post(
            "/upload", data={"csrf": served.csrf}, files=names, follow_redirects=True
        )
        assert answer.status_code == 200
        assert "etc/evil" not in answer.text
