"""The exact optimum of a small planning problem, by trying every yes-or-no choice.

Built straight from `problem`, by name and one number at a time, with SciPy's `linprog` for what is
left when the choices are made. It shares no code with the product's formulation, and tries every
step for an expansion, where the formulation looks at the first alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from pledgebook.planning.problem import Case, Contract, Line, Need, Problem

__all__ = ["combinations", "reference"]

Term = tuple[Hashable, float]


@dataclass
class Program:
    """A linear program by name."""

    place: dict[Hashable, int] = field(default_factory=dict)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    at_most: list[tuple[list[Term], float]] = field(default_factory=list)
    equal: list[tuple[list[Term], float]] = field(default_factory=list)

    def add(self, name: Hashable, cost: float = 0.0, upper: float = np.inf) -> Hashable:
        self.place[name] = len(self.cost)
        self.cost.append(cost)
        self.upper.append(upper)
        return name

    def hold(self, terms: Sequence[Term], bound: float) -> None:
        if np.isfinite(bound):
            self.at_most.append((list(terms), bound))

    def same(self, terms: Sequence[Term], value: float) -> None:
        self.equal.append((list(terms), value))

    def least(self, objective: Sequence[Term] | None = None) -> float | None:
        """Return the least cost, or the least of another objective; None where nothing holds."""
        cost = np.array(self.cost)
        if objective is not None:
            cost = np.zeros(len(cost))
            for name, value in objective:
                cost[self.place[name]] += value
        above, bounds = self._matrix(self.at_most)
        same, values = self._matrix(self.equal)
        found = linprog(  # type: ignore[call-overload]
            cost,
            above,
            bounds,
            same,
            values,
            bounds=[(0, top) for top in self.upper],
            method="highs",
        )
        return float(found.fun) if found.status == 0 else None

    def _matrix(
        self, rows: list[tuple[list[Term], float]]
    ) -> tuple[sparse.csr_matrix | None, NDArray[np.float64] | None]:
        if not rows:
            return None, None
        matrix = sparse.lil_matrix((len(rows), len(self.cost)))
        for i, (terms, _) in enumerate(rows):
            for name, value in terms:
                matrix[i, self.place[name]] += value
        return matrix.tocsr(), np.array([bound for _, bound in rows])


Choice = dict[Hashable, int]


def _times(terms: Sequence[Term], by: float) -> list[Term]:
    return [(name, by * value) for name, value in terms]


def _options(problem: Problem) -> dict[Hashable, list[int]]:
    """Return every yes-or-no choice with what it may be; -1 is never."""
    steps = range(problem.steps)
    options: dict[Hashable, list[int]] = {}
    for line in problem.lines:
        for grow in line.expansions:
            window = [t for t in steps if grow.earliest <= t <= grow.latest]
            options["grow", grow.name] = [-1, *window]
        if line.restart is not None:
            options["restart", line.name] = [-1, *steps]
        if line.least > 0:
            options.update({("run", line.name, t): [0, 1] for t in steps})
        for period in _periods(problem, line):
            options["tier", line.name, period[0]] = list(range(len(line.tiers)))
    for contract in problem.contracts:
        options["sign", contract.name] = [0, 1]
        if contract.least_buyers > 1:
            size = contract.least_buyers
            teams = list(itertools.combinations(range(len(contract.buyers)), size))
            options["team", contract.name] = list(range(len(teams))) or [-1]
    return options


def _periods(problem: Problem, line: Line) -> list[list[int]]:
    if not line.tiers:
        return []
    found = []
    for year in sorted(set(problem.year_of.tolist())):
        steps = [t for t in range(problem.steps) if problem.year_of[t] == year]
        size = line.tier_steps
        found += [steps[i : i + size] for i in range(0, len(steps), size)]
    return found


def combinations(problem: Problem) -> int:
    """Return how many ways there are to choose."""
    return int(np.prod([len(values) for values in _options(problem).values()], dtype=float))


def reference(problem: Problem) -> float | None:
    """Return the least objective of a problem, None where no plan holds."""
    options = _options(problem)
    programs = [
        _program(problem, dict(zip(options, values, strict=True)))
        for values in itertools.product(*options.values())
    ]
    if problem.lexicographic:
        classes = sorted({need.priority for need in problem.needs})
        for each in classes[:-1]:
            lows = [program.least(shorts[each]) for program, shorts in programs]
            found = [low for low in lows if low is not None]
            if not found:
                return None
            best = min(found)
            programs = [
                both
                for both, low in zip(programs, lows, strict=True)
                if low is not None and low <= best + 1e-6 * (1 + abs(best))
            ]
            for program, shorts in programs:
                program.hold(shorts[each], best + 1e-6 * (1 + abs(best)))
    found = [low for program, _ in programs if (low := program.least()) is not None]
    return min(found) if found else None


def _program(problem: Problem, choice: Choice) -> tuple[Program, dict[int, list[Term]]]:
    program = Program()
    comes: dict[tuple[str, int], list[Term]] = {}
    spent: dict[tuple[str, int], list[Term]] = {}
    sets_out: dict[int, list[Term]] = {}
    _shelves(problem, program, comes, spent, sets_out)
    due: dict[tuple[str, int], list[Term]] = {}
    one = program.add("one", upper=1.0)
    program.same([(one, 1.0)], 1.0)
    for line in problem.lines:
        _line(problem, program, line, choice, comes, due, sets_out)
    _pay(problem, program, choice, due, spent)
    for budget in problem.budgets:
        for year in range(problem.years):
            program.hold(spent.get((budget.donor, year), []), float(budget.amount[year]))
        everyone = [term for terms in spent.values() for term in terms]
        mine = [term for key, terms in spent.items() if key[0] == budget.donor for term in terms]
        program.hold([*mine, *_times(everyone, -budget.most_share)], 0.0)
        program.hold([*_times(everyone, budget.least_share), *_times(mine, -1.0)], 0.0)
    if problem.transport is not None:
        for step, terms in sets_out.items():
            program.hold(terms, float(problem.transport[step]))
    return program, _use(problem, program, comes)


def _shelves(
    problem: Problem,
    program: Program,
    comes: dict[tuple[str, int], list[Term]],
    spent: dict[tuple[str, int], list[Term]],
    sets_out: dict[int, list[Term]],
) -> None:
    for shelf in problem.shelves:
        before: list[Term] = []
        for t in range(problem.steps):
            now: list[Term] = []
            for stock in shelf.to:
                draw = program.add(("draw", shelf.name, stock, t), shelf.cost)
                now.append((draw, 1.0))
                comes.setdefault((stock, t + shelf.delay), []).append((draw, 1.0))
                year = int(problem.year_of[t])
                spent.setdefault((shelf.donor, year), []).append((draw, shelf.cost))
                if problem.transport is not None:
                    sets_out.setdefault(t, []).append((draw, problem.weight[shelf.item]))
            before += now
            program.hold(now, float(shelf.most[t]))
            there = shelf.held - shelf.reserve + shelf.replenished[: t + 1].sum()
            program.hold(before, max(float(there), 0.0))


def _line(
    problem: Problem,
    program: Program,
    line: Line,
    choice: Choice,
    comes: dict[tuple[str, int], list[Term]],
    due: dict[tuple[str, int], list[Term]],
    sets_out: dict[int, list[Term]],
) -> None:
    made: list[list[Term]] = [[] for _ in range(problem.steps)]
    own: list[list[Term]] = [[] for _ in range(problem.steps)]

    def owe(name: str, t: int, terms: list[Term]) -> None:
        for share, step in ((line.advance, t), (1 - line.advance, t + line.lead)):
            if step < problem.steps:
                place = due.setdefault((name, int(problem.year_of[step])), [])
                place += [(term, share * value) for term, value in terms]

    contracts = [contract for contract in problem.contracts if contract.line == line.name]
    for t in range(problem.steps):
        sources: list[Line | Contract] = [line, *contracts]
        for source in sources:
            price = float(line.price[t]) if isinstance(source, Line) else source.price
            mine: list[Term] = []
            for stock in line.to:
                order = program.add(("order", source.name, stock, t), price)
                mine.append((order, 1.0))
                comes.setdefault((stock, t + line.lead), []).append((order, 1.0))
                if problem.transport is not None and t + line.lead < problem.steps:
                    weight = problem.weight[line.item]
                    sets_out.setdefault(t + line.lead, []).append((order, weight))
            made[t] += mine
            owe(source.name, t, [(term, price) for term, _ in mine])
            if isinstance(source, Line):
                own[t] = mine
            else:
                opened = choice["sign", source.name] and t >= source.start
                program.hold(mine, float(source.most[t]) if opened else 0.0)
    _operate(problem, program, line, choice, made, due)
    for contract in contracts:
        _sign(problem, program, line, contract, choice, due)
    for steps in _periods(problem, line):
        first, last = steps[0], steps[-1]
        level = choice["tier", line.name, first]
        parts: list[Term] = []
        for j, tier in enumerate(line.tiers):
            gain = tier.rebate * float(line.price[first])
            upper = tier.width if j <= level else 0.0
            part = program.add(("tier", line.name, first, j), -gain, upper)
            if j < level:
                program.hold([(part, -1.0)], -tier.width)
            parts.append((part, -1.0))
            if line.rebate_paid:
                owe(line.name, last, [(part, -gain)])
        program.same([*itertools.chain(*own[first : last + 1]), *parts], 0.0)


def _operate(
    problem: Problem,
    program: Program,
    line: Line,
    choice: Choice,
    made: list[list[Term]],
    due: dict[tuple[str, int], list[Term]],
) -> None:
    def fixed(cost: float, t: int) -> None:
        program.cost[program.place["one"]] += cost
        if line.fixed_paid:
            due.setdefault((line.name, int(problem.year_of[t])), []).append(("one", cost))

    room = np.array(line.capacity, float)
    for grow in line.expansions:
        done = choice["grow", grow.name]
        if done >= 0:
            room[done + grow.delay :] += grow.added
            fixed(grow.cost, done)
    if line.restart is not None:
        done = choice["restart", line.name]
        first = done + line.restart.delay if done >= 0 else problem.steps
        room[:first] = 0.0
        if done >= 0:
            fixed(line.restart.cost, done)
        for t in range(first, min(first + line.restart.run, problem.steps)):
            program.hold([(term, -value) for term, value in made[t]], -line.restart.least)
    for t, terms in enumerate(made):
        runs = choice.get(("run", line.name, t), 1)
        program.hold(terms, float(room[t]) * runs)
        if line.least > 0 and runs:
            program.hold([(term, -value) for term, value in terms], -line.least)
        if t and line.ramp is not None:
            program.hold([*terms, *((term, -value) for term, value in made[t - 1])], line.ramp)


def _sign(
    problem: Problem,
    program: Program,
    line: Line,
    contract: Contract,
    choice: Choice,
    due: dict[tuple[str, int], list[Term]],
) -> None:
    if not choice["sign", contract.name]:
        return
    program.cost[program.place["one"]] += contract.fixed
    if line.fixed_paid:
        year = int(problem.year_of[contract.start])
        due.setdefault((contract.name, year), []).append(("one", contract.fixed))
    for year, take in contract.take.items():
        calls = [
            (("order", contract.name, stock, t), -1.0)
            for stock in line.to
            for t in range(problem.steps)
            if problem.year_of[t] == year
        ]
        program.hold(calls, -take)


def _pay(
    problem: Problem,
    program: Program,
    choice: Choice,
    due: dict[tuple[str, int], list[Term]],
    spent: dict[tuple[str, int], list[Term]],
) -> None:
    budgets = [budget.donor for budget in problem.budgets]
    things: list[Line | Contract] = [*problem.lines, *problem.contracts]
    for bought in things:
        buyers = budgets if bought.buyers is None else list(bought.buyers)
        if bought.buyers is None and not budgets:
            continue
        whole: dict[str, list[Term]] = {donor: [] for donor in buyers}
        for year in range(problem.years):
            for donor in buyers:
                pay = program.add(("pay", donor, bought.name, year))
                whole[donor].append((pay, 1.0))
                spent.setdefault((donor, year), []).append((pay, 1.0))
            pays = [(("pay", donor, bought.name, year), 1.0) for donor in buyers]
            owed = [(term, -value) for term, value in due.get((bought.name, year), [])]
            program.same([*pays, *owed], 0.0)
        if isinstance(bought, Contract) and bought.least_buyers > 1 and choice["sign", bought.name]:
            _team(program, bought, choice["team", bought.name], whole)


def _team(program: Program, contract: Contract, number: int, whole: dict[str, list[Term]]) -> None:
    if number < 0:
        program.hold([], -1.0)
        return
    teams = list(itertools.combinations(range(len(contract.buyers)), contract.least_buyers))
    everyone = [(term, contract.least_part) for terms in whole.values() for term, _ in terms]
    for member in teams[number]:
        mine = [(term, -value) for term, value in whole[contract.buyers[member]]]
        program.hold([*everyone, *mine], 0.0)


def _use(
    problem: Problem, program: Program, comes: dict[tuple[str, int], list[Term]]
) -> dict[int, list[Term]]:
    """Add stocks, use and shortage in each case; return the mean cost of shortage by class."""
    risk, shorts = problem.risk, {need.priority: list[Term]() for need in problem.needs}
    cases = problem.cases or [Case("", 1.0)]
    if risk.weight > 0:
        program.add("level", risk.weight)
    for case in cases:
        used: dict[tuple[str, int], list[Term]] = {}
        worth: list[Term] = []
        for need, t in _cells(problem):
            amount = float(case.amount.get(need.name, need.amount)[t])
            terms: list[Term] = []
            for i, piece in enumerate(need.pieces):
                cost = case.chance * piece.cost
                short = program.add(
                    ("short", case.name, need.name, i, t),
                    cost * (1 - risk.weight),
                    piece.share * amount,
                )
                terms.append((short, 1.0))
                worth.append((short, piece.cost))
                shorts[need.priority].append((short, cost))
            for other in need.met_by:
                use = program.add(("use", case.name, need.name, other.stock, t))
                terms.append((use, 1.0 / other.rate))
                used.setdefault((other.stock, t), []).append((use, -1.0))
            program.same(terms, amount)
        for stock in problem.stocks:
            arriving = case.arriving.get(stock.name, stock.arriving)
            for t in range(problem.steps):
                left = program.add(("stock", case.name, stock.name, t), case.chance * stock.holding)
                terms = [
                    *comes.get((stock.name, t), []),
                    *used.get((stock.name, t), []),
                    (left, -1.0),
                ]
                given = float(arriving[t])
                if t:
                    terms.append((("stock", case.name, stock.name, t - 1), 1.0))
                else:
                    given += case.opening.get(stock.name, stock.opening)
                program.same(terms, -given)
        if risk.weight > 0:
            excess = program.add(("excess", case.name), risk.weight * case.chance / risk.tail)
            program.hold([*worth, ("level", -1.0), (excess, -1.0)], 0.0)
    return shorts


def _cells(problem: Problem) -> Iterator[tuple[Need, int]]:
    return itertools.product(problem.needs, range(problem.steps))
