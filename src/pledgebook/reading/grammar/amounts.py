"""The number and the money of an item: which of those around it belong to it."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.lexicon import word_set


def attach_number(units: Sequence[Unit], anchor: Anchor, used: set[int]) -> None:
    """Find the number before the phrase: "four of its", "more than 5,000 rounds of"."""
    gap = 0
    k = anchor.first - 1
    while k >= 0 and gap < 8:
        unit = units[k]
        if unit.kind == "number":
            number = unit.value
            if (
                isinstance(number, NumberMention)
                and number.kind in ("cardinal", "vague")
                and k not in used
            ):
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
            elif (
                unit.low in word_set("number_stops")
                or (unit.low in word_set("number_owners"))
                or unit.low.endswith("n't")
                or (
                    unit.low.endswith(("ing",))
                    and gap == 0
                    and unit.low not in ("remaining", "existing", "ageing", "aging")
                )
            ):
                return
        elif unit.kind == "punct" and unit.low not in ("'s", "-", '"', "“", "”"):
            if not (unit.low == "," and gap and _comma_adjectives(units, k)):
                return
        elif unit.kind in ("money", "date", "item"):
            return
        gap += 1
        k -= 1


def attach_after(units: Sequence[Unit], anchor: Anchor, used: set[int]) -> None:
    """Find the number of a list line behind its item: "Leopard 2A6 battle tanks: 18"."""
    k = anchor.last + 1
    while (
        k < len(units)
        and k < anchor.last + 4
        and units[k].kind == "word"
        and units[k].low not in word_set("number_stops")
    ):
        k += 1
    comma = (
        k + 1 < len(units)
        and units[k].low == ","
        and (
            k + 2 >= len(units) or units[k + 2].low in (",", ";", ".", "pieces", "units", "in", "(")
        )
    )
    if (
        k + 1 < len(units)
        and (comma or units[k].low in (":", "|", "–"))
        and units[k + 1].kind == "number"
    ):
        number = units[k + 1].value
        if (
            isinstance(number, NumberMention)
            and number.kind in ("cardinal", "vague")
            and k + 1 not in used
        ):
            anchor.number = number
            anchor.last = k + 1
            used.add(k + 1)


def _comma_adjectives(units: Sequence[Unit], k: int) -> bool:
    return (
        k > 0
        and units[k - 1].kind == "word"
        and units[k - 1].low.endswith(
            ("-launched", "-range", "-fired", "-guided", "-propelled", "modern", "old")
        )
    )


def place_money(
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
        if not lows & {
            "passes",
            "passed",
            "exceeds",
            "exceeded",
            "reaches",
            "totals",
            "comes",
            "amounts",
            "stands",
            "worth",
            "of",
            "valued",
            "value",
            "(",
            "for",
            "costing",
            "totalling",
            "totaling",
            "at",
            "amounting",
            "is",
            "was",
        }:
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
    if (
        not between
        or first in ("is", "are", "was", "were")
        or first
        in ("in", "of", "for", "worth", "'s", "toward", "towards", "to", "package", ")", "on")
        or units[index + 1].kind == "word"
    ):
        if lows & {"has", "have", "will", "would", "said"}:
            return None
        if lows & {"is", "was", "were", "are"} and not (len(between) <= 4 and "for" in lows):
            return None
        return len(between)
    return None
