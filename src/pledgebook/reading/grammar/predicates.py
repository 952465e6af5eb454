"""Predicates: the verbs and nouns that open a statement, with tense, voice, negation, control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.reading.grammar.controls import control_of, governs, noun_control
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.grammar.verbgroups import (
    DETERMINED,
    Tense,
    is_attribute,
    is_past_be,
    is_reduced,
    reads_as_noun,
    takes_thing,
    verb_group,
)
from pledgebook.reading.text.lexicon import Trigger, triggers, word_set


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

    @property
    def family(self) -> str:
        """What the trigger does: give, promise, order, ..."""
        return self.trigger.family

    @property
    def noun(self) -> bool:
        """Whether it is a noun."""
        return self.trigger.form == "noun"


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
        down = index + 1 < len(units) and units[index + 1].low == "down"
        if down and not any("down" in trigger.particles for trigger in table[unit.low]):
            continue
        if unit.low == "course" and index and units[index - 1].low == "of":
            continue
        for trigger, last in _standing(units, index, table[unit.low]):
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
        if getattr(goal.value, "role", "") == "adjective" and not (
            index + 2 < len(units) and units[index + 2].low == "hands"
        ):
            continue
        k = index - 1
        while k > 0 and (units[k].low in word_set("adverbs") or units[k].low.endswith("ly")):
            k -= 1
        if units[k].low in ("is", "are", "was", "were", "been"):
            return Predicate(index, k, index, _PRESENT, "past")
    return None


def _standing(
    units: Sequence[Unit], index: int, entries: Sequence[Trigger]
) -> list[tuple[Trigger, int]]:
    """Return the triggers whose particles stand behind a word, those nearest to it first."""
    found = []
    for place, trigger in enumerate(entries):
        last = _particles(units, index, trigger)
        if last is not None:
            bare = last == index
            found.append((bare, last, place, trigger))
    return [(trigger, last) for _, last, _, trigger in sorted(found, key=lambda hit: hit[:3])]


def _touches(units: Sequence[Unit], index: int) -> bool:
    return units[index - 1].end == units[index].start


def _particles(units: Sequence[Unit], index: int, trigger: Trigger) -> int | None:
    """Return the unit where the trigger's particles end, None where they do not stand there."""
    at = index
    for particle in trigger.particles:
        reach = (
            1 if trigger.form == "noun" else (6 if particle in word_set("loose_particles") else 3)
        )
        for step in range(at + 1, min(len(units), at + 1 + reach)):
            if units[step].low == particle and not _opens_date(units, step):
                at = step
                break
            if units[step].kind == "punct" and units[step].low in ".;:,":
                return None
        else:
            return None
    return at


def _opens_date(units: Sequence[Unit], step: int) -> bool:
    """Tell a preposition of time from a particle: "handed over ... on Monday"."""
    return step + 1 < len(units) and units[step + 1].kind == "date"


def _predicate(units: Sequence[Unit], index: int, last: int, trigger: Trigger) -> Predicate | None:
    if trigger.form == "noun":
        return _noun(units, index, last, trigger)
    before = units[index - 1] if index else None
    if trigger.form in ("base", "s") and reads_as_noun(units, index, trigger):
        return None
    if trigger.lemma in ("have", "hold", "keep", "get", "make", "use") and not takes_thing(
        units, last
    ):
        return None
    roles, negated, first = verb_group(units, index)
    passive = False
    reduced = False
    tense: Tense
    modal = "modal" in roles
    had = any(units[k].low in ("had", "'d") for k in range(first, index))
    if trigger.form == "ing":
        tense = "progressive" if "be" in roles else "gerund"
        if before is not None and before.low in DETERMINED and "be" not in roles:
            return None
    elif trigger.form in ("past", "pp"):
        participle = trigger.form == "pp" or trigger.also_pp
        if "be" in roles and participle:
            passive = True
            tense = _finite(roles, "past" if is_past_be(units, first, index) else "present")
            if "being" in (units[k].low for k in range(first, index)):
                tense = "progressive"
        elif "have" in roles:
            tense = _finite(roles, "perfect")
        elif participle and (is_reduced(units, index, last) or is_attribute(units, index)):
            passive = reduced = True
            tense = "past"
        elif trigger.form == "pp":
            return None
        else:
            tense = "past"
    else:
        tense = _finite(roles, "present")
    control, control_at = control_of(units, first, tense)
    if tense == "gerund" and control is None and _is_put_off(units, last):
        control, control_at = "refuse", first
    return Predicate(
        index,
        first,
        last,
        trigger,
        tense,
        passive,
        negated,
        modal,
        had,
        reduced,
        control,
        control_at,
    )


def _is_put_off(units: Sequence[Unit], last: int) -> bool:
    """Tell whether a gerund is what the sentence says no to: "sending jets was not ..."."""
    for k in range(last + 1, min(len(units), last + 10)):
        unit = units[k]
        if unit.low in ("isn't", "wasn't", "aren't"):
            return True
        if unit.low in ("is", "was", "are", "were", "remains", "remained"):
            after = [u.low for u in units[k + 1 : k + 4] if u.kind == "word"]
            return "not" in after or after[:2] == ["off", "the"] or after[:1] == ["impossible"]
        if unit.low in word_set("clause_openers") or unit.low in (",", ";"):
            return False
    return False


def _finite(roles: Sequence[str], plain: Tense) -> Tense:
    if "future" in roles or "modal" in roles:
        return "future"
    if "to" in roles:
        return "infinitive"
    if "have" in roles:
        return "perfect"
    return plain


def _noun(units: Sequence[Unit], index: int, last: int, trigger: Trigger) -> Predicate | None:
    negated = False
    first = index
    for k in range(index - 1, max(-1, index - 4), -1):
        low = units[k].low
        if low in ("no", "without", "any") and units[k].kind == "word":
            negated = negated or low != "any"
        if units[k].kind == "punct":
            break
        if low in word_set("determiners") or (
            units[k].kind == "word" and low.endswith(("al", "ed", "nt")) and not governs(low)
        ):
            first = k
    control, control_at = None, None
    if trigger.family in ("give", "order", "train", "receive", "promise", "propose", "produce"):
        control, control_at = noun_control(units, first)
    return Predicate(
        index, first, last, trigger, "noun", negated=negated, control=control, control_at=control_at
    )
