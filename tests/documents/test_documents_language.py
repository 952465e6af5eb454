"""The language of a text: told from running text, not guessed from names and figures."""

from __future__ import annotations

import pytest

from pledgebook.documents.language import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Norway will send eight Leopard 2 tanks to Ukraine next month, a minister said.", "en"),
        ("Deutschland liefert der Ukraine weitere 18 Kampfpanzer vom Typ Leopard 2.", "de"),
        ("La France livrera à l’Ukraine douze canons Caesar supplémentaires.", "fr"),
        ("Німеччина передасть Україні 18 танків Leopard 2, повідомив міністр.", "uk"),
        ("Die Bundeswehr orderte bei Lockheed Martin 35 Jets vom Typ F-35 Lightning II.", "de"),
        (
            "The Bundeswehr and Krauss-Maffei Wegmann of Germany will deliver the Panzerhaubitze.",
            "en",
        ),
        ("Polska przekazała Ukrainie 14 czołgów Leopard 2, poinformował minister obrony.", "pl"),
        ("Россия передала партнёрам 14 танков, сообщил министр обороны страны.", "ru"),
        ("España enviará a Ucrania diez carros de combate Leopard, dijo la ministra.", "es"),
        ("L'Italia consegnerà all'Ucraina una batteria SAMP/T, ha detto il ministro.", "it"),
    ],
)
def test_running_text(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize("text", ["", "14", "2023 2024 2025 1 000 2 000", "Leopard 2", "18 M113"])
def test_nothing_to_tell_it_by(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "18 Leopard 2 tanks\n40 Marder infantry fighting vehicles\n2 Patriot batteries",
        "Patriot missiles\nHARM\nJavelin\nStinger\nHIMARS ammunition\n155mm artillery rounds",
    ],
)
def test_a_list_of_english_names_is_taken_for_no_other_language(text: str) -> None:
    assert detect(text) in (None, "en")
