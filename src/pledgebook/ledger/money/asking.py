"""From a book to what its undertakings are worth."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.money.prices import PriceBook
from pledgebook.ledger.money.rates import load_rates
from pledgebook.ledger.money.supplement import own_rates
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Asked", "When", "make_valuer"]


class When(TypedDict, total=False):
    """The two clocks of a book, as `Book` takes them."""

    as_of: dt.date | str | None
    recorded_as_of: dt.datetime | dt.date | str | None


class Asked(When, total=False):
    """Whose undertakings, and of what, by name or code."""

    donor: str | None
    recipient: str | None
    item: str | None


def make_valuer(
    store: Store,
    catalogue: Catalogue,
    ledger: Ledger,
    currency: str,
    recorded_as_of: dt.datetime | None = None,
) -> Valuer:
    """Return what converts and values a ledger in a currency, by the rates and prices at hand.

    Raises UsageError for a currency without any rate, CatalogueError for a file of rates that is
    wrong.
    """
    rates = load_rates(own_rates(store.place))
    prices = PriceBook(store.prices(recorded_as_of=recorded_as_of), catalogue)
    converter = Converter(rates, rates.check(currency))
    return Valuer(converter, prices, ledger.entries, ledger.commitments)
