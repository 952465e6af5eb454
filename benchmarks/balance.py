"""Measure how soon the balance answers when a slider moves, through HTTP, as a browser would ask.

    python benchmarks/balance.py [--statements 20000] [--moves 80] [--book BOOK ...]

The app is served in a process of its own: on a book of the documents of the demonstration, and on
a larger one (big_book.py), or on the books that are named. In each the balance with the most open
promises is asked for, with a stock and a use that are assumed. Every move sets both sliders to
where they have not been, so that nothing is taken from what is kept; some of them rest. The exit
status is 1 where the 95th percentile of the moves is over 300 ms.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from big_book import write_book

from pledgebook.book import Book
from pledgebook.demo import DOCUMENTS

MOST_SECONDS = 0.3
_PATIENCE = 1_800.0
_WARM = 3


@dataclass(frozen=True)
class Measured:
    """What was measured on one book, in seconds."""

    book: str
    promises: int
    ready: float
    moves: list[float]
    rests: list[float]


@contextmanager
def served(book: Path) -> Iterator[httpx.Client]:
    """Lend a client of the app, served in a process of its own."""
    command = [sys.executable, "-m", "pledgebook", "serve", "--db", str(book), "--port", "0"]
    with subprocess.Popen(
        [*command, "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        told = (re.search(r"http://\S+", line) for line in server.stdout)
        found = next((one for one in told if one is not None), None)
        if found is None:
            raise RuntimeError("the app did not start: see `pledgebook serve`")
        address = urlsplit(found[0])
        base = f"{address.scheme}://{address.netloc}"
        try:
            with httpx.Client(base_url=base, timeout=_PATIENCE, follow_redirects=True) as client:
                client.get("/health", params=dict(parse_qsl(address.query))).raise_for_status()
                yield client
        finally:
            server.terminate()


def prepared(client: httpx.Client) -> tuple[str, int, float]:
    """Return the question with the most open promises, how many, and how long that took."""
    begun = time.perf_counter()
    while (answer := client.get("/tables/balances.json")).status_code == 503:
        pause(begun)
    most = max(answer.raise_for_status().json(), key=lambda one: int(one["of_known_size"]))
    asked = {
        "item": most["item"], "recipient": most["recipient"], "stock": "800-1200",
        "use": "60-100/month",
    }  # fmt: skip
    query = urlencode(asked)
    while client.get(f"/balance/slide?{query}").status_code == 503:
        pause(begun)
    return query, int(most["of_known_size"]), time.perf_counter() - begun


def pause(begun: float) -> None:
    """Wait a little; raise where it has taken too long."""
    if time.perf_counter() - begun > _PATIENCE:
        raise TimeoutError("the balance was not prepared in half an hour")
    time.sleep(0.5)


def measured(book: Path, moves: int) -> Measured:
    """Move the sliders of a balance of a book."""
    with served(book) as client:
        query, promises, ready = prepared(client)

        def answer(number: int, *, rest: bool = False) -> float:
            times = 0.25 + 3.75 * ((number * 0.618) % 1)
            address = f"/balance/slide?{query}&times={times:.4f}&late={number * 37 % 366}"
            begun = time.perf_counter()
            client.get(address + ("&rest=true" if rest else "")).raise_for_status()
            return time.perf_counter() - begun

        for number in range(_WARM):
            answer(number + 10_000, rest=True)
        moved = [answer(number) for number in range(1, moves + 1)]
        rested = [answer(number, rest=True) for number in range(moves + 1, moves + moves // 4 + 2)]
        return Measured(book.stem, promises, ready, moved, rested)


def books(folder: Path, statements: int) -> Iterator[Path]:
    """Yield a book of the demonstration and a larger one."""
    demo = folder / "demonstration.db"
    with Book.open(demo) as book:
        book.read([DOCUMENTS])
    yield demo
    large = folder / f"{statements:,} statements.db"
    write_book(large, statements)
    yield large


def late(times: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main() -> int:
    """Measure, print, and tell whether it is quick enough."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--statements", type=int, default=20_000)
    options.add_argument("--moves", type=int, default=80)
    options.add_argument("--book", type=Path, nargs="*")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = iter(asked.book) if asked.book else books(Path(folder), asked.statements)
        found = [measured(path, asked.moves) for path in paths]
    print("| book | open promises | prepared, s | move, ms | 95 % | at rest, ms | 95 % |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for one in found:
        cells = [statistics.median(one.moves), late(one.moves), statistics.median(one.rests)]
        shown = " | ".join(f"{cell * 1_000:.0f}" for cell in (*cells, late(one.rests)))
        print(f"| {one.book} | {one.promises:,} | {one.ready:.0f} | {shown} |")
    return int(any(late(one.moves) > MOST_SECONDS for one in found))


if __name__ == "__main__":
    sys.exit(main())
