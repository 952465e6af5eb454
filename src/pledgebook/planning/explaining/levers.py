"""What could be otherwise so that a need is met: the smallest more of budget, reserve or capacity.

Each lever is tried by a program of its own over the part of the problem that the need hangs
together with: what is missing must be met whole, no other shortage may grow, and what is spent is
as little as can be. More budget may go with any lever, for what comes must be paid.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.explaining.component import Component
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.formulating.formulate import Strength, formulate
from pledgebook.planning.plan import Choices, Outcome
from pledgebook.planning.problem import Line, Problem, Shelf
from pledgebook.planning.solving.extending import Extension
from pledgebook.planning.solving.highs import optimise
from pledgebook.planning.solving.reading_out import read_choices, read_outcomes
from pledgebook.planning.solving.solve import hold_choices

__all__ = ["Found", "Sizes", "changed", "pull", "sooner"]

Floats = NDArray[np.float64]

_SMALL = 1e-3
"""By how much each weighs more than the one before: among equals, the first is chosen."""
_SLACK = 1e-6
_GAP = 0.005
"""How near to the cheapest change is near enough."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much more: money by donor and year, units of a shelf's reserve, units a step.

    `rate` is by shelf, `capacity` by line.
    """

    budget: Mapping[tuple[str, int], float] = field(default_factory=dict)
    reserve: Mapping[str, float] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)
    capacity: Mapping[str, float] = field(default_factory=dict)
    sooner: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A lever's sizes, rounded up, and a plan of the component that meets the gap with them."""

    sizes: Sizes
    choices: Choices
    outcomes: tuple[Outcome, ...]


def sooner(problem: Problem, stocks: set[str], by: int) -> Problem:
    """Return the problem as it would be had all that serves some stocks set out earlier."""
    if not by:
        return problem
    return replace(
        problem,
        lines=[
            replace(line, lead=max(line.lead - by, 0)) if stocks & set(line.to) else line
            for line in problem.lines
        ],
        shelves=[
            replace(one, delay=max(one.delay - by, 0)) if stocks & set(one.to) else one
            for one in problem.shelves
        ],
    )


def changed(problem: Problem, sizes: Sizes, stocks: set[str]) -> Problem:
    """Return the whole problem with more of what the sizes say."""
    made = sooner(problem, stocks, sizes.sooner)
    budgets = []
    for one in made.budgets:
        amount = np.array(one.amount, float)
        for year in range(made.years):
            amount[year] += sizes.budget.get((one.donor, year), 0.0)
        budgets.append(replace(one, amount=amount))
    return replace(
        made,
        budgets=budgets,
        shelves=[
            replace(
                one,
                reserve=max(one.reserve - sizes.reserve.get(one.name, 0.0), 0.0),
                most=one.most + sizes.rate.get(one.name, 0.0),
            )
            for one in made.shelves
        ],
        lines=[
            replace(one, capacity=one.capacity + sizes.capacity.get(one.name, 0.0))
            for one in made.lines
        ],
    )


def pull(
    component: Component, kind: str, *, by: int = 0, seconds: float = 5.0, threads: int = 1
) -> Found | None:
    """Return the cheapest way of meeting the gap with more of a `kind`, None where there is none.

    `kind` is "budget", "reserve", "capacity" or "earlier" (`by` steps).
    """
    stocks = {stock.name for stock in component.problem.stocks}
    problem = sooner(component.problem, stocks, by)
    shelves = [one for one in problem.shelves if kind == "reserve"]
    lines = [one for one in problem.lines if kind == "capacity"]
    if (kind == "reserve" and not shelves) or (kind == "capacity" and not lines):
        return None
    loose = _loosened(problem, shelves, lines, component)
    program = _no_worse(formulate(loose, Strength(pooled=False)), loose, component)
    more = Extension(program)
    price = _unit_price(problem)
    money = {
        # Among donors who may pay alike, those who are named first.
        (str(donor), year): more.column(cost=1 + _SMALL * place, unit=program.money)
        for place, (donor, rows) in enumerate(_budget_rows(program))
        for year in range(len(rows))
    }
    for donor, rows in _budget_rows(program):
        for year, row in enumerate(rows):
            more.put(row, money[str(donor), year], -1.0)
    # So dear that no reserve and no capacity stands in for what can be had without it.
    weight = price * problem.steps
    reserve, rate, capacity = {}, {}, {}
    for place, shelf in enumerate(shelves):
        reserve[shelf.name] = _reserve(more, program, shelf, price * (1 + _SMALL * place))
        rate[shelf.name] = _rate(more, program, shelf, weight * (1 + _SMALL * place))
    for place, line in enumerate(lines):
        cost = weight * (1 + _SMALL * place)
        capacity[line.name] = _capacity(more, program, problem, line, cost)
    aim = more.build(_spent(program))
    found = optimise(aim, gap=_GAP, time_limit=seconds, threads=threads)
    if found.values is None:
        return None
    exact = optimise(hold_choices(aim, found.values), threads=threads)
    values = found.values if exact.values is None else exact.values
    sizes = Sizes(
        {key: _up(values[column]) for key, column in money.items() if _up(values[column])},
        {key: _up(values[column]) for key, column in reserve.items() if _up(values[column])},
        {key: _up(values[column]) for key, column in rate.items() if _up(values[column])},
        {key: _up(values[column]) for key, column in capacity.items() if _up(values[column])},
        by,
    )
    own = values[: program.matrix.shape[1]]
    return Found(sizes, read_choices(loose, program, own), read_outcomes(loose, program, own))


