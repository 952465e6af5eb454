"""Short documents, end to end: what is coded of each, field by field."""

from __future__ import annotations

import pytest

from coding import Coded, codings

LEOPARDS = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")


def case(name: str, text: str, *expected: Coded) -> object:
    return pytest.param(text, list(expected), id=name)


PLEDGES = [
    case("will send", "Norway will send eight Leopard 2 tanks to Ukraine.", LEOPARDS),
    case("promised", "Norway has promised Ukraine eight Leopard 2 tanks.", 
         Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR", scope="background")),
    case("up to", "Canada will give Ukraine up to four Leopard 2 tanks.",
         Coded("pledge", "CAN", "tank: Leopard 2", (None, 4), to="UKR")),
    case("more than", "Italy will send more than 100 armoured vehicles to Ukraine.",
         Coded("pledge", "ITA", "armoured-vehicle", (100, None), to="UKR")),
    case("at least", "Estonia will donate at least 12 howitzers to Ukraine.",
         Coded("pledge", "EST", "artillery", (12, None), to="UKR")),
    case("a range", "Greece will send 14 to 20 howitzers to Ukraine.",
         Coded("pledge", "GRC", "artillery", (14, 20), to="UKR")),
    case("between", "Spain will send between four and six Leopard 2A4 tanks to Ukraine.",
         Coded("pledge", "ESP", "tank: Leopard 2A4", (4, 6), to="UKR")),
    case("about", "Slovakia will send about 7,000 artillery shells to Ukraine.",
         Coded("pledge", "SVK", "artillery-ammunition", 7000, "round", approx=True, to="UKR")),
    case("a dozen", "Belgium will supply a dozen howitzers to Ukraine.",
         Coded("pledge", "BEL", "artillery", 12, to="UKR")),
    case("dozens", "Turkey will supply dozens of drones to Ukraine.",
         Coded("pledge", "TUR", "drone", (24, 99), approx=True, to="UKR")),
    case("several", "Romania will send several howitzers to Ukraine.",
         Coded("pledge", "ROU", "artillery", to="UKR")),
    case("a battery", "The Netherlands will send a Patriot battery to Ukraine.",
         Coded("pledge", "NLD", "air-defence: Patriot", 1, to="UKR")),
    case("joint", "Germany and Denmark will jointly send 80 Leopard 1 tanks to Ukraine.",
         Coded("pledge", "DEU DNK", "tank: Leopard 1", 80, to="UKR")),
    case("joint of three", "Germany, Denmark and Norway will send 100 Leopard 1 tanks to Ukraine.",
         Coded("pledge", "DEU DNK NOR", "tank: Leopard 1", 100, to="UKR")),
    case("gapping", "Poland will send 14 Leopard 2 tanks to Ukraine, Norway eight and Canada four.",
         Coded("pledge", "POL", "tank: Leopard 2", 14, to="UKR"),
         Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR"),
         Coded("pledge", "CAN", "tank: Leopard 2", 4, to="UKR")),
    case("two items", "Sweden will send Ukraine ten Leopard 2 tanks and 50 CV90 infantry fighting vehicles.",
         Coded("pledge", "SWE", "tank: Leopard 2", 10, to="UKR"),
         Coded("pledge", "SWE", "infantry-fighting-vehicle: CV90", 50, to="UKR")),
    case("pronoun", "Norway will send eight Leopard 2 tanks to Ukraine. It will also send four recovery vehicles.",
         LEOPARDS, Coded("pledge", "NOR", "engineering-vehicle", 4, to="UKR")),
    case("the ministry", "Norway will send eight Leopard 2 tanks to Ukraine. The ministry will also give 20 trucks.",
         LEOPARDS, Coded("pledge", "NOR", "vehicle", 20, to="UKR")),
    case("capital", "Oslo will send eight Leopard 2 tanks to Ukraine.", LEOPARDS),
    case("the Pentagon", "The Pentagon will send 31 Abrams tanks to Ukraine.",
         Coded("pledge", "USA", "tank: Abrams", 31, to="UKR")),
    case("passive ahead", "Eight Leopard 2 tanks will be sent to Ukraine by Norway.", LEOPARDS),
    case("could", "Finland could send three Leopard 2 tanks to Ukraine.",
         Coded("pledge", "FIN", "tank: Leopard 2", 3, to="UKR", status="tentative")),
    case("conditional", "If parliament agrees, Finland would send three Leopard 2 tanks to Ukraine.",
         Coded("pledge", "FIN", "tank: Leopard 2", 3, to="UKR", status="tentative")),
    case("considers", "Portugal is considering sending four Leopard 2 tanks to Ukraine.",
         Coded("pledge", "PRT", "tank: Leopard 2", 4, to="UKR", status="tentative")),
    case("package", "Sweden announced a military aid package for Ukraine worth 4.3 billion kronor.",
         Coded("pledge", "SWE", "military-aid", money=4.3e9, currency="SEK", to="UKR")),
    case("NOK", "Norway will give Ukraine NOK 250 million ($24.8 million) in military aid.",
         Coded("pledge", "NOR", "military-aid", money=2.5e8, currency="NOK", to="UKR")),
    case("Norwegian kroner", "Norway will give Ukraine 250 million Norwegian kroner in humanitarian aid.",
         Coded("pledge", "NOR", "humanitarian-aid", money=2.5e8, currency="NOK", to="UKR")),
    case("Danish kroner", "Denmark will give Ukraine 300 million Danish kroner in military aid.",
         Coded("pledge", "DNK", "military-aid", money=3e8, currency="DKK", to="UKR")),
    case("Canadian dollars", "Canada will give Ukraine 500 million Canadian dollars in military aid.",
         Coded("pledge", "CAN", "military-aid", money=5e8, currency="CAD", to="UKR")),
    case("A$", "Australia will give Ukraine A$110 million in military aid.",
         Coded("pledge", "AUS", "military-aid", money=1.1e8, currency="AUD", to="UKR")),
    case("dollars", "The United States will give Ukraine $400 million in military aid.",
         Coded("pledge", "USA", "military-aid", money=4e8, currency="USD", to="UKR")),
    case("up to money", "Japan will provide Ukraine with up to $5.5 billion in financial aid.",
         Coded("pledge", "JPN", "financial-aid", money=(None, 5.5e9), currency="USD", to="UKR")),
    case("next month", "Norway will send eight Leopard 2 tanks to Ukraine next month.",
         Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR", when="2023-03")),
    case("by the end of March", "Germany will deliver 14 Leopard 2 tanks to Ukraine by the end of March.",
         Coded("pledge", "DEU", "tank: Leopard 2", 14, to="UKR", when="2023-03")),
    case("on Monday", "Norway pledged on Monday to send eight Leopard 2 tanks to Ukraine.",
         Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR", when="2023-02-13")),
]

DELIVERIES = [
    case("handed over", "Sweden handed over ten Archer howitzers to Ukraine on 13 February.",
         Coded("delivery", "SWE", "artillery: Archer", 10, to="UKR", when="2023-02-13")),
    case("passive", "Eight Leopard 2 tanks were delivered to Ukraine by Norway on Monday.",
         Coded("delivery", "NOR", "tank: Leopard 2", 8, to="UKR", when="2023-02-13")),
    case("received", "Ukraine received 31 Abrams tanks from the United States on Monday.",
         Coded("delivery", "USA", "tank: Abrams", 31, to="UKR", when="2023-02-13")),
    case("perfect is a total", "Poland has delivered 240 T-72 tanks to Ukraine.",
         Coded("delivery", "POL", "tank: T-72", 240, to="UKR", scope="total")),
    case("since", "Since the start of the war, Poland has sent Ukraine more than 200 tanks.",
         Coded("delivery", "POL", "tank", (200, None), to="UKR", scope="total")),
    case("not recent", "Poland delivered 14 Leopard 2 tanks to Ukraine in December 2022.",
         Coded("delivery", "POL", "tank: Leopard 2", 14, to="UKR", scope="background", when="2022-12")),
    case("pronoun", "Poland handed over four Leopard 2 tanks to Ukraine on Monday. It also delivered 12 howitzers on Monday.",
         Coded("delivery", "POL", "tank: Leopard 2", 4, to="UKR", when="2023-02-13"),
         Coded("delivery", "POL", "artillery", 12, to="UKR", when="2023-02-13")),
]

REQUESTS = [
    case("asked somebody", "Ukraine asked Germany to send 20 Marder infantry fighting vehicles.",
         Coded("request", "UKR", "infantry-fighting-vehicle: Marder", 20, to="UKR")),
    case("asked for", "Ukraine has asked the Netherlands for F-16 fighter jets.",
         Coded("request", "UKR", "aircraft: F-16", to="UKR")),
    case("needs a rate", "Ukraine needs 250,000 artillery shells a month.",
         Coded("request", "UKR", "artillery-ammunition", 250000, "round", "month", to="UKR")),
    case("capital", "Kyiv requested 300 tanks from its partners.",
         Coded("request", "UKR", "tank", 300, to="UKR")),
    case("urged", "Ukraine urged its allies to supply ATACMS missiles.",
         Coded("request", "UKR", "missile: ATACMS", to="UKR")),
]

REFUSALS = [
    case("refused", "Poland refused to send MiG-29 fighter jets to Ukraine.",
         Coded("refusal", "POL", "aircraft: MiG-29", to="UKR")),
    case("will not", "Germany will not send Taurus missiles to Ukraine.",
         Coded("refusal", "DEU", "missile: Taurus", to="UKR")),
    case("won't", "The United States won't send F-16 fighter jets to Ukraine.",
         Coded("refusal", "USA", "aircraft: F-16", to="UKR")),
    case("ruled out", "Britain ruled out sending Typhoon fighter jets to Ukraine.",
         Coded("refusal", "GBR", "aircraft: Typhoon", to="UKR")),
    case("did not", "Denmark did not send Harpoon missiles to Ukraine.",
         Coded("refusal", "DNK", "missile: Harpoon", to="UKR")),
    case("never", "Switzerland will never send Leopard 2 tanks to Ukraine.",
         Coded("refusal", "CHE", "tank: Leopard 2", to="UKR")),
    case("suspended", "The United States suspended deliveries of Patriot missiles to Ukraine.",
         Coded("refusal", "USA", "missile: Patriot", to="UKR")),
]

CONTRACTS = [
    case("ordered", "Germany ordered 20 Boxer armoured vehicles from Rheinmetall.",
         Coded("contract", "DEU", "armoured-vehicle: Boxer", 20, supplier="Rheinmetall")),
    case("signed a contract", "Norway signed a contract with Nammo for 20,000 artillery shells.",
         Coded("contract", "NOR", "artillery-ammunition", 20000, "round", supplier="Nammo")),
    case("will buy", "Poland will buy 180 K2 tanks from Hyundai Rotem.",
         Coded("contract", "POL", "tank: K2", 180, supplier="Hyundai Rotem")),
    case("placed an order", "Denmark placed an order with BAE Systems for 10,000 artillery shells.",
         Coded("contract", "DNK", "artillery-ammunition", 10000, "round", supplier="BAE Systems")),
    case("joint", "Norway and Sweden ordered 12 howitzers from BAE Systems.",
         Coded("contract", "NOR SWE", "artillery", 12, supplier="BAE Systems")),
    case("eyed", "Romania could buy 54 Abrams tanks from General Dynamics.",
         Coded("contract", "ROU", "tank: Abrams", 54, status="tentative", supplier="General Dynamics")),
]

PRODUCTION = [
    case("makes a rate", "Rheinmetall produces 450,000 artillery shells a year.",
         Coded("production", "Rheinmetall", "artillery-ammunition", 450000, "round", "year", supplier="Rheinmetall")),
    case("state", "The United States produces 14,000 155mm shells a month.",
         Coded("production", "USA", "artillery-ammunition: 155mm", 14000, "round", "month")),
    case("target", "The United States will produce 90,000 155mm shells a month.",
         Coded("production", "USA", "artillery-ammunition: 155mm", 90000, "round", "month", status="tentative")),
]

EXPENDITURE = [
    case("fires", "Ukraine fires 5,000 artillery shells a day.",
         Coded("expenditure", "UKR", "artillery-ammunition", 5000, "round", "day")),
    case("about", "Ukrainian forces fire about 7,000 artillery shells a day.",
         Coded("expenditure", "UKR", "artillery-ammunition", 7000, "round", "day", approx=True)),
    case("up to", "Russia uses up to 20,000 artillery shells a day.",
         Coded("expenditure", "RUS", "artillery-ammunition", (None, 20000), "round", "day")),
]

STOCKS = [
    case("has in stock", "The Netherlands will send 18 Leopard 1 tanks to Ukraine. The Dutch army holds 40 Leopard 1 tanks.",
         Coded("pledge", "NLD", "tank: Leopard 1", 18, to="UKR"),
         Coded("stock", "NLD", "tank: Leopard 1", 40)),
    case("is running low", "Germany will send 20 howitzers to Ukraine. Germany is running low on artillery shells.",
         Coded("pledge", "DEU", "artillery", 20, to="UKR"),
         Coded("stock", "DEU", "artillery-ammunition")),
]

TRAINING = [
    case("will train", "Britain will send 14 Challenger 2 tanks to Ukraine. Britain will train 10,000 Ukrainian soldiers.",
         Coded("pledge", "GBR", "tank: Challenger 2", 14, to="UKR"),
         Coded("training", "GBR", "training-service", 10000, "person", to="UKR")),
    case("has trained", "Britain will send 14 Challenger 2 tanks to Ukraine. Britain has trained 10,000 Ukrainian soldiers.",
         Coded("pledge", "GBR", "tank: Challenger 2", 14, to="UKR"),
         Coded("training", "GBR", "training-service", 10000, "person", to="UKR", scope="total")),
    case("pronoun", "Berlin will send Ukraine two Patriot batteries. It will also train 100 Ukrainian soldiers.",
         Coded("pledge", "DEU", "air-defence: Patriot", 2, to="UKR"),
         Coded("training", "DEU", "training-service", 100, "person", to="UKR")),
]

NOTHING = [
    "",
    " \n\t\n ",
    "Russian forces destroyed two Leopard 2 tanks near Bakhmut.",
    "Ukraine shot down 45 drones and 12 missiles overnight.",
    "Russia fired 30 missiles at Odesa, killing three people and wounding 14.",
    "At least 200 soldiers were killed and 30 tanks were lost in the battle for Bakhmut.",
    "The European Union imposed sanctions on 120 Russian banks.",
    "The price of oil rose to $85 a barrel.",
    "Norway will continue to support Ukraine.",
    "The minister opened a school in Oslo.",
    "Did Norway send eight Leopard 2 tanks to Ukraine?",
]


@pytest.mark.parametrize(("text", "expected"), [*PLEDGES,*DELIVERIES,*REQUESTS,*REFUSALS,*CONTRACTS,*PRODUCTION,*EXPENDITURE,*STOCKS,*TRAINING])
def test_all(text: str, expected: list[Coded]) -> None:
    assert codings(text) == expected

@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_made_of(text: str) -> None:
    assert codings(text) == []
