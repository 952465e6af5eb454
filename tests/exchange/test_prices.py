"""Price lists: low and high, in their currency; what gives no price is missing and never zero."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE, DATA, SHARED, codes
from sheet_files import xlsx

from pledgebook.book import Book
from pledgebook.errors import SourceError
from pledgebook.exchange.prices import importer
from pledgebook.exchange.rows import PriceClaim, Release

KIEL = SHARED / "kiel" / "release-2022-10" / "Price_List_Weapons_Items.csv"


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "prices.csv", CATALOGUE)


def prices(release: Release) -> list[PriceClaim]:
    return [price for row in release.rows for price in row.prices]


def read(folder: Path, text: str) -> Release:
    path = folder / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return importer.read(path, CATALOGUE)


def test_a_price_has_two_ends_a_currency_a_unit_a_date_and_a_source(release: Release) -> None:
    assert prices(release)[0] == PriceClaim(
        item="155mm shells",
        category="artillery-ammunition",
        designation="155mm",
        low=800,
        high=1200,
        currency="EUR",
        unit="round",
        date="2023",
        source="https://example.org/p. And a book",
    )
    assert release.rows[0].url == "https://example.org/p"


def test_one_end_stands_for_both_and_units_are_found(release: Release) -> None:
    rounds, rice, gepard = prices(release)[1:4]
    assert (rounds.low, rounds.high, rounds.unit) == (500, 500, "round")
    assert (rounds.category, rounds.designation) == ("ammunition", "Gepard")
    assert (rice.low, rice.high, rice.unit, rice.category) == (
        450,
        450,
        "tonne",
        "humanitarian-aid",
    )
    assert (gepard.low, gepard.high, gepard.date) == (8e6, 9e6, "2021-05")


def test_what_gives_no_price_is_missing_or_reported(release: Release) -> None:
    assert [(problem.code, problem.place) for problem in release.problems] == [
        ("price-price", "row 6, column Low"),
        ("price-item", "row 7, column Item"),
        ("price-price", "row 9"),
        ("price-price", "row 11, column Low"),
        ("price-currency", "row 12, column Currency"),
        ("price-currency", "row 13, column Currency"),
        ("price-date", "row 14, column Year"),
        ("price-unknown-item", None),
    ]
    assert "rows without a price: 4" in release.notes
    assert len(release.rows) == 12
    assert all(price.low > 0 for price in prices(release))
    assert prices(release)[-1].item == "=1+1"


def test_a_price_of_an_unknown_item_is_kept_and_told(tmp_path: Path) -> None:
    release = read(tmp_path, "Item,Price,Currency\nLeopardd 9,5,EUR\nLeopard 2,6,EUR\nCoat,7,EUR\n")
    assert [price.low for price in prices(release)] == [5, 6, 7]
    slip, others = release.problems
    assert {slip.severity, others.severity} == {"warning"}
    assert slip.place == "row 2, column Item"
    assert slip.mend == "did you mean Leopard 2?"
    # What is like nothing is not guessed at.
    assert "'Coat' (row 4)" in others.what
    assert "'Leopard 2'" not in others.what


def test_a_currency_may_stand_in_the_header(tmp_path: Path) -> None:
    release = read(tmp_path, "Item,Unit price in USD\nGepard,5\n")
    assert [(price.low, price.currency) for price in prices(release)] == [(5, "USD")]
    assert read(tmp_path, "Item,Price\nGepard,5\n").problems[0].code == "price-currency"


def test_the_name_of_the_file_without_its_day_is_the_data_set(tmp_path: Path) -> None:
    lines: list[list[object]] = [["Item", "Price", "Currency"], ["Gepard", 5.5, "EUR"]]
    book = xlsx(tmp_path / "Our prices 2024-05-06.xlsx", {"A": [["note"]], "B": lines})
    release = importer.read(book, CATALOGUE)
    assert (release.dataset, release.name) == ("prices-our-prices", "Our prices 2024-05-06")
    assert prices(release)[0].low == 5.5


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Item,Colour\nGepard,green\n", "\x00"])
def test_a_table_without_prices_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read(tmp_path, text)


@given(low=st.integers(1, 10**9), high=st.integers(1, 10**9))
def test_low_is_never_above_high(
    low: int, high: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = f"Item,Low,High,Currency\nGepard,{low},{high},EUR\n"
    release = read(tmp_path_factory.mktemp("law"), text)
    (price,) = prices(release)
    assert (price.low, price.high) == (min(low, high), max(low, high))
    assert codes(release) == (["price-price"] if low > high else [])


def test_a_book_keeps_a_list_with_its_rows(tmp_path: Path) -> None:
    with Book.open(tmp_path / "book.db") as book:
        report = book.imported.add("prices", DATA / "prices.csv")
        assert (report.rows, report.prices, report.statements) == (12, 5, 0)


@pytest.mark.skipif(not KIEL.exists(), reason="the shared releases are not here")
def test_the_list_of_the_support_tracker_is_read() -> None:
    release = importer.read(KIEL, CATALOGUE)
    found = prices(release)
    assert (release.dataset, len(release.rows), len(found)) == ("kiel-prices", 504, 383)
    # 387 cells hold a figure: three have no currency, one is zero.
    told = [*["price-currency"] * 3, "price-price"]
    assert [one.code for one in release.problems if one.severity == "error"] == told
    assert {price.currency for price in found} == {"USD", "EUR"}
    iris = next(price for price in found if price.designation == "IRIS-T SLM")
    assert (iris.low, iris.high, iris.category) == (160e6, 160e6, "air-defence")
