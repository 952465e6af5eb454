"""Why no plan can be: the smallest set of demands, in words, that cannot all be met.

Each demand is a part of the problem that can be let go: a need that must be met in full, a budget,
a shelf's holding, a contract. Junker's QuickXplain (2004) finds a set that clashes, none of which
can be left out, by asking of ever smaller problems whether a plan is possible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pledgebook.planning.formulating.formulate import formulate
from pledgebook.planning.problem import Budget, Line, Problem, ShortPiece, Tier
from pledgebook.planning.solving.highs import Ending, optimise

__all__ = ["Demand", "clash", "demands"]


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that a problem holds to: what it says, and the same problem without it."""

    says: str
    without: Callable[[Problem], Problem]


class _NotSaidError(Exception):
    """A question that was not answered before the time was over or someone stopped it."""


def clash(
    problem: Problem,
    *,
    threads: int = 1,
    time_limit: float | None = None,
    cancel: Callable[[], bool] | None = None,
) -> list[str]:
    """Return a smallest set of demands that cannot all be met, in words; none where all can.

    Whichever of them is let go, the rest can be met. There may be other such sets. None comes back
    either where the seconds are over, or it is stopped, before the set is known.
    """
    every = list(demands(problem))
    until = None if time_limit is None else time.monotonic() + time_limit

    def possible(kept: Sequence[Demand]) -> bool:
        held = {id(demand) for demand in kept}
        loose = problem
        for demand in every:
            if id(demand) not in held:
                loose = demand.without(loose)
        program = formulate(loose)
        aim = replace(program, cost=np.zeros_like(program.cost))
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise _NotSaidError
        answer = optimise(aim, gap=1.0, threads=threads, time_limit=left, cancel=cancel)
        if answer.ending in (Ending.TIME, Ending.STOPPED) and answer.values is None:
            raise _NotSaidError
        return answer.ending is not Ending.INFEASIBLE

    try:
        if possible(every) or not possible([]):
            return []
        return [demand.says for demand in _smallest(possible, [], every, tried=False)]
    except _NotSaidError:
        return []


def _smallest(
    possible: Callable[[Sequence[Demand]], bool],
    kept: list[Demand],
    rest: list[Demand],
    *,
    tried: bool,
) -> list[Demand]:
    """Return the fewest of `rest` that clash with `kept`, which together do.

    `tried` says that `kept` has grown since it was last known to be possible by itself.
    """
    if tried and not possible(kept):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    of_second = _smallest(possible, [*kept, *first], second, tried=bool(first))
    of_first = _smallest(possible, [*kept, *of_second], first, tried=bool(of_second))
    return [*of_first, *of_second]


def demands(problem: Problem) -> Iterator[Demand]:
    """Give every demand of a problem that can be let go, those that people set first."""
    yield from _needs(problem)
    yield from _money(problem)
    yield from _supply(problem)


def _needs(problem: Problem) -> Iterator[Demand]:
    for i, need in enumerate(problem.needs):
        share = sum(piece.share for piece in need.pieces)
        wanted = [need.amount, *(case.amount.get(need.name, ()) for case in problem.cases)]
        if share >= 1 - 1e-9 or not any(np.any(amount) for amount in wanted):
            continue

        def without(other: Problem, i: int = i, share: float = share) -> Problem:
            open_ended = (*problem.needs[i].pieces, ShortPiece(1.0 - share, 0.0))
            needs = list(other.needs)
            needs[i] = replace(needs[i], pieces=open_ended)
            return replace(other, needs=needs)

        least = "all" if share <= 0 else f"at least {1 - share:.0%}"
        yield Demand(f"{least} of need {need.name} must be met", without)


