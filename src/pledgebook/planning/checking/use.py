"""Checks of stocks, use and shortage in every case, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.checking.supply import Supply
from pledgebook.planning.checking.words import Scales, hold, known, stepwise
from pledgebook.planning.plan import Outcome
from pledgebook.planning.problem import Case, Need, Problem, Stock

__all__ = ["check_use"]

Floats = NDArray[np.float64]


def check_use(
    problem: Problem, outcomes: Sequence[Outcome], supply: Supply, scales: Scales
) -> dict[str, float]:
    """Hold balances and needs case by case; return the cost of holding, shortage and risk."""
    cases = problem.cases or (Case("", 1.0),)
    names = [outcome.case for outcome in outcomes]
    known(names == [case.name for case in cases], "its outcomes are not those of the cases")
    chances = np.array([case.chance for case in cases])
    held, short = np.zeros(len(cases)), np.zeros(len(cases))
    pairs = {(need.name, other.stock) for need in problem.needs for other in need.met_by}
    for k, (case, outcome) in enumerate(zip(cases, outcomes, strict=True)):
        known(outcome.chance == case.chance, f"case {case.name} has another chance")
        for need_name, stock_name in outcome.served:
            fits = (need_name, stock_name) in pairs
            known(fits, f"{stock_name} is used for {need_name}, which it cannot meet")
        used = {stock.name: np.zeros(problem.steps) for stock in problem.stocks}
        for need in problem.needs:
            short[k] += _need(problem, need, case, outcome, used, scales)
        for stock in problem.stocks:
            held[k] += _stock(problem, stock, case, outcome, used, supply, scales)
    mean = float(chances @ short)
    worst = _worst(short, chances, problem.risk.tail) if problem.risk.weight > 0 else mean
    return {
        "holding": float(chances @ held),
        "shortage": mean,
        "risk": problem.risk.weight * (worst - mean),
    }


def _need(
    problem: Problem,
    need: Need,
    case: Case,
    outcome: Outcome,
    used: dict[str, Floats],
    scales: Scales,
) -> float:
    """Hold one need, add what it uses of each stock, and return what its shortage costs."""
    steps, nothing, where = problem.steps, scales.item(need.item), _in_case(case)
    amount = np.asarray(case.amount.get(need.name, need.amount), float)
    known(need.name in outcome.short, f"the shortage of {need.name} is not said{where}")
    short = np.asarray(outcome.short[need.name], float)
    known(short.shape == (len(need.pieces), steps), f"the shortage of {need.name} has no pieces")
    met, cost = np.zeros(steps), 0.0
    for piece, missing in zip(need.pieces, short, strict=True):
        stepwise(missing, steps, nothing, f"the shortage of {need.name}{where}")
        says = f"more of {need.name} is short in step {{step}} than its piece{where}"
        hold(missing, piece.share * amount, nothing, says)
        cost += piece.cost * float(missing.sum())
    rates = {other.stock: other.rate for other in need.met_by}
    for stock, rate in rates.items():
        use = outcome.served.get((need.name, stock))
        if use is None:
            continue
        mine = stepwise(use, steps, nothing * rate, f"the use of {stock} for {need.name}{where}")
        used[stock] += mine
        met += mine / rate
    for sign in (1.0, -1.0):
        says = f"need {need.name} is not met or short in step {{step}}{where}"
        hold(sign * (met + short.sum(0)), sign * amount, nothing, says)
    return cost


def _stock(
    problem: Problem,
    stock: Stock,
    case: Case,
    outcome: Outcome,
    used: dict[str, Floats],
    supply: Supply,
    scales: Scales,
) -> float:
    """Hold the balance of one stock and return what holding it costs."""
    nothing, where = scales.item(stock.item), _in_case(case)
    known(stock.name in outcome.stock, f"stock {stock.name} is not said{where}")
    left = stepwise(outcome.stock[stock.name], problem.steps, nothing, f"stock {stock.name}{where}")
    arriving = np.asarray(case.arriving.get(stock.name, stock.arriving), float)
    before = np.concatenate([[case.opening.get(stock.name, stock.opening)], left[:-1]])
    comes = before + arriving + supply.comes[stock.name]
    for sign in (1.0, -1.0):
        says = f"stock {stock.name} does not balance in step {{step}}{where}"
        hold(sign * (left + used[stock.name]), sign * comes, nothing, says)
    return stock.holding * float(left.sum())


def _worst(costs: Floats, chances: Floats, tail: float) -> float:
    """Return the mean of the worst share `tail` of the cases, the last of them in part."""
    left, total = tail, 0.0
    for k in np.argsort(-costs, kind="stable"):
        part = min(left, float(chances[k]))
        total += part * float(costs[k])
        left -= part
    return total / tail


def _in_case(case: Case) -> str:
    return f", case {case.name}" if case.name else ""
