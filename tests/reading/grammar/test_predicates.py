"""Verbs and nouns that open a statement: tense, voice, negation, control, what they say."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from coding import said, units

from pledgebook.reading.grammar.kinds import read_predicate
from pledgebook.reading.grammar.predicates import Predicate, find_predicates, find_presence
from pledgebook.reading.grammar.verbgroups import aux_of, verb_group


@dataclass(frozen=True)
class Verb:
    """What is expected of the predicate of a sentence that has this lemma."""

    lemma: str
    group: str
    tense: str
    passive: bool = False
    negated: bool = False
    modal: bool = False
    reduced: bool = False
    control: str | None = None


def predicate(text: str, lemma: str) -> Predicate:
    """Return the one predicate of a sentence that has this lemma."""
    (found,) = [p for p in find_predicates(units(text)) if p.trigger.lemma == lemma]
    return found


def verb(text: str, lemma: str) -> Verb:
    found = predicate(text, lemma)
    return Verb(
        lemma,
        said(units(text), found.first, found.last),
        found.tense,
        found.passive,
        found.negated,
        found.modal,
        found.reduced,
        found.control,
    )


VERBS = [
    ("Norway sent tanks.", Verb("send", "sent", "past")),
    ("Norway has sent tanks.", Verb("send", "has sent", "perfect")),
    ("Norway will send tanks.", Verb("send", "will send", "future")),
    ("Norway will also send tanks.", Verb("send", "will also send", "future")),
    ("Norway is sending tanks.", Verb("send", "is sending", "progressive")),
    ("Norway sends tanks.", Verb("send", "sends", "present")),
    ("Norway could send tanks.", Verb("send", "could send", "future", modal=True)),
    ("Norway may still send tanks.", Verb("send", "may still send", "future", modal=True)),
    ("Norway would send tanks.", Verb("send", "would send", "future")),
    ("We'll send tanks.", Verb("send", "We'll send", "future")),
    ("Norway will not send tanks.", Verb("send", "will not send", "future", negated=True)),
    ("Norway won't send tanks.", Verb("send", "won't send", "future", negated=True)),
    ("Norway did not send tanks.", Verb("send", "did not send", "present", negated=True)),
    ("Norway has never sent tanks.", Verb("send", "has never sent", "perfect", negated=True)),
    ("Norway cannot send tanks.", Verb("send", "cannot send", "future", negated=True, modal=True)),
    ("Tanks were sent by Norway.", Verb("send", "were sent", "past", passive=True)),
    ("Tanks will be sent.", Verb("send", "will be sent", "future", passive=True)),
    ("Tanks have been sent.", Verb("send", "have been sent", "perfect", passive=True)),
    ("Tanks are being sent.", Verb("send", "are being sent", "progressive", passive=True)),
    (
        "Tanks were not handed over.",
        Verb("hand over", "were not handed over", "past", passive=True, negated=True),
    ),
    ("Norway handed eight tanks over.", Verb("hand over", "handed eight tanks over", "past")),
    (
        "Tanks supplied by Norway arrived.",
        Verb("supply", "supplied", "past", passive=True, reduced=True),
    ),
    (
        "The promised tanks arrived.",
        Verb("promise", "promised", "past", passive=True, reduced=True),
    ),
    ("Norway agreed to send tanks.", Verb("send", "to send", "infinitive", control="promise")),
    ("Norway plans to send tanks.", Verb("send", "to send", "infinitive", control="promise")),
    ("Norway refused to send tanks.", Verb("send", "to send", "infinitive", control="refuse")),
    ("Norway hopes to send tanks.", Verb("send", "to send", "infinitive", control="tentative")),
    ("Ukraine asked Norway to send tanks.", Verb("send", "to send", "infinitive", control="ask")),
    (
        "Norway is considering sending tanks.",
        Verb("send", "sending", "gerund", control="tentative"),
    ),
    (
        "Norway did not agree to send tanks.",
        Verb("send", "to send", "infinitive", control="refuse"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), VERBS, ids=[text for text, _ in VERBS])
def test_verbs(text: str, expected: Verb) -> None:
    assert verb(text, expected.lemma) == expected


@pytest.mark.parametrize(
    ("text", "lemma", "negated"),
    [
        ("The delivery of tanks began.", "delivery", False),
        ("There was no delivery of tanks.", "delivery", True),
        ("Norway's promise of tanks was kept.", "promise", False),
        ("The request for tanks was heard.", "request", False),
        ("A shortage of shells was seen.", "shortage", False),
        ("The order for 20 tanks was placed.", "order", False),
    ],
)
def test_nouns(text: str, lemma: str, negated: bool) -> None:
    found = predicate(text, lemma)
    assert found.noun
    assert found.tense == "noun"
    assert found.negated is negated


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("Of course the tanks came.", "course"),
        ("Norway has a minister.", "have"),
        ("Ukraine shot down 12 drones.", "shoot"),
        ("A non-supply contract was there.", "supply"),
    ],
)
def test_words_that_open_nothing(text: str, lemma: str) -> None:
    assert lemma not in {p.trigger.lemma for p in find_predicates(units(text))}


def test_a_light_verb_wants_a_thing() -> None:
    assert predicate("Norway has 36 tanks.", "have").family == "hold"
    assert predicate("Norway holds only about 36 tanks.", "hold").family == "hold"


def test_the_pluperfect_is_marked() -> None:
    assert predicate("Norway had sent tanks.", "send").had
    assert not predicate("Norway has sent tanks.", "send").had


def test_what_is_with_the_recipient_has_arrived() -> None:
    text = "The tanks are now in Ukraine."
    found = find_presence(units(text), "UKR")
    assert found is not None
    assert (found.family, said(units(text), found.first, found.last)) == ("arrive", "are now in")
    assert find_presence(units(text), "MDA") is None
    assert find_presence(units("The tanks rolled on."), "UKR") is None


READINGS = [
    ("Norway sent tanks.", "send", ("delivery", "firm", False)),
    ("Norway has sent tanks.", "send", ("delivery", "firm", False)),
    ("Norway will send tanks.", "send", ("pledge", "firm", False)),
    ("Norway could send tanks.", "send", ("pledge", "tentative", False)),
    ("Norway agreed to send tanks.", "send", ("pledge", "firm", False)),
    ("Norway is considering sending tanks.", "send", ("pledge", "tentative", False)),
    ("Norway will not send tanks.", "send", ("refusal", "firm", False)),
    ("Norway refused to send tanks.", "send", ("refusal", "firm", False)),
    ("Ukraine asked Norway to send tanks.", "send", ("request", "firm", False)),
    ("Tanks were sent by Norway.", "send", ("delivery", "firm", False)),
    ("Tanks will be sent by Norway.", "send", ("pledge", "firm", False)),
    ("Norway pledged eight tanks.", "pledge", ("pledge", "firm", False)),
    ("Norway proposed eight tanks.", "propose", ("pledge", "tentative", False)),
    ("Ukraine received tanks.", "receive", ("delivery", "firm", True)),
    ("Ukraine will receive tanks.", "receive", ("pledge", "firm", True)),
    ("Norway ordered tanks.", "order", ("contract", "firm", False)),
    ("Norway may buy tanks.", "buy", ("contract", "tentative", False)),
    ("Nammo produces shells.", "produce", ("production", "firm", False)),
    ("Nammo will produce shells.", "produce", ("production", "tentative", False)),
    ("Ukraine fires 5,000 shells a day.", "fire", ("expenditure", "firm", False)),
    ("Norway stockpiles shells.", "stockpile", ("stock", "firm", False)),
    ("Norway trained soldiers.", "train", ("training", "firm", False)),
    ("Norway will not train soldiers.", "train", ("refusal", "firm", False)),
    ("Ukraine requested tanks.", "request", ("request", "firm", False)),
    ("Norway rejected the tanks.", "reject", ("refusal", "firm", False)),
    ("Norway has not ruled out tanks.", "rule out", ("pledge", "tentative", False)),
]


@pytest.mark.parametrize(("text", "lemma", "expected"), READINGS, ids=[row[0] for row in READINGS])
def test_what_a_predicate_states(text: str, lemma: str, expected: tuple[str, str, bool]) -> None:
    found = read_predicate(predicate(text, lemma), units(text))
    assert found is not None
    assert (found.kind, found.status, found.inverse) == expected


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("Ukraine did not receive tanks.", "receive"),
        ("Ukraine did not request tanks.", "request"),
        ("Nammo does not produce shells.", "produce"),
        ("It needs to be said.", "need"),
    ],
)
def test_a_predicate_that_states_nothing(text: str, lemma: str) -> None:
    assert read_predicate(predicate(text, lemma), units(text)) is None


@pytest.mark.parametrize(
    ("word", "role", "negates"),
    [
        ("will", "future", False),
        ("won't", "future", True),
        ("can't", "modal", True),
        ("cannot", "modal", True),
        ("hasn't", "have", True),
        ("didn't", "do", True),
        ("were", "be", False),
        ("we'll", "future", False),
        ("they've", "have", False),
        ("tank", None, False),
    ],
)
def test_auxiliaries(word: str, role: str | None, negates: bool) -> None:
    assert aux_of(word) == (role, negates)


def test_the_group_stops_at_the_subject() -> None:
    found = units("Its army will probably not have been sent tanks")
    roles, negated, first = verb_group(found, 7)
    assert said(found, first, 7) == "will probably not have been sent"
    assert (sorted(roles), negated) == (["be", "future", "have"], True)
