"""Set the simulation of flows beside closed forms: means, variances and chances, case by case.

    python benchmarks/verification.py [--draws 100000] [--seed 5] [--seeds 1] [--markdown]

For each case it prints how many figures were compared, and the one that stands furthest from its
closed form: the step, the known and the simulated figure, the Monte Carlo error (from the known
variance and fourth moment, not from the simulation), and z, how many errors lie between. Figures
that are exact have no error; theirs is counted in millionths of the figure. The exit status is 1
where a |z| is above --most (4.5). With --seeds all is simulated so many times over, and the z of
all are summed up. The cases are in closed_forms.py, closed_lots.py and
closed_policies.py beside this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from closed_forms import DEMAND_CASES
from closed_lots import LOT_CASES
from closed_policies import POLICY_CASES
from known import Case, Compared, compare, worst

from pledgebook.forecasting.flows.simulate import simulate

__all__ = ["CASES", "Verdict", "verify"]

CASES = (*DEMAND_CASES, *LOT_CASES, *POLICY_CASES)
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
    parser.add_argument("--seeds", type=int, default=1, help="so many from --seed on")
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
    first = _scores(options.draws, options.seed, _markdown if options.markdown else _plain)
    far = _summary(f"{options.draws:,} draws, seed {options.seed}", first)
    if options.seeds > 1:
        others = [_scores(options.draws, options.seed + i) for i in range(1, options.seeds)]
        pooled = [score for scores in (first, *others) for score in scores]
        far = max(far, _summary(f"{options.seeds} seeds from {options.seed} on", pooled))
    if far > options.most:
        sys.exit(1)


Score = tuple[float, bool]
"""A z, and whether it is that of an exact figure."""


def _scores(
    draws: int, seed: int, show: Callable[[Case, list[Compared]], str] | None = None
) -> list[Score]:
    scores: list[Score] = []
    for case, rows in verify(draws, seed):
        if show:
            print(show(case, rows), flush=True)
        scores += [(row.z, row.error == 0) for row in rows]
    return scores


def _summary(what: str, scores: Sequence[Score]) -> float:
    """Print how the z are spread, and return the furthest of them and of the exact figures."""
    z = np.array([z for z, exact in scores if not exact])
    off = np.array([z for z, exact in scores if exact])
    print(
        f"\n{what}: {len(z):,} figures with an error, {len(off):,} exact; mean z {z.mean():.2f},"
        f" mean z² {np.mean(z**2):.2f} (1 expected), {np.mean(np.abs(z) > 1.96):.1%} beyond 1.96"
        f" (5 % expected), furthest {np.abs(z).max():.2f}"
    )
    return float(np.abs(np.concatenate([z, off])).max())


if __name__ == "__main__":
    main()
