"""The price lists of a book: which stand, and what their rows say."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.release_view import ReleaseView, StoredRelease

__all__ = ["Price", "read_prices"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one `unit` of an item costs, as one row of a list says.

    `date` is the day or period that the price is of, None where the list does not say; `document`
    is the row itself, which `why` opens; `source` is what the list says it is from.
    """

    item: str
    category: str | None
    designation: str | None
    amount: Interval
    currency: str
    unit: str
    date: str | None
    source: str | None
    document: str
    position: int
    list: StoredRelease

    @classmethod
    def of(
        cls, body: Mapping[str, Any], document: str, position: int, release: StoredRelease
    ) -> Price:
        """Read a row of the table of prices."""
        return cls(
            item=body["item"],
            category=body.get("category"),
            designation=body.get("designation"),
            amount=Interval(body["low"], body["high"]),
            currency=body["currency"],
            unit=body.get("unit") or "item",
            date=body.get("date"),
            source=body.get("source"),
            document=document,
            position=position,
            list=release,
        )

    @property
    def of_list(self) -> str:
        """The list as people call it."""
        return f"{self.list.dataset} {self.list.name}"


class _PriceView(ReleaseView):
    """The prices of a book as one transaction sees them."""

    def prices(self) -> list[Price]:
        current = {one.id: one for one in self.releases() if one.current}
        gone = self._hidden() | self._erased()
        rows = t.prices.c
        query = sa.select(t.prices).where(rows.release_id.in_(list(current)))
        return [
            Price.of(json.loads(row.body), row.document_id, row.position, current[row.release_id])
            for row in self._connection.execute(query.order_by(rows.release_id, rows.position))
            if row.document_id not in gone
        ]


def read_prices(connection: Connection, recorded_as_of: dt.datetime | None = None) -> list[Price]:
    """Return the prices that stand: those of the current release of each data set.

    A price is a yardstick and no news: lists count from when the book had them, whatever day the
    ledger is asked for. A row whose document was withdrawn or purged is left out.
    """
    return _PriceView(connection, recorded_as_of).prices()
