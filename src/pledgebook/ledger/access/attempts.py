"""Attempts to sign in, bounded per name and per address by a log that is only added to.

An attempt is written down before the password is looked at, so that many at once, in several
processes, cannot slip through together. Those that are sent away to wait are not written down:
nobody fills the disk by knocking.
"""

from __future__ import annotations

import datetime as dt
import math

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.limits import Backoff, Limits
from pledgebook.ledger.access.locks import hold
from pledgebook.ledger.access.names import address_key, name_digest

__all__ = ["Attempts"]


class Attempts:
    """Lets attempts through or says how long to wait. Works inside a caller's transaction."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def admit(self, connection: Connection, name: str, address: str, now: dt.datetime) -> int:
        """Write an attempt down and return 0, or return how many seconds it has to wait."""
        digest, place = name_digest(name), address_key(address)
        hold(connection, f"name {digest}", f"address {place}")
        wait = max(
            self._by_name(connection, digest, place, now),
            self._by_address(connection, place, now),
        )
        if wait == 0:
            self._write(connection, digest, place, now, succeeded=False)
        return wait

    def succeeded(self, connection: Connection, name: str, address: str, now: dt.datetime) -> None:
        """Write down that the last attempt was the right one: the name starts afresh."""
        self._write(connection, name_digest(name), address_key(address), now, succeeded=True)

    def _by_name(self, connection: Connection, digest: str, place: str, now: dt.datetime) -> int:
        """Where this name was let in before, only failures from there count.

        So nobody can lock its owner out from elsewhere.
        """
        c, rule = at.sign_ins.c, self._limits.name
        since = now - dt.timedelta(seconds=rule.window)
        mine = c.name_digest == digest
        let_in = sa.select(c.number).where(mine, c.succeeded, c.address == place).limit(1)
        if connection.execute(let_in).first() is not None:
            mine = sa.and_(mine, c.address == place)
        last = sa.select(sa.func.coalesce(sa.func.max(c.number), 0)).where(mine, c.succeeded)
        query = sa.select(sa.func.count(), sa.func.max(c.at)).where(
            mine, c.at > since, c.number > last.scalar_subquery()
        )
        failures, latest = connection.execute(query).one()
        return _left(rule, failures, latest, now)

    def _by_address(self, connection: Connection, place: str, now: dt.datetime) -> int:
        """Successes do not start an address afresh: who has an account may guess at others."""
        c, rule = at.sign_ins.c, self._limits.address
        since = now - dt.timedelta(seconds=rule.window)
        failures = sa.func.sum(sa.case((c.succeeded, -1), else_=1))
        query = sa.select(failures, sa.func.max(c.at)).where(c.address == place, c.at > since)
        found, latest = connection.execute(query).one()
        return _left(rule, max(found or 0, 0), latest, now)

    def _write(
        self, connection: Connection, digest: str, place: str, now: dt.datetime, *, succeeded: bool
    ) -> None:
        row = {"name_digest": digest, "address": place, "at": now, "succeeded": succeeded}
        connection.execute(at.sign_ins.insert(), row)


def _left(rule: Backoff, failures: int, latest: dt.datetime | None, now: dt.datetime) -> int:
    if latest is None:
        return 0
    passed = max((now - latest).total_seconds(), 0.0)
    return max(math.ceil(rule.seconds(failures) - passed), 0)
