"""Which OIDC issuer vouches for persons; from the environment: no secret is in a command."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pledgebook.errors import UsageError
from pledgebook.ledger.access.roles import Role

__all__ = ["OidcSettings", "require_https"]

_PREFIX = "PLEDGEBOOK_OIDC_"
_NAMES = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "NEWCOMERS")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An issuer and what it knows this app by.

    `name` is what the button says; `newcomers` the role of whom the issuer knows and this book does
    not, None to turn them away.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "single sign-on"
    newcomers: Role | None = None

    @classmethod
    def from_environment(cls, given: Mapping[str, str] | None = None) -> OidcSettings | None:
        """Return what PLEDGEBOOK_OIDC_ISSUER and the like say; None where none is set.

        Raises UsageError where some of it is missing or cannot be.
        """
        source = os.environ if given is None else given
        found = {name: source.get(_PREFIX + name, "").strip() for name in _NAMES}
        if not any(found.values()):
            return None
        missing = [_PREFIX + name for name in _NAMES[:3] if not found[name]]
        if missing:
            raise UsageError(
                f"single sign-on wants {' and '.join(missing)} too",
                mend="Set all of PLEDGEBOOK_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET, or none",
            )
        require_https(found["ISSUER"], _PREFIX + "ISSUER")
        role = Role.named(found["NEWCOMERS"]) if found["NEWCOMERS"] else None
        if role is Role.ADMIN:
            raise UsageError("newcomers cannot be admins", where=_PREFIX + "NEWCOMERS")
        return cls(
            found["ISSUER"],
            found["CLIENT_ID"],
            found["CLIENT_SECRET"],
            found["NAME"] or "single sign-on",
            role,
        )


def require_https(url: str, where: str) -> str:
    """Return an address that is reached by https, or is on this machine. Raises UsageError."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise UsageError(
            f"{url!r} is no address that can be trusted", where=where, mend="Give an https one"
        )
    return url
