"""The tables of a database held against what the program says of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pledgebook.ledger import schema
from pledgebook.ledger.access.tables import access_metadata
from pledgebook.ledger.feeds.tables import feeds_metadata
from pledgebook.ledger.search.tables import is_search_table, search_metadata

__all__ = ["differences", "whole_schema"]


def whole_schema() -> sa.MetaData:
    """All tables of a database, those too that are no part of a book's exports."""
    whole = sa.MetaData(naming_convention=schema.metadata.naming_convention)
    for one in (schema.metadata, access_metadata, feeds_metadata, search_metadata):
        for table in one.sorted_tables:
            table.to_metadata(whole)
    return whole


def differences(connection: sa.Connection) -> list[Any]:
    """What the database has otherwise than the program says, but for the engine's own index."""
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": schema.VERSION_TABLE,
            "compare_type": False,
            "include_name": lambda name, kind, _: kind != "table" or not is_search_table(name),
        },
    )
    return list(compare_metadata(context, whole_schema()))
