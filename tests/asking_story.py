"""Made-up reports with something to answer for each question that people ask of a ledger.

Every figure that the tests hold against it is reckoned by hand from these sentences.
"""

from __future__ import annotations

from typing import Any

from making import Said, report
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

SHELLS: dict[str, Any] = {
    "category": Category.ARTILLERY_AMMUNITION,
    "designation": "155mm",
    "unit": "round",
}
MONEY: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}


def asking_story() -> list[Reading]:
    """Requests, promises alone and jointly, deliveries in parts, refusals, talk, money."""
    return [
        report(
            Said("Ukraine asks for 100 main battle tanks", kind=Kind.REQUEST, actors=("UKR",),
                 designation=None, quantity=100),
            Said("Ukraine asks for 20 Patriot batteries", kind=Kind.REQUEST, actors=("UKR",),
                 category=Category.AIR_DEFENCE, designation="Patriot", quantity=20),
            Said("Ukraine asks for 24 F-16 jets", kind=Kind.REQUEST, actors=("UKR",),
                 category=Category.AIRCRAFT, designation="F-16", quantity=24),
            Said("Ukraine asks for ATACMS", kind=Kind.REQUEST, actors=("UKR",),
                 category=Category.MISSILE, designation="ATACMS"),
            date="2023-01-10",
        ),
        report(
            Said("Norway will send eight Leopard 2 tanks by the end of March", quantity=8,
                 when="2023-03"),
            date="2023-02-01",
        ),
        report(
            Said("Germany and Denmark will jointly send 80 Leopard 1 tanks", quantity=80,
                 actors=("DEU", "DNK"), designation="Leopard 1"),
            Said("Germany promises between 10,000 and 12,000 shells by 30 June", actors=("DEU",),
                 quantity=(10_000, 12_000), when="2023-06-30", **SHELLS),
            date="2023-02-07",
        ),
        report(
            Said("the first three Norwegian Leopard 2 tanks arrived on 20 March",
                 kind=Kind.DELIVERY, quantity=3, when="2023-03-20"),
            date="2023-03-22",
        ),
        report(
            Said("two more Leopard 2 tanks from Norway were handed over in May",
                 kind=Kind.DELIVERY, quantity=2, when="2023-05"),
            Said("the Netherlands will give 24 F-16 jets", actors=("NLD",), quantity=24,
                 category=Category.AIRCRAFT, designation="F-16"),
            date="2023-06-02",
        ),
        report(
            Said("Norway gives 100 million kroner in military aid", money=(100_000_000, "NOK"),
                 **MONEY),
            Said("Germany gives 200 million euros in military aid", actors=("DEU",),
                 money=(200_000_000, "EUR"), **MONEY),
            Said("the European Union gives 500 million euros in military aid", actors=("EU",),
                 money=(500_000_000, "EUR"), **MONEY),
            Said("Estonia will give shells", actors=("EST",), **SHELLS),
            date="2023-06-05",
        ),
        report(
            Said("Spain is thinking of six Leopard 2 tanks", actors=("ESP",), quantity=6,
                 status=Status.TENTATIVE),
            Said("Switzerland refuses to give Leopard 2 tanks", actors=("CHE",),
                 kind=Kind.REFUSAL),
            Said("the United States will not give ATACMS", actors=("USA",), kind=Kind.REFUSAL,
                 category=Category.MISSILE, designation="ATACMS"),
            date="2023-06-20",
        ),
        report(
            Said("Poland will send 14 Leopard 2 tanks", actors=("POL",), quantity=14),
            date="2023-07-01",
        ),
        report(
            Said("Poland had promised ten Leopard 2 tanks", actors=("POL",), quantity=10,
                 scope=Scope.BACKGROUND),
            date="2023-07-04",
        ),
        report(
            Said("all the German shells, 12,000 of them, have arrived", actors=("DEU",),
                 kind=Kind.DELIVERY, quantity=12_000, when="2023-07-10", **SHELLS),
            date="2023-07-12",
        ),
    ]  # fmt: skip
