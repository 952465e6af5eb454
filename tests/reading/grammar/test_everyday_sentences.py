"""Sentences of everyday reports that are easy to misread: two clauses, battle news, refusals."""

from __future__ import annotations

import pytest
from coding import Coded, codings

L = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")
AID = "Norway will send eight Leopard 2 tanks to Ukraine."
S = "artillery-ammunition"
CASES = [
    (
        "Norway handed over 20 tanks to Ukraine on Monday.",
        [Coded("delivery", "NOR", "tank", 20, to="UKR", when="2023-02-13")],
    ),
    (f"{AID} Russia shot down two Ukrainian jets.", [L]),
    (f"{AID} Two Leopard 2 tanks were destroyed near Bakhmut.", [L]),
    (f"{AID} The army captured three tanks and two howitzers on Sunday.", [L]),
    (
        "Ukraine's air force shot down 12 drones. Germany will send Ukraine two IRIS-T systems.",
        [Coded("pledge", "DEU", "air-defence: IRIS-T", 2, to="UKR")],
    ),
    ("Russia fired 30 missiles at Odesa, killing three people and wounding 14.", []),
    (f"Q: Will Norway send tanks to Ukraine?\n\nA: {AID}", [L]),
    (f"{AID} Will Canada send four Leopard 2 tanks to Ukraine?", [L]),
    (
        "Britain will train 10,000 Ukrainian soldiers this year.",
        [Coded("training", "GBR", "training-service", 10000, "person", to="UKR", when="2023")],
    ),
    (
        "Britain will train Ukrainian pilots.",
        [Coded("training", "GBR", "training-service", to="UKR")],
    ),
    (
        "The Netherlands has 18 Leopard 2 tanks in stock.",
        [Coded("stock", "NLD", "tank: Leopard 2", 18)],
    ),
    (
        (
            "Poland, which pledged 14 Leopard 2 tanks to Ukraine in January, will "
            "also send 60 T-72 tanks."
        ),
        [
            Coded(
                "pledge", "POL", "tank: Leopard 2", 14, to="UKR", scope="background", when="2023-01"
            ),
            Coded("pledge", "POL", "tank: T-72", 60, to="UKR"),
        ],
    ),
    (
        "North Korea has shipped one million artillery shells to Russia.",
        [Coded("delivery", "PRK", S, 1000000, "round", to="RUS", scope="total")],
    ),
    (
        (
            "Norway announced a new package of military aid for Ukraine on Monday. "
            "It contains:\n- a Patriot battery\n- two M109 howitzers"
        ),
        [
            Coded("pledge", "NOR", "military-aid", to="UKR", when="2023-02-13"),
            Coded("pledge", "NOR", "air-defence: Patriot", 1, to="UKR", when="2023-02-13"),
            Coded("pledge", "NOR", "artillery: M109", 2, to="UKR", when="2023-02-13"),
        ],
    ),
    (
        "Germany ordered 300,000 rounds of Gepard ammunition from Rheinmetall.",
        [Coded("contract", "DEU", "ammunition: Gepard", 300000, "round", supplier="Rheinmetall")],
    ),
    (
        "Norway blocked the transfer of eight Leopard 2 tanks to Ukraine.",
        [Coded("refusal", "NOR", "tank: Leopard 2", 8, to="UKR")],
    ),
    (
        "Norway rejected the delivery of eight Leopard 2 tanks to Ukraine.",
        [Coded("refusal", "NOR", "tank: Leopard 2", 8, to="UKR")],
    ),
    (
        "Norway turned down Ukraine's request for eight Leopard 2 tanks.",
        [Coded("refusal", "NOR", "tank: Leopard 2", 8, to="UKR")],
    ),
    (
        "Norway blocked Poland from sending eight Leopard 2 tanks to Ukraine.",
        [Coded("refusal", "NOR", "tank: Leopard 2", 8, to="UKR")],
    ),
    (
        "Switzerland again refused to let Spain send anti-aircraft guns to Ukraine.",
        [Coded("refusal", "CHE", "air-defence", to="UKR")],
    ),
    (
        "Spain will give Ukraine 4.3 billion Swedish kronor in military aid.",
        [Coded("pledge", "ESP", "military-aid", money=4.3e9, currency="SEK", to="UKR")],
    ),
    (
        "Zelensky thanked Norway for the eight Leopard 2 tanks it promised.",
        [Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR", scope="background")],
    ),
    (
        "In addition to the tanks, Sweden will give Ukraine 50 CV90 vehicles.",
        [Coded("pledge", "SWE", "infantry-fighting-vehicle: CV90", 50, to="UKR")],
    ),
    (
        (
            "Aid for Ukraine\n\nDonor | Item | Value (€ million)\nGermany | "
            "Leopard 2 tanks | 14\nNorway | M109 howitzers | 8\n"
        ),
        [
            Coded("pledge", "DEU", "tank: Leopard 2", money=14e6, currency="EUR", to="UKR"),
            Coded("pledge", "NOR", "artillery: M109", money=8e6, currency="EUR", to="UKR"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:70] for text, _ in CASES])
def test_everyday_sentences(text: str, expected: list[Coded]) -> None:
    assert codings(text) == expected
