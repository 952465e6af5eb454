"""A server of our own that answers as a test wants it to: real HTTP, on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the server says to one question; `text` is the content of the completion."""

    text: str = '{"statements": []}'
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    finish: str = "stop"
    usage: tuple[int, int] | None = (1000, 100)
    raw: str | None = None

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw.encode()
        content: Body = {
            "choices": [
                {
                    "message": {"role": "assistant", "content": self.text},
                    "finish_reason": self.finish,
                }
            ]
        }
        if self.usage is not None:
            content["usage"] = {
                "prompt_tokens": self.usage[0],
                "completion_tokens": self.usage[1],
            }
        return json.dumps(content).encode()


@dataclass
class Asked:
    """Everything that a server was asked, in the order of arrival."""

    url: str
    bodies: list[Body] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    most_at_once: int = 0

    @property
    def questions(self) -> list[str]:
        return [body["messages"][1]["content"] for body in self.bodies]


@contextmanager
def serving(answer: Callable[[Body], Answer]) -> Iterator[Asked]:
    """Serve on a free port of this machine; yields what is asked and the address."""
    lock = threading.Lock()
    under_way = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            nonlocal under_way
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                asked.bodies.append(body)
                asked.paths.append(self.path)
                asked.keys.append(self.headers.get("Authorization"))
                under_way += 1
                asked.most_at_once = max(asked.most_at_once, under_way)
            said = answer(body)
            with lock:
                under_way -= 1
            content = said.body()
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # who asked may have had enough of waiting
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    asked = Asked(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def coded(evidence: str, /, **changes: Any) -> Body:  # noqa: ANN401 - any field of an answer
    """Return a statement as a model answers it: a Norwegian pledge of eight Leopard 2."""
    return {
        "evidence": evidence,
        "kind": "pledge",
        "status": "firm",
        "scope": "new",
        "actors": ["NOR"],
        "recipient": "UKR",
        "category": "tank",
        "designation": "Leopard 2",
        "quantity": {"low": 8, "high": 8, "unit": "item", "per": None, "approx": False},
        "money": None,
        "when": None,
        "supplier": None,
        "speaker": None,
    } | changes


def answered(*statements: Body) -> str:
    """Return an answer with these statements."""
    return json.dumps({"statements": list(statements)})
