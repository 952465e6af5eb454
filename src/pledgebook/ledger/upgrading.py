"""The version of a book's tables, and what brings them up to date.

An upgrade is one transaction on both engines: all of it is there, or nothing was changed.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pledgebook.errors import BookError, BookVersionError
from pledgebook.ledger.schema import SCHEMA_VERSION, VERSION_TABLE

__all__ = ["lock_for_upgrade", "upgrade", "version_of"]

_MIGRATION_LOCK = 0x706C6564  # any fixed number: PostgreSQL's advisory lock for opening a book


def version_of(connection: Connection, place: str) -> str | None:
    """Return the revision of the book, None for an empty database.

    Raises BookError where the database holds something else.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        version = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
        return None if version is None else str(version)
    if tables:
        raise BookError(
            "this database holds other tables and is no Pledgebook book; it was left as it is",
            where=place,
            mend="Give another path, or an empty database, for the book",
        )
    return None


def lock_for_upgrade(connection: Connection) -> None:
    """Let one process at a time make or change the tables: on a server, where writers run abreast.

    It holds until the transaction ends.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))


def upgrade(connection: Connection, place: str, *, to: str = SCHEMA_VERSION) -> None:
    """Bring the tables to a revision, from none or from an older one; the caller's transaction.

    Raises BookVersionError for a book that a newer Pledgebook wrote, BookError where the database
    cannot hold a book.
    """
    version = version_of(connection, place)
    if version == to:
        return
    if connection.dialect.name == "postgresql":
        _check_encoding(connection, place)
    # Only a book that is new or old pays for importing Alembic.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    for wanted in (version, to):
        if wanted is not None and wanted not in known:
            raise BookVersionError(
                f"this book was written by a newer Pledgebook (its schema is {wanted}, "
                f"this one knows up to {SCHEMA_VERSION})",
                where=place,
                mend="Upgrade Pledgebook: pip install -U pledgebook",
            )
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _check_encoding(connection: Connection, place: str) -> None:
    encoding = connection.execute(sa.text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise BookError(
            f"this database keeps texts as {encoding}, which cannot hold all of Unicode",
            where=place,
            mend="Create one for the book with: createdb -E UTF8 -T template0 NAME",
        )
