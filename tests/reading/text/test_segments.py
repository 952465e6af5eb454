"""The layout of a text: paragraphs, headings, lists, speaker turns, live blogs, sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.text.segments import Block, blocks, sentences


def kinds(text: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each block."""
    return [(block.kind, text[block.start : block.end]) for block in blocks(text)]


def cut(text: str) -> list[str]:
    """Return the sentences of a text that is one block."""
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


def test_paragraphs_and_empty_lines() -> None:
    text = "Norway will send tanks.\n\n  \nCanada will not.  \n"
    assert kinds(text) == [("text", "Norway will send tanks."), ("text", "Canada will not.")]


def test_a_heading_is_short_and_ends_openly() -> None:
    text = "Tanks for Ukraine\n\nNorway will send eight tanks."
    assert kinds(text) == [
        ("heading", "Tanks for Ukraine"),
        ("text", "Norway will send eight tanks."),
    ]


@pytest.mark.parametrize("end", [".", "!", ";", ",", "”", '"'])
def test_a_line_that_ends_as_a_sentence_is_no_heading(end: str) -> None:
    assert [kind for kind, _ in kinds("Tanks for Ukraine" + end)] == ["text"]


def test_a_long_line_is_no_heading() -> None:
    assert [kind for kind, _ in kinds("tank " * 40)] == ["text"]


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "—", "1.", "2)", "(3)", "a.", "(b)"])
def test_bullets(mark: str) -> None:
    text = f"Norway will send:\n{mark} eight tanks\n{mark} four howitzers"
    found = blocks(text)
    assert [block.kind for block in found[1:]] == ["item", "item"]
    assert [text[block.start : block.end] for block in found[1:]] == [
        "eight tanks",
        "four howitzers",
    ]
    assert [block.head for block in found] == [None, 0, 0]


def test_a_list_ends_with_a_paragraph_and_the_next_has_its_own_head() -> None:
    text = (
        "Norway will send:\n- eight tanks\n\nThat is all that there is.\n\n"
        "Canada will send:\n- four tanks"
    )
    assert [block.kind == "item" for block in blocks(text)] == [False, True, False, False, True]
    assert [block.head for block in blocks(text)] == [None, 0, None, None, 3]


def test_lines_without_bullets_go_on_with_a_list() -> None:
    text = "Norway will send:\n- eight tanks;\nfour howitzers; and\n- two trucks."
    assert [block.kind for block in blocks(text)][1:] == ["item", "item", "item"]


def test_a_number_with_its_dot_is_no_bullet_inside_a_line() -> None:
    assert kinds("Norway sent 8. Canada sent 4 tanks.") == [
        ("text", "Norway sent 8. Canada sent 4 tanks.")
    ]


def test_questions_are_set_apart_from_answers() -> None:
    text = (
        "MINISTER GRAM: We will send tanks.\n\nQ: How many tanks will you send?\n\n"
        "MINISTER GRAM: Eight tanks.\n\nNo more than that."
    )
    found = blocks(text)
    assert [(block.kind, block.speaker) for block in found] == [
        ("text", "MINISTER GRAM"),
        ("question", "Q"),
        ("text", "MINISTER GRAM"),
        ("text", "MINISTER GRAM"),
    ]
    assert text[found[0].start : found[0].end] == "We will send tanks."
    assert text[found[1].start : found[1].end] == "How many tanks will you send?"


def test_a_question_goes_on_to_the_next_turn() -> None:
    text = "Q  One more thing.\nWill there be tanks?\nMS. SINGH: Yes, eight tanks."
    assert [block.kind for block in blocks(text)] == ["question", "question", "text"]


@pytest.mark.parametrize("stamp", ["09:30", "9.30am", "10:15 GMT", "5pm", "14:05 -"])
def test_the_stamp_of_a_live_blog(stamp: str) -> None:
    text = f"{stamp} Norway will send eight tanks."
    (block,) = blocks(text)
    assert block.stamp
    assert text[block.start : block.end] == "Norway will send eight tanks."


def test_an_ordinary_line_has_no_stamp() -> None:
    assert not any(block.stamp for block in blocks("Norway will send eight tanks at 09:30."))


def test_sentences() -> None:
    assert cut("Norway sent eight tanks. Canada sent four! Who else? Nobody.") == [
        "Norway sent eight tanks.",
        "Canada sent four!",
        "Who else?",
        "Nobody.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Mark Milley spoke to Mr. Gram.",
        "The U.S. Army has 31 tanks.",
        "J. Stoltenberg spoke in Brussels.",
        "Lockheed Martin Corp. makes rockets.",
        "It is worth $1.5 billion to Ukraine.",
        "It arrived on Feb. 14 in Poland.",
        "See No. 5 of the list.",
    ],
)
def test_a_dot_that_ends_no_sentence(text: str) -> None:
    assert cut(text) == [text]


def test_quotation_marks_belong_to_their_sentence() -> None:
    assert cut("“We will send tanks.” Canada will too.") == [
        "“We will send tanks.”",
        "Canada will too.",
    ]


def test_a_line_break_ends_a_sentence() -> None:
    assert cut("Norway sent tanks\nCanada sent guns") == ["Norway sent tanks", "Canada sent guns"]


def test_nothing_has_no_block() -> None:
    assert blocks("") == []
    assert blocks(" \n\t\n") == []
    assert sentences("", 0, 0) == []


LINES = st.lists(
    st.sampled_from(
        ["Norway will send:", "- eight tanks", "Q: tanks?", "", "  ", "10:15 - Tanks.", "A. B. C"]
    )
    | st.text(max_size=40),
    max_size=12,
)


@given(LINES)
def test_blocks_are_in_order_stripped_and_within_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = blocks(text)
    position = 0
    for index, block in enumerate(found):
        assert isinstance(block, Block)
        assert position <= block.start < block.end <= len(text)
        position = block.end
        piece = text[block.start : block.end]
        assert piece == piece.rstrip()
        assert "\n" not in piece
        assert block.head is None or block.head < index
        assert block.kind in {"text", "heading", "item", "question"}


@given(LINES)
def test_sentences_hold_every_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = sentences(text, 0, len(text))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
    assert found == sorted(found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
