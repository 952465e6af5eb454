"""The English word tables: every entry can be found, and none contradicts another."""

from __future__ import annotations

import pytest

from pledgebook.errors import CatalogueError
from pledgebook.reading.quantities.numbers import find_numbers
from pledgebook.reading.text.wording import fold, table


def words_of(value: object) -> list[str]:
    """Return every word of a table: keys that name words, and list entries."""
    if isinstance(value, dict):
        return [word for key, inner in value.items() for word in (*words_of(inner), key)]
    if isinstance(value, list):
        return [word for word in value if isinstance(word, str)]
    return []


@pytest.mark.parametrize("name", ["numbers.toml", "dates.toml"])
def test_entries_are_in_lower_case_without_stray_blanks(name: str) -> None:
    for word in words_of(table(name)):
        assert word == fold(word).strip()
        assert "  " not in word


def test_no_qualifier_has_two_effects() -> None:
    groups = table("numbers.toml")["qualifiers"]
    words = [word for group in groups.values() for word in group]
    assert len(words) == len(set(words))


def test_every_qualifier_has_its_effect() -> None:
    groups = table("numbers.toml")["qualifiers"]
    for group in ("at_least", "at_most", "approx", "further"):
        for word in groups[group]:
            (mention,) = find_numbers(f"They have {word} 40 crates")
            wanted = {
                "low": None if group == "at_most" else 40,
                "high": None if group == "at_least" else 40,
                "approx": group == "approx",
                "further": group == "further",
            }
            assert {field: getattr(mention, field) for field in wanted} == wanted, word


def test_vague_words_are_intervals() -> None:
    for low, high in table("numbers.toml")["vague"].values():
        assert 0 < low < high


def test_a_missing_table_is_a_catalogue_error() -> None:
    with pytest.raises(CatalogueError, match=r"en/none\.toml"):
        table("none.toml")


@pytest.mark.parametrize("text", ["İSTANBUL 40", "ǅ ẞ İİİ 40 ﬁ"])
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    (mention,) = find_numbers(text)
    assert text[mention.start : mention.end] == "40"
