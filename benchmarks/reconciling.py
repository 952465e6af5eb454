"""Measure how fast many statements are joined, with what memory, and what adding a document costs.

    make bench-links
    python benchmarks/reconciling.py [--statements 10000 100000 1000000] [--rounds 3]
                                     [--splink 100000] [--documents 200] [--standing 1000000]
                                     [--json FILE]

The statements are those of `repetition.py`, the same on every machine. They lie in a file, as they
would in a book; taking them from there is part of what is measured. Each measurement runs in a
process of its own. Beside the wall clock, which depends on what else the machine does, stand the
seconds of processor time. Sizes up to --often statements are measured --rounds times, and the
median is given.

Splink joins the same rows in the same run, where it is installed (in the environment of the
benchmarks): in DuckDB with two threads, with the model of `splink_peer.py` and its blocking for
large tables. Making its table is not counted.

Then documents are added one by one to a standing book, and the slowest is looked for; and at
--equal statements the book so grown is held against one that is joined anew. The exit status is 1
where they differ, where a million statements take more than 60 seconds or 4 GB, or where a document
takes more than a second.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import splink_peer
from repetition import stream

from pledgebook.ledger.joining.bodies import Body, add_bodies
from pledgebook.ledger.joining.bulk import reconcile_bodies
from pledgebook.ledger.joining.join import join, scorer_of
from pledgebook.ledger.joining.standing import Standing
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.rules import load_rules
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

MILLION = 1_000_000
MOST_SECONDS, MOST_BYTES, MOST_ADDING = 60.0, 4e9, 1.0
THREADS = WORKERS = 2
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
SPLINK_AT = 0.4
"""The threshold at which Splink did best on the coded statements."""
_CHUNK = 10_000
_SEED = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds, processor seconds, bytes at its peak, and what it found."""

    seconds: float
    processor: float
    peak: float
    found: Mapping[str, Any]


def write_rows(path: Path, count: int, catalogue: Catalogue) -> None:
    """Write that many statements of the stream."""
    bodies = stream(count, catalogue)
    with path.open("wb") as out:
        while chunk := [astuple(body) for body in islice(bodies, _CHUNK)]:
            pickle.dump(chunk, out, pickle.HIGHEST_PROTOCOL)


def rows(path: Path) -> Iterator[Body]:
    """Yield the statements of a file that `write_rows` wrote."""
    with path.open("rb") as chunks:
        while chunks.peek(1):
            for fields in pickle.load(chunks):  # a file that this process made
                yield Body(*fields)


def warm_up() -> Catalogue:
    """Load what every process needs, whatever it joins."""
    catalogue = load_catalogue()
    assert catalogue.items
    assert catalogue.parties
    load_rules()
    return catalogue


def join_all(path: Path) -> dict[str, Any]:
    """Join all statements of a file; return how many there are and in how many undertakings."""
    catalogue, rules = warm_up(), load_rules()
    clock = Clock()
    table = CaseTable(rules.continues)
    add_bodies(table, rows(path), catalogue, rules)
    table.sort()
    taken = clock.lap()
    labels = join(table, rules, scorer_of(table, rules)).labels
    joined = clock.lap()
    return {
        "seconds": taken[0] + joined[0],
        "processor": taken[1] + joined[1],
        "taking_in": taken,
        "joining": joined,
        "statements": len(table),
        "undertakings": len(np.unique(labels)),
    }


def join_shared(path: Path) -> dict[str, Any]:
    """Join all statements of a file on several processes."""
    warm_up()
    clock = Clock()
    homes = reconcile_bodies(rows(path), workers=WORKERS)
    seconds, processor = clock.lap()
    own, largest = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "seconds": seconds,
        "processor": processor,
        # At most: the processes need not be at their peaks at one time.
        "peak": (own + WORKERS * largest) * RSS_UNIT,
        "statements": len(homes),
        "undertakings": len(set(homes.values())),
    }


