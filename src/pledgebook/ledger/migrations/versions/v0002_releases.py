"""Releases of imported data sets, their rows, and prices; judgements from other books."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pledgebook.ledger.migrations.triggers import guard_more, let_quotations_fill

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.String(32)


def upgrade() -> None:
    """Create the tables, their indexes and their guards."""
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("bytes_sha256", sa.String(64), nullable=False),
        sa.Column("supersedes", _ID),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.UniqueConstraint("id", name="uq_releases_id"),
    )
    op.create_table(
        "release_rows",
        sa.Column("release_id", _ID, sa.ForeignKey("releases.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("document_id", _ID, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("run_id", _ID, sa.ForeignKey("reading_runs.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
    )
    op.create_index("ix_release_rows_document_id", "release_rows", ["document_id"])
    op.create_table(
        "prices",
        sa.Column("release_id", _ID, sa.ForeignKey("releases.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("document_id", _ID, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.add_column("judgements", sa.Column("recorded_at", sa.Text))
    op.create_index("ix_documents_text_sha256", "documents", ["text_sha256"])
    guard_more(op.get_bind(), append_only=("releases", "release_rows", "prices"))
    let_quotations_fill(op.get_bind())
