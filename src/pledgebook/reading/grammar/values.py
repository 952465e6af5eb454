"""From an anchor to item, quantity and money of a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.discourse import Frame, Memory
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.mentions import ItemMention
from pledgebook.vocabulary.statement import Category, Item, Money, Quantity

AID = frozenset(
    {Category.MILITARY_AID, Category.FINANCIAL_AID, Category.HUMANITARIAN_AID, Category.MIXED_AID}
)

CIVIL = AID - {Category.MILITARY_AID} | {
    Category.FUEL,
    Category.VEHICLE,
    Category.MEDICAL,
    Category.OTHER,
    Category.MAINTENANCE,
}


def item_of(
    sentence: str, start: int, anchor: Anchor, frame: Frame, memory: Memory, block: int
) -> tuple[Item, str | None] | None:
    """Return the item of an anchor with its unit, None where it names too little."""
    mention = anchor.item
    if mention is None:
        if anchor.money is not None:
            return Item(category=_money_category(sentence, frame, memory)), None
        last = memory.item
        if (
            last is not None
            and last.category is Category.AMMUNITION
            and last.designation is None
            and memory.munition is not None
        ):
            last = replace(last, category=memory.munition)
        if last is None or (
            anchor.number is not None and anchor.number.low == anchor.number.high == 1
        ):
            return None
        return Item(category=last.category, designation=last.designation), last.unit
    if (
        memory.topic is Category.HUMANITARIAN_AID
        and mention.designation is None
        and mention.category in _RELIEF_GOODS
    ):
        return Item(category=Category.HUMANITARIAN_AID), mention.unit
    if _is_firing(mention, anchor, frame):
        calibre = mention.designation
        return Item(category=Category.ARTILLERY_AMMUNITION, designation=calibre), "round"
    if mention.weak and mention.category is Category.OTHER:
        known = memory.recall(mention, block)
        if known is None:
            return None
        return Item(category=known.category, designation=known.designation), known.unit
    if mention.category in AID:
        bare = anchor.money is None and anchor.number is None
        if (
            bare
            and frame.kind not in ("refusal", "request")
            and not _is_package(sentence[mention.start - start : mention.end - start])
        ):
            return None
        return Item(category=mention.category), mention.unit
    if mention.designation is None:
        if (
            mention.category is Category.AMMUNITION
            and memory.munition is not None
            and _is_round(mention)
        ):
            mention = replace(mention, category=memory.munition)
        numeric = anchor.number is not None or anchor.definite
        known = memory.recall(mention, block) if numeric else None
        if known is not None:
            return Item(category=known.category, designation=known.designation), known.unit
    return Item(category=mention.category, designation=mention.designation), mention.unit


def _is_package(sentence: str) -> bool:
    low = sentence.lower()
    return any(word in low for word in ("package", "tranche", "drawdown"))


def quantity_of(
    units: Sequence[Unit], anchor: Anchor, kind: str, unit: str | None, rate: str | None
) -> Quantity | None:
    """Return the quantity of an anchor; None is unknown, never zero."""
    number = anchor.number
    if number is None:
        single = anchor.single and anchor.item is not None and anchor.item.category not in AID
        if single and kind in ("pledge", "delivery") and not units[anchor.head].low.endswith("s"):
            return Quantity(low=1, high=1, unit=unit or "item")
        return None
    per = number.per
    if per is None and kind in ("production", "expenditure", "request"):
        per = rate
    return Quantity.model_validate(
        {
            "low": number.low,
            "high": number.high,
            "unit": unit or "item",
            "per": per,
            "approx": number.approx,
        }
    )


def money_of(anchor: Anchor) -> Money | None:
    """Return the money of an anchor as first given in the text."""
    money = anchor.money
    if money is None or money.currency is None:
        return None
    return Money.model_validate(
        {"low": money.low, "high": money.high, "currency": money.currency, "per": money.per}
    )


def _is_firing(mention: ItemMention, anchor: Anchor, frame: Frame) -> bool:
    """Tell "155-mm artillery" that is made or fired, the rounds, from the guns that are sent."""
    return (
        mention.category is Category.ARTILLERY
        and str(mention.designation).endswith("mm")
        and anchor.number is None
        and frame.kind in ("production", "contract", "expenditure")
    )


def _is_round(mention: ItemMention) -> bool:
    """Tell "rounds", which the document decides, from "ammunition", which stands for itself."""
    return mention.end - mention.start <= 10


_RELIEF_GOODS = frozenset(
    {Category.PERSONAL_EQUIPMENT, Category.VEHICLE, Category.AIRCRAFT, Category.OTHER}
)
_LENDERS = frozenset({"IMF", "WBG", "EBRD", "EIB"})
_RELIEF = frozenset({"UN", "ICRC"})
_HUMANITARIAN = (
    "humanitarian",
    "relief",
    "food",
    "refugee",
    "emergency aid",
    "earthquake",
    "flood",
    "famine",
)
_MILITARY = ("military", "security assistance", "weapons", "arms ")
_FINANCIAL = (
    "loan",
    "budget support",
    "economic",
    "financial",
    "budgetary",
    "reconstruct",
    "macro-",
)


def _money_category(sentence: str, frame: Frame, memory: Memory) -> Category:
    low = sentence.lower()
    if any(actor in _LENDERS for actor in frame.actors):
        return Category.FINANCIAL_AID
    if any(actor in _RELIEF for actor in frame.actors):
        return Category.HUMANITARIAN_AID
    if memory.topic in (Category.HUMANITARIAN_AID, Category.ENERGY) and "military" not in low:
        return memory.topic
    if any(word in low for word in _HUMANITARIAN):
        return Category.HUMANITARIAN_AID
    if any(word in low for word in _FINANCIAL):
        return Category.FINANCIAL_AID
    if any(word in low for word in _MILITARY):
        return Category.MILITARY_AID
    if "package" in low and memory.topic not in AID:
        return Category.MILITARY_AID
    if memory.topic is Category.AMMUNITION and memory.munition is not None:
        return memory.munition
    return memory.topic
