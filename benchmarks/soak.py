"""Keep the app busy for an hour, and see whether memory and latency stay where they are.

    python benchmarks/soak.py [--minutes 60] [--statements 10000] [--rate 5] [--judge-every 2]
                              [--upload-every 60] [--book FILE] [--json FILE]

A book of that many statements is written (or taken from --book), `pledgebook serve` is started on
it as a process of its own, and asked for pages as people would, at a fixed rate, whether or not
earlier answers have come. Every two seconds somebody judges, or takes back the judgement before
that, and every minute a short report is given to be read. Meanwhile the server's resident memory,
open files, threads, processor time and the size of the book are sampled from outside.

The first fifth of the time is left out of the trends: what is kept ready fills up. The exit status
is 1 where memory or the median latency of a minute rises, where files or threads grow, or where an
answer is an error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx
from big_book import write_book
from soak_samples import Sample, sample
from soak_trends import trend

from pledgebook.book import Book
from web import Reads, served

__all__ = ["Answer", "Record", "verdict", "windows"]

_COLUMNS = (
    *("minutes", "asked", "median ms", "95 % ms", "99 % ms", "slowest ms", "judging, median ms"),
    *("memory MB", "files", "threads", "book MB", "processor"),
)
_SEED = 8
_BROKEN = 599
_SAMPLE_SECONDS = 10.0
_WARM = 0.2
_MEMORY_RISE, _LATENCY_RISE = 0.05, 0.10
"""The share of its level that each may rise by in an hour."""

_MORE_FILES = 8
"""How many files or threads more at the end are no leak: connections come and go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: what it was, when it was due and how long it took from then, in seconds."""

    kind: str
    at: float
    seconds: float
    status: int


@dataclass
class Record:
    """All that was seen."""

    answers: list[Answer] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)


class Asking:
    """People at work: reads at a rate, judgements and uploads in between."""

    def __init__(self, client: httpx.AsyncClient, reads: Reads, record: Record) -> None:
        self._client = client
        self._reads = reads
        self._record = record
        self._begun = time.perf_counter()
        self._judged: str | None = None
        self._chance = random.Random(_SEED)

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._begun

    def read(self) -> tuple[str, str]:
        """Draw a page."""
        return self._reads.draw()

    async def get(self, due: float) -> None:
        """Ask for a page."""
        _, address = self.read()
        await self._ask("read", due, "GET", address)

    async def judge(self, due: float) -> None:
        """Judge, or take back what was judged: the ledger stays of a size, the book grows."""
        last, self._judged = self._judged, None
        if last is not None:
            address = f"/api/v1/judgements/{last}/revocation"
            await self._ask("judgement", due, "POST", address, json={"note": "soak"})
            return
        body = {"kind": "wrong", "ids": [self._chance.choice(self._reads.statements)],
                "note": f"soak {due:.3f}"}  # fmt: skip
        made = await self._ask("judgement", due, "POST", "/api/v1/judgements", json=body)
        self._judged = None if made is None else str(made.json()["id"])

    async def upload(self, due: float) -> None:
        """Give a report to be read."""
        number = round(due * 1000)
        text = f"Norway will send {number} shells to Ukraine, the ministry said on Tuesday."
        given = {"text": text, "title": f"Soak {number}", "date": "2025-12-01"}
        await self._ask("upload", due, "POST", "/upload", data=given)

    async def _ask(
        self, kind: str, due: float, method: str, address: str, **more: object
    ) -> httpx.Response | None:
        found = None
        try:
            found = await self._client.request(method, address, **more)  # type: ignore[arg-type]
            status = found.status_code
        except httpx.HTTPError:
            status = _BROKEN
        self._record.answers.append(Answer(kind, due, self.now - due, status))
        return found if found is not None and status < 400 else None


async def _soak(
    base: str, key: str, process: int, book: Path, reads: Reads, given: argparse.Namespace
) -> Record:
    record = Record()
    seconds = given.minutes * 60
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=10)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=base, headers=headers, limits=limits, timeout=120, follow_redirects=True
    ) as client:
        asking = Asking(client, reads, record)
        running: set[asyncio.Task[None]] = set()

        async def repeat(every: float, ask: str) -> None:
            number = 1
            while (due := number * every) < seconds:
                await asyncio.sleep(max(due - asking.now, 0))
                task = asyncio.create_task(getattr(asking, ask)(due))
                running.add(task)
                task.add_done_callback(running.discard)
                number += 1

        async def look() -> None:
            while asking.now < seconds:
                record.samples.append(sample(process, book, asking.now))
                await asyncio.sleep(_SAMPLE_SECONDS)

        await asyncio.gather(
            repeat(1 / given.rate, "get"),
            repeat(given.judge_every, "judge"),
            repeat(given.upload_every, "upload"),
            look(),
        )
        await asyncio.gather(*running)
    return record


def windows(record: Record, seconds: float) -> list[str]:
    """Return the lines of a table, one for each stretch of so many seconds."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|{' --: |' * len(_COLUMNS)}"]
    last = max((one.at for one in record.answers), default=0.0)
    number = 0
    while number * seconds <= last:
        since, until = number * seconds, (number + 1) * seconds
        number += 1
        answers = [one for one in record.answers if since <= one.at < until]
        samples = [one for one in record.samples if since <= one.at < until]
        times = sorted(one.seconds * 1e3 for one in answers if one.kind == "read")
        judged = [one.seconds * 1e3 for one in answers if one.kind == "judgement"]
        if not times or len(samples) < 2:
            continue
        span = samples[-1].at - samples[0].at
        share = (samples[-1].processor - samples[0].processor) / span if span else 0.0
        lines.append(
            f"| {since / 60:.3g} to {until / 60:.3g} | {len(answers)} "
            f"| {statistics.median(times):.0f} | {_quantile(times, 0.95):.0f} "
            f"| {_quantile(times, 0.99):.0f} | {times[-1]:.0f} "
            f"| {statistics.median(judged) if judged else 0:.0f} "
            f"| {statistics.median(one.memory for one in samples) / 1e6:.0f} "
            f"| {max(one.files for one in samples)} | {max(one.threads for one in samples)} "
            f"| {samples[-1].book / 1e6:.1f} | {share:.0%} |"
        )
    return lines


