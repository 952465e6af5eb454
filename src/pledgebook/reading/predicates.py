"""Predicates: the verbs and nouns that open a statement, with tense, voice, negation, control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pledgebook.reading.lexicon import Trigger, cue_table, triggers, word_list
from pledgebook.reading.units import Unit

Tense = Literal["past", "perfect", "present", "progressive", "future", "infinitive", "gerund", "noun"]


@dataclass(slots=True)
class Predicate:
    """A trigger where it stands in a sentence.

    `first` and `last` are the units of its group ("will not be handed over"); `head` is the unit
    of the trigger itself. `control` is what the words before it make of it: "ask" in "asked
    Germany to send". `reduced` marks a participle after a noun: "jets supplied by Poland".
    """

    head: int
    first: int
    last: int
    trigger: Trigger
    tense: Tense
    passive: bool = False
    negated: bool = False
    modal: bool = False
    had: bool = False
    reduced: bool = False
    control: str | None = None
    control_at: int | None = None
    covered: bool = field(default=False)

    @property
    def family(self) -> str:
        """What the trigger does: give, promise, order, ..."""
        return self.trigger.family

    @property
    def noun(self) -> bool:
        """Whether it is a noun."""
        return self.trigger.form == "noun"


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_list(name))


@cache
def _aux() -> dict[str, str]:
    return {word: role for role, words in cue_table("aux").items() for word in words}


@cache
def _controls() -> dict[str, str]:
    return {word: effect for effect, words in cue_table("control").items() for word in words}


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


def find_predicates(units: Sequence[Unit]) -> list[Predicate]:
    """Return the predicates of a sentence in order."""
    found = []
    table = triggers()
    skip = -1
    for index, unit in enumerate(units):
        if index <= skip or unit.kind != "word" or unit.low not in table:
            continue
        if index and units[index - 1].low in ("-", "–") and _touches(units, index):
            continue
        if index + 1 < len(units) and units[index + 1].low == "down":
            continue
        if unit.low == "course" and index and units[index - 1].low == "of":
            continue
        for trigger in table[unit.low]:
            last = _particles(units, index, trigger)
            if last is None:
                continue
            predicate = _predicate(units, index, last, trigger)
            if predicate is not None:
                found.append(predicate)
                if trigger.form == "noun" or last == index + len(trigger.particles):
                    skip = last
                break
    return found


_PRESENT = Trigger("be in", "arrive", "past")


def find_presence(units: Sequence[Unit], recipient: str | None) -> Predicate | None:
    """Find "are now in Ukraine", "is in Ukrainian hands": what has arrived."""
    for index, unit in enumerate(units[:-1]):
        if unit.low != "in" or not index:
            continue
        goal = units[index + 1]
        if goal.kind != "party" or getattr(goal.value, "code", None) != recipient:
            continue
        if getattr(goal.value, "role", "") == "adjective" and not (index + 2 < len(units) and units[index + 2].low == "hands"):
            continue
        k = index - 1
        while k > 0 and (units[k].low in _set("adverbs") or units[k].low.endswith("ly")):
            k -= 1
        if units[k].low in ("is", "are", "was", "were", "been"):
            return Predicate(index, k, index, _PRESENT, "past")
    return None


def _touches(units: Sequence[Unit], index: int) -> bool:
    return units[index - 1].end == units[index].start


def _particles(units: Sequence[Unit], index: int, trigger: Trigger) -> int | None:
    """Return the unit where the trigger's particles end, None where they do not stand there."""
    at = index
    for particle in trigger.particles:
        reach = 1 if trigger.form == "noun" else (6 if particle in _PARTICLES else 3)
        for step in range(at + 1, min(len(units), at + 1 + reach)):
            if units[step].low == particle:
                at = step
                break
            if units[step].kind == "punct" and units[step].low in ".;:,":
                return None
        else:
            return None
    return at


_PARTICLES = frozenset({"over", "on", "up", "out", "off", "down", "aside", "in", "back", "available"})


