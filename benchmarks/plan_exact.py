"""The planner against an exact reference: small random problems, the same optimum every one.

    plan_exact.py [--problems 200] [--most 300]

Each problem mixes all that the planner knows (price breaks, expansions, restarts, contracts, joint
purchases, shares, transport, cases, risk, priority classes). The reference tries every yes-or-no
choice; problems with more than `--most` ways to choose are passed over. Plans are solved to a gap
of 0 and pass the independent check on the way.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator

from plan_random import random_problem
from plan_reference import combinations, reference

from pledgebook.planning.plan import Status
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.solve import solve

__all__ = ["differs", "exact_problems"]

# Classes are bounded at their best with a tolerance, which may be worth more than it is.
NEAR, NEAR_BY_CLASS = 1e-6, 1e-4


def exact_problems(most: int) -> Iterator[tuple[int, Problem]]:
    """Give seeds and problems that have at most so many ways to choose."""
    every = ((seed, random_problem(seed)) for seed in itertools.count())
    return (pair for pair in every if combinations(pair[1]) <= most)


def differs(problem: Problem, best: float | None) -> str | None:
    """Return how the planner's answer differs from the best there is, None where it does not."""
    plan = solve(problem, gap=0.0)
    if best is None or plan.status is Status.INFEASIBLE:
        agree = best is None and plan.status is Status.INFEASIBLE and plan.clash
        return None if agree else f"reference {best}, plan {plan.status} {plan.clash}"
    near = NEAR_BY_CLASS if problem.lexicographic else NEAR
    apart = abs(plan.cost - best)
    return None if apart <= near * max(1.0, abs(best)) else f"reference {best}, plan {plan.cost}"


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--problems", type=int, default=200)
    parser.add_argument("--most", type=int, default=300)
    args = parser.parse_args()
    began, wrong, ways, none = time.perf_counter(), 0, 0, 0
    for seed, problem in itertools.islice(exact_problems(args.most), args.problems):
        ways += combinations(problem)
        best = reference(problem)
        none += best is None
        if (said := differs(problem, best)) is not None:
            wrong += 1
            print(f"seed {seed}: {said}")
    took = time.perf_counter() - began
    print(
        f"{args.problems} problems, {ways} ways to choose tried, {none} without any plan, "
        f"{wrong} with another answer, {took:.0f} s"
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
