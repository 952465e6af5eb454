"""News, total or recollection; what a trigger needs beside it; which predicate governs what."""

from __future__ import annotations

import datetime as dt

import pytest
from coding import codings, read, units

from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.governing import distance, govern
from pledgebook.reading.grammar.kinds import read_predicate
from pledgebook.reading.grammar.predicates import find_predicates
from pledgebook.reading.grammar.scopes import scope_of
from pledgebook.reading.grammar.support import is_attack, supported
from pledgebook.vocabulary.statement import Scope

PUBLISHED = dt.date(2023, 2, 14)


def scope(text: str, kind: str, when: str | None = None, *, lead: bool = False) -> str:
    """Return the scope of the first predicate of a sentence."""
    found = units(text)
    first = next(p for p in find_predicates(found) if read_predicate(p, found))
    clause = " ".join(unit.low for unit in found)
    return scope_of(clause, first, kind, when, PUBLISHED, lead=lead, rate=False)


@pytest.mark.parametrize(
    ("text", "kind", "when", "expected"),
    [
        ("Norway will send tanks.", "pledge", None, "new"),
        ("Norway pledged tanks on Monday.", "pledge", "2023-02-13", "new"),
        ("Norway had pledged tanks.", "pledge", None, "background"),
        ("Norway pledged tanks earlier.", "pledge", None, "background"),
        ("Norway pledged tanks last month.", "pledge", "2023-01", "background"),
        ("Norway delivered tanks in 2022.", "delivery", "2022", "background"),
        ("Norway has delivered tanks.", "delivery", None, "total"),
        ("Norway delivered tanks on Monday.", "delivery", "2023-02-13", "new"),
        ("So far Norway pledged 36 tanks.", "pledge", None, "total"),
        ("Norway delivered a total of 36 tanks.", "delivery", None, "total"),
        ("Since the invasion Norway has pledged 36 tanks.", "pledge", None, "total"),
        ("Norway has trained 200 soldiers.", "training", None, "total"),
        ("Norway will train 200 soldiers.", "training", None, "new"),
        ("Norway holds 36 tanks.", "stock", None, "new"),
        ("Norway used to hold 36 tanks.", "stock", None, "background"),
        ("Nammo produced 20 shells.", "production", "2021", "background"),
        ("Ukraine asked for tanks.", "request", None, "new"),
        ("Ukraine had asked for tanks.", "request", None, "background"),
    ],
)
def test_scope(text: str, kind: str, when: str | None, expected: str) -> None:
    assert scope(text, kind, when) == expected


def test_a_delivery_at_the_head_of_a_document_is_its_news() -> None:
    assert scope("Norway handed over eight tanks.", "delivery", lead=True) == "new"
    assert scope("Norway handed over eight tanks.", "delivery", lead=False) == "background"


def test_an_undated_document_makes_nothing_old() -> None:
    found = units("Norway pledged tanks in 2022.")
    (first,) = find_predicates(found)
    assert scope_of("in 2022", first, "pledge", "2022", None, lead=True, rate=False) == "new"


def test_a_rate_of_use_is_news_and_a_sum_is_a_total() -> None:
    found = units("Ukraine fired 5,000 shells.")
    (first,) = find_predicates(found)
    for rate, expected in ((True, "new"), (False, "total")):
        assert scope_of("", first, "expenditure", None, PUBLISHED, lead=True, rate=rate) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Norway, which sent Ukraine 22 howitzers in May 2022, will send eight Leopard 2 tanks.",
        "Norway will send Ukraine eight Leopard 2 tanks. In May 2022 it sent 22 howitzers.",
        "Norway will send eight Leopard 2 tanks to Ukraine. Norway had earlier sent 22 howitzers.",
    ],
)
def test_news_and_recollection_in_one_document(text: str) -> None:
    scopes = {s.item.category.value: s.scope for s in read(text)}
    assert scopes == {"tank": Scope.NEW, "artillery": Scope.BACKGROUND}


