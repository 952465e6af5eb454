"""The tables of persons, their sessions and tokens, sign-ins and the audit log.

    persons ─┬─ sessions     who is signed in; deleted when it ends
             └─ tokens       for programs; only when it was used and revoked ever changes
    sign_ins                 every attempt that was let through to the password; append-only
    audit                    who did what, when, on which id, from where; append-only

They stand on metadata of their own: whatever walks the tables of a book to export or copy it does
not meet them, so that no hash of a password leaves with a data set.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pledgebook.ledger.columns import ExactText, UtcTime
from pledgebook.ledger.schema import metadata as book_metadata

__all__ = ["access_metadata", "audit", "persons", "sessions", "sign_ins", "tokens"]

access_metadata = MetaData(naming_convention=book_metadata.naming_convention)

_ID = String(32)
_HASH = String(64)

persons = Table(
    "persons",
    access_metadata,
    Column("id", _ID, primary_key=True),
    Column("name", ExactText, nullable=False),
    Column("name_key", ExactText, nullable=False, unique=True),
    Column("display_name", ExactText, nullable=False),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text),
    Column("issuer", ExactText),
    Column("subject", ExactText),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

sessions = Table(
    "sessions",
    access_metadata,
    Column("secret_hash", _HASH, primary_key=True),
    Column("person_id", _ID, ForeignKey("persons.id"), nullable=False, index=True),
    Column("how", String(16), nullable=False),
    Column("address", ExactText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

tokens = Table(
    "tokens",
    access_metadata,
    Column("id", _ID, primary_key=True),
    Column("secret_hash", _HASH, nullable=False, unique=True),
    Column("person_id", _ID, ForeignKey("persons.id"), nullable=False, index=True),
    Column("label", ExactText, nullable=False),
    Column("role", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
)

sign_ins = Table(
    "sign_ins",
    access_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name_digest", _HASH, nullable=False),
    Column("address", ExactText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("succeeded", Boolean, nullable=False),
)

audit = Table(
    "audit",
    access_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("who", ExactText, nullable=False),
    Column("person_id", _ID),
    Column("action", String(32), nullable=False),
    Column("subject", ExactText, nullable=False, index=True),
    Column("address", ExactText, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", ExactText, nullable=False),
)

Index("ix_sign_ins_name_digest", sign_ins.c.name_digest, sign_ins.c.at)
Index("ix_sign_ins_address", sign_ins.c.address, sign_ins.c.at)
