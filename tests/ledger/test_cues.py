"""The words of relations: phrases, endings, numbers, and a file that breaks its schema."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import CatalogueError
from pledgebook.ledger.cues import Cues, load_cues, phrases
from pledgebook.vocabulary.statement import Category


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("of which", "of which 5 million", True),
        ("of which", "of  which,", True),
        ("of which", "roof which", False),
        ("includ*", "This includes 5", True),
        ("includ*", "inclusive", False),
        ("not # but #", "not 14 but eight", True),
        ("not # but #", "not tanks but guns", False),
        ("from # to #", "von 8 auf 14", False),
        ("von # auf #", "von 1.000 auf 2.000", True),
        ("решт*", "решту танків", True),
        ("EPF", "the epf", True),
    ],
)
def test_a_phrase_stands_between_word_boundaries(phrase: str, text: str, found: bool) -> None:
    assert (phrases([phrase]).search(text) is not None) is found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("part", "davon 100 Millionen"),
        ("part", "dont 100 millions"),
        ("part", "зокрема 100 мільйонів"),
        ("paused", "Die Lieferung ist ausgesetzt"),
        ("paused", "La livraison est suspendue"),
        ("paused", "Постачання призупинили"),
        ("withdrawn", "The offer was withdrawn"),
        ("resumed", "Deliveries have resumed"),
        ("corrected", "nicht 14, sondern 8"),
        ("corrected", "уточнений список"),
        ("changed", "porté à 14"),
        ("closing", "die restlichen Panzer"),
        ("closing", "les trois derniers chars"),
        ("closing", "решта танків"),
        ("reimbursed", "aus der Europäischen Friedensfazilität"),
    ],
)
def test_the_languages_that_are_read_have_their_words(name: str, text: str) -> None:
    assert load_cues().has(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("closing", "Norway sent tanks last week"),
        ("paused", "the offer stands"),
        ("corrected", "the correct way"),
        ("withdrawn", "with drawn curtains"),
        ("part", "a third package"),
    ],
)
def test_other_words_are_not_taken_for_them(name: str, text: str) -> None:
    assert not load_cues().has(name, text)


LISTS = load_cues().words.model_dump()
SNIPPETS = sorted({part for words in LISTS.values() for phrase in words for part in phrase.split()})


@given(
    st.sampled_from(sorted(LISTS)),
    st.lists(st.sampled_from([*SNIPPETS, "14", "tanks", ",", "ß", "İ", "\u017f", "x"]), max_size=6),
    st.sampled_from([str, str.upper, str.title, str.casefold]),
)
def test_looking_for_letters_first_finds_what_the_phrases_find(
    name: str, words: list[str], changed: Callable[[str], str]
) -> None:
    text = changed(" ".join(words).replace("*", "").replace("#", "8"))
    assert load_cues().has(name, text) is (phrases(LISTS[name]).search(text) is not None)


def test_every_letter_that_passes_for_another_is_looked_for_too() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    letters = {letter for phrase in SNIPPETS for letter in phrase if letter.isalpha()}
    fields = load_cues().model_dump()
    checked = 0
    for letter in sorted(letters):
        cues = Cues.model_validate(fields | {"words": LISTS | {"part": (f"q{letter}q",)}})
        for other in re.findall(re.escape(letter), everything, re.IGNORECASE):
            assert cues.has("part", f"q{other}q"), (letter, other)
            checked += 1
    assert checked > 2 * len(letters)


def test_shares_have_a_least_and_a_most() -> None:
    cues = load_cues()
    assert cues.share("half of the tanks") == (0.5, 0.5)
    assert cues.share("most of the tanks") == (0.5, 1.0)
    assert cues.share("the tanks") is None


def test_packages_hold_what_they_may() -> None:
    cues = load_cues()
    assert cues.holds_item(Category.MILITARY_AID, Category.TANK)
    assert cues.holds_item(Category.HUMANITARIAN_AID, Category.MEDICAL)
    assert not cues.holds_item(Category.HUMANITARIAN_AID, Category.TANK)
    assert not cues.holds_item(Category.TANK, Category.TANK)


def test_a_share_of_more_than_all_is_refused() -> None:
    fields = load_cues().model_dump()
    with pytest.raises(ValueError, match="no part of one"):
        Cues.model_validate(fields | {"shares": {"all of": (0.5, 1.5)}})


def test_a_file_that_breaks_its_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "relations.toml"
    path.write_text("[holds]\ntank = ['*']\n")
    with pytest.raises(CatalogueError, match="words of relations"):
        load_cues(path)
    path.write_text("[holds\n")
    with pytest.raises(CatalogueError, match="words of relations"):
        load_cues(path)
