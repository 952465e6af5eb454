"""Parties and items where a text names them: boundaries, letter case, overlaps, ambiguity."""

from __future__ import annotations

from itertools import pairwise

import pytest
from coding import CATALOGUE
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.text.mentions import finder


def parties(text: str) -> list[tuple[str, str]]:
    found, _ = finder(CATALOGUE).find(text)
    return [(text[m.start : m.end], m.code) for m in found]


def items(text: str) -> list[tuple[str, str, str | None]]:
    _, found = finder(CATALOGUE).find(text)
    return [(text[m.start : m.end], m.category.value, m.designation) for m in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Norway", "NOR"),
        ("Norwegian", "NOR"),
        ("Oslo", "NOR"),
        ("the Pentagon", "USA"),
        ("Washington", "USA"),
        ("Britain", "GBR"),
        ("the UK", "GBR"),
        ("Kyiv", "UKR"),
        ("Kiev", "UKR"),
        ("Taiwan", "TWN"),
        ("South Korea", "KOR"),
        ("North Korea", "PRK"),
        ("the European Union", "EU"),
        ("NATO", "NATO"),
        ("the World Bank", "WBG"),
        ("the IMF", "IMF"),
        ("Rheinmetall", "Rheinmetall"),
        ("Zelensky", "UKR"),
    ],
)
def test_names_of_parties(text: str, code: str) -> None:
    assert [found for _, found in parties(f"Yesterday {text} spoke.")] == [code]


def test_the_longest_name_wins() -> None:
    assert parties("South Sudan asked Papua New Guinea") == [
        ("South Sudan", "SSD"),
        ("Papua New Guinea", "PNG"),
    ]
    assert items("Leopard 2A4 tanks")[0] == ("Leopard 2A4", "tank", "Leopard 2A4")


def test_names_stand_between_word_boundaries() -> None:
    assert parties("Norwayland and Subnorway and snorway") == []
    assert items("tankers and thinktanks and antitanks") == []


def test_short_names_need_their_capitals() -> None:
    assert parties("He told us that they will do so.") == []
    assert parties("The US will do so.") == [("US", "USA")]


def test_names_in_capitals_count() -> None:
    assert parties("NORWAY: WE WILL SEND TANKS") == [("NORWAY", "NOR")]


def test_items_are_found_in_singular_and_plural() -> None:
    assert items("a howitzer, two howitzers, a battle tank, HOWITZERS") == [
        ("howitzer", "artillery", None),
        ("howitzers", "artillery", None),
        ("battle tank", "tank", None),
        ("HOWITZERS", "artillery", None),
    ]


@pytest.mark.parametrize(
    ("text", "category", "designation"),
    [
        ("Leopard 2", "tank", "Leopard 2"),
        ("Leopard-2", "tank", "Leopard 2"),
        ("F-16s", "aircraft", "F-16"),
        ("F16", "aircraft", "F-16"),
        ("155mm", "artillery-ammunition", "155mm"),
        ("155-mm", "artillery-ammunition", "155mm"),
        ("155 mm", "artillery-ammunition", "155mm"),
        ("HIMARS", "rocket-artillery", "HIMARS"),
        ("GMLRS", "rocket-ammunition", "GMLRS"),
        ("Storm Shadow", "missile", "Storm Shadow"),
        ("Stinger", "air-defence", "Stinger"),
        ("Javelin", "anti-tank-weapon", "Javelin"),
        ("Iron Dome", "air-defence", "Iron Dome"),
    ],
)
def test_names_of_items(text: str, category: str, designation: str) -> None:
    assert items(f"ten {text} of them") == [(text, category, designation)]


def test_a_phrase_that_holds_a_name_masks_it() -> None:
    assert items("A missile attack and a drone strike hit the town.") == []


def test_companies_that_the_catalogue_does_not_know_end_as_companies_do() -> None:
    found, _ = finder(CATALOGUE).find("An order went to Fjordvik Ordnance and Hafnarsmidja AS.")
    assert [(m.code, m.role) for m in found] == [
        ("Fjordvik Ordnance", "company"),
        ("Hafnarsmidja AS", "company"),
    ]


