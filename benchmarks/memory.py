"""Measure the peak memory of reading many documents, and that it stays flat.

    make bench
    .venv-benchmark/bin/python benchmarks/memory.py [--documents N ...] [--way WAY] [--most 300]
                                                    [--growth 1.25] [--json FILE]

Each way of reading runs in a process of its own, on the same generated file: into a new book
through `Book.read`, and to standard output through `pledgebook read --jsonl`. The figure is the
largest resident set that the system saw. The exit status is 1 where one needs more than --most MB,
or for the largest number of documents more than --growth times what it needs for the smallest.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sample_texts import texts, varied

BOOK = """
import sys
from pledgebook import Book
book = Book.open(sys.argv[2])
book.read([sys.argv[1]])
"""

WAYS: dict[str, Callable[[Path, Path], list[str | Path]]] = {
    "Book.read": lambda source, book: [sys.executable, "-c", BOOK, source, book],
    "read --jsonl": lambda source, _: [
        Path(sys.executable).parent / "pledgebook", "read", source, "--jsonl"
    ],
}  # fmt: skip
"""The command of each way to read a file, given the file and the place of a new book."""


def peak(command: list[str | Path], output: Path) -> tuple[float, float]:
    """Run a command and return its peak resident set in MB (10^6 bytes) and its seconds."""
    start = time.perf_counter()
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command[:3]))} ... left with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit / 1e6, time.perf_counter() - start


def write_documents(place: Path, count: int) -> int:
    """Write that many documents, no two alike, as JSON lines; return the number of words."""
    _, originals = texts()
    words = 0
    with place.open("w", encoding="utf-8") as out:
        for one in varied(originals, count):
            words += one.words
            date = one.date and one.date.isoformat()
            record = {"id": one.id, "date": date, "lang": "en", "text": one.text}
            out.write(json.dumps(record) + "\n")
    return words


def main() -> None:
    """Generate, measure, print, and leave with 1 where a way needs too much."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--way", action="append", choices=WAYS, help="this one only")
    parser.add_argument("--most", type=float, default=300, metavar="MB")
    parser.add_argument("--growth", type=float, default=1.25, metavar="TIMES")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    peaks: dict[str, dict[int, float]] = {way: {} for way in options.way or WAYS}
    for count in sorted(options.documents):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "documents.jsonl"
            words = write_documents(source, count)
            print(f"{count:,} documents ({words:,} words), varied from {texts()[0]}", flush=True)
            for way, of_count in peaks.items():
                command = WAYS[way](source, Path(folder) / "book.db")
                of_count[count], seconds = peak(command, Path(folder) / "output")
                print(
                    f"  {way:14} {of_count[count]:>6.0f} MB at most, {seconds:,.0f} s", flush=True
                )
    if options.json:
        options.json.write_text(json.dumps(peaks, indent=2) + "\n", encoding="utf-8")
    faults = []
    for way, of_count in peaks.items():
        first, last = of_count[min(of_count)], of_count[max(of_count)]
        if last > options.most:
            faults.append(f"{way}: {last:.0f} MB is above {options.most:.0f} MB")
        if last > options.growth * first:
            faults.append(f"{way}: the peak grew from {first:.0f} MB to {last:.0f} MB")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
