"""Made-up reports with every shape of figure that a table has to show."""

from __future__ import annotations

from making import Said, document, norway, reading, report
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status


def everything() -> list[Reading]:
    """Ranges, bounds, unknowns, money, requests, refusals, talk, a contradiction, an odd text."""
    return [
        *norway(),
        report(
            Said("Germany will give up to four Patriot batteries", actors=("DEU",),
                 quantity=(None, 4), category=Category.AIR_DEFENCE, designation="Patriot",
                 when="2023-06"),
            Said("at least 100,000 shells will come from Berlin", actors=("DEU",),
                 quantity=(100_000, None), unit="round",
                 category=Category.ARTILLERY_AMMUNITION, designation="155mm"),
            Said("it ordered 14 to 20 howitzers from Rheinmetall", kind=Kind.CONTRACT,
                 actors=("DEU",), recipient=None, quantity=(14, 20), supplier="Rheinmetall",
                 category=Category.ARTILLERY, designation="PzH 2000"),
            Said("an aid package worth 200 million euros", actors=("DEU",),
                 money=(200_000_000, "EUR"), category=Category.MILITARY_AID, designation=None),
            Said("helmets were promised as well", actors=("DEU",),
                 category=Category.PERSONAL_EQUIPMENT, designation=None),
            date="2023-03-01",
        ),
        report(
            Said("Berlin is considering ten fighter jets", actors=("DEU",), status=Status.TENTATIVE,
                 category=Category.AIRCRAFT, designation=None, quantity=10),
            Said("Switzerland refused to release the cartridges", kind=Kind.REFUSAL,
                 actors=("CHE",), category=Category.AMMUNITION, designation="35mm"),
            Said("Kyiv asked Bern for the 12,400 rounds", kind=Kind.REQUEST, actors=("UKR",),
                 category=Category.AMMUNITION, designation="35mm", quantity=12_400, unit="round"),
            Said("the first Patriot battery has arrived from Germany", kind=Kind.DELIVERY,
                 actors=("DEU",), quantity=1, category=Category.AIR_DEFENCE,
                 designation="Patriot", when="2023-04"),
            date="2023-05-02",
        ),
        report(
            Said("Sweden had promised twelve Leopard 2 tanks", actors=("SWE",), quantity=12,
                 scope=Scope.BACKGROUND),
            date="2023-03-06",
        ),
        # What others write may hold anything, a terminal's own orders too.
        reading(
            document(
                "Latvia will give six \x1b[31mStinger\x1b[0m missiles to Ukraine.",
                "2023-03-09",
                title="A \x1b]0;title\x07 with orders in it",
                url="https://example.org/latvia",
                origin="https://example.org/latvia",
            ),
            [Said("Latvia will give six \x1b[31mStinger\x1b[0m missiles", actors=("LVA",),
                  quantity=6, category=Category.AIR_DEFENCE, designation="Stinger")],
        ),
    ]  # fmt: skip
