"""What is told of stocks, output and use, by reports and by the current releases of data sets."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from making import Clock, Said, document, reading, release, report
from pledgebook.book import Book
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.store import Store
from pledgebook.ledger.told import OBSERVED, observed, observed_in
from pledgebook.vocabulary.statement import Kind

STOCK = Said("Norway holds 30 Leopard 2 tanks", Kind.STOCK, recipient=None, quantity=30)


def row(text: str, quantity: int, date: str | None = "2023-01-31", **said: Any) -> Reading:  # noqa: ANN401
    """A row of a data set that says how much Norway makes."""
    made = document(text, date, extractor="import:made/1")
    fields = {"kind": Kind.PRODUCTION, "recipient": None, "quantity": quantity} | said
    return reading(made, [Said(text, **fields)])


def lows(entries: list[Entry]) -> list[float | None]:
    return [one.statement.quantity.low for one in entries if one.statement.quantity]


def judged(store: Store, verdict: Verdict, *entries: Entry, **changes: Any) -> None:  # noqa: ANN401
    groups = [[one] for one in entries]
    store.judge(
        Judgement.make(verdict, groups, by="me", note="", made_at=Clock().now, changes=changes)
    )


def test_reports_and_rows_both_speak(store: Store) -> None:
    promise = Said("Norway will send 8 tanks", quantity=8)
    store.add([report(STOCK, promise, date="2023-02-01")])
    added = store.add_release(release([row("output: 5", 5)], published=None), by="me")
    found = observed(store)
    assert lows(found) == [5, 30]
    assert [one.release for one in found] == [added.id, None]
    assert lows(observed(store, kinds={Kind.PLEDGE})) == [8]


def test_a_row_counts_from_its_own_publication_whenever_it_was_imported(store: Store) -> None:
    rows = [row("output: 5", 5, "2022-11-18"), row("output: 6", 6, "2023-06-01"),
            row("output: 7", 7, None)]  # fmt: skip
    store.add_release(release(rows, published=None), by="me")
    assert lows(observed(store, as_of=dt.date(2022, 11, 17))) == []
    assert lows(observed(store, as_of=dt.date(2023, 2, 14))) == [5]
    assert lows(observed(store, as_of=dt.date(2024, 12, 31))) == [5, 6]
    # One without a day was not known before it came into the book.
    assert lows(observed(store, as_of=dt.date(2025, 1, 1))) == [5, 6, 7]


def test_a_row_was_known_at_its_import_at_the_latest(store: Store) -> None:
    """A year that is not over yet: its last day is no bar to what stands in the book."""
    store.add_release(release([row("output: 5", 5, "2025-12-31")], published=None), by="me")
    (found,) = observed(store, as_of=dt.date(2025, 1, 1))
    assert found.counted == dt.date(2025, 1, 1)


def test_of_two_releases_the_current_one_counts_and_no_row_twice(
    store: Store, clock: Clock
) -> None:
    first = [row("output: 5", 5), row("output: 6", 6)]
    store.add_release(release(first, "one", published=None), by="me")
    then = clock.advance(days=1)
    clock.advance(days=1)
    store.add_release(release([first[0], row("output: 9", 9)], "two", published=None), by="me")
    assert sorted(map(float, filter(None, lows(observed(store))))) == [5, 9]
    assert sorted(map(float, filter(None, lows(observed(store, recorded_as_of=then))))) == [5, 6]


def test_a_release_with_a_day_counts_from_it(store: Store) -> None:
    store.add_release(release([row("output: 5", 5)], "one", "2023-01-31"), by="me")
    newer = row("output: 9", 9, "2023-06-30")
    store.add_release(release([newer], "two", "2023-06-30"), by="me")
    assert lows(observed(store, as_of=dt.date(2023, 3, 1))) == [5]
    assert lows(observed(store, as_of=dt.date(2023, 7, 1))) == [9]


def test_a_row_that_stands_in_two_data_sets_counts_once(store: Store) -> None:
    same = row("output: 5", 5)
    for name in ("here", "there"):
        store.add_release(release([same], name, published=None, dataset=name), by="me")
    assert lows(observed(store)) == [5]


def test_judgements_hold(store: Store) -> None:
    store.add([report(STOCK, date="2023-02-01")])
    rows = [row("output: 5", 5), row("output: 6", 6), row("stock: 30", 30, kind=Kind.STOCK)]
    store.add_release(release(rows, published=None), by="me")
    by_low = {lows([one])[0]: one for one in observed(store) if one.release}
    (told,) = [one for one in observed(store) if one.release is None]
    judged(store, Verdict.WRONG, by_low[5])
    judged(store, Verdict.CORRECTED, by_low[6], quantity={"low": 60, "high": 60, "unit": "item"})
    judged(store, Verdict.SAME, by_low[30], told)
    found = observed(store)
    assert sorted(map(float, filter(None, lows(found)))) == [30, 60]
    # Of two that are the same the report's counts.
    assert told.id in {one.id for one in found}


def test_what_is_withdrawn_or_purged_is_not_told(store: Store) -> None:
    rows = [row("output: 5", 5), row("output: 6", 6)]
    store.add_release(release(rows, published=None), by="me")
    first, second = observed(store)
    store.withdraw(first.document, by="me")
    store.purge(second.document, by="me")
    assert observed(store) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_changes_nothing(store: Store, seed: int) -> None:
    rows = [row(f"output: {number}", number) for number in range(1, 7)]
    random.Random(seed).shuffle(rows)
    store.add_release(release(rows, published=None), by="me")
    found = observed(store)
    assert [one.id for one in found] == [one.id for one in sorted(found, key=lambda one: one.order)]
    assert sorted(map(float, filter(None, lows(found)))) == [1, 2, 3, 4, 5, 6]


def test_without_data_sets_the_ledger_holds_all_that_was_told(told: Book) -> None:
    kinds = frozenset(Kind)
    entries = sorted(told.ledger().entries.values(), key=lambda one: one.order)
    some = [one.id for one in entries]
    told.judge("wrong", some[0], by="A", note="not so")
    told.judge("corrected", some[1], by="A", note="a stock", changes={"kind": "stock"})
    told.judge("same", some[2], some[3], by="A", note="one and the same")
    told.judge("same", some[3], some[4], by="A", note="this one too")
    days = sorted({one.counted for one in entries})
    for day in (None, *days[:: max(1, len(days) // 6)], days[-1]):
        ledger = told.ledger(as_of=day)
        for wanted in (kinds, OBSERVED):
            expected = observed(told.store, as_of=day, kinds=wanted)
            assert observed_in(ledger, wanted) == expected
    assert {some[0], some[3], some[4]}.isdisjoint(
        one.id for one in observed_in(told.ledger(), kinds)
    )
