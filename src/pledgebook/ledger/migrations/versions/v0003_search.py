"""What a search looks in: the words of documents and statements, and where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pledgebook.ledger.search.indexing import index_missing
from pledgebook.ledger.search.tables import create_index

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.String(32)


def upgrade() -> None:
    """Create the index, and fill it with what the book holds."""
    op.create_table(
        "search_rows",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("statement_id", _ID),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("checksum", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_rows_document_id", "search_rows", ["document_id"])
    create_index(op.get_bind())
    index_missing(op.get_bind())
