"""A story of shells: used up, made, promised, handed over, and asked for; for forecasts."""

from __future__ import annotations

from typing import Any

from making import Said, report
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.statement import Category, Kind, Per, Scope, Status


def shells(quote: str, kind: Kind, by: str, **more: Any) -> Said:  # noqa: ANN401
    """One sentence on 155mm rounds."""
    fields: dict[str, Any] = {
        "kind": kind,
        "actors": (by,),
        "recipient": None,
        "category": Category.ARTILLERY_AMMUNITION,
        "designation": "155mm",
        "unit": "round",
    }
    return Said(quote, **(fields | more))


def told(*, stock: bool = False) -> list[Reading]:
    """What was told of 155mm rounds until the middle of February 2023."""
    found = [
        report(
            shells("Germany will send 50,000 rounds of 155mm", Kind.PLEDGE, "DEU", recipient="UKR",
                   quantity=50_000, when="2023-06"),
            shells("America makes 14,000 rounds of 155mm a month", Kind.PRODUCTION, "USA",
                   quantity=14_000, per=Per.MONTH),
            shells("Russia makes 250,000 rounds of 155mm a month", Kind.PRODUCTION, "RUS",
                   quantity=250_000, per=Per.MONTH),
            date="2022-11-01",
        ),
        report(
            shells("America will send 100,000 rounds of 155mm", Kind.PLEDGE, "USA", recipient="UKR",
                   quantity=100_000),
            shells("Germany has handed over 10,000 of its 155mm rounds", Kind.DELIVERY, "DEU",
                   recipient="UKR", quantity=10_000, when="2022-12-10"),
            shells("America wants to make 36,000 rounds of 155mm a month by 2024", Kind.PRODUCTION,
                   "USA", quantity=36_000, per=Per.MONTH, status=Status.TENTATIVE, when="2024"),
            date="2022-12-15",
        ),
        report(
            shells("Ukraine fires 110,000 rounds of 155mm a month", Kind.EXPENDITURE, "UKR",
                   quantity=110_000, per=Per.MONTH, speaker="Oleksii Reznikov"),
            shells("Ukraine needs 356,400 rounds of 155mm a month", Kind.REQUEST, "UKR",
                   recipient="UKR", quantity=356_400, per=Per.MONTH),
            shells("Germany gives further shells of unknown number", Kind.PLEDGE, "DEU",
                   recipient="UKR", designation=None),
            shells("it has received 900,000 rounds of 155mm from America in all", Kind.DELIVERY,
                   "USA", recipient="UKR", quantity=900_000, scope=Scope.TOTAL),
            date="2023-02-01",
        ),
        report(
            shells("Germany makes 6,000 rounds of 155mm a month", Kind.PRODUCTION, "DEU",
                   quantity=6_000, per=Per.MONTH),
            shells("Europe makes 25,000 rounds of 155mm a month", Kind.PRODUCTION, "EU",
                   quantity=25_000, per=Per.MONTH),
            shells("America had sent 800,000 rounds of 155mm by the end of 2022", Kind.DELIVERY,
                   "USA", recipient="UKR", quantity=800_000, scope=Scope.TOTAL, when="2022-12-31"),
            date="2023-02-10",
        ),
    ]  # fmt: skip
    if stock:
        said = shells("Ukraine holds 300,000 rounds of 155mm", Kind.STOCK, "UKR", quantity=300_000)
        found.append(report(said, date="2023-02-12"))
    return found
