"""Persons, tokens and the audit log, as tables for a terminal and as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.access.auditing import AuditEntry
from pledgebook.ledger.access.records import Person, Token
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.records import Record

__all__ = [
    "AUDIT_FIELDS",
    "PERSON_FIELDS",
    "TOKEN_FIELDS",
    "audit_record",
    "audit_table",
    "person_record",
    "persons_table",
    "token_record",
    "tokens_table",
]

PERSON_FIELDS = ("name", "display_name", "role", "active", "signs_in_by", "added_at", "id")
TOKEN_FIELDS = (
    "id", "owner", "label", "role", "state", "made_at", "expires_at", "used_at", "revoked_at",
)  # fmt: skip
AUDIT_FIELDS = ("at", "who", "action", "subject", "outcome", "address", "detail", "number")

_STYLES = {"done": "", "refused": "yellow", "failed": "red"}


def person_record(person: Person) -> Record:
    """Return somebody as plain data, without what they sign in with."""
    return {
        "name": person.name,
        "display_name": person.display_name,
        "role": person.role.value,
        "active": person.active,
        "signs_in_by": person.how,
        "added_at": person.created_at.isoformat(),
        "id": person.id,
    }


def persons_table(found: Sequence[Person]) -> RenderableType:
    """Return persons with their roles and how they sign in."""
    if not found:
        return Text("Nobody has an account. Add an admin: pledgebook user add NAME --role admin")
    table = frame()
    table.add_column("name", overflow="fold")
    table.add_column("shown as", overflow="fold")
    table.add_column("role", no_wrap=True)
    table.add_column("signs in by", overflow="fold")
    table.add_column("added", no_wrap=True)
    table.add_column("state")
    for person in found:
        style = "" if person.active else "dim"
        table.add_row(
            Text(person.name, style=style),
            Text("" if person.display_name == person.name else one_line(person.display_name)),
            Text(person.role.value),
            Text(person.how),
            Text(person.created_at.date().isoformat()),
            Text("active" if person.active else "disabled", style="" if person.active else "red"),
        )
    return table


def token_record(token: Token, now: dt.datetime) -> Record:
    """Return a token as plain data; nobody has its secret any more."""
    return {
        "id": token.id,
        "owner": token.person,
        "label": token.label,
        "role": token.role.value,
        "state": token.state(now),
        "made_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }


def tokens_table(found: Sequence[Token], now: dt.datetime) -> RenderableType:
    """Return tokens with their owners, and when they were last used, to the hour."""
    if not found:
        return Text("There is no token.")
    table = frame()
    table.add_column("id", no_wrap=True)
    for column in ("owner", "label"):
        table.add_column(column, overflow="fold")
    for column in ("role", "state", "expires", "last used"):
        table.add_column(column, no_wrap=True)
    short = short_ids([token.id for token in found])
    for token in found:
        used = f"{token.used_at:%Y-%m-%d %H:00}" if token.used_at else "never"
        table.add_row(
            Text(short[token.id], style="dim"),
            Text(token.person),
            Text(one_line(token.label)),
            Text(token.role.value),
            Text(token.state(now), style="" if token.state(now) == "valid" else "dim"),
            Text(token.expires_at.date().isoformat()),
            Text(used),
        )
    return table


def audit_record(entry: AuditEntry) -> Record:
    """Return a line of the audit log as plain data."""
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "action": entry.action.value,
        "subject": entry.subject,
        "outcome": entry.outcome,
        "address": entry.address,
        "detail": entry.detail,
        "number": entry.number,
    }


def audit_table(found: Sequence[AuditEntry]) -> RenderableType:
    """Return the audit log, newest first."""
    if not found:
        return Text("The audit log has no such line.")
    table = frame()
    table.add_column("when (UTC)", no_wrap=True)
    table.add_column("who", overflow="fold")
    table.add_column("what", no_wrap=True)
    table.add_column("on", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("from", overflow="fold")
    table.add_column("detail", overflow="fold")
    for entry in found:
        table.add_row(
            Text(f"{entry.at:%Y-%m-%d %H:%M:%S}"),
            Text(one_line(entry.who)),
            Text(entry.action.value),
            Text(one_line(entry.subject[:8]), style="dim"),
            Text(entry.outcome, style=_STYLES[entry.outcome]),
            Text(one_line(entry.address)),
            Text(one_line(entry.detail)),
        )
    return table
