"""Sessions: who is signed in. The secret is with the browser; the book keeps its hash."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from pledgebook.errors import BookLockedError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.limits import SessionRules
from pledgebook.ledger.access.recent import Recent
from pledgebook.ledger.access.records import Person, Session, fresh_secret, hashed
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.engine import Database

__all__ = ["Sessions", "person_of"]

_LONGEST_SECRET = 200


class _Live:
    """A session as the cache holds it."""

    __slots__ = ("dies_at", "person")

    def __init__(self, person: Person, dies_at: dt.datetime) -> None:
        self.person = person
        self.dies_at = dies_at


class Sessions:
    """Begins, finds and ends sessions.

    A session that was found is trusted for `rules.trust` seconds. What this process ends is gone
    at once; what another one ends is gone after that time.
    """

    def __init__(self, database: Database, rules: SessionRules) -> None:
        self._database = database
        self._rules = rules
        self._recent: Recent[_Live] = Recent(rules.trust)

    def begin(
        self, connection: Connection, person: Person, how: str, address: str, now: dt.datetime
    ) -> Session:
        """Begin a session in a caller's transaction, and sweep away those that have expired."""
        secret = fresh_secret()
        expires = now + dt.timedelta(seconds=self._rules.absolute)
        c = at.sessions.c
        idle = now - dt.timedelta(seconds=self._rules.idle)
        dead = sa.or_(c.expires_at <= now, c.seen_at <= idle)
        connection.execute(at.sessions.delete().where(dead))
        row = {
            "secret_hash": hashed(secret),
            "person_id": person.id,
            "how": how,
            "address": address,
            "created_at": now,
            "seen_at": now,
            "expires_at": expires,
        }
        connection.execute(at.sessions.insert(), row)
        return Session(secret, person, now, expires)

    def find(self, secret: str, now: dt.datetime) -> Person | None:
        """Return who is signed in with this secret; None where it ended, or never was."""
        if not secret or len(secret) > _LONGEST_SECRET:
            return None
        key = hashed(secret)
        live = self._recent.find(key, now)
        if live is None:
            live = self._look_up(key, now)
        return live.person if live is not None and now < live.dies_at else None

    def end(self, secret: str, audited: Callable[[Connection, str], None]) -> None:
        """End one session; `audited` writes down whose it was, in the same transaction."""
        key = hashed(secret)
        ended = at.sessions.delete().where(at.sessions.c.secret_hash == key)
        with self._database.writing() as connection:
            person_id = connection.execute(ended.returning(at.sessions.c.person_id)).scalar()
            if person_id is not None:
                audited(connection, person_id)
        self._recent.forget(lambda held, _: held == key)

    def end_all(self, connection: Connection, person_id: str) -> None:
        """End all sessions of somebody in a caller's transaction; then it calls `forget`."""
        connection.execute(at.sessions.delete().where(at.sessions.c.person_id == person_id))

    def forget(self, person_id: str) -> None:
        """Trust no longer what was found of somebody: to be called when the change is durable."""
        self._recent.forget(lambda _, live: live.person.id == person_id)

    def _look_up(self, key: str, now: dt.datetime) -> _Live | None:
        """Ask the book; note there, now and then, that the session is used."""
        looked_up_in = self._recent.round
        c = at.sessions.c
        query = (
            sa.select(at.persons, c.seen_at, c.expires_at)
            .join_from(at.sessions, at.persons, c.person_id == at.persons.c.id)
            .where(c.secret_hash == key)
        )
        with self._database.glancing() as connection:
            row = connection.execute(query).first()
        if row is None or not row.active:
            return None
        idle = dt.timedelta(seconds=self._rules.idle)
        if now >= min(row.expires_at, row.seen_at + idle):
            return None
        seen = row.seen_at
        if now - seen >= dt.timedelta(seconds=self._rules.touch):
            seen = now
            self._touch(key, now)
        live = _Live(person_of(row), min(row.expires_at, seen + idle))
        self._recent.keep(key, live, now, looked_up_in)
        return live

    def _touch(self, key: str, now: dt.datetime) -> None:
        c = at.sessions.c
        update = at.sessions.update().where(c.secret_hash == key, c.seen_at < now)
        # Where somebody writes at length, a later request will note it.
        with contextlib.suppress(BookLockedError), self._database.writing() as connection:
            connection.execute(update.values(seen_at=now))


def person_of(row: Row[Any]) -> Person:
    """Return the person of a row of their table."""
    return Person(
        id=row.id,
        name=row.name,
        display_name=row.display_name or row.name,
        role=Role(row.role),
        active=bool(row.active),
        has_password=row.password_hash is not None,
        issuer=row.issuer,
        subject=row.subject,
        created_at=row.created_at,
    )
