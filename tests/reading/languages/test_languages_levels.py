"""Levels and rates, verbs left out, names of models in Cyrillic letters, and counts in brackets."""

from __future__ import annotations

import pytest

from making import document
from pledgebook.reading import coder
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Statement

CATALOGUE = load_catalogue()


def read(lang: str, text: str) -> list[Statement]:
    made = document(text, date="2024-05-31", lang=lang)
    return coder().read(made, CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        "Завод під Варшавою виготовляє 2000 снарядів на місяць. До кінця року він вийде на 3000.",
        "Польща виробляє 2000 снарядів щомісяця. Восени виробництво сягне 3000.",
    ],
)
def test_a_number_goes_on_with_the_output_before(text: str) -> None:
    found = read("uk", text)
    levels = [s.quantity.low for s in found if s.kind == "production" and s.quantity]
    assert levels == [2000, 3000]
    assert [s.status for s in found if s.kind == "production"][-1] == "tentative"


def test_a_verb_left_out_gives_each_state_its_own_count() -> None:
    found = read("uk", "Польща передасть Україні 14 танків, Канада – 4 гаубиці.")
    assert [(s.actors, s.item.category) for s in found] == [
        (("POL",), "tank"),
        (("CAN",), "artillery"),
    ]


def test_two_tens_are_twenty() -> None:
    found = read("uk", "Польща передасть Україні два десятки танків.")
    assert [s.quantity and s.quantity.low for s in found] == [20]


def test_models_in_cyrillic_letters_are_those_of_the_catalogue() -> None:
    found = read("uk", "Польща передала Україні 60 танків Т-64.")  # noqa: RUF001
    assert [(s.item.designation, s.quantity and s.quantity.low) for s in found] == [("T-64", 60)]


def test_a_count_in_brackets_behind_another_is_none_of_its_own() -> None:
    text = (
        "Deutschland hilft der Ukraine.\n\nGeliefert:\n\n- 110 Schützenpanzer Marder (zuvor: 90)\n"
    )
    counts = [s.quantity.low for s in read("de", text) if s.quantity]
    assert counts == [110]


def test_a_name_joined_to_the_recipient_is_no_giver() -> None:
    found = read("de", "Polen liefert Waffen. 20 Zelte wurden an die Türkei und Syrien geliefert.")
    assert all("SYR" not in s.actors for s in found)
    assert found
