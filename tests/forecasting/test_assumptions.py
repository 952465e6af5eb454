"""Assumptions as a person writes them: options, and a TOML file."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from pledgebook.errors import UsageError
from pledgebook.forecasting.assumptions import (
    Assumptions,
    Range,
    assumptions_schema,
    load_assumptions,
    parse_range,
    parse_rate,
)
from pledgebook.forecasting.scenarios import scenario_named, scenarios_named
from pledgebook.vocabulary.statement import Per

WHOLE = """
reserve = 50_000
shelf_life_days = 7000

[stock]
low = 200_000
high = 400_000

[losses]
low = 0.01
high = 0.03

[reordering]
below = 100_000
up_to = 300_000
unit_cost = 3000
budget_per_year = 500_000_000
lead_days_low = 200
lead_days_high = 400

[[event]]
name = "offensive"
earliest = 2023-06-01
latest = 2023-07-31
days = 60
low = 100_000
high = 300_000

[[shelf]]
party = "DEU"
reserve = 20_000
stock = { low = 100_000, high = 150_000 }
hands_over = { low = 3_000, high = 5_000, per = "month" }

[[works]]
name = "Unterluess"
rate = { low = 4_000, high = 6_000 }
to = { low = 25_000, high = 30_000, per = "month" }
reached = 2025-06-30
share = 0.5
"""


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("200000", 200_000, 200_000),
        ("200,000-400,000", 200_000, 400_000),
        ("200k to 0.4m", 200_000, 400_000),
        ("1.5..2", 1.5, 2),
        ("0", 0, 0),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    assert parse_range(text) == Range(low=low, high=high)


@pytest.mark.parametrize(
    ("text", "low", "per"),
    [("110000/month", 110_000, Per.MONTH), ("4000-7000 a day", 4000, Per.DAY),
     ("14k per week", 14_000, Per.WEEK)],
)  # fmt: skip
def test_rates(text: str, low: float, per: Per) -> None:
    found = parse_rate(text)
    assert (found.low, found.per) == (low, per)


@pytest.mark.parametrize("text", ["", "many", "-5", "400-200", "0-10", "1e999"])
def test_what_is_no_range_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_range(text)


@pytest.mark.parametrize("text", ["110000", "110000/fortnight", "/month"])
def test_what_is_no_rate_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_rate(text)


def test_a_file_is_read_whole_and_fits_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "assumed.toml"
    path.write_text(WHOLE, encoding="utf-8")
    found = load_assumptions(path)
    assert found.event[0].name == "offensive"
    assert found.shelf[0].hands_over.per is Per.MONTH
    assert found.works[0].reached is not None
    jsonschema.validate(found.model_dump(mode="json", exclude_none=True), assumptions_schema())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stok = 5", "stok"),
        ("stock = 5", "stock"),
        ("[stock]\nlow = 5\nhigh = 3", "low 5 is above high 3"),
        ("reserve = -1", "reserve"),
        ("[[works]]\nname = 'a'\nrate = {low=1,high=2}\nto = {low=1,high=2}", "belong together"),
        ("[[shelf", "line 1: this is no TOML"),
        ("stock = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_a_wrong_file_is_told_with_its_key(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "assumed.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words) as caught:
        load_assumptions(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_assumptions(tmp_path / "none.toml")


def test_options_go_before_the_file() -> None:
    own = Assumptions(reserve=5).with_options(stock=parse_range("7"), use=None)
    assert (own.reserve, own.stock, own.use) == (5, Range(low=7, high=7), None)


def test_a_surge_takes_a_factor() -> None:
    assert scenario_named("surge=2.5").use == 2.5
    assert [one.name for one in scenarios_named(["steady", "Steady ", "cut"])] == ["steady", "cut"]
    with pytest.raises(UsageError, match="One of: steady"):
        scenario_named("surge=0")
