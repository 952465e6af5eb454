"""Systems with reorder policies, works and shelf life whose answers have a closed form.

The timing is that of the library: an order is placed at the end of a step, and comes in at the
start of the step `lead` steps later. So what is not there at the end of step t is what was ordered
at the end of the steps t - lead + 1 to t - 1, and the demand of t itself: `lead` steps of demand,
not lead + 1 as where orders are placed before the demand of a step is seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from closed_forms import at, steadily
from known import Case, Chance, Floats, Known, Moment, law_known, poisson
from scipy import stats

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise
from pledgebook.forecasting.flows.result import Flow
from pledgebook.forecasting.flows.system import (
    Customer,
    Line,
    Lot,
    Ramp,
    Reorder,
    System,
    Works,
)

__all__ = ["POLICY_CASES"]


def _net(
    name: str, formula: str, source: str, system: System, top: int, short: dict[int, Floats]
) -> Case:
    """Return the case of a line whose net inventory is `top` less a shortfall, by step."""
    stock, gap, met = {}, {}, {}
    for t, chances in short.items():
        net = top - np.arange(float(len(chances)))
        stock[t] = Known.over(np.maximum(net, 0.0), chances)
        gap[t] = Known.over(np.maximum(-net, 0.0), chances)
        met[t] = float(chances[: top + 1].sum())
    figures = (
        Moment("line", Flow.STOCK, stock),
        Moment("line", Flow.GAP, gap),
        Chance("line", met),
    )
    return Case(name, formula, source, system, figures)


def _stocked(top: int, mean: float, reorder: Reorder, steps: int) -> System:
    line = Line(
        "line",
        float(top),
        use=steadily(mean),
        noise=Noise.poisson(),
        reorder=reorder,
        backorder=True,
    )
    return System(steps, [line])


def base_stock() -> Case:
    """Order up to a level, a fixed lead time, backorders; with what it costs."""
    steps, top, mean, lead, unit, each = 30, 25, 5.0, 4, 3.0, 20.0
    reorder = Reorder(top - 1, up_to=top, lead=lead, unit_cost=unit, order_cost=each)
    short = {t: poisson(mean * min(t + 1, lead), shortest=top + 1) for t in range(steps)}
    demand = poisson(mean)
    costs = unit * np.arange(float(len(demand))) + each * (np.arange(len(demand)) > 0)
    case = _net(
        "base stock, fixed lead time",
        "net stock = S - Poisson(m min(t+1, L)); met: P(N <= S); cost: c m + k(1 - e^-m) a step",
        "Hadley and Whitin 1963; Zipkin 2000",
        _stocked(top, mean, reorder, steps),
        top,
        short,
    )
    cost = Moment("line", Flow.COST, dict.fromkeys(range(steps), Known.over(costs, demand)))
    return Case(case.name, case.formula, case.source, case.system, [*case.figures, cost])


def crossing_orders() -> Case:
    """Order up to a level with a random lead time: a later order may come before an earlier."""
    steps, top, mean = 30, 24, 5.0
    leads = Law((1, 3, 6), (0.3, 0.4, 0.3))
    demand, short = poisson(mean), {}
    law = np.ones(1)
    for t in range(steps):
        late = sum(w for lead, w in zip(leads.values, leads.weights, strict=True) if lead > t)
        one = late * demand
        one[0] += 1 - late
        law = np.convolve(law, one) if late > 0 else law
        short[t] = np.pad(law, (0, max(top + 1 - len(law), 0)))
    return _net(
        "base stock, lead times that cross",
        "shortfall = sum over k of D(t-k) Bernoulli(P(L > k)); its mean is m E[L]",
        "derived; the inventory shortfall of Robinson, Bradley and Thomas 2001",
        _stocked(top, mean, Reorder(top - 1, up_to=top, lead=leads), steps),
        top,
        short,
    )


def lots_of_order() -> Case:
    """Order a whole number of lots when at or below the point: (s, nQ)."""
    steps, point, quantity, mean, lead = 90, 8, 6, 3.0, 2
    reorder = Reorder(point, quantity=quantity, lead=lead)
    behind = np.convolve(np.full(quantity, 1 / quantity), poisson(mean * lead))
    top = point + quantity
    return _net(
        "(s, nQ) in the long run",
        "net stock = U - Poisson(m L), U uniform on s+1 ... s+Q",
        "Hadley and Whitin 1963",
        _stocked(top, mean, reorder, steps),
        top,
        dict.fromkeys(range(60, steps), behind),
    )


def lost_demand() -> Case:
    """Order up to a level each step, there at the next; what is missed is lost."""
    steps, top, mean = 20, 12, 10.0
    demand = poisson(mean)
    counts = np.arange(float(len(demand)))
    used = Known.over(np.minimum(counts, top), demand)
    gap = Known.over(np.maximum(counts - top, 0), demand)
    met = float(demand[: top + 1].sum())
    line = Line(
        "line",
        float(top),
        use=steadily(mean),
        noise=Noise.poisson(),
        reorder=Reorder(top - 1, up_to=top, lead=1),
    )
    every = range(steps)
    return Case(
        "lost demand, next-step resupply",
        "use = min(D, S), gap = (D - S)+; met: P(D <= S); dry by t: 1 - P(D <= S)^(t+1)",
        "the newsvendor (Hadley and Whitin 1963)",
        System(steps, [line]),
        [
            Moment("line", Flow.USE, dict.fromkeys(every, used)),
            Moment("line", Flow.GAP, dict.fromkeys(every, gap)),
            Chance("line", dict.fromkeys(every, met)),
            Chance("line", {t: 1 - met ** (t + 1) for t in every}, dry=True),
        ],
    )


def ramp() -> Case:
    """Output of a works that begins to climb at a time that is not known, or never."""
    steps, low, high, length, never = 24, 10.0, 30.0, 6.0, 0.2
    median, log_sd = 8.0, 0.4
    delays, weights = _lognormal_nodes(median, log_sd)
    total: dict[int, Known] = {}
    output: dict[int, Known] = {}
    made: Floats = np.zeros_like(delays)
    for t in range(steps):
        before, made = made, _climbed(t + 1 - delays, length)
        for held, base, extra in ((total, low * (t + 1), made), (output, low, made - before)):
            values = np.append(base + (high - low) * extra, base)
            held[t] = Known.over(values, np.append((1 - never) * weights, never))
    works = Works(
        "works",
        low,
        [Ramp(high, Amount(median, log_sd), length, never)],
        customers=[Customer("line")],
    )
    return Case(
        "ramp of a works, random start",
        "made by t = r0 t + (r1 - r0) g(t - D), g(y) = y²/2T up to T, then y - T/2",
        "the integral of the rate, over the law of D",
        System(steps, [Line("line")], works=[works]),
        [Moment("line", Flow.STOCK, total), Moment("works", Flow.OUTPUT, output)],
    )


def restart() -> Case:
    """Output of a works that stands idle until a time that is not known."""
    steps, rate, never = 20, 12.0, 0.15
    median, log_sd = 6.0, 0.5
    delays, weights = _lognormal_nodes(median, log_sd)
    total = {}
    for t in range(steps):
        values = np.append(rate * np.maximum(t + 1 - delays, 0), 0.0)
        total[t] = Known.over(values, np.append((1 - never) * weights, never))
    works = Works(
        "works",
        rate,
        idle_until=Amount(median, log_sd),
        idle_never=never,
        customers=[Customer("line")],
    )
    return Case(
        "restart of a works, random time",
        "made by t = r (t - D)+",
        "the integral of the rate, over the law of D",
        System(steps, [Line("line")], works=[works]),
        [Moment("line", Flow.STOCK, total)],
    )


def _lognormal_nodes(median: float, log_sd: float) -> tuple[Floats, Floats]:
    """Return values and weights that integrate over a lognormal: the middles of fine slices."""
    edges = np.linspace(-9, 9, 60_001)
    weights = np.diff(stats.norm.cdf(edges))
    return median * np.exp(log_sd * (edges[1:] + edges[:-1]) / 2), weights / weights.sum()


def _climbed(time: Floats, length: float) -> Floats:
    """Return the integral up to `time` of a ramp that rises from 0 to 1 over `length`."""
    inside = np.clip(time, 0, length)
    return np.asarray(inside**2 / (2 * length) + np.maximum(time - length, 0))


def shelf_life() -> Case:
    """Constant resupply and use, and goods that keep for some steps."""
    steps, came, use, life = 20, 10.0, 7.0, 4
    lots = [Lot(f"lot {t}", "line", came, at(t, steps)) for t in range(steps)]
    out, known = 0.0, {}
    for t in range(steps):
        out = max(out + use, came * max(t + 2 - life, 0))
        known[t] = Known(came * (t + 1) - out)
    settled = Known(came * (life - 1))
    assert known[steps - 1] == settled
    return Case(
        "shelf life, constant flows",
        "stock at the end of a step settles at a(S-1), and a - u expires a step",
        "first in, first out: outflow = max(outflow + u, what came S steps ago and before)",
        System(steps, [Line("line", use=steadily(use), shelf_life=life)], lots),
        [Moment("line", Flow.STOCK, known)],
    )


def shelf_life_of_two() -> Case:
    """Goods that keep for two steps under Poisson use: a Markov chain of the old stock."""
    steps, came, mean = 25, 10, 8.0
    lots = [Lot(f"lot {t}", "line", float(came), at(t, steps)) for t in range(steps)]
    demand = poisson(mean, shortest=2 * came + 1)
    law = np.eye(1, came + 1)[0]
    stock, gap, dry = {}, {}, {}
    for t in range(steps):
        after = np.zeros(came + 1)
        missed = np.zeros(len(demand))
        for old, chance in enumerate(law):
            for wanted, weight in enumerate(demand):
                after[came - min(max(wanted - old, 0), came)] += chance * weight
                missed[max(wanted - old - came, 0)] += chance * weight
        law = after / after.sum()
        stock[t], gap[t] = law_known(law), law_known(missed / missed.sum())
        dry[t] = float(1 - missed[0] / missed.sum())
    return Case(
        "shelf life of two steps, Poisson use",
        "left of the fresh = a - min((D - old)+, a): a Markov chain on 0 ... a",
        "first in, first out; the chain's own law, step by step",
        System(
            steps,
            [Line("line", use=steadily(mean), noise=Noise.poisson(), shelf_life=2)],
            lots,
        ),
        [
            Moment("line", Flow.STOCK, stock),
            Moment("line", Flow.GAP, gap),
            Chance("line", {t: 1 - short for t, short in dry.items()}),
        ],
    )


POLICY_CASES: tuple[Callable[[], Case], ...] = (
    base_stock,
    crossing_orders,
    lots_of_order,
    lost_demand,
    ramp,
    restart,
    shelf_life,
    shelf_life_of_two,
)
