"""The gate of a book: who comes in, as whom, and what they may do there.

It knows nothing of HTTP. A page asks `sign_in`, `person_of` or `person_of_token`, then
`person.may(right)`, and writes what was done with `audit`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from pledgebook.errors import UsageError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.attempts import Attempts
from pledgebook.ledger.access.auditing import AuditLog
from pledgebook.ledger.access.limits import Limits, load_limits
from pledgebook.ledger.access.names import free_name, name_key, shown_name
from pledgebook.ledger.access.noting import Action, Outcome, write_audit
from pledgebook.ledger.access.passwords import Passwords
from pledgebook.ledger.access.persons import Persons
from pledgebook.ledger.access.records import Actor, Person, Refusal, Session
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.access.sessions import Sessions, person_of
from pledgebook.ledger.access.tokens import Tokens
from pledgebook.ledger.engine import Database
from pledgebook.ledger.store import Clock, utc_now

__all__ = ["Gate"]

_WRONG = "The name or the password is wrong."
_WAIT = "There were too many attempts. Wait a moment and try again."
_UNKNOWN = "You are known there, but not here. Ask an admin of this book to let you in."
_AWAY = "This account has been disabled. Ask an admin of this book."


class Gate:
    """Lets persons and their programs in. One for each process; every method is thread-safe.

    `persons`, `tokens` and `log` are what admins and owners look after. What this process changes
    holds at once; of what another one changes it learns within `limits.session.trust` seconds.
    """

    def __init__(
        self, database: Database, *, clock: Clock = utc_now, limits: Limits | None = None
    ) -> None:
        self.limits = limits or load_limits()
        self._database = database
        self._clock = clock
        self._passwords = Passwords(self.limits.password)
        self._attempts = Attempts(self.limits)
        self._sessions = Sessions(database, self.limits.session)
        self.tokens = Tokens(database, self.limits, clock)
        self.log = AuditLog(database, clock)
        self.persons = Persons(
            database, self._passwords, self._sessions, self.tokens, self._forget, clock
        )

    # Coming in

    def sign_in(
        self, name: str, password: str, address: str, previous: str | None = None
    ) -> Session | Refusal:
        """Let somebody in by password, or say why not and when to come again.

        The session is always a new one; `previous`, the id that the browser came with, ends. An
        unknown name, a wrong password and a disabled account are refused alike, and take as long.
        """
        with self._database.writing() as connection:
            wait = self._attempts.admit(connection, name, address, self._clock())
        if wait:
            return Refusal(_WAIT, wait)
        with self._database.glancing() as connection:
            row = self._named(connection, name)
        kept = row.password_hash if row is not None and row.active else None
        if not self._passwords.fits(kept, password) or row is None or kept is None:
            return self._turned_away(row, address)
        fresh = self._passwords.hash(password) if self._passwords.outdated(kept) else None
        with self._database.writing() as connection:
            now = self._clock()
            # It took a while to check: it has to be the same person with the same password still.
            row = self._named(connection, name)
            if row is None or not row.active or row.password_hash != kept:
                return Refusal(_WRONG)
            if fresh is not None:
                mine = at.persons.c.id == row.id
                connection.execute(at.persons.update().where(mine).values(password_hash=fresh))
            self._attempts.succeeded(connection, name, address, now)
            session = self._begin(connection, person_of(row), "password", address)
        self.sign_out(previous, address)
        return session

    def open_oidc(
        self,
        issuer: str,
        subject: str,
        claims: Mapping[str, Any],
        address: str,
        *,
        previous: str | None = None,
        newcomers: Role | None = None,
    ) -> Session | Refusal:
        """Let in whom an OIDC issuer has vouched for; its answer was checked by the caller.

        Nobody but `issuer` and `subject` together says who it is: an equal name or e-mail address
        never does. Who is not known is refused, or added with the role `newcomers`.
        """
        if not issuer or not subject:
            raise UsageError("an OIDC issuer vouches for a subject, and this answer names none")
        c = at.persons.c
        same = sa.select(at.persons).where(c.issuer == issuer, c.subject == subject)
        with self._database.glancing() as connection:
            row = connection.execute(same).first()
        if row is None and newcomers is not None:
            # Two first visits at once: one of them adds the person, the other finds them.
            with contextlib.suppress(UsageError):
                self._add_newcomer(issuer, subject, claims, newcomers, address)
        with self._database.writing() as connection:
            row = connection.execute(same).first()
            if row is None or not row.active:
                by = Actor(row.name if row else "(nobody)", row.id if row else None, address)
                detail = "" if row else f"{issuer} {subject}"
                now = self._clock()
                write_audit(connection, now, Action.SIGN_IN, by, "", "refused", f"oidc {detail}")
                return Refusal(_AWAY if row else _UNKNOWN)
            session = self._begin(connection, person_of(row), "oidc", address)
        self.sign_out(previous, address)
        return session

    def sign_out(self, session_id: str | None, address: str = "") -> None:
        """End a session; one that is unknown, or None, is no error."""
        if not session_id:
            return

        def audited(connection: Connection, person_id: str) -> None:
            c = at.persons.c
            name = connection.execute(sa.select(c.name).where(c.id == person_id)).scalar_one()
            by = Actor(name, person_id, address)
            write_audit(connection, self._clock(), Action.SIGN_OUT, by, person_id)

        self._sessions.end(session_id, audited)

    # Being there

    def person_of(self, session_id: str | None) -> Person | None:
        """Return who is signed in with a session's id, None for nobody."""
        return self._sessions.find(session_id, self._clock()) if session_id else None

    def person_of_token(self, token: str | None) -> Person | None:
        """Return whose program comes with a token, with the role that it has; None for nobody."""
        return self.tokens.person(token, self._clock()) if token else None

    def change_password(
        self,
        person: Person,
        current: str,
        new: str,
        address: str,
        *,
        keep_tokens: bool = False,
    ) -> Session | Refusal:
        """Change one's own password; all sessions of that person end, and a new one begins.

        Their tokens end too, unless they are kept.

        `current` is bounded like a sign-in. Raises UsageError where the new one is refused.
        """
        with self._database.writing() as connection:
            wait = self._attempts.admit(connection, person.name, address, self._clock())
        if wait:
            return Refusal(_WAIT, wait)
        with self._database.glancing() as connection:
            row = self._named(connection, person.name)
        kept = row.password_hash if row is not None and row.active else None
        if not self._passwords.fits(kept, current):
            by = Actor.of(person, address)
            self.log.add(Action.PASSWORD, by, person.id, "refused", "the present one was wrong")
            return Refusal("The present password is wrong.")
        by = Actor.of(person, address)
        changed = self.persons.set_password(person.id, new, by=by, keep_tokens=keep_tokens)
        with self._database.writing() as connection:
            self._attempts.succeeded(connection, person.name, address, self._clock())
            return self._begin(connection, changed, "password", address)

    def audit(
        self,
        action: Action | str,
        by: Person | Actor,
        subject: str = "",
        address: str = "",
        outcome: Outcome = "done",
        detail: str = "",
    ) -> None:
        """Write down who did what, on which id, from which address, and how it went."""
        actor = by if isinstance(by, Actor) else Actor.of(by, address)
        self.log.add(action, actor, subject, outcome, detail)

    def _forget(self, person_id: str) -> None:
        self._sessions.forget(person_id)
        self.tokens.forget(person_id)

    def _named(self, connection: Connection, name: str) -> Row[Any] | None:
        query = sa.select(at.persons).where(at.persons.c.name_key == name_key(name))
        return connection.execute(query).first()

    def _begin(self, connection: Connection, person: Person, how: str, address: str) -> Session:
        now = self._clock()
        by = Actor.of(person, address)
        write_audit(connection, now, Action.SIGN_IN, by, person.id, detail=how)
        return self._sessions.begin(connection, person, how, address, now)

    def _turned_away(self, row: Row[Any] | None, address: str) -> Refusal:
        """Write the failure down; of an unknown name nothing, it may be a password."""
        by = (
            Actor(row.name, row.id, address)
            if row is not None
            else Actor("(nobody)", None, address)
        )
        self.log.add(Action.SIGN_IN, by, row.id if row is not None else "", "refused", "password")
        return Refusal(_WRONG)

    def _add_newcomer(
        self, issuer: str, subject: str, claims: Mapping[str, Any], role: Role, address: str
    ) -> None:
        wanted = str(claims.get("preferred_username") or claims.get("email") or subject)
        try:
            shown = shown_name(str(claims.get("name") or ""))
        except UsageError:
            shown = ""
        name = free_name(wanted, {person.name for person in self.persons.all()}, issuer + subject)
        by = Actor(issuer, None, address)
        self.persons.add(name, role, by=by, display_name=shown, issuer=issuer, subject=subject)
