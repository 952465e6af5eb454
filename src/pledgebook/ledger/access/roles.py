"""Roles and rights: what each may do is in `data/rights.toml`."""

from __future__ import annotations

import functools
import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from pledgebook.errors import UsageError

__all__ = ["Right", "RightRule", "Role", "right_rules"]

_FILE = Path(__file__).parent / "data" / "rights.toml"


class Role(StrEnum):
    """What somebody is in a book, from the least to the most that they may do."""

    READER = "reader"
    CODER = "coder"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Its place among the roles, from 0: compare ranks, not names."""
        return _RANKS[self]

    @classmethod
    def named(cls, name: str) -> Role:
        """Return a role by its name. Raises UsageError."""
        try:
            return cls(name.strip().lower())
        except ValueError as error:
            roles = ", ".join(cls)
            raise UsageError(f"{name!r} is no role", mend=f"One of: {roles}") from error

    def may(self, right: Right) -> bool:
        """Tell whether this role has a right."""
        return self.rank >= right_rules()[right].least.rank


class Right(StrEnum):
    """One thing that a role may allow or not."""

    READ = "read"
    ACCOUNT = "account"
    JUDGE_READING = "judge-reading"
    UPLOAD = "upload"
    PLAN = "plan"
    JUDGE_JOINING = "judge-joining"
    WATCH = "watch"
    WITHDRAW = "withdraw"
    PURGE = "purge"
    AUDIT = "audit"
    PEOPLE = "people"


_RANKS = {role: rank for rank, role in enumerate(Role)}


class RightRule(BaseModel):
    """Who has a right: roles from `least` on, and programs with a token only where `token`.

    `says` ends the sentence "You may ...".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Role
    token: bool
    says: str = Field(min_length=1)


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    right: dict[Right, RightRule]


@functools.cache
def right_rules() -> dict[Right, RightRule]:
    """Return the rule of every right, by right."""
    rules = _Rules.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8"))).right
    missing = set(Right) - rules.keys()
    if missing:
        raise UsageError(f"no rule says who has {', '.join(sorted(missing))}", where=_FILE.name)
    return rules
