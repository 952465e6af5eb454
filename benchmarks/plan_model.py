"""What the planner's formulation takes to build, and what each tightening brings to its bound.

    plan_model.py [--seed 3]

Prints, for the planning benchmark's standard instance and for one with least rates, restarts and
ramps, the time and memory to build the program, its size, and the bound of its linear relaxation
with all that tightens it and with each left out.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from plan_instances import find_instances, problem_from_benchmark

from pledgebook.planning.formulating.formulate import Strength, formulate
from pledgebook.planning.problem import Problem, Restart
from pledgebook.planning.solving.highs import optimise

__all__ = ["WITHOUT", "with_rates"]

WITHOUT: Mapping[str, Strength] = {
    "all of it": Strength(),
    "tiers no wider than can be filled": Strength(tiers_in_reach=False),
    "tiers tied to expansions": Strength(tiers_need_growth=False),
    "either of the two": Strength(tiers_in_reach=False, tiers_need_growth=False),
    "one step for an expansion": Strength(early=False),
    "ramps in what can be reached": Strength(ramps_in_reach=False),
    "capacity only where a line runs": Strength(capacity_when_it_runs=False),
}


def with_rates(problem: Problem, seed: int = 1) -> Problem:
    """Return the problem with a least rate on every line, and restarts and ramps on some."""
    rng = np.random.default_rng(seed)
    lines = []
    for line in problem.lines:
        capacity, price = float(line.capacity[0]), float(line.price[0])
        least = 0.6 * capacity
        again = Restart(cost=5 * price * capacity, delay=2, least=least, run=6)
        lines.append(
            replace(
                line,
                least=least,
                restart=again if rng.random() < 0.5 else None,
                ramp=0.4 * capacity if rng.random() < 0.3 else None,
            )
        )
    return replace(problem, lines=lines)


def report(name: str, problem: Problem) -> None:
    """Print what one problem takes to build and the bounds of its relaxation."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        program = formulate(problem)
        seconds.append(time.perf_counter() - began)
    tracemalloc.start()
    formulate(problem)
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    rows, columns = program.matrix.shape
    print(
        f"{name}: {columns:,} columns ({int(program.integer.sum()):,} whole), {rows:,} rows, "
        f"{program.matrix.nnz:,} entries; built in {statistics.median(seconds):.2f} s, "
        f"{memory:.0f} MiB at most"
    )
    for left_out, strength in WITHOUT.items():
        other = formulate(problem, strength)
        bound = optimise(other, relaxed=True)
        print(
            f"  without {left_out}: " if left_out != "all of it" else "  with all of it: ",
            f"{int(other.integer.sum()):,} whole, bound {bound.objective:,.0f} "
            f"in {bound.seconds:.1f} s",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    module = find_instances()
    if module is None:
        sys.exit("the planning benchmark is not on this machine")
    standard = problem_from_benchmark(module.make(args.seed))
    report(f"standard instance, seed {args.seed}", standard)
    smaller = problem_from_benchmark(module.make(4, 20, 20, 36, 26))
    report("20 donors, 20 items, 26 lines with rates", with_rates(smaller))


if __name__ == "__main__":
    main()
