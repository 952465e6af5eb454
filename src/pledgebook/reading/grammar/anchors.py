"""The anchor of a statement: an item, an amount or a bare number, with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.mentions import ItemMention


@dataclass(slots=True)
class Anchor:
    """An item, an amount of money or a bare number, from unit `first` to unit `last`.

    `item` is None for money without an item and for bare numbers; `weak` items need support;
    `inner` is the item that the phrase is for: the guns of "ammunition for Gepard guns";
    `relative` marks the eight of "five of the eight tanks that Norway promised".
    """

    first: int
    last: int
    head: int
    item: ItemMention | None
    number: NumberMention | None = None
    money: MoneyMention | None = None
    weak: bool = False
    definite: bool = False
    single: bool = False
    further: bool = False
    negated: bool = False
    inner: Anchor | None = None
    relative: bool = False
