"""What a balance is asked for: item, recipient, horizon, course and assumptions, in the address."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from pledgebook.ledger.moments import to_day

__all__ = [
    "FEW_DRAWS",
    "MOST_LATE",
    "TIMES",
    "BalanceAsked",
    "Question",
    "balance_asked",
    "day_of",
]

FEW_DRAWS = 1_000
"""Courses that are drawn while a slider moves."""
TIMES = (0.25, 4.0)
"""How far the slider of use goes."""
MOST_LATE = 365
"""How many days the slider of delay goes to."""

_LONGEST = 200
_LONGEST_MORE = 6_000
_STANDARD = {"step": "month", "course": "steady", "times": "1", "late": "0"}


@dataclass(frozen=True, slots=True)
class Question:
    """The fields of the address, as they were written; "" says nothing.

    `use` is what somebody assumes to be used up, `times` by what use is multiplied, `late` by how
    many days later what is promised comes. `share` and `losses` are per cent. `more` are further
    assumptions as TOML.
    """

    item: str = ""
    recipient: str = ""
    until: str = ""
    as_of: str = ""
    step: str = "month"
    course: str = "steady"
    times: str = "1"
    late: str = "0"
    stock: str = ""
    use: str = ""
    share: str = ""
    givers: str = ""
    losses: str = ""
    reserve: str = ""
    life: str = ""
    more: str = ""

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the address that say the same, without those that say nothing."""
        given = dataclasses.asdict(self)
        return {name: value for name, value in given.items() if value != _STANDARD.get(name, "")}

    def query(self, **changes: object) -> str:
        """Return the query string with some fields changed; None or "" drops one."""
        values: dict[str, Any] = self.values | changes
        kept = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def assumes(self) -> bool:
        """Whether anything is assumed."""
        names = ("stock", "use", "share", "givers", "losses", "reserve", "life", "more")
        return any(getattr(self, name) for name in names)


Text = Annotated[str, Query(max_length=_LONGEST)]


def balance_asked(
    item: Text = "",
    recipient: Text = "",
    until: Text = "",
    as_of: Text = "",
    step: Text = "month",
    course: Text = "steady",
    times: Text = "1",
    late: Text = "0",
    stock: Text = "",
    use: Text = "",
    share: Text = "",
    givers: Text = "",
    losses: Text = "",
    reserve: Text = "",
    life: Text = "",
    more: Annotated[str, Query(max_length=_LONGEST_MORE)] = "",
) -> Question:
    """Return the question of a request."""
    given = {name: value.strip() for name, value in locals().items()}
    return Question(**{name: value or _STANDARD.get(name, "") for name, value in given.items()})


BalanceAsked = Annotated[Question, Depends(balance_asked)]
"""The question of a request, as a parameter of a page."""


def day_of(question: Question) -> dt.date | None:
    """Return the day that the question names. Raises UsageError for one that is none."""
    return to_day(question.as_of or None)
