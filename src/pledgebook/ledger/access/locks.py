"""One at a time: what two processes must not do at once with the same name."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy import Connection

__all__ = ["hold"]


def hold(connection: Connection, *names: str) -> None:
    """Keep other writers that hold one of these names waiting until this transaction ends.

    In SQLite a writer is alone anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    keys = {
        int.from_bytes(hashlib.sha256(f"pledgebook:{name}".encode()).digest()[:8], signed=True)
        for name in names
    }
    for key in sorted(keys):  # in one order, so that two of them do not wait for each other
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
