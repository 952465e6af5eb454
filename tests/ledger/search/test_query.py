"""What is typed, read: every text has a meaning, and only what is a field is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching import drawn

from pledgebook.ledger.search.query import Condition, Query, parse


def shown(query: Query) -> list[str]:
    """Parts as signs, words, and an asterisk for what is only begun."""
    return [
        ("-" if part.absent else "")
        + " | ".join(" ".join(run.words) for run in part.pattern.runs)
        + ("*" if part.begun else "")
        for part in query.parts
    ]


PARTS = [
    ("Norway tanks", ["norway | norways", "tanks | tank"]),
    ("tank", ["tank | tanks"]),
    ("batteries", ["batteries | battery | batterie"]),
    ("battery", ["battery | batteries | batterys"]),
    ("class", ["class"]),
    ('"Norway tanks"', ["norway tanks"]),
    ("-tank", ["-tank | tanks"]),
    ('-"air defence"', ["-air defence"]),
    ("leo*", ["leo*"]),
    ('"leopard 2a"*', ["leopard 2 a*"]),
    ("F-16", ["f 16"]),
    ("F-16s", ["f 16 s | f 16"]),
    ("155mm-", ["155 mm"]),
    ('"never closed', ["never | nevers", "closed | closeds"]),
    ("a - b", ["a", "b"]),
    ("https://a.example/b?c=d", ["https a example b c d"]),
    ("(NEAR OR) AND ^x", ["near | nears", "or", "and", "x"]),
    ("su*b", ["su b"]),
    ("***", []),
    ("", []),
    ("坦克", ["坦 克"]),
]


@pytest.mark.parametrize(("text", "parts"), PARTS, ids=[text or "-" for text, _ in PARTS])
def test_parts(text: str, parts: list[str]) -> None:
    assert shown(parse(text)) == parts


CONDITIONS = [
    ("donor:NOR", Condition("donor", "NOR")),
    ('Donor:"United Kingdom"', Condition("donor", "United Kingdom")),
    ("-item:tank", Condition("item", "tank", absent=True)),
    ("from:2023-02", Condition("from", "2023-02")),
    ('outlet:"wire.example"x', Condition("outlet", "wire.example")),
]


@pytest.mark.parametrize(("text", "condition"), CONDITIONS, ids=[one for one, _ in CONDITIONS])
def test_conditions(text: str, condition: Condition) -> None:
    assert parse(text).conditions[0] == condition


@pytest.mark.parametrize("text", ["donor:", "donor: NOR", "giver:NOR", ":NOR", 'donor:""'])
def test_what_is_no_field_is_words(text: str) -> None:
    assert parse(text).conditions == ()
    assert parse(text).parts


def test_only_a_text_without_characters_is_blank() -> None:
    assert parse(" \n").blank
    assert not parse("?!").blank
    assert parse("?!").parts == ()


def test_words_that_make_a_name_know_it() -> None:
    query = parse("old United Kingdom tanks", lambda text: text.casefold() == "united kingdom")
    assert [part.names for part in query.parts] == [
        (),
        ("United Kingdom",),
        ("United Kingdom",),
        (),
    ]
    query = parse("United -Kingdom", lambda _: True)
    assert [part.names for part in query.parts] == [(), ()]


@given(st.text() | st.lists(st.sampled_from(drawn(["donor:", "from:2023", "tank"]))).map("".join))
def test_any_text_is_read(text: str) -> None:
    query = parse(text)
    for part in query.parts:
        for run in part.pattern.runs:
            assert run.words
            assert all(word.isalnum() for word in run.words)
        # Nothing but words is ever handed to an engine.
        assert not set(part.pattern.for_sqlite()) & set("(){}^:'\\")
        assert not set(part.pattern.for_postgresql().replace("<->", "")) & set("!<>\\")


def test_there_is_an_end_to_a_query() -> None:
    assert len(parse("tank " * 10_000).parts) < 100
    assert len(parse(f'"{"tank " * 10_000}"').parts[0].pattern.runs[0].words) < 100
