"""Anchors: what a statement is about, as one phrase with its number.

"Leopard 2A4 battle tanks" is one item, "rounds of 155-mm ammunition" another, "missiles for the
IRIS-T air defence system" a third; "four of its", "more than 5,000 rounds of" belong to them.
Money and bare numbers ("Norway eight") are anchors too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pledgebook.reading.lexicon import word_list
from pledgebook.reading.mentions import ItemMention
from pledgebook.reading.money import MoneyMention
from pledgebook.reading.numbers import NumberMention
from pledgebook.reading.units import Unit
from pledgebook.vocabulary.statement import Category

_MUNITIONS = {
    Category.ARTILLERY_AMMUNITION, Category.ROCKET_AMMUNITION, Category.AMMUNITION,
    Category.MISSILE,
}
_AID = {
    Category.MILITARY_AID, Category.FINANCIAL_AID, Category.HUMANITARIAN_AID, Category.MIXED_AID,
}
_OWN_AMMUNITION = {
    Category.ARTILLERY: Category.ARTILLERY_AMMUNITION,
    Category.TANK: Category.ARTILLERY_AMMUNITION,
    Category.ROCKET_ARTILLERY: Category.ROCKET_AMMUNITION,
    Category.AIR_DEFENCE: Category.MISSILE,
}
_SHELLS = {"shell", "shells", "round", "rounds", "ammunition", "munitions", "munition", "projectiles",
           "cartridges", "charges"}


@dataclass(slots=True)
class Anchor:
    """An item, an amount of money or a bare number, from unit `first` to unit `last`.

    `item` is None for money without an item and for bare numbers; `weak` items need support.
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


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_list(name))


def find_anchors(units: Sequence[Unit]) -> list[Anchor]:
    """Return the anchors of a sentence in order."""
    anchors: list[Anchor] = []
    used: set[int] = set()
    index = 0
    while index < len(units):
        if units[index].kind == "item":
            group = _item_phrase(units, index)
            anchors += group
            index = max(anchor.last for anchor in group) + 1
            continue
        index += 1
    for anchor in anchors:
        _attach_number(units, anchor, used)
        if anchor.number is None:
            _attach_after(units, anchor, used)
    anchors = [anchor for anchor in anchors if not _is_residue(units, anchor, anchors)]
    _share_numbers(units, anchors)
    _own_munitions(units, anchors)
    for index, unit in enumerate(units):
        if unit.kind == "money" and isinstance(unit.value, MoneyMention):
            if not unit.value.converted:
                _place_money(units, index, unit.value, anchors)
        elif unit.kind == "number" and index not in used and _is_bare(units, index):
            number = unit.value
            if isinstance(number, NumberMention):
                paid = _elliptical_money(units, index, number)
                if paid is not None:
                    _place_money(units, index, paid, anchors)
                    continue
                anchors.append(Anchor(index, index, index, None, number, further=number.further))
    anchors.sort(key=lambda anchor: (anchor.first, anchor.last))
    return anchors


def _elliptical_money(
    units: Sequence[Unit], index: int, number: NumberMention
) -> MoneyMention | None:
    """Read "415 million euros are for energy, 25 million for water" with one currency."""
    if not any(word in units[index].low for word in ("million", "billion", "trillion")):
        return None
    for k in range(index - 1, -1, -1):
        value = units[k].value
        if isinstance(value, MoneyMention) and not value.converted and value.currency:
            return replace(value, start=units[index].start, end=units[index].end, low=number.low, high=number.high, per=None)
        if units[k].kind == "item" and not getattr(units[k].value, "weak", False) and getattr(units[k].value, "category", None) in _MUNITIONS:
            return None
    return None


