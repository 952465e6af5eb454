"""Alpha is what its author's published examples say, and what its definition asks for."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.coding.alpha import Coincidences, alpha

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A, B and C.
TWO_BINARY = [("0100000000", "1110010010"), 0.095]
TWO_NOMINAL = [("aabbdcccedda", "babbbcccedd d".replace(" ", "")), 0.692]
FOUR = [("123321412***", "1233224125*3", "*3332342251*", "12332441251*"), 0.743]


@pytest.mark.parametrize(("coders", "expected"), [TWO_BINARY, TWO_NOMINAL, FOUR])
def test_the_published_examples_come_out(coders: tuple[str, ...], expected: float) -> None:
    units = [[None if one == "*" else one for one in unit] for unit in zip(*coders, strict=True)]
    assert alpha(units) == pytest.approx(expected, abs=0.0005)


def test_full_agreement_is_one_and_one_value_is_not_defined() -> None:
    assert alpha([("a", "a"), ("b", "b")]) == 1
    assert alpha([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)
    assert alpha([("a", "a"), ("a", "a")]) is None
    assert alpha([]) is None
    assert alpha([("a", None), (None, "b")]) is None


values = st.sampled_from("abc")
units = st.lists(st.tuples(values, values), min_size=1, max_size=12)


@given(units)
def test_it_is_one_less_disagreement_over_that_of_chance(found: list[tuple[str, str]]) -> None:
    """By the definition itself: pairs within units against pairs of all values."""
    every = [value for unit in found for value in unit]
    expected = np.mean([one != other for one, other in permutations(every, 2)])
    observed = np.mean([one != other for one, other in found])
    got = alpha(found)
    if expected == 0:
        assert got is None
    else:
        assert got == pytest.approx(1 - observed / expected)


@given(st.lists(units, min_size=1, max_size=5))
def test_documents_together_are_as_one(documents: list[list[tuple[str, str]]]) -> None:
    together = Coincidences.of(documents).alphas(np.ones((1, len(documents))))[0]
    expected = alpha([unit for one in documents for unit in one])
    assert np.isnan(together) if expected is None else together == pytest.approx(expected)
    # A document that is drawn twice counts twice.
    weights = np.zeros((1, len(documents)))
    weights[0, 0] = 2
    twice = Coincidences.of(documents).alphas(weights)[0]
    expected = alpha(documents[0] * 2)
    assert np.isnan(twice) if expected is None else twice == pytest.approx(expected)
