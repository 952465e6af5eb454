"""News, running total or recollection: the scope of a statement."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.text.lexicon import phrase_pattern, word_list, word_set
from pledgebook.vocabulary.period import bounds


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
    reported: bool = False,
) -> str:
    """Return the scope of a statement.

    `clause` is the text around it in lower case, `when` the date of the act, `lead` tells that it
    stands at the head of the document, `rate` that its quantity is a rate, `own` that its actors
    are those of the document's own news, `relative` that it hangs on a noun ("tanks that X sent"),
    `reported` that it is told after a verb of saying, where "had signed" stands for "has signed".
    """
    tense = predicate.tense if predicate is not None else None
    perfect = tense == "perfect" and predicate is not None and not predicate.had
    past_date = _before(when, published, 6)
    if kind in ("stock", "production"):
        had = predicate is not None and (predicate.had or tense == "past")
        return (
            "background"
            if (past_date and had) or phrase_pattern("stock_ago").search(clause)
            else "new"
        )
    if kind == "expenditure":
        if rate:
            return "background" if past_date and tense == "past" else "new"
        return "total" if tense in ("past", "perfect") else "new"
    if kind != "request" and _pattern("total").search(clause):
        return "total"
    if kind in ("pledge", "delivery", "contract", "training") and perfect and _SINCE.search(clause):
        return "total"
    if predicate is not None and predicate.had and not reported:
        return (
            "total"
            if kind == "delivery" and phrase_pattern("by_then").search(clause)
            else "background"
        )
    if relative and kind in ("pledge", "delivery", "contract") and tense == "past":
        return "background"
    if (
        kind in ("pledge", "refusal", "contract")
        and not lead
        and not own
        and _before(when, published, 0)
    ):
        return "background"
    if past_date and tense not in ("future", "infinitive"):
        return "background"
    if phrase_pattern("recalled").search(clause):
        return "background"
    if kind == "delivery":
        if perfect:
            return "total"
        if predicate is not None and predicate.reduced:
            return "background"
        fresh = when is not None and not _before(when, published, 4)
        return (
            "new" if fresh or lead or tense in ("progressive", "present", "noun") else "background"
        )
    if kind == "training" and perfect:
        return "total"
    if kind in ("pledge", "contract") and predicate is not None:
        if perfect and not lead and predicate.trigger.lemma in word_set("undertaking"):
            return "background"
        if predicate.reduced and predicate.family in ("promise", "order") and not lead:
            return "background"
    return "new"


_SINCE = re.compile(r"(?<![\w-])since(?![\w-])|over the (?:past|last)|more than \d+ countries")


def _before(when: str | None, published: dt.date | None, days: int) -> bool:
    if when is None or published is None:
        return False
    try:
        return bounds(when)[1] < published - dt.timedelta(days=days)
    except ValueError:
        return False
