"""Text of others is cut between words, and only where it is too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reporting.cutting import first_words, last_words, shortened
from pledgebook.reporting.plain import one_line

TEXTS = st.text(max_size=300)
WIDTHS = st.integers(min_value=5, max_value=60)


@given(TEXTS, WIDTHS)
def test_shortened_is_short_and_a_beginning(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most + 2
    assert "\n" not in found


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("", "", "", ""),
        (" \n", "\n ", "", ""),
        ("Norway sent ", " to Kyiv.", "Norway sent ", " to Kyiv."),
        ("about", ", it said", "about", ", it said"),
        ("one two three four\n", " five six seven", "… three four ", " five six …"),
        ("onetwothreefour", "fivesixseveneight", "… wothreefour", "fivesixseve …"),
    ],
)
def test_what_stands_around_a_quotation(before: str, after: str, left: str, right: str) -> None:
    assert (last_words(before, 11), first_words(after, 11)) == (left, right)


@given(TEXTS, WIDTHS)
def test_what_stands_around_is_short_and_next_to_it(text: str, most: int) -> None:
    line = one_line(text)
    assert line.startswith(first_words(text, most).strip().removesuffix("…").strip())
    assert line.endswith(last_words(text, most).strip().removeprefix("…").strip())
    assert len(first_words(text, most)) <= most + 3
    assert len(last_words(text, most)) <= most + 3
