"""The audit log: who did what, when, on which id, from where, and how it went. Append-only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.names import name_key
from pledgebook.ledger.access.noting import Action, Outcome, write_audit
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.engine import Database
from pledgebook.ledger.store import Clock, utc_now

__all__ = ["AuditEntry", "AuditLog"]

_IN_THE_BOOK = "(the book)"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log.

    `subject` is the id of what it was done to. `number` is None for what the book itself tells of:
    judgements and withdrawals that did not pass through the gate.
    """

    at: dt.datetime
    who: str
    person_id: str | None
    action: Action
    subject: str
    address: str
    outcome: Outcome
    detail: str = ""
    number: int | None = None


class AuditLog:
    """Writes lines and reads them."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self,
        action: Action | str,
        by: Actor,
        subject: str = "",
        outcome: Outcome = "done",
        detail: str = "",
    ) -> None:
        """Add a line; it is durable on return. Raises ValueError for an unknown action."""
        with self._database.writing() as connection:
            now = self._clock()
            write_audit(connection, now, Action(action), by, subject, outcome, detail)

    def entries(
        self,
        *,
        by: str | None = None,
        since: dt.datetime | None = None,
        action: Action | None = None,
        limit: int | None = None,
    ) -> list[AuditEntry]:
        """Return the lines, newest first; `by` is a name, `since` an instant.

        Judgements, withdrawals and purges that were made without the gate (on the command line, in
        Python, in another book) are among them, as the book itself keeps them.
        """
        with self._database.reading() as connection:
            found = _logged(connection, by, since, action, limit)
            found += _of_the_book(connection, by, since, action)
        found.sort(key=lambda one: (one.at, one.number or 0), reverse=True)
        return found[:limit]


def _logged(
    connection: Connection,
    by: str | None,
    since: dt.datetime | None,
    action: Action | None,
    limit: int | None,
) -> list[AuditEntry]:
    columns = at.audit.c
    query = sa.select(at.audit).order_by(columns.at.desc(), columns.number.desc())
    if since is not None:
        query = query.where(columns.at >= since)
    if action is not None:
        query = query.where(columns.action == action.value)
    if by is not None:
        key = name_key(by)
        owner = sa.select(at.persons.c.id).where(at.persons.c.name_key == key).scalar_subquery()
        query = query.where(sa.or_(columns.who == by, columns.person_id == owner))
    if limit is not None:
        query = query.limit(limit)
    return [
        AuditEntry(
            at=row.at,
            who=row.who,
            person_id=row.person_id,
            action=Action(row.action),
            subject=row.subject,
            address=row.address,
            outcome=row.outcome,
            detail=row.detail,
            number=row.number,
        )
        for row in connection.execute(query)
    ]


def _of_the_book(
    connection: Connection, by: str | None, since: dt.datetime | None, action: Action | None
) -> list[AuditEntry]:
    """Return what the book tells of that the log does not."""
    j, w, p = t.judgements.c, t.withdrawals.c, t.purges.c
    judged = sa.case((j.revokes.is_(None), Action.JUDGE.value), else_=Action.REVOKE.value)
    hidden = sa.case((w.hidden, Action.WITHDRAW.value), else_=Action.RESTORE.value)
    purged = sa.literal(Action.PURGE.value)
    found = []
    for columns, what, subject, kind in (
        (j, judged, j.id, j.kind),
        (w, hidden, w.document_id, sa.literal("")),
        (p, purged, p.document_id, sa.literal("")),
    ):
        logged = sa.select(at.audit.c.number).where(
            at.audit.c.subject == subject,
            at.audit.c.action == what,
            at.audit.c.who == columns.made_by,
            at.audit.c.outcome == "done",
        )
        query = sa.select(
            columns.made_at, columns.made_by, what.label("what"), subject.label("subject"), kind
        ).where(~logged.exists())
        if by is not None:
            query = query.where(columns.made_by == by)
        if since is not None:
            query = query.where(columns.made_at >= since)
        if action is not None:
            query = query.where(what == action.value)
        for at_, who, done, on, detail in connection.execute(query):
            found.append(AuditEntry(at_, who, None, Action(done), on, _IN_THE_BOOK, "done", detail))
    return found