def governed(text: str) -> list[str | None]:
    """Return the lemma that governs each anchor of a sentence."""
    found = units(text)
    readings = [(p, read_predicate(p, found)) for p in find_predicates(found)]
    chosen = govern(found, find_anchors(found), readings)
    return [p.trigger.lemma if p is not None else None for _, p, _ in chosen]


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("Norway sent eight tanks.", ["send"]),
        ("Eight tanks were sent.", ["send"]),
        ("The tanks that Norway sent are old.", ["send"]),
        ("Norway sent eight tanks and ordered 20 howitzers.", ["send", "order"]),
        ("Norway sent eight tanks; Poland ordered 20 howitzers.", ["send", "order"]),
        ("The eight tanks are old.", [None]),
        ("Norway refused to send tanks.", ["send"]),
    ],
)
def test_the_nearest_predicate_governs(text: str, lemmas: list[str | None]) -> None:
    assert governed(text) == lemmas


def cost(text: str) -> float:
    """Return how far the predicate of a sentence is from its anchor."""
    found = units(text)
    (predicate,), (anchor,) = find_predicates(found), find_anchors(found)
    reach = distance(found, anchor, predicate)
    assert reach is not None
    return reach


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("Norway promised old tanks.", "Norway promised while tanks"),
        ("Norway promised old tanks.", "Norway promised; tanks"),
        ("Norway promised tanks.", "Norway promised many old grey tanks."),
        ("Tanks were promised.", "Tanks and more were promised."),
        ("Norway sent tanks.", "Tanks, Norway sent."),
    ],
)
def test_barriers_and_words_between_make_a_predicate_farther(near: str, far: str) -> None:
    assert cost(near) < cost(far)


def test_a_refusal_rules_over_what_is_refused() -> None:
    found = units("Norway rejected Ukraine's request for eight tanks.")
    readings = [(p, read_predicate(p, found)) for p in find_predicates(found)]
    ((_, _, reading),) = govern(found, find_anchors(found), readings)
    assert reading is not None
    assert reading.kind == "refusal"


def support(text: str, lemma: str, kind: str) -> bool:
    found = units(text)
    trigger = next(p for p in find_predicates(found) if p.trigger.lemma == lemma)
    return supported(found, find_anchors(found)[0], trigger, kind)


@pytest.mark.parametrize(
    ("text", "lemma", "kind", "expected"),
    [
        ("Norway sent eight tanks.", "send", "delivery", True),
        ("Eight tanks sent by Norway were destroyed.", "send", "delivery", False),
        ("Ukraine fired 5,000 shells.", "fire", "expenditure", True),
        ("Ukraine fired shells.", "fire", "expenditure", False),
        ("The tanks will go to Ukraine.", "go", "pledge", True),
        ("The tanks will go on.", "go", "pledge", False),
        ("Norway holds 36 tanks.", "hold", "stock", True),
        ("Norway has stopped sending tanks.", "stop", "refusal", True),
        ("Norway stopped the tanks.", "stop", "refusal", False),
    ],
)
def test_what_a_trigger_needs(text: str, lemma: str, kind: str, expected: bool) -> None:
    assert support(text, lemma, kind) is expected


def test_missiles_fired_at_places_are_an_attack() -> None:
    found = units("Russia fired 30 missiles at Odesa.")
    assert is_attack(found, find_anchors(found)[0])
    found = units("Ukraine fired 30 missiles at the drones.")
    assert not is_attack(found, find_anchors(found)[0])
    found = units("Ukraine fired 5,000 shells at the wood.")
    assert not is_attack(found, find_anchors(found)[0])


@pytest.mark.parametrize(
    "battle",
    [
        "At least 40 soldiers were killed and 120 wounded near Bakhmut.",
        "The EU adopted its tenth package of sanctions against Russia.",
        "Oil rose to $85 a barrel.",
        "Fighting went on around Vuhledar for a third week.",
    ],
)
def test_battle_and_trade_are_no_statements(battle: str) -> None:
    aid = "Norway will send eight Leopard 2 tanks to Ukraine."
    assert codings(f"{aid} {battle}") == codings(aid)
    assert codings(f"{aid}\n\n{battle}") == codings(aid)
