"""Checks of who pays, and the cost of what is drawn, ordered, called, expanded and restarted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.checking.supply import Supply, tier_periods
from pledgebook.planning.checking.words import TOLERANCE, Scales, hold, known
from pledgebook.planning.plan import Choices
from pledgebook.planning.problem import Contract, Line, Problem

__all__ = ["check_money"]

Floats = NDArray[np.float64]


def check_money(
    problem: Problem, choices: Choices, supply: Supply, scales: Scales
) -> dict[str, float]:
    """Hold payments, budgets, shares and joint purchases; return the cost of what is chosen."""
    lines = {line.name: line for line in problem.lines}
    due: dict[str, Floats] = {}
    parts = dict.fromkeys(
        ("drawdown", "orders", "contracts", "expansions", "restarts", "rebates"), 0.0
    )
    for line in problem.lines:
        ordered = supply.ordered[line.name]
        price = np.asarray(line.price, float)
        parts["orders"] += float(ordered @ price)
        owed = _by_year(problem, line, ordered * price)
        gains = _rebates(problem, line, ordered)
        parts["rebates"] -= float(gains.sum())
        if line.rebate_paid:
            owed -= _by_year(problem, line, gains)
        for name, cost, step in _fixed(line, choices):
            parts[name] += cost
            if line.fixed_paid:
                owed[problem.year_of[step]] += cost
        due[line.name] = owed
    for contract in problem.contracts:
        line = lines[contract.line]
        sums = supply.called[contract.name] * contract.price
        owed = _by_year(problem, line, sums)
        parts["contracts"] += float(sums.sum())
        if contract.name in choices.signed:
            parts["contracts"] += contract.fixed
            if line.fixed_paid:
                owed[problem.year_of[contract.start]] += contract.fixed
        due[contract.name] = owed
    spent: dict[str, Floats] = {}
    for shelf in problem.shelves:
        sums = supply.drawn[shelf.name] * shelf.cost
        parts["drawdown"] += float(sums.sum())
        mine = spent.setdefault(shelf.donor, np.zeros(problem.years))
        np.add.at(mine, problem.year_of, sums)
    _paid(problem, choices, due, spent, scales)
    _bounds(problem, spent, scales)
    for contract in problem.contracts:
        if contract.name in choices.signed and contract.least_buyers > 1:
            _joint(choices, contract, scales)
    return parts


def _by_year(problem: Problem, line: Line, sums: Floats) -> Floats:
    """Return sums by step as what is due in each year: a part at once, the rest on arrival."""
    owed = np.zeros(problem.years)
    np.add.at(owed, problem.year_of, line.advance * sums)
    on_arrival = sums[: max(problem.steps - line.lead, 0)]
    np.add.at(owed, problem.year_of[line.lead :], (1.0 - line.advance) * on_arrival)
    return owed


def _rebates(problem: Problem, line: Line, ordered: Floats) -> Floats:
    """Return the rebates of each period, in its last step."""
    gains = np.zeros(len(ordered))
    for first, end in tier_periods(problem, line) if line.tiers else ():
        left = float(ordered[first:end].sum())
        for tier in line.tiers:
            filled = min(left, tier.width)
            gains[end - 1] += filled * tier.rebate * line.price[first]
            left -= filled
    return gains


def _fixed(line: Line, choices: Choices) -> list[tuple[str, float, int]]:
    found = [
        ("expansions", grow.cost, choices.expanded[grow.name])
        for grow in line.expansions
        if grow.name in choices.expanded
    ]
    if line.restart is not None and line.name in choices.restarted:
        found.append(("restarts", line.restart.cost, choices.restarted[line.name]))
    return found


def _paid(
    problem: Problem,
    choices: Choices,
    due: dict[str, Floats],
    spent: dict[str, Floats],
    scales: Scales,
) -> None:
    """Have each year's orders paid exactly, by those who may; add what each donor pays."""
    budgets = [budget.donor for budget in problem.budgets]
    things: list[Line | Contract] = [*problem.lines, *problem.contracts]
    bought = {thing.name: thing for thing in things}
    paid = {name: np.zeros(problem.years) for name in bought}
    for (donor, name), sums in choices.paid.items():
        known(name in bought, f"{donor} pays for {name}, which there is not")
        buyers = bought[name].buyers
        may = donor in (budgets if buyers is None else buyers)
        known(may, f"{donor} pays for {name}, from which it may not buy")
        amount = np.asarray(sums, float)
        known(amount.shape == (problem.years,), f"what {donor} pays for {name} is not by year")
        hold(-amount, 0.0, scales.sums, f"{donor} pays less than nothing for {name}")
        paid[name] += amount
        mine = spent.setdefault(donor, np.zeros(problem.years))
        mine += amount
    for name, thing in bought.items():
        if thing.buyers is None and not budgets:
            continue
        for sign in (1.0, -1.0):
            says = f"what is due for {name} in year {{step}} is not what is paid"
            hold(sign * paid[name], sign * due[name], scales.sums, says)


def _bounds(problem: Problem, spent: dict[str, Floats], scales: Scales) -> None:
    whole = sum(float(sums.sum()) for sums in spent.values())
    for budget in problem.budgets:
        mine = spent.get(budget.donor, np.zeros(problem.years))
        says = f"the budget of {budget.donor} is overspent in year {{step}}"
        hold(mine, budget.amount, scales.sums, says)
        nothing = scales.sums + TOLERANCE * whole
        says = f"{budget.donor} spends less than its share"
        hold(budget.least_share * whole, mine.sum(), nothing, says)
        says = f"{budget.donor} spends more than its share"
        hold(mine.sum(), budget.most_share * whole, nothing, says)


def _joint(choices: Choices, contract: Contract, scales: Scales) -> None:
    parts = [
        float(np.sum(choices.paid.get((donor, contract.name), 0.0)))
        for donor in dict.fromkeys(contract.buyers)
    ]
    whole = sum(parts)
    enough = contract.least_part * whole - scales.sums - TOLERANCE * whole
    taking = sum(part >= enough for part in parts)
    says = f"{taking} buyers take part in {contract.name}, fewer than {contract.least_buyers}"
    known(taking >= contract.least_buyers, says)
