"""Quotations are found whatever their marks and blanks, and mended to the exact slice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.llm.quoting import Quoted, fold_marks, in_order

TEXT = (
    "“Norway’s government — on Tuesday — will send eight\n  Leopard\u00a02 tanks,” she said.\n"
    "Norway will send four tanks. Poland will send four tanks."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("will send eight Leopard 2 tanks", "will send eight\n  Leopard\u00a02 tanks"),
        ("Norway's government - on Tuesday", "Norway’s government — on Tuesday"),
        ("  Poland will send four tanks.  ", "Poland will send four tanks."),
        ('"Poland will send four tanks..."', "Poland will send four tanks"),
        ("NORWAY WILL SEND FOUR TANKS", "Norway will send four tanks"),
        ("Nor\u00adway will send\u200b four tanks", "Norway will send four tanks"),
    ],
)
def test_marks_and_blanks_are_mended(quote: str, found: str) -> None:
    [(start, end)] = Quoted(TEXT).spans(quote)
    assert TEXT[start:end] == found


@pytest.mark.parametrize("quote", ["", "...", "Sweden will send", "ill send four", "send fou"])
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert Quoted(TEXT).spans(quote) == []


def test_accents_match_however_they_are_written() -> None:
    text = "Cafe\u0301 Ne\u0301ant gives 4 tanks"
    [(start, end)] = Quoted(text).spans("Caf\u00e9 N\u00e9ant")
    assert text[start:end] == "Cafe\u0301 Ne\u0301ant"


def test_a_quotation_of_several_places_takes_the_nearest_in_order() -> None:
    quoted = Quoted(TEXT)
    spans = [quoted.spans(quote) for quote in ("four tanks", "Poland", "four tanks")]
    first, poland, last = in_order(spans)
    assert first is not None
    assert poland is not None
    assert last is not None
    assert first < poland < last
    assert TEXT[: first[0]].endswith("Norway will send ")
    assert TEXT[: last[0]].endswith("Poland will send ")


def test_what_is_not_found_keeps_its_place_among_the_others() -> None:
    assert in_order([[], [(3, 5)], []]) == [None, (3, 5), None]


words = st.text("abcdefgh é’“”-–—.,\n\u00a0\u200b\u00adÀß", min_size=1, max_size=80)


@given(words, st.data())
def test_every_slice_of_whole_words_is_found_where_it_stands(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = text[start:end]
    spans = Quoted(text).spans(piece)
    folded = fold_marks(piece)[0].strip()
    for first, last in spans:
        assert first < last
        found = fold_marks(text[first:last])[0].strip().lower()
        assert found in {folded.lower(), folded.strip(" \t\n\"'.,;:!?-()[]*_").lower()}
    whole = (start == 0 or not text[start - 1].isalnum()) and (
        end == len(text) or not text[end].isalnum()
    )
    around = text[max(0, start - 2) : start] + text[end : end + 2]
    invisible = any(mark in around for mark in "\u200b\u00ad")
    if whole and not invisible and any(map(str.isalnum, piece)):
        assert spans
