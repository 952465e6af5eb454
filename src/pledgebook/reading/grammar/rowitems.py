"""The items, numbers and amounts of a table row or form, joined to anchors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.rows import Cell, Row

Places = Sequence[tuple[Cell, Sequence[int]]]


def cell_units(units: Sequence[Unit], cell: Cell) -> list[int]:
    """Return the indices of the units that stand in a cell."""
    return [k for k, unit in enumerate(units) if unit.start >= cell.start and unit.end <= cell.end]


def row_anchors(
    units: Sequence[Unit],
    row: Row,
    places: Places,
    find: Callable[[Sequence[Unit]], list[Anchor]],
) -> list[Anchor]:
    """Return the anchors of a row: its items, the first with the row's number and amount."""
    items: list[Anchor] = []
    for cell, inside in places:
        if not inside or cell.role in ("donor", "recipient", "date", "supplier", "status"):
            continue
        base = inside[0]
        for anchor in find([units[k] for k in inside]):
            if anchor.item is None or (anchor.weak and anchor.number is None):
                continue
            anchor.first, anchor.last, anchor.head = (
                anchor.first + base,
                anchor.last + base,
                anchor.head + base,
            )
            items.append(anchor)
    number = _number(units, places)
    money = _money(units, row, places)
    if not items:
        if money is None:
            return []
        return [Anchor(0, money[0], money[0], None, None, money[1])]
    first = items[0]
    if first.number is None and number is not None:
        first.number = number[1]
        first.last = max(first.last, number[0])
    if first.money is None and money is not None:
        first.money = money[1]
        first.last = max(first.last, money[0])
    if not row.form:
        first.first = 0
    return items


def _number(units: Sequence[Unit], places: Places) -> tuple[int, NumberMention] | None:
    ordered = sorted(places, key=lambda place: place[0].role != "quantity")
    for cell, inside in ordered:
        if cell.role not in ("quantity", None):
            continue
        counted = [k for k in inside if units[k].kind == "number"]
        words = [k for k in inside if units[k].kind in ("word", "item", "party")]
        if counted and (cell.role == "quantity" or len(words) <= 1):
            number = units[counted[0]].value
            if isinstance(number, NumberMention) and number.kind in ("cardinal", "vague"):
                return counted[0], number
    return None


def _money(units: Sequence[Unit], row: Row, places: Places) -> tuple[int, MoneyMention] | None:
    for k in sorted(k for _, inside in places for k in inside):
        value = units[k].value
        if isinstance(value, MoneyMention) and value.currency and not value.converted:
            return k, value
    currency = row.currency
    for _, inside in places:
        if len(inside) == 1 and units[inside[0]].text in _CODES:
            currency = units[inside[0]].text
    if currency is None:
        return None
    for cell, inside in places:
        if cell.role != "money":
            continue
        for k in inside:
            number = units[k].value
            if isinstance(number, NumberMention) and number.kind == "cardinal" and number.low:
                low = number.low * row.scale
                high = number.high * row.scale if number.high is not None else None
                return k, replace(
                    _BLANK,
                    start=units[k].start,
                    end=units[k].end,
                    low=low,
                    high=high,
                    currency=currency,
                )
    return None


_CODES = frozenset(
    {
        "USD",
        "EUR",
        "GBP",
        "NOK",
        "SEK",
        "DKK",
        "CHF",
        "CAD",
        "AUD",
        "JPY",
        "CZK",
        "PLN",
        "KRW",
        "UAH",
        "NZD",
    }
)
_BLANK = MoneyMention(0, 0, None, None, None, None, False, False, 0, 0)
