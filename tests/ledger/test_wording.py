"""What a correction fills a field with, as a person reads it."""

from __future__ import annotations

import datetime as dt

import pytest

from making import Said, entries, report
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.wording import commitment_line, value_text, with_unit
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"low": 12.0, "high": 12.0, "unit": "item", "approx": False, "per": None}, "12"),
        ({"low": 12.0, "high": 20.0}, "12 to 20"),
        (
            {"low": None, "high": 7000.0, "unit": "round", "approx": True},
            "about up to 7,000 rounds",
        ),
        ({"low": 5.0, "high": 5.0, "unit": "round", "per": "day"}, "5 rounds a day"),
        ({"low": 1.0, "high": 1.0, "unit": "battery"}, "1 battery"),
        ({"low": 2.0, "high": 2.0, "unit": "battery"}, "2 batteries"),
        ({"low": 50.0, "high": 60.0, "unit": "percent"}, "50 to 60 percent"),
        ({"low": 2e8, "high": 2e8, "currency": "EUR", "per": None}, "200,000,000 EUR"),
        ({"category": "tank", "designation": "Leopard 2"}, "Leopard 2"),
        ({"category": "tank", "designation": None}, "tank"),
        (["NOR", "SWE"], "NOR, SWE"),
        ((), "nothing"),
        (None, "nothing"),
        ("UKR", "UKR"),
    ],
)
def test_a_corrected_field_is_readable(value: object, shown: str) -> None:
    assert value_text(value) == shown


def test_of_which_all_has_come_nothing_is_outstanding() -> None:
    """Nobody knows how few were promised, but all that can have been have come."""
    said = [
        report(Said("up to eight tanks", quantity=(None, 8)), date="2023-01-01"),
        report(Said("eight tanks came", kind=Kind.DELIVERY, quantity=8), date="2023-02-01"),
    ]
    made = build_ledger(entries(said), today=dt.date(2023, 6, 1), tree=load_catalogue())
    [line] = [commitment_line(one) for one in made.commitments]
    assert line.endswith("; outstanding 0")


@pytest.mark.parametrize(
    ("figure", "unit", "shown"),
    [
        ("1", "item", "1 item"),
        ("≥1", "item", "≥1 items"),
        ("1 + 2 n/k", "battery", "1 + 2 n/k batteries"),
        ("1", "battery", "1 battery"),
        ("0", "day", "0 days"),
        ("2", "EUR", "2 EUR"),
        ("1", "percent", "1 percent"),
    ],
)
def test_a_unit_goes_with_its_figure(figure: str, unit: str, shown: str) -> None:
    assert with_unit(figure, unit) == shown
