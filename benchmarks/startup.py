"""Measure what starting costs: `--help`, and loading the catalogue of items and parties.

    python benchmarks/startup.py [--rounds 11]

Each round is a process of its own; the medians of wall clock and of processor time are printed. The
exit status is 1 where `--help` takes more than half a second of the median round.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

MOST_SECONDS = 0.5
MEASURED = {
    "an empty program": "pass",
    "pledgebook --help": (
        "import sys; sys.argv = ['pledgebook', '--help']; from pledgebook.cli import main; main()"
    ),
    "the catalogue": (
        "from pledgebook.vocabulary.catalogue import load_catalogue; load_catalogue()"
    ),
}


def once(code: str) -> tuple[float, float]:
    """Return the wall clock and the processor time of one process, in seconds."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=os.environ)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print, and tell whether it is quick enough."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=11)
    rounds = options.parse_args().rounds
    found = {name: [once(code) for _ in range(rounds)] for name, code in MEASURED.items()}
    print("| what | seconds | of processor |\n| --- | --: | --: |")
    for name, times in found.items():
        wall, processor = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"| {name} | {wall:.2f} | {processor:.2f} |")
    return int(statistics.median(wall for wall, _ in found["pledgebook --help"]) > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
