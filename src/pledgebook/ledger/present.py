"""The present instant of a book: never before the last one that it recorded.

A clock that was set back would put what is decided later before what was decided earlier, and a
question about what the book knew at a time would be answered wrongly. So the clock of a book stands
still until the machine's has caught up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger import schema as t

__all__ = ["present"]


def present(connection: Connection, clock: Callable[[], dt.datetime]) -> dt.datetime:
    """Return the instant that a clock tells, or the last that the book recorded if that is later.

    Judgements from another book count from when they came.
    """
    judged = sa.func.coalesce(t.judgements.c.recorded_at, t.judgements.c.made_at)
    latest = [
        sa.select(time).order_by(table.c.number.desc()).limit(1).scalar_subquery()
        for table, time in (
            (t.activations, t.activations.c.made_at),
            (t.judgements, judged),
            (t.withdrawals, t.withdrawals.c.made_at),
            (t.releases, t.releases.c.made_at),
        )
    ]
    latest.append(sa.select(sa.func.max(t.purges.c.made_at)).scalar_subquery())
    known = connection.execute(sa.select(*latest)).one()
    instants: list[dt.datetime] = [one for one in known if one is not None]
    return max([clock(), *instants])
