"""The independent check: a plan held against every constraint of its problem, and its cost anew.

Nothing here knows how the plan was found. It reads the problem and the plan alone, step by step as
they are stated in `problem`, and names the first constraint that does not hold. A plan that does
not pass is an error and is never shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.planning.checking.money import check_money
from pledgebook.planning.checking.supply import check_supply
from pledgebook.planning.checking.use import check_use
from pledgebook.planning.checking.words import BrokenPlanError, Scales
from pledgebook.planning.plan import Choices, Outcome
from pledgebook.planning.problem import Problem

__all__ = ["BrokenPlanError", "check"]


def check(problem: Problem, choices: Choices, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the parts of the plan's cost, which add up to its objective.

    What is compared may be apart by a millionth of its size and of the amounts of the item, or the
    sums of money, that the problem deals in. BrokenPlanError names the first constraint that is
    broken.
    """
    scales = Scales.of(problem)
    supply = check_supply(problem, choices, scales)
    money = check_money(problem, choices, supply, scales)
    use = check_use(problem, outcomes, supply, scales)
    return {**money, **use}
