"""Systems of lots on their way whose answers have a closed form: delays, ties, losses, reserves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from closed_forms import at, steadily
from known import Case, Known, Moment, law_known, poisson
from scipy import stats

from pledgebook.forecasting.flows.amounts import Amount, Noise, Tie
from pledgebook.forecasting.flows.result import Flow
from pledgebook.forecasting.flows.system import Line, Lot, System

__all__ = ["LOT_CASES"]


def random_lots() -> Case:
    """Independent lots with a random time on their way."""
    steps, count, size = 26, 30, 100.0
    by = tuple(0.9 * (1 - 0.85 ** (t + 1)) for t in range(steps))
    lots = [Lot(f"lot {i}", "line", size, by) for i in range(count)]

    def arrived(chance: float) -> Known:
        return law_known(stats.binom.pmf(np.arange(count + 1), count, chance)).times(size)

    return Case(
        "lots with random lead times",
        "arrived = q Binomial(n, F(t)): mean nqF, variance nq²F(1-F)",
        "binomial thinning",
        System(steps, [Line("line")], lots),
        [
            Moment("line", Flow.STOCK, {t: arrived(by[t]) for t in range(steps)}),
            Moment("line", Flow.ARRIVALS, {t: arrived(by[t] - by[t - 1]) for t in range(1, steps)}),
        ],
    )


def tied_lots() -> Case:
    """Lots whose delays share a cause: what one donor sends is early or late together."""
    steps, count, size, weight = 20, 12, 10.0, math.sqrt(0.5)
    by = tuple(float(stats.norm.cdf((t - 9) / 4)) for t in range(steps))
    lots = [Lot(f"lot {i}", "line", size, by, tie=Tie("donor", weight)) for i in range(count)]
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    known = {}
    for t, chance in enumerate(by):
        given = stats.norm.cdf((stats.norm.ppf(chance) - weight * nodes) / math.sqrt(1 - weight**2))
        law = weights @ stats.binom.pmf(np.arange(count + 1), count, given[:, None])
        known[t] = law_known(law).times(size)
    return Case(
        "tied lots",
        "arrived = q Binomial(n, p(Z)), p(z) = Φ((Φ⁻¹(F) - w z) / √(1-w²)): over-dispersed",
        "the one-factor Gaussian copula (Vasicek 2002)",
        System(steps, [Line("line")], lots),
        [Moment("line", Flow.STOCK, known)],
    )


def losses() -> Case:
    """Lots that lose a share on the way: a lognormal that is cut off at its bound."""
    steps, count, size = 6, 5, 100.0
    median, log_sd, high = 0.1, 0.8, 0.3

    def raw(j: int) -> float:
        most = math.log(high / median) / log_sd
        cut = stats.norm.cdf(most - j * log_sd) / stats.norm.cdf(most)
        return float(median**j * math.exp(j * j * log_sd**2 / 2) * cut)

    lots = [
        Lot(f"lot {i}", "line", size, at(2, steps), lost=Amount(median, log_sd, high=high))
        for i in range(count)
    ]
    one = Known.of_raw(raw).times(-size, size)
    return Case(
        "losses on the way",
        "arrived = sum of n lots q(1 - l), l lognormal cut off at 0.3",
        "moments of the truncated lognormal",
        System(steps, [Line("line")], lots),
        [Moment("line", Flow.STOCK, {t: one.summed(count) for t in range(2, steps)})],
    )


def shelf_reserve() -> Case:
    """Poisson use on a donor's shelf, and a lot that may take only what is above its reserve."""
    steps, opening, reserve, size, mean, leaves = 4, 60, 20, 30, 8.0, 2
    lot = Lot("lot", "front", float(size), at(leaves, steps), source="shelf")
    left = opening - np.arange(float(opening + 1))
    demand = poisson(mean * leaves, shortest=opening + 1)[: opening + 1]
    given = np.clip(left - reserve, 0, size)
    known = Known.over(given, demand / demand.sum())
    return Case(
        "a shelf with a reserve",
        "given = min(max(Q - Poisson(2m) - reserve, 0), size)",
        "the Poisson distribution",
        System(
            steps,
            [
                Line(
                    "shelf",
                    float(opening),
                    use=steadily(mean),
                    noise=Noise.poisson(),
                    reserve=float(reserve),
                ),
                Line("front"),
            ],
            [lot],
        ),
        [Moment("front", Flow.STOCK, dict.fromkeys(range(leaves, steps), known))],
    )


LOT_CASES: tuple[Callable[[], Case], ...] = (random_lots, tied_lots, losses, shelf_reserve)
