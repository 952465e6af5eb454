"""Persons: adding them, their roles and passwords, and turning them away.

Every change is in the audit log, in the same transaction. Nobody is ever deleted: judgements bear
their names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.locks import hold
from pledgebook.ledger.access.names import checked_name, name_key, shown_name
from pledgebook.ledger.access.noting import Action, write_audit
from pledgebook.ledger.access.passwords import Passwords, check_password
from pledgebook.ledger.access.records import Actor, Person, fresh_id
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.access.sessions import Sessions, person_of
from pledgebook.ledger.access.tokens import Tokens
from pledgebook.ledger.engine import Database
from pledgebook.ledger.store import Clock, utc_now

__all__ = ["Persons"]

_ALL = "persons"
_SUBJECT_TAKEN = "this subject of the issuer is another person already"


@dataclass(frozen=True, slots=True)
class _Change:
    action: Action
    values: dict[str, Any]
    detail: str = ""
    ends_sessions: bool = True
    ends_tokens: bool = False


class Persons:
    """The persons of a book. `by` is who changes them.

    Their sessions and tokens end as a change demands; `changed` is then told whose.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        tokens: Tokens,
        changed: Callable[[str], None],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._tokens = tokens
        self._changed = changed
        self._clock = clock

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(at.persons)).all()
        # Sorted here: a server sorts texts as its language does.
        return [person_of(row) for row in sorted(rows, key=lambda row: str(row.name_key))]

    def find(self, name: str) -> Person:
        """Return somebody by name or id. Raises NotFoundError."""
        with self._database.glancing() as connection:
            return person_of(_require(connection, name))

    def any_admin(self) -> bool:
        """Tell whether anybody may let others in: without, the app serves nobody."""
        with self._database.glancing() as connection:
            return _admins(connection) > 0

    def add(
        self,
        name: str,
        role: Role,
        *,
        by: Actor,
        password: str | None = None,
        display_name: str = "",
        issuer: str | None = None,
        subject: str | None = None,
    ) -> Person:
        """Add somebody who signs in with a password, or as a subject of an OIDC issuer, or both.

        The first one has to be an admin. Raises UsageError: name taken, password refused.
        """
        known, shown = checked_name(name), shown_name(display_name)
        kept = None
        if password is not None:
            check_password(password, known, self._passwords.rules)
            kept = self._passwords.hash(password)
        _check_oidc(issuer, subject)
        row: dict[str, Any] = {
            "id": fresh_id("u"),
            "name": known,
            "name_key": name_key(known),
            "display_name": shown,
            "role": role.value,
            "active": True,
            "password_hash": kept,
            "issuer": issuer,
            "subject": subject,
        }
        with self._database.writing() as connection:
            hold(connection, _ALL)
            row["created_at"] = now = self._clock()
            self._refuse_taken(connection, row)
            if role is not Role.ADMIN and _admins(connection) == 0:
                raise UsageError(
                    "the first person of a book has to be an admin",
                    mend="Add one with --role admin, then the others",
                )
            connection.execute(at.persons.insert(), row)
            write_audit(
                connection, now, Action.PERSON_ADDED, by, row["id"], detail=f"{known}: {role}"
            )
            return person_of(_require(connection, known))

    def set_role(self, name: str, role: Role, *, by: Actor) -> Person:
        """Give somebody another role; they have to sign in again.

        Raises UsageError where nobody else would be an admin, NotFoundError.
        """

        def decide(connection: Connection, row: Row[Any]) -> _Change | None:
            if row.role == role.value:
                return None
            if role is not Role.ADMIN:
                _keep_an_admin(connection, row)
            return _Change(Action.ROLE, {"role": role.value}, f"{row.role} to {role}")

        return self._change(name, by, decide)

    def set_active(self, name: str, *, active: bool, by: Actor) -> Person:
        """Turn somebody away, with their sessions and tokens, or let them in again.

        Raises UsageError where nobody else would be an admin, NotFoundError.
        """

        def decide(connection: Connection, row: Row[Any]) -> _Change | None:
            if bool(row.active) is active:
                return None
            if not active:
                _keep_an_admin(connection, row)
            return _Change(Action.ENABLED if active else Action.DISABLED, {"active": active})

        return self._change(name, by, decide)

    def set_password(
        self, name: str, password: str, *, by: Actor, keep_tokens: bool = False
    ) -> Person:
        """Give somebody a new password; their sessions and, unless kept, their tokens end.

        Who gives a new password may have lost the old one to somebody who has made tokens with it.
        Raises UsageError, NotFoundError.
        """
        known = self.find(name)
        check_password(password, known.name, self._passwords.rules)
        kept = self._passwords.hash(password)
        values = {"password_hash": kept}
        said = "tokens kept" if keep_tokens else ""
        change = _Change(Action.PASSWORD, values, said, ends_tokens=not keep_tokens)
        return self._change(known.id, by, lambda *_: change)

    def set_display_name(self, name: str, display_name: str, *, by: Actor) -> Person:
        """Show somebody under another name; the one to sign in with stays. Raises UsageError."""
        values = {"display_name": shown_name(display_name)}
        change = _Change(Action.NAME, values, ends_sessions=False)
        return self._change(name, by, lambda *_: change)

    def link(self, name: str, issuer: str, subject: str, *, by: Actor) -> Person:
        """Let somebody sign in as a subject of an OIDC issuer from now on; their sessions end.

        Raises UsageError where that subject is somebody else, NotFoundError.
        """
        _check_oidc(issuer, subject)

        def decide(connection: Connection, row: Row[Any]) -> _Change:
            c = at.persons.c
            taken = sa.select(c.id).where(c.issuer == issuer, c.subject == subject, c.id != row.id)
            if connection.execute(taken).first() is not None:
                raise UsageError(_SUBJECT_TAKEN)
            values = {"issuer": issuer, "subject": subject}
            return _Change(Action.OIDC, values, f"{issuer} {subject}")

        return self._change(name, by, decide)

    def _change(
        self, name: str, by: Actor, decide: Callable[[Connection, Row[Any]], _Change | None]
    ) -> Person:
        with self._database.writing() as connection:
            hold(connection, _ALL)
            row = _require(connection, name)
            change = decide(connection, row)
            if change is None:
                return person_of(row)
            mine = at.persons.c.id == row.id
            connection.execute(at.persons.update().where(mine).values(**change.values))
            if change.ends_sessions:
                self._sessions.end_all(connection, row.id)
            said = f"{row.name}: {change.detail}" if change.detail else row.name
            write_audit(connection, self._clock(), change.action, by, row.id, detail=said)
            changed = person_of(_require(connection, row.id))
            if change.ends_tokens:
                self._tokens.revoke_all(connection, changed, by=by)
        self._changed(changed.id)
        return changed

    def _refuse_taken(self, connection: Connection, row: dict[str, Any]) -> None:
        c = at.persons.c
        if connection.execute(sa.select(c.id).where(c.name_key == row["name_key"])).first():
            raise UsageError(
                f"there is somebody called {row['name']} already", mend="Choose another name"
            )
        if row["subject"] is None:
            return
        same = sa.select(c.id).where(c.issuer == row["issuer"], c.subject == row["subject"])
        if connection.execute(same).first():
            raise UsageError(_SUBJECT_TAKEN)


def _require(connection: Connection, name: str) -> Row[Any]:
    c = at.persons.c
    named = sa.or_(c.name_key == name_key(name), c.id == name)
    row = connection.execute(sa.select(at.persons).where(named)).first()
    if row is None:
        raise NotFoundError(
            f"there is nobody called {name!r}", mend="See who there is with: pledgebook user list"
        )
    return row


def _admins(connection: Connection, besides: str = "") -> int:
    c = at.persons.c
    query = sa.select(sa.func.count()).where(c.role == Role.ADMIN.value, c.active, c.id != besides)
    return connection.execute(query).scalar_one()


def _keep_an_admin(connection: Connection, row: Row[Any]) -> None:
    if row.role == Role.ADMIN.value and row.active and _admins(connection, besides=row.id) == 0:
        raise UsageError(f"{row.name} is the only admin", mend="Make somebody else an admin first")


def _check_oidc(issuer: str | None, subject: str | None) -> None:
    if (issuer is None) is not (subject is None) or issuer == "" or subject == "":
        raise UsageError("somebody of an OIDC issuer is known by its address and their subject")
