"""Parties and items where texts in other languages name them, in all their forms."""

# ruff: noqa: RUF001 - Ukrainian letters

from __future__ import annotations

import pycountry
import pytest
from babel import Locale

from pledgebook.reading.languages.anchors import anchors_of
from pledgebook.reading.languages.mentions import Marked, PartyName, mark
from pledgebook.reading.languages.tables import READ
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category

CATALOGUE = load_catalogue()


def marked(lang: str, text: str) -> Marked:
    return mark(text, lang, None, CATALOGUE)


def parties(lang: str, text: str) -> list[str]:
    return [m.value.code for m in marked(lang, text).marks if isinstance(m.value, PartyName)]


def items(lang: str, text: str) -> list[tuple[str | None, str | None, float | None]]:
    found = marked(lang, text)
    return [
        (a.category, a.designation, a.number.low if a.number else None)
        for a in anchors_of(found, 0, len(found.tokens))
    ]


@pytest.mark.parametrize("lang", READ)
def test_the_states_that_give_and_get_are_known_by_name(lang: str) -> None:
    names = Locale(lang).territories
    codes = [
        "UA",
        "DE",
        "FR",
        "GB",
        "US",
        "PL",
        "NL",
        "BE",
        "LU",
        "IT",
        "ES",
        "PT",
        "DK",
        "NO",
        "SE",
        "FI",
        "EE",
        "LV",
        "LT",
        "CZ",
        "SK",
        "HU",
        "RO",
        "BG",
        "GR",
        "TR",
        "AT",
        "CH",
        "SI",
        "HR",
        "RS",
        "AL",
        "MK",
        "ME",
        "MD",
        "BY",
        "GE",
        "AM",
        "AZ",
        "IE",
        "IS",
        "CY",
        "MT",
        "CA",
        "AU",
        "NZ",
        "JP",
        "KR",
        "CN",
        "IN",
        "PK",
        "IL",
        "IR",
        "IQ",
        "SY",
        "LB",
        "JO",
        "EG",
        "SA",
        "QA",
        "AF",
        "SD",
        "YE",
        "MA",
        "BR",
        "RU",
        "TW",
    ]
    wrong = []
    for code in codes:
        entry = pycountry.countries.get(alpha_2=code)
        assert entry is not None
        state = entry.alpha_3
        if parties(lang, f"x {names[code]} y") != [state]:
            wrong.append((state, names[code], parties(lang, f"x {names[code]} y")))
    assert wrong == []


@pytest.mark.parametrize("lang", READ)
def test_every_party_and_model_of_the_tables_is_in_the_catalogue(lang: str) -> None:
    data = table("parties.toml", lang)
    assert set(data["party"]) | set(data["people"]) <= set(CATALOGUE.parties)
    assert set(data["models"]) <= set(CATALOGUE.items)
    categories = {group["category"] for group in table("items.toml", lang)["group"]}
    assert categories - {"person"} <= set(Category)
    assert set(table("items.toml", lang)["units"]) <= set(CATALOGUE.units)


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("de", "Deutschlands", "DEU"), ("de", "den Niederlanden", "NLD"), ("de", "Polens", "POL"),
        ("de", "der schwedischen", "SWE"), ("de", "Berlins", "DEU"), ("de", "Weißen Haus", "USA"),
        ("de", "Bundesregierung", "DEU"), ("de", "US-Regierung", "USA"), ("de", "Brüssel", "EU"),
        ("de", "Präsident Selenskyj", "UKR"), ("de", "Olaf Scholz", "DEU"),
        ("fr", "l’Allemagne", "DEU"), ("fr", "des Pays-Bas", "NLD"), ("fr", "suédoises", "SWE"),
        ("fr", "l'Élysée", "FRA"), ("fr", "la Maison Blanche", "USA"), ("fr", "Bruxelles", "EU"),
        ("fr", "d’Ukraine", "UKR"), ("fr", "Emmanuel Macron", "FRA"), ("fr", "l’Otan", "NATO"),
        ("uk", "Німеччиною", "DEU"), ("uk", "Нідерландам", "NLD"), ("uk", "польського", "POL"),
        ("uk", "у Швеції", "SWE"), ("uk", "Вашингтона", "USA"), ("uk", "Білого дому", "USA"),
        ("uk", "Зеленським", "UKR"), ("uk", "Великою Британією", "GBR"), ("uk", "Євросоюзу", "EU"),
        ("uk", "Пентагоні", "USA"), ("uk", "Данії", "DNK"), ("uk", "Португалією", "PRT"),
    ],
)  # fmt: skip
def test_inflected_names(lang: str, text: str, code: str) -> None:
    assert parties(lang, text) == [code]


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "polen und niger"), ("fr", "mali"), ("uk", "мали того чаду")]
)
def test_names_ask_for_their_capital(lang: str, text: str) -> None:
    assert parties(lang, text) == []


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "18 Leopard-2-Panzer", ("tank", "Leopard 2", 18)),
        ("de", "14 Kampfpanzer vom Typ Leopard 2A6", ("tank", "Leopard 2A6", 14)),
        ("de", "zwei Patriot-Batterien", ("air-defence", "Patriot", 2)),
        ("de", "100 Patriot-Raketen", ("missile", "Patriot", 100)),
        ("de", "12 Panzerhaubitzen 2000", ("artillery", "PzH 2000", 12)),
        ("de", "10.000 Schuss 155-Millimeter-Munition", ("artillery-ammunition", "155mm", 10000)),
        ("de", "6.000 Schuss Gepard-Munition", ("ammunition", "Gepard", 6000)),
        ("de", "40 Schützenpanzer", ("infantry-fighting-vehicle", None, 40)),
        ("de", "25 Tonnen Hilfsgüter", ("humanitarian-aid", None, 25)),
        ("de", "zehn deutsche Bergepanzer", ("engineering-vehicle", None, 10)),
        ("fr", "douze canons Caesar", ("artillery", "Caesar", 12)),
        ("fr", "30 000 obus de 155 mm", ("artillery-ammunition", "155mm", 30000)),
        ("fr", "deux batteries Patriot", ("air-defence", "Patriot", 2)),
        ("fr", "quarante missiles Scalp", ("missile", "SCALP", 40)),
        ("fr", "3 000 tonnes de vivres", ("humanitarian-aid", None, 3000)),
        ("fr", "250 véhicules de l’avant blindés", ("armoured-vehicle", None, 250)),
        ("uk", "18 танків Leopard 2", ("tank", "Leopard 2", 18)),
        ("uk", "чотирнадцять «Леопардів»", ("tank", "Leopard", 14)),
        ("uk", "36 зенітних гармат", ("air-defence", None, 36)),
        ("uk", "500 тисяч снарядів калібру 155 мм", ("artillery-ammunition", "155mm", 500000)),
        ("uk", "дві батареї Patriot", ("air-defence", "Patriot", 2)),
        ("uk", "десять газотурбінних установок", ("energy", None, 10)),
        ("uk", "100 військових автомобілів", ("vehicle", None, 100)),
    ],
)
def test_items_with_their_numbers(
    lang: str, text: str, expected: tuple[str, str | None, float]
) -> None:
    assert items(lang, text) == [expected]
