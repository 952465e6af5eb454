"""Measure the fulfilment model: against histories of known truth, and against a tracker's rows.

    python benchmarks/fulfilment.py [--histories 600] [--only simulated|kiel] [--json FILE]

(a) Simulated histories, each with its own true delays, parts, late and missing reports, and a
disclosure that falls with time: are the parameters recovered, and do the middle 50 and 80 % bands
hold the truth in 50 and 80 % of cases? The standard errors are between histories.
(b) Rows of the Ukraine Support Tracker of June 2024, whole donors left out in turn (see
fulfilment_kiel.py); needs the file, and is left out without it.
The exit status is 1 where a band of (a) misses by more than 3 points, or its error is above 1.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import fulfilment_kiel as kiel
import numpy as np

from pledgebook.forecasting.fulfilment import fit
from pledgebook.forecasting.fulfilment.randomness import stream
from pledgebook.forecasting.fulfilment.simulate import Truth, simulate
from pledgebook.forecasting.fulfilment.trials import AHEAD, Trial, covered, trial, truth_of

PLOT = kiel.ROOT / "docs" / "images" / "fulfilment-reliability.svg"
MOST_OFF, MOST_ERROR = 0.03, 0.01
BANDS = (0.5, 0.8)
LARGE, LARGE_HISTORIES = 1500, 24


def drawn_truth(seed: int, **fixed: float | str) -> Truth:
    """Return a truth of its own for a history: all that matters varies, within what is usual."""
    rng = stream(seed, "truth")

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    values: dict[str, Any] = {
        "median": math.exp(between(math.log(60), math.log(240))),
        "spread": between(0.35, 0.75),
        "shared": between(0.3, 0.8),
        "donor_spread": between(0.1, 0.5),
        "category_spread": between(0.1, 0.5),
        "told_spread": between(0.2, 1.0),
        "dropped": between(0.03, 0.2),
        "coming": between(0.85, 0.98),
        "more": between(0.2, 0.6),
        "report_median": math.exp(between(math.log(3), math.log(20))),
        "report_spread": between(0.5, 1.1),
        "told": between(0.55, 0.9),
        "trend": between(-0.7, 0.1),
        "marked": between(0.2, 0.6),
        "named": between(0.3, 0.8),
        "vague": between(0.0, 0.2),
    }
    return Truth(**{**values, **fixed})


def one(seed: int) -> Trial:
    """Run one history."""
    return trial(drawn_truth(seed), seed)


def one_log_normal(seed: int) -> Trial:
    """Run one history whose delays are log-normal: another family than the model's."""
    truth = drawn_truth(seed, family="log-normal", spread=1.0)
    return trial(truth, seed)


def one_unmarked(seed: int) -> Trial:
    """Run one history in which no source says what it does not tell."""
    return trial(drawn_truth(seed, marked=0.0), seed)


def recovered(seed: int) -> dict[str, tuple[float, float]]:
    """Fit a large history: by parameter how far the estimate is off, and its standard error."""
    truth = Truth()
    history = simulate(truth, seed, commitments=LARGE)
    estimates = fit(history.spells, history.as_of).estimates
    return {
        name: (estimates[name].value - value, estimates[name].error)
        for name, value in truth_of(truth).items()
    }


def seconds_to_fit(commitments: int = 3000) -> tuple[int, float]:
    """Return how many spells a large history has, and the processor time of fitting it."""
    history = simulate(Truth(), 1, commitments=commitments)
    fit(history.spells[:50], history.as_of)
    start = time.process_time()
    fit(history.spells, history.as_of)
    return len(history.spells), time.process_time() - start


