"""Measure the peak memory of reading many documents.

    make bench
    .venv-benchmark/bin/python benchmarks/memory.py [--documents 10000] [--most 300] [--json FILE]

Each way of reading runs in a process of its own, on the same generated file: into a new book
through `Book.read`, and to standard output through `pledgebook read --jsonl`. The figure is the
largest resident set that the system saw. The exit status is 1 where one needs more than --most MB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sample_texts import texts, varied

BOOK = """
import sys
from pledgebook import Book
book = Book.open(sys.argv[2])
book.read([sys.argv[1]])
"""


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


def main() -> None:
    """Generate, measure both ways, print, and leave with 1 where one needs too much."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--most", type=float, default=300, metavar="MB")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    name, originals = texts()
    with tempfile.TemporaryDirectory() as folder:
        source, book = Path(folder) / "documents.jsonl", Path(folder) / "book.db"
        words = 0
        with source.open("w", encoding="utf-8") as out:
            for one in varied(originals, options.documents):
                words += one.words
                date = one.date and one.date.isoformat()
                record = {"id": one.id, "date": date, "lang": "en", "text": one.text}
                out.write(json.dumps(record) + "\n")
        print(f"{options.documents:,} documents ({words:,} words), varied from {name}")
        program = Path(sys.executable).parent / "pledgebook"
        ways: dict[str, list[str | Path]] = {
            "Book.read": [sys.executable, "-c", BOOK, source, book],
            "read --jsonl": [program, "read", source, "--jsonl"],
        }
        megabytes = {}
        for way, command in ways.items():
            megabytes[way], seconds = peak(command, Path(folder) / "output")
            print(f"  {way:14} {megabytes[way]:>6.0f} MB at most, {seconds:,.0f} s")
    if options.json:
        figures = {"documents": options.documents, "words": words, "peak_mb": megabytes}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if max(megabytes.values()) > options.most:
        sys.exit(f"above {options.most:.0f} MB")


if __name__ == "__main__":
    main()
