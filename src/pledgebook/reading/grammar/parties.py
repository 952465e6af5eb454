"""How parties stand in a sentence: on their own, as owner, behind a preposition, in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.grammar.verbgroups import aux_of
from pledgebook.reading.text.lexicon import word_set
from pledgebook.reading.text.mentions import PartyMention

Role = Literal["nominal", "adjective", "possessive", "prepositional", "none"]


def party_at(units: Sequence[Unit], index: int, memory: Memory) -> str | None:
    """Return the code of the party named at a unit, None where the name needs more support."""
    mention = units[index].value
    if not isinstance(mention, PartyMention):
        return None
    if mention.role == "description" or (
        mention.ambiguous
        and mention.role in ("name", "metonym")
        and mention.code not in ("EU", "ALLIES")
    ):
        return (
            mention.code
            if mention.code in memory.named or mention.code == memory.default_giver
            else None
        )
    if mention.role == "person" and mention.ambiguous:
        surname = units[index].text
        if surname.title() in memory.persons or surname in memory.persons:
            return mention.code
        return mention.code if _is_titled(units, index) else None
    return mention.code


def _is_titled(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a title or a party's name stands before a surname, or "said" behind it."""
    before = units[index - 1].low if index else ""
    after = units[index + 1].low if index + 1 < len(units) else ""
    return before in word_set("titles") or before in _MEETING or after in ("said", "told", "added")


_MEETING = ("met", "with", "thanked", "told", "and")


def preposition_before(units: Sequence[Unit], index: int) -> str | None:
    """Return the preposition that governs the phrase at a unit, over articles and adjectives."""
    for k in range(index - 1, max(-1, index - 6), -1):
        unit = units[k]
        if unit.kind == "party" and getattr(unit.value, "role", "") in (
            "adjective",
            "name",
            "person",
        ):
            continue
        if unit.low in ("and", "'s", '"', "“", "or") and k and units[k - 1].kind == "party":
            continue
        if unit.kind != "word":
            return None
        if unit.low in word_set("prepositions"):
            return unit.low
        if (
            unit.low in word_set("determiners")
            or unit.low in word_set("offices")
            or unit.low in word_set("titles")
        ):
            continue
        if unit.low.endswith(("an", "ern", "ish", "al", "ous", "eign")) and len(unit.low) > 4:
            continue
        return None
    return None


def role_of(units: Sequence[Unit], index: int) -> Role:
    """Tell how a party's name stands: on its own, as adjective, as owner, after a preposition."""
    mention = units[index].value
    after = units[index + 1] if index + 1 < len(units) else None
    if isinstance(mention, PartyMention) and mention.role == "adjective":
        for k in range(index + 1, min(len(units), index + 5)):
            low = units[k].low
            if low in word_set("offices") or units[k].kind == "party":
                return "prepositional" if preposition_before(units, index) else "nominal"
            if units[k].kind != "word" or low in word_set("prepositions"):
                break
        return "adjective"
    if after is not None and after.low == "'s":
        for k in range(index + 2, min(len(units), index + 6)):
            if units[k].low in word_set("offices") or units[k].kind == "party":
                return "prepositional" if preposition_before(units, index) else "nominal"
            if units[k].kind != "word" or units[k].low in word_set("prepositions"):
                break
        return "possessive"
    preposition = preposition_before(units, index)
    if preposition == "of":
        for k in range(index - 1, max(-1, index - 5), -1):
            if units[k].low == "of":
                return (
                    "nominal" if k and units[k - 1].low in word_set("offices") else "prepositional"
                )
    return "prepositional" if preposition else "nominal"


def is_object(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a name stands right behind a verb that takes persons: "gave Ukraine"."""
    before = units[index - 1] if index else None
    return before is not None and before.kind == "word" and before.low in word_set("taking_persons")


def coordinated(
    units: Sequence[Unit], k: int, code: str, memory: Memory
) -> tuple[tuple[str, ...], int]:
    """Extend a name over "Denmark, Germany and Norway"."""
    codes = [code]
    first = k
    j = k - 1
    while j >= 1:
        if units[j].low in ("the", "both"):
            j -= 1
            continue
        if units[j].low not in ("and", ",", "&"):
            break
        link = units[j].low
        prior = j - 1
        while prior > 0 and (
            units[prior].low in ("its", "the", ",")
            or units[prior].low in word_set("offices")
            or units[prior].low == "and"
        ):
            prior -= 1
        if units[prior].kind != "party":
            break
        other = party_at(units, prior, memory)
        mention = units[prior].value
        if other is None or (
            isinstance(mention, PartyMention) and mention.role == "adjective" and prior == j - 1
        ):
            break
        if link == "," and len(codes) == 1:
            break
        if preposition_before(units, prior):
            break
        if other == code and link == ",":
            break
        codes.append(other)
        first = prior
        j = prior - 1
    return tuple(sorted(set(codes))), first


def listed(units: Sequence[Unit], j: int, code: str, memory: Memory) -> tuple[tuple[str, ...], int]:
    """Extend a name over the list behind it: "Denmark, Germany and Norway"; return its end too."""
    codes, last = [code], j
    k = j + 1
    while k + 1 < len(units) and (units[k].low in ("and", ",", "the")):
        step = k + 1
        while step < len(units) and units[step].low in ("and", "the"):
            step += 1
        if step >= len(units) or units[step].kind != "party":
            break
        other = party_at(units, step, memory)
        if other is None or (step + 1 < len(units) and aux_of(units[step + 1].low)[0]):
            break
        codes.append(other)
        last, k = step, step + 1
    return tuple(sorted(set(codes))), last