def _loosened(
    problem: Problem, shelves: list[Shelf], lines: list[Line], component: Component
) -> Problem:
    open_ = {one.name for one in shelves}
    wide = {one.name for one in lines}
    cases = [case.amount.get(component.need.name) for case in component.whole.cases]
    amounts = [component.need.amount, *(one for one in cases if one is not None)]
    most = max(float(one.sum()) for one in amounts)
    most *= max((other.rate for other in component.need.met_by), default=1.0)
    return replace(
        problem,
        shelves=[
            replace(one, reserve=0.0, most=one.most + one.held) if one.name in open_ else one
            for one in problem.shelves
        ],
        lines=[
            replace(one, capacity=one.capacity + most) if one.name in wide else one
            for one in problem.lines
        ],
    )


def _budget_rows(program: Formulation) -> list[tuple[object, NDArray[np.int64]]]:
    block = program.rows.get("budget")
    return [] if block is None else list(zip(block.keys, block.index, strict=True))


def _reserve(more: Extension, program: Formulation, shelf: Shelf, cost: float) -> int:
    """Add how far below its reserve a shelf is drawn; return the column."""
    column = more.column(upper=shelf.reserve, cost=cost)
    room = max(shelf.held - shelf.reserve + float(shelf.replenished.sum()), 0.0)
    row = more.row(upper=room)
    for key, columns in _named(program, "draw"):
        if shelf.name in cast("tuple[tuple[str, ...], str]", key)[0]:
            more.put(row, columns, 1.0)
    more.put(row, column, -1.0)
    return column


def _rate(more: Extension, program: Formulation, shelf: Shelf, cost: float) -> int:
    """Add how much more is drawn from a shelf in a step than it gives; return the column."""
    column = more.column(cost=cost)
    rows = np.array([more.row(upper=float(one)) for one in shelf.most])
    for key, columns in _named(program, "draw"):
        if shelf.name in cast("tuple[tuple[str, ...], str]", key)[0]:
            more.put(rows, columns, 1.0)
    more.put(rows, column, -1.0)
    return column


def _capacity(
    more: Extension, program: Formulation, problem: Problem, line: Line, cost: float
) -> int:
    """Add how much a line makes in a step beyond what it can; return the column."""
    column = more.column(cost=cost)
    contracts = {one.name for one in problem.contracts if one.line == line.name}
    rows = np.array([more.row(upper=float(one)) for one in line.capacity])
    for kind in ("order", "call"):
        for key, columns in _named(program, kind):
            if cast("tuple[str, str]", key)[0] in {line.name, *contracts}:
                more.put(rows, columns, 1.0)
    for grow in line.expansions:
        for key, columns in _named(program, "expand"):
            if key != grow.name:
                continue
            place = program.columns["expand"].keys.index(key)
            for step, yes in zip(program.steps["expand"][place], columns, strict=True):
                if yes >= 0:
                    more.put(rows[int(step) + grow.delay :], yes, -grow.added)
    more.put(rows, column, -1.0)
    return column


def _no_worse(program: Formulation, problem: Problem, of: Component) -> Formulation:
    """Hold each shortage, in every step and case, to what it is in the plan."""
    block = program.columns["short"].index
    names = [need.name for need in problem.needs for _ in need.pieces]
    first = {name: names.index(name) for name in names}
    upper = program.upper.copy()
    for case, one in enumerate(of.plan.outcomes):
        for i, name in enumerate(names):
            now = one.short[name][i - first[name]]
            columns = block[case, i]
            there = columns >= 0
            slack = _SLACK * program.column_unit[columns[there]]
            most = upper[columns[there]]
            upper[columns[there]] = np.minimum(most, np.maximum(now[there], 0.0) + slack)
    return replace(program, upper=upper)


def _spent(program: Formulation) -> Floats:
    """Return the costs without those of shortage and risk."""
    cost = program.cost.copy()
    for name in ("short", "level", "excess"):
        block = program.columns.get(name)
        if block is not None:
            cost[block.index[block.index >= 0]] = 0.0
    return cost


def _unit_price(problem: Problem) -> float:
    """Return more than any unit costs."""
    prices = [float(line.price.max()) for line in problem.lines]
    prices += [contract.price for contract in problem.contracts]
    prices += [shelf.cost for shelf in problem.shelves]
    return 2.0 * max((one for one in prices if one > 0), default=1.0)


def _named(program: Formulation, name: str) -> list[tuple[object, NDArray[np.int64]]]:
    block = program.columns.get(name)
    return [] if block is None else list(zip(block.keys, block.index, strict=True))


def _up(value: float) -> float:
    """Return a size rounded up to its third figure, 0 for what is the solver's rounding."""
    if value <= 1e-6:
        return 0.0
    grain = 10.0 ** (math.floor(math.log10(value)) - 2)
    return math.ceil(value / grain - 1e-6) * grain
