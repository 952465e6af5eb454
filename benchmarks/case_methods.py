"""How much of the spread of figures that move apart is left in a plan's cases, by method."""

from __future__ import annotations

import math

import numpy as np

from pledgebook.planning.compiling.cases import Spread, Uncertain, draw_cases
from pledgebook.planning.scenario.tables import Cases

__all__ = ["spread_left"]

LOG_SD = 0.3
CASES, SEEDS, STEPS = 20, 8, 12


def spread_left(figures: int, method: str) -> tuple[float, float]:
    """Return the sd of a figure and of the sum of all, each over what it is truly (mean of seeds).

    The figures are lognormal with median 1, and independent.
    """
    names = [f"figure {number}" for number in range(figures)]
    one, sd = np.ones(STEPS), np.full(STEPS, LOG_SD)
    uncertain = Uncertain(
        {name: Spread(name, one, sd) for name in names}, worth=dict.fromkeys(names, 1.0)
    )
    true = math.sqrt(math.expm1(LOG_SD**2)) * math.exp(LOG_SD**2 / 2)
    each, total = [], []
    for seed in range(1, SEEDS + 1):
        how = Cases.model_validate({"number": CASES, "method": method, "seed": seed})
        cases = draw_cases(uncertain, how)
        chance = np.array([case.chance for case in cases])
        drawn = np.array([[case.amount[name][0] for name in names] for case in cases])
        each.append(float(np.sqrt(chance @ (drawn - chance @ drawn) ** 2).mean()) / true)
        summed = drawn.sum(axis=1)
        sd_total = math.sqrt(chance @ (summed - chance @ summed) ** 2)
        total.append(sd_total / (true * math.sqrt(figures)))
    return float(np.mean(each)), float(np.mean(total))


def main() -> None:
    """Print a table for 1, 3 and 30 figures."""
    print("| figures | method | sd of a figure | sd of their sum |\n| --- | --- | --- | --- |")
    for figures in (1, 3, 30):
        for method in ("strata", "reduce"):
            each, total = spread_left(figures, method)
            print(f"| {figures} | {method} | {each:.2f} | {total:.2f} |")


if __name__ == "__main__":
    main()
