"""Run the migrations of a book on the connection that the store hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from pledgebook.ledger.schema import VERSION_TABLE, metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
