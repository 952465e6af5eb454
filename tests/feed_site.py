"""A web site of feeds and articles on this machine, that remembers what it was asked."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DAY = "Tue, 31 Dec 2024 09:00:00 +0000"


@dataclass
class Reply:
    """What an address answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: float = 0.0

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


class Site:
    """Addresses and what they answer, to be changed while it runs."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | Callable[[Mapping[str, str]], Reply]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.url = ""

    def paths(self, *beginning: str) -> list[str]:
        """What was asked, in turn, robots.txt left out."""
        found = [path for path, _ in self.asked if path != "/robots.txt"]
        return [path for path in found if path.startswith(beginning)] if beginning else found

    def feed(self, path: str, *items: str, etag: str | None = None, more: str = "") -> None:
        """Lay an RSS feed at a path; with an ETag it answers 304 to who has it."""
        body = rss(*items, more=more)

        def answer(headers: Mapping[str, str]) -> Reply:
            if etag is not None and headers.get("If-None-Match") == etag:
                return Reply(status=304, headers={"ETag": etag})
            told = {"Content-Type": "application/rss+xml"}
            return Reply(body, headers=told | ({"ETag": etag} if etag else {}))

        self.pages[path] = answer

    def article(self, path: str, text: str, head: str = "") -> None:
        """Lay a page at a path."""
        self.pages[path] = Reply(
            f"<html><head>{head}</head><body><article><h1>News</h1><p>{text}</p></article></body></html>",
            headers={"Content-Type": "text/html; charset=utf-8"},
        )


def rss(*items: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Aid news</title>{more}{''.join(items)}</channel></rss>"
    )


def item(link: str, title: str = "News", *, guid: str = "", day: str = DAY, more: str = "") -> str:
    named = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    dated = f"<pubDate>{day}</pubDate>" if day else ""
    return f"<item><title>{title}</title><link>{link}</link>{named}{dated}{more}</item>"


@contextmanager
def serving(address: str = "127.0.0.1") -> Iterator[Site]:
    """Run a site while the block lasts."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with site.lock:
                site.asked.append((self.path, dict(self.headers)))
                site.at_once += 1
                site.most_at_once = max(site.at_once, site.most_at_once)
            try:
                self.answer()
            finally:
                with site.lock:
                    site.at_once -= 1

        def answer(self) -> None:
            found = site.pages.get(self.path, Reply(status=404))
            reply = found if isinstance(found, Reply) else found(dict(self.headers))
            time.sleep(reply.slow)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.bytes)))
            self.end_headers()
            self.wfile.write(reply.bytes)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet."""

    server = Server((address, 0), Handler)
    site.url = f"http://{address}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def packed(text: str | bytes) -> Reply:
    """A reply that is compressed."""
    data = text.encode() if isinstance(text, str) else text
    return Reply(gzip.compress(data), headers={"Content-Encoding": "gzip"})


def keys(rows: Sequence[Any], name: str) -> list[Any]:
    """One attribute of many."""
    return [getattr(row, name) for row in rows]