def _own_munitions(units: Sequence[Unit], anchors: Sequence[Anchor]) -> None:
    """Name the ammunition of "3 MARS launchers with ammunition", "artillery and ammunition for it"."""
    for left, right in zip(anchors, anchors[1:], strict=False):
        gun, shot = left.item, right.item
        if gun is None or shot is None or shot.category is not Category.AMMUNITION or shot.designation:
            continue
        between = [u.low for u in units[left.last + 1 : right.first]]
        after = [u.low for u in units[right.last + 1 : right.last + 3]]
        with_it = between[:1] in (["with"], ["including"]) or between[:2] == [",", "with"]
        for_it = between[:1] == ["and"] and after[:1] == ["for"] and after[1:2] in (["it"], ["them"], ["these"])
        own = gun.ammunition or _OWN_AMMUNITION.get(gun.category)
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
    for left, right in zip(anchors, anchors[1:], strict=False):
        between = units[left.last + 1 : right.first]
        joined = len(between) == 1 and between[0].low in ("and", "or")
        if joined and left.number is not None and left.number.kind == "vague" and right.number is None and not right.single:
            right.number = left.number


def _item_phrase(units: Sequence[Unit], index: int) -> list[Anchor]:
    """Join the item units that make one phrase; "155mm and 105mm shells" gives two anchors."""
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
            if step < len(units) and units[step].kind == "item" and _takes_of(_it(units[members[-1]]), _it(units[step])):
                members.append(step)
                k = step
            else:
                break
        elif nxt.low in ("-", "–", "/") and k + 2 < len(units) and units[k + 2].kind == "item":
            members.append(k + 2)
            k += 2
        elif (
            nxt.low in ("type", "class", "model", "series", "family", "surface-to-air", "multiple", "model", "self-propelled", "long-range", "short-range",
                        "short", "medium-range", "anti-radiation", "armoured", "armored", "main", "mobile", "battle", "guided", "light", "heavy", "towed",
                        "portable", "tracked", "wheeled", "artillery", "tactical", "attack", "cruise", "anti-tank", "air", "high-speed", "precision", "training", "advanced")
            and k + 2 < len(units)
            and units[k + 2].kind == "item"
        ):
            members.append(k + 2)
            k += 2
        elif nxt.low == "for" and _it(units[members[-1]]).category in (_MUNITIONS | {Category.MAINTENANCE}):
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
    item = _compose([_it(units[m]) for m in members], [_it(units[m]) for m in extras], units, members)
    last = k
    anchor = Anchor(index, last, members[-1], item, weak=item.weak)
    twins = _twin(units, members, item)
    return [*twins, anchor]


def _twin(units: Sequence[Unit], members: list[int], item: ItemMention) -> list[Anchor]:
    return []


def _modifier(unit: Unit) -> bool:
    return unit.kind in ("word", "party") and unit.low not in _set("prepositions") and unit.low not in (
        "and", "or", "which", "that", "who",
    ) or unit.low == "'s"


def _it(unit: Unit) -> ItemMention:
    assert isinstance(unit.value, ItemMention)
    return unit.value


def _takes_of(first: ItemMention, second: ItemMention) -> bool:
    """Tell whether "A of B" is one item: rounds of ammunition, a package of weapons."""
    if first.item is None and first.category in _MUNITIONS:
        return second.category in _MUNITIONS
    if first.category in _AID:
        return second.category in _AID
    return first.weak or first.category is second.category


def _compose(
    members: list[ItemMention], extras: list[ItemMention], units: Sequence[Unit], places: list[int]
) -> ItemMention:
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
        category = _category(lead, noun, units, places)
        unit = noun.unit if noun and noun.category in _MUNITIONS else lead.unit
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
            if category in _MUNITIONS and not _is_calibre(extra):
                category = _category(extra, head, units, places)
            elif category in _MUNITIONS:
                category = extra.category
            break
        if extra.designation is None and category is Category.AMMUNITION and not designation:
            category = _OWN_AMMUNITION.get(extra.category, category) if extra.category is not Category.AIR_DEFENCE else category
    weak = all(m.weak for m in members)
    ammunition = lead.ammunition if lead is not None else head.ammunition
    return replace(
        head, category=category, designation=designation, unit=unit, weak=weak, ammunition=ammunition
    )