def _predicate(
    units: Sequence[Unit], index: int, last: int, trigger: Trigger
) -> Predicate | None:
    if trigger.form == "noun":
        return _noun(units, index, last, trigger)
    before = units[index - 1] if index else None
    if trigger.form in ("base", "s") and _reads_as_noun(units, index, trigger):
        return None
    if trigger.lemma in ("have", "hold", "keep", "get", "make", "use") and not _takes_thing(units, last):
        return None
    roles, negated, first = _group(units, index)
    passive = False
    reduced = False
    tense: Tense
    modal = "modal" in roles
    had = any(units[k].low in ("had", "'d") for k in range(first, index))
    if trigger.form == "ing":
        tense = "progressive" if "be" in roles else "gerund"
        if before is not None and before.low in _DETERMINED and "be" not in roles:
            return None
    elif trigger.form in ("past", "pp"):
        participle = trigger.form == "pp" or trigger.also_pp
        if "be" in roles and participle:
            passive = True
            tense = _finite(roles, "past" if _past_be(units, first, index) else "present")
            if "being" in (units[k].low for k in range(first, index)):
                tense = "progressive"
        elif "have" in roles:
            tense = _finite(roles, "perfect")
        elif participle and (_is_reduced(units, index, last) or _is_attribute(units, index)):
            passive = reduced = True
            tense = "past"
        elif trigger.form == "pp":
            return None
        else:
            tense = "past"
    else:
        tense = _finite(roles, "present")
    control, control_at = _control(units, first, tense)
    return Predicate(
        index, first, last, trigger, tense, passive, negated, modal, had, reduced, control, control_at
    )


_DETERMINED = frozenset({"the", "a", "an", "its", "their", "his", "her", "our", "this", "of"}) - {"of"}


def _finite(roles: Sequence[str], plain: Tense) -> Tense:
    if "future" in roles or "modal" in roles:
        return "future"
    if "to" in roles:
        return "infinitive"
    if "have" in roles:
        return "perfect"
    return plain


def _past_be(units: Sequence[Unit], first: int, index: int) -> bool:
    return any(units[k].low in ("was", "were", "been", "got") for k in range(first, index))


def _group(units: Sequence[Unit], index: int) -> tuple[list[str], bool, int]:
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
        elif unit.low in _set("negations"):
            negated = True
            first, pending = k, 0
        elif unit.low in _set("adverbs") or (unit.kind == "word" and unit.low.endswith("ly")):
            pending += 1
            if pending > 3:
                break
        else:
            break
        k -= 1
    return roles, negated, first


def _is_copula(units: Sequence[Unit], k: int) -> bool:
    return k > 0 and units[k - 1].low in ("it", "he", "she", "that", "there", "what", "who", "here")


def _reads_as_noun(units: Sequence[Unit], index: int, trigger: Trigger) -> bool:
    """Tell whether a base or third-person form stands as a noun: "the order", "two plans"."""
    roles, _, first = _group(units, index)
    if roles:
        return False
    if index and trigger.form == "base" and units[index].low not in _ambiguous():
        return units[index - 1].low in _DETERMINED
    if index and units[index - 1].low in _set("adverbs") and first == index:
        return False
    if index == 0:
        return trigger.form == "s" or len(units) < 2 or units[1].low in ("for", "of", "to")
    before = units[index - 1]
    if before.kind in ("number", "money") or before.low in _set("determiners") or before.low == "'s":
        return True
    if before.low in _set("prepositions") or before.low.endswith(("-led", "-made")):
        return True
    if before.kind == "party":
        return getattr(before.value, "role", "") == "adjective"
    if before.kind == "item":
        return trigger.form == "base" or trigger.weak
    if before.low in _set("references") or before.low in _set("speaker_pronouns"):
        return False
    if before.low in ("who", "which", "that", "and", "or", "also", "now", ","):
        return trigger.weak and before.low == ","
    if before.low in _set("offices"):
        return False
    return trigger.form == "base" or before.kind == "word"


@cache
def _ambiguous() -> frozenset[str]:
    """Return the words that are verbs and nouns alike: order, need, supply."""
    nouns = {word for word, found in triggers().items() if any(t.form == "noun" for t in found)}
    return frozenset(nouns | set(word_list("also_nouns")))


def _is_reduced(units: Sequence[Unit], index: int, last: int) -> bool:
    """Tell "jets supplied by Poland" from "Poland supplied jets"."""
    after = units[last + 1] if last + 1 < len(units) else None
    if index == 0:
        return after is None or after.low in _AFTER_REDUCED
    before = units[index - 1]
    if before.kind == "party" or before.low in _set("references"):
        return False
    if before.low in _set("speaker_pronouns") or before.low in _set("offices"):
        return after is not None and after.low == "by"
    if after is None:
        return True
    return after.low in _AFTER_REDUCED or (after.kind == "date" and before.kind == "item")


