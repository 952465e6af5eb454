from __future__ import annotations

from pledgebook.book import Book
from pledgebook.ledger.intervals import Total
from pledgebook.reporting.totals import category_totals


def test_totals_by_category_and_unit(told: Book) -> None:
    found = {(total.category, total.unit): total for total in category_totals(told.rows())}
    tanks = found["tank", "item"]
    assert tanks.quantities["pledged"] == Total(20, 20)
    assert tanks.quantities["asked"] == Total(100, 100)
    assert tanks.quantities["delivered"] == Total(3, 3)
    assert found["artillery-ammunition", "round"].quantities["pledged"] == Total(100_000, None)
    assert found["personal-equipment", None].quantities["pledged"] == Total(unknown=1)
    assert found["military-aid", None].money["pledged"] == {"EUR": Total(2e8, 2e8)}


def test_every_row_is_in_one_total(told: Book) -> None:
    rows = told.rows()
    totals = category_totals(rows)
    assert sum(total.rows for total in totals) == len(rows)
    assert sum(total.overdue for total in totals) == sum(row.overdue for row in rows)


def test_nothing_comes_to_nothing() -> None:
    assert category_totals([]) == []
