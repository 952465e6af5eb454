"""The frontier of what is spent against what stays short: the least of one for each of the other.

The epsilon-constraint method (Haimes, Lasdon and Wismer 1971): what shortage counts for is bounded
at several levels, from the least that can be to that of the plan that spends least, and what is
spent is minimised at each. The tightest level is solved first, so that each plan is one to begin
with for the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.checking.check import check
from pledgebook.planning.explaining.changes import SPENT
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.formulating.formulate import formulate
from pledgebook.planning.formulating.validating import validate
from pledgebook.planning.plan import Choices, Outcome
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.extending import Extension
from pledgebook.planning.solving.highs import Answer, Progress, optimise
from pledgebook.planning.solving.reading_out import read_choices, read_outcomes
from pledgebook.planning.solving.solve import hold_choices

__all__ = ["Point", "frontier"]

Floats = NDArray[np.float64]

_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of the frontier: what is spent, and at least must be, where no more stays short.

    `short` is what the shortage counts for on the mean (its weighted cost), `met` the share of each
    need that is met on the mean.
    """

    spent: float
    at_least: float
    short: float
    met: dict[str, float]
    choices: Choices
    outcomes: tuple[Outcome, ...]

    @property
    def gap(self) -> float:
        """The proven relative distance of what is spent to the least that it could be."""
        apart = self.spent - self.at_least
        return apart / self.spent if self.spent > 0 else 0.0


def frontier(
    problem: Problem,
    points: int = 8,
    *,
    gap: float = 0.01,
    time_limit: float | None = None,
    threads: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Point, ...]:
    """Return plans from the least shortage to the least spending, evenly spaced in shortage.

    The seconds are shared out evenly; points whose time was too short for a plan are left out. Each
    plan has passed the check of every constraint. Raises UsageError for a problem that cannot be
    meant.
    """
    validate(problem)
    problem = replace(problem, lexicographic=False)
    until = None if time_limit is None else time.monotonic() + time_limit
    search = _Search(problem, formulate(problem), gap, threads, until, points, progress, cancel)
    least = search.solve(search.short, np.inf, None)
    if least is None or least.values is None:
        return ()
    floor = float(search.short @ least.values)
    tightest = search.solve(search.spent, floor, least.values)
    if tightest is None or tightest.values is None:
        return ()
    cheapest = search.solve(search.spent, np.inf, tightest.values)
    found = [search.point(tightest)]
    if cheapest is None or cheapest.values is None:
        return tuple(found)
    ceiling = float(search.short @ cheapest.values)
    start = tightest.values
    for level in np.linspace(floor, ceiling, max(points, 2))[1:-1]:
        one = search.solve(search.spent, float(level), start)
        if one is None or one.values is None:
            break
        start = one.values
        found.append(search.point(one))
    found.append(search.point(cheapest))
    return tuple(_undominated(found))


def _undominated(points: list[Point]) -> list[Point]:
    """Leave out what spends no less than a point before it, with no less shortage."""
    kept: list[Point] = []
    for one in points:
        if not kept or one.spent < kept[-1].spent * (1 - _SLACK):
            kept.append(one)
    return kept


@dataclass(slots=True)
class _Search:
    problem: Problem
    program: Formulation
    gap: float
    threads: int
    until: float | None
    points: int
    progress: Callable[[Progress], None] | None
    cancel: Callable[[], bool] | None
    made: int = 0

    @property
    def short(self) -> Floats:
        """What each column counts for as shortage, on the mean over the cases."""
        price = np.array([p.cost for need in self.problem.needs for p in need.pieces])
        chance = np.array([case.chance for case in self.problem.cases] or [1.0])
        block = self.program.columns["short"].index
        cost = np.zeros(self.program.matrix.shape[1])
        each = np.broadcast_to(chance[:, None, None] * price[:, None], block.shape)
        cost[block[block >= 0]] = each[block >= 0]
        return cost

    @property
    def spent(self) -> Floats:
        """What each column costs that is no shortage and no risk."""
        cost = self.program.cost.copy()
        for name in ("short", "level", "excess"):
            block = self.program.columns.get(name)
            if block is not None:
                cost[block.index[block.index >= 0]] = 0.0
        return cost

    def solve(self, aim: Floats, level: float, start: Floats | None) -> Answer | None:
        """Minimise `aim` with the shortage at most `level`; None where the search was stopped."""
        left = None
        if self.until is not None:
            rest = self.until - time.monotonic()
            left = max(rest / max(self.points + 1 - self.made, 1), 0.05)
        self.made += 1
        if self.cancel is not None and self.cancel():
            return None
        more = Extension(self.program)
        if np.isfinite(level):
            short = self.short
            columns = np.flatnonzero(short)
            room = level * (1 + _SLACK) + _SLACK * self.program.money
            more.put(more.row(upper=room, unit=self.program.money), columns, short[columns])
        program = more.build(aim)
        answer = self._optimised(program, left, start)
        if not _sound(program, answer):
            # HiGHS 1.16 has been seen to hand back the plan to begin with, and not its own.
            answer = self._optimised(program, left, None)
        if answer.values is None:
            return answer
        exact = optimise(hold_choices(program, answer.values), threads=self.threads)
        return answer if exact.values is None else replace(answer, values=exact.values)

    def _optimised(
        self, program: Formulation, seconds: float | None, start: Floats | None
    ) -> Answer:
        return optimise(
            program,
            gap=self.gap,
            time_limit=seconds,
            threads=self.threads,
            start=start,
            progress=self.progress,
            cancel=self.cancel,
        )

    def point(self, answer: Answer) -> Point:
        """Return the plan of an answer, after its check."""
        if answer.values is None:
            raise ValueError("there is no plan to tell")
        choices = read_choices(self.problem, self.program, answer.values)
        outcomes = read_outcomes(self.problem, self.program, answer.values)
        parts = check(self.problem, choices, outcomes)
        spent = sum(parts.get(part, 0.0) for part in SPENT)
        bound = min(max(answer.bound, 0.0), spent)
        short = float(self.short @ answer.values)
        return Point(spent, bound, short, met_share(self.problem, outcomes), choices, outcomes)


def _sound(program: Formulation, answer: Answer) -> bool:
    """Tell whether the values are those of the objective that the answer names."""
    if answer.values is None:
        return True
    told = float(program.cost @ answer.values)
    return abs(told - answer.objective) <= _SLACK * max(abs(told), program.money)


def met_share(problem: Problem, outcomes: tuple[Outcome, ...]) -> dict[str, float]:
    """Return which share of each need is met, on the mean over the cases; of no need, 1."""
    cases = {case.name: case for case in problem.cases}
    shares = {}
    for need in problem.needs:
        wanted = short = 0.0
        for one in outcomes:
            case = cases.get(one.case)
            amount = need.amount if case is None else case.amount.get(need.name, need.amount)
            wanted += one.chance * float(amount.sum())
            short += one.chance * float(one.short[need.name].sum())
        shares[need.name] = 1.0 - short / wanted if wanted > 0 else 1.0
    return shares
