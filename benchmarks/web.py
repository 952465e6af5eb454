"""Measure the app under load: every page's median and 95th percentile, with judgements in between.

    python benchmarks/web.py [--statements 100000] [--seconds 60] [--rate 20] [--book FILE]
                             [--json FILE]

A book of that many statements is written (or taken from --book), `pledgebook serve` is started on
it as a process of its own, and asked for a minute of mixed reads, at a fixed rate, whether or not
earlier answers have come (so that waiting counts), with one judgement a second in between. Then
Chromium opens the overview, and the first paint is taken from its own clock; and every chart of the
pages asked for is counted by its marks. The server's processor time is told too, which says more
than the clock does where others use the machine. The exit status is 1 where a page's median is over
100 ms, a 95th percentile over 300 ms, a first paint over a second, a chart over 5,000 marks, or an
answer is an error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from pledgebook.book import Book
from pledgebook.ledger.commitments import Commitment

MEDIAN, HIGH, PAINT, MARKS = 0.1, 0.3, 1.0, 5_000
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?key=(\S+)")
_CHART = re.compile(r'data-chart="([^"]+)"')
_WARM_SECONDS = 900
_SEED = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: the page's name, seconds from when it was due to the last byte, the status.

    `due` is when it was, in seconds from the beginning; `late` how much later it was sent.
    """

    page: str
    seconds: float
    status: int
    late: float
    due: float


