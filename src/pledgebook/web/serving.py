"""Run the app on a port of this machine."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from pledgebook.errors import UsageError
from pledgebook.web.collecting import Collecting
from pledgebook.web.settings import Settings

__all__ = ["address_of", "bound_socket", "config_of", "serve"]

_BACKLOG = 128
_SWITCHING = 0.0002
"""After so many seconds a thread that computes lets others go on: short answers pass long ones."""


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises UsageError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, so that answers go out at once: otherwise each waits some 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        found.close()
        raise UsageError(
            f"nothing can be served on {host}, port {port} ({error})",
            mend="Give another one with --port; --port 0 takes a free one",
        ) from error
    return found


def address_of(settings: Settings) -> str:
    """Return the address to open in a browser."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    scheme = "https" if settings.secure else "http"
    base = f"{scheme}://{host}:{settings.port}/"
    return base if settings.accounts else f"{base}?key={settings.key}"


def serve(
    app: FastAPI, listening: socket.socket, *, ready: Callable[[], None] | None = None
) -> None:
    """Serve an app until the process is asked to end (Ctrl-C, SIGTERM)."""
    server = uvicorn.Server(config_of(app))
    sys.setswitchinterval(_SWITCHING)
    collecting = Collecting()
    collecting.begin()
    if ready is not None:
        ready()
    try:
        server.run(sockets=[listening])
    finally:
        collecting.end()


def config_of(app: FastAPI) -> uvicorn.Config:
    """Return how the server treats connections."""
    settings: Settings = app.state.settings
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        # Nobody waits in front of us unless the user says so; addresses of clients are their own.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=32_768,
        limit_concurrency=256,
    )
