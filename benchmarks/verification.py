"""Set the simulation of flows beside closed forms: means, variances and chances, case by case.

    python benchmarks/verification.py [--draws 100000] [--seed 5] [--most 4.5] [--markdown]

For each case it prints how many figures were compared, and the one that stands furthest from its
closed form: the step, the known and the simulated figure, the Monte Carlo error (from the known
variance and fourth moment, not from the simulation), and z, how many errors lie between. Figures
that are exact have no error; theirs is counted in millionths of the figure. The exit status is 1
where a |z| is above --most. benchmarks/closed_forms.py and closed_policies.py hold the cases.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import numpy as np
from closed_forms import DEMAND_CASES
from closed_policies import POLICY_CASES
from known import Case, Compared, compare, worst

from pledgebook.forecasting.flows.simulate import simulate

__all__ = ["CASES", "Verdict", "verify"]

CASES = (*DEMAND_CASES, *POLICY_CASES)
MOST = 4.5
"""The |z| that no figure passes: one normal figure in 150,000 would, by chance."""

Verdict = tuple[Case, list[Compared]]


def verify(draws: int, seed: int) -> Iterator[Verdict]:
    """Simulate each case, and give it with all its figures beside what they should be."""
    for make in CASES:
        case = make()
        yield case, compare(case, simulate(case.system, draws=draws, seed=seed, quantiles="all"))


def _plain(case: Case, rows: list[Compared]) -> str:
    row = worst(rows)
    error = f"± {row.error:.3g}" if row.error else "exact"
    return (
        f"{case.name:42} {len(rows):>5}  {row.what:28} {row.step:>3} {row.known:>12.5g}"
        f" {row.found:>12.5g} {error:>10} {row.z:>6.2f}"
    )


def _markdown(case: Case, rows: list[Compared]) -> str:
    row = worst(rows)
    error = f"{row.error:.3g}" if row.error else "exact"
    cells = (
        case.name,
        f"`{case.formula}`",
        case.source,
        str(len(rows)),
        f"{row.what}, step {row.step}",
        f"{row.known:.5g}",
        f"{row.found:.5g}",
        error,
        f"{row.z:.2f}",
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Verify, print, and leave with 1 where a figure stands too far from its closed form."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--most", type=float, default=MOST, metavar="Z")
    parser.add_argument("--markdown", action="store_true", help="print the table of the docs")
    options = parser.parse_args()
    if options.markdown:
        print(
            "| case | formula | source | figures | the furthest | known | simulated | error | z |"
        )
        print("| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |")
    else:
        print(
            f"{'case':42} {'count':>5}  {'the furthest':28} {'at':>3} {'known':>12}"
            f" {'simulated':>12} {'error':>10} {'z':>6}"
        )
    scores: list[float] = []
    for case, rows in verify(options.draws, options.seed):
        print((_markdown if options.markdown else _plain)(case, rows), flush=True)
        scores += [row.z for row in rows if row.error]
    z = np.asarray(scores)
    furthest = float(np.abs(z).max())
    print(
        f"\n{options.draws:,} draws, seed {options.seed}: {len(z):,} figures with an error;"
        f" mean z {z.mean():.2f}, mean z² {np.mean(z**2):.2f} (1 expected),"
        f" {np.mean(np.abs(z) > 1.96):.1%} beyond 1.96 (5 % expected), furthest {furthest:.2f}"
    )
    if furthest > options.most:
        sys.exit(1)


if __name__ == "__main__":
    main()
