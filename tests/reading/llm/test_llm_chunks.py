"""Long documents are cut so that nothing is lost and nothing is asked about twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.llm.chunks import chunks

PARAGRAPH = "Norway will send eight tanks to Ukraine. " * 5
ITEMS = "\n".join(f"- {number} trucks for region {number}" for number in range(1, 61))

texts = st.text(st.sampled_from("ab .\n-:1é"), max_size=900)


@given(texts, st.integers(200, 400))
def test_the_pieces_lie_end_to_end(text: str, size: int) -> None:
    found = chunks(text, size)
    if not text.strip():
        assert found == []
        return
    assert "".join(text[one.start : one.end] for one in found) == text
    assert all(0 < one.end - one.start <= size for one in found)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert {one.count for one in found} == {len(found)}


def test_a_short_document_is_one_piece_without_context() -> None:
    [only] = chunks(PARAGRAPH, 6000)
    assert (only.start, only.end, only.count, only.context) == (0, len(PARAGRAPH), 1, ())


def test_pieces_begin_at_paragraphs() -> None:
    text = "\n\n".join([PARAGRAPH] * 6)
    found = chunks(text, 500)
    assert len(found) == 3
    assert all(text[one.start :].startswith("Norway will") for one in found)
    assert all(one.context for one in found[1:])


def test_a_paragraph_that_is_too_long_is_cut_between_sentences() -> None:
    text = "Title\n\n" + " ".join(f"Norway will send {number} tanks." for number in range(100))
    for one in chunks(text, 400)[1:]:
        assert text[one.start :].startswith("Norway will")


def test_the_head_of_a_list_goes_with_its_lines() -> None:
    head = "Germany delivered to Ukraine by 3 May:"
    text = "\n".join(["The list of the ministry", "", head, ITEMS, "", PARAGRAPH])
    found = chunks(text, 400)
    inside = [one for one in found if text[one.start :].startswith("- ")]
    assert len(inside) > 2
    for one in inside:
        context = " ".join(text[start:end] for start, end in one.context)
        assert head in context
        assert "The list of the ministry" in context


def test_context_is_never_a_part_of_the_piece() -> None:
    text = "\n\n".join(f"Paragraph {number}. " + PARAGRAPH for number in range(12))
    for one in chunks(text, 450)[1:]:
        first = text[one.start : one.end].split(".")[0]
        assert first.startswith("Paragraph ")
        assert all(0 <= start < end <= one.start for start, end in one.context)
        assert all(end <= start for (_, end), (start, _) in pairwise(one.context))
