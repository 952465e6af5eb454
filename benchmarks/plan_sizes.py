"""The estimated size of a scenario beside what is built, and the memory that solving it takes.

plan_sizes.py                       sizes up and down, nothing solved
plan_sizes.py --solve SECONDS       and solved for so long, each in a process of its own
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

from plan_instances import find_instances
from plan_scenarios import scenario_text

from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.formulating.formulate import formulate
from pledgebook.planning.scenario.loading import read_scenario
from pledgebook.planning.scenario.size import size_of
from pledgebook.planning.solving.solve import solve
from pledgebook.vocabulary.catalogue import load_catalogue

SIZES = ((10, 15, 24, 20, 1), (10, 15, 24, 20, 10), (40, 60, 36, 80, 1), (40, 60, 36, 80, 20))


def measure(donors: int, items: int, months: int, lines: int, cases: int, seconds: float) -> str:
    """Return one row of the table."""
    instances = find_instances()
    if instances is None:
        sys.exit("the planning benchmark is not beside the project")
    made = instances.make(seed=3, donors=donors, items=items, months=months, lines=lines)
    text = scenario_text(made, cases=cases, spread=0.25)
    problem = compile_scenario(read_scenario(text), load_catalogue(), memory=1e6).problem
    size, built = size_of(problem, cases), formulate(problem)
    row = f"| {donors} x {items} x {months} x {lines} | {cases} | {size.columns:,} | "
    row += f"{len(built.cost):,} | {size.bytes / 1e6:,.0f} |"
    if seconds:
        plan = solve(problem, gap=0.001, time_limit=seconds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        row += f" {peak:,.0f} | {plan.method} |"
    return row


def main() -> None:
    """Print a table; each size is measured in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--solve", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--size", type=int, nargs=5)
    args = parser.parse_args()
    if args.size:
        donors, items, months, lines, cases = args.size
        print(measure(donors, items, months, lines, cases, args.solve))
        return
    more = " peak MB | method |" if args.solve else ""
    print(
        f"| donors, items, months, lines | cases | columns estimated | built | MB estimated |{more}"
    )
    print("| --- " * (7 if args.solve else 5) + "|", flush=True)
    for size in SIZES:
        command = [sys.executable, __file__, "--solve", str(args.solve), "--size", *map(str, size)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


if __name__ == "__main__":
    main()