def _is_attribute(units: Sequence[Unit], index: int) -> bool:
    """Tell "the promised tanks" from a verb."""
    if not index or index + 1 >= len(units):
        return False
    return units[index - 1].low in _DETERMINED and units[index + 1].kind in ("item", "word", "number")


def _takes_thing(units: Sequence[Unit], last: int) -> bool:
    """Tell whether a light verb is followed by a thing: "has 42", "holds about a dozen jets"."""
    for k in range(last + 1, min(len(units), last + 7)):
        unit = units[k]
        if unit.kind in ("number", "item"):
            return True
        if unit.kind == "party":
            continue
        if unit.low not in _set("determiners") and unit.low not in _QUANTIFYING:
            return False
    return False


_QUANTIFYING = frozenset(
    {"about", "around", "some", "only", "just", "still", "at", "least", "than", "nearly", "over", "enough", "few",
     "currently", "now", "almost", "roughly", "up", "to", "of", "perhaps", "close", "fewer", "less", "old", "spare"}
)


_AFTER_REDUCED = frozenset(
    {"by", "to", "from", "under", "for", "in", "on", "at", "with", "so", "as", ".", ",", ";", "since",
     "through", "during", "after", "before", "out", "against", "today", "that"}
)


def _control(
    units: Sequence[Unit], first: int, tense: Tense
) -> tuple[str | None, int | None]:
    """Find the word before an infinitive or gerund that governs it."""
    if tense not in ("infinitive", "gerund"):
        return None, None
    table = _controls()
    negated = False
    for step, k in enumerate(range(first - 1, max(-1, first - 9), -1)):
        unit = units[k]
        if unit.kind == "punct" and unit.low in (";", ":", ".", "(", ")"):
            break
        if unit.kind == "word":
            effect = table.get(unit.low)
            if effect is not None and not (unit.low == "about" and step):
                negated = _negated_near(units, k)
                if negated and effect in ("promise", "tentative"):
                    return "refuse", k
                if negated and effect == "refuse":
                    return "tentative", k
                if effect == "ask" or effect == "refuse" or step < 5:
                    return effect, k
            role, _ = aux_of(unit.low)
            if role == "be" and step == 0:
                return ("refuse" if _negated_near(units, k) else "promise"), k
            if unit.low in _set("subordinators"):
                break
    return None, None


def _negated_near(units: Sequence[Unit], k: int) -> bool:
    for j in range(k - 1, max(-1, k - 4), -1):
        low = units[j].low
        if low in _set("negations") or low.endswith("n't"):
            return True
        if units[j].kind == "punct":
            return False
    return k + 1 < len(units) and units[k + 1].low in ("not", "no")


def _noun(units: Sequence[Unit], index: int, last: int, trigger: Trigger) -> Predicate | None:
    negated = False
    first = index
    for k in range(index - 1, max(-1, index - 4), -1):
        low = units[k].low
        if low in ("no", "without", "any") and units[k].kind == "word":
            negated = negated or low != "any"
        if units[k].kind == "punct":
            break
        if low in _set("determiners") or (units[k].kind == "word" and low.endswith(("al", "ed", "nt"))):
            first = k
    control, control_at = None, None
    if trigger.family in ("give", "order", "train", "receive", "promise", "propose", "produce"):
        control, control_at = _noun_control(units, first)
    return Predicate(index, first, last, trigger, "noun", negated=negated, control=control, control_at=control_at)


def _noun_control(units: Sequence[Unit], first: int) -> tuple[str | None, int | None]:
    """Find the verb whose object a noun is: "approved the transfer", "asked for the release"."""
    table = _controls()
    for step, k in enumerate(range(first - 1, max(-1, first - 7), -1)):
        unit = units[k]
        if unit.kind == "punct" and unit.low in (";", ":", ".", "(", ")", ","):
            break
        if unit.kind != "word":
            continue
        effect = table.get(unit.low)
        if effect is not None and (unit.low.endswith(("ed", "ing", "es", "s", "t")) or step < 3):
            if _negated_near(units, k) and effect in ("promise", "tentative"):
                return "refuse", k
            return effect, k
        if unit.low in _set("subordinators"):
            break
    return None, None
