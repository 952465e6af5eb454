"""When it is or was, and what a date makes of a statement: a total, something recalled."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pledgebook.reading.languages.clauses import Clause
from pledgebook.reading.languages.deciding import Verdict
from pledgebook.reading.languages.mentions import Marked
from pledgebook.reading.quantities.dates import DateMention

__all__ = ["scoped", "when_of"]

_RECALLED = frozenset({"pledge", "delivery", "contract", "training", "refusal"})
_NEWS_DAYS = 10
"""Days behind the document's date within which an act is still its news."""


def when_of(marked: Marked, first: int, last: int, *, ahead: bool = False) -> str | None:
    """Return the date of what the tokens `first:last` tell; what is to come counts before the rest.

    `ahead` tells that it lies in the future: "im Frühjahr" is the next one then.
    """
    dates = [
        m.value
        for m in marked.within(first, last)
        if isinstance(m.value, DateMention) and m.value.relation != "since"
    ]
    coming = (d for d in dates if d.tense == "future" or d.relation == "by")
    best = next(coming, None) or next(iter(dates), None)
    if best is None:
        return None
    bare = best.kind in ("month", "season") and not any(
        char.isdigit() for char in marked.text[best.start : best.end]
    )
    return _next_year(best.when) if ahead and bare and best.tense == "past" else best.when


def scoped(
    verdict: Verdict, marked: Marked, clause: Clause, when: str | None, date: dt.date | None
) -> Verdict:
    """Return the verdict with the scope that dates give it.

    What was done since or up to a date is a total; what lies well before the document is recalled.
    """
    if verdict.kind in ("delivery", "training") and not verdict.ahead:
        for one in marked.within(clause.first, clause.last):
            if isinstance(one.value, DateMention) and _sums_up(one.value):
                return replace(verdict, scope="total")
    if when is None or date is None or verdict.scope != "new" or verdict.kind not in _RECALLED:
        return verdict
    return replace(verdict, scope="background") if _is_old(when, date) else verdict


def _sums_up(date: DateMention) -> bool:
    return date.relation == "since" or (date.relation in ("by", "until") and date.tense == "past")


def _is_old(when: str, date: dt.date) -> bool:
    end = when.rpartition("/")[2]
    if len(end) < len("2023-02-14"):
        return end < date.isoformat()[: len(end)]
    return (date - dt.date.fromisoformat(end)).days > _NEWS_DAYS


def _next_year(when: str) -> str:
    return "/".join(f"{int(part[:4]) + 1:04d}{part[4:]}" for part in when.split("/"))
