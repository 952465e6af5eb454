"""Read a text, and write down what is coded of it, in one short form for both sides of a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from making import document
from pledgebook.reading import read_document
from pledgebook.reading.grammar.units import Unit, collect, units_of
from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers
from pledgebook.reading.text.mentions import finder
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Statement

CATALOGUE = load_catalogue()
TUESDAY = "2023-02-14"

Ends = int | float | tuple[float | None, float | None]


@dataclass(frozen=True)
class Coded:
    """A statement without its evidence, its speaker and how it was found.

    `actors` are codes with blanks between, `item` is a category and, after a colon, a designation;
    `quantity` and `money` are one figure, or a low and a high end.
    """

    kind: str
    actors: str
    item: str
    quantity: Ends | None = None
    unit: str | None = None
    per: str | None = None
    approx: bool = False
    money: Ends | None = None
    currency: str | None = None
    to: str | None = None
    status: str = "firm"
    scope: str = "new"
    when: str | None = None
    supplier: str | None = None


def coded(statement: Statement) -> Coded:
    """Return the short form of a statement."""
    quantity, money = statement.quantity, statement.money
    item = statement.item
    unit = quantity.unit if quantity is not None and quantity.unit != "item" else None
    per = (quantity.per if quantity else None) or (money.per if money else None)
    return Coded(
        kind=statement.kind.value,
        actors=" ".join(statement.actors),
        item=item.category + (f": {item.designation}" if item.designation else ""),
        quantity=_ends(quantity.low, quantity.high) if quantity else None,
        unit=unit,
        per=per.value if per else None,
        approx=bool(quantity and quantity.approx),
        money=_ends(money.low, money.high) if money else None,
        currency=money.currency if money else None,
        to=statement.recipient,
        status=statement.status.value,
        scope=statement.scope.value,
        when=statement.when,
        supplier=statement.supplier,
    )


def _ends(low: float | None, high: float | None) -> Ends:
    return low if low is not None and low == high else (low, high)


def read(text: str, date: str | None = TUESDAY, **changes: Any) -> list[Statement]:  # noqa: ANN401
    """Return the statements of a text that came out on a Tuesday, 14 February 2023."""
    return read_document(document(text, date, **changes), CATALOGUE)


def codings(text: str, date: str | None = TUESDAY, **changes: Any) -> list[Coded]:  # noqa: ANN401
    """Return the short forms of the statements of a text."""
    return [coded(statement) for statement in read(text, date, **changes)]


def units(text: str, date: str | None = TUESDAY) -> list[Unit]:
    """Return the units of one sentence, with every mention in it."""
    parties, items = finder(CATALOGUE).find(text)
    money = find_money(text)
    dates = find_dates(text, document(text, date).date)
    taken = [(m.start, m.end) for m in money] + [(m.start, m.end) for m in items]
    taken += [(m.start, m.end) for m in dates]
    numbers = find_numbers(text, exclude=sorted(taken))
    return units_of(text, collect(parties, items, numbers, money, dates), 0, len(text))


def said(found: Sequence[Unit], first: int, last: int) -> str:
    """Return the text of the units from `first` to `last`, blanks between."""
    return " ".join(unit.text for unit in found[first : last + 1])