def splink_all(path: Path) -> dict[str, Any]:
    """Let Splink do the same."""
    catalogue = warm_up()
    statements = (
        (one.id, "book", one.document, one.counted, json.loads(one.body)) for one in rows(path)
    )
    table = splink_peer.table_of(statements, catalogue)
    clock = Clock()
    model = splink_peer.Model(table, splink_peer.LARGE, threads=THREADS, least=SPLINK_AT)
    clusters = model.clusters(SPLINK_AT)
    seconds, processor = clock.lap()
    return {
        "seconds": seconds,
        "processor": processor,
        "statements": len(clusters),
        "undertakings": len(set(clusters.values())),
        "pairs": model.pairs(),
    }


def add_some(path: Path, documents: int, *, compared: bool) -> dict[str, Any]:
    """Add some documents to a standing book of all others, one by one; return the seconds each.

    With `compared`, the book is held against one of all documents that is joined anew.
    """
    catalogue, rules = warm_up(), load_rules()
    names = sorted({body.document for body in rows(path)})
    late = random.Random(_SEED).sample(names, min(documents, len(names)))
    held: dict[str, list[Body]] = defaultdict(list)
    chosen = set(late)

    def others() -> Iterator[Body]:
        for body in rows(path):
            if body.document in chosen:
                held[body.document].append(body)
            else:
                yield body

    clock = Clock()
    book = Standing(rules, catalogue, others())
    built = clock.lap()
    laps, touched = [], []
    for name in late:
        clock.lap()
        again = book.add(held[name])
        laps.append(clock.lap())
        touched.append(len(again))
    found: dict[str, Any] = {
        "statements": len(book), "built": built, "laps": laps, "touched": touched,
        "seconds": sum(lap[0] for lap in laps), "processor": sum(lap[1] for lap in laps),
    }  # fmt: skip
    if compared:
        anew = Standing(rules, catalogue, rows(path)).undertakings()
        grown = book.undertakings()
        found["differ"] = sum(grown[name] != home for name, home in anew.items())
    return found


class Clock:
    """Tells seconds, and seconds of processor time of this process and its children."""

    def __init__(self) -> None:
        self._last = self._now()

    def lap(self) -> tuple[float, float]:
        """Return what went by since the last lap."""
        now, before = self._now(), self._last
        self._last = now
        return now[0] - before[0], now[1] - before[1]

    @staticmethod
    def _now() -> tuple[float, float]:
        own, children = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
        return time.perf_counter(), used


WAYS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "join": lambda path, _: join_all(path),
    "share": lambda path, _: join_shared(path),
    "splink": lambda path, _: splink_all(path),
    "add": lambda path, documents: add_some(path, documents, compared=False),
    "compare": lambda path, documents: add_some(path, documents, compared=True),
}


