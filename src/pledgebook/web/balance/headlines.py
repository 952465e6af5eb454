"""The headline of one balance: days of supply, when it runs dry, and how much is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Measure
from pledgebook.forecasting.making import prepare
from pledgebook.forecasting.request import Request
from pledgebook.reporting.forecast_figures import spread_at
from pledgebook.reporting.forecast_words import amount_phrase, answer_lines
from pledgebook.web.balance.assuming import year_on
from pledgebook.web.balance.listing import Subject

if TYPE_CHECKING:
    from pledgebook.web.balance.desk import Telling

__all__ = ["Headline", "headline"]

_DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer in a few words; "" is what cannot be said."""

    dry: str = ""
    days: str = ""
    gap: str = ""


def headline(telling: Telling, subject: Subject) -> Headline:
    """Play a balance for the year ahead, use going on as it is, and say what comes of it."""
    told = telling.told
    day = told.book.as_of
    try:
        asked = Request(
            item=subject.item, recipient=subject.recipient, as_of=day, until=year_on(day),
            draws=_DRAWS,
        )  # fmt: skip
        found = prepare(told, asked).forecast(moved=False)
    except UsageError:
        return Headline()
    outlook = next(iter(found.outlooks.values()), None)
    if outlook is None or outlook.run_dry is None:
        return Headline()
    days, gap = outlook.bands[Measure.DAYS_OF_SUPPLY], outlook.bands[Measure.GAP]
    spread = spread_at(days, 0)
    missing = float(gap.mean.sum())
    return Headline(
        dry=answer_lines(found, outlook)[0],
        days=spread.middle if spread.sure else f"{spread.middle} ({spread.range})",
        gap=amount_phrase(found, missing, missing, missing) if missing > 0 else "",
    )
