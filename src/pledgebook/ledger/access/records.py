"""What the gate hands out: persons, sessions, tokens, refusals, and who acts."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field

from pledgebook.ledger.access.roles import Right, Role, right_rules

__all__ = ["Actor", "Person", "Refusal", "Session", "Token", "fresh_id", "fresh_secret", "hashed"]

_SECRET_BYTES = 32
_ID_BYTES = 10


def fresh_id(letter: str) -> str:
    """Return a random id: a letter and 20 hexadecimal digits."""
    return letter + secrets.token_hex(_ID_BYTES)


def fresh_secret(prefix: str = "") -> str:
    """Return 256 random bits as text that fits in a cookie or a header."""
    return prefix + secrets.token_urlsafe(_SECRET_BYTES)


def hashed(secret: str) -> str:
    """Return what is stored of a random secret. A fast hash is enough: there is no guessing it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in, as they stand at this moment.

    `role` is what counts now: of a program that comes with a token, the lower of its own and its
    owner's. `token` is the id of that token, None for somebody who is signed in.
    """

    id: str
    name: str
    display_name: str
    role: Role
    active: bool
    has_password: bool
    issuer: str | None
    subject: str | None
    created_at: dt.datetime
    token: str | None = None

    def may(self, right: Right) -> bool:
        """Tell whether this person, or this program of theirs, has a right."""
        if not self.active or not self.role.may(right):
            return False
        return self.token is None or right_rules()[right].token

    @property
    def how(self) -> str:
        """How they sign in: `password`, `oidc`, `password or oidc`, or `not yet`."""
        ways = ["password"] * self.has_password + ["oidc"] * (self.subject is not None)
        return " or ".join(ways) or "not yet"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has just begun. `id` is the secret of its cookie: it is stored nowhere."""

    id: str = field(repr=False)
    person: Person
    created_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody was not let in, in words for them, and after how many seconds to come again.

    `seconds` is 0 where waiting does not help; else it is the answer 429 with Retry-After.
    """

    reason: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; the secret is shown once, when it is made.

    `used_at` is coarse: to the hour.
    """

    id: str
    person: str
    label: str
    role: Role
    created_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def state(self, now: dt.datetime) -> str:
        """Return `valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < self.expires_at else "expired"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from where; for the audit log."""

    name: str
    person_id: str | None = None
    address: str = ""

    @classmethod
    def of(cls, person: Person, address: str = "") -> Actor:
        """Return a person as the one who acts."""
        return cls(person.name, person.id, address)
