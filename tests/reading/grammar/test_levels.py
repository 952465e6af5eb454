"""Output, use and need as rates, and how a series of them runs on."""

from __future__ import annotations

import pytest
from coding import Coded, codings

SHELLS = "artillery-ammunition: 155mm"


@pytest.mark.parametrize(
    ("rate", "per"),
    [
        ("a day", "day"),
        ("per day", "day"),
        ("a week", "week"),
        ("a month", "month"),
        ("per month", "month"),
        ("each month", "month"),
        ("a year", "year"),
        ("annually", "year"),
    ],
)
def test_periods_of_a_rate(rate: str, per: str) -> None:
    text = f"The United States produces 14,000 155mm shells {rate}."
    assert codings(text) == [Coded("production", "USA", SHELLS, 14000, "round", per)]


def test_a_level_and_a_target() -> None:
    text = (
        "Nammo produces 20,000 155mm shells a year. "
        "Nammo plans to produce 80,000 155mm shells a year by 2026."
    )
    assert codings(text) == [
        Coded("production", "Nammo", SHELLS, 20000, "round", "year", supplier="Nammo"),
        Coded(
            "production", "Nammo", SHELLS, 80000, "round", "year",
            status="tentative", when="2026", supplier="Nammo",
        ),
    ]  # fmt: skip


def test_the_output_of_a_state_goes_on_from_sentence_to_sentence() -> None:
    text = (
        "The United States produces 14,000 155mm shells a month. Output has reached 28,000 a month."
    )
    first, second = codings(text)
    assert first == Coded("production", "USA", SHELLS, 14000, "round", "month")
    assert second == Coded("production", "USA", SHELLS, 28000, "round", "month")


def test_use_beside_output() -> None:
    text = (
        "Ukraine fires 5,000 artillery shells a day. "
        "Rheinmetall produces 450,000 artillery shells a year."
    )
    assert [(c.kind, c.actors, c.quantity, c.per) for c in codings(text)] == [
        ("expenditure", "UKR", 5000, "day"),
        ("production", "Rheinmetall", 450000, "year"),
    ]


def test_a_need_as_a_rate() -> None:
    assert codings("Ukraine needs 250,000 artillery shells a month.") == [
        Coded("request", "UKR", "artillery-ammunition", 250000, "round", "month", to="UKR")
    ]