def _money(problem: Problem) -> Iterator[Demand]:
    for i, budget in enumerate(problem.budgets):
        if np.isfinite(budget.amount).any():

            def unbound(other: Problem, i: int = i) -> Problem:
                endless = np.full(problem.years, np.inf)
                return _with_budget(other, i, replace(other.budgets[i], amount=endless))

            sums = ", ".join(f"{value:g}" for value in budget.amount)
            says = f"{budget.donor} spends at most {sums} {problem.currency} by year"
            yield Demand(says, unbound)
        if budget.least_share > 0:

            def free(other: Problem, i: int = i) -> Problem:
                return _with_budget(other, i, replace(other.budgets[i], least_share=0.0))

            says = f"{budget.donor} spends at least {budget.least_share:.0%} of all that is spent"
            yield Demand(says, free)
        if budget.most_share < 1:

            def more(other: Problem, i: int = i) -> Problem:
                return _with_budget(other, i, replace(other.budgets[i], most_share=1.0))

            says = f"{budget.donor} spends at most {budget.most_share:.0%} of all that is spent"
            yield Demand(says, more)


def _with_budget(problem: Problem, at: int, budget: Budget) -> Problem:
    budgets = list(problem.budgets)
    budgets[at] = budget
    return replace(problem, budgets=budgets)


def _supply(problem: Problem) -> Iterator[Demand]:
    plenty = _plenty(problem)
    for item in dict.fromkeys(shelf.item for shelf in problem.shelves):

        def filled(other: Problem, item: str = item) -> Problem:
            endless = np.full(problem.steps, np.inf)
            shelves = [
                replace(shelf, held=plenty, reserve=0.0, most=endless, delay=0)
                if shelf.item == item
                else shelf
                for shelf in other.shelves
            ]
            return replace(other, shelves=shelves)

        shelves = [shelf for shelf in problem.shelves if shelf.item == item]
        there = sum(max(s.held - s.reserve + float(s.replenished.sum()), 0.0) for s in shelves)
        yield Demand(f"the shelves of {item} give {there:g} above their reserves", filled)
    for i, line in enumerate(problem.lines):
        for says, loose in _of_line(line, plenty):

            def freed(other: Problem, i: int = i, loose: Callable[[Line], Line] = loose) -> Problem:
                lines = list(other.lines)
                lines[i] = loose(lines[i])
                return replace(other, lines=lines)

            yield Demand(says, freed)
    if problem.transport is not None:

        def carried(other: Problem) -> Problem:
            return replace(other, transport=None)

        yield Demand(f"at most {problem.transport.max():g} is transported in a step", carried)


def _of_line(line: Line, plenty: float) -> Iterator[tuple[str, Callable[[Line], Line]]]:
    """Give what holds a line back, and the line without it."""

    def wide(other: Line) -> Line:
        tiers = other.tiers[:-1] + tuple(Tier(np.inf, tier.rebate) for tier in other.tiers[-1:])
        return replace(other, capacity=other.capacity + plenty, tiers=tiers)

    yield f"line {line.name} makes at most {line.capacity.max():g} a step", wide
    if line.lead > 0:
        says = f"what is ordered on {line.name} arrives {_steps(line.lead)} later"
        yield says, lambda other: replace(other, lead=0)
    if line.buyers is not None:
        who = ", ".join(line.buyers) or "nobody"
        yield f"{who} alone may buy from {line.name}", lambda other: replace(other, buyers=None)
    if line.restart is not None:
        says = f"line {line.name} is idle until it is restarted"
        yield says, lambda other: replace(other, restart=None)
    if line.least > 0:
        says = f"line {line.name} makes nothing, or at least {line.least:g} a step"
        yield says, lambda other: replace(other, least=0.0)
    if line.ramp is not None:
        says = f"line {line.name} grows by at most {line.ramp:g} from step to step"
        yield says, lambda other: replace(other, ramp=None)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _plenty(problem: Problem) -> float:
    """Return more of anything than all needs together could use."""
    whole = 1.0
    for need in problem.needs:
        amounts = [case.amount.get(need.name, need.amount) for case in problem.cases]
        amounts.append(need.amount)
        rate = max((other.rate for other in need.met_by), default=1.0)
        whole += rate * max(float(amount.sum()) for amount in amounts)
    return whole
