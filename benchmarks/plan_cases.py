"""The planning instances that are measured: the fixed ones, a wide one, and one with cases."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.problem import Case, Problem

__all__ = ["OF_LINES", "wide_instance", "with_cases"]

Instance = dict[str, NDArray[np.float64]]

OF_LINES = ("line_item", "capacity", "added", "lead", "line_price", "expansion_cost", "tier")
"""The arrays of an instance that have a row for each line."""


def wide_instance(
    made: ModuleType, seed: int, donors: int, items: int, months: int, lines: int
) -> Instance:
    """Return an instance by the same recipe with fewer lines than items, which it does not make.

    As many lines as items are drawn and `lines` of them kept, whichever items they make; donors'
    budgets shrink with what is left to buy.
    """
    found: Instance = dict(made.make(seed, donors, items, months, items))
    kept = np.sort(np.random.default_rng(seed).permutation(items)[:lines])
    for name in OF_LINES:
        found[name] = found[name][kept]
    found["eligible"] = found["eligible"][:, kept]
    found["budget"] = found["budget"] * lines / items
    return found


def with_cases(problem: Problem, count: int, seed: int) -> Problem:
    """Return the problem with cases of equal chance in which need runs higher or lower.

    All needs share a level (lognormal, 20 %), and each wanders by itself (3 % a step).
    """
    rng = np.random.default_rng(seed)
    cases = []
    for case in range(count):
        level = rng.lognormal(-0.02, 0.2)
        amount = {
            need.name: need.amount * level * np.exp(np.cumsum(rng.normal(0.0, 0.03, problem.steps)))
            for need in problem.needs
        }
        cases.append(Case(f"case {case}", 1.0 / count, amount=amount))
    return replace(problem, cases=cases)
