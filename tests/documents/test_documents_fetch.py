"""URLs: a real server on this machine, and the guard that keeps others away from it."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from document_files import codes, pdf, read_all

from pledgebook.documents import FetchPolicy, network
from pledgebook.documents.fetch import Page
from pledgebook.documents.network import is_public
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

LOCAL = FetchPolicy(allow_local=True)
HASTY = FetchPolicy(allow_local=True, read_timeout=0.3, total_timeout=0.9)
PAGE = "<html><head><title>Støre</title></head><body><p>Støre sends eight tanks.</p></body></html>"
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
    "/2023/02/14/page": (200, {"Content-Type": "text/html"}, PAGE.encode()),
    "/latin": (200, {"Content-Type": "text/plain; charset=latin-1"}, "Støre".encode("latin-1")),
    "/packed": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(PAGE.encode()),
    ),
    "/members": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(PAGE[:30].encode()) + gzip.compress(PAGE[30:].encode()),
    ),
    "/broken": (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
    "/cut": (200, {"Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())[:40]),
    "/brotli": (200, {"Content-Encoding": "br"}, b"x"),
    "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(80_000_000))),
    "/large": (200, {"Content-Type": "text/plain"}, b"x" * 50_001),
    "/report.pdf": (200, {"Content-Type": "application/octet-stream"}, pdf([["Eight tanks."]])),
    "/lines.jsonl": (
        200,
        {"Content-Type": "text/plain"},
        b'{"text": "Eight tanks."}\n{"text": "Four guns.", "url": "https://example.org/a"}\n',
    ),
    "/feed": (200, {"Content-Type": "application/rss+xml"}, b"<?xml version='1.0'?><rss></rss>"),
    "/gone": (404, {}, b"<html>not here</html>"),
    "/fault": (500, {}, b""),
    "/empty": (200, {"Content-Type": "text/html"}, b""),
    "/moved": (302, {"Location": "/2023/02/14/page#top"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/to-user": (302, {"Location": "http://user:secret@127.0.0.1/"}, b""),
    "/to-nonsense": (302, {"Location": "http://[:::"}, b""),
    "/cookie": (302, {"Location": "/tasted", "Set-Cookie": "taste=good"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    """Answers from the table, and badly on purpose."""

    asked: list[tuple[str, dict[str, str]]] = []  # noqa: RUF012 - one list for all requests

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        path = self.path
        if path == "/silent":
            time.sleep(2)
        elif path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(20):
                self.wfile.write(b"x")
                time.sleep(0.1)
        elif path == "/half":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x")
        elif path == "/tasted":
            good = self.headers.get("Cookie") == "taste=good"
            self.answer(200 if good else 403, {"Content-Type": "text/plain"}, b"Eight tanks.")
        elif path.startswith("/to-other"):
            assert isinstance(self.server, Server)
            port = self.server.server_port
            self.answer(302, {"Location": f"http://127.0.0.2:{port}/page"}, b"")
        else:
            self.answer(*ANSWERS[path])

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """A server that says nothing when a client hangs up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Return the address of a running server."""
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fault(url: str, policy: FetchPolicy = LOCAL) -> Problem:
    """Return the one problem with a URL."""
    documents, (problem,) = read_all(url, fetch=policy)
    assert documents == []
    assert problem.source == url
    return problem


def test_a_page_is_fetched(site: str) -> None:
    (document,), problems = read_all(f"{site}/page", fetch=LOCAL)
    assert problems == []
    assert document.text == "Støre sends eight tanks."
    assert (document.title, document.extractor) == ("Støre", "html/1")
    assert document.origin == document.url == f"{site}/page"
    assert document.bytes_sha256 == sha256(PAGE.encode())
    path, headers = Handler.asked[-1]
    assert path == "/page"
    assert headers["User-Agent"].startswith("pledgebook/")


def test_redirects_are_followed_and_the_last_address_is_kept(site: str) -> None:
    (document,), _ = read_all(f"{site}/moved", fetch=LOCAL)
    assert document.origin == f"{site}/moved"
    assert document.url == f"{site}/2023/02/14/page"
    assert (str(document.date), document.date_source) == ("2023-02-14", "url")


def test_formats_of_the_web(site: str) -> None:
    def texts(path: str) -> list[str]:
        documents, problems = read_all(f"{site}{path}", fetch=LOCAL)
        assert problems == []
        return [document.text for document in documents]

    assert texts("/report.pdf") == ["Eight tanks."]
    assert texts("/lines.jsonl") == ["Eight tanks.", "Four guns."]
    assert texts("/latin") == ["Støre"]
    assert texts("/packed") == ["Støre sends eight tanks."]
    assert texts("/members") == ["Støre sends eight tanks."]
    assert texts("/cookie") == ["Eight tanks."]


def test_the_end_of_a_host_is_no_suffix() -> None:
    assert Page("https://mfa.gov.md", b"", None, None).suffix == ""
    assert (
        Page("https://example.org/a.b/Report.PDF?x=.html#y.txt", b"", None, None).suffix == ".pdf"
    )


def test_a_line_has_only_its_own_url(site: str) -> None:
    first, second = read_all(f"{site}/lines.jsonl", fetch=LOCAL)[0]
    assert first.url is None
    assert first.origin == f"{site}/lines.jsonl:1"
    assert second.url == "https://example.org/a"
    assert second.origin == f"{site}/lines.jsonl:2"


@pytest.mark.parametrize(
    ("path", "code", "what"),
    [
        ("/gone", "fetch-failed", "404 Not Found"),
        ("/fault", "fetch-failed", "500"),
        ("/loop", "fetch-failed", "more than 5 times"),
        ("/broken", "fetch-failed", "unpacked"),
        ("/cut", "fetch-failed", "breaks off"),
        ("/brotli", "fetch-failed", "br"),
        ("/half", "fetch-failed", "connection"),
        ("/bomb", "fetch-failed", "50,000,000"),
        ("/to-nonsense", "fetch-failed", "no valid"),
        ("/to-file", "fetch-refused", "file:"),
        ("/to-user", "fetch-refused", "password"),
        ("/feed", "unsupported-format", "format"),
        ("/empty", "empty-document", "no text"),
    ],
)
def test_what_a_server_does_wrong_is_a_problem(site: str, path: str, code: str, what: str) -> None:
    problem = fault(site + path)
    assert problem.code == code
    assert what in problem.what


def test_a_page_over_the_limit_is_a_problem(site: str) -> None:
    problem = fault(f"{site}/large", FetchPolicy(allow_local=True, max_bytes=50_000))
    assert problem.code == "fetch-failed"
    assert "50,000" in problem.what


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_a_server_that_never_finishes_is_left(site: str, path: str) -> None:
    begun = time.monotonic()
    problem = fault(site + path, HASTY)
    assert time.monotonic() - begun < 1.5
    assert problem.code == "fetch-failed"
    assert "in time" in problem.what


def test_a_port_that_is_closed_is_a_problem() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "connection" in fault(f"http://127.0.0.1:{port}/").what


def test_the_rest_is_read_when_a_url_fails(site: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Norway sends tanks.")
    documents, problems = read_all(f"{site}/gone", path, f"{site}/page", fetch=LOCAL)
    assert len(documents) == 2
    assert codes(problems) == ["fetch-failed"]


def test_the_local_network_is_refused(site: str) -> None:
    before = len(Handler.asked)
    port = site.rpartition(":")[2]
    hosts = ("127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]")
    for host in (*hosts, "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"):
        problem = fault(f"http://{host}:{port}/page", FetchPolicy(total_timeout=5))
        assert problem.code in {"fetch-refused", "fetch-failed"}
        assert problem.mend
    assert fault(f"{site}/page", FetchPolicy()).code == "fetch-refused"
    assert len(Handler.asked) == before


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
        *("::ffff:10.0.0.1", "::ffff:8.8.8.8%0x", "64:ff9b::a00:1", "64:ff9b::808:808"),
        *("2002:a00:1::", "2001:db8::1", "2001::1", "::7f00:1", "nonsense", ""),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert is_public(address) is (address == "::ffff:8.8.8.8%0x")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_a_redirect_into_the_local_network_is_refused(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Here 127.0.0.1 plays the public internet, and 127.0.0.2 stays what it is.
    monkeypatch.setattr(network, "is_public", lambda ip: ip == "127.0.0.1" or is_public(ip))
    assert len(read_all(f"{site}/moved", fetch=FetchPolicy())[0]) == 1
    problem = fault(f"{site}/to-other", FetchPolicy())
    assert problem.code == "fetch-refused"
    assert "127.0.0.2" in problem.what


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Make names resolve to one answer after another; return the names that were asked for."""
    real = socket.getaddrinfo
    rest = list(answers)
    asked: list[str] = []

    def resolve(host: str, port: int, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        if not host.endswith(".example"):
            return list(real(host, port, *args, **options))
        asked.append(host)
        return [real(address, port, type=socket.SOCK_STREAM)[0] for address in rest.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_one_local_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    assert fault("http://mixed.example/", FetchPolicy()).code == "fetch-refused"


def test_a_name_is_resolved_once_and_the_checked_address_is_used(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name server that first answers well and then with another address gains nothing.
    monkeypatch.setattr(network, "is_public", lambda ip: ip == "127.0.0.1")
    asked = resolver(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    port = site.rpartition(":")[2]
    documents, _ = read_all(f"http://rebind.example:{port}/page", fetch=FetchPolicy())
    assert len(documents) == 1
    assert asked == ["rebind.example"]
    assert Handler.asked[-1][1]["Host"] == f"rebind.example:{port}"


def test_a_name_server_that_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> None:
        release.wait(10)
        raise OSError("too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    begun = time.monotonic()
    problem = fault("http://slow.example/", FetchPolicy(connect_timeout=0.2))
    assert time.monotonic() - begun < 2
    release.set()
    assert problem.code == "fetch-failed"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/a", "fetch-refused"),
        ("file:///etc/passwd", "fetch-refused"),
        ("http://user@example.org/", "fetch-refused"),
        ("http://user:secret@example.org/", "fetch-refused"),
        ("http://", "fetch-failed"),
        ("http://[nonsense/", "fetch-failed"),
        ("http://exa mple.org/", "fetch-failed"),
        ("http://nowhere.invalid/", "fetch-failed"),
        ("http://" + "x" * 70_000, "fetch-failed"),
    ],
)
def test_addresses_that_cannot_be_fetched(url: str, code: str) -> None:
    assert fault(url, FetchPolicy(connect_timeout=2)).code == code


def test_the_proxy_of_the_environment_is_not_used(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert len(read_all(f"{site}/page", fetch=LOCAL)[0]) == 1


def test_a_server_without_tls_is_a_problem(site: str) -> None:
    assert fault(site.replace("http:", "https:") + "/page").code == "fetch-failed"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_a_problem(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        problem = fault(f"https://localhost:{server.server_port}/page")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert problem.code == "fetch-failed"
    assert "certificate" in problem.what
