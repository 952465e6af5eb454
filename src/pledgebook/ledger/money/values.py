"""What undertakings are worth, as it is handed out: per stage, and per row of the status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.money.convert import Conversion
from pledgebook.ledger.money.prices import Match
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.statement import Category

__all__ = ["InKind", "Valuation", "ValueRow"]


@dataclass(frozen=True, slots=True)
class InKind:
    """Things at a price: `value` is the quantity by the price of one unit, at both ends.

    `price` is None where no list has one, and `note` says so; `unit_price` is its conversion.
    """

    quantity: Interval
    unit: str | None
    price: Match | None
    unit_price: Conversion | None
    value: Interval
    note: str = ""


@dataclass(frozen=True, slots=True)
class Valuation:
    """What one stage of one undertaking is worth.

    `money` are the amounts that it states, converted, `beside` the same money as told in another
    currency. `in_kind` is None where it is about money alone. `missing` marks aid of unknown
    amount; `part_of` is the package that the things belong to.
    """

    commitment: str
    stage: Stage
    money: tuple[Conversion, ...] = ()
    beside: tuple[Conversion, ...] = ()
    in_kind: InKind | None = None
    missing: bool = False
    part_of: str | None = None

    @property
    def amount(self) -> Interval | None:
        """The converted money, unknown without rate or amount; None where none was told."""
        if not self.money:
            return UNKNOWN if self.missing else None
        return reduce(Interval.added, (one.converted for one in self.money))

    @property
    def amounts(self) -> list[Interval]:
        """The same, amount by amount; empty where no money was told."""
        return [one.converted for one in self.money] + [UNKNOWN] * self.missing

    @property
    def counted(self) -> list[Interval]:
        """What is counted of it: its money if any was told, else its things, else nothing."""
        if self.amounts or self.in_kind is None:
            return self.amounts
        return [] if self.part_of is not None else [self.in_kind.value]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One stage of one row of the status, in `currency`.

    `id` opens the row in `why`. `given` is the money as it was told, by currency, `quantity` what
    was promised in kind. `money` and `in_kind` have low, high and the count of unknowns; None where
    nothing of the kind was told. `parts` counts the undertakings whose things lie within a package
    with stated money that was asked for too. `valuations` are of `commitments`, one each.
    """

    id: str
    donor: str | None
    asked_by: str | None
    recipient: str | None
    category: Category
    item: str
    unit: str | None
    stage: Stage
    currency: str
    given: Mapping[str, Total]
    quantity: Total | None
    money: Total | None
    in_kind: Total | None
    parts: int
    valuations: tuple[Valuation, ...]
    commitments: tuple[Commitment, ...]

    @property
    def priced_as(self) -> tuple[str, ...]:
        """What its things were priced as, where no list has the item itself."""
        prices = [one.in_kind.price for one in self.valuations if one.in_kind is not None]
        kinds = [price.level for price in prices if price is not None and not price.exact]
        return tuple(dict.fromkeys(kinds))
