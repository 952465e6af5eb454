"""Measure that reading takes twice as long for twice the text, whatever stands in it.

    make bench
    python benchmarks/growth.py [--size 100000] [--most 2.6] [--only NAME] [--json FILE]

Each text of hostile.py is read at its size and at twice that, three times over in turn, and the
median of the three ratios is taken; where it is above --most, the text is measured once more, at
twice the size, for a machine that others use hiccups. With --whole some of them are read at 5 MB
too. The clock is the processor's. The exit status is 1 where a text grows faster than its length.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hostile import OPENING, TEXTS

from pledgebook.reading.grammar.coder import read
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document, sha256

ROUNDS = 3
WHOLE = 5_000_000
LARGEST = ("report", "one line without a full stop", "list lines", "brackets", "and")
"""The texts that are read at 5 MB with --whole."""


def seconds_for(text: str, catalogue: Catalogue) -> float:
    """Return the processor time that a text takes."""
    document = Document(
        text=OPENING + text, bytes_sha256=sha256(text), extractor="benchmark/1", origin="hostile"
    )
    start = time.process_time()
    read(document, catalogue)
    return time.process_time() - start


def growth(made: Callable[[int], str], size: int, catalogue: Catalogue) -> tuple[float, float]:
    """Return the median ratio of the time for twice the text, and the seconds for all of it."""
    ratios, largest = [], 0.0
    for _ in range(ROUNDS):
        small = seconds_for(made(size), catalogue)
        largest = seconds_for(made(2 * size), catalogue)
        ratios.append(largest / max(small, 1e-4))
    return statistics.median(ratios), largest


def main() -> None:
    """Measure, print, and leave with 1 where a text takes longer than it should."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=100_000, metavar="CHARACTERS")
    parser.add_argument("--most", type=float, default=2.6, metavar="RATIO")
    parser.add_argument("--only", action="append", choices=TEXTS, metavar="NAME")
    parser.add_argument("--whole", action="store_true", help="some of them at 5 MB too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    catalogue = load_catalogue()
    seconds_for("", catalogue)  # what is made once is made here
    faults, figures = [], {}
    print(f"{'text':34} {'ratio':>6} {'seconds for':>12} {2 * options.size:,} characters")
    for name, made in TEXTS.items():
        if options.only and name not in options.only:
            continue
        ratio, seconds = growth(made, options.size, catalogue)
        if ratio > options.most:
            ratio, seconds = growth(made, 2 * options.size, catalogue)
        print(f"{name:34} {ratio:>6.2f} {seconds:>12.2f}", flush=True)
        figures[name] = {"ratio": ratio, "seconds": seconds}
        if ratio > options.most:
            faults.append(f"{name}: twice the text takes {ratio:.2f} times as long")
    for name in LARGEST if options.whole else ():
        seconds = seconds_for(TEXTS[name](WHOLE), catalogue)
        print(f"{name}: 5 MB in {seconds:,.1f} s", flush=True)
        figures[f"{name}, 5 MB"] = {"seconds": seconds}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
