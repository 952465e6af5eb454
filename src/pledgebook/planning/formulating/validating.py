"""What a problem must be before it is formulated: names that exist, figures that can be meant.

A scenario is checked with file and line before it becomes a problem; this holds problems made in
Python to the same, and guards the formulation against figures that it would carry on in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from pledgebook.errors import UsageError
from pledgebook.planning.problem import Contract, Line, Need, Problem, Shelf

__all__ = ["validate"]

_ROUNDING = 1e-9


def validate(problem: Problem) -> None:
    """Raise UsageError for the first thing that is wrong, with its place and its mend."""
    _horizon(problem)
    bought: list[Line | Contract] = [*problem.lines, *problem.contracts]
    for kind, names in (
        ("stock", [stock.name for stock in problem.stocks]),
        ("need", [need.name for need in problem.needs]),
        ("shelf", [shelf.name for shelf in problem.shelves]),
        ("line or contract", [thing.name for thing in bought]),
        ("expansion", [grow.name for line in problem.lines for grow in line.expansions]),
        ("budget", [budget.donor for budget in problem.budgets]),
        ("case", [case.name for case in problem.cases]),
    ):
        for name in names:
            _must(names.count(name) == 1, f"{kind} {name!r} is there twice", name, "rename one")
    stocks = {stock.name for stock in problem.stocks}
    for stock in problem.stocks:
        _figures(stock.name, "opening", stock.opening)
        _figures(stock.name, "holding", stock.holding)
        _by_step(problem, stock.name, "arriving", stock.arriving)
    for need in problem.needs:
        _need(problem, need, stocks)
    for shelf in problem.shelves:
        _shelf(problem, shelf, stocks)
    for line in problem.lines:
        _line(problem, line, stocks)
    for contract in problem.contracts:
        _contract(problem, contract)
    _budgets(problem)
    _cases(problem)
    _transport(problem)


def _must(holds: bool, what: str, where: str, mend: str) -> None:
    if not holds:
        raise UsageError(what, where=where, mend=mend)


def _figures(
    where: str, name: str, values: ArrayLike, *, least: float = 0.0, endless: bool = False
) -> None:
    """Have figures be numbers, not below `least`, and finite unless `endless`."""
    figures = np.asarray(values, float)
    fine = bool(np.all(figures >= least)) and (endless or bool(np.isfinite(figures).all()))
    _must(fine, f"{name} must be a number of at least {least:g}", where, f"mend its {name}")


def _by_step(
    problem: Problem, where: str, name: str, values: ArrayLike, *, endless: bool = False
) -> None:
    fits = np.shape(values) == (problem.steps,)
    _must(fits, f"{name} must have a figure for each of the {problem.steps} steps", where, "add it")
    _figures(where, name, values, endless=endless)


def _exist(where: str, kind: str, names: Sequence[str], known: Iterable[str]) -> None:
    for name in names:
        _must(name in known, f"there is no {kind} {name!r}", where, "name one that there is")
        _must(names.count(name) == 1, f"{kind} {name!r} is named twice", where, "name it once")


def _horizon(problem: Problem) -> None:
    _must(problem.steps >= 1, "the horizon is empty", "steps", "give it at least one step")
    years = np.asarray(problem.year_of)
    fits = years.shape == (problem.steps,) and bool((years >= 0).all())
    fits = fits and bool((np.diff(years) >= 0).all()) and np.issubdtype(years.dtype, np.integer)
    _must(fits, "the year of each step must be a whole number that never falls", "year_of", "mend")


def _need(problem: Problem, need: Need, stocks: set[str]) -> None:
    _by_step(problem, need.name, "amount", need.amount)
    _exist(need.name, "stock", [other.stock for other in need.met_by], stocks)
    for other in need.met_by:
        fine = np.isfinite(other.rate) and other.rate > 0
        _must(bool(fine), "rate must be above zero", need.name, "mend the substitute's rate")
    for piece in need.pieces:
        _figures(need.name, "share", piece.share)
        _figures(need.name, "cost", piece.cost)
    whole = sum(piece.share for piece in need.pieces)
    _must(whole <= 1 + _ROUNDING, "the pieces are more than the need", need.name, "mend the shares")


def _shelf(problem: Problem, shelf: Shelf, stocks: set[str]) -> None:
    for name in ("held", "reserve", "cost", "delay"):
        _figures(shelf.name, name, getattr(shelf, name))
    _by_step(problem, shelf.name, "replenished", shelf.replenished)
    _by_step(problem, shelf.name, "most", shelf.most, endless=True)
    _exist(shelf.name, "stock", shelf.to, stocks)


def _line(problem: Problem, line: Line, stocks: set[str]) -> None:
    for name in ("price", "capacity"):
        _by_step(problem, line.name, name, getattr(line, name))
    for name in ("lead", "least"):
        _figures(line.name, name, getattr(line, name))
    _exist(line.name, "stock", line.to, stocks)
    if line.ramp is not None:
        _figures(line.name, "ramp", line.ramp)
    _must(0 <= line.advance <= 1, "advance is a share from 0 to 1", line.name, "mend it")
    _must(line.tier_steps >= 1, "tier_steps must be at least 1", line.name, "mend it")
    rebates = [tier.rebate for tier in line.tiers]
    fine = rebates == sorted(rebates) and all(0 <= rebate <= 1 for rebate in rebates)
    _must(fine, "rebates must rise from tier to tier, from 0 to 1", line.name, "put them in order")
    for i, tier in enumerate(line.tiers):
        last = i == len(line.tiers) - 1
        fine = tier.width > 0 and (last or bool(np.isfinite(tier.width)))
        _must(fine, "a tier must have a width, endless in the last alone", line.name, "mend it")
    for grow in line.expansions:
        for name in ("cost", "added", "delay"):
            _figures(grow.name, name, getattr(grow, name))
        fine = grow.earliest <= grow.latest
        _must(fine, "earliest comes after latest", grow.name, "exchange them")
    if line.restart is not None:
        for name in ("cost", "delay", "least", "run"):
            _figures(line.name, f"restart.{name}", getattr(line.restart, name))


def _contract(problem: Problem, contract: Contract) -> None:
    _exist(contract.name, "line", [contract.line], [line.name for line in problem.lines])
    _by_step(problem, contract.name, "most", contract.most, endless=True)
    for name in ("price", "fixed", "least_part"):
        _figures(contract.name, name, getattr(contract, name))
    fine = 0 <= contract.start < problem.steps
    _must(fine, "start lies outside the horizon", contract.name, "sign it within the horizon")
    for year, take in contract.take.items():
        fine = 0 <= year < problem.years
        _must(fine, f"year {year} lies outside the horizon", contract.name, "mend its take")
        _figures(contract.name, "take", take)
    _must(contract.least_part <= 1, "least_part is a share from 0 to 1", contract.name, "mend it")


def _budgets(problem: Problem) -> None:
    for budget in problem.budgets:
        fits = np.shape(budget.amount) == (problem.years,)
        fits = fits and not np.isnan(budget.amount).any()
        what = f"amount must have a sum for each of the {problem.years} years"
        _must(fits, what, budget.donor, "add it")
        fine = 0 <= budget.least_share <= budget.most_share <= 1
        _must(fine, "the band of shares must lie within 0 and 1", budget.donor, "mend the band")


def _cases(problem: Problem) -> None:
    risk = problem.risk
    fine = 0 <= risk.weight <= 1 and 0 < risk.tail <= 1
    _must(fine, "risk has a weight from 0 to 1 and a tail above 0, at most 1", "risk", "mend it")
    if not problem.cases:
        return
    chances = [case.chance for case in problem.cases]
    fine = min(chances) > 0 and abs(sum(chances) - 1) <= 1e-6
    _must(fine, "the chances of the cases must be above 0 and add up to 1", "cases", "mend them")
    needs = {need.name for need in problem.needs}
    stocks = {stock.name for stock in problem.stocks}
    for case in problem.cases:
        _exist(case.name, "need", list(case.amount), needs)
        _exist(case.name, "stock", [*case.arriving], stocks)
        _exist(case.name, "stock", [*case.opening], stocks)
        for name, amount in case.amount.items():
            _by_step(problem, f"{case.name}: {name}", "amount", amount)
        for name, amount in case.arriving.items():
            _by_step(problem, f"{case.name}: {name}", "arriving", amount)
        for name, opening in case.opening.items():
            _figures(f"{case.name}: {name}", "opening", opening)


def _transport(problem: Problem) -> None:
    if problem.transport is None:
        return
    _by_step(problem, "transport", "transport", problem.transport, endless=True)
    moved = [*(s.item for s in problem.shelves), *(line.item for line in problem.lines)]
    for item in dict.fromkeys(moved):
        known = item in problem.weight
        _must(known, f"the weight of {item} is not known", "weight", "say it")
        _figures("weight", item, problem.weight[item])
