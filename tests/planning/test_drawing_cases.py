"""Cases: fair to what they are drawn from, the same again, and apart where nothing ties them."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.planning.compiling.book import Lots
from pledgebook.planning.compiling.cases import Spread, Uncertain, draw_cases, forward_selection
from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.problem import Case, Problem
from pledgebook.planning.scenario.loading import read_scenario
from pledgebook.planning.scenario.tables import Cases
from pledgebook.vocabulary.catalogue import load_catalogue

STEPS = 6


def how(**changes: Any) -> Cases:  # noqa: ANN401
    return Cases.model_validate({"number": 20} | changes)


def spread(stream: str, log_sd: float = 0.3) -> Spread:
    return Spread(stream, np.linspace(1, 2, STEPS), np.full(STEPS, log_sd))


def uncertain(*names: str, log_sd: float = 0.3) -> Uncertain:
    return Uncertain(
        {name: spread(name, log_sd) for name in names}, worth=dict.fromkeys(names, 1.0)
    )


def scores(cases: tuple[Case, ...], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The normal score that each case drew for a need."""
    return np.log([case.amount[name][0] for case in cases]) / 0.3


def test_strata_take_each_quantile_once() -> None:
    cases = draw_cases(uncertain("a", "b"), how())
    assert [case.chance for case in cases] == [1 / 20] * 20
    wanted = (np.arange(20) + 0.5) / 20
    for name in ("a", "b"):
        np.testing.assert_allclose(np.sort(ndtr(scores(cases, name))), wanted)
    # The two are put together at random.
    assert abs(np.corrcoef(scores(cases, "a"), scores(cases, "b"))[0, 1]) < 0.6
    assert not np.array_equal(scores(cases, "a"), scores(cases, "b"))


def test_one_score_moves_all_steps_of_a_figure() -> None:
    for case in draw_cases(uncertain("a"), how()):
        ratio = case.amount["a"] / np.linspace(1, 2, STEPS)
        np.testing.assert_allclose(ratio, ratio[0])


@pytest.mark.parametrize("method", ["strata", "reduce"])
def test_the_same_seed_gives_the_same_cases_whatever_else_there_is(method: str) -> None:
    def drawn(*names: str, seed: int = 1) -> dict[str, Any]:
        cases = draw_cases(uncertain(*names), how(method=method, seed=seed, draws=20))
        return {name: scores(cases, name) for name in names}

    one, again, more = drawn("a", "b"), drawn("b", "a"), drawn("a", "b", "c")
    for name in ("a", "b"):
        np.testing.assert_array_equal(one[name], again[name])
        np.testing.assert_array_equal(one[name], more[name])
    assert not np.array_equal(one["a"], drawn("a", seed=2)["a"])


def philox(counter: int, key: tuple[int, int]) -> list[int]:
    """The four words of Philox 4x64 with 10 rounds, as its authors write it down (SC11, 2011)."""
    k0, k1 = key
    words = [counter, 0, 0, 0]
    for _ in range(10):
        low, high = 0xD2E7470EE14C6C93 * words[0], 0xCA5A826395121157 * words[2]
        words = [
            (high >> 64) ^ words[1] ^ k0, high % 2**64, (low >> 64) ^ words[3] ^ k1, low % 2**64,
        ]  # fmt: skip
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) % 2**64, (k1 + 0xBB67AE8584CAA73B) % 2**64
    return words


