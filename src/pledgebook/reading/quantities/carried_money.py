"""Amounts that leave their currency to the one before: "€415 million ..., 25 million for water"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.wording import GAP, alternation, fold, table

__all__ = ["find_carried_money"]

_REACH = 300
"""How far back the amount may lie that lends its currency, in characters."""

_LEAST = 1_000_000.0


def find_carried_money(
    text: str, numbers: Sequence[NumberMention], money: Sequence[MoneyMention]
) -> list[MoneyMention]:
    """Return the numbers of `text` that are amounts in the currency of the amount before them.

    Such a number is at least a million, written with its magnitude, counts no noun, and follows an
    amount of money in the same paragraph with no other number between. `numbers` are those found
    outside `money`.
    """
    lowered = fold(text)
    carried: list[MoneyMention] = []
    things: list[NumberMention | MoneyMention] = [*numbers, *money]
    things.sort(key=lambda thing: thing.core_start)
    lender: MoneyMention | None = None
    for thing in things:
        if isinstance(thing, MoneyMention):
            lender = thing if not thing.converted or lender is None else lender
            continue
        if thing.kind not in {"cardinal", "vague"}:
            continue
        if lender is not None and _is_carried(thing, lender, lowered):
            lender = _amount(thing, lender)
            carried.append(lender)
        else:
            lender = None
    return carried


@cache
def _followers() -> re.Pattern[str]:
    words = alternation(table("money.toml")["words"]["after_carried"])
    return re.compile(rf"[^\S\n]*(?:[.,;:)\]\n]|\Z)|{GAP}(?:{words})(?!\w)")


def _is_carried(number: NumberMention, lender: MoneyMention, lowered: str) -> bool:
    values = [end for end in (number.low, number.high) if end is not None]
    if max(values) < _LEAST or number.start - lender.end > _REACH:
        return False
    if not any(char.isalpha() for char in lowered[number.core_start : number.core_end]):
        return False
    if "\n\n" in lowered[lender.end : number.start]:
        return False
    return bool(_followers().match(lowered, number.end))


def _amount(number: NumberMention, lender: MoneyMention) -> MoneyMention:
    return MoneyMention(
        start=number.start,
        end=number.end,
        low=number.low,
        high=number.high,
        currency=lender.currency,
        per=number.per,
        converted=False,
        approx=number.approx,
        core_start=number.core_start,
        core_end=number.core_end,
        further=number.further,
    )
