"""Sobol indices of functions whose indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pledgebook.forecasting.sensitivity import influences

Floats = NDArray[np.float64]
DRAWS = 20_000


def model(function: str, swapped: frozenset[str]) -> Floats:
    one, two = (
        np.random.default_rng(1).random((3, DRAWS)),
        np.random.default_rng(2).random((3, DRAWS)),
    )
    x = np.array([two[at] if name in swapped else one[at] for at, name in enumerate("abc")])
    if function == "ishigami":
        a, b, c = 2 * np.pi * x - np.pi
        return np.asarray(np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))
    if function == "sum":
        return np.asarray(1_000_000 + 3 * x[0] + 4 * x[1])
    return np.full(DRAWS, 5.0)


def test_the_ishigami_function_has_its_published_indices() -> None:
    # Ishigami and Homma 1990, a = 7, b = 0.1: 0.3139, 0.4424, 0; totals 0.5576, 0.4424, 0.2437.
    found = {one.inputs: one for one in influences(lambda s: model("ishigami", s), "abc")}
    wanted = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}
    for name, (first, total) in wanted.items():
        one = found[name]
        assert one.first == pytest.approx(first, abs=4 * one.first_error)
        assert one.total == pytest.approx(total, abs=4 * one.total_error)
        assert 0 < one.first_error < 0.05
        assert 0 < one.total_error < 0.05


def test_a_sum_splits_by_variance_and_the_idle_input_is_left_out() -> None:
    found = influences(lambda s: model("sum", s), "abc")
    assert [one.inputs for one in found] == ["b", "a"]
    assert found[0].total == pytest.approx(16 / 25, abs=0.03)
    assert found[0].first == pytest.approx(16 / 25, abs=0.03)


def test_an_answer_that_does_not_vary_has_no_shares() -> None:
    assert influences(lambda s: model("flat", s), "abc") == ()
