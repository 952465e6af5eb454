"""`value`, and the money of `status` and `why` in one currency."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from engines import POSTGRESQL
from making import Clock
from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.ledger.store import Store
from pricing import price_list, reports
from program import Inside, Program

DAY = ("--as-of", "2023-12-31", "--db", "priced.db")
_TABLE_END = re.compile(r"\(table to [\d-]+\)")


@pytest.fixture
def priced(inside: Inside, engine: str, program: Program, place: str) -> Inside:
    """The command line, beside a book with money and a price list: `priced.db`."""
    with Store.open(place, clock=Clock()) as store:
        store.add(reports())
        store.add_release(price_list(), by="somebody")
    path = program.home / "priced.db"
    if engine == POSTGRESQL:
        program.books.keep(path, place)
    else:
        shutil.move(place, path)
    return inside


def shown(text: str) -> str:
    """Return what was printed, without the end of the installed table and of lines."""
    text = _TABLE_END.sub("(table to DAY)", text)
    return "\n".join(line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("width", [80, 130])
def test_value_is_a_table_for_people(
    priced: Inside, width: int, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert shown(priced.well("value", *DAY)) == snapshot


def test_status_shows_its_money_in_one_currency(
    priced: Inside, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = priced.well("status", "--currency", "usd", *DAY)
    plain = priced.well("status", *DAY)
    assert text.startswith(plain.rstrip())
    assert shown(text[len(plain.rstrip()) :]) == snapshot


def test_why_shows_rate_and_price_row(priced: Inside, snapshot: SnapshotAssertion) -> None:
    rows = json.loads(priced.well("value", "--format", "json", *DAY))["rows"]
    texts = []
    for item in ("Leopard 2", "HIMARS", "humanitarian-aid", "Leopard 2A6"):
        [name] = [row["id"] for row in rows if row["item"] == item]
        texts.append(priced.well("why", name, "--currency", "EUR", *DAY))
        assert len(texts[-1]) > len(priced.well("why", name, *DAY))
    assert shown("\n".join(texts)) == snapshot


def test_csv_and_json_say_the_same(priced: Inside) -> None:
    found = json.loads(priced.well("value", "--format", "json", *DAY))
    read = list(csv.DictReader(io.StringIO(priced.well("value", "--format", "csv", *DAY))))
    assert [one["id"] for one in read] == [one["id"] for one in found["rows"]]
    for plain, full in zip(read, found["rows"], strict=True):
        for name in ("money", "in_kind", "quantity"):
            total = full[name] or {"low": None, "high": None, "unknown": 0}
            for end, value in total.items():
                text = plain[f"{name}_{end}"]
                assert (float(text) if text else None) == value
    norway = next(one for one in read if one["item"] == "military-aid" and one["donor"] == "NOR")
    assert norway["given"] == "NOK 250000000..250000000"
    assert norway["rates"].endswith(" of 2023-02-14")
    assert norway["rates"].startswith("NOK 0.0919")
    belarus = next(one for one in read if one["donor"] == "BLR")
    assert (belarus["money_low"], belarus["money_unknown"]) == ("", "1")
    assert "2022-03-01" in belarus["notes"]
    assert found["currency"] == "EUR"
    assert any(note.startswith("No rate, counted as not known: RUB") for note in found["notes"])


def test_every_conversion_in_json_has_rate_day_and_source(priced: Inside) -> None:
    found = json.loads(priced.well("value", "--format", "json", *DAY))["rows"]
    conversions = [
        one
        for row in found
        for made in row["commitments"]
        for one in (*made["money"], made["in_kind"] and made["in_kind"]["unit_price"])
        if one
    ]
    changed = [one for one in conversions if one["given"]["currency"] != "EUR"]
    assert len(changed) == 7
    for one in changed:
        if one["rate"] is None:
            assert one["converted"] == {"currency": "EUR", "low": None, "high": None}
            assert one["note"]
        else:
            assert one["published"]
            assert one["quotes"]
            assert one["source"]
            low = one["given"]["low"]
            assert one["converted"]["low"] == pytest.approx(low * one["rate"])


def test_a_stage_and_a_party_narrow_it(priced: Inside) -> None:
    found = rows_of(priced, "--stage", "delivered")
    assert {row["stage"] for row in found} == {"delivered"}
    assert {row["donor"] for row in rows_of(priced, "--donor", "Norway")} == {"NOR"}
    assert rows_of(priced, "--as-of", "2023-01-01") == []
    text = priced.well("value", "--as-of", "2023-01-01", "--db", "priced.db")
    assert "No commitment in the book fits." in text
    wrong = priced("value", "--stage", "promised", *DAY)
    assert wrong.code == 2
    assert "One of: asked, pledged, on_order, delivered" in wrong.err


def rows_of(inside: Inside, *more: str) -> list[dict[str, Any]]:
    asked = more if "--as-of" in more else (*more, "--as-of", "2023-12-31")
    text = inside.well("value", "--format", "json", "--db", "priced.db", *asked)
    return list(json.loads(text)["rows"])


def test_an_unknown_currency_is_refused_with_those_that_are_known(priced: Inside) -> None:
    for command in (("value",), ("status",)):
        done = priced(*command, "--currency", "XYZ", *DAY)
        assert done.code == 2
        assert "no rate is known for the currency 'XYZ'" in done.err
        assert "NOK" in done.err


def test_status_as_data_has_columns_for_the_currency(priced: Inside) -> None:
    text = priced.well("status", "--currency", "EUR", "--format", "csv", *DAY)
    read = {one["id"]: one for one in csv.DictReader(io.StringIO(text))}
    found = json.loads(priced.well("status", "--currency", "EUR", "--format", "json", *DAY))
    norway = next(row for row in found["rows"] if row["pledged"] and row["pledged"]["money"])
    converted = norway["converted"]["pledged"]
    assert norway["converted"]["currency"] == "EUR"
    assert float(read[norway["id"]]["pledged_eur_low"]) == converted["low"]
    assert converted["conversions"][0]["source"] is not None or norway["donor"] == "DEU"
    tanks = next(row for row in found["rows"] if row["item"] == "Leopard 2")
    assert tanks["converted"]["pledged"] is None
    assert read[tanks["id"]]["pledged_eur_low"] == ""
    plain = json.loads(priced.well("status", "--format", "json", *DAY))
    assert "converted" not in plain["rows"][0]


def test_status_without_any_money_says_so(inside: Inside) -> None:
    text = inside.well("status", "--currency", "EUR", "--donor", "Norway", "--db", "aid.db")
    assert "No money was told that could be in EUR." in text


def test_a_book_gives_the_same_rows(place: str) -> None:
    with Store.open(place, clock=Clock()) as store:
        store.add(reports())
        store.add_release(price_list(), by="somebody")
    with Book.open(place, clock=Clock()) as book:
        rows = book.value("NOK", donor="NOR", as_of="2023-12-31")
        assert {row.donor for row in rows} == {"NOR"}
        assert {row.id for row in rows} == {
            row.id for row in book.rows(donor="NOR", as_of=dt.date(2023, 12, 31))
        }
        [aid] = [row for row in rows if row.money is not None]
        assert aid.money == aid.given["NOK"]
        assert book.value(as_of="2023-12-31", recorded_as_of="2024-01-01") == []
        with pytest.raises(UsageError, match="no rate is known"):
            book.value("XYZ")


def test_rates_of_ones_own_fill_a_gap(
    priced: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    monkeypatch.setenv("PLEDGEBOOK_RATES", str(own))
    own.write_text(
        '[[rate]]\ncurrency = "RUB"\nper = "USD"\nrate = 77.0863\n'
        'from = 2023-03-31\nto = 2023-04-03\nsource = "cbr"\n',
        encoding="utf-8",
    )
    [belarus] = rows_of(priced, "--donor", "Belarus")
    assert belarus["money"]["unknown"] == 0
    assert belarus["money"]["low"] == pytest.approx(5e6 / (77.0863 * 1.0875))
