"""SQLite as a book wants it: the settings of each connection, and how a transaction begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["connected_by", "log_of", "sqlite_engine"]


def sqlite_engine(url: URL, busy_timeout: float) -> Engine:
    """Return connections to a file."""
    # A connection to a file costs little: no thread waits for another one's.
    engine = sa.create_engine(url, connect_args={"timeout": busy_timeout}, max_overflow=-1)
    _prepare(engine)
    return engine


def connected_by(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """Return connections that are made otherwise than by a path."""
    engine = sa.create_engine(
        "sqlite://", creator=connect, poolclass=sa.pool.QueuePool, max_overflow=-1
    )
    _prepare(engine)
    return engine


def log_of(path: Path) -> Path:
    """Return the write-ahead log of a file, which may be there or not."""
    return path.with_name(f"{path.name}-wal")


def _prepare(engine: Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver would begin transactions of its own, and not before DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # INSERT OR REPLACE would pass by the triggers that forbid DELETE.
        cursor.execute("PRAGMA recursive_triggers = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("pledgebook_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
