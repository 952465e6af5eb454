"""Words and their forms: verbs inflected, nouns in the plural, entries of several words."""

from __future__ import annotations

import pytest

from pledgebook.reading.text.lexicon import (
    category_nouns,
    cue_table,
    inflect,
    phrase_pattern,
    triggers,
    word_list,
    word_set,
)
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.statement import Category

FAMILIES = {
    "give", "arrive", "receive", "promise", "propose", "order", "sell", "produce", "spend",
    "hold", "lack", "train", "ask", "refuse",
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("deliver", "deliver delivers delivered delivering"),
        ("donate", "donate donates donated donating"),
        ("supply", "supply supplies supplied supplying"),
        ("deploy", "deploy deploys deployed deploying"),
        ("dispatch", "dispatch dispatches dispatched dispatching"),
        ("ship", "ship ships shipped shipping"),
        ("agree", "agree agrees agreed agreeing"),
    ],
)
def test_regular_verbs(verb: str, forms: str) -> None:
    assert [word for word, _, _ in inflect(verb, {})] == forms.split()
    assert [also for _, form, also in inflect(verb, {}) if form == "past"] == [True]


def test_irregular_verbs_have_a_participle_of_their_own() -> None:
    irregular = {"give": ["gave", "given"], "send": ["sent", "sent"]}
    assert inflect("give", irregular) == [
        ("give", "base", False),
        ("gives", "s", False),
        ("gave", "past", False),
        ("given", "pp", False),
        ("giving", "ing", False),
    ]
    assert ("sent", "past", True) in inflect("send", irregular)
    assert inflect("have", {"have": ["had", "had"]})[1] == ("has", "s", False)


@pytest.mark.parametrize(
    ("word", "lemma", "family", "form"),
    [
        ("sent", "send", "give", "past"),
        ("given", "give", "give", "pp"),
        ("delivery", "delivery", "give", "noun"),
        ("pledged", "pledge", "promise", "past"),
        ("bought", "buy", "order", "past"),
        ("manufactures", "manufacture", "produce", "s"),
        ("trained", "train", "train", "past"),
        ("refusing", "refuse", "refuse", "ing"),
        ("stockpiles", "stockpile", "hold", "noun"),
        ("requests", "request", "ask", "noun"),
        ("received", "receive", "receive", "past"),
    ],
)
def test_a_word_opens_its_family(word: str, lemma: str, family: str, form: str) -> None:
    assert (lemma, family, form) in {(t.lemma, t.family, t.form) for t in triggers()[word]}


def test_entries_of_several_words_come_before_their_first_word_alone() -> None:
    handed = triggers()["handed"]
    assert [len(trigger.particles) for trigger in handed] == sorted(
        (len(trigger.particles) for trigger in handed), reverse=True
    )
    assert ("hand over", ("over",)) in {(t.lemma, t.particles) for t in handed}


def test_every_trigger_belongs_to_a_known_family() -> None:
    assert {t.family for found in triggers().values() for t in found} == FAMILIES


def test_trigger_words_are_in_lower_case() -> None:
    assert [word for word in triggers() if word != word.lower() or not word.strip()] == []


def test_nouns_have_a_category_of_the_coding_book() -> None:
    nouns = category_nouns()
    assert {noun.category for noun in nouns} <= {category.value for category in Category}
    by_text = {noun.text: noun for noun in nouns}
    assert by_text["howitzer"].category == by_text["howitzers"].category == "artillery"
    assert by_text["tanks"].category == "tank"
    assert by_text["military aid"].category == "military-aid"


def test_a_mass_noun_has_no_plural() -> None:
    mass = [
        noun
        for entry in table("nouns.toml").values()
        for group in entry["group"]
        if group.get("mass")
        for noun in group["nouns"]
    ]
    assert "ammunition" in mass
    texts = {noun.text for noun in category_nouns()}
    assert "ammunition" in texts
    assert "ammunitions" not in texts


def test_lists_tables_and_patterns() -> None:
    assert "not" in word_set("negations")
    assert word_set("negations") == frozenset(word_list("negations"))
    assert "considering" in cue_table("control")["tentative"]
    pattern = phrase_pattern("line_done")
    assert pattern.search("eight tanks, handed over in may")
    assert not pattern.search("eight tanks, undelivered")


def test_no_noun_stands_for_two_categories() -> None:
    places: dict[str, set[str]] = {}
    for noun in category_nouns():
        places.setdefault(noun.text, set()).add(noun.category)
    assert {text: found for text, found in places.items() if len(found) > 1} == {}


def test_plural_of_a_single_word_in_y() -> None:
    texts = {noun.text for noun in category_nouns()}
    assert {"ferries", "lorries", "batteries"} <= texts
    assert "ferrys" not in texts
    assert "deliverys" not in triggers()
