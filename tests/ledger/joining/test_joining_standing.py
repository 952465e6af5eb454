"""A document that is added touches only its blocks, and the result is that of joining all anew."""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joining_rows import RULES, TREE, denser

from pledgebook.ledger.joining.bodies import Body
from pledgebook.ledger.joining.standing import Standing
from pledgebook.ledger.rules import Rules

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture(autouse=True, scope="module")
def benchmarks() -> object:
    """The made-up stream stands beside the benchmarks that use it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
        yield


def news(count: int, seed: int) -> list[Body]:
    from repetition import stream

    return list(stream(count, TREE, seed))


def documents(bodies: list[Body], chance: random.Random) -> list[list[Body]]:
    """The statements of each document, the documents in no order."""
    found: dict[str, list[Body]] = defaultdict(list)
    for one in bodies:
        found[one.document].append(one)
    shuffled = list(found.values())
    chance.shuffle(shuffled)
    return shuffled


def standing(rules: Rules, found: list[list[Body]]) -> Standing:
    return Standing(rules, TREE, [body for document in found for body in document])


def assert_same(grown: Standing, anew: Standing) -> None:
    assert grown.table.ids == anew.table.ids
    assert grown.undertakings() == anew.undertakings()


def grow(rules: Rules, bodies: list[Body], seed: int, *, last: int = 12) -> None:
    """Add the last documents one by one, and hold the result against all joined anew."""
    chance = random.Random(seed)
    found = documents(bodies, chance)
    cut = max(0, len(found) - last)
    grown = standing(rules, found[:cut])
    for place in range(cut, len(found)):
        before = grown.undertakings()
        looked_at = set(grown.add(found[place]))
        assert {body.id for body in found[place]} <= looked_at
        after = grown.undertakings()
        changed = {name for name, lead in before.items() if after[name] != lead}
        assert changed <= looked_at
    assert_same(grown, standing(rules, found))


seeds = st.integers(0, 10**6)


@settings(max_examples=12)
@given(seeds, st.integers(20, 500))
def test_a_world_as_it_is(seed: int, count: int) -> None:
    grow(RULES, news(count, seed), seed)


@settings(max_examples=12)
@given(seeds, st.integers(1, 3), st.integers(1, 4), st.sampled_from((30, 300, 1500)))
def test_a_world_of_few_parties_in_which_lists_are_full(
    seed: int, parties: int, categories: int, days: int
) -> None:
    grow(RULES, denser(news(300, seed), parties, categories, days), seed)


@settings(max_examples=25)
@given(seeds, st.integers(1, 6), st.integers(2, 12), st.integers(1, 3), st.sampled_from((30, 400)))
def test_a_world_in_which_few_meet_and_blocks_are_cut(
    seed: int, most_met: int, most_compared: int, parties: int, days: int
) -> None:
    rules = RULES.model_copy(update={"most_met": most_met, "most_compared": most_compared})
    grow(rules, denser(news(150, seed), parties, 2, days), seed)


@settings(max_examples=6)
@given(seeds)
def test_from_nothing_and_in_lots(seed: int) -> None:
    chance = random.Random(seed)
    found = documents(news(120, seed), chance)
    grown = Standing(RULES, TREE)
    place = 0
    while place < len(found):
        many = chance.randint(1, 20)
        grown.add([body for document in found[place : place + many] for body in document])
        place += many
    assert_same(grown, standing(RULES, found))


@pytest.mark.parametrize("seed", [3, 4])
def test_two_thousand_statements(seed: int) -> None:
    grow(RULES, news(2000, seed), seed, last=8)


def test_only_the_blocks_concerned_are_looked_at() -> None:
    chance = random.Random(5)
    found = documents(news(2000, 5), chance)
    grown = standing(RULES, found[:-20])
    looked_at = [len(grown.add(document)) for document in found[-20:]]
    assert max(looked_at) < len(grown) / 2
    assert sorted(looked_at)[len(looked_at) // 2] < len(grown) / 20


def test_what_makes_no_commitment_changes_nothing() -> None:
    bodies = news(50, 1)
    grown = Standing(RULES, TREE, bodies)
    before = grown.undertakings()
    stock = Body(
        "s1", "d1", bodies[0].counted, True,
        '{"kind": "stock", "item": {"category": "tank"}}', "Norway holds 30 tanks",
    )  # fmt: skip
    assert grown.add([stock]) == []
    assert grown.undertakings() == before
    assert len(grown) == len(before)
