"""No figure of a forecast pretends to more than its spread holds."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts_made import full
from pledgebook.reporting.forecast_figures import (
    Scale,
    Spread,
    grain,
    is_vague,
    number,
    percent,
    scale_for,
    step_cell,
    step_labels,
    step_phrase,
    ticks_for,
)

amounts = st.floats(0, 1e9, allow_nan=False)


@given(amounts, amounts)
def test_a_spread_keeps_one_figure_or_two(one: float, other: float) -> None:
    low, high = sorted((one, other))
    to = grain(low, high)
    assert math.log10(to) == pytest.approx(round(math.log10(to)), abs=1e-9)
    if high - low > 1e-6 * max(high, 1e-3):
        assert 9 * (1 - 1e-9) <= (high - low) / to <= 90 * (1 + 1e-9)


@given(amounts, amounts, amounts)
def test_what_is_shown_is_the_number_to_within_half_a_grain(a: float, b: float, c: float) -> None:
    low, middle, high = sorted((a, b, c))
    to = grain(low, high)
    spread = Spread.of(low, middle, high)
    for value, shown in zip(
        (low, middle, high), (spread.low, spread.middle, spread.high), strict=True
    ):
        assert abs(float(shown.replace(",", "")) - value) <= to / 2 * (1 + 1e-6) + 1e-9 * value


@given(st.floats(1, 1e8), st.floats(1.1, 50))
def test_a_wider_spread_is_never_told_finer(low: float, factor: float) -> None:
    assert grain(low, low * factor * 2) >= grain(low, low * factor)


@pytest.mark.parametrize(
    ("quantiles", "shown"),
    [
        ((83_412, 121_777, 301_004), ("80,000", "120,000", "300,000")),
        ((118_000, 121_777, 124_900), ("118,000", "121,800", "124,900")),
        ((121_777, 121_777, 121_777), ("122,000",) * 3),
        ((3.1, 4.62, 7.9), ("3.1", "4.6", "7.9")),
        ((0, 0, 0), ("0", "0", "0")),
        ((0, 0.2, 3.4), ("0", "0.2", "3.4")),
        ((20.0, 41.0, math.inf), ("20.0", "41.0", "∞")),
        ((math.nan, math.nan, math.nan), ("n/k", "n/k", "n/k")),
    ],
)
def test_figures_of_a_spread(
    quantiles: tuple[float, float, float], shown: tuple[str, str, str]
) -> None:
    spread = Spread.of(*quantiles)
    assert (spread.low, spread.middle, spread.high) == shown


def test_a_range_is_shown_where_there_is_one() -> None:
    assert Spread.of(180_000, 200_000, 240_000, 1e3).range == "180–240"
    assert Spread.of(5, 5, 5).range == ""
    assert Spread.of(5, 5, 5).sure
    assert not Spread.of(4, 5, 6).sure


def test_numbers() -> None:
    assert number(-1234, 10) == "−1,230"
    assert number(-0.4, 1) == "0"
    assert number(-math.inf, 1) == "−∞"
    assert number(2_500, 100, 1e3) == "2.5"


def test_shares_of_draws_are_never_made_sure() -> None:
    assert [percent(one) for one in (0, 0.004, 0.12, 0.994, 0.995, 1)] == [
        "<1 %", "<1 %", "12 %", "99 %", ">99 %", ">99 %",
    ]  # fmt: skip
    assert percent(math.nan) == "n/k"


def test_scales() -> None:
    assert scale_for([5, 99_999]) == Scale()
    assert scale_for([250_000, math.inf]) == Scale(1e3, "thousand")
    assert scale_for([3e8]).of("rounds") == "million rounds"
    assert scale_for([]).of("rounds") == "rounds"


@given(st.floats(1e-3, 1e10))
def test_ticks_are_round_and_reach_the_highest(highest: float) -> None:
    ticks = ticks_for(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-6)
    assert ticks[-1] <= highest * 1.7
    assert 4 <= len(ticks) <= 6
    leading = ticks[1] / 10 ** math.floor(math.log10(ticks[1]) + 1e-9)
    assert min(abs(leading - one) for one in (1, 2, 2.5, 5)) < 1e-6


def test_ticks_of_nothing() -> None:
    assert ticks_for(0, 1e3) == (0, 1e3, 2e3, 3e3)
    assert ticks_for(math.inf) == (0, 1, 2, 3)


def test_steps_are_named_by_their_middle() -> None:
    made = full()
    assert is_vague(made)
    assert step_phrase(made, dt.date(2023, 7, 24)) == "August 2023"
    assert step_cell(made, dt.date(2023, 7, 24)) == "Aug 2023"
    assert step_labels(made)[0] == "month from"
    assert step_labels(made)[1][:2] == ["24 Feb 2023", "24 Mar 2023"]
    days = (dt.date(2023, 3, 1), dt.date(2023, 4, 1), dt.date(2023, 5, 1))
    whole = replace(made, days=days)
    assert not is_vague(whole)
    assert step_labels(whole) == ("month", ["Mar 2023", "Apr 2023"])
    assert step_phrase(whole, days[0]) == "March 2023"
    weekly = full(step="week", steps=4)
    assert step_phrase(weekly, weekly.days[1]) == "the week of 3 March 2023"
    assert step_cell(weekly, weekly.days[1]) == "3 Mar 2023"
    assert step_labels(weekly)[0] == "week from"
