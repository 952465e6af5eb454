"""A statement as reconciling sees it: who, for whom, what, how much, when, prepared once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

FAMILIES = {
    Kind.PLEDGE: "promise",
    Kind.CONTRACT: "promise",
    Kind.DELIVERY: "promise",
    Kind.TRAINING: "promise",
    Kind.REQUEST: "request",
    Kind.REFUSAL: "refusal",
}
"""The kinds that make commitments, and which of them can concern one undertaking."""

ALLIES = "ALLIES"
Key = tuple[str, str, str]
_WORD = re.compile(r"[a-z]+|\d+")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


class ItemTree(Protocol):
    """What reconciling needs of the catalogue."""

    def item_for(self, category: Category, designation: str | None) -> _HasId | None:
        """Return the entry that a designation names."""

    def ancestors(self, item_id: str) -> Sequence[str]:
        """Return the ids that an item is a kind of."""


@dataclass(frozen=True, slots=True)
class ItemSense:
    """What a designation means: its words, and the catalogue's entry with those above it."""

    named: bool
    words: tuple[str, ...]
    item_id: str | None
    lineage: frozenset[str]

    @classmethod
    def of(cls, category: Category, designation: str | None, tree: ItemTree | None) -> ItemSense:
        """Look a designation of a category up."""
        item = tree.item_for(category, designation) if tree else None
        return cls(
            named=designation is not None,
            words=tuple(_WORD.findall((designation or "").casefold())),
            item_id=item.id if item else None,
            lineage=(
                frozenset((item.id, *tree.ancestors(item.id))) if tree and item else frozenset()
            ),
        )

    def is_kind_of(self, other: ItemSense) -> bool:
        """Tell whether one item is the other or a kind of it, by the catalogue or by its words.

        "Leopard 2A4" is a Leopard 2; "M1A2T Abrams" is an Abrams.
        """
        if self.words == other.words:
            return True
        if self.item_id and other.item_id:
            return self.item_id in other.lineage or other.item_id in self.lineage
        shorter, longer = sorted((self.words, other.words), key=len)
        # A bare number ("2") would be found in anything; a calibre or a name is not bare.
        return set(shorter) <= set(longer) and any(not word.isdigit() for word in shorter)


@dataclass(frozen=True, slots=True)
class Case:
    """One statement, prepared for comparing."""

    entry: Entry
    family: str
    kind: Kind
    scope: Scope
    firm: bool
    actors: frozenset[str]
    beneficiary: str | None
    buys_for_itself: bool
    category: Category
    designation: str | None
    sense: ItemSense
    quantity: Interval | None
    unit: str | None
    approx: bool
    money: Interval | None
    currency: str | None
    when: str | None
    span: tuple[dt.date, dt.date] | None
    supplier: str | None
    further: bool
    order: tuple[dt.date, str, int, str]

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.entry.id

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the designation."""
        return self.sense.words

    @property
    def lineage(self) -> frozenset[str]:
        """The ids of the catalogue's entry and of those that it is a kind of."""
        return self.sense.lineage

    @property
    def item_id(self) -> str | None:
        """The id of the catalogue's entry."""
        return self.sense.item_id

    @property
    def is_vague(self) -> bool:
        """Whether it gives no figure by which undertakings could be told apart."""
        return self.quantity is None and self.money is None

    @property
    def says(self) -> tuple[object, ...]:
        """All that is compared of it, but for its document and its day."""
        return (
            self.kind,
            self.scope,
            self.firm,
            self.actors,
            self.beneficiary,
            self.buys_for_itself,
            self.category,
            self.sense,
            self.quantity,
            self.unit,
            self.approx,
            self.money,
            self.currency,
            self.when,
            self.supplier,
            self.further,
        )

    @property
    def keys(self) -> list[Key]:
        """Return family, category and party, once for each party that acts."""
        return [(self.family, self.category.value, party) for party in sorted(self.actors) or [""]]


def prepare(entry: Entry, tree: ItemTree | None, further: frozenset[str]) -> Case | None:
    """Return the case of a statement; None for kinds that make no commitment.

    `further` are the words by which a text says that a promise comes on top of earlier ones.
    """
    statement = entry.statement
    family = FAMILIES.get(statement.kind)
    if family is None:
        return None
    buys = statement.kind is Kind.CONTRACT and statement.recipient is None
    beneficiary = statement.recipient
    if buys and len(statement.actors) == 1:
        beneficiary = statement.actors[0]
    designation = statement.item.designation
    quantity, money = statement.quantity, statement.money
    counts = quantity is not None and quantity.per is None and quantity.unit != "percent"
    return Case(
        entry=entry,
        family=family,
        kind=statement.kind,
        scope=statement.scope,
        firm=statement.status is Status.FIRM,
        actors=frozenset(statement.actors),
        beneficiary=beneficiary,
        buys_for_itself=buys,
        category=statement.item.category,
        designation=designation,
        sense=ItemSense.of(statement.item.category, designation, tree),
        quantity=Interval.of(quantity) if counts else None,
        unit=quantity.unit if quantity and counts else None,
        approx=bool(quantity and quantity.approx),
        money=Interval.of(money) if money and money.per is None else None,
        currency=money.currency if money and money.per is None else None,
        when=statement.when,
        span=span_of(statement.when),
        supplier=squeezed(statement.supplier),
        order=entry.order,
        further=not further.isdisjoint(_WORD.findall(statement.evidence.quote.casefold())),
    )


def span_of(when: str | None) -> tuple[dt.date, dt.date] | None:
    """Return the first and last days of a period, None where it is none."""
    if when is None:
        return None
    try:
        return bounds(when)
    except ValueError:
        return None


def squeezed(text: str | None) -> str | None:
    """Return the letters and digits of a name, None where there are none."""
    return "".join(_WORD.findall(text.casefold())) or None if text else None


def related(one: Case, other: Case) -> bool:
    """Tell whether one item is the other or a kind of it."""
    return one.sense.is_kind_of(other.sense)
