"""A large book of made-up undertakings, each reported several times, for measuring time."""

from __future__ import annotations

import datetime as dt
import random

from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Quantity,
    Scope,
    Statement,
)

_GIVERS = [f"{one}{other}X" for one in "ABCDEFG" for other in "ABCDEFGH"]
_SPAN = 1400
_AMOUNTS = (1, 2, 4, 8, 10, 14, 20, 30, 50, 100, 500, 1000, 10_000)


def many(reports: int, seed: int = 7) -> list[Entry]:
    """Return so many statements: promises, recalled ones, deliveries, and some running totals."""
    chance = random.Random(seed)
    found: list[Entry] = []
    while len(found) < reports:
        giver = _GIVERS[min(int(chance.expovariate(1 / 10)), len(_GIVERS) - 1)]
        category = chance.choice(list(Category))
        name = chance.choice([None, *(f"{category.value[:3].upper()}-{n}" for n in range(1, 9))])
        amount = chance.choice([None, *_AMOUNTS])
        day = dt.date(2022, 3, 1) + dt.timedelta(days=chance.randrange(_SPAN))
        for number in range(chance.randint(2, 8)):
            document = f"d{len(found):020x}"
            delivered = number > 2 and chance.random() < 0.4
            total = chance.random() < 0.08
            recalled = Scope.BACKGROUND if number else Scope.NEW
            statement = Statement(
                kind=Kind.DELIVERY if delivered else Kind.PLEDGE,
                scope=Scope.TOTAL if total else recalled,
                actors=(giver,),
                recipient="UKR",
                item=Item(category=category, designation=name if chance.random() < 0.8 else None),
                quantity=Quantity(low=amount, high=amount) if amount is not None else None,
                when=day.isoformat() if chance.random() < 0.4 else None,
                evidence=Evidence(document=document, start=0, end=5, quote="quote"),
            )
            found.append(Entry(f"s{len(found):020x}", statement, document, day))
            day += dt.timedelta(days=chance.randrange(60))
    return found[:reports]
