"""A statement comes back from its row as it went in, whatever its fields hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Row

from making import START, document
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stored import statement_of
from pledgebook.ledger.writing import statement_rows
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Ground,
    Item,
    Kind,
    Money,
    Per,
    Quantity,
    Scope,
    Statement,
    Status,
)

TEXT = "Norwegen schickt 14 Leopard 2 nach Kyjiw\nund mehr"
ENDS = st.one_of(st.none(), st.just(-0.0), st.floats(0, 1e12))
RATES = st.one_of(st.none(), st.sampled_from(Per))
# Half a surrogate pair too: the store escapes it, and JSON holds the escape.
WORDS = st.one_of(st.none(), st.text(st.characters(codec=None), max_size=5))


@st.composite
def statements(draw: st.DrawFn, of: str) -> Statement:
    """Any statement of a document."""
    low, high = draw(st.tuples(ENDS, ENDS).filter(any_end))
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    amount: dict[str, Any] = {"low": low, "high": high, "per": draw(RATES)}
    return Statement(
        kind=draw(st.sampled_from(Kind)),
        status=draw(st.sampled_from(Status)),
        scope=draw(st.sampled_from(Scope)),
        actors=tuple(sorted(draw(st.sets(st.text(max_size=3), max_size=3)))),
        recipient=draw(WORDS),
        item=Item(category=draw(st.sampled_from(Category)), designation=draw(WORDS)),
        quantity=draw(
            st.one_of(
                st.none(),
                st.builds(
                    Quantity, approx=st.booleans(), unit=st.text(min_size=1), **fixed(amount)
                ),
            )
        ),
        money=draw(
            st.one_of(st.none(), st.builds(Money, currency=st.just("EUR"), **fixed(amount)))
        ),
        when=draw(st.sampled_from([None, "2023", "2023-05-06", "2023/2024-05"])),
        supplier=draw(WORDS),
        speaker=draw(WORDS),
        evidence=Evidence(document=of, start=start, end=end, quote=TEXT[start:end]),
        grounds=draw(
            st.lists(st.builds(Ground, field=st.text(), start=st.just(0), end=st.just(1))).map(
                tuple
            )
        ),
        rule=draw(st.text(max_size=4)),
        score=draw(st.floats(0, 1)),
    )


def any_end(ends: tuple[float | None, float | None]) -> bool:
    low, high = ends
    return ends != (None, None) and (low is None or high is None or low <= high)


def fixed(fields: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.just(value) for name, value in fields.items()}


MADE = document(TEXT, "2023-02-14")


@given(st.lists(statements(MADE.id), min_size=1, max_size=4))
def test_what_was_stored_comes_back_equal(said: list[Statement]) -> None:
    rows, links = statement_rows(Reading(MADE, tuple(said), "by-hand", "1", "none"), START)
    for statement, row, link in zip(said, rows, links, strict=True):
        back = statement_of(cast("Row[Any]", SimpleNamespace(**row, **link)), TEXT)
        assert back == statement
        assert repr(back) == repr(statement)
        assert back.model_dump() == statement.model_dump()
        changed = back.model_copy(update={"rule": "x"})
        assert (changed.rule, back.rule) == ("x", statement.rule)
