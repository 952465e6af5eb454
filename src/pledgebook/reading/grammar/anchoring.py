"""Anchors: what a statement is about, as one phrase with its number.

"Leopard 2A4 battle tanks" is one item, "rounds of 155-mm ammunition" another, "missiles for the
IRIS-T air defence system" a third; "four of its", "more than 5,000 rounds of" belong to them.
Money and bare numbers ("Norway eight") are anchors too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pledgebook.reading.grammar.amounts import attach_after, attach_number, place_money
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.phrases import OWN_AMMUNITION, item_phrase
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.lexicon import word_set
from pledgebook.vocabulary.statement import Category


def find_anchors(units: Sequence[Unit]) -> list[Anchor]:
    """Return the anchors of a sentence in order."""
    anchors: list[Anchor] = []
    used: set[int] = set()
    index = 0
    while index < len(units):
        if units[index].kind == "item":
            phrase = item_phrase(units, index)
            anchors.append(phrase)
            index = phrase.last + 1
            continue
        index += 1
    for anchor in anchors:
        attach_number(units, anchor, used)
        if anchor.number is None:
            attach_after(units, anchor, used)
    anchors = [anchor for anchor in anchors if not _is_residue(units, anchor, anchors)]
    anchors = _counted_later(units, anchors)
    _share_numbers(units, anchors)
    _own_munitions(units, anchors)
    for index, unit in enumerate(units):
        if unit.kind == "money" and isinstance(unit.value, MoneyMention):
            if not unit.value.converted:
                place_money(units, index, unit.value, anchors)
        elif unit.kind == "number" and index not in used and _is_bare(units, index):
            number = unit.value
            if isinstance(number, NumberMention):
                anchors.append(Anchor(index, index, index, None, number, further=number.further))
    anchors.sort(key=lambda anchor: (anchor.first, anchor.last))
    return _portions(units, anchors)


def _portions(units: Sequence[Unit], anchors: list[Anchor]) -> list[Anchor]:
    """Give "five of the eight tanks" the item for the five; the eight stay with their own clause.

    Without one ("that Norway promised") the eight only say of how many.
    """
    kept: list[Anchor] = []
    for anchor in anchors:
        left = kept[-1] if kept else None
        between = [u.low for u in units[left.last + 1 : anchor.first]] if left else []
        if (
            left is not None
            and left.item is None
            and left.number is not None
            and anchor.item is not None
            and anchor.number is not None
            and between[:1] == ["of"]
            and len(between) <= 3
        ):
            left.item, left.head = anchor.item, anchor.head
            after = [u.low for u in units[anchor.last + 1 : anchor.last + 3]]
            if not {"that", "which"} & set(after):
                left.last = anchor.last
                continue
            anchor.relative = True
        kept.append(anchor)
    return kept


def _counted_later(units: Sequence[Unit], anchors: Sequence[Anchor]) -> list[Anchor]:
    """Give "Leopard 2 tanks by offering eight vehicles" one anchor: the vehicles are the tanks."""
    kept: list[Anchor] = []
    for anchor in anchors:
        left = kept[-1] if kept else None
        if (
            left is not None
            and left.item is not None
            and anchor.item is not None
            and left.number is None
            and anchor.number is not None
            and anchor.item.category is Category.VEHICLE
            and anchor.item.designation is None
            and left.item.category in _VEHICLES
            and any(u.low == "by" for u in units[left.last + 1 : anchor.first])
        ):
            left.number, left.last = anchor.number, anchor.last
            continue
        kept.append(anchor)
    return kept


_VEHICLES = frozenset(
    {Category.TANK, Category.INFANTRY_FIGHTING_VEHICLE, Category.ARMOURED_VEHICLE}
)


def _own_munitions(units: Sequence[Unit], anchors: Sequence[Anchor]) -> None:
    """Name the ammunition of "3 MARS launchers with ammunition", "guns and ammunition for them"."""
    for left, right in pairwise(anchors):
        gun, shot = left.item, right.item
        if (
            gun is None
            or shot is None
            or shot.category is not Category.AMMUNITION
            or shot.designation
        ):
            continue
        between = [u.low for u in units[left.last + 1 : right.first]]
        after = [u.low for u in units[right.last + 1 : right.last + 3]]
        with_it = between[:1] in (["with"], ["including"]) or between[:2] == [",", "with"]
        for_it = (
            between[:1] == ["and"]
            and after[:1] == ["for"]
            and after[1:2] in (["it"], ["them"], ["these"])
        )
        own = gun.ammunition or OWN_AMMUNITION.get(gun.category)
        if own is None or not (with_it or for_it) or len(between) > 4:
            continue
        right.item = replace(shot, category=own, designation=gun.designation if with_it else None)


def _is_residue(units: Sequence[Unit], anchor: Anchor, anchors: Sequence[Anchor]) -> bool:
    """Tell what only rounds off a list ("and other equipment") or explains another item."""
    if anchor.number is not None:
        return False
    before = units[anchor.first - 1].low if anchor.first else ""
    if before == "other" and anchor.item is not None and anchor.item.item is None:
        return True
    lead = " ".join(u.low for u in units[max(0, anchor.first - 4) : anchor.first])
    if lead.endswith(("in addition to", "in addition to the", "besides the", "on top of the")):
        return True
    if before in ("many", "much") and anchor.first > 1 and units[anchor.first - 2].low == "as":
        return True
    opened = False
    for k in range(anchor.first - 1, max(-1, anchor.first - 12), -1):
        if units[k].low == ")":
            return False
        if units[k].low == "(":
            opened = True
            break
    if not opened:
        return False
    return any(other.number is not None and other.last in (k - 1, k - 2) for other in anchors)


def _share_numbers(units: Sequence[Unit], anchors: Sequence[Anchor]) -> None:
    """Give one number to both items of "hundreds of Patriot and AMRAAM missiles"."""
    for left, right in pairwise(anchors):
        between = units[left.last + 1 : right.first]
        joined = len(between) == 1 and between[0].low in ("and", "or")
        if (
            joined
            and left.number is not None
            and left.number.kind == "vague"
            and right.number is None
            and not right.single
        ):
            right.number = left.number


def _is_bare(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a number stands for things named elsewhere: "Norway eight", "13 of them"."""
    number = units[index].value
    if not isinstance(number, NumberMention) or number.kind not in ("cardinal", "vague"):
        return False
    if index + 1 >= len(units):
        return True
    after = units[index + 1]
    if after.kind == "punct":
        return after.low not in ("%", "/", "'s", "-", "°", ")") or (after.low == ")" and index > 0)
    if after.kind == "date":
        return True
    if after.kind in ("item", "money"):
        return False
    if after.kind == "party":
        return False
    return after.low in word_set("after_bare_numbers")