def test_the_numbers_are_those_of_the_published_generator() -> None:
    """Another release of NumPy draws the same: the words of the counter are used themselves."""
    digest = hashlib.blake2b(b"1\0a", digest_size=16).digest()
    key = (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little"))
    wanted = [((word >> 11) + 0.5) / 2**53 for word in philox(1, key)]
    found = ndtr(scores(draw_cases(uncertain("a"), how(method="reduce", number=4, draws=4)), "a"))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_reduction_keeps_chances_and_comes_near_the_mean() -> None:
    cases = draw_cases(uncertain("a", log_sd=0.3), how(method="reduce", number=10, draws=1000))
    chances = np.array([case.chance for case in cases])
    assert chances.sum() == pytest.approx(1)
    assert len(cases) == 10
    mean = sum(case.chance * case.amount["a"][0] for case in cases)
    assert mean == pytest.approx(np.exp(0.3**2 / 2), rel=0.03)
    found = sorted(case.amount["a"][0] for case in cases)
    assert found[0] < 0.75
    assert found[-1] > 1.4


@given(st.integers(1, 12), st.integers(0, 99))
@settings(max_examples=25)
def test_forward_selection_stands_as_near_as_its_greedy_rule_can(number: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(12, 3))
    order, chances = forward_selection(points, number)
    assert len(set(order.tolist())) == number
    assert chances.sum() == pytest.approx(1)
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    np.testing.assert_allclose(
        chances * 12, np.bincount(np.argmin(apart[:, order], axis=1), minlength=number)
    )
    # The same rule, by the book: add what lowers the distance most.
    kept: list[int] = []
    for _ in range(number):
        left = [apart[:, [*kept, new]].min(axis=1).sum() if new not in kept else np.inf
                for new in range(12)]  # fmt: skip
        kept.append(int(np.flatnonzero(np.array(left) <= min(left) * (1 + 1e-7))[0]))
    assert sorted(kept) == order.tolist()


def lots(**changes: Any) -> Lots:  # noqa: ANN401
    fields: dict[str, Any] = {
        "name": "c1", "size": Amount(100.0), "parts": 4,
        "by": np.array([0.0, 0.2, 0.5, 0.5, 0.7, 0.8]), "tie": 0.0,
    }  # fmt: skip
    return Lots(**(fields | changes))


@pytest.mark.parametrize("tie", [0.0, 0.6, 1.0])
def test_lots_arrive_by_their_curve(tie: float) -> None:
    one = lots(tie=tie)
    given_ = Uncertain(lots={"s": [one]}, steady={"s": np.full(STEPS, 3.0)}, worth={"s": 1.0})
    cases = draw_cases(given_, how(number=1000))
    came = np.array([case.arriving["s"] for case in cases]) - 3.0
    np.testing.assert_allclose(came.mean(axis=0), one.mean, atol=3.0)
    assert set(np.round(came.sum(axis=1), 6)) <= {0.0, 25.0, 50.0, 75.0, 100.0}
    # Tied lots come together, or not at all.
    if tie == 1.0:
        assert set(np.round(came.sum(axis=1), 6)) == {0.0, 100.0}


def test_sizes_and_openings_vary_too() -> None:
    given_ = Uncertain(
        openings={"s": Spread("o", np.array([50.0]), np.array([0.5]))},
        lots={"s": [lots(size=Amount(100.0, 0.2), by=np.ones(STEPS), parts=1)]},
        steady={"s": np.zeros(STEPS)},
        worth={"s": 1.0},
    )
    cases = draw_cases(given_, how(number=500))
    opening = np.log([case.opening["s"] / 50 for case in cases])
    assert opening.std() == pytest.approx(0.5, rel=0.02)
    sizes = np.log([case.arriving["s"][0] / 100 for case in cases])
    assert sizes.std() == pytest.approx(0.2, rel=0.02)
    assert abs(np.corrcoef(opening, sizes)[0, 1]) < 0.15


def test_one_case_or_nothing_uncertain_is_deterministic() -> None:
    assert draw_cases(uncertain("a"), how(number=1)) == ()
    assert draw_cases(Uncertain(lots={"s": []}), how()) == ()


TEXT = """
[horizon]
from = "2023-01"
to = "2023-12"
[cases]
number = 10
[[item]]
name = "155mm"
price = 10
[[need]]
recipient = "Ukraine"
item = "155mm"
amount = 100
[[stock]]
recipient = "Ukraine"
item = "155mm"
opening = 500
"""


def problem(text: str) -> tuple[Problem, str]:
    found = compile_scenario(read_scenario(text), load_catalogue())
    return found.problem, "\n".join(found.notes)


def test_a_scenario_of_ranges_has_cases() -> None:
    made, notes = problem(TEXT.replace("amount = 100", "amount = 100\nspread = [0.8, 1.25]"))
    drawn = np.array([case.amount["155mm for Ukraine"] for case in made.cases]) / 100
    assert drawn.shape == (10, 12)
    assert np.median(drawn) == pytest.approx(1, rel=0.05)
    assert ((drawn[:, 0] > 0.8) & (drawn[:, 0] < 1.25)).sum() == 8
    np.testing.assert_array_equal(made.needs[0].amount, 100)
    assert "uncertain" not in notes


def test_a_scenario_in_which_all_is_certain_says_so() -> None:
    made, notes = problem(TEXT)
    assert made.cases == ()
    assert "planned for one course" in notes
