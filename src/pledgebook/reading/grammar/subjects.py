"""Who a predicate's subject is, named or pointed back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.parties import (
    Role,
    coordinated,
    is_object,
    party_at,
    preposition_before,
    role_of,
)
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set


@dataclass(frozen=True, slots=True)
class Reference:
    """Parties found at units `first` to `last`; `direct` where the text names them there."""

    codes: tuple[str, ...]
    first: int
    last: int
    direct: bool


def subject_of(
    units: Sequence[Unit], predicate: Predicate, memory: Memory, *, giving: bool
) -> Reference | None:
    """Find the subject of a predicate to the left of its verb group."""
    stop = predicate.first
    if predicate.control_at is not None and predicate.control not in ("ask", "refuse"):
        for j in range(predicate.control_at + 1, predicate.first):
            code = party_at(units, j, memory) if units[j].kind == "party" else None
            if code is None or giving_to(code, memory, giving=giving):
                continue
            if role_of(units, j) == "nominal" or preposition_before(units, j) in ("from", "by"):
                return Reference((code,), j, j, True)
    if predicate.control_at is not None:
        stop = min(stop, predicate.control_at)
    k = _over_insertion(units, stop - 1)
    crossed = 0
    fallback: Reference | None = None
    while k >= 0:
        unit = units[k]
        if unit.kind == "punct" and unit.low in (";",):
            break
        if unit.kind == "party":
            code = party_at(units, k, memory)
            role = role_of(units, k)
            if code is not None and role == "nominal" and not is_object(units, k):
                codes, first = coordinated(units, k, code, memory)
                kept = tuple(c for c in codes if not (giving and c == memory.recipient))
                if kept:
                    return Reference(kept, first, k, True)
            if (
                code is not None
                and role == "possessive"
                and _reaches(units, k, stop)
                and not giving_to(code, memory, giving=giving)
            ):
                return Reference((code,), k, k, True)
            if (
                code is not None
                and fallback is None
                and not giving_to(code, memory, giving=giving)
                and _may_stand_in(units, k, role, giving=giving)
            ):
                fallback = Reference((code,), k, k, True)
        elif (band := _band(units, k)) is not None and not giving_to(band, memory, giving=giving):
            return Reference((band,), k, k, True)
        elif (own := _own_country(units, k, memory)) is not None:
            return Reference((own,), k - 1, k, False)
        elif unit.low in ("which", "who") and k and crossed <= 6:
            found = _antecedent(units, k, memory, giving=giving)
            if found is not None:
                return found
        elif unit.kind == "word":
            found = _refer(units, k, memory, giving=giving, family=predicate.family)
            if found is not None:
                return found
            if unit.low in ("if", "because", "although", "though", "whereas", "while"):
                break
        k -= 1
        crossed += 1
    return replace(fallback, direct=False) if fallback is not None else None


def _may_stand_in(units: Sequence[Unit], k: int, role: Role, *, giving: bool) -> bool:
    """Tell whether a party that is no subject may act all the same: "the minister of Norway"."""
    if role == "adjective":
        return not (giving and k + 1 < len(units) and units[k + 1].kind == "item")
    return role == "prepositional" and preposition_before(units, k) == "of"


def _over_insertion(units: Sequence[Unit], k: int) -> int:
    """Step over an insertion before the verb: "Saudi Arabia, which leads ..., offered"."""
    if k < 2 or units[k].low != ",":
        return k
    for j in range(k - 1, max(-1, k - 26), -1):
        if units[j].low == ",":
            if units[j + 1].low in word_set("insertion_openers") or (
                units[j + 1].kind in ("word", "party") and k - j <= 8
            ):
                return j - 1
            return k
    return k


def _reaches(units: Sequence[Unit], k: int, stop: int) -> bool:
    """Tell whether the phrase that an owner opens is the subject: "Ukraine's frontline needs"."""
    between = units[k + 2 : stop]
    return len(between) <= 5 and all(
        u.kind in ("word", "item", "party") and u.low not in word_set("prepositions")
        for u in between
    )


def giving_to(code: str, memory: Memory, *, giving: bool) -> bool:
    """Tell whether a party is the one that gets where the sentence is about giving."""
    return giving and code == memory.recipient


def _band(units: Sequence[Unit], k: int) -> str | None:
    """Return the group that "20 countries", "seven member states", "Western donors" stand for."""
    if units[k].low not in word_set("donor_groups") or units[k].kind != "word":
        return None
    before = units[max(0, k - 4) : k]
    if any(u.low in word_set("prepositions") for u in before[-2:]):
        return None
    if before and before[-1].low == "member":
        return "EU"
    if units[k].low in ("donors", "allies", "partners", "backers") or any(
        u.kind == "number"
        or u.low in ("several", "many", "some", "other", "western", "european", "these", "both")
        for u in before
    ):
        return "ALLIES"
    return None


def _own_country(units: Sequence[Unit], k: int, memory: Memory) -> str | None:
    """Return the party in "his country", "her government": that of the person who is named."""
    if units[k].low not in ("country", "government", "nation", "army", "ministry") or not k:
        return None
    if units[k - 1].low not in ("his", "her", "their"):
        return None
    for unit in units:
        if unit.kind == "party" and getattr(unit.value, "role", "") == "person":
            return str(getattr(unit.value, "code", "")) or None
    for index, unit in enumerate(units):
        if unit.kind == "party" and index != k:
            return party_at(units, index, memory)
    return memory.person_party


def _antecedent(units: Sequence[Unit], k: int, memory: Memory, *, giving: bool) -> Reference | None:
    """Find the party before a relative pronoun: "Poland, which undertook"."""
    for j in range(k - 1, max(-1, k - 5), -1):
        unit = units[j]
        if unit.kind == "party" and getattr(unit.value, "role", "") != "adjective":
            code = party_at(units, j, memory)
            if code is not None and not (giving and code == memory.recipient):
                return Reference((code,), j, j, True)
        if unit.low in word_set("offices"):
            return None
        if unit.kind not in ("punct",) and unit.low not in ("and",):
            return None
    return None


def _refer(
    units: Sequence[Unit], k: int, memory: Memory, *, giving: bool, family: str
) -> Reference | None:
    """Resolve a pronoun or a bare office ("the ministry", "we", "the company") at a unit."""
    low = units[k].low
    stem = low.split("'")[0]
    if stem in ("we", "i") and memory.we is not None:
        return Reference((memory.we,), k, k, False)
    person = memory.person_party
    if person is not None and giving_to(person, memory, giving=giving):
        others = (c for c in memory.person_parties if not giving_to(c, memory, giving=giving))
        person = next(others, person)
    if (
        stem in ("he", "she")
        and person is not None
        and not giving_to(person, memory, giving=giving)
    ):
        inner = _person_in_sentence(units, k, memory)
        return Reference((inner or person,), k, k, True)
    if stem in ("it", "they", "he", "she"):
        earlier = earlier_in_sentence(units, k, memory, giving=giving)
        if earlier is not None and stem == "they" and earlier.codes:
            return replace(
                earlier, codes=coordinated(units, earlier.last, earlier.codes[0], memory)[0]
            )
        if earlier is not None:
            return earlier
        if family == "produce" and memory.company is not None and stem in ("it", "they"):
            return Reference((memory.company,), k, k, False)
        code = memory.state(giving=giving)
        return Reference((code,), k, k, False) if code is not None else None
    if low in word_set("offices") or low in word_set("company_references"):
        of_what = k + 1 < len(units) and units[k + 1].low == "of"
        if of_what or not _is_bare_office(units, k):
            return None
        if low in word_set("company_references") and memory.company is not None:
            return Reference((memory.company,), k, k, True)
        if low in word_set("company_references") and low not in word_set("offices"):
            return Reference((), k, k, False)
        code = memory.state(giving=giving)
        return Reference((code,), max(0, k - 1), k, False) if code is not None else None
    return None


def _is_bare_office(units: Sequence[Unit], k: int) -> bool:
    """Tell whether an office stands alone after an article: "the ministry", "its air force"."""
    for j in range(k - 1, max(-1, k - 5), -1):
        unit = units[j]
        if unit.low in ("the", "its", "his", "her", "their", "a", "an", "this", "that"):
            return preposition_before(units, j + 1) in (None,) and not (
                j and units[j - 1].low in word_set("prepositions")
            )
        if unit.kind != "word" or unit.low in word_set("prepositions"):
            return False
    return False


def _person_in_sentence(units: Sequence[Unit], k: int, memory: Memory) -> str | None:
    for j in range(k - 1, -1, -1):
        if units[j].kind == "party" and getattr(units[j].value, "role", "") == "person":
            return party_at(units, j, memory)
    return None


def earlier_in_sentence(
    units: Sequence[Unit], k: int, memory: Memory, *, giving: bool
) -> Reference | None:
    """Return the nearest party before a unit that stands on its own."""
    thanked: Reference | None = None
    for j in range(k - 1, -1, -1):
        if units[j].kind == "party":
            code = party_at(units, j, memory)
            if code is None or (giving and code == memory.recipient):
                continue
            if role_of(units, j) in ("nominal", "possessive"):
                found = Reference((code,), j, j, True)
                if not is_object(units, j):
                    return found
                thanked = thanked or found
    return thanked if giving else None
