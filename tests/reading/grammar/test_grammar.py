"""Short documents of each kind, end to end: what is coded of them, field by field."""

from __future__ import annotations

import pytest
from coding import Coded, codings

Case = tuple[str, list[Coded]]

LEOPARDS = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")
SHELLS = "artillery-ammunition"


def pledge(giver: str, item: str, quantity: object = None, **more: object) -> Coded:
    return Coded("pledge", giver, item, quantity, **{"to": "UKR", **more})  # type: ignore[arg-type]


PLEDGES: list[Case] = [
    ("Norway will send eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("Norway will give Ukraine eight Leopard 2 tanks.", [LEOPARDS]),
    ("Norway has decided to send eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("Norway plans to donate eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("Norway announced that it would send Ukraine eight Leopard 2 tanks.", [LEOPARDS]),
    ("Norway pledged eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("Oslo will send eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("The Norwegian government will send eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    ("Eight Leopard 2 tanks will be sent to Ukraine by Norway.", [LEOPARDS]),
    ("OSLO - Norway will send eight Leopard 2 tanks to Ukraine.", [LEOPARDS]),
    (
        "The Pentagon will send 31 Abrams tanks to Ukraine.",
        [pledge("USA", "tank: Abrams", 31)],
    ),
    (
        "Canada will give Ukraine up to four Leopard 2 tanks.",
        [pledge("CAN", "tank: Leopard 2", (None, 4))],
    ),
    (
        "Italy will send more than 100 armoured vehicles to Ukraine.",
        [pledge("ITA", "armoured-vehicle", (100, None))],
    ),
    (
        "Spain will send between four and six Leopard 2A4 tanks to Ukraine.",
        [pledge("ESP", "tank: Leopard 2A4", (4, 6))],
    ),
    (
        "Slovakia will send about 7,000 artillery shells to Ukraine.",
        [pledge("SVK", SHELLS, 7000, unit="round", approx=True)],
    ),
    (
        "The Netherlands will send a Patriot battery to Ukraine.",
        [pledge("NLD", "air-defence: Patriot", 1)],
    ),
    (
        "Germany and Denmark will jointly send 80 Leopard 1 tanks to Ukraine.",
        [pledge("DEU DNK", "tank: Leopard 1", 80)],
    ),
    (
        "Germany, Denmark and Norway will send 100 Leopard 1 tanks to Ukraine.",
        [pledge("DEU DNK NOR", "tank: Leopard 1", 100)],
    ),
    (
        "Poland will send 14 Leopard 2 tanks to Ukraine, Norway eight and Canada four.",
        [
            pledge("POL", "tank: Leopard 2", 14),
            pledge("NOR", "tank: Leopard 2", 8),
            pledge("CAN", "tank: Leopard 2", 4),
        ],
    ),
    (
        "Sweden will send Ukraine ten Leopard 2 tanks and 50 CV90 infantry fighting vehicles.",
        [
            pledge("SWE", "tank: Leopard 2", 10),
            pledge("SWE", "infantry-fighting-vehicle: CV90", 50),
        ],
    ),
    (
        "Norway announced a package of military aid for Ukraine worth NOK 250 million.",
        [pledge("NOR", "military-aid", money=2.5e8, currency="NOK")],
    ),
    (
        "Japan will provide Ukraine with up to $5.5 billion in financial aid.",
        [pledge("JPN", "financial-aid", money=(None, 5.5e9), currency="USD")],
    ),
    (
        "The World Bank will lend Ukraine $2 billion.",
        [pledge("WBG", "financial-aid", money=2e9, currency="USD")],
    ),
    (
        "Lithuania will give Ukraine two Mi-8 helicopters worth 41 million euros.",
        [pledge("LTU", "helicopter: Mi-8", 2, money=41e6, currency="EUR")],
    ),
    (
        "The EU will deliver one million artillery shells to Ukraine by March 2024.",
        [pledge("EU", SHELLS, 1e6, unit="round", when="2024-03")],
    ),
    (
        "Germany will deliver 14 Leopard 2 tanks to Ukraine by the end of March.",
        [pledge("DEU", "tank: Leopard 2", 14, when="2023-03")],
    ),
    (
        "Norway pledged on Monday to send eight Leopard 2 tanks to Ukraine.",
        [pledge("NOR", "tank: Leopard 2", 8, when="2023-02-13")],
    ),
]

TENTATIVE: list[Case] = [
    (text, [pledge("FIN", "tank: Leopard 2", 3, status="tentative")])
    for text in (
        "Finland could send three Leopard 2 tanks to Ukraine.",
        "Finland may send three Leopard 2 tanks to Ukraine.",
        "Finland is considering sending three Leopard 2 tanks to Ukraine.",
        "Finland hopes to send three Leopard 2 tanks to Ukraine.",
        "If parliament agrees, Finland would send three Leopard 2 tanks to Ukraine.",
        "Finland is ready to send three Leopard 2 tanks to Ukraine.",
        "Finland has proposed sending three Leopard 2 tanks to Ukraine.",
        "Finland is in talks on sending three Leopard 2 tanks to Ukraine.",
    )
]


def delivery(giver: str, item: str, quantity: object = None, **more: object) -> Coded:
    fields = {"kind": "delivery", "actors": giver, "item": item, "quantity": quantity, "to": "UKR"}
    return Coded(**{**fields, **more})  # type: ignore[arg-type]


DELIVERIES: list[Case] = [
    (
        "Sweden handed over ten Archer howitzers to Ukraine on 13 February.",
        [delivery("SWE", "artillery: Archer", 10, when="2023-02-13")],
    ),
    (
        "Eight Leopard 2 tanks were delivered to Ukraine by Norway on Monday.",
        [delivery("NOR", "tank: Leopard 2", 8, when="2023-02-13")],
    ),
    (
        "Ukraine received 31 Abrams tanks from the United States on Monday.",
        [delivery("USA", "tank: Abrams", 31, when="2023-02-13")],
    ),
    (
        "Poland has delivered 240 T-72 tanks to Ukraine.",
        [delivery("POL", "tank: T-72", 240, scope="total")],
    ),
    (
        "Since the start of the war, Poland has sent Ukraine more than 200 tanks.",
        [delivery("POL", "tank", (200, None), scope="total")],
    ),
    (
        "Poland delivered 14 Leopard 2 tanks to Ukraine in December 2022.",
        [delivery("POL", "tank: Leopard 2", 14, scope="background", when="2022-12")],
    ),
    (
        (
            "Poland handed over four Leopard 2 tanks to Ukraine on Monday. "
            "It also delivered 12 howitzers on Monday."
        ),
        [
            delivery("POL", "tank: Leopard 2", 4, when="2023-02-13"),
            delivery("POL", "artillery", 12, when="2023-02-13"),
        ],
    ),
    (
        (
            "Germany delivered 30 Gepard anti-aircraft guns to Ukraine in 2022. "
            "Germany will deliver two IRIS-T systems to Ukraine."
        ),
        [
            delivery("DEU", "air-defence: Gepard", 30, scope="background", when="2022"),
            pledge("DEU", "air-defence: IRIS-T", 2),
        ],
    ),
]


def request(item: str, quantity: object = None, **more: object) -> Coded:
    fields = {"kind": "request", "actors": "UKR", "item": item, "quantity": quantity, "to": "UKR"}
    return Coded(**{**fields, **more})  # type: ignore[arg-type]


REQUESTS: list[Case] = [
    (
        "Ukraine asked Germany to send 20 Marder infantry fighting vehicles.",
        [request("infantry-fighting-vehicle: Marder", 20)],
    ),
    (
        "Ukraine has asked the Netherlands for F-16 fighter jets.",
        [request("aircraft: F-16")],
    ),
    ("Kyiv requested 300 tanks from its partners.", [request("tank", 300)]),
    ("Ukraine urged its allies to supply ATACMS missiles.", [request("missile: ATACMS")]),
    (
        "Ukraine needs 250,000 artillery shells a month.",
        [request(SHELLS, 250000, unit="round", per="month")],
    ),
    (
        "Ukraine needs 300 tanks, 600 infantry fighting vehicles and 500 howitzers.",
        [
            request("tank", 300),
            request("infantry-fighting-vehicle", 600),
            request("artillery", 500),
        ],
    ),
]


def refusal(who: str, item: str) -> Coded:
    return Coded("refusal", who, item, to="UKR")


REFUSALS: list[Case] = [
    (text, [refusal("POL", "aircraft: MiG-29")])
    for text in (
        "Poland refused to send MiG-29 fighter jets to Ukraine.",
        "Poland will not send MiG-29 fighter jets to Ukraine.",
        "Poland won't send MiG-29 fighter jets to Ukraine.",
        "Poland did not send MiG-29 fighter jets to Ukraine.",
        "Poland will never send MiG-29 fighter jets to Ukraine.",
        "Poland ruled out sending MiG-29 fighter jets to Ukraine.",
        "Poland has declined to send MiG-29 fighter jets to Ukraine.",
        "Poland rejected calls to send MiG-29 fighter jets to Ukraine.",
        "Poland rejected Ukraine's request for MiG-29 fighter jets.",
        "Sending MiG-29 fighter jets to Ukraine was ruled out by Poland.",
    )
] + [
    (
        "The United States suspended deliveries of Patriot missiles to Ukraine.",
        [refusal("USA", "missile: Patriot")],
    ),
    (
        "Norway will send eight Leopard 2 tanks to Ukraine but will not send F-16 fighter jets.",
        [LEOPARDS, refusal("NOR", "aircraft: F-16")],
    ),
]

CONTRACTS: list[Case] = [
    (
        "Germany ordered 20 Boxer armoured vehicles from Rheinmetall.",
        [Coded("contract", "DEU", "armoured-vehicle: Boxer", 20, supplier="Rheinmetall")],
    ),
    (
        "Norway signed a contract with Nammo for 20,000 artillery shells.",
        [Coded("contract", "NOR", SHELLS, 20000, "round", supplier="Nammo")],
    ),
    (
        "Poland will buy 180 K2 tanks from Hyundai Rotem.",
        [Coded("contract", "POL", "tank: K2", 180, supplier="Hyundai Rotem")],
    ),
    (
        "Denmark placed an order with BAE Systems for 10,000 artillery shells.",
        [Coded("contract", "DNK", SHELLS, 10000, "round", supplier="BAE Systems")],
    ),
    (
        "Norway and Sweden ordered 12 howitzers from BAE Systems.",
        [Coded("contract", "NOR SWE", "artillery", 12, supplier="BAE Systems")],
    ),
    (
        "Romania could buy 54 Abrams tanks from General Dynamics.",
        [
            Coded(
                "contract", "ROU", "tank: Abrams", 54,
                status="tentative", supplier="General Dynamics",
            )
        ],
    ),
]  # fmt: skip

PRODUCTION: list[Case] = [
    (
        "Rheinmetall produces 450,000 artillery shells a year.",
        [
            Coded(
                "production", "Rheinmetall", SHELLS, 450000, "round", "year",
                supplier="Rheinmetall",
            )
        ],
    ),
    (
        "The United States produces 14,000 155mm shells a month.",
        [Coded("production", "USA", f"{SHELLS}: 155mm", 14000, "round", "month")],
    ),
    (
        "The United States will produce 90,000 155mm shells a month.",
        [
            Coded(
                "production", "USA", f"{SHELLS}: 155mm", 90000, "round", "month",
                status="tentative",
            )
        ],
    ),
]  # fmt: skip

EXPENDITURE: list[Case] = [
    (
        "Ukraine fires 5,000 artillery shells a day.",
        [Coded("expenditure", "UKR", SHELLS, 5000, "round", "day")],
    ),
    (
        "Ukrainian forces fire about 7,000 artillery shells a day.",
        [Coded("expenditure", "UKR", SHELLS, 7000, "round", "day", approx=True)],
    ),
    (
        "Russia fires up to 20,000 artillery shells a day.",
        [Coded("expenditure", "RUS", SHELLS, (None, 20000), "round", "day")],
    ),
]

STOCKS: list[Case] = [
    (
        (
            "The Netherlands will send 18 Leopard 1 tanks to Ukraine. "
            "The Dutch army holds 40 Leopard 1 tanks."
        ),
        [pledge("NLD", "tank: Leopard 1", 18), Coded("stock", "NLD", "tank: Leopard 1", 40)],
    ),
    (
        "Germany will send 20 howitzers to Ukraine. Germany is running low on artillery shells.",
        [pledge("DEU", "artillery", 20), Coded("stock", "DEU", SHELLS)],
    ),
]

TRAINING: list[Case] = [
    (
        (
            "Berlin will send Ukraine two Patriot batteries. "
            "It will also train 100 Ukrainian soldiers."
        ),
        [
            pledge("DEU", "air-defence: Patriot", 2),
            Coded("training", "DEU", "training-service", 100, "person", to="UKR"),
        ],
    ),
    (
        "Britain will send 14 Challenger 2 tanks to Ukraine, and train 200 Ukrainian soldiers.",
        [
            pledge("GBR", "tank: Challenger 2", 14),
            Coded("training", "GBR", "training-service", 200, "person", to="UKR"),
        ],
    ),
]

NOTHING = [
    "",
    " \n\t\n ",
    "Russian forces destroyed two Leopard 2 tanks near Bakhmut.",
    "Ukraine shot down 45 drones and 12 missiles overnight.",
    "Russia fired 30 missiles at Odesa overnight.",
    "At least 200 soldiers were killed and 30 tanks were lost in the battle for Bakhmut.",
    "The European Union imposed sanctions on 120 Russian banks.",
    "The price of oil rose to $85 a barrel.",
    "Norway will continue to support Ukraine.",
    "The minister opened a school in Oslo.",
    "Did Norway send eight Leopard 2 tanks to Ukraine?",
    "Tanks, howitzers, missiles: the words of a long year.",
]

CASES = [
    *PLEDGES, *TENTATIVE, *DELIVERIES, *REQUESTS, *REFUSALS, *CONTRACTS, *PRODUCTION,
    *EXPENDITURE, *STOCKS, *TRAINING,
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_is_coded(text: str, expected: list[Coded]) -> None:
    assert codings(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_coded(text: str) -> None:
    assert codings(text) == []


def test_every_kind_is_tried() -> None:
    assert len({one.kind for _, expected in CASES for one in expected}) == 9


@pytest.mark.parametrize(("text", "expected"), CASES[:12])
def test_the_white_space_around_a_text_changes_nothing(text: str, expected: list[Coded]) -> None:
    assert codings(f"\n\n  {text}  \n") == expected
    assert codings(text.replace("'", "’")) == expected
    assert codings(f"\r\n{text}\r\n") == expected
