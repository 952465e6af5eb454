"""The group around a verb: auxiliaries, negation, participles, nouns that look like verbs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import Trigger, cue_table, triggers, word_list, word_set

Tense = Literal[
    "past", "perfect", "present", "progressive", "future", "infinitive", "gerund", "noun"
]

DETERMINED = frozenset({"the", "a", "an", "its", "their", "his", "her", "our", "this"})


@cache
def _aux() -> dict[str, str]:
    return {word: role for role, words in cue_table("aux").items() for word in words}


def aux_of(low: str) -> tuple[str | None, bool]:
    """Return the auxiliary role of a word, contractions included, and whether it negates."""
    role = _aux().get(low)
    if role is not None:
        return role, False
    if low == "cannot":
        return "modal", True
    if low.endswith("n't"):
        stem = {"wo": "will", "ca": "can", "sha": "shall"}.get(low[:-3], low[:-3])
        return _aux().get(stem), True
    at = low.rfind("'")
    if at > 0:
        return _aux().get(low[at:]), False
    return None, False


def is_past_be(units: Sequence[Unit], first: int, index: int) -> bool:
    """Tell whether the auxiliaries of a group are past: "was handed over"."""
    return any(units[k].low in ("was", "were", "been", "got") for k in range(first, index))


def verb_group(units: Sequence[Unit], index: int) -> tuple[list[str], bool, int]:
    """Walk left over auxiliaries and adverbs; return their roles, negation and the first unit."""
    roles: list[str] = []
    negated = False
    first = index
    k = index - 1
    pending = 0
    while k >= 0 and index - k < 9:
        unit = units[k]
        role, negates = aux_of(unit.low) if unit.kind != "party" else (None, False)
        if unit.low == "'s" and (k + 1 >= len(units) or role == "be") and not _is_copula(units, k):
            break
        if role is not None or negates:
            if role is not None:
                roles.append(role)
            negated = negated or negates
            first, pending = k, 0
            if unit.kind == "word" and "'" in unit.low and not unit.low.endswith("n't"):
                break
        elif unit.low == "to":
            roles.append("to")
            first, pending = k, 0
            break
        elif unit.low in word_set("negations"):
            negated = True
            first, pending = k, 0
        elif unit.low in word_set("adverbs") or (unit.kind == "word" and unit.low.endswith("ly")):
            pending += 1
            if pending > 3:
                break
        else:
            break
        k -= 1
    return roles, negated, first


def _is_copula(units: Sequence[Unit], k: int) -> bool:
    return k > 0 and units[k - 1].low in ("it", "he", "she", "that", "there", "what", "who", "here")


def reads_as_noun(units: Sequence[Unit], index: int, trigger: Trigger) -> bool:
    """Tell whether a base or third-person form stands as a noun: "the order", "two plans"."""
    roles, _, first = verb_group(units, index)
    if roles:
        return False
    if index and trigger.form == "base" and units[index].low not in _ambiguous():
        return units[index - 1].low in DETERMINED
    if index and units[index - 1].low in word_set("adverbs") and first == index:
        return False
    if index == 0:
        return trigger.form == "s" or len(units) < 2 or units[1].low in ("for", "of", "to")
    before = units[index - 1]
    if (
        before.kind in ("number", "money")
        or before.low in word_set("determiners")
        or before.low == "'s"
    ):
        return True
    if before.low in word_set("prepositions") or before.low.endswith(("-led", "-made")):
        return True
    if before.kind == "party":
        return getattr(before.value, "role", "") == "adjective"
    if before.kind == "item":
        return trigger.form == "base" or trigger.weak
    if before.low in word_set("references") or before.low in word_set("speaker_pronouns"):
        return False
    if before.low in ("who", "which", "that", "and", "or", "also", "now", ","):
        return trigger.weak and before.low == ","
    if before.low in word_set("offices"):
        return False
    return trigger.form == "base" or before.kind == "word"


@cache
def _ambiguous() -> frozenset[str]:
    """Return the words that are verbs and nouns alike: order, need, supply."""
    nouns = {word for word, found in triggers().items() if any(t.form == "noun" for t in found)}
    return frozenset(nouns | set(word_list("also_nouns")))


def is_reduced(units: Sequence[Unit], index: int, last: int) -> bool:
    """Tell "jets supplied by Poland" from "Poland supplied jets"."""
    after = units[last + 1] if last + 1 < len(units) else None
    if index == 0:
        return after is None or after.low in word_set("after_participles")
    k = index - 1
    while k and (units[k].low in word_set("adverbs") or units[k].low.endswith("ly")):
        k -= 1
    before = units[k]
    if before.kind == "party" or before.low in word_set("references"):
        return False
    if before.low in word_set("speaker_pronouns") or before.low in word_set("offices"):
        return after is not None and after.low == "by"
    if after is None:
        return True
    return after.low in word_set("after_participles") or (
        after.kind == "date" and before.kind == "item"
    )


def is_attribute(units: Sequence[Unit], index: int) -> bool:
    """Tell "the promised tanks" from a verb."""
    if not index or index + 1 >= len(units):
        return False
    return units[index - 1].low in DETERMINED and units[index + 1].kind in (
        "item",
        "word",
        "number",
    )


def takes_thing(units: Sequence[Unit], last: int) -> bool:
    """Tell whether a light verb is followed by a thing: "has 42", "holds about a dozen jets"."""
    for k in range(last + 1, min(len(units), last + 7)):
        unit = units[k]
        if unit.kind in ("number", "item"):
            return True
        if unit.kind == "party":
            continue
        if unit.low not in word_set("determiners") and unit.low not in word_set("quantifying"):
            return False
    return False
