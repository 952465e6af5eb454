"""Persons, their sessions and tokens, and who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pledgebook.ledger.migrations.triggers import guard_but_for, guard_more

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.String(32)
_HASH = sa.String(64)
_ROLE = sa.String(16)


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{column} = OLD.{column}" for column in columns)


# A person's name and id stay: judgements bear them.
_PERSON_CHANGED = _same("id", "name", "name_key", "created_at")
# A token is used and, once and for ever, revoked.
_TOKEN_CHANGED = (
    _same("id", "secret_hash", "person_id", "label", "role", "created_at", "expires_at")
    + " AND (OLD.revoked_at IS NULL"
    " OR (NEW.revoked_at IS NOT NULL AND NEW.revoked_at = OLD.revoked_at))"
)


def upgrade() -> None:
    """Create the tables, their indexes and their guards."""
    op.create_table(
        "persons",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("role", _ROLE, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("issuer", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.UniqueConstraint("name_key", name="uq_persons_name_key"),
        sa.UniqueConstraint("issuer", "subject", name="uq_persons_issuer"),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_hash", _HASH, primary_key=True),
        sa.Column("person_id", _ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "tokens",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("secret_hash", _HASH, nullable=False),
        sa.Column("person_id", _ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("role", _ROLE, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("used_at", sa.Text),
        sa.Column("revoked_at", sa.Text),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
    )
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])
    op.create_table(
        "sign_ins",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name_digest", _HASH, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("succeeded", sa.Boolean, nullable=False),
    )
    op.create_index("ix_sign_ins_name_digest", "sign_ins", ["name_digest", "at"])
    op.create_index("ix_sign_ins_address", "sign_ins", ["address", "at"])
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("person_id", _ID),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    guard_more(op.get_bind(), append_only=("sign_ins", "audit"))
    guard_but_for(op.get_bind(), {"persons": _PERSON_CHANGED, "tokens": _TOKEN_CHANGED})
