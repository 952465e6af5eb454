"""Without pooling, reporting, parts and promises never kept it is plain survival analysis."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np
import pytest
from fulfilment_made import START, day, spell
from numpy.typing import NDArray
from scipy.optimize import minimize

from pledgebook.forecasting.fulfilment.arrange import arrange
from pledgebook.forecasting.fulfilment.families import family_named
from pledgebook.forecasting.fulfilment.levels import Level
from pledgebook.forecasting.fulfilment.likelihood import evaluate
from pledgebook.forecasting.fulfilment.spells import Spell, gather

with warnings.catch_warnings():
    # The peer's own imports warn.
    warnings.simplefilter("ignore")
    lifelines: Any = importlib.import_module("lifelines")

END = 500
CERTAIN = 40.0


def sample(seed: int, *, exact: bool) -> tuple[list[Spell], NDArray[np.float64]]:
    """Return spells and the bounds (n, 2) of the same delays; about a third is censored."""
    rng = np.random.default_rng(seed)
    spells, bounds = [], []
    for number in range(300):
        promised = int(rng.integers(0, 450))
        delay = float(np.exp(np.log(120) + 0.5 * rng.logistic()))
        came = promised + int(delay)
        name, when = f"c{number}", (day(promised), day(promised))
        if came >= END:
            spells.append(spell(name, promised=when))
            bounds.append((END - promised, np.inf))
            continue
        before = 0 if exact else int(rng.integers(0, min(came - promised, 60) + 1))
        after = 0 if exact else int(rng.integers(0, min(END - 1 - came, 60) + 1))
        spells.append(
            spell(
                name,
                promised=when,
                delivered=(day(came - before), day(came + after)),
                reported=day(came + after),
                reported_by=True,
            )
        )
        bounds.append((came - before - promised, came + after + 1 - promised))
    return spells, np.array(bounds, dtype=float)


def plain_fit(spells: list[Spell], family: str) -> tuple[float, float]:
    """Return location and scale of the greatest likelihood of the delays alone."""
    as_of = day(END - 1)
    (block,) = arrange(gather(spells, as_of)[0], as_of, START)
    level = np.zeros((block.size, len(Level)))
    level[:, Level.SHARED] = -CERTAIN
    level[:, Level.DROPPED] = level[:, Level.MORE] = -CERTAIN
    level[:, Level.COMING] = level[:, Level.TOLD] = CERTAIN
    level[:, Level.REPORT] = -CERTAIN

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        level[:, Level.LOCATION], level[:, Level.SCALE] = at
        value, gradient = evaluate(block, level, family=family_named(family), nodes=1)
        back = gradient.sum(axis=0)
        return -float(value.sum()), -back[[Level.LOCATION, Level.SCALE]]

    found = minimize(
        loss, np.array([4.5, -0.5]), jac=True, method="L-BFGS-B", options={"ftol": 1e-14}
    )
    return float(found.x[0]), float(np.exp(found.x[1]))


def peer_fit(bounds: NDArray[np.float64], family: str) -> tuple[float, float]:
    fitters: dict[str, Any] = {
        "weibull": lifelines.WeibullFitter,
        "log-logistic": lifelines.LogLogisticFitter,
        "log-normal": lifelines.LogNormalFitter,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = fitters[family]().fit_interval_censoring(bounds[:, 0], bounds[:, 1])
    if family == "weibull":
        return float(np.log(peer.lambda_)), float(1.0 / peer.rho_)
    if family == "log-logistic":
        return float(np.log(peer.alpha_)), float(1.0 / peer.beta_)
    return float(peer.mu_), float(peer.sigma_)


@pytest.mark.parametrize("family", ["weibull", "log-logistic", "log-normal"])
@pytest.mark.parametrize("exact", [True, False], ids=["days", "periods"])
def test_the_likelihood_is_that_of_lifelines(family: str, *, exact: bool) -> None:
    spells, bounds = sample(3, exact=exact)
    assert 0.2 < np.isinf(bounds[:, 1]).mean() < 0.5
    assert plain_fit(spells, family) == pytest.approx(peer_fit(bounds, family), rel=1e-4)
