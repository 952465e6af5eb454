"""Feeds that are watched, and what was found in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pledgebook.ledger.migrations.triggers import guard_more

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.String(32)
_HASH = sa.String(64)


def upgrade() -> None:
    """Create the tables and their indexes; what people said of feeds is guarded."""
    op.create_table(
        "feed_changes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("feed_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
    )
    op.create_index("ix_feed_changes_feed_id", "feed_changes", ["feed_id"])
    op.create_table(
        "feed_states",
        sa.Column("feed_id", _ID, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("settings_digest", _ID, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("pause_seconds", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("polled_at", sa.Text),
        sa.Column("next_at", sa.Text),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("claimed_by", _ID),
        sa.Column("claimed_until", sa.Text),
    )
    op.create_table(
        "feed_entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("feed_id", _ID, nullable=False),
        sa.Column("key_sha256", _HASH, nullable=False),
        sa.Column("url_sha256", _HASH),
        sa.Column("found_url_sha256", _HASH),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("document_id", _ID),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("found_at", sa.Text, nullable=False),
        sa.Column("done_at", sa.Text),
        sa.UniqueConstraint("id", name="uq_feed_entries_id"),
    )
    op.create_index("ix_feed_entries_feed_id", "feed_entries", ["feed_id", "state"])
    for column in ("key_sha256", "url_sha256", "found_url_sha256"):
        op.create_index(f"ix_feed_entries_{column}", "feed_entries", [column])
    op.create_table(
        "feed_hosts",
        sa.Column("host_sha256", _HASH, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Text),
        sa.Column("held_by", _ID),
        sa.Column("held_until", sa.Text),
        sa.Column("robots", sa.Text),
        sa.Column("robots_until", sa.Text),
    )
    guard_more(op.get_bind(), append_only=("feed_changes",))
