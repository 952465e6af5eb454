"""A book with money in several currencies and two price lists, for the tests of their faces."""

from __future__ import annotations

import datetime as dt
from typing import Any

from making import Said, document, reading, report
from pledgebook.ledger.records import Reading
from pledgebook.ledger.releases import NewRelease, NewRow
from pledgebook.vocabulary.statement import Category, Kind


def reports() -> list[Reading]:
    """Money with and without a rate, things with and without a price, a package with its things."""
    aid: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}
    return [
        report(Said("Norway will give 250 million kroner", money=(250e6, "NOK"), **aid),
               date="2023-02-14"),
        report(Said("Norway will send eight Leopard 2 tanks", quantity=8, when="2023-03"),
               Said("four guns of a kind that nobody knows", quantity=4,
                    category=Category.ARTILLERY, designation="Zorg-9"),
               date="2023-02-18"),
        report(Said("a $400 million package", actors=("USA",), money=(400e6, "USD"), **aid),
               Said("which includes 4 HIMARS", actors=("USA",), quantity=4,
                    category=Category.ROCKET_ARTILLERY, designation="HIMARS"),
               date="2023-03-04", lead="The United States announced on Saturday"),
        report(Said("In 2022 Poland gave 100 million zlotys", kind=Kind.DELIVERY, actors=("POL",),
                    money=(100e6, "PLN"), category=Category.HUMANITARIAN_AID, designation=None,
                    when="2022"),
               Said("Belarus gave five million roubles", kind=Kind.DELIVERY, actors=("BLR",),
                    money=(5e6, "RUB"), category=Category.FINANCIAL_AID, designation=None),
               date="2023-04-01"),
        report(Said("Germany will give money", actors=("DEU",), category=Category.FINANCIAL_AID,
                    designation=None),
               Said("14 Leopard 2A6 worth 60 million euros", actors=("DEU",), quantity=14,
                    money=(60e6, "EUR"), designation="Leopard 2A6"),
               Said("up to 10,000 155mm shells", actors=("DEU",), quantity=(None, 10_000),
                    unit="round", category=Category.ARTILLERY_AMMUNITION, designation="155mm"),
               date="2023-05-05"),
    ]  # fmt: skip


_PRICES = (
    ("Leopard 2", "tank", 1_500_000.0, 2_000_000.0, "USD", "item", "2022"),
    ("Leopard 2", "tank", 1_800_000.0, 2_200_000.0, "USD", "item", "2022"),
    ("HIMARS", "rocket-artillery", 5_100_000.0, 5_100_000.0, "USD", "item", None),
    ("155mm", "artillery-ammunition", 800.0, 3_000.0, "EUR", "round", "2021"),
)


def price_list(
    name: str = "2022-10", published: dt.date | None = dt.date(2022, 10, 3), *, times: float = 1.0
) -> NewRelease:
    """Return a price list as an importer makes it; `times` makes it dearer."""
    rows = []
    for number, (item, category, low, high, currency, unit, date) in enumerate(_PRICES, 2):
        origin = f"prices-{name}.csv#row={number}"
        text = f"Item: {item}\nPrice: {low * times:.0f} to {high * times:.0f} {currency}\n"
        body = {
            "item": item,
            "category": category,
            "designation": item,
            "low": low * times,
            "high": high * times,
            "currency": currency,
            "unit": unit,
            "date": date,
            "source": None,
        }
        made = document(text, None, origin=origin)
        rows.append(NewRow(reading(made), f"{item} {number}", origin, [body]))
    sha = name.encode().hex().ljust(64, "0")
    return NewRelease(
        "prices", name, "prices", f"prices-{name}.csv", sha, "prices/1", rows, published
    )
