"""How the app is served: where, to whom, and within which bounds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pledgebook.web.people.oidc_settings import OidcSettings

__all__ = ["LOOPBACK", "Settings"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine can reach."""


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run of the app is told.

    Without `accounts` there is one user, who shows at first that they started the server: by the
    `key` of the address that it prints. `hosts` are the names under which the app answers, beside
    its own; `secure` says that it is reached by https. Sizes are in bytes, times in seconds.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    accounts: bool = False
    hosts: tuple[str, ...] = ()
    secure: bool = False
    key: str = field(default_factory=_secret)
    by: str | None = None
    """The name under which the one user judges; None for their login."""
    source: str | None = None
    """The path or URL of the book, with its password: what makes plans opens it by itself."""
    folder: Path | None = None
    """Where scenarios are kept; None for a folder beside the book."""
    max_body: int = 64_000_000
    max_seconds: float = 60.0
    """What one request's body may take to arrive."""
    oidc: OidcSettings | None = None
    """Who vouches for persons beside their passwords, where there are accounts."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies in front of the app, whose word on who asks is taken."""
    allow_local: bool = False
    """Whether a URL on the local network may be fetched: for tests and for closed networks."""

    watch: bool = True
    """Whether the feeds of the book are polled as they become due, while the app runs."""

    @property
    def names(self) -> frozenset[str]:
        """The hosts, without ports, that a request may be addressed to, in lower case."""
        own = LOOPBACK if self.host in LOOPBACK else (self.host,)
        return frozenset(name.casefold().strip("[]") for name in (*own, *self.hosts))
