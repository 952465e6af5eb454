"""Who acts: the subject, the agent after "by", the owner, or whoever the text points back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pledgebook.reading.discourse import Memory
from pledgebook.reading.lexicon import word_list
from pledgebook.reading.mentions import PartyMention
from pledgebook.reading.phrases import Anchor
from pledgebook.reading.predicates import Predicate, aux_of
from pledgebook.reading.units import Unit

Role = Literal["nominal", "adjective", "possessive", "prepositional", "none"]

_COMPANY_FAMILIES = frozenset({"produce"})
_RECIPIENT_FAMILIES = frozenset({"ask", "spend", "hold", "lack"})


@dataclass(frozen=True, slots=True)
class Reference:
    """Parties found at units `first` to `last`; `direct` where the text names them there."""

    codes: tuple[str, ...]
    first: int
    last: int
    direct: bool


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_list(name))


def party_at(units: Sequence[Unit], index: int, memory: Memory) -> str | None:
    """Return the code of the party named at a unit, None where the name needs more support."""
    mention = units[index].value
    if not isinstance(mention, PartyMention):
        return None
    if mention.role == "description" or (mention.ambiguous and mention.role in ("name", "metonym") and mention.code not in ("EU", "ALLIES")):
        return mention.code if mention.code in memory.named or mention.code == memory.default_giver else None
    if mention.role == "person" and mention.ambiguous:
        surname = units[index].text
        if surname.title() in memory.persons or surname in memory.persons:
            return mention.code
        before = units[index - 1].low if index else ""
        return mention.code if before in _TITLES else None
    return mention.code


_TITLES = frozenset(
    {"president", "minister", "secretary", "chancellor", "premier", "mr", "mr.", "ms", "mrs", "general",
     "gen.", "gen", "ambassador", "spokesman", "spokesperson", "spokeswoman", "king", "queen", "chief",
     "commissioner", "senator", "admiral", "administrator", "envoy", "adviser", "advisor", "leader"}
)


def preposition_before(units: Sequence[Unit], index: int) -> str | None:
    """Return the preposition that governs the phrase at a unit, over articles and adjectives."""
    for k in range(index - 1, max(-1, index - 6), -1):
        unit = units[k]
        if unit.kind == "party" and getattr(unit.value, "role", "") in ("adjective", "name", "person"):
            continue
        if unit.low in ("and", "'s", '"', "“", "or") and k and units[k - 1].kind == "party":
            continue
        if unit.kind != "word":
            return None
        if unit.low in _set("prepositions"):
            return unit.low
        if unit.low in _set("determiners") or unit.low in _set("offices") or unit.low in _TITLES:
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
            if low in _set("offices") or units[k].kind == "party":
                return "prepositional" if preposition_before(units, index) else "nominal"
            if units[k].kind != "word" or low in _set("prepositions"):
                break
        return "adjective"
    if after is not None and after.low == "'s":
        for k in range(index + 2, min(len(units), index + 6)):
            if units[k].low in _set("offices") or units[k].kind == "party":
                return "prepositional" if preposition_before(units, index) else "nominal"
            if units[k].kind != "word" or units[k].low in _set("prepositions"):
                break
        return "possessive"
    preposition = preposition_before(units, index)
    if preposition == "of":
        for k in range(index - 1, max(-1, index - 5), -1):
            if units[k].low == "of":
                return "nominal" if k and units[k - 1].low in _set("offices") else "prepositional"
    return "prepositional" if preposition else "nominal"


def subject_of(
    units: Sequence[Unit], predicate: Predicate, memory: Memory, *, giving: bool
) -> Reference | None:
    """Find the subject of a predicate to the left of its verb group."""
    stop = predicate.first
    if predicate.control_at is not None and predicate.control != "ask":
        for j in range(predicate.control_at + 1, predicate.first):
            code = party_at(units, j, memory) if units[j].kind == "party" else None
            if code is not None and not giving_to(code, memory, giving=giving) and role_of(units, j) == "nominal":
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
            if code is not None and role == "nominal" and not _is_object(units, k):
                codes, first = _coordinated(units, k, code, memory)
                kept = tuple(c for c in codes if not (giving and c == memory.recipient))
                if kept:
                    return Reference(kept, first, k, True)
            if code is not None and role == "possessive" and _reaches(units, k, stop) and not giving_to(code, memory, giving=giving):
                return Reference((code,), k, k, True)
            if code is not None and fallback is None and role != "nominal" and not giving_to(code, memory, giving=giving):
                if role == "adjective" and not (k + 1 < len(units) and units[k + 1].kind == "item" and giving):
                    fallback = Reference((code,), k, k, True)
                elif role == "prepositional" and preposition_before(units, k) == "of":
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


def _over_insertion(units: Sequence[Unit], k: int) -> int:
    """Step over an insertion before the verb: "Saudi Arabia, which leads ..., offered"."""
    if k < 2 or units[k].low != ",":
        return k
    for j in range(k - 1, max(-1, k - 26), -1):
        if units[j].low == ",":
            if units[j + 1].low in _INSERTED or units[j + 1].kind in ("word", "party") and k - j <= 8:
                return j - 1
            return k
    return k


_INSERTED = frozenset({"which", "who", "whose", "where", "with", "including", "acting", "speaking", "in", "after", "on", "at", "for", "together", "like", "by"})


def _reaches(units: Sequence[Unit], k: int, stop: int) -> bool:
    """Tell whether the phrase that an owner opens is the subject: "Ukraine's frontline needs"."""
    between = units[k + 2 : stop]
    return len(between) <= 5 and all(u.kind in ("word", "item", "party") and u.low not in _set("prepositions") for u in between)


def giving_to(code: str, memory: Memory, *, giving: bool) -> bool:
    """Tell whether a party is the one that gets where the sentence is about giving."""
    return giving and code == memory.recipient


_BANDS = frozenset({"countries", "nations", "states", "donors", "governments", "capitals", "allies", "partners", "backers", "institutions"})


def _band(units: Sequence[Unit], k: int) -> str | None:
    """Return the group that "20 countries", "seven member states", "Western donors" stand for."""
    if units[k].low not in _BANDS or units[k].kind != "word":
        return None
    before = units[max(0, k - 4) : k]
    if any(u.low in _set("prepositions") for u in before[-2:]):
        return None
    if before and before[-1].low == "member":
        return "EU"
    if units[k].low in ("donors", "allies", "partners", "backers") or any(
        u.kind == "number" or u.low in ("several", "many", "some", "other", "western", "european", "these", "both") for u in before
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


def _antecedent(
    units: Sequence[Unit], k: int, memory: Memory, *, giving: bool
) -> Reference | None:
    """Find the party before a relative pronoun: "Poland, which undertook"."""
    for j in range(k - 1, max(-1, k - 5), -1):
        unit = units[j]
        if unit.kind == "party" and getattr(unit.value, "role", "") != "adjective":
            code = party_at(units, j, memory)
            if code is not None and not (giving and code == memory.recipient):
                return Reference((code,), j, j, True)
        if unit.low in _set("offices"):
            return None
        if unit.kind not in ("punct",) and unit.low not in ("and",):
            return None
    return None


def _is_object(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a name stands right behind a verb that takes persons: "gave Ukraine"."""
    if not index:
        return False
    before = units[index - 1]
    if before.kind == "word" and before.low in _DATIVE:
        return True
    return False


