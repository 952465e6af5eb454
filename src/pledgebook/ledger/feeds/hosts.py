"""What all watchers of a book remember of hosts: who asks one now, and when it may be asked."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from pledgebook.ledger.engine import Database
from pledgebook.ledger.feeds.tables import feed_hosts
from pledgebook.ledger.writing import insert

__all__ = ["FeedHosts", "back_off"]

_HELD = dt.timedelta(seconds=90)
"""For longer than any request takes: a watcher that was killed keeps nobody waiting for ever."""

_LOOK_AGAIN = dt.timedelta(seconds=1)
_FIRST = dt.timedelta(minutes=1)
_LONGEST = dt.timedelta(days=1)
_MOST_DOUBLINGS = 12


def back_off(failures: int, chance: float) -> dt.timedelta:
    """Return for how long a host is left alone that failed so many times in a row.

    A minute, then twice as long each time, a day at most; and up to half as much again by
    `chance`, 0 to 1, so that not all who wait come back together.
    """
    doubled = _FIRST * (1 << min(max(failures - 1, 0), _MOST_DOUBLINGS))
    return min(doubled, _LONGEST) * (1 + 0.5 * chance)


class FeedHosts:
    """The hosts, for one watcher."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime],
        holder: str,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder
        self._chance = chance

    def take(self, host: str) -> dt.datetime | None:
        """Take a host for one request; else return the instant at which to try again."""
        columns, now = feed_hosts.c, self._clock()
        free = sa.and_(
            sa.or_(
                columns.held_until.is_(None),
                columns.held_until <= now,
                columns.held_by == self._holder,
            ),
            sa.or_(columns.not_before.is_(None), columns.not_before <= now),
        )
        held = {"held_by": self._holder, "held_until": now + _HELD}
        with self._database.writing() as connection:
            insert(connection, feed_hosts, [self._new(host)])
            change = feed_hosts.update().where(columns.host_sha256 == _key(host), free)
            if connection.execute(change.values(held)).rowcount:
                return None
            row = connection.execute(self._select(host)).one()
        not_before: dt.datetime | None = row.not_before
        if not_before is not None and not_before > now:
            return not_before
        return now + _LOOK_AGAIN

    def give(self, host: str, pause: dt.timedelta) -> None:
        """Give a host back that answered; it is left alone for `pause`."""
        self._update(host, failures=0, not_before=self._clock() + pause)

    def fail(self, host: str, not_before: dt.datetime | None) -> dt.datetime:
        """Give a host back that failed; return from when on it may be asked again."""
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(self._select(host)).first()
        failures = 1 + (row.failures if row is not None else 0)
        pause = back_off(failures, self._chance())
        # What the server asks for is the least; who asked with us should not come back with us.
        at = now + pause if not_before is None else not_before + pause * 0.1
        self._update(host, failures=failures, not_before=at)
        return at

    def robots(self, host: str) -> str | None:
        """Return what is remembered of a host's robots.txt, None where that is nothing, or old."""
        with self._database.reading() as connection:
            row = connection.execute(self._select(host)).first()
        if row is None or row.robots is None or row.robots_until <= self._clock():
            return None
        return str(row.robots)

    def keep_robots(self, host: str, text: str, until: dt.datetime) -> None:
        """Remember the robots.txt of a host."""
        with self._database.writing() as connection:
            insert(connection, feed_hosts, [self._new(host)])
            change = feed_hosts.update().where(feed_hosts.c.host_sha256 == _key(host))
            connection.execute(change.values(robots=text, robots_until=until))

    def _update(self, host: str, **values: object) -> None:
        columns = feed_hosts.c
        mine = feed_hosts.update().where(
            columns.host_sha256 == _key(host), columns.held_by == self._holder
        )
        with self._database.writing() as connection:
            connection.execute(mine.values(**values, held_by=None, held_until=None))

    def _select(self, host: str) -> sa.Select[Any]:
        return sa.select(feed_hosts).where(feed_hosts.c.host_sha256 == _key(host))

    def _new(self, host: str) -> dict[str, Any]:
        return {"host_sha256": _key(host), "host": host, "failures": 0}


def _key(host: str) -> str:
    return hashlib.sha256(host.encode("utf-8", "replace")).hexdigest()