@contextmanager
def served(book: Path) -> Iterator[tuple[str, str, int]]:
    """Serve a book by the program; yields its address, the key and the process id."""
    command = [sys.executable, "-m", "pledgebook", "serve", "--db", str(book), "--port", "0"]
    with subprocess.Popen(
        [*command, "--no-open"], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        found = None
        while found is None:
            line = process.stdout.readline()
            assert line, "the server ended"
            found = _ADDRESS.search(line)
        try:
            yield f"http://127.0.0.1:{found[1]}", found[2], process.pid
        finally:
            process.terminate()
            process.wait(60)


class Reads:
    """Draws addresses as people would ask for them, by the name of their page."""

    def __init__(self, book: Book, seed: int) -> None:
        self._chance = random.Random(seed)
        ledger = book.ledger()
        self.commitments: list[Commitment] = list(ledger.commitments)
        self.statements = sorted(ledger.home)
        self.documents = sorted({entry.document for entry in ledger.entries.values()})
        self.donors = sorted({one for each in self.commitments for one in each.donors})
        self.recipients = sorted({each.recipient for each in self.commitments if each.recipient})
        self.items = sorted({each.designation for each in self.commitments if each.designation})
        self._pages: dict[str, tuple[float, Callable[[], str]]] = {
            "overview": (4, lambda: "/"),
            "overview, narrowed": (4, self._overview),
            "commitments": (3, lambda: f"/commitments{self._filters()}"),
            "commitments, a later page": (1, lambda: f"/commitments?page={self._page()}"),
            "commitment": (5, lambda: f"/commitments/{self._any(self.commitments).id}"),
            "document": (4, lambda: f"/documents/{self._any(self.documents)}"),
            "documents": (1, lambda: f"/documents?page={self._page()}"),
            "why": (1, lambda: f"/why/{self._any(self.statements)}"),
            "search": (3, lambda: f"/search?q={self._any(self.items)}"),
            "reading": (1, lambda: "/reading"),
            "joining": (1, lambda: "/joining"),
            "balance": (1, lambda: "/balance"),
            "plans": (1, lambda: "/plans"),
            "judgements": (1, lambda: "/judgements"),
            "problems": (0.5, lambda: "/problems"),
            "feeds": (0.5, lambda: "/feeds"),
            "add": (0.5, lambda: "/upload"),
            "help": (0.5, lambda: "/help"),
            "API: status": (1, lambda: f"/api/v1/status?donor={self._any(self.donors)}"),
            "API: why": (1, lambda: f"/api/v1/why/{self._any(self.commitments).id}"),
        }

    def _any(self, some: Sequence[T]) -> T:
        return self._chance.choice(some)

    def _page(self) -> int:
        return self._chance.randrange(2, 30)

    def _filters(self) -> str:
        kind = self._chance.randrange(4)
        name = self._any((self.donors, self.recipients, self.items)[kind]) if kind < 3 else ""
        key = ("donor", "recipient", "item", "stage")[kind]
        return f"?{httpx.QueryParams({key: name or 'on_order'})}"

    def _overview(self) -> str:
        return f"/{self._filters()}"

    def draw(self) -> tuple[str, str]:
        """Return the name of a page and an address of it."""
        names = list(self._pages)
        weights = [self._pages[name][0] for name in names]
        [name] = self._chance.choices(names, weights)
        return name, self._pages[name][1]()

    def each(self) -> list[tuple[str, str]]:
        """Return every page once."""
        return [(name, draw()) for name, (_, draw) in self._pages.items()]


_BROKEN = 599
"""The status of what was never answered."""


async def _status(asked: Awaitable[httpx.Response]) -> int:
    try:
        return (await asked).status_code
    except httpx.HTTPError:
        return _BROKEN


async def _load(base: str, key: str, reads: Reads, rate: float, seconds: float) -> list[Answer]:
    """Ask at a fixed rate; return what came of it."""
    answers: list[Answer] = []
    headers = {"authorization": f"Bearer {key}"}
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=40)
    async with httpx.AsyncClient(
        base_url=base, headers=headers, limits=limits, timeout=120, follow_redirects=True
    ) as client:
        begun = time.perf_counter()

        async def ask(due: float, page: str, address: str) -> None:
            sent = time.perf_counter()
            status = await _status(client.get(address))
            took = time.perf_counter() - begun - due
            answers.append(Answer(page, took, status, sent - begun - due, due))

        async def judge(due: float, number: int) -> None:
            kind = "wrong" if number % 3 else "different"
            some = [reads.statements[(number * 7919 + at) % len(reads.statements)] for at in (0, 1)]
            body = {"kind": kind, "ids": some[: 1 if kind == "wrong" else 2], "note": "measured"}
            status = await _status(client.post("/api/v1/judgements", json=body))
            took = time.perf_counter() - begun - due
            answers.append(Answer("(a judgement)", took, status, 0.0, due))

        tasks = []
        plan = [(number / rate, *reads.draw()) for number in range(int(rate * seconds))]
        judged = 0
        for due, page, address in plan:
            await asyncio.sleep(max(begun + due - time.perf_counter(), 0))
            tasks.append(asyncio.create_task(ask(due, page, address)))
            if due >= judged:
                tasks.append(asyncio.create_task(judge(due, judged)))
                judged += 1
        await asyncio.gather(*tasks)
    return answers


def _warm(base: str, key: str, reads: Reads) -> tuple[float, dict[str, int]]:
    """Ask for every page once, and for its charts; return the seconds to the first answer."""
    headers = {"authorization": f"Bearer {key}"}
    marks: dict[str, int] = {}
    begun = time.perf_counter()
    first = 0.0
    with httpx.Client(
        base_url=base, headers=headers, timeout=_WARM_SECONDS, follow_redirects=True
    ) as client:
        for name, address in reads.each():
            answer = client.get(address)
            first = first or time.perf_counter() - begun
            if answer.status_code != 200:
                print(f"{name}: {address} answered {answer.status_code}: {answer.text[:300]}")
                continue
            for chart in _CHART.findall(answer.text):
                spec = client.get(chart.replace("&amp;", "&")).json()
                marks[f"{name}: {chart.split('?')[0]}"] = _marks(spec)
    return first, marks


def _marks(spec: object) -> int:
    """Return how many rows of data a chart has, each of which is a mark at most per layer."""
    if isinstance(spec, dict):
        own = len(spec["values"]) if isinstance(spec.get("values"), list) else 0
        return own + sum(_marks(value) for key, value in spec.items() if key != "values")
    return sum(_marks(one) for one in spec) if isinstance(spec, list) else 0


