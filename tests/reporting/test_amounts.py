from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.reporting import amounts


@pytest.mark.parametrize(
    ("total", "shown"),
    [
        (Total(4, 4), "4"),
        (Total(0, 4), "≤4"),
        (Total(100, None), "≥100"),
        (Total(14, 20), "14–20"),
        (Total(7000, 7000), "7,000"),
        (Total(30e6, 30e6), "30M"),
        (Total(1_234_567, 1_234_567), "1,234,567"),
        (Total(1.5, 1.5), "1.5"),
        (Total(0, 0), "0"),
        (Total(0, None), "n/k"),
        (Total(), ""),
        (Total(unknown=1), "n/k"),
        (Total(unknown=3), "3 n/k"),
        (Total(8, 8, 1), "8 + n/k"),
        (Total(8, None, 2), "≥8 + 2 n/k"),
        (None, ""),
    ],
)
def test_quantities(total: Total | None, shown: str) -> None:
    assert amounts.quantity(total) == shown


def test_about_marks_single_figures_only() -> None:
    assert amounts.quantity(Total(7000, 7000), approx=True) == "~7,000"
    assert amounts.quantity(Total(24, 99), approx=True) == "24–99"
    assert amounts.quantity(Total(unknown=1), approx=True) == "n/k"


@pytest.mark.parametrize(
    ("total", "currency", "shown"),
    [
        (Total(200e6, 200e6), "EUR", "€200M"),
        (Total(1.25e9, 1.25e9), "USD", "$1.25B"),
        (Total(250e6, 250e6), "NOK", "NOK 250M"),
        (Total(100e6, 200e6), "GBP", "£100–200M"),
        (Total(900e6, 1.1e9), "USD", "$0.9–1.1B"),
        (Total(1e9, None), "EUR", "≥€1B"),
        (Total(0, 5e5), "SEK", "≤SEK 500,000"),
        (Total(3e12, 3e12), "JPY", "¥3T"),
        (Total(5e6, 5e6, 1), "EUR", "€5M + n/k"),
    ],
)
def test_money(total: Total, currency: str, shown: str) -> None:
    assert amounts.money(total, currency) == shown


def test_ends_of_sums() -> None:
    assert amounts.end_of_quantity(Total(100, None), "low") == "100"
    assert amounts.end_of_quantity(Total(100, None), "high") == "open"
    assert amounts.end_of_quantity(Total(unknown=2), "low") == ""
    assert amounts.end_of_money(Total(1e6, 2e6), "EUR", "high") == "€2M"


ends: st.SearchStrategy[float | None] = st.none() | st.integers(0, 10**9).map(float)
Pairs = list[tuple[float | None, float | None]]


@given(st.lists(st.tuples(ends, ends), max_size=4))
def test_every_sum_can_be_shown_and_unknown_is_never_zero(pairs: Pairs) -> None:
    intervals = [
        Interval(low, high) for low, high in pairs if low is None or high is None or low <= high
    ]
    total = Total.of(intervals)
    shown = amounts.quantity(total)
    says_nothing = (total.low, total.high) == (0, None)
    assert ("n/k" in shown) == (total.unknown > 0 or says_nothing)
    assert (shown == "0") == (total == Total(0, 0))
    assert amounts.money(total, "EUR").count("€") == (total.low is not None and not says_nothing)