def _most_specific(generic: list[ItemMention]) -> ItemMention:
    order = {Category.AMMUNITION: 2, Category.MILITARY_AID: 3, Category.VEHICLE: 1}
    return min(reversed(generic), key=lambda m: order.get(m.category, 0))


def _category(
    lead: ItemMention, noun: ItemMention | None, units: Sequence[Unit], places: list[int]
) -> Category:
    if noun is None or noun.category is lead.category or lead.category in _MUNITIONS:
        if noun is not None and noun.category in (Category.MAINTENANCE, Category.TRAINING_SERVICE):
            return noun.category
        return lead.category
    if noun.category in _MUNITIONS:
        if lead.ammunition is not None:
            return lead.ammunition
        if lead.category in (Category.AIR_DEFENCE, Category.ANTI_TANK_WEAPON, Category.DRONE):
            return lead.category
        return _OWN_AMMUNITION.get(lead.category, noun.category)
    if noun.category in (Category.MAINTENANCE, Category.TRAINING_SERVICE):
        return noun.category
    return lead.category


def _is_calibre(item: ItemMention) -> bool:
    return bool(item.designation) and str(item.designation).endswith("mm")


def _attach_number(units: Sequence[Unit], anchor: Anchor, used: set[int]) -> None:
    """Find the number before the phrase: "four of its", "more than 5,000 rounds of"."""
    gap = 0
    k = anchor.first - 1
    while k >= 0 and gap < 8:
        unit = units[k]
        if unit.kind == "number":
            number = unit.value
            if isinstance(number, NumberMention) and number.kind in ("cardinal", "vague") and k not in used:
                anchor.number = number
                anchor.further = number.further
                anchor.first = k
                used.add(k)
            return
        if unit.kind == "word":
            if unit.low in ("a", "an") and gap <= 5:
                anchor.single = True
                anchor.first = min(anchor.first, k)
                return
            if unit.low == "no" or (unit.low == "none" and gap < 3):
                anchor.negated = True
                return
            if unit.low in ("the", "its", "their", "his", "our", "these", "those", "this"):
                anchor.definite = True
            elif unit.low in _STOPS or (unit.low in _countables()) or unit.low.endswith("n't"):
                return
            elif unit.low.endswith(("ing",)) and gap == 0 and unit.low not in ("remaining", "existing", "ageing", "aging"):
                return
        elif unit.kind == "punct" and unit.low not in ("'s", "-", '"', "“", "”"):
            if not (unit.low == "," and gap and _comma_adjectives(units, k)):
                return
        elif unit.kind in ("money", "date", "item"):
            return
        gap += 1
        k -= 1


def _attach_after(units: Sequence[Unit], anchor: Anchor, used: set[int]) -> None:
    """Find the number of a list line behind its item: "Leopard 2A6 battle tanks: 18"."""
    k = anchor.last + 1
    while k < len(units) and k < anchor.last + 4 and units[k].kind == "word" and units[k].low not in _STOPS:
        k += 1
    comma = k + 1 < len(units) and units[k].low == "," and (
        k + 2 >= len(units) or units[k + 2].low in (",", ";", ".", "pieces", "units", "in", "(")
    )
    if k + 1 < len(units) and (comma or units[k].low in (":", "|", "–")) and units[k + 1].kind == "number":
        number = units[k + 1].value
        if isinstance(number, NumberMention) and number.kind in ("cardinal", "vague") and k + 1 not in used:
            anchor.number = number
            anchor.last = k + 1
            used.add(k + 1)


@cache
def _countables() -> frozenset[str]:
    return frozenset({"country", "nation", "day", "week", "month", "year", "people", "soldiers", "troops", "percent"})


def _comma_adjectives(units: Sequence[Unit], k: int) -> bool:
    return k > 0 and units[k - 1].kind == "word" and units[k - 1].low.endswith(("-launched", "-range", "-fired", "-guided", "-propelled", "modern", "old"))


