"""Time a backup, its check, a restoring and an upgrade of a book, and tell how large each is.

    python benchmarks/backups.py [--statements 100000] [--book FILE]
    python tools/postgresql_server.py python benchmarks/backups.py   # a book on a server too

A book of that many statements is written by big_book.py (or taken from --book). With
PLEDGEBOOK_TEST_POSTGRESQL, the address of an empty database, it is restored to that one as well,
and backed up from there.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from big_book import write_book

from pledgebook.exchange.backups.making import back_up
from pledgebook.exchange.backups.restoring import check_backup, restore_backup


def _timed(what: str, act: Callable[[], object], file: Path | None = None) -> None:
    begun = time.perf_counter()
    act()
    seconds = time.perf_counter() - begun
    size = f"{file.stat().st_size / 1e6:,.0f} MB" if file is not None else ""
    print(f"| {what} | {seconds:.1f} | {size} |", flush=True)


def main() -> int:
    """Measure and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--statements", type=int, default=100_000)
    options.add_argument("--book", type=Path)
    given = options.parse_args()
    server = os.environ.get("PLEDGEBOOK_TEST_POSTGRESQL")
    with tempfile.TemporaryDirectory() as folder:
        book = given.book or Path(folder) / "big.db"
        if not book.exists():
            write_book(book, given.statements)
        first, second, new = (Path(folder) / name for name in ("1.backup", "2.backup", "new.db"))
        print("| | seconds | file |\n| --- | --: | --: |")
        print(f"| the book, in SQLite | | {book.stat().st_size / 1e6:,.0f} MB |")
        _timed("backup from SQLite", lambda: back_up(book, first), first)
        _timed("check", lambda: check_backup(first))
        _timed("restore to SQLite", lambda: restore_backup(first, new), new)
        if server is not None:
            _timed("restore to PostgreSQL", lambda: restore_backup(first, server))
            _timed("backup from PostgreSQL", lambda: back_up(server, second), second)
            same = check_backup(first).tables == {
                **check_backup(second).tables, "sessions": check_backup(first).tables["sessions"]
            }  # fmt: skip
            print(f"\nThe two backups hold {'the same' if same else 'OTHER'} rows.")
            if not same:
                return 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"\npeak memory: {peak / 1e6:,.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
