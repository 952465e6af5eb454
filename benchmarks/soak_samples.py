"""What a process takes, sampled from outside: memory, files, threads, processor, its book."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Sample", "sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a server. `at` and `processor` are seconds, `memory` and `book` bytes.

    `memory` is what is resident, `book` the file with its write-ahead log.
    """

    at: float
    memory: int
    files: int
    threads: int
    processor: float
    book: int


def sample(process: int, book: Path, at: float) -> Sample:
    """Look at a process. Raises OSError where it has ended, or the system has no /proc."""
    folder = Path(f"/proc/{process}")
    told = dict(
        line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
    )
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Sample(
        at=at,
        memory=int(told["VmRSS"].split()[0]) * 1024,
        files=len(list((folder / "fd").iterdir())),
        threads=int(told["Threads"]),
        processor=ticks / os.sysconf("SC_CLK_TCK"),
        book=sum(path.stat().st_size for path in book.parent.glob(f"{book.name}*")
                 if path.is_file()),
    )  # fmt: skip
