"""What each donor spends in a plan, by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.answer import PlanAnswer

__all__ = ["Payments", "payments_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Payments:
    """What a donor spends (years,), and what it may; None where nothing bounds it."""

    donor: str
    years: Floats
    budget: Floats | None

    @property
    def total(self) -> float:
        """What it spends in all."""
        return float(self.years.sum())

    @property
    def share(self) -> float | None:
        """Which share of its budget that is; None where it has none, or an endless one."""
        if self.budget is None or not np.isfinite(self.budget).all() or not self.budget.sum():
            return None
        return self.total / float(self.budget.sum())


def payments_of(answer: PlanAnswer) -> list[Payments]:
    """Return who spends, those with a budget in their order first, then the others by what.

    Donors that spend nothing are left out unless they have a budget. What no donor is named for
    (orders where any may pay, expansions, holding) is not here.
    """
    problem, choices = answer.problem, answer.plan.choices
    sums = {budget.donor: np.zeros(problem.years) for budget in problem.budgets}
    shelves = {shelf.name: shelf for shelf in problem.shelves}
    for (donor, _), paid in choices.paid.items():
        sums.setdefault(donor, np.zeros(problem.years))
        sums[donor] += paid
    for (name, _), amount in choices.drawn.items():
        shelf = shelves[name]
        sums.setdefault(shelf.donor, np.zeros(problem.years))
        np.add.at(sums[shelf.donor], problem.year_of, shelf.cost * amount)
    budgets = {budget.donor: np.asarray(budget.amount, float) for budget in problem.budgets}
    found = [Payments(donor, years, budgets.get(donor)) for donor, years in sums.items()]
    kept = [one for one in found if one.budget is not None or one.total > 0]
    return sorted(kept, key=lambda one: (one.budget is None, -one.total, one.donor))