_STOPS = frozenset(
    {"and", "or", "but", "to", "for", "in", "with", "from", "by", "on", "at", "that", "which", "who",
     "will", "would", "has", "have", "had", "is", "are", "was", "were", "be", "been", "could", "may",
     "into", "as", "than", "send", "sent", "give", "given", "supply", "supplied", "deliver", "delivered",
     "said", "when", "while", "if", "no", "not", "under", "against", "over", "including", "such", "per",
     "countries", "nations", "members", "allies", "states", "people", "companies", "years", "months",
     "weeks", "days", "hours", "firms", "times", "percent", "%", "per cent", "packages", "donors",
     "thousand", "sites", "locations", "regions", "types", "kinds", "lots", "contracts", "orders"}
)


def _place_money(
    units: Sequence[Unit], index: int, money: MoneyMention, anchors: list[Anchor]
) -> None:
    """Give an amount to the item that it pays for, or make it an anchor of its own."""
    best: tuple[int, Anchor] | None = None
    for anchor in anchors:
        if anchor.item is None or anchor.money is not None:
            continue
        cost = _money_distance(units, index, anchor)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, anchor)
    if best is not None:
        anchor = best[1]
        anchor.money = money
        anchor.first, anchor.last = min(anchor.first, index), max(anchor.last, index)
        return
    anchors.append(Anchor(index, index, index, None, money=money))


def _money_distance(units: Sequence[Unit], index: int, anchor: Anchor) -> int | None:
    if anchor.last < index:
        between = units[anchor.last + 1 : index]
        if len(between) > 7 or any(u.kind in ("item", "money") for u in between):
            return None
        lows = {u.low for u in between}
        if not lows & {"passes", "passed", "exceeds", "exceeded", "reaches", "totals", "comes", "amounts", "stands", "worth", "of", "valued", "value", "(", "for", "costing", "totalling", "totaling", "at", "amounting", "is", "was"}:
            return None
        if lows & {"and", ";", "which", "but", "or"}:
            return None
        return len(between) + 2
    between = units[index + 1 : anchor.first]
    if len(between) > 9 or any(u.kind in ("money",) for u in between):
        return None
    lows = {u.low for u in between}
    if lows & {";", ".", ":", "which", "that", "but", "while", "from"} or "," in lows:
        return None
    if any(u.kind == "item" for u in between):
        return None
    first = between[0].low if between else ""
    if not between or first in ("is", "are", "was", "were") or first in ("in", "of", "for", "worth", "'s", "toward", "towards", "to", "package", ")", "on") or units[index + 1].kind == "word":
        if lows & {"has", "have", "will", "would", "said"}:
            return None
        if lows & {"is", "was", "were", "are"} and not (len(between) <= 4 and "for" in lows):
            return None
        return len(between)
    return None


def _is_bare(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a number stands for things named elsewhere: "Norway eight", "13 of them"."""
    number = units[index].value
    if not isinstance(number, NumberMention) or number.kind not in ("cardinal", "vague"):
        return False
    if index + 1 >= len(units):
        return True
    after = units[index + 1]
    if after.kind == "punct":
        return after.low not in ("%", "/", "'s", "-", "°", ")") or after.low == ")" and index > 0
    if after.kind == "date":
        return True
    if after.kind in ("item", "money"):
        return False
    if after.kind == "party":
        return False
    return after.low in _AFTER_BARE


_AFTER_BARE = frozenset(
    {"from", "in", "by", "to", "have", "has", "had", "were", "are", "was", "will", "would", "could",
     "already", "more", "others", "each", "a", "and", "or", "of", "for", "at", "this", "next", "last",
     "before", "after", "per", "every", "pieces", "so", "with", "that", "on", "units", "until", "now",
     "against", "out", "should", "may", "might", "under", "during", "since", "as", "within", "can",
     "annually", "monthly", "daily", "yearly", "is", "later", "too", "machines", "examples", "but",
     "apiece", "half", "over", "through", "today", "when", "while", "if", "there", "then", "also"}
)
