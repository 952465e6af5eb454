"""What a statement is about: item phrases, and the numbers and amounts that belong to them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from coding import Ends, said, units

from pledgebook.reading.grammar.anchoring import find_anchors


@dataclass(frozen=True)
class Thing:
    """An anchor: its words, its item (category: designation), its number, its money."""

    words: str
    item: str | None
    number: Ends | None = None
    money: Ends | None = None


def things(text: str) -> list[Thing]:
    found = units(text)
    made = []
    for anchor in find_anchors(found):
        number, money, item = anchor.number, anchor.money, anchor.item
        name = None
        if item is not None:
            name = item.category + (f": {item.designation}" if item.designation else "")
        made.append(
            Thing(
                said(found, anchor.first, anchor.last),
                name,
                _ends(number.low, number.high) if number else None,
                _ends(money.low, money.high) if money else None,
            )
        )
    return made


def _ends(low: float | None, high: float | None) -> Ends:
    return low if low is not None and low == high else (low, high)


PHRASES = [
    ("eight Leopard 2 tanks", Thing("eight Leopard 2 tanks", "tank: Leopard 2", 8)),
    ("Leopard 2A4 battle tanks", Thing("Leopard 2A4 battle tanks", "tank: Leopard 2A4")),
    (
        "four of its Leopard 2 tanks",
        Thing("four of its Leopard 2 tanks", "tank: Leopard 2", 4),
    ),
    (
        "5,000 rounds of 155-mm ammunition",
        Thing("5,000 rounds of 155-mm ammunition", "artillery-ammunition: 155mm", 5000),
    ),
    (
        "20,000 155mm artillery shells",
        Thing("20,000 155mm artillery shells", "artillery-ammunition: 155mm", 20000),
    ),
    ("two Patriot batteries", Thing("two Patriot batteries", "air-defence: Patriot", 2)),
    ("100 Patriot missiles", Thing("100 Patriot missiles", "missile: Patriot", 100)),
    (
        "missiles for the IRIS-T air defence system",
        Thing("missiles for the IRIS-T air defence system", "missile: IRIS-T"),
    ),
    ("rockets for HIMARS", Thing("rockets for HIMARS", "rocket-ammunition: HIMARS")),
    ("ammunition for howitzers", Thing("ammunition for howitzers", "artillery-ammunition")),
    ("12 155mm howitzers", Thing("12 155mm howitzers", "artillery: 155mm", 12)),
    ("six M777 howitzers", Thing("six M777 howitzers", "artillery: M777", 6)),
    ("19 F-16 fighter jets", Thing("19 F-16 fighter jets", "aircraft: F-16", 19)),
    ("three Stinger missiles", Thing("three Stinger missiles", "air-defence: Stinger", 3)),
    (
        "30 Javelin anti-tank missiles",
        Thing("30 Javelin anti-tank missiles", "anti-tank-weapon: Javelin", 30),
    ),
    (
        "up to four Caesar howitzers",
        Thing("up to four Caesar howitzers", "artillery: Caesar", (None, 4)),
    ),
    ("between 14 and 20 tanks", Thing("between 14 and 20 tanks", "tank", (14, 20))),
    ("dozens of drones", Thing("dozens of drones", "drone", (24, 99))),
    (
        "spare parts for Leopard 2 tanks",
        Thing("spare parts for Leopard 2 tanks", "maintenance: Leopard 2"),
    ),
]


@pytest.mark.parametrize(("phrase", "thing"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_phrases(phrase: str, thing: Thing) -> None:
    assert things(f"Norway sent {phrase}.") == [thing]


def test_a_list_has_a_number_for_each() -> None:
    assert things("Norway sent eight tanks, four howitzers and 20 trucks to Ukraine.") == [
        Thing("eight tanks", "tank", 8),
        Thing("four howitzers", "artillery", 4),
        Thing("20 trucks", "vehicle", 20),
    ]


def test_a_number_is_not_taken_over_a_verb_or_a_preposition() -> None:
    assert things("The 30 countries will send tanks.") == [Thing("tanks", "tank")]
    assert things("Four months before that tanks came.")[0].number is None


def test_a_vague_number_goes_to_both_items() -> None:
    assert [t.number for t in things("hundreds of tanks and howitzers")] == [(100, 999)] * 2


def test_a_count_goes_to_the_item_behind_it() -> None:
    assert [t.number for t in things("eight tanks and howitzers")] == [8, None]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("eight tanks", "item"), ("5,000 shells", "round"), ("5,000 rounds of ammunition", "round")],
)
def test_items_are_counted_in_their_own_unit(text: str, unit: str) -> None:
    (anchor,) = find_anchors(units(text))
    assert anchor.item is not None
    assert (anchor.item.unit or "item") == unit


def test_a_number_behind_a_colon() -> None:
    assert things("Leopard 2A6 battle tanks: 18") == [
        Thing("Leopard 2A6 battle tanks : 18", "tank: Leopard 2A6", 18)
    ]


def test_bare_numbers_stand_for_what_was_named() -> None:
    assert things("Poland sent 14 tanks, Norway eight and Canada four.") == [
        Thing("14 tanks", "tank", 14),
        Thing("eight", None, 8),
        Thing("four", None, 4),
    ]


def test_money_of_an_item_and_money_alone() -> None:
    assert things("two Mi-8 helicopters worth 41 million euros") == [
        Thing("two Mi-8 helicopters worth 41 million euros", "helicopter: Mi-8", 2, 41e6)
    ]
    assert things("$400 million in military aid") == [
        Thing("$400 million in military aid", "military-aid", money=4e8)
    ]
    assert things("Norway gave NOK 250 million.") == [Thing("NOK 250 million", None, money=2.5e8)]


def test_a_conversion_is_no_second_amount() -> None:
    assert [t.money for t in things("Norway gave NOK 250 million ($24.8 million).")] == [2.5e8]


def test_what_rounds_off_a_list_is_left_out() -> None:
    assert [t.item for t in things("Norway sent eight tanks and other equipment.")] == ["tank"]


def test_none_and_no() -> None:
    anchors = find_anchors(units("Norway sent no tanks."))
    assert [anchor.negated for anchor in anchors] == [True]
    anchors = find_anchors(units("Norway sent the eight tanks."))
    assert [(anchor.negated, anchor.number is not None) for anchor in anchors] == [(False, True)]


def test_a_single_thing() -> None:
    assert [a.single for a in find_anchors(units("Norway sent a Patriot battery."))] == [True]
    assert [a.single for a in find_anchors(units("Norway sent Patriot batteries."))] == [False]


def test_further_things() -> None:
    assert [a.further for a in find_anchors(units("Norway sent another eight tanks."))] == [True]
    assert [a.further for a in find_anchors(units("Norway sent eight tanks."))] == [False]


def test_nothing_is_about_nothing() -> None:
    assert things("The minister spoke in Oslo.") == []
    assert things("") == []