def test_a_doubtful_word_is_the_item_in_a_text_that_names_it_beyond_doubt() -> None:
    filler = " The ministers then spoke of the harvest and of the weather in the capital." * 2
    assert items(f"Six Caesar howitzers left.{filler} The Caesar is liked.") == [
        ("Caesar", "artillery", "Caesar"),
        ("howitzers", "artillery", None),
        ("Caesar", "artillery", "Caesar"),
    ]
    assert items(f"Six howitzers left.{filler} Caesar wrote of the Gauls.") == [
        ("howitzers", "artillery", None)
    ]
    assert items(f"Six Caesar howitzers left.{filler} Caesar Augustus ruled.") == [
        ("Caesar", "artillery", "Caesar"),
        ("howitzers", "artillery", None),
    ]


@pytest.mark.parametrize("words", ["eight Archer", "three more Archer", "the Archers", "20 Archer"])
def test_a_doubtful_word_counts_with_a_number_where_the_text_speaks_of_such_things(
    words: str,
) -> None:
    filler = " The ministers then spoke of the harvest and of the weather in the capital." * 2
    found = items(f"Howitzers are short.{filler} He will have {words} in May.")
    assert [(kind, name) for _, kind, name in found] == [
        ("artillery", None),
        ("artillery", "Archer"),
    ]
    assert items(f"Bread is short.{filler} He will have {words} in May.") == []


@pytest.mark.parametrize(
    ("text", "model", "category"),
    [
        ("two K777 recovery vehicles", "K777", "engineering-vehicle"),
        ("four QX-9 surface-to-air missile systems", "QX-9", "air-defence"),
        ('ten QX-9 "Rhino" armoured vehicles', "QX-9", "armoured-vehicle"),
        ("thirty howitzers QX-9", "QX-9", "artillery"),
        ("howitzers of type QX-9", "QX-9", "artillery"),
        ("pistols (QX-9)", "QX-9", "small-arms"),
        ("nine T-72XQ", "T-72XQ", "tank"),
        ("six Mi-171S", "Mi-171S", "helicopter"),
    ],
)
def test_models_that_the_catalogue_does_not_know_are_named_by_their_shape(
    text: str, model: str, category: str
) -> None:
    assert (model, category, model) in items(f"They got {text} in May.")


def test_a_model_stays_known_through_the_text() -> None:
    found = items("They got two K777 recovery vehicles. Another K777 came in May.")
    assert [(text, name) for text, _, name in found if name] == [("K777", "K777")] * 2


@pytest.mark.parametrize(
    "text",
    ["ten doses of COVID-19 vaccine", "QX-9 said so", "the U-17 tanks team", "a Q3 loan", "$K777"],
)
def test_not_every_word_with_a_digit_is_a_model(text: str) -> None:
    assert [name for _, _, name in items(text) if name] == []


def test_codes_of_states_count_where_a_text_lists_states_by_them() -> None:
    found = parties("Lot 1: LT, LV, EE, PL and NO; lot 2: SE.")
    assert [code for _, code in found] == ["LTU", "LVA", "EST", "POL", "NOR", "SWE"]
    assert parties("NO ENTRY, IT EQUIPMENT, DE HAVILLAND, AT SEA") == []
    assert parties("The IT team said NO, and so did SE.") == []


def test_the_finder_of_a_catalogue_is_made_once() -> None:
    assert finder(CATALOGUE) is finder(CATALOGUE)


WORDS = st.sampled_from(
    [
        *("Norway", "Norwegian", "South", "Sudan", "Korea", "North", "the", "US", "us", "U.S."),
        *("Leopard", "2", "2A4", "F-16", "155", "mm", "tank", "tanks", "missile", "attack"),
        *("Rheinmetall", "AG", "Patriot", "battery", "System", "Papua", "New", "Guinea"),
        *(",", ".", "-", "’s", "("),
    ]
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=25).map(" ".join))
def test_mentions_are_in_order_and_do_not_overlap(text: str) -> None:
    found, named = finder(CATALOGUE).find(text)
    parties_at, items_at = ([(m.start, m.end) for m in some] for some in (found, named))
    assert parties_at == sorted(parties_at)
    assert items_at == sorted(items_at)
    spans = sorted(parties_at + items_at)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    roles = {alias.role for alias in CATALOGUE.party_aliases} | {"company", "name"}
    assert {m.role for m in found} <= roles
    known = CATALOGUE.items.keys()
    assert all(m.item is None or m.item in known for m in named)
