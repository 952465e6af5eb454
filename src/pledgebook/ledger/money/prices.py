"""Which price fits an undertaking: that of the item, else of what it is a kind of.

The nearest price goes before the newest list, and the newest list before older ones, which are
shown beside it and never mixed with it. A price per item fits no quantity in rounds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.money.pricelist import Price
from pledgebook.ledger.release_view import StoredRelease
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category

__all__ = ["Match", "PriceBook"]

_NAME = re.compile(r"[\W_]+")
_BRACKET = re.compile(r"\(([^()]+)\)\s*$")
"""Whose price it is, where a list has one of a giver's own: "M270 (Norway)"."""

Level = tuple[str, str]
"""How an item is named, and by what: ("item", "leopard-2"), ("name", "pzh2000")."""


@dataclass(frozen=True, slots=True)
class Match:
    """The prices that fit one item, of one list and one time.

    `level` says of what the price is: the item itself, or what it is a kind of. `amount` reaches
    from the lowest to the highest of the rows. `beside` are the prices of older lists.
    """

    rows: tuple[Price, ...]
    amount: Interval
    level: str
    exact: bool
    beside: tuple[Price, ...] = ()

    @property
    def list(self) -> StoredRelease:
        """The list that the price is from."""
        return self.rows[0].list

    @property
    def of_list(self) -> str:
        """The list as people call it."""
        return self.rows[0].of_list

    @property
    def documents(self) -> tuple[str, ...]:
        """The rows of the list, which `why` opens."""
        return tuple(dict.fromkeys(row.document for row in self.rows))


class PriceBook:
    """The prices of a book, found by item."""

    def __init__(self, prices: Iterable[Price], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_level: dict[Level, list[Price]] = defaultdict(list)
        self._givers: dict[Price, str] = {}
        for price in prices:
            for level in dict.fromkeys(self._levels_of(price)):
                self._by_level[level].append(price)
            bracket = _BRACKET.search(price.item)
            party = catalogue.find_party(bracket[1]) if bracket else None
            if party is not None:
                self._givers[price] = party.code

    def __bool__(self) -> bool:
        return bool(self._by_level)

    def find(self, commitment: Commitment, unit: str | None) -> Match | str:
        """Return the price of what is undertaken, or why there is none.

        `unit` is what its quantity is counted in.
        """
        other_units: dict[str, None] = {}
        for level, exact in self._levels_for(commitment):
            found = self._by_level.get(level, [])
            fitting = [price for price in found if unit is None or price.unit == unit]
            other_units |= dict.fromkeys(price.unit for price in found if price not in fitting)
            match = _match(fitting, commitment, self._name(level), self._givers, exact=exact)
            if match is not None:
                return match
        if other_units:
            units = ", ".join(f"per {name}" for name in other_units)
            return f"counted in {unit}s, priced {units}"
        return f"no price for {commitment.item}"

    def _levels_of(self, price: Price) -> Iterable[Level]:
        """Name what a price is of: an entry of the catalogue, a category, or its own words."""
        category = _category(price.category) or _category(price.item)
        item = None
        for text in filter(None, (price.designation, price.item)):
            item = item or (
                self._catalogue.item_for(category, text)
                if category is not None
                else self._catalogue.find_item(text)
            )
        if item is not None:
            yield "item", item.id
        elif category is not None and price.designation is None and _names(price.item, category):
            yield "category", category.value
        else:
            prefix = f"{category.value}:" if category is not None else ""
            for text in filter(None, (price.designation, price.item)):
                yield "name", prefix + _key(text)

    def _levels_for(self, commitment: Commitment) -> Iterable[tuple[Level, bool]]:
        """Name what an undertaking is of, from the item itself to its category.

        With each comes whether it is the very item, or what that is a kind of.
        """
        if commitment.item_id is not None:
            yield ("item", commitment.item_id), True
        if commitment.designation is not None:
            key = _key(commitment.designation)
            yield ("name", f"{commitment.category.value}:{key}"), True
            yield ("name", key), True
        if commitment.item_id is not None:
            for ancestor in self._catalogue.ancestors(commitment.item_id):
                yield ("item", ancestor), False
        yield ("category", commitment.category.value), commitment.designation is None

    def _name(self, level: Level) -> str:
        kind, name = level
        if kind == "item":
            return self._catalogue.items[name].designation
        return name.rpartition(":")[2].replace("-", " ") if kind == "category" else ""


def _match(
    fitting: Sequence[Price],
    commitment: Commitment,
    level: str,
    givers: Mapping[Price, str],
    *,
    exact: bool,
) -> Match | None:
    if not fitting:
        return None
    newest = max((price.list for price in fitting), key=lambda one: (one.day, one.number))
    rows = [price for price in fitting if price.list.id == newest.id]
    rows = _of_its_time(_of_its_giver(rows, commitment.donors, givers), commitment)
    # One list may give prices in two currencies: they are not one interval.
    counts = Counter(row.currency for row in rows)
    currency = min(counts, key=lambda code: (-counts[code], code))
    rows = [row for row in rows if row.currency == currency]
    amount = rows[0].amount
    for row in rows[1:]:
        amount = amount.hull(row.amount)
    beside = tuple(price for price in fitting if price not in rows)
    return Match(tuple(rows), amount, level or commitment.item, exact, beside)


def _of_its_giver(
    prices: Sequence[Price], donors: Collection[str], givers: Mapping[Price, str]
) -> Sequence[Price]:
    """Prefer what a list says for this giver, then what it says for all, to another's price."""
    own = [price for price in prices if givers.get(price) in donors]
    return own or [price for price in prices if price not in givers] or prices


def _of_its_time(prices: Sequence[Price], commitment: Commitment) -> list[Price]:
    """Return the newest prices that were of a time before the undertaking; else the oldest."""
    ends = {price: _end(price) for price in prices}
    dated = sorted({end for end in ends.values() if end is not None})
    if not dated:
        return list(prices)
    before = [end for end in dated if end <= commitment.last.isoformat()]
    wanted = before[-1] if before else dated[0]
    return [price for price, end in ends.items() if end == wanted]


def _end(price: Price) -> str | None:
    if price.date is None:
        return None
    try:
        return bounds(price.date)[1].isoformat()
    except ValueError:
        return None


def _category(text: str | None) -> Category | None:
    return next((one for one in Category if text and _names(text, one)), None)


def _names(text: str, category: Category) -> bool:
    """Tell whether a text is the name of a category, in the singular or the plural."""
    return _key(text).removesuffix("s") == _key(category.value).removesuffix("s")


def _key(text: str) -> str:
    return _NAME.sub("", text.casefold())
