"""A fan in characters: what it shows lies where it belongs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from forecasts_made import full
from pledgebook.forecasting.forecast import Band, Forecast, Measure, RunDry
from pledgebook.reporting.forecast_fan import fan
from pledgebook.reporting.forecast_figures import Scale

THOUSANDS = Scale(1e3, "thousand")


def shown(forecast: Forecast, measure: Measure = Measure.STOCK, width: int = 60) -> list[str]:
    outlook = forecast.outlooks["steady"]
    return fan(forecast, outlook, measure, width=width, scale=THOUSANDS).plain.split("\n")


def with_band(forecast: Forecast, measure: Measure, *quantiles: list[float]) -> Forecast:
    """The forecast with one band of given quantiles, 10 % to 90 %."""
    arrays = [np.array(one, dtype=float) for one in quantiles]
    outlook = replace(forecast.outlooks["steady"], bands={measure: Band(arrays[2], *arrays)})
    return replace(forecast, outlooks={"steady": outlook})


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("measure", [Measure.STOCK, Measure.GAP])
def test_a_fan_keeps_to_its_width(measure: Measure, width: int) -> None:
    lines = shown(full(), measure, width)
    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) >= width - 2


def test_a_fan_as_it_is_seen(snapshot: SnapshotAssertion) -> None:
    assert shown(full()) == snapshot


def test_a_fan_by_weeks(snapshot: SnapshotAssertion) -> None:
    assert shown(full(step="week", steps=12), Measure.NEEDED) == snapshot


def test_the_marks_lie_at_their_values() -> None:
    steps = 4
    made = with_band(
        full(steps=steps), Measure.STOCK, *([value] * steps for value in (1e3, 2e3, 3e3, 4e3, 5e3))
    )
    rows = [line for line in shown(made) if line.strip()[0] in "0123456789"]
    marks = {line.strip().split("┤")[0]: line.rstrip()[-1] for line in rows}
    assert marks == {"5": "░", "4": "▒", "3": "█", "2": "▒", "1": "░", "0": "┤"}


def test_nothing_is_drawn_before_the_end_of_the_first_step() -> None:
    lines = shown(full(steps=2), Measure.STOCK)
    body = [line.partition("│")[2] or line.partition("┤")[2] for line in lines[:-3]]
    first = min(len(line) - len(line.lstrip()) for line in body if line.strip())
    # The first of two months ends near the middle of the picture.
    assert 20 <= first <= 30


def test_one_step_is_drawn_too() -> None:
    assert any("█" in line for line in shown(full(steps=1)))
    assert any("█" in line for line in shown(full(steps=1), Measure.ARRIVALS))


def test_what_is_no_number_is_left_out() -> None:
    half = [1e3, 1e3, float("nan"), float("nan")]
    made = with_band(full(steps=4), Measure.STOCK, half, half, half, half, half)
    lines = shown(made)
    assert max(len(line.rstrip()) for line in lines if "█" in line) < 45


def test_the_bars_below_a_stock_are_full_only_where_it_is_sure() -> None:
    def strip(*chances: float) -> str:
        made = full(steps=len(chances))
        outlook = replace(
            made.outlooks["steady"], run_dry=RunDry(np.array(chances), None, None, None)
        )
        return shown(replace(made, outlooks={"steady": outlook}))[-1]

    assert "█" not in strip(0.1, 0.5, 0.99, 0.999)
    assert strip(0.0, 0.0, 0.0, 0.0).strip() == "dry by"
    assert "▁" in strip(0.0, 0.001, 0.001, 0.001)
    assert strip(0.0, 0.4, 1.0, 1.0).endswith("█")


def test_nothing_at_all_has_an_axis() -> None:
    none = [0.0] * 3
    lines = shown(with_band(full(steps=3), Measure.GAP, none, none, none, none, none), Measure.GAP)
    assert lines[0].strip().startswith("3┤")


def test_a_band_without_end_is_drawn_as_far_as_the_rest_reaches() -> None:
    endless = [float("inf")] * 4
    made = with_band(
        full(steps=4), Measure.STOCK, [1e3] * 4, [2e3] * 4, [3e3] * 4, endless, endless
    )
    lines = shown(made)
    assert lines[0].strip().startswith("3┤")
    assert "█" in lines[0]
