"""The app served for tests: real uvicorn, in a thread of this process, on a free port."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from pledgebook.book import Book
from pledgebook.web.app import create_app
from pledgebook.web.guarding.knowing import KnowsPeople
from pledgebook.web.serving import bound_socket, config_of
from pledgebook.web.settings import Settings

__all__ = ["Served", "serving"]


@dataclass
class Served:
    """An app on a port of this machine."""

    app: FastAPI
    book: Book
    settings: Settings
    path: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def entry(self) -> str:
        """The address with the key, as `serve` prints it."""
        return f"{self.url}/?key={self.settings.key}"

    @contextlib.contextmanager
    def client(self, *, known: bool = True) -> Iterator[httpx.Client]:
        """Lend a client; `known` has the key's cookie."""
        with httpx.Client(base_url=self.url, timeout=30) as found:
            if known:
                entry = f"/health?key={self.settings.key}"
                found.get(entry, follow_redirects=True).raise_for_status()
            yield found

    @property
    def csrf(self) -> str:
        """The token that forms of the one user bear."""
        person = self.app.state.people.person(
            {f"pledgebook_{self.settings.port}": self.settings.key}, None
        )
        return str(person.csrf)


@contextlib.contextmanager
def serving(
    book: Book,
    path: Path | None = None,
    people: Callable[[Settings], KnowsPeople] | None = None,
    **settings: object,
) -> Iterator[Served]:
    """Serve a book in a thread of this process, on a free port."""
    listening = bound_socket("127.0.0.1", 0)
    held = Settings(
        port=listening.getsockname()[1],
        by="tester",
        source=str(path) if path else None,
        **settings,  # type: ignore[arg-type]
    )
    app = create_app(book, held, people(held) if people else None)
    server = uvicorn.Server(config_of(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield Served(app, book, held, path)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
