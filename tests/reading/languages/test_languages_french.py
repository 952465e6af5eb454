"""French ways of saying it: "vient de", "s'est vu", ordinals, titles, what carries, budgets."""

from __future__ import annotations

import pytest

from making import document
from pledgebook.reading import coder
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Statement

CATALOGUE = load_catalogue()


def read(text: str) -> list[Statement]:
    return coder().read(document(text, date="2024-05-10", lang="fr"), CATALOGUE)


@pytest.mark.parametrize(
    ("text", "kind", "actors", "count"),
    [
        ("La Belgique vient de livrer deux F-16 à l'Ukraine.", "delivery", ("BEL",), 2),
        (
            "L'Ukraine s'est vu remettre quatre batteries Patriot par l'Allemagne.",
            "delivery",
            ("DEU",),
            4,
        ),
        ("La France livrera une douzaine de Caesar à l'Ukraine.", "pledge", ("FRA",), 12),
    ],
)
def test_it_is_told_who_gives_what(
    text: str, kind: str, actors: tuple[str, ...], count: int
) -> None:
    found = read(text)
    assert [(s.kind, s.actors, s.quantity and s.quantity.low) for s in found] == [
        (kind, actors, count)
    ]


def test_what_carries_is_not_given() -> None:
    found = read("Un avion de la France a livré à l'Ukraine 27 tonnes de médicaments.")
    assert [s.item.category for s in found] == ["medical"]


def test_a_title_is_no_million_and_an_ordinal_counts_nothing() -> None:
    found = read(
        "La France a versé 2 millions d'euros d'aide humanitaire à l'Ukraine, selon M. Dupont. "
        "La France a formé la 155e brigade ukrainienne."
    )
    assert [s.money.low for s in found if s.money] == [2_000_000]
    assert all(s.quantity is None or s.quantity.low != 155 for s in found)


def test_a_budget_at_home_is_no_aid() -> None:
    assert not read("En France, la loi de finances porte les crédits à 50 milliards d'euros.")
