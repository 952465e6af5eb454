"""Measure the speed of the flows beside NumPy, SimPy, PySD and the memory floor of the machine.

    make bench-forecasts
    .venv-benchmark/bin/python benchmarks/flows.py [--rounds 5] [--threads 2] [--quick]

A cell is one draw of one step of one line. The model is that of `flow_model.py`; a call is timed
whole, from the system to the result. All are played in turn, a round of each, after a round that
does not count; the median and the range of the rounds are given. SimPy and PySD play far fewer
cells, since they would take days; a peer that is not installed is named and left out. What it takes
to compile is measured apart, in processes of their own, and so is the peak of memory (on Linux).
The exit status is 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flow_model import flow_system
from flow_peers import in_numpy, in_simpy, memory_toucher, pysd_player

from pledgebook.forecasting.flows import Flow, Result, System, simulate

BARS = {"levels": 0.6, "noise": 6.0}
"""The most nanoseconds a cell, with use drawn for each regime and in every cell."""
BAR_MEMORY = 1.5e9
DRAWS, STEPS, LINES = 10_000, 104, 200

Timed = tuple[Callable[[], object], int]


def ended(result: Result) -> float:
    """Return the mean over the lines of the mean stock at the end."""
    lines = result.lines.values()
    return statistics.fmean(float(line.moments[Flow.STOCK].mean[-1]) for line in lines)


def in_turn(players: dict[str, Timed], rounds: int) -> dict[str, list[float]]:
    """Play all in turn and return the nanoseconds a cell of each, round by round."""
    taken: dict[str, list[float]] = {name: [] for name in players}
    for number in range(rounds + 1):
        for name, (play, cells) in players.items():
            start = time.perf_counter()
            play()
            seconds = time.perf_counter() - start
            if number:
                taken[name].append(seconds / cells * 1e9)
    return taken


def table(taken: dict[str, list[float]], against: str) -> list[str]:
    """Return the figures as lines of text, with ratios to one of them."""
    base = statistics.median(taken[against])
    lines = []
    for name, figures in taken.items():
        middle = statistics.median(figures)
        spread = f"{min(figures):,.3g} to {max(figures):,.3g}"
        lines.append(f"  {name:42} {middle:>10,.3f} ns  ({spread:18}) {middle / base:>10,.2f}")
    return lines


def kernel(system: System, draws: int, threads: int, quantiles: bool = False) -> Timed:
    """Return a call of the kernel, and how many cells it has."""
    kept = "all" if quantiles else ()
    cells = draws * system.steps * len(system.lines)
    return lambda: simulate(system, draws=draws, threads=threads, quantiles=kept), cells


def sweep(threads: int, rounds: int, scale: int) -> dict[str, dict[int, float]]:
    """Return the nanoseconds a cell with one of draws, steps and lines changed at a time."""
    draws, steps, lines = DRAWS // scale, STEPS, LINES // scale
    cases: dict[str, dict[int, System]] = {
        "draws": {draws * k // 4: flow_system(lines, steps) for k in (1, 2, 4, 8, 16)},
        "steps": {steps * k // 4: flow_system(lines, steps * k // 4) for k in (1, 2, 4, 8)},
        "lines": {lines * k // 4: flow_system(lines * k // 4, steps) for k in (1, 2, 4, 8)},
    }
    found: dict[str, dict[int, float]] = {}
    for name, sizes in cases.items():
        players = {
            str(size): kernel(system, size if name == "draws" else draws, threads)
            for size, system in sizes.items()
        }
        taken = in_turn(players, rounds)
        found[name] = {int(size): statistics.median(ns) for size, ns in taken.items()}
    return found


ALONE = """
import sys, time
start = time.perf_counter()
sys.path.insert(0, {folder!r})
from flow_model import flow_system
from pledgebook.forecasting.flows import simulate
loaded = time.perf_counter()
simulate(flow_system({lines}, {steps}), draws={draws}, threads={threads})
status = open("/proc/self/status").read().split() if sys.platform == "linux" else []
peak = int(status[status.index("VmHWM:") + 1]) * 1024 if status else float("nan")
print(loaded - start, time.perf_counter() - loaded, time.process_time(), peak)
"""


def alone(lines: int, draws: int, threads: int, cache: str | None = None) -> list[float]:
    """Simulate in a process of its own: seconds to import and to play, of processor, peak bytes."""
    code = ALONE.format(
        folder=str(Path(__file__).parent), lines=lines, steps=STEPS, draws=draws, threads=threads
    )
    given = {**os.environ, "NUMBA_CACHE_DIR": cache} if cache else dict(os.environ)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=given
    )
    return [float(part) for part in done.stdout.split()]


def load() -> str:
    """Return how busy the machine is, as the system says it."""
    return " ".join(f"{x:.1f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def peers(quick: bool, scale: int) -> tuple[dict[str, Timed], list[str]]:
    """Return the peers that are there, and what is said of those that are not."""
    lines, draws = (2, 20) if quick else (10, 20)
    found: dict[str, Timed] = {
        "NumPy, vectorised over draws": (
            lambda: in_numpy(DRAWS, STEPS, 20 // scale), DRAWS * STEPS * (20 // scale),
        ),
        "NumPy, a fresh draw in every cell": (
            lambda: in_numpy(DRAWS, STEPS, 20 // scale, noise=True), DRAWS * STEPS * (20 // scale),
        ),
    }  # fmt: skip
    missing = []
    if importlib.util.find_spec("simpy"):
        found[f"SimPy, {draws} draws of {lines} lines"] = (
            lambda: in_simpy(draws, STEPS, lines), draws * STEPS * lines,
        )  # fmt: skip
    else:
        missing.append("SimPy is not installed: left out")
    if importlib.util.find_spec("pysd"):
        play = pysd_player(STEPS)
        found[f"PySD, {draws} draws of one line"] = (lambda: play(draws), draws * STEPS)
    else:
        missing.append("PySD is not installed: left out")
    return found, missing


def agreement(threads: int, quick: bool) -> list[str]:
    """Return the mean of the last stock in each with its standard error: they are one model."""
    lines, few = (5, 100) if quick else (20, 1_000)
    result = simulate(flow_system(lines, STEPS), draws=DRAWS, threads=threads)
    sd = max(float(one.moments[Flow.STOCK].variance[-1]) for one in result.lines.values()) ** 0.5
    found = [
        ("kernel", ended(result), lines * DRAWS),
        ("NumPy", in_numpy(DRAWS, STEPS, lines), lines * DRAWS),
    ]
    if importlib.util.find_spec("simpy"):
        found.append(("SimPy", in_simpy(few, STEPS, lines), lines * few))
    if importlib.util.find_spec("pysd"):
        found.append(("PySD", pysd_player(STEPS)(few), few))
    return [f"  {name} {mean:.1f}, to {sd / draws**0.5:.1f}" for name, mean, draws in found]


def main() -> None:
    """Measure, print the tables, and leave with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--threads", type=int, default=2, metavar="N")
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the lines, few peers' draws"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    scale, threads, rounds = 10 if options.quick else 1, options.threads, options.rounds
    lines = LINES // scale
    print(
        f"{DRAWS:,} draws, {STEPS} steps, {lines} lines, {threads} threads; {rounds} rounds; "
        f"Python {platform.python_version()}, {platform.machine()}; load {load()}"
    )
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = alone(1, 100, 1, cache), alone(1, 100, 1, cache)
    print(f"to import and compile: {cold[0] + cold[1]:.1f} s, {cold[2]:.1f} s of processor")
    print(f"to import and load what was compiled: {warm[0] + warm[1]:.1f} s")
    plain, noisy = flow_system(lines, STEPS), flow_system(lines, STEPS, noise=True)
    names = ("kernel, use drawn for each regime", "kernel, a fresh draw in every cell")
    cells = DRAWS * STEPS * LINES // 2
    players: dict[str, Timed] = {
        names[0]: kernel(plain, DRAWS, threads),
        names[1]: kernel(noisy, DRAWS, threads),
        "kernel, the sizes of lots uncertain too": kernel(
            flow_system(lines, STEPS, sizes=True), DRAWS, threads
        ),
        "kernel, quantiles of everything": kernel(plain, DRAWS, threads, quantiles=True),
        "memory floor: one float32 written and read": (
            memory_toucher(cells, threads), cells,
        ),
    }  # fmt: skip
    others, missing = peers(options.quick, scale)
    taken = in_turn(players | others, rounds)
    peak = alone(lines, DRAWS, threads)[3]
    print("a cell, and how many times the first")
    print("\n".join(table(taken, names[0])))
    print("\n".join(missing) if missing else "all peers are there")
    print(f"peak memory of the first, in a process of its own: {peak / 1e6:,.0f} MB")
    print("mean stock at the end and its standard error")
    print("\n".join(agreement(threads, options.quick)))
    swept = sweep(threads, min(rounds, 3), scale)
    print("ns a cell with one size changed at a time")
    for name, sizes in swept.items():
        print(f"  {name:6} " + "  ".join(f"{size:,}: {ns:.3f}" for size, ns in sizes.items()))
    print(f"load at the end {load()}")
    if options.json:
        figures = {"ns": taken, "compile": cold, "warm": warm, "peak": peak, "sweep": swept}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    faults = [
        f"{name}: {statistics.median(taken[name]):.2f} ns a cell, the bar is {bar}"
        for name, bar in zip(names, BARS.values(), strict=True)
        if statistics.median(taken[name]) > bar
    ]
    if peak > BAR_MEMORY:
        faults.append(f"{peak / 1e6:,.0f} MB at the peak, the bar is {BAR_MEMORY / 1e6:,.0f}")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