def _paint(base: str, key: str, rounds: int) -> list[float]:
    """Return the seconds to the first contentful paint of the overview, in Chromium."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    from chromium import ARGUMENTS, found_chromium
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found_chromium(), args=list(ARGUMENTS))
        for _ in range(rounds):
            with browser.new_context(base_url=base) as context:
                context.request.get(f"/?key={key}")
                page = context.new_page()
                page.goto("/", wait_until="load")
                found.append(
                    page.evaluate(
                        """() => new Promise((resolve) => new PerformanceObserver((list) => {
                            const [one] = list.getEntriesByName("first-contentful-paint");
                            if (one) resolve(one.startTime / 1000);
                        }).observe({ type: "paint", buffered: true }))"""
                    )
                )
        browser.close()
    return found


def _processor_seconds(process: int) -> float:
    """Return the processor time of a process so far; 0 where the system does not tell it so."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def main() -> int:
    """Measure, print, and tell whether it is quick enough."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--statements", type=int, default=100_000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--rate", type=float, default=20)
    options.add_argument("--paints", type=int, default=7)
    options.add_argument("--book", type=Path)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.book or Path(folder) / "big.db"
        if not path.exists():
            from big_book import write_book

            write_book(path, given.statements)
        with Book.open(path) as book:
            reads = Reads(book, _SEED)
        print(f"{len(reads.statements):,} statements, {len(reads.commitments):,} commitments, "
              f"{len(reads.documents):,} documents")  # fmt: skip
        with served(path) as (base, key, process):
            first, marks = _warm(base, key, reads)
            paints = _paint(base, key, given.paints)
            before = _processor_seconds(process)
            answers = asyncio.run(_load(base, key, reads, given.rate, given.seconds))
            used = _processor_seconds(process) - before
            busy = os.getloadavg()[0]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    code = _tell(given, first, marks, paints, answers, peak)
    print(f"processor time of the server: {used:.1f} s for {len(answers):,} requests, "
          f"{used / max(len(answers), 1) * 1e3:.0f} ms each; "
          f"all that wanted a processor meanwhile: {busy:.1f}, of {os.cpu_count()}")  # fmt: skip
    return code


def _tell(
    given: argparse.Namespace,
    first: float,
    marks: dict[str, int],
    paints: list[float],
    answers: list[Answer],
    peak: float,
) -> int:
    by_page: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_page[answer.page].append(answer)
    faults = [answer for answer in answers if answer.status >= 400]
    print(f"first answer after the start: {first:.1f} s; peak {peak / 1e6:,.0f} MB\n")
    print("| page | asked | median ms | 95 % ms | slowest ms |\n| --- | --: | --: | --: | --: |")
    good = not faults and max(marks.values(), default=0) <= MARKS
    for name, some in sorted(by_page.items()):
        times = [one.seconds for one in some]
        median, high = statistics.median(times), _quantile(times, 0.95)
        good &= median <= MEDIAN and high <= HIGH
        flag = "" if median <= MEDIAN and high <= HIGH else " (over)"
        print(f"| {name}{flag} | {len(times)} | {median * 1e3:.0f} | {high * 1e3:.0f} | "
              f"{max(times) * 1e3:.0f} |")  # fmt: skip
    whole = [one.seconds for one in answers]
    print(f"| **all** | {len(whole)} | {statistics.median(whole) * 1e3:.0f} | "
          f"{_quantile(whole, 0.95) * 1e3:.0f} | {max(whole) * 1e3:.0f} |")  # fmt: skip
    paint = statistics.median(paints)
    good &= paint <= PAINT
    print(f"\nfirst paint of the overview: median {paint:.2f} s of {len(paints)}, "
          f"slowest {max(paints):.2f} s")  # fmt: skip
    print(f"marks of charts: {max(marks.values(), default=0):,} at most, in {len(marks)} charts")
    print(f"errors: {len(faults)}", *sorted({f"{one.page} {one.status}" for one in faults}))
    if given.json:
        held = {"first": first, "paints": paints, "marks": marks, "peak": peak,
                "answers": [asdict(one) for one in answers]}  # fmt: skip
        given.json.write_text(json.dumps(held))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
