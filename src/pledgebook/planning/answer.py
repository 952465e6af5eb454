"""What a scenario comes to: its plan, what would be without one, and all that is told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.citing import Citation
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.explaining.changes import spent_of
from pledgebook.planning.explaining.comparing import Comparison
from pledgebook.planning.explaining.frontier import Point
from pledgebook.planning.plan import Outcome, Plan, Status
from pledgebook.planning.problem import Need, Problem, ShortPiece
from pledgebook.planning.schedule import Action, schedule_of
from pledgebook.planning.solving.solve import solve
from pledgebook.planning.wording import Words

__all__ = ["PlanAnswer", "ShortBand", "short_band", "without_a_plan"]

Floats = NDArray[np.float64]

_QUANTILES = (0.1, 0.5, 0.9)
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class ShortBand:
    """What a need lacks by step (steps,): the mean over the cases, and the quantiles of each step.

    `total` is what it lacks over all steps: mean, 1 of 10, median, 9 of 10; `wanted` what is needed
    in all on the mean.
    """

    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    total: tuple[float, float, float, float]
    wanted: float

    @property
    def share(self) -> float:
        """Which share of what is wanted is lacking, on the mean."""
        return self.total[0] / self.wanted if self.wanted > 0 else 0.0

    @property
    def sure(self) -> bool:
        """Whether all cases lack the same."""
        return bool(np.isclose(self.total[1], self.total[3], rtol=1e-6, atol=1e-9))


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """A plan with its scenario; `before` is what follows in each case where nothing is done.

    `gap` is the proved distance that was asked for, `frontier` from the least shortage to the
    least spending, `compared` what another scenario's plan has otherwise.
    """

    compiled: Compiled
    plan: Plan
    before: Sequence[Outcome]
    gap: float
    as_of: dt.date | None = None
    frontier: tuple[Point, ...] = ()
    other: PlanAnswer | None = None
    compared: Comparison | None = None

    @property
    def words(self) -> Words:
        """How it is told."""
        return Words(self.compiled)

    @property
    def problem(self) -> Problem:
        """The scenario in plain figures."""
        return self.compiled.problem

    @property
    def found(self) -> bool:
        """Whether there is a plan at all."""
        return self.plan.status not in (Status.INFEASIBLE, Status.NONE)

    @property
    def spent(self) -> float:
        """What the plan spends, without what its shortage counts for."""
        return spent_of(self.plan)

    def schedule(self) -> list[Action]:
        """Return all that is to be done."""
        return schedule_of(self.plan, self.words)

    def short(self, need: Need, *, before: bool = False) -> ShortBand:
        """Return what a need lacks with the plan, or before it."""
        return short_band(self.problem, self.before if before else self.plan.outcomes, need)

    def cite(self, what: str | None = None, name: str = "", step: int | None = None) -> str:
        """Return the id of a part of the plan, as `why` opens it."""
        gap = self.gap
        if self.found and self.plan.gap > gap:
            # A plan that was stopped is as good as this, which is all that can be asked for again.
            gap = float(np.ceil(self.plan.gap * 1e4) / 1e4)
        day = None if step is None else self.compiled.days[step]
        return Citation(self.compiled.file, gap, self.as_of, what, name, day).id


def without_a_plan(problem: Problem) -> tuple[Outcome, ...]:
    """Return what follows in each case where nothing is drawn, ordered, signed or built.

    What there is goes where its lack counts most; needs that must be met may lack something here.
    """
    budgets = [replace(one, least_share=0.0, most_share=1.0) for one in problem.budgets]
    bare = replace(
        problem, shelves=(), lines=(), contracts=(), budgets=budgets, lexicographic=False
    )
    plan = solve(replace(bare, needs=[_open(one) for one in problem.needs]), gap=0.0)
    return tuple(plan.outcomes)


def _open(need: Need) -> Need:
    """Return a need that may lack all of it: what must be met counts as the dearest piece."""
    rest = 1.0 - sum(piece.share for piece in need.pieces)
    if rest <= _NOTHING:
        return need
    cost = max((piece.cost for piece in need.pieces), default=1.0)
    return replace(need, pieces=(ShortPiece(rest, cost), *need.pieces))


def short_band(problem: Problem, outcomes: Sequence[Outcome], need: Need) -> ShortBand:
    """Return what a need lacks over the cases, by step and in all."""
    chance = np.array([one.chance for one in outcomes])
    short = np.stack([one.short[need.name].sum(0) for one in outcomes])
    cases = {case.name: case.amount.get(need.name, need.amount) for case in problem.cases}
    wanted = sum(one.chance * float(cases.get(one.case, need.amount).sum()) for one in outcomes)
    low, middle, high = (_quantile(short, chance, q) for q in _QUANTILES)
    whole = short.sum(1, keepdims=True)
    least, median, most = (float(_quantile(whole, chance, q)[0]) for q in _QUANTILES)
    mean = np.asarray(chance @ short, float)
    total = (float(mean.sum()), least, median, most)
    return ShortBand(mean, low, middle, high, total, wanted)


def _quantile(values: Floats, chance: Floats, q: float) -> Floats:
    """Return the least of the cases' values (cases, steps) that has at least `q` of the chances."""
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    reached = np.cumsum(chance[order], axis=0) >= q - 1e-9
    return np.asarray(np.take_along_axis(ranked, reached.argmax(0)[None], axis=0)[0])
