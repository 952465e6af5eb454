"""Systems of flows whose answers have a closed form: steady use and resupply, one case at a time.

Each function builds a system and works out, from textbook distributions and without simulating,
what its answer must be. The formula and where it stands are told with each case; the steps are
counted from 0, as in the system.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from known import (
    Case,
    Chance,
    Known,
    Moment,
    Quantiles,
    compound,
    difference,
    law_known,
    poisson,
)
from scipy import stats

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Tie
from pledgebook.forecasting.flows.result import Flow
from pledgebook.forecasting.flows.system import Event, Line, Lot, Regime, System, Total

__all__ = ["DEMAND_CASES", "at", "steadily"]


def at(step: int, steps: int) -> tuple[float, ...]:
    """Return the chances to have arrived by each step of what surely arrives at this one."""
    return tuple(1.0 if i >= step else 0.0 for i in range(steps))


def steadily(level: Amount | float, key: str | None = None) -> tuple[Regime, ...]:
    """Return the use of so much a step over the whole horizon."""
    return (Regime(0, level, key=key),)


def exact_use_and_lots() -> Case:
    """Nothing is random: means without variance."""
    steps, opening, use, size = 24, 100.0, 9.0, 30.0
    lots = [Lot(f"lot {t}", "line", size, at(t, steps)) for t in (3, 8, 12, 19)]
    stock = opening
    figures: dict[Flow, dict[int, Known]] = {
        flow: {} for flow in (Flow.STOCK, Flow.GAP, Flow.USE, Flow.NEEDED)
    }
    needed = wanted = arrived = 0.0
    for t in range(steps):
        came = size * (t in (3, 8, 12, 19))
        wanted, arrived = wanted + use, arrived + came
        needed = max(needed, wanted - arrived)
        used = min(use, stock + came)
        stock += came - used
        figures[Flow.STOCK][t] = Known(stock)
        figures[Flow.USE][t] = Known(used)
        figures[Flow.GAP][t] = Known(use - used)
        figures[Flow.NEEDED][t] = Known(needed)
    return Case(
        "exact use, exact lots",
        "stock = max(stock + arrivals - use, 0); no variance",
        "mass balance",
        System(steps, [Line("line", opening, use=steadily(use))], lots),
        [Moment("line", flow, known) for flow, known in figures.items()],
    )


def poisson_use() -> Case:
    """Poisson use draws an opening stock down; nothing comes."""
    steps, opening, mean = 20, 60, 5.0
    stock, dry, needed = {}, {}, {}
    for t in range(steps):
        demand = poisson(mean * (t + 1), shortest=opening + 1)
        left = np.append(demand[opening::-1], 0.0)[: opening + 1]
        left[0] = demand[opening:].sum()
        stock[t] = law_known(left)
        dry[t] = float(stats.poisson.sf(opening, mean * (t + 1)))
        needed[t] = law_known(demand)
    return Case(
        "Poisson use, no resupply",
        "stock = (Q - N)+, N ~ Poisson(m(t+1)); dry by t: P(N > Q)",
        "the Poisson distribution",
        System(steps, [Line("line", float(opening), use=steadily(mean), noise=Noise.poisson())]),
        [
            Moment("line", Flow.STOCK, stock),
            Moment("line", Flow.NEEDED, needed),
            Chance("line", dry, dry=True),
        ],
    )


def compound_use() -> Case:
    """Each of the demands has a size of its own."""
    steps, mean = 16, 120.0
    size = Law((10.0, 30.0, 100.0), (0.5, 0.3, 0.2))
    sizes = np.zeros(11)
    sizes[[1, 3, 10]] = size.weights
    of_sizes = law_known(sizes).times(10)
    demands = mean / of_sizes.mean
    second = of_sizes.variance + of_sizes.mean**2
    fourth = float(np.arange(0.0, 110.0, 10.0) ** 4 @ sizes)
    one = Known(mean, demands * second, demands * fourth + 3 * (demands * second) ** 2)
    opening = 1_500.0
    dry = {}
    for t in range(steps):
        chances = compound(demands * (t + 1), sizes)
        dry[t] = float(chances[int(opening // 10) + 1 :].sum())
    return Case(
        "compound Poisson use",
        "use: mean m = lE[X], variance lE[X²] = l(s² + m_X²), both times t+1; dry: its tail",
        "Feeney and Sherbrooke 1966 use this demand; moments from its transform",
        System(
            steps,
            [
                Line("line", opening, use=steadily(mean), noise=Noise.compound(size)),
                Line("plenty", 1e5, use=steadily(mean), noise=Noise.compound(size)),
            ],
        ),
        [
            Moment("line", Flow.WANTED, dict.fromkeys(range(steps), one)),
            Moment("line", Flow.NEEDED, {t: one.summed(t + 1) for t in range(steps)}),
            Moment(
                "plenty", Flow.STOCK, {t: one.summed(t + 1).times(-1, 1e5) for t in range(steps)}
            ),
            Chance("line", dry, dry=True),
        ],
    )


def periodic_resupply() -> Case:
    """Poisson use and a fixed lot every fourth step, with stock enough."""
    steps, opening, mean, every = 48, 300.0, 10.0, 4
    lots = [Lot(f"lot {t}", "line", every * mean, at(t, steps)) for t in range(3, steps, every)]
    known = {
        t: law_known(poisson(mean * (t + 1))).times(-1, opening + every * mean * ((t + 1) // every))
        for t in range(steps)
    }
    return Case(
        "Poisson use, periodic resupply",
        "stock = Q + 4m floor((t+1)/4) - Poisson(m(t+1)): a saw-tooth with growing variance",
        "the Poisson distribution",
        System(steps, [Line("line", opening, use=steadily(mean), noise=Noise.poisson())], lots),
        [Moment("line", Flow.STOCK, known)],
    )


def steady_resupply() -> Case:
    """As much comes each step as is used on the average: stock reflects at zero."""
    steps, opening, mean = 30, 20, 10
    lots = [Lot(f"lot {t}", "line", float(mean), at(t, steps)) for t in range(steps)]
    demand = poisson(mean)
    law = np.zeros(opening + 1)
    law[opening] = 1.0
    alive = law.copy()
    stock, gap, met, dry = {}, {}, {}, {}
    for t in range(steps):
        values, chances = difference(np.concatenate([np.zeros(mean), law]), demand)
        short = np.where(values < 0, -values, 0.0)
        gap[t] = Known.over(short, chances)
        met[t] = float(chances[values >= 0].sum())
        law = chances[values >= 0]
        law[0] += 1 - law.sum()
        stock[t] = law_known(law)
        values, chances = difference(np.concatenate([np.zeros(mean), alive]), demand)
        alive = chances[values >= 0]
        dry[t] = 1 - float(alive.sum())
    return Case(
        "Poisson use, steady resupply, demand lost",
        "stock = (stock + m - Poisson(m))+; dry: first passage of the walk below zero",
        "Moran 1959 (the dam); Lindley 1952 (the recursion)",
        System(
            steps, [Line("line", float(opening), use=steadily(mean), noise=Noise.poisson())], lots
        ),
        [
            Moment("line", Flow.STOCK, stock),
            Moment("line", Flow.GAP, gap),
            Chance("line", met),
            Chance("line", dry, dry=True),
        ],
    )


def drawn_level() -> Case:
    """Use at a level that is not known: one lognormal draw for the whole horizon."""
    steps, opening, median, log_sd = 20, 100.0, 10.0, 0.5
    known = Known.lognormal(median, log_sd)

    def part(power: int, most: float) -> float:
        """Return E[L**power; L < most]."""
        whole = median**power * math.exp(power**2 * log_sd**2 / 2)
        return whole * float(stats.norm.cdf(math.log(most / median) / log_sd - power * log_sd))

    def stock(t: int) -> Known:
        k = t + 1

        def raw(j: int) -> float:
            return math.fsum(
                math.comb(j, i) * opening ** (j - i) * (-k) ** i * part(i, opening / k)
                for i in range(j + 1)
            )

        return Known.of_raw(raw)

    def at_most(t: int) -> Callable[[float], float]:
        return lambda x: float(stats.norm.cdf(math.log(x / (t + 1) / median) / log_sd))

    dry = {t: 1 - at_most(t)(opening) for t in range(steps)}
    return Case(
        "use level drawn once a draw",
        "needed = (t+1)L: variance (t+1)²Var L; stock = (Q - (t+1)L)+; dry: P(L > Q/(t+1))",
        "the lognormal distribution and its partial moments",
        System(steps, [Line("line", opening, use=steadily(Amount(median, log_sd)))]),
        [
            Moment("line", Flow.NEEDED, {t: known.times(t + 1) for t in range(steps)}),
            Moment("line", Flow.STOCK, {t: stock(t) for t in range(steps)}),
            Quantiles("line", Flow.NEEDED, {t: at_most(t) for t in range(steps)}),
            Chance("line", dry, dry=True),
        ],
    )


def fresh_noise() -> Case:
    """Use that varies from step to step: lognormal, gamma, and Poisson in fifties."""
    steps, mean, cv = 24, 200.0, 0.6
    spread = math.log1p(cv * cv)
    shape = 1 / cv**2
    gamma = Known(mean, (mean * cv) ** 2, (mean * cv) ** 4 * (3 + 6 / shape))
    ones = {
        "lognormal": (
            Noise.lognormal(cv),
            Known.lognormal(mean * math.exp(-spread / 2), math.sqrt(spread)),
        ),
        "gamma": (Noise.gamma(cv), gamma),
        "fifties": (Noise.poisson(50.0), law_known(poisson(mean / 50)).times(50)),
    }
    figures = []
    for key, (_, known) in ones.items():
        figures.append(Moment(key, Flow.WANTED, dict.fromkeys(range(steps), known)))
        whole = {t: known.summed(t + 1).times(-1, 1e5) for t in range(steps)}
        figures.append(Moment(key, Flow.STOCK, whole))
    return Case(
        "fresh noise in every step",
        "stock = Q - sum of t+1 independent uses: mean (t+1)m, variance (t+1)(m cv)² or (t+1)mu",
        "moments of the lognormal, gamma and Poisson distributions",
        System(
            steps,
            [Line(key, 1e5, use=steadily(mean), noise=noise) for key, (noise, _) in ones.items()],
        ),
        figures,
    )


def level_and_noise() -> Case:
    """Poisson use around a level that is itself drawn: a mixed Poisson count."""
    steps, mean, cv = 20, 40.0, 0.3
    level = Known.lognormal(mean / math.sqrt(1 + cv * cv), math.sqrt(math.log1p(cv * cv)))
    known = {
        t: Known((t + 1) * mean, (t + 1) * mean + (t + 1) ** 2 * level.variance, None)
        for t in range(steps)
    }
    use = steadily(Amount.of_mean(mean, cv))
    return Case(
        "Poisson use around a drawn level",
        "variance = (t+1)m + (t+1)²Var L: the part within a draw, and the part between draws",
        "the law of total variance",
        System(steps, [Line("line", use=use, noise=Noise.poisson())]),
        [Moment("line", Flow.NEEDED, known)],
    )


def tied_levels() -> Case:
    """Two lines whose use rises and falls together."""
    steps, weights, medians, log_sds = 6, (0.9, 0.7), (100.0, 250.0), (0.4, 0.3)
    lines = [
        Line(
            f"line {i}",
            1e5,
            use=steadily(Amount(medians[i], log_sds[i], tie=Tie("war", weights[i]))),
        )
        for i in (0, 1)
    ]
    ones = [Known.lognormal(m, s) for m, s in zip(medians, log_sds, strict=True)]
    along = math.expm1(weights[0] * weights[1] * log_sds[0] * log_sds[1])
    variance = sum(one.variance for one in ones) + 2 * ones[0].mean * ones[1].mean * along
    both = Known(ones[0].mean + ones[1].mean, variance, None)
    return Case(
        "tied use levels",
        "variance of the sum = V1 + V2 + 2 m1 m2 (exp(v w s1 s2) - 1)",
        "covariance of a bivariate lognormal",
        System(steps, lines, totals=[Total("both", ["line 0", "line 1"])]),
        [
            Moment("both", Flow.USE, dict.fromkeys(range(steps), both)),
            *(Moment(f"line {i}", Flow.USE, dict.fromkeys(range(steps), ones[i])) for i in (0, 1)),
        ],
    )


def events() -> Case:
    """Just a scheduled event, of random size and time."""
    steps, chance, earliest, latest, duration = 26, 0.7, 5, 14, 4
    size, cv = 600.0, 0.5
    raw = [size**j * (1 + cv * cv) ** (j * (j - 1) / 2) for j in range(5)]

    def mixed(p: float, share: float) -> Known:
        return Known.of_raw(lambda j: p * share**j * raw[j])

    wanted, needed = {}, {}
    for t in range(steps):
        running = sum(s <= t < s + duration for s in range(earliest, latest + 1))
        wanted[t] = mixed(chance * running / (latest - earliest + 1), 1 / duration)
    for t in range(latest + duration - 1, steps):
        needed[t] = mixed(chance, 1.0)
    event = Event("event", Amount.of_mean(size, cv), earliest, latest, duration, chance)
    return Case(
        "scheduled event",
        "wanted: p q_t E[A]/d, second moment p q_t E[A²]/d²; in all p E[A]",
        "a mixture; expected demand of a schedule, as FEAST is verified by",
        System(steps, [Line("line", use=steadily(0.0), events=[event])]),
        [Moment("line", Flow.WANTED, wanted), Moment("line", Flow.NEEDED, needed)],
    )


DEMAND_CASES: tuple[Callable[[], Case], ...] = (
    exact_use_and_lots,
    poisson_use,
    compound_use,
    periodic_resupply,
    steady_resupply,
    drawn_level,
    fresh_noise,
    level_and_noise,
    tied_levels,
    events,
)
