"""Figures, steps, sums and names in words."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans_made import compiled, problem
from pledgebook.planning.problem import Shelf
from pledgebook.planning.wording import Words, figure, joined, runs


@pytest.fixture
def words() -> Words:
    return Words(compiled())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (12_345, "12,300"),
        (999.6, "1,000"),
        (0.1254, "0.125"),
        (3.5, "3.5"),
        (20_000, "20,000"),
        (-7.123, "−7.12"),
        (math.inf, "∞"),
        (math.nan, "n/k"),
    ],
)
def test_a_figure_keeps_three_figures(value: float, told: str) -> None:
    assert figure(value) == told


@given(st.floats(1e-6, 1e12))
def test_a_figure_is_near_its_value(value: float) -> None:
    assert float(figure(value).replace(",", "")) == pytest.approx(value, rel=0.0051)


@given(st.sets(st.integers(0, 60)))
def test_runs_hold_every_step_once(steps: set[int]) -> None:
    found = runs(steps)
    assert [step for first, last in found for step in range(first, last + 1)] == sorted(steps)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (350_211_000, "EUR 350 million"),
        (999_700_000, "EUR 1 billion"),
        (1_240_000, "EUR 1.24 million"),
        (-21_300_000, "−EUR 21.3 million"),
        (935, "EUR 935"),
    ],
)
def test_sums_are_told_in_millions(words: Words, value: float, told: str) -> None:
    assert words.money(value) == told


def test_steps_and_spans(words: Words) -> None:
    assert words.step(0) == "February 2023"
    assert words.span(0, 3) == "February to May 2023"
    assert words.span(0, 14, short=True) == "Feb 2023–Apr 2024"
    assert words.spans([0, 1, 5, 6]) == "February to March 2023 and July to August 2023"
    assert words.spans([0, 2, 4]) == "between February 2023 and June 2023"
    assert words.steps(1) == "1 month"
    assert words.steps(6) == "6 months"


def test_quarters_are_told_as_such() -> None:
    made = replace(compiled(), step="quarter")
    assert Words(made).step(2) == "Q2 2023"
    assert Words(made).each == "a quarter"


def test_amounts_have_their_units(words: Words) -> None:
    assert words.amount(12_000, "155mm") == "12,000 rounds"
    assert words.amount(1, "155mm") == "1 round"
    assert words.amount(3, "leopard-2") == "3 Leopard 2"
    made = Words(replace(compiled(), labels={"leopard-2": "air-defence interceptor"}))
    assert made.amount(3, "leopard-2") == "3 air-defence interceptors"


def test_shelves_that_are_called_after_their_donor_read_well() -> None:
    plain = [
        Shelf(f"{donor}: 155mm", donor, "155mm", 1, 0, np.zeros(18), np.ones(18), 1, ())
        for donor in ("Germany", "Norway", "Spain")
    ]
    words = Words(replace(compiled(replace(problem(), shelves=plain)), labels={}))
    assert words.name("Germany: 155mm") == "the 155mm shelf of Germany"
    names = [one.name for one in plain]
    assert words.ways([*names, "Works A"]) == (
        "the 155mm shelves of Germany, Norway and Spain, and Works A"
    )


def test_many_names_are_counted(words: Words) -> None:
    assert words.people(["DEU", "NOR", "DEU"]) == "Germany and Norway"
    assert words.people(list("abcdef")) == "a, b, c and 3 more"
    assert joined(["a"]) == "a"
