"""The words that the grammar coder reads by: verbs, nouns, cues, category nouns.

They are data files, one folder a language; this module loads and inflects them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.items import plural

Form = Literal["base", "s", "past", "pp", "ing", "noun"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that opens a statement.

    `family` is what it does (see `triggers.toml`); `form` how it stands there; `particles` are
    the words that must follow within a few words for the entry to hold ("over" of "hand over").
    """

    lemma: str
    family: str
    form: Form
    particles: tuple[str, ...] = ()
    also_pp: bool = False
    weak: bool = False


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return one of the plain lists of `cues.toml`."""
    return tuple(table("cues.toml")[name])


@cache
def word_set(name: str) -> frozenset[str]:
    """Return one of the plain lists of `cues.toml` as a set."""
    return frozenset(word_list(name))


@cache
def phrase_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern that finds any phrase of one of the plain lists of `cues.toml`."""
    phrases = sorted(word_list(name), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, phrases))})(?![\w-])")


@cache
def cue_table(name: str) -> dict[str, Any]:
    """Return one of the tables of `cues.toml`."""
    return dict(table("cues.toml")[name])


@dataclass(frozen=True, slots=True)
class CategoryNoun:
    """A generic noun of an item category; a weak one needs support from its sentence."""

    text: str
    category: str
    unit: str | None
    weak: bool


@cache
def category_nouns() -> tuple[CategoryNoun, ...]:
    """Return every generic noun, plurals included."""
    rows = []
    for category, entry in table("nouns.toml").items():
        for group in entry["group"]:
            for noun in group["nouns"]:
                forms = [noun] if group.get("mass") else [noun, plural(noun)]
                unit, weak = group.get("unit"), bool(group.get("weak"))
                rows += [CategoryNoun(form, category, unit, weak) for form in forms]
    return tuple(rows)


@cache
def triggers() -> dict[str, tuple[Trigger, ...]]:
    """Return the triggers by their lower-case first word."""
    entries: dict[str, list[Trigger]] = {}
    data = table("triggers.toml")
    irregular = data["irregular"]
    for family, entry in data["family"].items():
        for kind, weak in (("verbs", False), ("weak_verbs", True)):
            for lemma in entry.get(kind, ()):
                first, *particles = lemma.split()
                for word, form, also in inflect(first, irregular):
                    _enter(
                        entries, word, Trigger(lemma, family, form, tuple(particles), also, weak)
                    )
        for kind, weak in (("nouns", False), ("weak_nouns", True)):
            for noun in entry.get(kind, ()):
                first, *rest = noun.split()
                if rest:
                    _enter(entries, first, Trigger(noun, family, "noun", tuple(rest), weak=weak))
                    continue
                for word in {first, plural(first)}:
                    _enter(entries, word, Trigger(noun, family, "noun", weak=weak))
    return {word: tuple(sorted(found, key=_longest_first)) for word, found in entries.items()}


def _enter(entries: dict[str, list[Trigger]], word: str, trigger: Trigger) -> None:
    entries.setdefault(word, []).append(trigger)


def _longest_first(trigger: Trigger) -> tuple[int, bool, str]:
    return (-len(trigger.particles), trigger.form == "noun", trigger.lemma)


def inflect(verb: str, irregular: dict[str, list[str]]) -> list[tuple[str, Form, bool]]:
    """Return (word, form, past is participle too) for each form of a verb."""
    if verb.endswith("e") and not verb.endswith("ee"):
        ing = verb[:-1] + "ing"
    elif verb in _DOUBLING:
        ing = verb + verb[-1] + "ing"
    else:
        ing = verb + "ing"
    if verb in irregular:
        past, participle = irregular[verb]
    else:
        past = participle = _past(verb)
    forms: list[tuple[str, Form, bool]] = [(verb, "base", False), (_third(verb), "s", False)]
    forms.append((past, "past", past == participle))
    if participle != past:
        forms.append((participle, "pp", False))
    forms.append((ing, "ing", False))
    return forms


_DOUBLING = frozenset(
    {
        "ship",
        "get",
        "put",
        "commit",
        "submit",
        "plan",
        "equip",
        "spur",
        "cut",
        "run",
        "refit",
        "refer",
        "transfer",
        "drop",
        "stop",
        "begin",
        "set",
        "permit",
        "allot",
        "let",
        "swap",
        "step",
    }
)


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if verb in _DOUBLING else verb + "ed"


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
