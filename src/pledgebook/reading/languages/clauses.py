"""Clauses of a sentence in another language, and the verbs and nouns that say what is done."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from pledgebook.reading.languages.mentions import Mark, Marked
from pledgebook.reading.languages.verbs import Verb

__all__ = ["Action", "Clause", "clauses_of"]

_STRONG = frozenset(";:\u2014\u2013()\u2026")
_FINITE = frozenset({"pres", "past", "fut", "cond", "imp", "pp", "inf"})


@dataclass(frozen=True, slots=True)
class Action:
    """A verb or noun at `tokens[first:last]`, settled to one family and form."""

    first: int
    last: int
    family: str
    form: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with the actions in it; `opened` tells a clause that depends."""

    first: int
    last: int
    actions: tuple[Action, ...]
    opened: bool = False


def clauses_of(marked: Marked, first: int, last: int) -> list[Clause]:
    """Cut a sentence at its punctuation, and at words that join or subordinate clauses."""
    cuts = [first]
    verbs = [
        m for m in marked.within(first, last)
        if m.kind == "verb" and (verb := _settle(marked, m, first, last)) is not None
        and verb.form in _FINITE
    ]  # fmt: skip
    for place in range(first, last):
        low = marked.tokens[place].low
        if (
            low in _STRONG
            or low == ","
            or (place > first and _is_joint(marked, place, first, last, verbs))
        ):
            cuts.append(place)
    cuts.append(last)
    pieces = [(a, b) for a, b in itertools.pairwise(cuts) if b > a]
    clauses: list[Clause] = []
    waiting: int | None = None
    for begin, end in pieces:
        actions = _actions(marked, begin, end)
        if not any(a.family != "include" and a.form != "adj" for a in actions):
            if clauses:
                before = clauses[-1]
                clauses[-1] = Clause(
                    before.first, end, before.actions + tuple(actions), before.opened
                )
            else:
                waiting = begin if waiting is None else waiting
            continue
        start = begin if waiting is None else waiting
        actions = _actions(marked, start, end)
        waiting = None
        clauses.append(Clause(start, end, tuple(actions), _is_opened(marked, begin, end)))
    if not clauses:
        return [Clause(first, last, tuple(_actions(marked, first, last)))]
    return clauses


def _is_joint(marked: Marked, place: int, first: int, last: int, verbs: list[Mark]) -> bool:
    """Tell whether "und", "que" parts two clauses: verbs on both sides, no enumeration."""
    names = {name for _, name in marked.cues.get(place, ())}
    if not names & {"conjunction", "relative", "subordinate"}:
        return False
    if "conjunction" not in names and marked.tokens[place - 1].low != "," and (
        marked.tokens[place].low not in _JOINTS
    ):  # fmt: skip
        return False
    before = any(m.last <= place for m in verbs)
    ahead = next((m for m in verbs if m.first > place), None)
    if not before or ahead is None:
        return False
    if "conjunction" in names:
        # "18 Panzer und 40 Geschütze geliefert": what follows "und" must bring a verb of its own.
        comma = next((p for p in range(place + 1, last) if marked.tokens[p].low == ","), last)
        own = [m for m in verbs if place < m.first < comma]
        left = [m for m in verbs if m.last <= place]
        near = max((p for p in range(first, place) if marked.tokens[p].low == ","), default=first)
        return bool(own) and any(m.first >= near for m in left)
    return True


_JOINTS = frozenset({"que", "qu'", "qui", "dont", "où"})


def _is_opened(marked: Marked, begin: int, end: int) -> bool:
    return any(
        name in ("subordinate", "relative")
        for place in range(begin, min(end, begin + 3))
        for _, name in marked.cues.get(place, ())
    )


def _actions(marked: Marked, first: int, last: int) -> list[Action]:
    found = []
    particles: set[str] = set()
    for mark in marked.within(first, last):
        if mark.kind != "verb":
            continue
        settled = _settle(marked, mark, first, last)
        if settled is not None:
            found.append(Action(mark.first, mark.last, settled.family, settled.form))
            particles.update(settled.particle)
    return [a for a in found if marked.tokens[a.first].low not in particles]


def _settle(marked: Marked, mark: Mark, first: int, last: int) -> Verb | None:
    """Return the verb that is meant: the one whose particle stands in the clause, if any."""
    plain: list[Verb] = []
    for verb in mark.value or ():  # type: ignore[union-attr]
        if not isinstance(verb, Verb):
            continue
        if not verb.particle:
            plain.append(verb)
        elif _has_particle(marked, verb.particle, mark, first, last):
            return verb
    if len(plain) > 1 and plain[0].form in ("inf", "pres"):
        # "hat übergeben" and "zu übergeben" are written alike.
        participle = next(
            (v for v in plain if v.form == "pp" and v.family == plain[0].family), None
        )
        helped = marked.has_cue(first, last, "have", "be")
        if participle is not None and helped and not marked.has_cue(first, last, "future"):
            return participle
    if plain and plain[0].form == "adj" and marked.has_cue(
        max(first, mark.first - 3), mark.first, "be", "future"
    ):  # fmt: skip
        return Verb(plain[0].family, "pp")
    return plain[0] if plain else None


def _has_particle(
    marked: Marked, particle: tuple[str, ...], mark: Mark, first: int, last: int
) -> bool:
    size = len(particle)
    tokens = marked.tokens
    begin = first if size > 1 else mark.last
    for place in range(begin, last - size + 1):
        if all(tokens[place + k].low == particle[k] for k in range(size)):
            if size > 1 or place + 1 >= last or tokens[place + 1].kind == "mark":
                return True
            if any(name in ("conjunction", "to") for _, name in marked.cues.get(place + 1, ())):
                return True
    return False