def run(way: str, path: Path, documents: int = 0) -> Run:
    """Measure one way in a process of its own. Leaves where it fails."""
    output = path.with_suffix(".json")
    command = [sys.executable, __file__, "--way", way, "--file", path, "--documents", documents]
    with output.open("wb") as out:
        process = subprocess.Popen([str(word) for word in command], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{way} left with {process.returncode}")
    found = json.loads(output.read_text("utf-8"))
    peak = found.get("peak", usage.ru_maxrss * RSS_UNIT)
    return Run(found["seconds"], found["processor"], peak, found)


def median_of(runs: list[Run]) -> Run:
    """Return the medians of some runs, with what the first found."""
    return Run(
        statistics.median(one.seconds for one in runs),
        statistics.median(one.processor for one in runs),
        statistics.median(one.peak for one in runs),
        runs[0].found,
    )


def line(name: str, one: Run) -> str:
    """Return a row of the table."""
    return (
        f"{name:12} {one.found['statements']:>10,} {one.seconds:>9.1f} {one.processor:>10.1f} "
        f"{one.peak / 1e6:>8,.0f} {one.found['undertakings']:>13,}"
    )


def adding(one: Run) -> str:
    """Return what adding documents cost, in words."""
    walls, used = (sorted(lap[side] for lap in one.found["laps"]) for side in (0, 1))
    touched = one.found["touched"]
    return (
        f"{len(walls)} documents, one by one, to {one.found['statements']:,} statements: "
        f"median {statistics.median(walls):.3f} s ({statistics.median(used):.3f} of processor "
        f"time), 95th percentile {percentile(walls):.3f} s, slowest {walls[-1]:.3f} s "
        f"({used[-1]:.3f}); {statistics.median(touched):,.0f} statements looked at again, "
        f"{max(touched):,} at most; peak {one.peak / 1e6:,.0f} MB"
    )


def percentile(ordered: list[float], share: float = 0.95) -> float:
    """Return the value that so many of some ordered values do not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def faults_of(runs: Mapping[str, Run]) -> list[str]:
    """Return what a million statements took too much of."""
    faults = []
    for name, one in runs.items():
        if name in (f"join {MILLION}", f"share {MILLION}"):
            if one.seconds > MOST_SECONDS:
                faults.append(f"a million statements took {one.seconds:.0f} s, not 60")
            if one.peak > MOST_BYTES:
                faults.append(f"a million statements took {one.peak / 1e9:.1f} GB, not 4")
        slowest = max((lap[0] for lap in one.found.get("laps", ())), default=0.0)
        if name.startswith("add ") and slowest > MOST_ADDING:
            faults.append(f"the slowest document took {slowest:.2f} s, not {MOST_ADDING:.0f}")
        other = runs.get(name.replace("join", "share"), one)
        if other.found.get("undertakings") != one.found.get("undertakings"):
            faults.append(f"one process and two find other undertakings: {name}")
        if one.found.get("differ"):
            faults.append(f"{one.found['differ']} statements differ from a book joined anew")
    return faults


def measure(wanted: argparse.Namespace, folder: Path) -> dict[str, Run]:
    """Measure all that is asked for, and print as it comes."""
    catalogue = warm_up()
    sizes = sorted({*wanted.statements, *wanted.splink, *wanted.standing, wanted.equal})
    runs: dict[str, Run] = {}
    print(f"{'':12} {'statements':>10} {'seconds':>9} {'processor':>10} {'peak MB':>8}"
          f" {'undertakings':>13}", flush=True)  # fmt: skip
    said = []
    for size in sizes:
        path = folder / f"{size}.rows"
        write_rows(path, size, catalogue)
        for way, name, asked in (
            ("join", "one process", wanted.statements),
            ("share", "two", wanted.statements),
            ("splink", "Splink", wanted.splink),
        ):
            if size in asked:
                rounds = wanted.rounds if size <= wanted.often else 1
                runs[f"{way} {size}"] = one = median_of([run(way, path) for _ in range(rounds)])
                print(line(name, one), flush=True)
        if size in wanted.standing:
            runs[f"add {size}"] = one = run("add", path, wanted.documents)
            said.append(adding(one))
        if size == wanted.equal:
            runs[f"compare {size}"] = one = run("compare", path, wanted.documents)
            said.append(
                f"{one.found['differ']} of {one.found['statements']:,} statements stand elsewhere "
                f"after {wanted.documents} documents were added than in a book joined anew"
            )
        path.unlink()
    print("\n".join(["", *said]))
    return runs


def main() -> None:
    """Measure, print, and leave with 1 where something took too much."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, sizes in (
        ("--statements", [10_000, 100_000, MILLION]),
        ("--splink", [100_000]),
        ("--standing", [MILLION]),
    ):
        parser.add_argument(name, type=int, nargs="*", default=sizes, metavar="N")
    parser.add_argument("--equal", type=int, default=20_000, metavar="N")
    parser.add_argument("--documents", type=int, default=200, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--often", type=int, default=100_000, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.way:
        json.dump(WAYS[wanted.way](wanted.file, wanted.documents), sys.stdout)
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    try:
        print(f"{splink_peer.version()}, {THREADS} threads")
    except ImportError:
        print("Splink is not installed here and is left out.")
        wanted.splink = []
    with tempfile.TemporaryDirectory() as folder:
        runs = measure(wanted, Path(folder))
    if wanted.json:
        found = {name: asdict(one) for name, one in runs.items()}
        wanted.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if faults := faults_of(runs):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
