"""Who acts where no subject does: the agent after "by", the owner, the origin, a neighbour."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.parties import coordinated, is_object, listed, party_at, role_of
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.subjects import Reference, earlier_in_sentence
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set


def agent_of(
    units: Sequence[Unit], predicate: Predicate, memory: Memory, words: tuple[str, ...]
) -> Reference | None:
    """Find the party after "by" (or "from", "of") behind a predicate."""
    for k in range(predicate.last + 1, min(len(units), predicate.last + 14)):
        unit = units[k]
        if unit.low in (";", ".") or (
            unit.low in word_set("subordinators") and unit.low not in words
        ):
            return None
        if unit.low in words:
            for j in range(k + 1, min(len(units), k + 7)):
                if units[j].kind == "party":
                    code = party_at(units, j, memory)
                    if (
                        unit.low != "by"
                        and j > k + 2
                        and getattr(units[j].value, "role", "") == "adjective"
                    ):
                        break
                    if code is not None:
                        codes, last = listed(units, j, code, memory)
                        return Reference(codes, k, last, True)
                if units[j].kind == "punct" or units[j].low in word_set("prepositions"):
                    break
                if units[j].kind in ("date", "number", "money", "item"):
                    break
            if unit.low == "by":
                for j in range(k + 1, min(len(units), k + 4)):
                    found = units[j].low in word_set("offices") and memory.state(giving=False)
                    if found:
                        return Reference((str(found),), k, j, False)
    return None


def origin_before(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the party in "109 American Bradleys", "the British Challengers"."""
    for k in range(anchor.head, anchor.first - 3, -1):
        if k < 0 or units[k].kind != "party":
            continue
        role = getattr(units[k].value, "role", "")
        hyphened = k + 1 < len(units) and units[k + 1].low == "-"
        code = party_at(units, k, memory)
        if (
            role in ("adjective", "name")
            and not hyphened
            and code is not None
            and code != memory.recipient
        ):
            return (code,)
    return ()


def earlier_party(units: Sequence[Unit], k: int, memory: Memory) -> tuple[str, ...]:
    """Return the nearest party that stands on its own before a unit of the sentence."""
    found = earlier_in_sentence(units, k, memory, giving=True)
    return found.codes if found is not None else ()


def owner_of(
    units: Sequence[Unit], predicate: Predicate, memory: Memory, *, giving: bool
) -> Reference | None:
    """Find the owner of a noun: "Norway's promise", "the Czech initiative"."""
    for k in range(predicate.head - 1, max(-1, predicate.head - 7), -1):
        unit = units[k]
        if unit.kind == "party":
            code = party_at(units, k, memory)
            if code is not None and predicate.family == "order" and memory.is_company(code):
                return None
            if code is not None and not (giving and code == memory.recipient):
                return Reference((code,), k, k, True)
        elif unit.low in ("its", "their", "his", "her"):
            earlier = earlier_in_sentence(units, k, memory, giving=giving)
            if earlier is not None:
                return earlier
            code = memory.state(giving=giving)
            return Reference((code,), k, k, False) if code else None
        elif unit.low == "our" and memory.we:
            return Reference((memory.we,), k, k, False)
        elif unit.kind == "punct" and unit.low not in ("'s", "-"):
            return None
    return None


def other_party(units: Sequence[Unit], predicate: Predicate, memory: Memory) -> tuple[str, ...]:
    """Return a party that stands elsewhere in the sentence and could be the giver."""
    for k in range(predicate.last + 1, len(units)):
        if units[k].kind == "party" and role_of(units, k) == "nominal":
            code = party_at(units, k, memory)
            if code is not None and code != memory.recipient and not memory.is_company(code):
                return (code,)
    return ()


def nearest_party(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the party that most likely acts on an anchor without a verb: the nearest before it."""
    for k in range(anchor.first - 1, -1, -1):
        if units[k].kind != "party":
            continue
        code = party_at(units, k, memory)
        if code is None or code == memory.recipient:
            continue
        if role_of(units, k) in ("nominal", "possessive"):
            return coordinated(units, k, code, memory)[0]
    return ()


def joined(units: Sequence[Unit], actors: tuple[str, ...], memory: Memory) -> tuple[str, ...]:
    """Add the partners of "jointly with Denmark", "together with the Netherlands"."""
    for k in range(len(units) - 1):
        if units[k].low not in ("jointly", "together", "joint"):
            continue
        for j in range(k + 1, min(len(units), k + 4)):
            if units[j].low == "with":
                for m in range(j + 1, min(len(units), j + 4)):
                    code = party_at(units, m, memory) if units[m].kind == "party" else None
                    if code is not None and code != memory.recipient:
                        return tuple(sorted({*actors, *listed(units, m, code, memory)[0]}))
    return actors


def origins(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the parties of "from the United States, Germany and Romania" behind an item."""
    after = anchor.last + 1
    if after + 1 >= len(units) or units[after].low != "from":
        return ()
    for j in range(after + 1, min(len(units), after + 3)):
        if units[j].kind == "party" and getattr(units[j].value, "role", "") in (
            "name",
            "capital",
            "metonym",
        ):
            if j + 1 < len(units) and units[j + 1].low == "'s":
                return ()
            code = party_at(units, j, memory)
            if code is None or memory.is_company(code):
                return ()
            return listed(units, j, code, memory)[0]
    return ()


def neighbour_party(
    units: Sequence[Unit], anchor: Anchor, memory: Memory
) -> tuple[str, ...] | None:
    """Return the party in "Norway eight", "Belgium €200 million", "24 from the Netherlands"."""
    k = anchor.first - 1
    while (
        k >= 0
        and units[k].low in ("about", "with", "around", "some", "and", ":")
        and units[k].low != "and"
    ):
        k -= 1
    if k >= 0 and units[k].kind == "party":
        role = getattr(units[k].value, "role", "")
        code = party_at(units, k, memory)
        gapped = k == 0 or units[k - 1].low in (",", "and", ";", "while", "the", ":", "-", "–")
        if (
            code is not None
            and gapped
            and role in ("name", "capital", "metonym")
            and not is_object(units, k)
        ):
            return coordinated(units, k, code, memory)[0]
    if k >= 1 and units[k].low == "," and units[k - 1].kind == "party" and anchor.money is not None:
        opening = k == 1 or units[k - 2].low in (";", ":")
        code = party_at(units, k - 1, memory)
        if opening and code is not None:
            return (code,)
    if k >= 1 and units[k].low == "'s" and units[k - 1].kind == "party" and anchor.item is None:
        code = party_at(units, k - 1, memory)
        return (code,) if code is not None else None
    after = anchor.last + 1
    if anchor.item is None and after + 1 < len(units) and units[after].low == "from":
        for j in range(after + 1, min(len(units), after + 3)):
            if units[j].kind == "party":
                code = party_at(units, j, memory)
                return listed(units, j, code, memory)[0] if code is not None else None
    return None
