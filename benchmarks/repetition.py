"""A made-up news stream: undertakings that are announced, repeated, recalled, added to, delivered.

What is measured on it is time and memory, not accuracy. The shape follows what the coded corpora
show: a few givers and recipients make most of the news; an undertaking is told once or in dozens of
reports, most within days of the announcement; later reports recall it with fewer details, tell of
its deliveries in parts, or of totals; packages list several items in one document.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pledgebook.ledger.joining.bodies import Body
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["stream"]

_FIRST = dt.date(2014, 3, 1)
_DAYS = 4300
_CONFLICTS = ((8.0, 2920, 1400, "UKR"), (1.0, 3500, 700, "ISR"), (0.7, 900, 3000, "YEM"),
              (0.7, 300, 3600, "SYR"), (0.5, 2500, 1500, "TWN"), (0.4, 3300, 300, "TUR"),
              (0.3, 2000, 2000, "MDA"), (0.3, 1800, 2200, "PHL"))  # fmt: skip
_UNITS = {"artillery-ammunition": "round", "ammunition": "round", "training-service": "person"}
_MONEY = ("military-aid", "financial-aid", "humanitarian-aid", "mixed-aid")
_CURRENCIES = ("USD", "USD", "EUR", "EUR", "GBP", "NOK", "SEK", "CAD", "PLN")


@dataclass(slots=True)
class _Undertaking:
    giver: tuple[str, ...]
    recipient: str
    category: str
    designation: str | None
    quantity: float | None
    money: tuple[float, str] | None
    day: int
    due: str | None


class _World:
    """Draws undertakings and their reports. One seed gives one stream on every machine."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._chance = random.Random(seed)
        states = [code for code in catalogue.parties if len(code) == 3 and code.isupper()]
        self._givers = sorted(states)
        self._chance.shuffle(self._givers)
        names: dict[str, list[str]] = {}
        for item in catalogue.items.values():
            names.setdefault(item.category.value, []).append(item.designation)
        self._names = {category: sorted(found) for category, found in sorted(names.items())}
        self._categories = list(self._names)
        self._chance.shuffle(self._categories)
        self._documents = 0

    def _rank(self, count: int, mean: float) -> int:
        """Draw a place in a list of which the first are met most often."""
        return min(int(self._chance.expovariate(1 / mean)), count - 1)

    def announcement(self) -> list[_Undertaking]:
        """Draw what is announced together: one undertaking, or a package and its items."""
        chance = self._chance
        weights = [conflict[0] for conflict in _CONFLICTS]
        _, start, days, recipient = chance.choices(_CONFLICTS, weights)[0]
        giver = [self._givers[self._rank(len(self._givers), 9)]]
        if chance.random() < 0.08:
            giver.append(self._givers[self._rank(len(self._givers), 9)])
        day = start + chance.randrange(days)
        due = None
        if chance.random() < 0.3:
            due = (_FIRST + dt.timedelta(days=day + chance.randrange(30, 400))).strftime("%Y-%m")
        made = []
        for number in range(1 if chance.random() < 0.7 else chance.randrange(3, 9)):
            category = self._categories[self._rank(len(self._categories), 8)]
            is_money = number == 0 and chance.random() < 0.4
            if is_money:
                category = chance.choice(_MONEY)
            names = self._names.get(category, [])
            named = bool(names) and not is_money and chance.random() < 0.7
            counted = not is_money and chance.random() < 0.65
            quantity = round(chance.lognormvariate(3, 1.6)) + 1 if counted else None
            if quantity is not None and category in _UNITS:
                quantity = quantity * 500
            money = None
            if is_money:
                money = float(round(chance.lognormvariate(4.5, 1.3)) + 1) * 1e6
            made.append(
                _Undertaking(
                    giver=tuple(sorted(set(giver))),
                    recipient=recipient,
                    category=category,
                    designation=names[self._rank(len(names), 4)] if named else None,
                    quantity=float(quantity) if quantity is not None else None,
                    money=(money, chance.choice(_CURRENCIES)) if money is not None else None,
                    day=day,
                    due=due,
                )
            )
        return made

    def reports(self, made: list[_Undertaking]) -> Iterator[Body]:
        """Draw the reports of what was announced together."""
        chance = self._chance
        wave = min(60, int(chance.paretovariate(1.1) * 1.6))
        for number in range(wave):
            day = made[0].day + min(20, int(chance.expovariate(1 / 1.5)))
            told = made if number == 0 else [one for one in made if chance.random() < 0.6]
            scope = "new" if day - made[0].day < 3 else "background"
            yield from self._document(told, day, scope, "pledge", first=number == 0)
        for _ in range(min(12, int(chance.paretovariate(1.3)) - 1)):
            day = made[0].day + int(chance.expovariate(1 / 150)) + 5
            told = [one for one in made if chance.random() < 0.5]
            kind = chance.choice(("pledge", "pledge", "delivery", "delivery", "contract"))
            yield from self._document(told, day, chance.choice(("background", "new")), kind)

    def _document(
        self, told: list[_Undertaking], day: int, scope: str, kind: str, *, first: bool = False
    ) -> Iterator[Body]:
        if not told:
            return
        self._documents += 1
        name = "d" + hashlib.sha256(str(self._documents).encode()).hexdigest()[:20]
        counted = _FIRST + dt.timedelta(days=min(day, _DAYS))
        for number, one in enumerate(told):
            fields = self._fields(one, scope, kind, first=first)
            start = 200 * number
            fields |= {"start": start, "end": start + 60}
            body = json.dumps(fields, sort_keys=True, separators=(",", ":"))
            digest = hashlib.sha256((name + body).encode()).hexdigest()[:20]
            chance = self._chance.random()
            quote = _QUOTES[0 if chance < 0.94 else 1 if chance < 0.97 else 2]
            yield Body("s" + digest, name, counted, self._chance.random() < 0.97, body, quote)

    def _fields(self, one: _Undertaking, scope: str, kind: str, *, first: bool) -> dict[str, Any]:
        chance = self._chance
        vague = 0.0 if first else 0.15
        fields: dict[str, Any] = {
            "kind": kind,
            "status": "firm" if chance.random() < 0.9 else "tentative",
            "scope": "total" if not first and chance.random() < 0.05 else scope,
            "actors": list(one.giver),
            "recipient": one.recipient,
            "item": {"category": one.category},
        }
        if one.designation is not None and chance.random() >= vague:
            fields["item"]["designation"] = one.designation
        if one.quantity is not None and chance.random() >= vague:
            amount = one.quantity
            if kind == "delivery" and chance.random() < 0.5:
                amount = float(max(1, round(amount * chance.random())))
            ends = {"low": amount, "high": amount}
            if chance.random() < 0.08:
                ends.pop(chance.choice(("low", "high")))
            unit = _UNITS.get(one.category, "item")
            fields["quantity"] = ends | {"unit": unit, "approx": chance.random() < 0.05}
        if one.money is not None and chance.random() >= vague:
            fields["money"] = {
                "low": one.money[0], "high": one.money[0], "currency": one.money[1],
            }  # fmt: skip
        if one.due is not None and chance.random() < 0.5:
            fields["when"] = one.due
        return fields


_QUOTES = (
    "the government announced on Tuesday that it would send them",
    "it will send a further lot of the same kind before the end of",
    "the first of them were handed over at the weekend, officials",
)


def stream(count: int, catalogue: Catalogue, seed: int = 11) -> Iterator[Body]:
    """Yield `count` stored statements, in no order of time."""
    world = _World(catalogue, seed)
    left = count
    while left:
        for body in world.reports(world.announcement()):
            yield body
            left -= 1
            if not left:
                return