_DATIVE = frozenset(
    {"give", "gives", "gave", "given", "giving", "send", "sends", "sent", "sending", "offer", "offers",
     "offered", "offering", "hand", "handed", "handing", "supply", "supplied", "supplying", "provide",
     "provided", "providing", "asked", "ask", "asking", "urged", "urging", "urge", "told", "promise",
     "promised", "promising", "lend", "lent", "help", "helping", "helped", "pressed", "begged", "thanked",
     "thank", "grant", "granted", "against", "reached", "reach", "allow", "allowed", "allowing", "let",
     "equip", "support", "supporting", "supported", "arm", "arming", "visited", "wants", "want", "invited"}
)


def _refer(
    units: Sequence[Unit], k: int, memory: Memory, *, giving: bool, family: str
) -> Reference | None:
    """Resolve a pronoun or a bare office ("the ministry", "we", "the company") at a unit."""
    low = units[k].low
    stem = low.split("'")[0]
    if stem in ("we", "i") and memory.we is not None:
        return Reference((memory.we,), k, k, False)
    if stem in ("he", "she") and memory.person_party is not None and not giving_to(memory.person_party, memory, giving=giving):
        inner = _person_in_sentence(units, k, memory)
        return Reference((inner or memory.person_party,), k, k, False)
    if stem in ("it", "they", "he", "she"):
        earlier = _earlier_in_sentence(units, k, memory, giving=giving)
        if earlier is not None and stem == "they" and earlier.codes:
            return replace(earlier, codes=_coordinated(units, earlier.last, earlier.codes[0], memory)[0])
        if earlier is not None:
            return earlier
        if family == "produce" and memory.company is not None and stem in ("it", "they"):
            return Reference((memory.company,), k, k, False)
        code = memory.state(giving=giving)
        return Reference((code,), k, k, False) if code is not None else None
    if low in _set("offices") or low in _set("company_references"):
        if not _is_bare_office(units, k):
            return None
        if low in _set("company_references") and memory.company is not None:
            return Reference((memory.company,), k, k, False)
        if low in _set("company_references") and low not in _set("offices"):
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
                j and units[j - 1].low in _set("prepositions")
            )
        if unit.kind != "word" or unit.low in _set("prepositions"):
            return False
    return False


