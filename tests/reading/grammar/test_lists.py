"""Lists and sections: what a head hands down to its lines, and what a line says for itself."""

from __future__ import annotations

import pytest
from coding import CATALOGUE, Coded, codings, units

from pledgebook.reading.grammar.discourse import Frame, Memory
from pledgebook.reading.grammar.lists import (
    label_parties,
    section_frame,
    stage_in_line,
    stage_of,
    trailing_parties,
)


def memory() -> Memory:
    made = Memory(CATALOGUE)
    made.recipient, made.giver = "UKR", "DNK"
    return made


def frame(kind: str = "pledge") -> Frame:
    return Frame(kind, "firm", "new", ("DNK",), "UKR", None, None, 0)


@pytest.mark.parametrize(
    ("head", "stage"),
    [
        ("Delivered:", "delivered"),
        ("Equipment handed over to Ukraine", "delivered"),
        ("In preparation:", "planned"),
        ("Equipment to be delivered:", "planned"),
        ("The following will be sent:", "planned"),
        ("Pledged in February", "planned"),
        ("Requested by Ukraine", "requested"),
        ("On order", "ordered"),
        ("Output of shells", "made"),
        ("Our history", None),
    ],
)
def test_the_stage_that_a_heading_names(head: str, stage: str | None) -> None:
    assert stage_of(head) == stage


@pytest.mark.parametrize(
    ("head", "kind", "scope", "actors"),
    [
        ("Delivered:", "delivery", "total", ("DNK",)),
        ("In preparation:", "pledge", "new", ("DNK",)),
        ("Requested:", "request", "new", ("UKR",)),
        ("On order:", "contract", "new", ("DNK",)),
    ],
)
def test_the_frame_that_a_heading_opens(
    head: str, kind: str, scope: str, actors: tuple[str, ...]
) -> None:
    found = section_frame(head, units(head), memory(), 0)
    assert found is not None
    assert (found.kind, found.scope, found.actors, found.recipient) == (kind, scope, actors, "UKR")
    assert section_frame("Our history", units("Our history"), memory(), 0) is None


@pytest.mark.parametrize(
    ("line", "kind", "status"),
    [
        ("eight tanks", "pledge", "firm"),
        ("eight tanks, handed over in January", "delivery", "firm"),
        ("eight tanks (delivered)", "delivery", "firm"),
        ("eight tanks, on order", "contract", "firm"),
        ("eight tanks, ruled out", "refusal", "firm"),
        ("eight tanks, under discussion", "pledge", "tentative"),
    ],
)
def test_a_line_says_more_than_its_head(line: str, kind: str, status: str) -> None:
    found = stage_in_line(units(line), frame())
    assert (found.kind, found.status) == (kind, status)


def test_a_dated_line_tells_of_the_past() -> None:
    assert stage_in_line(units("eight tanks, delivered in January"), frame()).scope == "background"
    assert stage_in_line(units("eight tanks, delivered"), frame()).scope == "new"


@pytest.mark.parametrize(
    ("line", "codes", "rest"),
    [
        ("Germany: 14 tanks", "DEU", "14"),
        ("Sweden and Finland - 14 tanks", "FIN SWE", "14"),
        ("Germany, Denmark and Norway: 14 tanks", "DEU DNK NOR", "14"),
        ("14 tanks: Germany", "", None),
        ("Germany sent 14 tanks: a start", "", None),
    ],
)
def test_the_label_of_a_line(line: str, codes: str, rest: str | None) -> None:
    found = units(line)
    actors, begin = label_parties(found, memory())
    assert actors == tuple(codes.split())
    assert (found[begin].text if rest else begin) == (rest or 0)


def test_parties_in_brackets_at_the_end() -> None:
    assert trailing_parties(units("eight tanks (Canada, Denmark)"), memory()) == ("CAN", "DNK")
    assert trailing_parties(units("eight tanks (old)"), memory()) == ()
    assert trailing_parties(units("eight tanks"), memory()) == ()


def test_a_list_inherits_giver_and_verb() -> None:
    text = (
        "Norway will send Ukraine the following:\n"
        "- eight Leopard 2 tanks\n- up to 5,000 155mm shells\n- four recovery vehicles"
    )
    assert codings(text) == [
        Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR"),
        Coded("pledge", "NOR", "artillery-ammunition: 155mm", (None, 5000), "round", to="UKR"),
        Coded("pledge", "NOR", "engineering-vehicle", 4, to="UKR"),
    ]


def test_two_sections_of_one_page() -> None:
    text = (
        "The following equipment has been delivered to Ukraine by Denmark:\n\n"
        "* 19 Caesar howitzers\n* 100 Stinger missiles\n\n"
        "The following equipment will be delivered to Ukraine:\n\n* 30 Leopard 1 tanks\n"
    )
    assert codings(text) == [
        Coded("delivery", "DNK", "artillery: Caesar", 19, to="UKR", scope="total"),
        Coded("delivery", "DNK", "air-defence: Stinger", 100, to="UKR", scope="total"),
        Coded("pledge", "DNK", "tank: Leopard 1", 30, to="UKR"),
    ]


def test_a_list_by_country() -> None:
    text = (
        "Pledges to Ukraine by country\n\nGermany: 14 Leopard 2 tanks\n"
        "Norway: eight Leopard 2 tanks\nCanada: four Leopard 2 tanks"
    )
    assert codings(text) == [
        Coded("pledge", "DEU", "tank: Leopard 2", 14, to="UKR"),
        Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR"),
        Coded("pledge", "CAN", "tank: Leopard 2", 4, to="UKR"),
    ]


def test_a_package_and_its_contents() -> None:
    text = (
        "The Department of Defense announced a new security assistance package for Ukraine valued "
        "at up to $400 million. The package includes:\n\n"
        "- Additional ammunition for HIMARS;\n- 155mm artillery rounds;\n"
        "- Four Bradley infantry fighting vehicles; and\n"
        "- Spare parts and other field equipment."
    )
    assert codings(text) == [
        Coded("pledge", "USA", "military-aid", money=(None, 4e8), currency="USD", to="UKR"),
        Coded("pledge", "USA", "rocket-ammunition: HIMARS", to="UKR"),
        Coded("pledge", "USA", "artillery-ammunition: 155mm", to="UKR"),
        Coded("pledge", "USA", "infantry-fighting-vehicle: Bradley", 4, to="UKR"),
        Coded("pledge", "USA", "maintenance", to="UKR"),
    ]
