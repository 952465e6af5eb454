"""What sort of figure a statement tells, how surely, and by whom."""

from __future__ import annotations

import datetime as dt
import re

from pledgebook.forecasting.series.point import Hedge, Nature, SeriesMeasure
from pledgebook.forecasting.series.settings import Settings
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Kind, Status

__all__ = ["hedge_of", "nature_of", "source_of"]

_BY_YEAR = re.compile(
    r"\bby\s+(?:the\s+)?(?:(?:end|middle|start|beginning)(?:\s+of)?|early|late|mid|spring|summer"
    r"|autumn|winter)?[\s-]*(?:[A-Z][a-z]+\s+)?(20\d\d)\b"
)
_WORD = re.compile(r"\w+")


def nature_of(
    entry: Entry,
    measure: SeriesMeasure,
    span: tuple[dt.date, dt.date] | None,
    settings: Settings,
) -> tuple[Nature, Nature]:
    """Return what sort of figure it is and, of a target, what is to be reached.

    A request is a requirement. A figure of output for days that are still to come is a target, and
    so is one that is only considered, or called one in its words or the heading of its row; "could
    make" is capacity. Only what is none of these is told as actual.
    """
    statement = entry.statement
    quote = statement.evidence.quote
    if statement.kind is Kind.REQUEST:
        return Nature.REQUIREMENT, Nature.ACTUAL
    tentative = statement.status is Status.TENTATIVE
    ahead = span is not None and (
        span[0] > entry.counted or (tentative and span[1] > entry.counted)
    )
    if measure is SeriesMeasure.EXPENDITURE and settings.has("requirement", quote):
        return Nature.REQUIREMENT, Nature.ACTUAL
    if measure in (SeriesMeasure.STOCK, SeriesMeasure.EXPENDITURE):
        return (Nature.TARGET if ahead else Nature.ACTUAL), Nature.ACTUAL
    could = settings.has("capacity", quote)
    aims_at = Nature.CAPACITY if could else Nature.ACTUAL
    # What was made in days gone by is no target, even if its words speak of one that was missed.
    past = span is not None and span[1] <= entry.counted
    called = not past and (settings.has("target", quote) or _names_later_year(quote, entry.counted))
    if measure is SeriesMeasure.PRODUCTION and (ahead or called):
        return Nature.TARGET, aims_at
    if could:
        return Nature.CAPACITY, aims_at
    # The coding book calls every level of output tentative that is planned, also one gone by.
    if tentative and measure is SeriesMeasure.PRODUCTION:
        return Nature.TARGET, aims_at
    return Nature.ACTUAL, aims_at


def _names_later_year(quote: str, told: dt.date) -> bool:
    return any(int(year) > told.year for year in _BY_YEAR.findall(quote))


def hedge_of(entry: Entry, settings: Settings) -> Hedge:
    """Return how surely a figure is told: the loosest of what its words and its coding say."""
    statement = entry.statement
    if statement.status is Status.TENTATIVE:
        return Hedge.TENTATIVE
    quote = statement.evidence.quote
    if settings.has("claim", quote):
        return Hedge.CLAIM
    if settings.has("estimate", quote):
        return Hedge.ESTIMATE
    approx = statement.quantity is not None and statement.quantity.approx
    return Hedge.APPROX if approx else Hedge.PLAIN


def source_of(entry: Entry, settings: Settings) -> str:
    """Return the voice that tells a figure: the speaker, else the outlet, else the document.

    A person is known by the last word of the name, so that "Doug Bush" and "Bush" are one voice; a
    ministry or "officials" stand as a whole.
    """
    words = _WORD.findall((entry.statement.speaker or "").casefold())
    if not words:
        return entry.outlet or entry.document
    nameless = words[-1] in settings.words.nameless
    return " ".join(words) if nameless else words[-1]
