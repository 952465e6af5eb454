"""Who asks, and whether they may: every route says which right it needs."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, HTTPException, Request
from fastapi.params import Depends as Dependency

from pledgebook.ledger.access.roles import Right, Role, right_rules

__all__ = ["NOBODY", "Person", "needs", "open_to_all", "person_of", "right_of"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `csrf` is what their forms have to bear; None where no cookie speaks for them.

    With accounts, `id` is who it is in the book, and `token` the one that their program came with.
    """

    name: str
    role: Role | None
    csrf: str | None = None
    session: str | None = None
    id: str | None = None
    token: str | None = None

    def may(self, right: Right | str) -> bool:
        """Tell whether this person, or this program of theirs, has a right."""
        if self.role is None or not self.role.may(Right(right)):
            return False
        return self.token is None or right_rules()[Right(right)].token


NOBODY = Person("", None)
"""Who has not signed in."""


def person_of(request: Request) -> Person:
    """Return who asks, as `guarding.knowing` found."""
    found: Person = request.scope.get("state", {}).get("person", NOBODY)
    return found


def needs(right: Right) -> Dependency:
    """Return the dependency of a route that only those with a right may call.

    A request that changes something has to bear the token of its session besides, in the field
    `csrf` of its form or in the header X-CSRF-Token, unless it came with an API token.
    """

    async def check(request: Request) -> None:
        person = person_of(request)
        request.scope.setdefault("state", {})["right"] = right
        if person.role is None:
            raise HTTPException(401, "Sign in first")
        if not person.may(right):
            raise HTTPException(403, f"Your role, {person.role.value}, may not do this")
        await check_csrf(request, person)

    check.right = right  # type: ignore[attr-defined]
    found: Dependency = Depends(check)
    return found


def open_to_all() -> Dependency:
    """Return the dependency of a route that anybody may call, such as signing in."""

    async def check(request: Request) -> None:
        await check_csrf(request, person_of(request))

    check.right = None  # type: ignore[attr-defined]
    found: Dependency = Depends(check)
    return found


async def check_csrf(request: Request, person: Person) -> None:
    """Raise a refusal where a change is asked for by a cookie alone."""
    if request.method in _SAFE or person.csrf is None:
        return
    given: Any = request.headers.get("x-csrf-token")
    if given is None:
        kind = request.headers.get("content-type", "")
        if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            given = (await request.form()).get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), person.csrf.encode()):
        raise HTTPException(403, "This form is from another session: load the page again")


def right_of(dependencies: list[Dependency]) -> tuple[bool, Right | None]:
    """Return whether a route says whom it is open to, and the right that it needs."""
    checks: list[Any] = [one.dependency for one in dependencies if hasattr(one.dependency, "right")]
    return bool(checks), checks[0].right if checks else None
