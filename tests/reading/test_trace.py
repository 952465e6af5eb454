"""A trace sees how a document is read, and changes nothing of it."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import document
from pledgebook.demo import DOCUMENTS
from pledgebook.reading import read_document
from pledgebook.reading.trace import current_trace, tracing
from pledgebook.vocabulary.catalogue import load_catalogue

CATALOGUE = load_catalogue()
DEMO = [json.loads(line) for line in DOCUMENTS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("record", DEMO, ids=[record["id"] for record in DEMO])
def test_listening_changes_nothing(record: dict[str, str]) -> None:
    made = document(record["text"], record["date"])
    alone = read_document(made, CATALOGUE)
    with tracing() as trace:
        heard = read_document(made, CATALOGUE)
    assert heard == alone
    size = len(made.text)
    assert all(0 <= event.start <= event.end <= size for event in trace.events)
    told = [event.statement for event in trace.events if event.name == "statement"]
    taken_back = {id(e.statement) for e in trace.events if e.name == "left out"}
    kept = [statement for statement in told if id(statement) not in taken_back]
    assert Counter(map(id, kept)) == Counter(map(id, heard))


PIECES = st.lists(
    st.sampled_from(
        [
            "Norway will send eight tanks to Ukraine.", "It gave $5 million.", "Will it?",
            "\n\n", "\n- 12 howitzers", "The package includes:", "Russians fired 20 missiles.",
            "Item: tank\nQuantity: 8\n", "Berlin asked for 30 more by May.", "Canada, four.",
        ]
    ),
    max_size=12,
)  # fmt: skip


@given(PIECES)
def test_listening_changes_nothing_of_any_text(pieces: list[str]) -> None:
    made = document(" ".join(pieces), "2023-02-14")
    alone = read_document(made, CATALOGUE)
    with tracing():
        assert read_document(made, CATALOGUE) == alone


def test_nobody_listens_outside() -> None:
    assert current_trace() is None
    with tracing() as outer:
        assert current_trace() is outer
        with tracing() as inner:
            assert current_trace() is inner
        assert current_trace() is outer
    assert current_trace() is None


def test_what_came_to_nothing_says_why() -> None:
    made = document("Norway will send ten tanks. Raiders destroyed 14 tanks.", "2023-02-14")
    with tracing() as trace:
        read_document(made, CATALOGUE)
    (nothing,) = [event for event in trace.events if event.name == "nothing"]
    assert made.text[nothing.start : nothing.end] == "14 tanks"
    assert nothing.facts["why"] == "battle news"


def test_a_document_kept_out_says_why() -> None:
    with tracing() as trace:
        assert read_document(document("It rained. " * 100), CATALOGUE) == []
    (event,) = trace.events
    assert event.name == "unread"
    assert event.facts["why"]
