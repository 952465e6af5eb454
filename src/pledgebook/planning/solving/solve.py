"""From a problem to a plan: search, an exact end, an independent check."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.checking.check import check
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.formulating.formulate import formulate
from pledgebook.planning.formulating.validating import validate
from pledgebook.planning.plan import Choices, Plan, Status
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.clashing import clash
from pledgebook.planning.solving.finding import EXACT, Method, Search, bound_classes, searched
from pledgebook.planning.solving.highs import Answer, Ending, Progress, optimise
from pledgebook.planning.solving.reading_out import read_choices, read_outcomes

__all__ = ["Method", "Solved", "hold_choices", "solve", "solve_whole"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan with what explains it: the program, its columns' values, and the duals.

    The duals are those of the program with its yes-or-no choices held fixed, in the problem's
    units: what the objective falls or rises by for one more unit of a row's bound, or a column's.
    `values` and `duals` are None where there is no plan, and `duals` where someone stopped their
    solution.
    """

    plan: Plan
    program: Formulation
    values: Floats | None = None
    duals: Answer | None = None


def solve(
    problem: Problem,
    *,
    gap: float = 0.01,
    time_limit: float | None = None,
    threads: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    method: Method = "auto",
) -> Plan:
    """Return the best plan found and what no plan can go below; see `solve_whole`."""
    return solve_whole(
        problem,
        gap=gap,
        time_limit=time_limit,
        threads=threads,
        progress=progress,
        cancel=cancel,
        method=method,
    ).plan


def solve_whole(
    problem: Problem,
    *,
    gap: float = 0.01,
    time_limit: float | None = None,
    threads: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    method: Method = "auto",
) -> Solved:
    """Search until the relative `gap` is proved, the seconds are over, or someone stops it.

    `progress` hears of bound and incumbent now and then; `cancel` is asked as often and stops the
    search by True, as Ctrl-C does: the best plan so far comes back with its gap. Raises UsageError
    for a problem that cannot be meant, BrokenPlanError for a plan that does not pass the check.
    """
    began = time.monotonic()
    until = None if time_limit is None else began + time_limit
    search = Search(gap, threads, until, progress, cancel, method)
    validate(problem)
    program = formulate(problem)
    answer: Answer | None = None
    if problem.lexicographic:
        program, answer = bound_classes(program, search)
    if answer is None:
        answer = searched(program, problem, search)
    if answer.values is None:
        infeasible = answer.ending is Ending.INFEASIBLE
        plan = Plan(
            status=Status.INFEASIBLE if infeasible else Status.NONE,
            choices=Choices(),
            outcomes=(),
            cost=np.inf,
            bound=answer.bound,
            parts={},
            seconds=time.monotonic() - began,
            method=search.used,
            clash=clash(problem, threads=threads, cancel=cancel) if infeasible else (),
        )
        return Solved(plan, program)
    return _finished(problem, program, answer, search, began)


def hold_choices(program: Formulation, values: Floats) -> Formulation:
    """Return the program with its yes-or-no columns held at their values, rounded."""
    lower, upper = program.lower.copy(), program.upper.copy()
    whole = program.integer
    lower[whole] = upper[whole] = np.round(values[whole])
    return replace(program, lower=lower, upper=upper, integer=np.zeros_like(whole))


def _finished(
    problem: Problem, program: Formulation, answer: Answer, search: Search, began: float
) -> Solved:
    """Return the plan with its choices held and the rest solved to the end, if it passes."""
    found = answer.values
    if found is None:
        raise ValueError("there is no plan to finish")
    exact = optimise(hold_choices(program, found), threads=search.threads)
    values = found if exact.values is None else exact.values
    choices = read_choices(problem, program, values)
    outcomes = read_outcomes(problem, program, values)
    parts = check(problem, choices, outcomes)
    cost = sum(parts.values())
    bound = min(answer.bound, cost)
    ending = {Ending.OPTIMAL: Status.GAP, Ending.TIME: Status.TIME}
    status = ending.get(answer.ending, Status.STOPPED)
    if cost - bound <= EXACT * abs(cost):
        status = Status.OPTIMAL
    plan = Plan(
        status=status,
        choices=choices,
        outcomes=outcomes,
        cost=cost,
        bound=bound,
        parts=parts,
        seconds=time.monotonic() - began,
        method=search.used,
    )
    return Solved(plan, program, values, exact if exact.values is not None else None)
