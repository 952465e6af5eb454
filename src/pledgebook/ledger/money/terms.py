"""The money of a stage, statement by statement, so that each amount has its own day.

A stage gives its money by currency. Deliveries add up, so each of them is a term of its own. A
promise that is told in two currencies is one amount of money: the newest report is the term, the
other stands beside it and is not added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.money.convert import Occasion
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure

__all__ = ["Term", "money_terms"]


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of money as a statement gives it, and when it is of."""

    amount: Interval
    currency: str
    occasion: Occasion
    statement: str
    entry: Entry


def money_terms(
    stage: Stage, figure: StageFigure, entries: Mapping[str, Entry]
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the terms that make up the money of a stage, and what only stands beside them."""
    by_currency = {
        currency: _terms(figure, currency, amount, entries)
        for currency, amount in figure.money.items()
    }
    found = [term for terms in by_currency.values() for term in terms]
    if len(by_currency) < 2 or (stage is Stage.DELIVERED and _separate(found, figure)):
        return tuple(found), ()
    newest = max(found, key=lambda term: term.entry.order).currency
    beside = [term for term in found if term.currency != newest]
    return by_currency[newest], tuple(beside)


def _separate(terms: Sequence[Term], figure: StageFigure) -> bool:
    """Tell whether each amount is of a delivery of its own."""
    statements = [term.statement for term in terms]
    return len(set(statements)) == len(statements) and set(statements) <= set(figure.prevailing)


def _terms(
    figure: StageFigure, currency: str, amount: Interval, entries: Mapping[str, Entry]
) -> tuple[Term, ...]:
    told = [
        Term(Interval.of(money), currency, Occasion.of(entry), one, entry)
        for one in dict.fromkeys((*figure.prevailing, *figure.reports))
        if (entry := entries.get(one)) is not None
        and (money := entry.statement.money) is not None
        and money.currency == currency
        and money.per is None
    ]
    told.sort(key=lambda term: term.entry.order)
    whole = [term for term in told if term.amount == amount]
    if whole:
        return (whole[-1],)
    for some in ([term for term in told if term.statement in figure.prevailing], told):
        if some and _makes(some, amount):
            return tuple(some)
    last = told[-1]
    note = "told in parts that do not make the sum: the rate of the last one"
    return (replace(last, amount=amount, occasion=replace(last.occasion, note=note)),)


def _makes(terms: Sequence[Term], amount: Interval) -> bool:
    total = terms[0].amount
    for term in terms[1:]:
        total = total.plus(term.amount)
    return _close(total.low, amount.low) and _close(total.high, amount.high)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other)