def _person_in_sentence(units: Sequence[Unit], k: int, memory: Memory) -> str | None:
    for j in range(k - 1, -1, -1):
        if units[j].kind == "party" and getattr(units[j].value, "role", "") == "person":
            return party_at(units, j, memory)
    return None


def _earlier_in_sentence(
    units: Sequence[Unit], k: int, memory: Memory, *, giving: bool
) -> Reference | None:
    for j in range(k - 1, -1, -1):
        if units[j].kind == "party":
            code = party_at(units, j, memory)
            if code is None or (giving and code == memory.recipient):
                continue
            if role_of(units, j) in ("nominal", "possessive") and not _is_object(units, j):
                return Reference((code,), j, j, True)
    return None


def _coordinated(
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
        while prior > 0 and (units[prior].low in ("its", "the", ",") or units[prior].low in _set("offices") or units[prior].low == "and"):
            prior -= 1
        if units[prior].kind != "party":
            break
        other = party_at(units, prior, memory)
        mention = units[prior].value
        if other is None or (isinstance(mention, PartyMention) and mention.role == "adjective" and prior == j - 1):
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


def agent_of(
    units: Sequence[Unit], predicate: Predicate, memory: Memory, words: tuple[str, ...]
) -> Reference | None:
    """Find the party after "by" (or "from", "of") behind a predicate."""
    for k in range(predicate.last + 1, min(len(units), predicate.last + 14)):
        unit = units[k]
        if unit.low in (";", ".") or (unit.low in _set("subordinators") and unit.low not in words):
            return None
        if unit.low in words:
            for j in range(k + 1, min(len(units), k + 7)):
                if units[j].kind == "party":
                    code = party_at(units, j, memory)
                    if unit.low != "by" and j > k + 2 and getattr(units[j].value, "role", "") == "adjective":
                        break
                    if code is not None:
                        codes, last = _listed(units, j, code, memory)
                        return Reference(codes, k, last, True)
                if units[j].kind == "punct" or units[j].low in _set("prepositions"):
                    break
                if units[j].kind in ("date", "number", "money", "item"):
                    break
            if unit.low == "by":
                for j in range(k + 1, min(len(units), k + 4)):
                    found = units[j].low in _set("offices") and memory.state(giving=False)
                    if found:
                        return Reference((str(found),), k, j, False)
    return None


def _listed(
    units: Sequence[Unit], j: int, code: str, memory: Memory
) -> tuple[tuple[str, ...], int]:
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


def origin_before(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the party in "109 American Bradleys", "the British Challengers"."""
    for k in range(anchor.head, anchor.first - 3, -1):
        if k < 0 or units[k].kind != "party":
            continue
        role = getattr(units[k].value, "role", "")
        hyphened = k + 1 < len(units) and units[k + 1].low == "-"
        code = party_at(units, k, memory)
        if role in ("adjective", "name") and not hyphened and code is not None and code != memory.recipient:
            return (code,)
    return ()


def earlier_party(units: Sequence[Unit], k: int, memory: Memory) -> tuple[str, ...]:
    """Return the nearest party that stands on its own before a unit of the sentence."""
    found = _earlier_in_sentence(units, k, memory, giving=True)
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
            earlier = _earlier_in_sentence(units, k, memory, giving=giving)
            if earlier is not None:
                return earlier
            code = memory.state(giving=giving)
            return Reference((code,), k, k, False) if code else None
        elif unit.low == "our" and memory.we:
            return Reference((memory.we,), k, k, False)
        elif unit.kind == "punct" and unit.low not in ("'s", "-"):
            return None
    return None


def other_party(
    units: Sequence[Unit], predicate: Predicate, memory: Memory
) -> tuple[str, ...]:
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
            return _coordinated(units, k, code, memory)[0]
    return ()


def joined(
    units: Sequence[Unit], actors: tuple[str, ...], memory: Memory
) -> tuple[str, ...]:
    """Add the partners of "jointly with Denmark", "together with the Netherlands"."""
    for k in range(len(units) - 1):
        if units[k].low not in ("jointly", "together", "joint"):
            continue
        for j in range(k + 1, min(len(units), k + 4)):
            if units[j].low == "with":
                for m in range(j + 1, min(len(units), j + 4)):
                    code = party_at(units, m, memory) if units[m].kind == "party" else None
                    if code is not None and code != memory.recipient:
                        return tuple(sorted({*actors, *_listed(units, m, code, memory)[0]}))
    return actors


def origins(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the parties of "from the United States, Germany and Romania" behind an item."""
    after = anchor.last + 1
    if after + 1 >= len(units) or units[after].low != "from":
        return ()
    for j in range(after + 1, min(len(units), after + 3)):
        if units[j].kind == "party" and getattr(units[j].value, "role", "") in ("name", "capital", "metonym"):
            if j + 1 < len(units) and units[j + 1].low == "'s":
                return ()
            code = party_at(units, j, memory)
            if code is None or memory.is_company(code):
                return ()
            return _listed(units, j, code, memory)[0]
    return ()


def neighbour_party(
    units: Sequence[Unit], anchor: Anchor, memory: Memory
) -> tuple[str, ...] | None:
    """Return the party in "Norway eight", "Belgium €200 million", "24 from the Netherlands"."""
    k = anchor.first - 1
    while k >= 0 and units[k].low in ("about", "with", "around", "some", "and", ":") and units[k].low != "and":
        k -= 1
    if k >= 0 and units[k].kind == "party":
        role = getattr(units[k].value, "role", "")
        code = party_at(units, k, memory)
        gapped = k == 0 or units[k - 1].low in (",", "and", ";", "while", "the", ":", "-", "–")
        if code is not None and gapped and role in ("name", "capital", "metonym") and not _is_object(units, k):
            return _coordinated(units, k, code, memory)[0]
    if k >= 1 and units[k].low == "'s" and units[k - 1].kind == "party" and anchor.item is None:
        code = party_at(units, k - 1, memory)
        return (code,) if code is not None else None
    after = anchor.last + 1
    if anchor.item is None and after + 1 < len(units) and units[after].low == "from":
        for j in range(after + 1, min(len(units), after + 3)):
            if units[j].kind == "party":
                code = party_at(units, j, memory)
                return _listed(units, j, code, memory)[0] if code is not None else None
    return None
