"""Statements and points for tests of series, made by hand and small."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from pledgebook.forecasting.series import Hedge, Key, Nature, Point, SeriesMeasure
from pledgebook.ledger.records import Entry, digest_id
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Per,
    Quantity,
    Scope,
    Statement,
    Status,
)

CATALOGUE = load_catalogue()
_serial = itertools.count()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def told(
    quote: str,
    kind: Kind = Kind.PRODUCTION,
    low: float | None = None,
    high: float | None = None,
    *,
    per: str | None = "month",
    unit: str = "round",
    on: str = "2023-06-01",
    when: str | None = None,
    by: tuple[str, ...] = ("USA",),
    to: str | None = None,
    item: str | None = "155mm",
    category: Category = Category.ARTILLERY_AMMUNITION,
    speaker: str | None = None,
    tentative: bool = False,
    scope: Scope = Scope.NEW,
    approx: bool = False,
    outlet: str | None = None,
    dated: bool = True,
) -> Entry:
    """One statement; with a low alone, the figure is that; `high=inf` leaves the high end open."""
    ends = {"low": low, "high": low if high is None else None if high == float("inf") else high}
    document = digest_id("d", quote, on, str(next(_serial)))
    statement = Statement(
        kind=kind,
        status=Status.TENTATIVE if tentative else Status.FIRM,
        scope=scope,
        actors=by,
        recipient=to,
        item=Item(category=category, designation=item),
        quantity=Quantity(**ends, unit=unit, per=Per(per) if per else None, approx=approx)
        if low is not None or high is not None
        else None,
        when=when,
        speaker=speaker,
        evidence=Evidence(document=document, start=0, end=len(quote), quote=quote),
    )
    return Entry(digest_id("s", document), statement, document, day(on), dated, outlet=outlet)


KEY = Key(("USA",), "155mm", SeriesMeasure.PRODUCTION, Nature.ACTUAL, "round")


def point(
    low: float | None,
    high: float | None = None,
    on: str = "2023-06-01",
    *,
    last: str | None = None,
    source: str | None = None,
    measure: SeriesMeasure = SeriesMeasure.PRODUCTION,
    **more: Any,  # noqa: ANN401
) -> Point:
    """One point; with a low alone, the figure is that; `high=inf` leaves the high end open."""
    number = next(_serial)
    first = day(on)
    fields: dict[str, Any] = {
        "key": Key(("USA",), "155mm", measure, Nature.ACTUAL, "round"),
        "category": Category.ARTILLERY_AMMUNITION,
        "low": low,
        "high": low if high is None else None if high == float("inf") else high,
        "first": first,
        "last": day(last) if last else first,
        "told": day(last) if last else first,
        "source": source or f"source {number}",
        "speaker": source,
        "document": f"d{number}",
        "statements": (f"s{number:06}",),
        "says": "words",
        "hedge": Hedge.PLAIN,
    }
    return Point(**(fields | more))
