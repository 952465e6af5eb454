"""The learned coder end to end, with the weights that ship."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from coding import CATALOGUE
from hypothesis import given, settings
from hypothesis import strategies as st
from surveying import TEXT, document

from pledgebook.errors import UsageError
from pledgebook.reading import coder
from pledgebook.reading.learned import model
from pledgebook.reading.learned.coder import read
from pledgebook.reading.trace import tracing
from pledgebook.vocabulary.statement import Statement

LARGEST = 30_000_000
WEIGHTS = files("pledgebook.reading.learned.weights")


def read_text(text: str) -> list[Statement]:
    return read(document(text), CATALOGUE)


def test_a_plain_promise_is_read() -> None:
    [found] = [s for s in read_text(TEXT) if "14 armoured vehicles" in s.evidence.quote]
    assert (found.kind, found.actors, found.recipient) == ("pledge", ("SWE",), "MDA")
    assert found.quantity is not None
    assert (found.quantity.low, found.quantity.high) == (14, 14)
    assert 0 < found.score <= 1


def test_a_match_report_is_not_read() -> None:
    text = (
        "Leeds beat Hull 3-1 on Saturday in front of 14,000 people. The captain scored twice "
        "and the club sold a striker for 12 million pounds to a rival in the north."
    )
    assert read_text(text) == []


def test_the_same_text_gives_the_same_statements() -> None:
    assert read_text(TEXT) == read_text(TEXT)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_evidence_is_a_slice_of_any_text(before: str, behind: str) -> None:
    text = before + TEXT + behind
    for statement in read_text(text):
        evidence = statement.evidence
        assert text[evidence.start : evidence.end] == evidence.quote


def test_a_document_of_many_pages_is_read_to_its_end() -> None:
    text = "\n".join(
        f"Sweden will give Moldova {n} armoured vehicles, a minister said." for n in range(100, 400)
    )
    found = read_text(text)
    assert max(s.evidence.start for s in found) > 0.9 * len(text)


def test_a_trace_changes_nothing_and_tells_every_statement() -> None:
    with tracing() as trace:
        found = read_text(TEXT)
    assert found == read_text(TEXT)
    told = [event.statement for event in trace.events if event.name == "statement"]
    assert [s for s in found if s not in told] == []
    scores = [event.scores for event in trace.events if event.scores]
    assert scores
    assert all(0 <= value <= 1 for one in scores for value in one.values())


def test_the_coder_has_a_name_and_a_version_of_its_own() -> None:
    learned, grammar = coder("learned"), coder("grammar")
    assert learned.name == "learned"
    assert learned.version != grammar.version
    assert learned.languages == grammar.languages


def test_the_weights_are_small_and_say_where_they_come_from() -> None:
    size = sum(len(part.read_bytes()) for part in WEIGHTS.iterdir() if part.is_file())
    assert size <= LARGEST
    card = json.loads((WEIGHTS / "card.json").read_text("utf-8"))
    assert card["documents"] > 1000
    assert all(len(digest) == 16 for digest in card["data"].values())


def test_without_its_runtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    model.load_model.cache_clear()
    try:
        with pytest.raises(UsageError, match="onnxruntime") as raised:
            model.load_model()
        assert "pledgebook[learned]" in str(raised.value)
    finally:
        model.load_model.cache_clear()
