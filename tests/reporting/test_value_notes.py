"""What is said below converted and valued figures."""

from __future__ import annotations

import datetime as dt

from drawing import drawn
from making import Said, entries, report
from pledgebook.ledger.explain import Explainer
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.money.explaining import money_text, with_values
from pledgebook.ledger.money.prices import PriceBook
from pledgebook.ledger.money.rates import load_rates
from pledgebook.ledger.money.values import ValueRow
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.status import status_rows
from pledgebook.reporting.names import Names
from pledgebook.reporting.value_notes import value_notes
from pledgebook.reporting.value_table import converted_table, value_table
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category

CATALOGUE = load_catalogue()
NAMES = Names(CATALOGUE.parties, in_full=False)


def valuer(*told: Said, date: str = "2023-02-14") -> Valuer:
    ledger = build_ledger(
        entries([report(*told, date=date)]), today=dt.date(2023, 12, 31), tree=CATALOGUE
    )
    book = PriceBook([], CATALOGUE)
    return Valuer(Converter(load_rates(), "EUR"), book, ledger.entries, ledger.commitments)


def rows(*told: Said) -> list[ValueRow]:
    made = valuer(*told)
    return made.rows(status_rows(made.commitments.values()))


def aid(currency: str, actor: str = "NOR") -> Said:
    return Said(
        f"{actor} gives a million in {currency}", actors=(actor,), money=(1e6, currency),
        category=Category.MILITARY_AID, designation=None,
    )  # fmt: skip


def test_sources_are_told_with_their_days() -> None:
    notes = value_notes(rows(aid("NOK"), aid("SEK", "SWE"), aid("UAH", "UKR")))
    assert len(notes) == 2
    assert notes[0].startswith("European Central Bank, euro reference rates (table to ")
    assert notes[0].endswith("): rates of 2023-02-14.")
    assert notes[1].startswith("National Bank of Ukraine, official rate of the hryvnia; European")


def test_what_has_no_rate_is_told_most_frequent_first_and_not_without_end() -> None:
    told = [aid(code, actor) for code, actor in zip(
        ("XAA", "XAB", "XAC", "XAD", "XAE"), ("NOR", "SWE", "DNK", "FIN", "ISL"), strict=True
    )]  # fmt: skip
    [note] = value_notes(rows(*told))
    assert note.startswith("No rate, counted as not known: XAA of 2023-02-14, no rate is known for")
    assert note.endswith("; 2 more.")


def test_the_same_currency_needs_no_note() -> None:
    assert value_notes(rows(aid("EUR"))) == []


def test_without_money_there_is_no_table_of_money() -> None:
    tanks = rows(Said("eight Leopard 2 tanks", quantity=8))
    assert converted_table(tanks, NAMES, "EUR") is None
    text = drawn(value_table(tanks, NAMES, "EUR"), 100)
    assert "Not valued, counted as not known: no price for Leopard 2." in text


def test_a_single_row_of_money_needs_no_sum() -> None:
    table = converted_table(rows(aid("NOK")), NAMES, "EUR")
    assert table is not None
    text = drawn(table, 100)
    assert "€91,930.35" in text
    assert " all " not in text


def test_an_explanation_tells_of_an_amount_that_is_missing() -> None:
    nothing = Said("aid was promised", category=Category.FINANCIAL_AID, designation=None)
    made = valuer(nothing)
    [commitment] = made.commitments.values()
    ledger = build_ledger(entries([report(nothing)]), today=dt.date(2023, 12, 31), tree=CATALOGUE)
    tree = with_values(Explainer(ledger, {}).commitment(commitment), made)
    first = tree.children[0]
    assert first.kind == "value"
    assert first.title == "pledged, money: not known in EUR"
    assert first.facts == {"note": "no amount was told"}


def test_money_is_told_in_whole_units() -> None:
    assert money_text(Interval(1234.6, 9_999.5), "EUR") == "1,235 to 10,000 EUR"
    assert money_text(Interval(None, 5.0), "USD") == "up to 5 USD"
    assert money_text(UNKNOWN, "USD") == "not known in USD"
