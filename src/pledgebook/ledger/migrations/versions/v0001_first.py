"""First tables of a book, and the triggers that keep them append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pledgebook.ledger.migrations.triggers import guard

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.String(32)
_HASH = sa.String(64)


def _document() -> sa.Column[str]:
    return sa.Column("document_id", _ID, sa.ForeignKey("documents.id"), nullable=False)


def _time(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Create the tables, their indexes and their guards."""
    op.create_table(
        "documents",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("bytes_sha256", _HASH, nullable=False),
        sa.Column("extractor", sa.Text, nullable=False),
        sa.Column("text_sha256", _HASH, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        _time("ingested_at"),
    )
    op.create_table(
        "locations",
        sa.Column("id", _ID, primary_key=True),
        _document(),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("name", sa.Text),
        _time("seen_at"),
    )
    op.create_table(
        "reading_runs",
        sa.Column("id", _ID, primary_key=True),
        _document(),
        sa.Column("coder", sa.Text, nullable=False),
        sa.Column("coder_version", sa.Text, nullable=False),
        sa.Column("catalogue_digest", sa.Text, nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("date_source", sa.String(16)),
        sa.Column("lang", sa.Text),
        sa.Column("url", sa.Text),
        _time("created_at"),
    )
    op.create_table(
        "activations",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        _document(),
        sa.Column("run_id", _ID, sa.ForeignKey("reading_runs.id"), nullable=False),
        _time("made_at"),
    )
    op.create_table(
        "statements",
        sa.Column("id", _ID, primary_key=True),
        _document(),
        sa.Column("body", sa.Text, nullable=False),
        _time("recorded_at"),
    )
    op.create_table(
        "run_statements",
        sa.Column("run_id", _ID, sa.ForeignKey("reading_runs.id"), primary_key=True),
        sa.Column("statement_id", _ID, sa.ForeignKey("statements.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("grounds", sa.Text, nullable=False),
    )
    _decisions()
    for table, column in (
        ("documents", "bytes_sha256"),
        ("locations", "document_id"),
        ("reading_runs", "document_id"),
        ("activations", "document_id"),
        ("activations", "run_id"),
        ("statements", "document_id"),
        ("run_statements", "statement_id"),
        ("withdrawals", "document_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    guard(
        op.get_bind(),
        append_only=(
            "locations",
            "reading_runs",
            "activations",
            "run_statements",
            "judgements",
            "withdrawals",
            "purges",
            "problems",
        ),
    )


def _decisions() -> None:
    op.create_table(
        "judgements",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subjects", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _time("made_at"),
        sa.Column("revokes", _ID, sa.ForeignKey("judgements.id")),
        sa.UniqueConstraint("id", name="uq_judgements_id"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        _document(),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _time("made_at"),
    )
    op.create_table(
        "purges",
        sa.Column("document_id", _ID, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _time("made_at"),
    )
    op.create_table(
        "problems",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("document_id", _ID),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        _time("recorded_at"),
    )
