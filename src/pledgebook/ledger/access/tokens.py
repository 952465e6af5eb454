"""Tokens for programs: `pb_` and 256 random bits; the book keeps their hashes.

A token may do no more than its owner may at that moment, and nothing that wants a person
(`token = false` in `data/rights.toml`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from pledgebook.errors import BookLockedError, NotFoundError, UsageError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.limits import Limits
from pledgebook.ledger.access.names import shown_name
from pledgebook.ledger.access.noting import Action, write_audit
from pledgebook.ledger.access.recent import Recent
from pledgebook.ledger.access.records import Actor, Person, Token, fresh_id, fresh_secret, hashed
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.access.sessions import person_of
from pledgebook.ledger.engine import Database
from pledgebook.ledger.store import Clock, utc_now

__all__ = ["PREFIX", "Tokens"]

PREFIX = "pb_"
"""What every token begins with, so that a leaked one is recognised."""

_LONGEST_SECRET = 200
_LETTER = "k"


@dataclasses.dataclass(frozen=True, slots=True)
class _Live:
    person: Person
    expires_at: dt.datetime


class Tokens:
    """Makes, lists, finds and revokes tokens. One that was found is trusted for a moment."""

    def __init__(self, database: Database, limits: Limits, clock: Clock = utc_now) -> None:
        self._database = database
        self._rules = limits.token
        self._clock = clock
        self._recent: Recent[_Live] = Recent(limits.session.trust)

    def add(
        self,
        owner: Person,
        label: str,
        *,
        by: Actor,
        role: Role | None = None,
        days: int | None = None,
    ) -> tuple[Token, str]:
        """Make a token and return it with its secret, which nobody can be told again.

        `role` is at most the owner's, which it is without one; `days` until it expires. Raises
        UsageError.
        """
        granted, lives = role or owner.role, days if days is not None else self._rules.days
        if granted.rank > owner.role.rank:
            raise UsageError(
                f"{owner.name} is {owner.role}: a token of theirs cannot be {granted}",
                mend=f"Give {owner.role} or less",
            )
        if not 1 <= lives <= self._rules.most_days:
            raise UsageError(f"a token lives from 1 to {self._rules.most_days} days, not {lives}")
        secret, now = fresh_secret(PREFIX), self._clock()
        row = {
            "id": fresh_id(_LETTER),
            "secret_hash": hashed(secret),
            "person_id": owner.id,
            "label": shown_name(label),
            "role": granted.value,
            "created_at": now,
            "expires_at": now + dt.timedelta(days=lives),
        }
        with self._database.writing() as connection:
            connection.execute(at.tokens.insert(), row)
            said = f"{owner.name}: {row['label']} ({granted}, {lives} days)"
            write_audit(connection, now, Action.TOKEN_ADDED, by, str(row["id"]), detail=said)
        return self.find(str(row["id"])), secret

    def all(self, owner: Person | None = None) -> list[Token]:
        """Return the tokens of somebody, or of all, oldest first; revoked ones too."""
        c = at.tokens.c
        query = sa.select(at.tokens, at.persons.c.name).join_from(at.tokens, at.persons)
        if owner is not None:
            query = query.where(c.person_id == owner.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(c.created_at, c.id)).all()
        return [_token(row) for row in rows]

    def find(self, prefix: str, owner: Person | None = None) -> Token:
        """Return a token by its id or the beginning of it. Raises NotFoundError, UsageError."""
        found = [
            one for one in self.all(owner) if prefix.strip() and one.id.startswith(prefix.strip())
        ]
        if not found:
            raise NotFoundError(
                f"there is no token {prefix!r}", mend="See them with: pledgebook token list"
            )
        if len(found) > 1:
            raise UsageError(f"{len(found)} tokens begin with {prefix}", mend="Give more of the id")
        return found[0]

    def revoke(self, prefix: str, *, by: Actor, owner: Person | None = None) -> Token:
        """Make a token worthless for good; of `owner`'s tokens only, where one is given."""
        token = self.find(prefix, owner)
        if token.revoked_at is not None:
            return token
        c = at.tokens.c
        unrevoked = at.tokens.update().where(c.id == token.id, c.revoked_at.is_(None))
        with self._database.writing() as connection:
            now = self._clock()
            connection.execute(unrevoked.values(revoked_at=now))
            said = f"{token.person}: {token.label}"
            write_audit(connection, now, Action.TOKEN_REVOKED, by, token.id, detail=said)
        self._recent.forget(lambda _, live: live.person.token == token.id)
        return self.find(token.id)

    def revoke_all(self, connection: Connection, owner: Person, *, by: Actor) -> None:
        """Make all tokens of somebody worthless in a caller's transaction; it calls `forget`."""
        c = at.tokens.c
        now = self._clock()
        mine = at.tokens.update().where(c.person_id == owner.id, c.revoked_at.is_(None))
        ended = connection.execute(mine.values(revoked_at=now).returning(c.id, c.label)).all()
        for row in sorted(ended, key=lambda one: str(one.id)):
            said = f"{owner.name}: {row.label}"
            write_audit(connection, now, Action.TOKEN_REVOKED, by, row.id, detail=said)

    def person(self, secret: str, now: dt.datetime) -> Person | None:
        """Return whose program comes with this secret, with the lower of the two roles."""
        if not secret.startswith(PREFIX) or len(secret) > _LONGEST_SECRET:
            return None
        key = hashed(secret)
        live = self._recent.find(key, now)
        if live is None:
            live = self._look_up(key, now)
        return live.person if live is not None and now < live.expires_at else None

    def forget(self, person_id: str) -> None:
        """Trust no longer what was found of somebody's tokens."""
        self._recent.forget(lambda _, live: live.person.id == person_id)

    def _look_up(self, key: str, now: dt.datetime) -> _Live | None:
        looked_up_in = self._recent.round
        c = at.tokens.c
        # Both tables have an id and a role: those of the token go by other names.
        query = (
            sa.select(
                at.persons,
                c.id.label("token_id"),
                c.role.label("token_role"),
                c.expires_at,
                c.used_at,
                c.revoked_at,
            )
            .join_from(at.tokens, at.persons)
            .where(c.secret_hash == key)
        )
        with self._database.glancing() as connection:
            row = connection.execute(query).first()
        if row is None or not row.active or row.revoked_at is not None or now >= row.expires_at:
            return None
        self._touch(row, now)
        owner = person_of(row)
        role = min(owner.role, Role(row.token_role), key=lambda one: one.rank)
        live = _Live(dataclasses.replace(owner, role=role, token=row.token_id), row.expires_at)
        self._recent.keep(key, live, now, looked_up_in)
        return live

    def _touch(self, row: Row[Any], now: dt.datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        span = dt.timedelta(seconds=self._rules.touch)
        if row.used_at is not None and hour - row.used_at < span:
            return
        update = at.tokens.update().where(at.tokens.c.id == row.token_id).values(used_at=hour)
        # Where somebody writes at length, a later request will note it.
        with contextlib.suppress(BookLockedError), self._database.writing() as connection:
            connection.execute(update)


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        person=row.name,
        label=row.label,
        role=Role(row.role),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