def verdict(record: Record, seconds: float) -> tuple[list[str], bool]:
    """Return what is to be said of a record of so many seconds, and whether all is well."""
    warm = seconds * _WARM
    samples = [one for one in record.samples if one.at >= warm]
    memory = trend([(one.at, one.memory / 1e6) for one in samples], allowed=_MEMORY_RISE)
    latency = trend(_minutes(record.answers, warm), allowed=_LATENCY_RISE)
    lines, good = [], True
    for name, found, unit in (("memory", memory, "MB"), ("median latency", latency, "ms")):
        lines.append(f"{name}: {found.told(unit) if found else 'too short a time to tell'}")
        good &= found is not None and found.flat
    for name in ("files", "threads"):
        most = [getattr(one, name) for one in samples]
        if most:
            half = len(most) // 2
            before, after = max(most[:half], default=most[0]), max(most[half:])
            grown = after > before + _MORE_FILES
            good &= not grown
            said = "GROW" if grown else "stay"
            lines.append(f"{name}: {said}: {before} at most before the middle, {after} after it")
    faults = [one for one in record.answers if one.status >= 400]
    good &= not faults and bool(record.answers)
    lines.append(
        f"answers: {len(record.answers):,}, errors: {len(faults)} "
        f"{sorted({f'{one.kind} {one.status}' for one in faults}) or ''}".rstrip()
    )
    return lines, good


def _minutes(answers: Sequence[Answer], since: float) -> list[tuple[float, float]]:
    """Return the median of each minute's reads, in milliseconds; of each quarter where it is short.

    Too few minutes tell no trend.
    """
    last = max((one.at for one in answers), default=0.0)
    span = 60.0 if last - since > 600 else 10.0
    found: dict[int, list[float]] = {}
    for one in answers:
        if one.kind == "read" and one.at >= since:
            found.setdefault(int(one.at // span), []).append(one.seconds * 1e3)
    return [((number + 0.5) * span, statistics.median(some)) for number, some in found.items()]


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def main() -> int:
    """Keep it busy, print, and tell whether it stayed as it was."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--statements", type=int, default=10_000)
    options.add_argument("--rate", type=float, default=5, help="reads a second")
    options.add_argument("--judge-every", type=float, default=2, help="seconds")
    options.add_argument("--upload-every", type=float, default=60, help="seconds")
    options.add_argument("--book", type=Path)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.book or Path(folder) / "soak.db"
        if not path.exists():
            write_book(path, given.statements)
        with Book.open(path) as book:
            reads = Reads(book, _SEED)
        print(f"{len(reads.statements):,} statements, {len(reads.commitments):,} commitments, "
              f"{given.minutes:g} minutes, {given.rate:g} reads a second, a judgement every "
              f"{given.judge_every:g} s, a report every {given.upload_every:g} s\n")  # fmt: skip
        with served(path) as (base, key, process):
            record = asyncio.run(_soak(base, key, process, path, reads, given))
    seconds = given.minutes * 60
    for line in windows(record, min(300.0, seconds / 6)):
        print(line)
    print()
    lines, good = verdict(record, seconds)
    for line in lines:
        print(line)
    if given.json:
        held = {name: [asdict(one) for one in some] for name, some in vars(record).items()}
        given.json.write_text(json.dumps(held))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
