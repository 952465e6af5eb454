"""The verb that governs another: "asked Germany to send", "refused to supply"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.grammar.verbgroups import Tense, aux_of
from pledgebook.reading.text.lexicon import cue_table, word_set


@cache
def _controls() -> dict[str, str]:
    return {word: effect for effect, words in cue_table("control").items() for word in words}


def governs(low: str) -> bool:
    """Tell whether a word may govern a verb or a noun of action."""
    return low in _controls()


def control_of(units: Sequence[Unit], first: int, tense: Tense) -> tuple[str | None, int | None]:
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
            if unit.low in word_set("subordinators"):
                break
    return None, None


def _negated_near(units: Sequence[Unit], k: int) -> bool:
    for j in range(k - 1, max(-1, k - 4), -1):
        low = units[j].low
        if low in word_set("negations") or low.endswith("n't"):
            return True
        if units[j].kind == "punct":
            return False
    return k + 1 < len(units) and units[k + 1].low in ("not", "no")


def noun_control(units: Sequence[Unit], first: int) -> tuple[str | None, int | None]:
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
        if unit.low in word_set("subordinators"):
            break
    return None, None
