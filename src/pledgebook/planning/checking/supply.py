"""Checks of what is drawn, ordered and called, from the problem's own words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.checking.words import TOLERANCE, Scales, hold, known, stepwise
from pledgebook.planning.plan import Choices
from pledgebook.planning.problem import Contract, Line, Problem, Shelf

__all__ = ["Supply", "check_supply", "tier_periods"]

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Supply:
    """What is drawn by shelf, ordered by line, called by contract, and comes in by stock."""

    drawn: dict[str, Floats]
    ordered: dict[str, Floats]
    called: dict[str, Floats]
    comes: dict[str, Floats]
    sets_out: Floats


def check_supply(problem: Problem, choices: Choices, scales: Scales) -> Supply:
    """Hold shelves, lines and contracts; return the sums that money and use need."""
    steps = problem.steps
    supply = Supply(
        drawn={shelf.name: np.zeros(steps) for shelf in problem.shelves},
        ordered={line.name: np.zeros(steps) for line in problem.lines},
        called={contract.name: np.zeros(steps) for contract in problem.contracts},
        comes={stock.name: np.zeros(steps) for stock in problem.stocks},
        sets_out=np.zeros(steps),
    )
    shelves = {shelf.name: shelf for shelf in problem.shelves}
    lines = {line.name: line for line in problem.lines}
    contracts = {contract.name: contract for contract in problem.contracts}
    for (name, stock), amount in choices.drawn.items():
        known(name in shelves, f"there is no shelf {name}")
        shelf = shelves[name]
        known(stock in shelf.to, f"shelf {name} does not give to {stock}")
        flow = stepwise(amount, steps, scales.item(shelf.item), f"what is drawn from {name}")
        supply.drawn[name] += flow
        _move(supply, problem, shelf.item, stock, flow, shelf.delay, out=0)
    for (name, stock), amount in choices.ordered.items():
        known(name in lines, f"there is no line {name}")
        _order(supply.ordered, supply, problem, scales, lines[name], name, stock, amount)
    for (name, stock), amount in choices.called.items():
        known(name in contracts, f"there is no contract {name}")
        line = lines[contracts[name].line]
        _order(supply.called, supply, problem, scales, line, name, stock, amount)
    for shelf in problem.shelves:
        _shelf(shelf, supply.drawn[shelf.name], scales)
    _once(problem, choices)
    for contract in problem.contracts:
        line = lines[contract.line]
        _contract(problem, choices, contract, supply.called[contract.name], scales.item(line.item))
    for line in problem.lines:
        made = supply.ordered[line.name] + sum(
            (supply.called[c.name] for c in problem.contracts if c.line == line.name),
            np.zeros(steps),
        )
        _line(choices, line, made, scales.item(line.item), steps)
        _widths(problem, line, supply.ordered[line.name], scales.item(line.item))
    if problem.transport is not None:
        size = TOLERANCE * float(np.max(problem.transport, initial=0.0))
        hold(supply.sets_out, problem.transport, size, "transport is overdrawn in step {step}")
    return supply


def _move(
    supply: Supply,
    problem: Problem,
    item: str,
    stock: str,
    flow: Floats,
    delay: int,
    *,
    out: int,
) -> None:
    steps = problem.steps
    if delay < steps:
        supply.comes[stock][delay:] += flow[: steps - delay]
    if problem.transport is not None and out < steps:
        supply.sets_out[out:] += problem.weight[item] * flow[: steps - out]


def _order(
    sums: dict[str, Floats],
    supply: Supply,
    problem: Problem,
    scales: Scales,
    line: Line,
    name: str,
    stock: str,
    amount: Floats,
) -> None:
    known(stock in line.to, f"line {line.name} does not deliver to {stock}")
    flow = stepwise(amount, problem.steps, scales.item(line.item), f"what is ordered on {name}")
    sums[name] += flow
    _move(supply, problem, line.item, stock, flow, line.lead, out=line.lead)


def _shelf(shelf: Shelf, drawn: Floats, scales: Scales) -> None:
    nothing = scales.item(shelf.item)
    hold(drawn, shelf.most, nothing, f"more than shelf {shelf.name} may give in step {{step}}")
    there = np.maximum(shelf.held - shelf.reserve + np.cumsum(shelf.replenished), 0.0)
    says = f"shelf {shelf.name} falls below its reserve by step {{step}}"
    hold(np.cumsum(drawn), there, nothing, says)


def _once(problem: Problem, choices: Choices) -> None:
    expansions = {grow.name: grow for line in problem.lines for grow in line.expansions}
    for name, step in choices.expanded.items():
        known(name in expansions, f"there is no expansion {name}")
        grow = expansions[name]
        first, last = max(grow.earliest, 0), min(grow.latest, problem.steps - 1)
        known(first <= step <= last, f"{name} is expanded in step {step}, outside its window")
    restarts = {line.name for line in problem.lines if line.restart is not None}
    for name, step in choices.restarted.items():
        known(name in restarts, f"{name} cannot be restarted")
        known(0 <= step < problem.steps, f"{name} is restarted outside the horizon")
    starts = {contract.name: contract.start for contract in problem.contracts}
    for name, step in choices.signed.items():
        known(name in starts, f"there is no contract {name}")
        known(step == starts[name], f"contract {name} is not signed in its step")


def _contract(
    problem: Problem, choices: Choices, contract: Contract, called: Floats, nothing: float
) -> None:
    name = contract.name
    opened = np.asarray(contract.most, float) * (np.arange(problem.steps) >= contract.start)
    if name not in choices.signed:
        hold(called, 0.0, nothing, f"contract {name} is used in step {{step}}, but not signed")
        return
    hold(called, opened, nothing, f"contract {name} is called above what it opens in step {{step}}")
    for year, least in contract.take.items():
        taken = called[problem.year_of == year].sum()
        hold(least, taken, nothing, f"contract {name} takes less than it binds to in year {year}")


def _line(choices: Choices, line: Line, made: Floats, nothing: float, steps: int) -> None:
    at, name = np.arange(steps), line.name
    room = np.asarray(line.capacity, float).copy()
    for grow in line.expansions:
        if grow.name in choices.expanded:
            room += grow.added * (at >= choices.expanded[grow.name] + grow.delay)
    hold(made, room, nothing, f"line {name} makes more than its capacity in step {{step}}")
    if line.restart is not None:
        since = choices.restarted.get(name)
        first = steps if since is None else since + line.restart.delay
        says = f"line {name} makes something in step {{step}} before it is restarted"
        hold(made[:first], 0.0, nothing, says)
        kept = made[first : first + line.restart.run]
        says = f"line {name} makes too little {{step}} steps after its restart"
        hold(line.restart.least, kept, nothing, says)
    if line.least > 0:
        least = np.where(made > nothing, line.least, 0.0)
        hold(least, made, nothing, f"line {name} runs below its least rate in step {{step}}")
    if line.ramp is not None:
        grows = np.diff(made)
        hold(grows, line.ramp, 2 * nothing, f"line {name} grows too fast after step {{step}}")


def _widths(problem: Problem, line: Line, ordered: Floats, nothing: float) -> None:
    whole = sum(tier.width for tier in line.tiers)
    for first, end in tier_periods(problem, line) if line.tiers else ():
        says = f"more is ordered on {line.name} from step {first} than its price tiers hold"
        hold(ordered[first:end].sum(), whole, nothing, says)


def tier_periods(problem: Problem, line: Line) -> list[tuple[int, int]]:
    """Return the periods of a line's price breaks as first steps and ends."""
    found: list[tuple[int, int]] = []
    for step in range(problem.steps):
        first, end = found[-1] if found else (0, 0)
        new_year = step > 0 and problem.year_of[step] != problem.year_of[step - 1]
        if not found or new_year or end - first == line.tier_steps:
            found.append((step, step + 1))
        else:
            found[-1] = (first, step + 1)
    return found
