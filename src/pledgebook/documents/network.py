"""Connections that cannot reach the local network: every address is checked, then used as checked.

The name is resolved here, each of its addresses is judged, and the connection goes to the very
address that passed, so that a name that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore

# Public according to the registry, but a translator hands packets on to any IPv4 address.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))


class RefusedError(Exception):
    """An address on the local network, or one that no public page has."""


class TooSlowError(Exception):
    """The time for the whole page is over."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, to which pages are fetched from."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _TRANSLATED) or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Deadline:
    """The end of the time for one page, shared by all its connections."""

    def __init__(self) -> None:
        self._end = float("inf")

    def start(self, seconds: float) -> None:
        """Begin anew."""
        self._end = time.monotonic() + seconds

    def cut(self, timeout: float | None) -> float:
        """Return the timeout that still fits; raises TooSlowError where no time is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlowError
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only, unless local ones are allowed."""

    def __init__(self, *, allow_local: bool, deadline: Deadline) -> None:
        self._allow_local = allow_local
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        addresses = _resolve(host, port, self._deadline.cut(timeout))
        if not self._allow_local:
            for address in addresses:
                if not is_public(address):
                    raise RefusedError(address)
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.cut(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Refuse: no page lies behind a socket of this machine."""
        raise RefusedError(path)

    def sleep(self, seconds: float) -> None:
        """Wait, within the deadline."""
        time.sleep(self._deadline.cut(seconds))


class _TimedStream(httpcore.NetworkStream):
    """A connection on which a server that drips bytes cannot outlast the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401
        return self._inner.get_extra_info(info)


def _resolve(host: str, port: int, timeout: float) -> list[str]:
    """Return the addresses of a name, without duplicates, within `timeout` seconds."""
    answer: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answer.put(error)

    # The resolver of the system knows no timeout; a thread that hangs in it is left behind.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=timeout)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name server does not answer") from None
    if isinstance(found, OSError | UnicodeError):
        raise httpcore.ConnectError(f"the name cannot be resolved ({found})")
    return found
