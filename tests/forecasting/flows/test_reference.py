"""The fast simulator equals a slow one that was written from the documented meaning alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from flow_reference import play
from flow_systems import WITH_CHANCE, measured, systems
from hypothesis import given, settings
from numpy.typing import NDArray

from pledgebook.forecasting.flows.result import Flow
from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.system import System

Floats = NDArray[np.float64]

SLOW, FAST = 1_000, 30_000
"""How many draws of the reference and of the simulator are compared where there is chance."""


@settings(max_examples=200)
@given(systems())
def test_without_chance_every_flow_at_every_step_is_that_of_the_reference(system: System) -> None:
    known = play(system, np.random.default_rng(0))
    found = simulate(system, draws=2, threads=1, quantiles="all", balances="all")
    for line in system.lines:
        made, slow = found.lines[line.key], known.lines[line.key]
        for flow in measured(line):
            agree(made.moments[flow].mean, slow[flow], f"{line.key} {flow}")
        agree(made.met, [float(gap <= 1e-9) for gap in slow[Flow.GAP]], f"{line.key} met")
        balance, sums = made.balance, known.sums[line.key]
        assert balance is not None
        for name in ("opening", "arrived", "used", "expired", "given", "closing", "wanted", "cost"):
            agree(getattr(balance, name), [getattr(sums, name)] * 2, f"{line.key} {name}")
        agree(balance.run_dry, [min(sums.run_dry, system.steps)] * 2, f"{line.key} run dry")
    for one in system.works:
        agree(found.works[one.key].moments[Flow.OUTPUT].mean, known.works[one.key], one.key)


def agree(found: Floats, known: list[float], what: str) -> None:
    np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-9, err_msg=what)


@pytest.mark.parametrize("make", WITH_CHANCE)
def test_with_chance_means_and_variances_are_those_of_the_reference(
    make: Callable[[], System],
) -> None:
    system = make()
    random = np.random.default_rng(11)
    played = [play(system, random) for _ in range(SLOW)]
    result = simulate(system, draws=FAST, seed=11, quantiles="all")
    compared = 0
    for line in system.lines:
        for flow in measured(line):
            slow = np.array([one.lines[line.key][flow] for one in played])
            moments = result.lines[line.key].moments[flow]
            compared += alike(slow, moments.mean, moments.variance, f"{line.key} {flow}")
    for one in system.works:
        slow = np.array([draw.works[one.key] for draw in played])
        moments = result.works[one.key].moments[Flow.OUTPUT]
        compared += alike(slow, moments.mean, moments.variance, one.key)
    assert compared > 100


def alike(slow: Floats, mean: Floats, variance: Floats, what: str) -> int:
    """Compare draws (draws, steps) with moments (steps,); return how many figures were."""
    n = len(slow)
    own = slow.var(axis=0, ddof=1)
    fourth = ((slow - slow.mean(axis=0)) ** 4).mean(axis=0)
    # Where hardly a draw differs from the others there is no scale to compare on.
    kept = (own > 1e-9) & (fourth * 50 < own**2 * n)
    error = np.sqrt(own * (1 / n + 1 / FAST))
    z = np.abs(slow.mean(axis=0) - mean)[kept] / error[kept]
    assert np.all(z < 4.5), f"{what}: mean {z.max():.1f} errors off"
    spread = np.sqrt((fourth - own**2) * (1 / n + 1 / FAST))
    z = np.abs(own - variance)[kept] / spread[kept]
    assert np.all(z < 5), f"{what}: variance {z.max():.1f} errors off"
    # Nor is there where the many draws have something that the few do not, but it has to be rare.
    apart = np.abs(slow.mean(axis=0) - mean)[~kept]
    rare = np.sqrt(np.maximum(variance, own)[~kept] / n)
    assert np.all(apart <= 4.5 * rare + 1e-9 * np.abs(mean[~kept]) + 1e-9), f"{what}: mean off"
    return int(kept.sum()) * 2
