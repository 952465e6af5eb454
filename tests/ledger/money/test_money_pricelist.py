"""Which price lists of a book stand, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest

from making import Clock
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.store import Store
from pricing import price_list


def test_the_prices_of_a_list_are_kept_with_their_rows(store: Store) -> None:
    assert store.prices() == []
    store.add_release(price_list(), by="somebody")
    found = store.prices()
    assert [one.item for one in found] == ["Leopard 2", "Leopard 2", "HIMARS", "155mm"]
    tank = found[0]
    assert (tank.amount, tank.currency, tank.unit) == (Interval(1.5e6, 2e6), "USD", "item")
    assert (tank.date, tank.category, tank.of_list) == ("2022", "tank", "prices 2022-10")
    assert tank.list.published == dt.date(2022, 10, 3)
    assert len({one.document for one in found}) == len(found)
    texts = {row.document: row.text for row in store.release_rows(tank.list.id)}
    assert texts[tank.document] == "Item: Leopard 2\nPrice: 1500000 to 2000000 USD\n"


def test_the_list_that_tells_latest_stands_whatever_the_order_of_import(
    store: Store, clock: Clock
) -> None:
    store.add_release(price_list("2023-10", dt.date(2023, 10, 1), times=2.0), by="somebody")
    clock.advance(days=1)
    store.add_release(price_list(), by="somebody")
    assert {one.of_list for one in store.prices()} == {"prices 2023-10"}
    assert store.prices()[0].amount == Interval(3e6, 4e6)


def test_before_a_list_was_imported_there_was_none(store: Store, clock: Clock) -> None:
    before = clock.now - dt.timedelta(days=1)
    store.add_release(price_list(), by="somebody")
    later = clock.advance(days=10)
    store.add_release(price_list("2023-10", dt.date(2023, 10, 1), times=2.0), by="somebody")
    assert store.prices(recorded_as_of=before) == []
    early = store.prices(recorded_as_of=later - dt.timedelta(days=5))
    assert {one.of_list for one in early} == {"prices 2022-10"}


@pytest.mark.parametrize("way", ["withdraw", "purge"])
def test_a_row_that_is_withdrawn_or_purged_prices_nothing(store: Store, way: str) -> None:
    store.add_release(price_list(), by="somebody")
    tank = store.prices()[0]
    getattr(store, way)(tank.document, by="somebody")
    assert tank.document not in {one.document for one in store.prices()}
    assert len(store.prices()) == 3
    if way == "withdraw":
        store.withdraw(tank.document, by="somebody", hidden=False)
        assert len(store.prices()) == 4
