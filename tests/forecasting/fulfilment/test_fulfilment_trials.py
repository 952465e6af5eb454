"""The model's bands hold as much of the truth as they say: a short proof; the long one is in
benchmarks/fulfilment.py."""

from __future__ import annotations

import numpy as np
import pytest

from pledgebook.forecasting.fulfilment.simulate import Truth, simulate
from pledgebook.forecasting.fulfilment.trials import covered, trial


def test_bands_hold_what_they_say() -> None:
    trials = [trial(Truth(), seed, commitments=90) for seed in range(10)]
    lots = [np.concatenate([one.next_lot, one.last_lot]) for one in trials]
    for band in (0.5, 0.8):
        found = covered(lots, band)
        assert found.cases > 800
        assert abs(found.share - band) < 0.06, found
        totals = covered([one.totals for one in trials], band)
        assert abs(totals.share - band) < 0.2, totals
    misses = np.array([list(one.misses.values()) for one in trials])
    assert np.abs(misses).max() < 4.5
    assert np.abs(misses.mean(axis=0)).max() < 1.5


def test_the_check_of_bands_sees_what_is_too_narrow() -> None:
    """Guard of the test above: places that crowd at the ends fall out of the band."""
    rng = np.random.default_rng(1)
    even = [rng.random(50) for _ in range(40)]
    crowded = [np.where(one < 0.5, one / 2, (1 + one) / 2) for one in even]
    assert covered(even, 0.5).share == pytest.approx(0.5, abs=0.05)
    assert covered(crowded, 0.5).share < 0.35
    assert covered(even, 0.5).error == pytest.approx(0.011, abs=0.004)


def test_the_same_seed_makes_the_same_history() -> None:
    assert simulate(Truth(), 3, commitments=20) == simulate(Truth(), 3, commitments=20)
    assert simulate(Truth(), 3, commitments=20) != simulate(Truth(), 4, commitments=20)


def test_a_history_is_as_its_truth_says() -> None:
    """The story is told by hand-set shares, so that the proof does not rest on a wrong teller."""
    truth = Truth(
        donor_spread=0.0, category_spread=0.0, told_spread=0.0, shared=0.0, dropped=0.3, coming=1.0,
        more=0.5, told=0.6, trend=0.0, marked=1.0, named=0.25, vague=0.0,
    )  # fmt: skip
    made = simulate(truth, 1, commitments=3000)
    lots = list(made.lots.values())
    assert np.mean([len(one) for one in lots]) == pytest.approx(2.0, abs=0.1)
    assert np.mean([np.isinf(one[0].comes) for one in lots]) == pytest.approx(0.3, abs=0.03)
    came = [lot for one in lots for lot in one if np.isfinite(lot.comes)]
    assert np.mean([np.isfinite(lot.told) for lot in came]) == pytest.approx(0.6, abs=0.03)
    lag = [lot.told - lot.comes for lot in came if np.isfinite(lot.told)]
    assert np.median(lag) == pytest.approx(10.0, rel=0.1)
    reports = [one for one in made.spells if one.reported is not None]
    assert np.mean([one.delivered is not None for one in reports]) == pytest.approx(0.25, abs=0.03)
    assert all(sum(lot.share for lot in one) == pytest.approx(1.0) for one in lots)
