from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.vocabulary.entries import ItemEntry
from pledgebook.vocabulary.items import item_aliases, plural, spellings
from pledgebook.vocabulary.statement import Category


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leopard 2", {"Leopard 2", "Leopard-2", "Leopard2"}),
        ("F-16", {"F-16", "F16"}),
        ("AIM-120", {"AIM-120", "AIM 120", "AIM120"}),
        ("A-10", {"A-10", "A10"}),
        ("AS90", {"AS90", "AS-90"}),
        ("K9", {"K9"}),
        ("C-4", {"C-4"}),
        ("Storm Shadow", {"Storm Shadow"}),
        (
            "155mm HE",
            {
                "155mm HE",
                "155 mm HE",
                "155-mm HE",
                "155-millimetre HE",
                "155 millimetre HE",
                "155-millimeter HE",
                "155 millimeter HE",
            },
        ),
    ],
)
def test_spellings(text: str, expected: set[str]) -> None:
    assert set(spellings(text)) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("Leopard", "Leopards"),
        ("F-16", "F-16s"),
        ("Fox", "Foxes"),
        ("Bradley", "Bradleys"),
        ("JASSM", "JASSMs"),
        ("M2 Bradley", "M2 Bradleys"),
        ("Husky", "Huskys"),
        ("Patriot battery", "Patriot batteries"),
        ("Abrams", "Abrams"),
        ("HIMARS", "HIMARS"),
    ],
)
def test_plural(one: str, many: str) -> None:
    assert plural(one) == many


def entry(designation: str, **fields: object) -> ItemEntry:
    return ItemEntry.model_validate(
        {"id": "x", "designation": designation, "category": Category.TANK, **fields}
    )


def test_case_and_needs_bind_bare_words_only() -> None:
    found = {
        alias.text: alias
        for alias in item_aliases(
            [entry("Hawk", aliases=["MIM-23 Hawk"], cased=True, needs=["missile"])]
        )
    }
    assert (found["Hawk"].cased, found["Hawk"].needs) == (True, ("missile",))
    assert (found["Hawks"].cased, found["Hawks"].needs) == (True, ("missile",))
    assert (found["MIM-23 Hawk"].cased, found["MIM-23 Hawk"].needs) == (False, ())


def test_given_plurals_replace_the_regular_ones() -> None:
    assert [a.text for a in item_aliases([entry("Storm Shadow", plurals=[])])] == ["Storm Shadow"]
    irregular = item_aliases([entry("Ox", plurals=["Oxen"])])
    assert [alias.text for alias in irregular] == ["Ox", "Oxen"]


@given(st.text(alphabet="ABab12 -.m", min_size=1, max_size=12))
def test_spellings_keep_letters_and_digits(text: str) -> None:
    variants = spellings(text)
    assert variants[0] == text
    assert len(set(variants)) == len(variants)
    bare = "".join(filter(str.isalnum, text))
    for variant in variants:
        kept = "".join(filter(str.isalnum, variant))
        kept = kept.replace("millimetre", "mm").replace("millimeter", "mm")
        assert kept == bare
