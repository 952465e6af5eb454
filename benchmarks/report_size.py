"""Measure how large the report of a large book is, and how long it takes.

    python benchmarks/report_size.py [--statements 100000] [--seed 11]

The book is that of big_book.py; its ledger is made beforehand and told apart. The exit status is 1
where the page is larger than 5 MB.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from big_book import write_book

from pledgebook.book import Book

MOST_MB = 5.0
SINCE, AS_OF = "2025-06-01", "2025-12-31"


def main() -> int:
    """Make the book, write its report in both forms, and print what they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "big.db"
        documents = write_book(place, asked.statements, asked.seed)
        with Book.open(place) as book:
            begun = time.perf_counter()
            ledger = book.ledger(as_of=AS_OF)
            seconds = time.perf_counter() - begun
            print(
                f"{documents:,} documents, {len(ledger.entries):,} statements, "
                f"{len(ledger.commitments):,} commitments; ledger in {seconds:.1f} s"
            )
            sizes = [_written(book, Path(folder) / f"report.{form}") for form in ("html", "md")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    return int(sizes[0] > MOST_MB)


def _written(book: Book, path: Path) -> float:
    begun = time.perf_counter()
    made = book.report(path, as_of=AS_OF, since=SINCE)
    size = made.size / 1e6
    print(
        f"{path.suffix[1:]:<5}{size:6.2f} MB  {time.perf_counter() - begun:6.1f} s  "
        f"{made.notes:,} notes, {made.sources:,} sources"
    )
    for sentence in made.left_out:
        print(f"      {sentence}")
    return size


if __name__ == "__main__":
    sys.exit(main())
