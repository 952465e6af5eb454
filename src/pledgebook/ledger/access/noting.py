"""A line for the audit log, in the transaction of what it tells of: both are kept, or neither."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from enum import StrEnum
from typing import Literal

from sqlalchemy import Connection

from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.records import Actor

__all__ = ["Action", "Outcome", "acting", "noted", "write_audit"]

Outcome = Literal["done", "refused", "failed"]

_LONGEST = 1000
_ACTS: ContextVar[Actor | None] = ContextVar("pledgebook_actor", default=None)


class Action(StrEnum):
    """What the log tells of."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    PERSON_ADDED = "person-added"
    ROLE = "role"
    PASSWORD = "password"  # noqa: S105 - the name of what was changed
    NAME = "name"
    OIDC = "oidc"
    DISABLED = "disabled"
    ENABLED = "enabled"
    TOKEN_ADDED = "token-added"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    DENIED = "denied"
    JUDGE = "judge"
    REVOKE = "revoke"
    UPLOAD = "upload"
    FETCH = "fetch"
    FEED = "feed"
    PLAN = "plan"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    PURGE = "purge"


@contextlib.contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """Say who acts: what the store writes meanwhile, in this context, is noted as theirs.

    A thread that is started meanwhile has to be given the context (`contextvars.copy_context`).
    """
    token = _ACTS.set(actor)
    try:
        yield
    finally:
        _ACTS.reset(token)


def noted(
    connection: Connection, now: dt.datetime, action: Action, subject: str, detail: str = ""
) -> None:
    """Write down what is done by whoever acts; where nobody is said to, the book alone tells."""
    actor = _ACTS.get()
    if actor is not None:
        write_audit(connection, now, action, actor, subject, detail=detail)


def write_audit(
    connection: Connection,
    now: dt.datetime,
    action: Action,
    by: Actor,
    subject: str = "",
    outcome: Outcome = "done",
    detail: str = "",
) -> None:
    """Add a line to the log."""
    row = {
        "at": now,
        "who": by.name[:_LONGEST],
        "person_id": by.person_id,
        "action": action.value,
        "subject": subject[:_LONGEST],
        "address": by.address[:_LONGEST],
        "outcome": outcome,
        "detail": detail[:_LONGEST],
    }
    connection.execute(at.audit.insert(), row)
