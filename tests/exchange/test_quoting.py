"""The pieces of a text that go out without it are enough to hear the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.exchange.quoting import quotations
from pledgebook.ledger.outlets import is_corrected
from pledgebook.ledger.stubs import blank, cut, overlay
from pledgebook.vocabulary.statement import Evidence

_words = st.sampled_from(
    [
        "tanks",
        "not 8",
        "but 14",
        "correction",
        "\n",
        "Berichtigung",
        "word",
        "an earlier",
        "version",
    ]
)
_texts = st.lists(_words, min_size=1, max_size=60).map(" ".join)


@given(_texts, st.data())
def test_corrections_are_heard_in_the_pieces_as_in_the_text(text: str, data: st.DataObject) -> None:
    spans = data.draw(
        st.lists(
            st.integers(0, len(text) - 1).flatmap(
                lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
            ),
            max_size=4,
        )
    )
    pieces = quotations(text, spans, [])
    left = blank(pieces, len(text))
    assert len(left) == len(text)
    for start, end in spans:
        assert left[start:end] == text[start:end]
        evidence = Evidence(document="d", start=start, end=end, quote=text[start:end])
        assert is_corrected(left, evidence) == is_corrected(text, evidence)
    # What is left gives the same pieces again.
    assert quotations(left, spans, []) == pieces


def test_no_more_goes_out_than_is_quoted() -> None:
    text = "A secret. Norway sends 8 tanks to us. Another secret."
    start = text.index("Norway")
    assert quotations(text, [(start, start + 21)], []) == [(start, "Norway sends 8 tanks ")]


def test_a_correction_goes_out_with_what_is_near_it() -> None:
    text = "Far away. " * 40 + "In a correction it said Norway sends 8 tanks."
    start = text.index("Norway")
    [(place, piece)] = quotations(text, [(start, start + 20)], [])
    assert "correction it said Norway sends 8 tanks" in piece
    assert start - place <= 120


@given(st.text("abc", max_size=20), st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25))))
def test_pieces_stand_where_they_stood(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = cut(text, [(min(span), max(span)) for span in spans])
    left = blank(pieces, len(text))
    assert overlay(text, pieces) == text
    for at, (have, had) in enumerate(zip(left, text, strict=True)):
        quoted = any(min(span) <= at < max(span) for span in spans)
        assert have == (had if quoted else " ")
