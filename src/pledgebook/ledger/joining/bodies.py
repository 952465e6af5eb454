"""Fill a table from statements as the store keeps them, without an object for each."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pledgebook.ledger.cases import FAMILIES, ItemSense, ItemTree, span_of, squeezed
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.joining.table import (
    CATEGORIES,
    FAMILY,
    KINDS,
    NONE,
    SCOPES,
    CaseTable,
    Codes,
    Said,
)
from pledgebook.ledger.rules import Rules
from pledgebook.vocabulary.statement import Category, Kind, Status

__all__ = ["FAMILY_OF", "Body", "add_bodies", "add_fields"]

_WORD = re.compile(r"[a-z]+")
FAMILY_OF = {kind.value: FAMILY[family] for kind, family in FAMILIES.items()}
_KIND = {kind.value: number for kind, number in KINDS.items()}
_SCOPE = {scope.value: number for scope, number in SCOPES.items()}
_FIRM, _PERCENT = Status.FIRM.value, "percent"
_CONTRACT = Kind.CONTRACT.value

Amount = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Body:
    """A stored statement: its JSON body, its quote, and where and when it counts."""

    id: str
    document: str
    counted: dt.date
    dated: bool
    body: str
    quote: str


def add_bodies(
    table: CaseTable, bodies: Iterable[Body], tree: ItemTree | None, rules: Rules
) -> None:
    """Add the statements that can make commitments; others are passed over.

    The rows are those that `prepare` and `CaseTable.add_cases` would make.
    """
    add_fields(table, ((one, json.loads(one.body)) for one in bodies), tree, rules)


def add_fields(
    table: CaseTable,
    told: Iterable[tuple[Body, Mapping[str, Any]]],
    tree: ItemTree | None,
    rules: Rules,
) -> None:
    """Add statements of which the fields are known; their bodies are not looked at."""
    reader = _Reader(table, tree)
    for one, fields in told:
        if fields["kind"] in FAMILY_OF:
            table.add(
                one.id,
                one.document,
                one.counted,
                (fields["start"], fields["end"]),
                one.quote,
                reader.said(fields),
                dated=one.dated,
                further=not rules.further_words.isdisjoint(_WORD.findall(one.quote.casefold())),
            )


class _Reader:
    """Turns fields into codes; what was met before is looked up."""

    def __init__(self, table: CaseTable, tree: ItemTree | None) -> None:
        self._table = table
        self._tree = tree
        self._items: dict[tuple[str, str | None], tuple[int, int]] = {}
        self._actors: dict[tuple[str, ...], int] = {}
        self._whens: dict[str | None, int] = {}
        self._quantities: dict[tuple[float | None, float | None], int] = {}
        self._sums: dict[tuple[float | None, float | None], int] = {}

    def said(self, fields: Mapping[str, Any]) -> Said:
        """Return the codes of what a statement says."""
        table, get = self._table, fields.get
        kind = fields["kind"]
        actors = tuple(fields["actors"])
        recipient = get("recipient")
        buys = kind == _CONTRACT and recipient is None
        if buys and len(actors) == 1:
            recipient = actors[0]
        item = fields["item"]
        category, sense = self._item(item["category"], item.get("designation"))
        quantity: Amount = get("quantity")
        counts = quantity is not None and quantity.get("per") is None
        counts = counts and quantity is not None and quantity.get("unit", "item") != _PERCENT
        money: Amount = get("money")
        paid = money is not None and money.get("per") is None
        return (
            FAMILY_OF[kind],
            _KIND[kind],
            _SCOPE[fields["scope"]],
            int(fields["status"] == _FIRM),
            self._parties(actors),
            table.party_codes.of(recipient),
            int(buys),
            category,
            sense,
            _interval(quantity, self._quantities, table.quantity_codes) if counts else NONE,
            table.unit_codes.of(quantity.get("unit", "item")) if counts and quantity else NONE,
            int(quantity is not None and bool(quantity.get("approx"))),
            _interval(money, self._sums, table.money_codes) if paid else NONE,
            table.currency_codes.of(money["currency"]) if paid and money else NONE,
            self._when(get("when")),
            table.supplier_codes.of(squeezed(get("supplier"))),
        )

    def _item(self, category: str, designation: str | None) -> tuple[int, int]:
        known = self._items.get((category, designation))
        if known is None:
            kind = Category(category)
            sense = ItemSense.of(kind, designation, self._tree)
            codes = CATEGORIES[kind], self._table.item_codes.of((kind, sense))
            known = self._items[category, designation] = codes
        return known

    def _parties(self, actors: tuple[str, ...]) -> int:
        known = self._actors.get(actors)
        if known is None:
            known = self._actors[actors] = self._table.actor_codes.of(frozenset(actors))
        return known

    def _when(self, when: str | None) -> int:
        known = self._whens.get(when)
        if known is None:
            known = self._whens[when] = self._table.when_code(when, span_of(when))
        return known


def _interval(
    amount: Amount, known: dict[tuple[float | None, float | None], int], codes: Codes
) -> int:
    if amount is None:
        return NONE
    ends = amount.get("low"), amount.get("high")
    code = known.get(ends)
    if code is None:
        code = known[ends] = codes.of(Interval(*ends))
    return code