def coverage(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return how often the bands hold the truth, by what is forecast."""
    steps = ["unreported by now"]
    steps += [f"to day {end}" for end in AHEAD] + [f"all {AHEAD[-1]} days"]
    what = {"single: day of the next lot": [one.next_lot for one in trials]}
    what["single: day of the last lot"] = [one.last_lot for one in trials]
    what["coalition: total, all spans"] = [one.totals[:-1] for one in trials]
    for at, step in enumerate(steps):
        what[f"coalition: {step}"] = [one.totals[at : at + 1] for one in trials]
    rows = []
    for name, places in what.items():
        for band in BANDS:
            found = covered(places, band)
            rows.append({"what": name, **asdict(found)})
    return rows


def tell_coverage(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Print the coverage of bands."""
    print(f"\n{title}")
    print(f"  {'forecast of':32}{'band':>6}{'holds':>9}{'error':>8}{'cases':>8}")
    for row in rows:
        print(
            f"  {row['what']:32}{row['band']:6.0%}{row['share']:9.1%}"
            f"{100 * row['error']:7.2f}p{row['cases']:8,}"
        )


def simulated(histories: int) -> tuple[dict[str, Any], bool]:
    """Run part (a) on two processes."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        # The processes started below are as many as the cores; each has one thread.
        os.environ.setdefault(name, "1")
    with get_context("spawn").Pool(2) as pool:
        spells, seconds = pool.apply(seconds_to_fit)
        start = time.perf_counter()
        misses = pool.map(recovered, range(1, LARGE_HISTORIES + 1))
        trials = pool.map(one, range(histories), chunksize=4)
        some = range(10_000, 10_000 + max(histories // 6, 2))
        others = {
            "delays of another family (log-normal) than the model's": pool.map(
                one_log_normal, some
            ),
            "no source says what it does not tell": pool.map(one_unmarked, some),
        }
    print(f"(a) {histories} histories of 150 commitments in {time.perf_counter() - start:.0f} s")
    print(f"Fitting {spells:,} spells of 3,000 commitments: {seconds:.1f} s of processor time")
    print(f"\nParameters of {LARGE_HISTORIES} histories of {LARGE} commitments")
    print(f"  {'parameter':16}{'truth':>9}{'mean miss':>11}{'sd of miss':>12}{'own error':>11}")
    table = {}
    for name, value in truth_of(Truth()).items():
        off = np.array([miss[name][0] for miss in misses])
        error = float(np.mean([miss[name][1] for miss in misses]))
        table[name] = (value, float(off.mean()), float(off.std(ddof=1)), error)
        print(f"  {name:16}{value:9.3f}{off.mean():+11.3f}{off.std(ddof=1):12.3f}{error:11.3f}")
    rows = coverage(trials)
    tell_coverage("Bands, the truth drawn anew for each history", rows)
    more = {name: coverage(found) for name, found in others.items()}
    for name, found in more.items():
        tell_coverage(f"Where the model is wrong or blind: {name} ({len(some)} histories)", found)
    pooled = [row for row in rows if row["what"].startswith(("single", "coalition: total"))]
    holds = all(
        abs(row["share"] - row["band"]) <= MOST_OFF and row["error"] <= MOST_ERROR for row in pooled
    )
    return {"parameters": table, "coverage": rows, "blind": more, "fit": seconds}, holds


def rows_of_tracker(path: Path) -> dict[str, Any]:
    """Run part (b)."""
    kept, found = kiel.measure(path)
    print("\n(b) Share recorded as fully delivered by age of announcement, one snapshot")
    print(f"    ({kept.day}); whole donors left out in turn; not a backtest of forecasts")
    left_out = ", ".join(f"{number} {why}" for why, number in kept.left_out.items())
    print(f"    {len(kept.rows)} rows; left out: {left_out}")
    for one_score in found:
        print(f"\n  {one_score.name}: {one_score.rows} rows, {one_score.packages} packages")
        print(f"    share {one_score.rate:.3f}; Brier {one_score.model:.4f}, constant rate "
              f"{one_score.constant:.4f}")  # fmt: skip
        print(f"    skill {one_score.skill:+.3f} (95 % by packages {one_score.low:+.3f} to "
              f"{one_score.high:+.3f})")  # fmt: skip
        print(f"    {'chance given':>14}{'recorded':>10}{'rows':>6}{'95 %':>16}")
        for given, share, rows, low, high in one_score.reliability:
            print(f"    {given:14.3f}{share:10.3f}{rows:6}{low:9.3f}{high:7.3f}")
        print(f"    {'donor':>14}{'rows':>6}{'recorded':>10}{'skill':>8}")
        for donor, rows, share, skill in one_score.by_donor:
            print(f"    {donor:>14}{rows:6}{share:10.3f}{skill:+8.2f}")
    kiel.draw(found[0], PLOT)
    print(f"\n    plot: {PLOT.relative_to(kiel.ROOT)}")
    return {"left_out": kept.left_out, "scores": [asdict(one_score) for one_score in found]}


def main() -> None:
    """Measure, print, and leave with 1 where the bands do not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=600)
    parser.add_argument("--only", choices=("simulated", "kiel"))
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    result: dict[str, Any] = {}
    holds = True
    if asked.only != "kiel":
        result["simulated"], holds = simulated(asked.histories)
    if asked.only != "simulated":
        path = kiel.find_release()
        if path is None:
            print("(b) is left out: the tracker's file is not here (PLEDGEBOOK_KIEL names it)")
        else:
            result["kiel"] = rows_of_tracker(path)
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if not holds:
        print("\nA band misses by more than 3 points, or its standard error is above 1 point.")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
