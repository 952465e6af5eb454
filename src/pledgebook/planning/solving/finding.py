"""The search for a plan: the whole at once, or part by part and then the whole from there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.decomposing.decompose import Decomposed, decompose, suits
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.background import in_background
from pledgebook.planning.solving.highs import Answer, Ending, Progress, optimise

__all__ = ["EXACT", "Method", "Search", "bound_classes", "searched"]

Floats = NDArray[np.float64]
Method = Literal["auto", "milp", "decompose"]

EXACT = 1e-6
"""A gap that is no more than rounding; and by how much a class may fall behind its best."""

_MANY = 500
"""Below this many yes-or-no columns the whole is searched at once."""


@dataclass(slots=True)
class Search:
    """How to search, and until when; `used` is the method that it came to."""

    gap: float
    threads: int
    until: float | None
    progress: Callable[[Progress], None] | None
    cancel: Callable[[], bool] | None
    method: Method
    used: str = "milp"

    def left(self) -> float | None:
        """Return the seconds that are left, None without a limit."""
        return None if self.until is None else max(self.until - time.monotonic(), 0.01)


def searched(program: Formulation, problem: Problem, search: Search) -> Answer:
    """Search by the method asked for.

    "auto" takes a program apart that has many yes-or-no columns in several parts, and goes on with
    the whole, from the best plan and bound so far, where the parts bring it no closer.
    """
    parts: Answer | None = None
    wanted = search.method == "decompose"
    if search.method == "auto":
        wanted = int(program.integer.sum()) >= _MANY and suits(program)
    if wanted:
        search.used = "decompose"
        parts = _by_parts(program, problem, search)
        enough = parts.values is not None and parts.ending is not Ending.TIME
        late = search.until is not None and time.monotonic() >= search.until
        if enough or late or search.method == "decompose" or parts.ending is Ending.STOPPED:
            return parts
        search.used = "decompose, then milp"
    return _whole(program, search, parts)


def _whole(program: Formulation, search: Search, parts: Answer | None) -> Answer:
    """Search the whole at once, from what the parts have brought."""
    bound = -np.inf if parts is None else parts.bound
    started = None if parts is None else parts.values
    aim = bound / (1.0 - search.gap) if bound > 0 and search.gap < 1 else -np.inf

    def tell(now: Progress) -> None:
        if search.progress is not None:
            search.progress(replace(now, bound=max(now.bound, bound)))

    answer = optimise(
        program,
        gap=search.gap,
        time_limit=search.left(),
        threads=search.threads,
        start=started,
        good_enough=aim,
        progress=tell,
        cancel=search.cancel,
    )
    if parts is None or answer.ending is Ending.INFEASIBLE:
        return answer
    if parts.values is not None and parts.objective < answer.objective:
        answer = replace(answer, values=parts.values, objective=parts.objective)
    return replace(answer, bound=max(answer.bound, bound))


def _by_parts(program: Formulation, problem: Problem, search: Search) -> Answer:
    """Search part by part in the background; TIME says that the parts bring it no closer."""
    began = time.monotonic()
    left = search.left()
    told: list[Progress] = []

    def work(stopped: Callable[[], bool]) -> Decomposed:
        return decompose(
            problem,
            program,
            gap=search.gap,
            time_limit=np.inf if left is None else left,
            threads=search.threads,
            progress=lambda *now: told.append(Progress(*now)),
            cancel=stopped,
        )

    def tell() -> None:
        if told and search.progress is not None:
            search.progress(told[-1])
            told.clear()

    found, stopped = in_background(work, tell=tell, cancel=search.cancel)
    ending = Ending.OPTIMAL if found.finished else Ending.STOPPED if stopped else Ending.TIME
    seconds = time.monotonic() - began
    return Answer(ending, found.values, found.cost, found.bound, seconds)


def bound_classes(program: Formulation, search: Search) -> tuple[Formulation, Answer | None]:
    """Bound the shortage of each class but the last at the best that can be, in their order.

    An answer comes back only where the search ended before that: no plan can be, or time was over.
    Its plan, if any, says nothing of what the rest could cost: no cost is below zero, that is all.
    """
    rows = program.rows["class"].index
    start: Floats | None = None
    for row in rows[:-1]:
        answer = optimise(
            replace(program, cost=program.matrix[[row]].toarray()[0]),
            gap=min(search.gap, EXACT),
            time_limit=search.left(),
            threads=search.threads,
            start=start,
            cancel=search.cancel,
        )
        if answer.values is None:
            return program, answer
        if answer.ending is not Ending.OPTIMAL:
            return program, replace(answer, bound=0.0)
        start = answer.values
        upper = program.row_upper.copy()
        upper[row] = answer.objective + EXACT * max(abs(answer.objective), program.money)
        program = replace(program, row_upper=upper)
    return program, None
