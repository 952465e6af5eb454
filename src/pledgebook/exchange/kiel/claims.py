"""What a row of the tracker says.

The value of a package stands once, on its first row, and makes one statement about money. Each item
makes statements about units and none about money, so that a package and its items are never added
twice; the ground `package` of every statement leads to the cell that holds the package's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pledgebook.exchange.intake import data_table
from pledgebook.exchange.kiel.cells import Day, Number, State, number_of
from pledgebook.exchange.rows import Claim
from pledgebook.exchange.things import Thing
from pledgebook.vocabulary.statement import Category, Kind, Scope

__all__ = ["RowReader"]

Fault = Callable[[str, str, str, bool], None]
"""Takes a column, the cell as it is, what is wrong with it, and if that is for noting only."""

_NOTHING = frozenset({"", "."})


@dataclass(frozen=True, slots=True)
class RowReader:
    """One row: its cells by name, the headers that they stand under, and what is known of it."""

    cells: Mapping[str, str]
    labels: Mapping[str, str]
    donor: str
    thing: Thing | None
    day: Day
    fault: Fault

    def claims(self) -> Iterator[Claim]:
        """Yield the statements of the row."""
        if self.thing is not None:
            yield from self._item(self.thing)
        aid = data_table("kiel_columns")["aid"].get(self._said("aid_type"))
        if aid is None:
            self.fault("aid_type", self.cells.get("aid_type", ""), "it is no type of aid", False)
            return
        yield from self._package(Category(aid))

    def _item(self, thing: Thing) -> Iterator[Claim]:
        promised = self._number("units_committed")
        yield self._claim(
            Kind.PLEDGE, thing.fields(), "units", promised, ("item", "units_committed"), thing.unit
        )
        delivered = self._number("units_delivered")
        if delivered.state in (State.GIVEN, State.UNDISCLOSED):
            yield self._claim(
                Kind.DELIVERY,
                thing.fields(),
                "delivered",
                delivered,
                ("item", "units_delivered"),
                thing.unit,
            )

    def _package(self, aid: Category) -> Iterator[Claim]:
        item = {"category": aid.value, "designation": None}
        total, allocated = self._number("total"), self._number("allocated")
        currency = self.cells.get("currency", "").strip().upper()
        first = self._said("first_row") == "1" or total.state is State.GIVEN
        if total.state is State.GIVEN:
            source = data_table("kiel_columns")["value_sources"].get(self._said("value_source"))
            rule = f"package-{source or 'value'}"
            yield from self._money(item, rule, total, currency, "total", Scope.NEW)
        elif first and self.thing is None:
            yield self._claim(Kind.PLEDGE, item, "package-without-value", total, self._aid_quotes())
        delivered = self._number("delivered_eur")
        if delivered.state is State.GIVEN:
            yield from self._money(
                item, "package-delivered", delivered, "EUR", "delivered_eur", Scope.NEW
            )
        is_part = self._said("donation_kind") == "allocation" and allocated.state is State.GIVEN
        if is_part and allocated.value != total.value:
            # What is set aside out of a package adds nothing to it.
            yield from self._money(
                item, "allocation", allocated, currency, "allocated", Scope.BACKGROUND
            )

    def _money(
        self,
        item: dict[str, Any],
        rule: str,
        amount: Number,
        currency: str,
        column: str,
        scope: Scope,
    ) -> Iterator[Claim]:
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            what = "an amount stands beside it and it is no currency"
            self.fault("currency", currency, what, False)
            return
        money = {"low": amount.value, "high": amount.value, "currency": currency}
        kind = Kind.DELIVERY if rule == "package-delivered" else Kind.PLEDGE
        fields = self._fields(kind, item, rule) | {"money": money, "scope": scope.value}
        grounds = self._grounds() | self._ground("item", "aid_type")
        if column != "delivered_eur":
            grounds |= self._ground("currency", "currency")
        yield Claim(fields, self._quotes((column,)), grounds)

    def _claim(
        self,
        kind: Kind,
        item: dict[str, Any],
        rule: str,
        amount: Number,
        quotes: tuple[str, ...],
        unit: str | None = None,
    ) -> Claim:
        fields = self._fields(kind, item, rule)
        if amount.state is State.GIVEN and unit is not None:
            fields["quantity"] = {"low": amount.value, "high": amount.value, "unit": unit}
        elif unit is not None:
            fields["rule"] += f"-{amount.state.value}"
        return Claim(fields, self._quotes(quotes), self._grounds())

    def _fields(self, kind: Kind, item: dict[str, Any], rule: str) -> dict[str, Any]:
        return {
            "kind": kind.value,
            "actors": (self.donor,),
            "recipient": "UKR",
            "item": item,
            "when": self.day.when if kind is Kind.PLEDGE else None,
            "rule": f"kiel/{rule}",
        }

    def _grounds(self) -> dict[str, str]:
        found = self._ground("actors", "donor") | self._ground("package", "package_id")
        return found | self._ground("when", "announced")

    def _ground(self, taken: str, column: str) -> dict[str, str]:
        label = self.labels.get(column)
        return {taken: label} if label else {}

    def _quotes(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.labels[name] for name in columns if name in self.labels)

    def _aid_quotes(self) -> tuple[str, ...]:
        return ("aid_type", "aid_subtype", "explanation")

    def _number(self, column: str) -> Number:
        text = self.cells.get(column, "")
        found = number_of(text)
        if found.fault is not None:
            self.fault(column, text, found.fault, found.state is State.UNDISCLOSED)
        return found

    def _said(self, column: str) -> str:
        text = " ".join(self.cells.get(column, "").casefold().split())
        return "" if text in _NOTHING else text
