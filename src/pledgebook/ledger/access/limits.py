"""Bounds of sign-ins, sessions, tokens and passwords, from `data/limits.toml`."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Backoff",
    "Limits",
    "PasswordRules",
    "RequestRules",
    "SessionRules",
    "TokenRules",
    "load_limits",
]

_FILE = Path(__file__).parent / "data" / "limits.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Backoff(_Strict):
    """How failures slow down the next attempt; spans are in seconds."""

    free: int = Field(ge=1)
    window: int = Field(ge=1)
    wait: int = Field(ge=1)
    longest: int = Field(ge=1)

    def seconds(self, failures: int) -> int:
        """Return how long after the last of so many failures the next attempt has to wait."""
        if failures < self.free:
            return 0
        # The shift is bounded, so that a long log makes no huge number.
        return min(self.wait << min(failures - self.free, 32), self.longest)


class SessionRules(_Strict):
    """How long a session lives, in seconds; see the data file for each."""

    absolute: int = Field(ge=1)
    idle: int = Field(ge=1)
    touch: int = Field(ge=0)
    trust: float = Field(ge=0)


class TokenRules(_Strict):
    """How long a token lives, in days, and how coarsely its use is written down, in seconds."""

    days: int = Field(ge=1)
    most_days: int = Field(ge=1)
    touch: int = Field(ge=0)


class PasswordRules(_Strict):
    """What argon2id costs (memory in KiB), and how long a password is, in characters."""

    memory: int = Field(ge=8)
    passes: int = Field(ge=1)
    lanes: int = Field(ge=1)
    at_once: int = Field(ge=1)
    shortest: int = Field(ge=8)
    longest: int = Field(ge=64)
    most_bytes: int = Field(ge=256)


class RequestRules(_Strict):
    """How many requests one person, or one address of nobody known, may make: a second, at once."""

    rate: float = Field(gt=0)
    burst: int = Field(ge=1)


class Limits(_Strict):
    """All bounds together."""

    name: Backoff
    address: Backoff
    session: SessionRules
    token: TokenRules
    password: PasswordRules
    requests: RequestRules


@functools.cache
def load_limits() -> Limits:
    """Return the bounds that Pledgebook ships with."""
    return Limits.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
