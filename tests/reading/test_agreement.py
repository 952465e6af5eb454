"""Two coders on one document: every statement once, who found it, and where they disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import document
from pledgebook.reading import coder
from pledgebook.reading.agreement import Finding, agree, agreeing, finding_of, pairs, summary
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Quantity,
    Scope,
    Statement,
)

TEXT = "Norway will send eight Leopard 2 tanks to Ukraine. Sweden gave 100 million euros in May."
FIRST, SECOND = "Norway will send eight Leopard 2 tanks", "Sweden gave 100 million euros in May"


def statement(quote: str = FIRST, **changes: Any) -> Statement:  # noqa: ANN401
    start = TEXT.index(quote)
    made = Statement(
        kind=Kind.PLEDGE,
        actors=("NOR",),
        recipient="UKR",
        item=Item(category=Category.TANK, designation="Leopard 2"),
        quantity=Quantity(low=8, high=8),
        evidence=Evidence(document="d1", start=start, end=start + len(quote), quote=quote),
        rule="send",
    )
    return Statement.model_validate(made.model_dump() | changes)


def given_money(**changes: Any) -> Statement:  # noqa: ANN401
    aid = Item(category=Category.MILITARY_AID)
    money = Money(low=1e8, high=1e8, currency="EUR")
    return statement(SECOND, actors=("SWE",), item=aid, quantity=None, money=money, **changes)


def found(one: Statement) -> Finding:
    finding = finding_of(one)
    assert finding is not None
    return finding


def test_what_both_found_is_one_statement() -> None:
    other = statement("will send eight Leopard 2 tanks", rule="llm m")
    [both] = agree({"grammar": [statement()], "llm": [other]})
    assert both.evidence == statement().evidence
    assert both.score == 1.0
    finding = found(both)
    assert finding.by == {"grammar": "send", "llm": "llm m"}
    assert not finding.for_review
    assert finding.says() == "found by grammar and llm"


def test_the_first_coder_prevails_and_the_other_is_heard() -> None:
    other = statement(
        scope=Scope.BACKGROUND, when="2023-03", quantity=Quantity(low=None, high=8), rule="llm"
    )
    [both] = agree({"grammar": [statement()], "llm": [other]})
    assert (both.scope, both.when) == (Scope.NEW, None)
    finding = found(both)
    assert set(finding.differs) == {"scope", "when", "quantity"}
    assert finding.differs["when"] == {"llm": "2023-03"}
    assert finding.differs["quantity"]["llm"]["high"] == 8
    assert finding.for_review
    assert "scope (llm: background)" in finding.says()
    assert "quantity (llm: 8)" in finding.says()
    assert 0.5 < both.score < 1
    [turned] = agree({"llm": [other], "grammar": [statement()]})
    assert turned.when == "2023-03"
    assert found(turned).differs["when"] == {"grammar": None}


def test_what_one_found_alone_is_kept_for_review() -> None:
    merged = agree({"grammar": [statement()], "llm": [given_money()]})
    assert [found(one).by for one in merged] == [{"grammar": "send"}, {"llm": "send"}]
    assert [found(one).missed for one in merged] == [("llm",), ("grammar",)]
    assert all(found(one).for_review for one in merged)
    assert {one.score for one in merged} == {0.5}
    assert found(merged[0]).says() == "found by grammar, not by llm"


def test_the_most_alike_are_paired() -> None:
    tanks, shells = statement(), statement(quantity=Quantity(low=9, high=9))
    assert pairs([tanks, shells], [shells, tanks]) == [(0, 1), (1, 0)]


def test_other_words_and_other_things_are_no_pair() -> None:
    assert pairs([statement()], [given_money()]) == []
    assert pairs([statement()], [statement(SECOND)]) == []
    drone = Item(category=Category.DRONE)
    assert pairs([statement()], [statement(kind="refusal", item=drone)]) == []
    assert pairs([statement()], [statement(kind="refusal")]) == [(0, 0)]


def test_names_are_compared_by_their_letters() -> None:
    other = statement(item=Item(category=Category.TANK, designation="LEOPARD-2"))
    [both] = agree({"a": [statement()], "b": [other]})
    assert not found(both).differs


def test_three_coders() -> None:
    merged = agree({
        "a": [statement()], "b": [given_money()], "c": [given_money(when="2023-05"), statement()],
    })  # fmt: skip
    assert [tuple(found(one).by) for one in merged] == [("a", "c"), ("b", "c")]
    assert found(merged[1]).differs == {"when": {"c": "2023-05"}}
    assert merged[0].score == pytest.approx(2 / 3, abs=1e-3)


def test_counts() -> None:
    merged = agree({"a": [statement(), given_money()], "b": [statement(when="2023-03")]})
    counts = summary([*merged, statement()])
    assert counts == {"all": 1, "only a": 1, "review": 2, "differs": 1, "differs when": 1}


def test_a_single_coder_leaves_no_finding() -> None:
    assert finding_of(statement()) is None
    assert finding_of(statement(rule='{"by": broken')) is None
    assert finding_of(statement(rule='{"by":')) is None


moves = st.builds(
    lambda quote, kind, scope, when, low: statement(
        quote, kind=kind, scope=scope, when=when, quantity=Quantity(low=low, high=low)
    ),
    st.sampled_from([FIRST, SECOND, "Leopard 2 tanks", "eight", "in May"]),
    st.sampled_from([*Kind]),
    st.sampled_from([*Scope]),
    st.sampled_from([None, "2023"]),
    st.integers(1, 3),
)


@given(st.lists(moves, max_size=5), st.lists(moves, max_size=5))
def test_nothing_is_lost_and_nothing_is_doubled(one: list[Statement], two: list[Statement]) -> None:
    merged = agree({"a": one, "b": two})
    by = [found(it).by for it in merged]
    assert sum("a" in names for names in by) == len(one)
    assert sum("b" in names for names in by) == len(two)
    pairs_found = pairs(one, two)
    assert len({i for i, _ in pairs_found}) == len({j for _, j in pairs_found}) == len(pairs_found)
    assert len(merged) == len(one) + len(two) - len(pairs_found)
    places = [(it.evidence.start, it.evidence.end) for it in merged]
    assert places == sorted(places)
    bare = {"rule", "score"}
    kept = [it.model_dump(exclude=bare) for it in merged]
    assert all(it.model_dump(exclude=bare) in kept for it in one)
    for it in merged:
        finding = found(it)
        assert Finding(finding.by, finding.of, finding.differs) == finding
        assert (it.score == 1) == (not finding.for_review)


@given(st.lists(moves, max_size=4))
def test_a_coder_agrees_with_itself(one: list[Statement]) -> None:
    merged = agree({"a": one, "b": one})
    assert len(merged) == len(one)
    counts = summary(merged)
    assert counts["all"] == len(one)


class _Session:
    def __init__(self, name: str) -> None:
        self.name, self.closed = name, False

    def progress(self) -> str:
        return f"{self.name} at work"

    def report(self) -> list[str]:
        return [f"{self.name} is done"]

    def close(self) -> None:
        self.closed = True


def made(name: str, *statements: Statement, workers: int = 1) -> tuple[Coder, _Session]:
    session = _Session(name)
    return Coder(name, f"{name}1", lambda *_: list(statements), workers, session), session


def test_coders_are_joined_with_their_sessions() -> None:
    first, first_session = made("a", statement(), given_money())
    second, second_session = made("b", statement(when="2023"), workers=4)
    both = agreeing([first, second])
    assert (both.name, both.workers) == ("a,b", 4)
    assert both.version != agreeing([second, first]).version
    text = document(TEXT, "2023-02-14")
    assert len(both.read(text, load_catalogue())) == 2
    assert both.session.progress() == "a at work, b at work"
    assert both.session.report() == [
        "a is done",
        "b is done",
        "1 statement found by a and b, 1 of them otherwise (when 1); 1 by a alone",
        "2 statements to review",
    ]
    both.session.close()
    assert first_session.closed
    assert second_session.closed


def test_a_coder_that_does_not_know_the_language_has_missed_nothing() -> None:
    first = replace(made("a", statement())[0], languages=frozenset({"en"}))
    second, _ = made("b", statement())
    both = agreeing([first, second])
    assert both.languages is None
    catalogue = load_catalogue()
    [alone] = both.read(document(TEXT, "2023-02-14", lang="sv"), catalogue)
    assert found(alone).of == ("b",)
    assert not found(alone).for_review
    [together] = both.read(document(TEXT, "2023-02-14", lang="en"), catalogue)
    assert found(together).of == ("a", "b")
    third = replace(second, languages=frozenset({"sv"}))
    assert agreeing([first, third]).languages == frozenset({"en", "sv"})


def test_the_grammar_agrees_with_itself_on_a_real_text() -> None:
    grammar = coder("grammar")
    text: Document = document(TEXT, "2023-02-14")
    catalogue = load_catalogue()
    alone = grammar.read(text, catalogue)
    both = agree({"grammar": alone, "again": grammar.read(text, catalogue)})
    assert len(both) == len(alone) > 0
    assert not any(found(one).for_review for one in both)
