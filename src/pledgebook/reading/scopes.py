"""News, running total or recollection: the scope of a statement."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from pledgebook.reading.lexicon import word_list
from pledgebook.reading.predicates import Predicate
from pledgebook.vocabulary.period import bounds

_UNDERTAKING = frozenset({"pledge", "promise", "commit", "announce", "allocate", "earmark", "approve", "chip in", "vow"})


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = sorted(word_list(name), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])")


def scope_of(
    clause: str,
    predicate: Predicate | None,
    kind: str,
    when: str | None,
    published: dt.date | None,
    *,
    lead: bool,
    rate: bool,
    own: bool = True,
    relative: bool = False,
) -> str:
    """Return the scope of a statement.

    `clause` is the text around it in lower case, `when` the date of the act, `lead` tells that it
    stands at the head of the document, `rate` that its quantity is a rate, `own` that its actors
    are those of the document's own news, `relative` that it hangs on a noun ("tanks that X sent").
    """
    tense = predicate.tense if predicate is not None else None
    perfect = tense == "perfect" and predicate is not None and not predicate.had
    past_date = _before(when, published, 6)
    if kind in ("stock", "production"):
        had = predicate is not None and (predicate.had or tense == "past")
        return "background" if past_date and had or _AGO.search(clause) else "new"
    if kind == "expenditure":
        if rate:
            return "background" if past_date and tense == "past" else "new"
        return "total" if tense in ("past", "perfect") else "new"
    if kind != "request" and _pattern("total").search(clause):
        return "total"
    if kind in ("pledge", "delivery", "contract", "training") and perfect and _SINCE.search(clause):
        return "total"
    if predicate is not None and predicate.had:
        return "total" if kind == "delivery" and _BY_THEN.search(clause) else "background"
    if relative and kind in ("pledge", "delivery", "contract") and tense == "past":
        return "background"
    if kind in ("pledge", "refusal", "contract") and not lead and not own and _before(when, published, 0):
        return "background"
    if past_date and tense not in ("future", "infinitive"):
        return "background"
    if _RECALLED.search(clause):
        return "background"
    if kind == "delivery":
        if perfect:
            return "total"
        if predicate is not None and predicate.reduced:
            return "background"
        fresh = when is not None and not _before(when, published, 4)
        return "new" if fresh or lead or tense in ("progressive", "present", "noun") else "background"
    if kind == "training" and perfect:
        return "total"
    if kind in ("pledge", "contract") and predicate is not None:
        if perfect and predicate.trigger.lemma in _UNDERTAKING:
            return "background"
        if predicate.reduced and predicate.family in ("promise", "order") and not lead:
            return "background"
    return "new"


_SINCE = re.compile(r"(?<![\w-])since(?![\w-])|over the (?:past|last)|more than \d+ countries")
_AGO = re.compile(r"(?<![\w-])(?:ago|before the (?:war|invasion)|pre-war|used to|earlier|previously)(?![\w-])")
_BY_THEN = re.compile(r"(?<![\w-])by (?:then|now|the end|late|early|mid|january|february|march|april|may|june|july|august|september|october|november|december)")
_RECALLED = re.compile(
    r"(?<![\w-])(?:earlier|previously|previous|last (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year|spring|summer|autumn|winter|fall)|"
    r"(?:weeks?|months?|years?|days?) (?:ago|earlier|before)|already|at the time|originally|initially|repeated|at first)(?![\w-])"
)


def _before(when: str | None, published: dt.date | None, days: int) -> bool:
    if when is None or published is None:
        return False
    try:
        return bounds(when)[1] < published - dt.timedelta(days=days)
    except ValueError:
        return False
