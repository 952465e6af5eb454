"""What a statement needs beside its trigger: light and ambiguous words want more."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set


def supported(units: Sequence[Unit], anchor: Anchor, predicate: Predicate, kind: str) -> bool:
    """Tell whether the words around a trigger bear out the kind that it suggests."""
    lows = [u.low for u in units]
    if _is_battle(lows, anchor, predicate, kind):
        return False
    lemma = predicate.trigger.lemma
    if (
        kind == "expenditure"
        and anchor.number is None
        and anchor.money is None
        and lemma not in ("consume", "deplete", "exhaust", "burn through")
        and not (lemma in word_set("firing") and ("rate" in lows or "than" in lows))
    ):
        return False
    if (
        lemma == "provide"
        and predicate.first
        and lows[predicate.first - 1] == ","
        and predicate.tense == "past"
    ):
        return False
    if (
        kind == "training"
        and predicate.passive
        and anchor.number is None
        and not any(low == "by" for low in lows[predicate.last :])
    ):
        return False
    if (
        anchor.money is not None
        and anchor.last + 1 < len(lows)
        and lows[anchor.last + 1] in ("each", "apiece")
        and kind != "pledge"
    ):
        return False
    near = units[predicate.last + 1 : predicate.last + 9]
    if lemma == "go":
        return _heads_to(near, ("to", "into", "for", "towards"))
    if lemma == "come" and predicate.tense in ("past", "perfect", "present"):
        return _heads_to(near, ("from",))
    if kind == "expenditure" and is_attack(units, anchor):
        return False
    if kind == "stock":
        thin = any(low in word_set("thin") for low in lows)
        if predicate.family == "hold" and predicate.noun:
            before = lows[max(0, predicate.first - 3) : predicate.head]
            return thin or (anchor.number is not None and "from" not in before)
        if predicate.family == "hold":
            return (anchor.number is not None and anchor.number.kind == "cardinal") or (
                anchor.item is not None and anchor.number is not None
            )
        return not predicate.negated
    if kind == "refusal" and lemma in word_set("stopping") and not predicate.noun:
        return any(
            u.low in word_set("handing")
            for u in (*near, *units[max(0, predicate.first - 6) : predicate.first])
        )
    if kind == "production" and predicate.noun and anchor.number is None:
        return any(low in word_set("growth") for low in lows)
    if kind == "production" and lemma in word_set("growing") and anchor.number is None:
        return any(low in ("production", "output", "capacity", "manufacturing") for low in lows)
    bare = anchor.money is not None and anchor.item is None
    return not (bare and any(low in word_set("prices_named") for low in lows))


def _heads_to(near: Sequence[Unit], words: tuple[str, ...]) -> bool:
    for k, unit in enumerate(near):
        if unit.low in words:
            return any(u.kind == "party" for u in near[k + 1 : k + 5])
        if unit.kind == "punct":
            return False
    return False


def _is_battle(lows: Sequence[str], anchor: Anchor, predicate: Predicate, kind: str) -> bool:
    if kind not in ("expenditure", "delivery", "stock", "pledge"):
        return False
    first = max(0, min(anchor.first, predicate.first) - 8)
    near = lows[first : max(anchor.last, predicate.last) + 9]
    return any(low in word_set("battle") for low in near)


def is_attack(units: Sequence[Unit], anchor: Anchor) -> bool:
    """Tell missiles and drones fired at places from interceptors and shells used up."""
    if anchor.item is None or anchor.item.category not in ("missile", "drone"):
        return False
    for k in range(anchor.last + 1, min(len(units), anchor.last + 7)):
        if units[k].low in ("at", "on", "against", "into", "towards"):
            return not any(u.kind == "item" for u in units[k + 1 : k + 5])
    return False
