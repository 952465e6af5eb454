"""From what was found to the fields of a statement: item, quantity, money, evidence."""

from __future__ import annotations

import pytest
from coding import Ends, codings, read

UNKNOWN = None


@pytest.mark.parametrize(
    ("amount", "quantity", "approx"),
    [
        ("eight", 8, False),
        ("8", 8, False),
        ("1,200", 1200, False),
        ("about 20", 20, True),
        ("some 500", 500, True),
        ("nearly 2,000", 2000, True),
        ("around 30", 30, True),
        ("up to four", (None, 4), False),
        ("at least 100", (100, None), False),
        ("more than 100", (100, None), False),
        ("14 to 20", (14, 20), False),
        ("between four and six", (4, 6), False),
        ("a dozen", 12, False),
        ("dozens of", (24, 99), True),
        ("hundreds of", (100, 999), True),
        ("several", UNKNOWN, False),
        ("a number of", UNKNOWN, False),
        ("some", UNKNOWN, False),
        ("its", UNKNOWN, False),
    ],
)
def test_quantities(amount: str, quantity: Ends | None, approx: bool) -> None:
    (found,) = codings(f"Norway will send {amount} howitzers to Ukraine.")
    assert (found.quantity, found.approx) == (quantity, approx)
    assert (found.item, found.actors) == ("artillery", "NOR")


@pytest.mark.parametrize(
    ("amount", "money", "currency"),
    [
        ("$400 million", 4e8, "USD"),
        ("US$400 million", 4e8, "USD"),
        ("€1.2bn", 1.2e9, "EUR"),
        ("£250m", 2.5e8, "GBP"),
        ("NOK 250 million", 2.5e8, "NOK"),
        ("NOK 250 million ($24.8 million)", 2.5e8, "NOK"),
        ("250 million Norwegian kroner", 2.5e8, "NOK"),
        ("300 million Danish kroner", 3e8, "DKK"),
        ("C$500 million", 5e8, "CAD"),
        ("500 million Canadian dollars", 5e8, "CAD"),
        ("A$110 million", 1.1e8, "AUD"),
        ("up to $400 million", (None, 4e8), "USD"),
        ("more than €2 billion", (2e9, None), "EUR"),
        ("about $4.2 billion", 4.2e9, "USD"),
    ],
)
def test_money(amount: str, money: Ends, currency: str) -> None:
    (found,) = codings(f"Spain will give Ukraine {amount} in military aid.")
    assert (found.money, found.currency, found.quantity) == (money, currency, None)
    assert found.item == "military-aid"


@pytest.mark.parametrize(
    ("country", "code", "currency"),
    [("Norway", "NOR", "NOK"), ("Denmark", "DNK", "DKK")],
)
def test_kroner_are_those_of_the_giver(country: str, code: str, currency: str) -> None:
    (found,) = codings(f"{country} will give Ukraine 250 million kroner in military aid.")
    assert (found.actors, found.money, found.currency) == (code, 2.5e8, currency)


@pytest.mark.parametrize(
    ("when", "date", "expected"),
    [
        ("on Monday", "2023-02-14", "2023-02-20"),
        ("next week", "2023-02-14", "2023-02-20/2023-02-26"),
        ("next month", "2023-02-14", "2023-03"),
        ("next month", "2023-12-05", "2024-01"),
        ("by April", "2023-02-14", "2023-04"),
        ("by April", "2023-06-14", "2024-04"),
        ("in March 2024", "2023-02-14", "2024-03"),
        ("on 24 February 2023", "2023-02-14", "2023-02-24"),
        ("in 2024", "2023-02-14", "2024"),
        ("next year", "2023-02-14", "2024"),
        ("next month", None, None),
        ("in March 2024", None, "2024-03"),
    ],
)
def test_dates_stand_in_the_light_of_the_document(
    when: str, date: str | None, expected: str | None
) -> None:
    (found,) = codings(f"Norway will send eight howitzers to Ukraine {when}.", date)
    assert found.when == expected


@pytest.mark.parametrize(
    ("things", "item"),
    [
        ("tanks", "tank"),
        ("main battle tanks", "tank"),
        ("Leopard 2A4 tanks", "tank: Leopard 2A4"),
        ("155mm shells", "artillery-ammunition: 155mm"),
        ("Patriot batteries", "air-defence: Patriot"),
        ("Patriot missiles", "missile: Patriot"),
        ("Stinger missiles", "air-defence: Stinger"),
        ("Javelin missiles", "anti-tank-weapon: Javelin"),
        ("HIMARS launchers", "rocket-artillery: HIMARS"),
        ("GMLRS rockets", "rocket-ammunition: GMLRS"),
        ("F-16 fighter jets", "aircraft: F-16"),
        ("Bradley infantry fighting vehicles", "infantry-fighting-vehicle: Bradley"),
        ("M113 armoured personnel carriers", "armoured-vehicle: M113"),
        ("transformers", "energy"),
        ("generators", "energy"),
        ("ambulances", "vehicle"),
    ],
)
def test_items(things: str, item: str) -> None:
    (found,) = codings(f"Norway will send 20 {things} to Ukraine.")
    assert (found.item, found.quantity) == (item, 20)


EVIDENCE = [
    (
        "Norway will send eight Leopard 2 tanks to Ukraine.",
        "Norway will send eight Leopard 2 tanks",
    ),
    (
        "Fighting goes on. Norway will send eight Leopard 2 tanks to Ukraine. It is cold.",
        "Norway will send eight Leopard 2 tanks",
    ),
    (
        "Jonas Gahr Store said that Norway will send eight Leopard 2 tanks.",
        "Norway will send eight Leopard 2 tanks",
    ),
]


@pytest.mark.parametrize(("text", "quote"), EVIDENCE)
def test_the_evidence_is_the_clause(text: str, quote: str) -> None:
    (found,) = read(text)
    assert found.evidence.quote == quote
    assert text[found.evidence.start : found.evidence.end] == quote


def test_each_statement_of_a_sentence_shows_its_own_item() -> None:
    first, second = read("Norway will send Ukraine eight Leopard 2 tanks and four howitzers.")
    assert first.evidence.quote.endswith("eight Leopard 2 tanks")
    assert second.evidence.quote.endswith("four howitzers")


def test_evidence_names_its_document() -> None:
    (one,) = read("Norway will send eight Leopard 2 tanks to Ukraine.")
    (other,) = read("Norway will send eight Leopard 2 tanks to Ukraine.  ")
    assert one.evidence.document != other.evidence.document
    assert one.evidence.quote == other.evidence.quote
