"""What befell an undertaking, one event after another, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pledgebook.ledger.intervals import UNKNOWN, Interval

__all__ = ["Event", "State", "What"]


class What(StrEnum):
    """What happened."""

    ASKED = "asked"
    REFUSED = "refused"
    CONSIDERED = "considered"
    PLEDGED = "pledged"
    CORRECTED = "corrected"
    CHANGED = "changed"
    ORDERED = "ordered"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"
    DELIVERED = "delivered"
    COMPLETED = "completed"


class State(StrEnum):
    """How an undertaking stands on a day.

    `granted` is said of a request that was answered by a promise, and of a refusal that a promise
    followed. `partly-delivered` says that something came, and that it is not known to be all.
    """

    ASKED = "asked"
    REFUSED = "refused"
    GRANTED = "granted"
    CONSIDERED = "considered"
    PLEDGED = "pledged"
    ON_ORDER = "on-order"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"
    PARTLY_DELIVERED = "partly-delivered"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Event:
    """One event in the history of an undertaking.

    `day` is when it happened as far as a text tells, otherwise when it was first reported; `when`
    is the period as the text gave it. `reported` is the day of the first report. `commitment` is
    the undertaking that it is of: another one for a request or refusal that this one answers or
    overtakes. `by` are the parties, `statements` what it rests on. `is_dated` is False where it is
    only recalled, and nothing tells of which day it is.
    """

    what: What
    day: dt.date
    reported: dt.date
    commitment: str
    by: tuple[str, ...]
    statements: tuple[str, ...]
    when: str | None = None
    quantity: Interval = UNKNOWN
    unit: str | None = None
    money: Mapping[str, Interval] = field(default_factory=dict)
    says: str = ""
    is_dated: bool = True
