"""Item phrases: the mentions that make one item, and what item they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set
from pledgebook.reading.text.mentions import ItemMention
from pledgebook.vocabulary.statement import Category

MUNITIONS = {
    Category.ARTILLERY_AMMUNITION,
    Category.ROCKET_AMMUNITION,
    Category.AMMUNITION,
    Category.MISSILE,
}


AID_CATEGORIES = {
    Category.MILITARY_AID,
    Category.FINANCIAL_AID,
    Category.HUMANITARIAN_AID,
    Category.MIXED_AID,
}


OWN_AMMUNITION = {
    Category.ARTILLERY: Category.ARTILLERY_AMMUNITION,
    Category.TANK: Category.ARTILLERY_AMMUNITION,
    Category.ROCKET_ARTILLERY: Category.ROCKET_AMMUNITION,
    Category.AIR_DEFENCE: Category.MISSILE,
}


def item_phrase(units: Sequence[Unit], index: int) -> Anchor:
    """Join the item units that make one phrase from a unit on: "Leopard 2A4 battle tanks"."""
    members = [index]
    extras: list[int] = []
    k = index
    while k + 1 < len(units):
        nxt = units[k + 1]
        if nxt.kind == "item":
            members.append(k + 1)
            k += 1
        elif nxt.low == "(" and k + 3 < len(units) and units[k + 3].low == ")":
            if units[k + 2].kind == "item":
                members.append(k + 2)
            elif not (units[k + 2].kind == "word" and units[k + 2].text.isupper()):
                break
            k += 3
        elif nxt.low == "of" and k + 2 < len(units):
            step = k + 2
            while step < len(units) and step < k + 6 and _modifier(units[step]):
                step += 1
            end = step
            while end + 1 < len(units) and units[end + 1].kind == "item":
                end += 1
            if (
                step < len(units)
                and units[step].kind == "item"
                and _takes_of(_it(units[members[-1]]), _it(units[end]))
            ):
                members += range(step, end + 1)
                k = end
            else:
                break
        elif (
            nxt.low in ("-", "–", "/") and k + 2 < len(units) and units[k + 2].kind == "item"
        ) or (
            nxt.low in word_set("item_links") and k + 2 < len(units) and units[k + 2].kind == "item"
        ):
            members.append(k + 2)
            k += 2
        elif nxt.low == "for" and _it(units[members[-1]]).category in (
            MUNITIONS | {Category.MAINTENANCE}
        ):
            step = k + 2
            while step < len(units) and step < k + 7 and _modifier(units[step]):
                step += 1
            if step >= len(units) or units[step].kind != "item":
                break
            extras.append(step)
            k = step
            while k + 1 < len(units) and units[k + 1].kind == "item":
                k += 1
            break
        else:
            break
    item = _compose([_it(units[m]) for m in members], [_it(units[m]) for m in extras])
    anchor = Anchor(index, k, members[-1], item, weak=item.weak)
    if extras:
        served = _compose([_it(units[m]) for m in range(extras[0], k + 1)], [])
        anchor.inner = Anchor(extras[0], k, k, served, weak=served.weak)
    return anchor


def _modifier(unit: Unit) -> bool:
    return (
        unit.kind in ("word", "party")
        and unit.low not in word_set("prepositions")
        and unit.low
        not in (
            "and",
            "or",
            "which",
            "that",
            "who",
        )
    ) or unit.low == "'s"


def _it(unit: Unit) -> ItemMention:
    assert isinstance(unit.value, ItemMention)
    return unit.value


def _takes_of(first: ItemMention, second: ItemMention) -> bool:
    """Tell whether "A of B" is one item: rounds of ammunition, a package of weapons."""
    if first.item is None and first.category in MUNITIONS:
        return second.category in MUNITIONS
    if first.category in AID_CATEGORIES:
        return second.category in AID_CATEGORIES
    return first.weak or first.category is second.category


def _compose(members: list[ItemMention], extras: list[ItemMention]) -> ItemMention:
    """Make one item of the mentions of a phrase; the last one is its head."""
    head = members[-1]
    named = next((m for m in members if m.designation and not _is_calibre(m)), None)
    calibre = next((m for m in members if m.designation and _is_calibre(m)), None)
    generic = [m for m in members if m.item is None]
    designation = (named or calibre or head).designation
    category = head.category
    unit = head.unit
    lead = named or calibre
    if lead is not None:
        noun = generic[-1] if generic else None
        category = _category(lead, noun)
        unit = noun.unit if noun and noun.category in MUNITIONS else lead.unit
        if calibre is not None and named is None and noun and noun.category is Category.ARTILLERY:
            category = Category.ARTILLERY
            unit = noun.unit
    elif len(generic) > 1:
        strong = [m for m in generic if not m.weak]
        chosen = _most_specific(strong or generic)
        category, unit = chosen.category, chosen.unit
    for extra in extras:
        if extra.designation and designation is None:
            designation = extra.designation
            if category in MUNITIONS and not _is_calibre(extra):
                category = _category(extra, head)
            elif category in MUNITIONS:
                category = extra.category
            break
        if extra.designation is None and category is Category.AMMUNITION and not designation:
            category = (
                OWN_AMMUNITION.get(extra.category, category)
                if extra.category is not Category.AIR_DEFENCE
                else category
            )
    weak = all(m.weak for m in members)
    ammunition = lead.ammunition if lead is not None else head.ammunition
    return replace(
        head,
        category=category,
        designation=designation,
        unit=unit,
        weak=weak,
        ammunition=ammunition,
    )


def _most_specific(generic: list[ItemMention]) -> ItemMention:
    order = {Category.AMMUNITION: 2, Category.MILITARY_AID: 3, Category.VEHICLE: 1}
    return min(reversed(generic), key=lambda m: order.get(m.category, 0))


def _category(lead: ItemMention, noun: ItemMention | None) -> Category:
    if noun is None or noun.category is lead.category or lead.category in MUNITIONS:
        if noun is not None and noun.category in (Category.MAINTENANCE, Category.TRAINING_SERVICE):
            return noun.category
        return lead.category
    if noun.category in MUNITIONS:
        if lead.ammunition is not None:
            return lead.ammunition
        if lead.category in (Category.AIR_DEFENCE, Category.ANTI_TANK_WEAPON, Category.DRONE):
            return lead.category
        return OWN_AMMUNITION.get(lead.category, noun.category)
    if noun.category in (Category.MAINTENANCE, Category.TRAINING_SERVICE):
        return noun.category
    return lead.category


def _is_calibre(item: ItemMention) -> bool:
    return bool(item.designation) and str(item.designation).endswith("mm")
