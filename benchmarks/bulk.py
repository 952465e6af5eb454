"""Measure bulk reading: on one worker and two, beside plain reading; then a whole run, by phase.

    make bench-bulk
    make bench-bulk BULK_ARGS="--documents 1000000"
    python benchmarks/bulk.py [--documents 20000] [--compared 10000] [--rounds 3]
                              [--imported 20000] [--folder FOLDER] [--json FILE]

The documents are those of `many_reports.py`, the same on every machine. First --compared of them,
once as long as news are and once cut short, are read by one process as `pledgebook read --jsonl`
does, by one worker, and by two, in turns, --rounds times, and medians are given. The workers have
been started and have read a few documents before, and near-copies are read like all others, so that
the same work is compared. Then --documents of them, cut short, go the whole way on two workers:
generated, read with near-copies left out, reconciled, and up to --imported of them imported into a
book. The resident memory of each worker is looked at twice a second; it is flat where its peak in
the second half of a reading is not above that of the first half by more than a tenth.

The exit status is 1 where, of documents as long as news are, two workers are less than 1.8 times as
fast as one, or one worker takes more than 10 % longer than plain reading; or where a worker's
memory is not flat or above 500 MB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from many_reports import SHORT, Shards, write_shards

HUNDRED_MILLION = 100_000_000
FASTER, OVERHEAD, MOST_BYTES, GROWTH = 1.8, 0.10, 500e6, 1.10
WORKERS = (2, 8, 32, 128, 512)
"""Numbers of workers for which the cost is worked out on paper."""
LENGTHS = {"whole": None, "short": SHORT}
"""Characters at which general news are cut, by what the documents are called then."""
_EVERY = 0.5
_WARM = 200


@dataclass(frozen=True, slots=True)
class Run:
    """What one reading took: seconds, documents, and of each worker its peaks of memory by half.

    `driver` is the processor time of the process that hands out the work, in seconds, `peak` its
    peak of memory in bytes.
    """

    documents: int
    statements: int
    seconds: float
    driver: float = 0.0
    peak: float = 0.0
    halves: Sequence[tuple[float, float]] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    copies: int = 0

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds


class Sampler:
    """Looks at the resident memory of some processes, twice a second, while it is open."""

    def __init__(self, pids: Sequence[int]) -> None:
        import psutil

        self._processes = [psutil.Process(pid) for pid in pids]
        self._seen: list[list[float]] = [[] for _ in pids]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        import psutil

        while not self._over.wait(_EVERY):
            for process, seen in zip(self._processes, self._seen, strict=True):
                # A worker that was taken away has no more to tell.
                with contextlib.suppress(psutil.Error):
                    seen.append(float(process.memory_info().rss))

    def halves(self) -> list[tuple[float, float]]:
        """Return for each process its peaks in the first and in the second half."""
        found = []
        for seen in self._seen:
            middle = len(seen) // 2
            found.append((max(seen[:middle], default=0.0), max(seen[middle:], default=0.0)))
        return found


class Stages:
    """Tells on standard error how far a thing is, and keeps the seconds of its stages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage, self._since, self._told = "", time.monotonic(), 0.0
        self.seconds: dict[str, float] = {}

    def __call__(self, progress: Any) -> None:  # noqa: ANN401 - of a reading or of a ledger
        """Take note of how far it is."""
        now = time.monotonic()
        stage = getattr(progress, "stage", "importing")
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        if now - self._told >= 1:
            self._told = now
            told = f"{stage} {progress.done:,} of {progress.total:,}"
            more = f", {progress.documents:,} documents" if hasattr(progress, "documents") else ""
            print(f"\r{self._name}: {told}{more}    ", end="", file=sys.stderr, flush=True)

    def end(self) -> dict[str, float]:
        """Return the seconds by stage."""
        now = time.monotonic()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        print("\r" + " " * 78 + "\r", end="", file=sys.stderr, flush=True)
        kept = {name: seconds for name, seconds in self.seconds.items() if seconds > 0.05}
        return {name: seconds for name, seconds in kept.items() if name not in ("", "done")}


def plain(files: Sequence[Path]) -> Run:
    """Read in one process, as the command line does document by document; store nothing."""
    from pledgebook.documents import FetchPolicy, expand, load
    from pledgebook.errors import Problem
    from pledgebook.ledger.attempt import attempt
    from pledgebook.reading import coder as coder_named
    from pledgebook.vocabulary.catalogue import load_catalogue

    coder, catalogue = coder_named(), load_catalogue()

    def read(some: Sequence[Path], most: int | None = None) -> tuple[int, int]:
        sources = [one for one in expand(some) if not isinstance(one, Problem)]
        documents = statements = 0
        for found in load(sources, fetch=FetchPolicy()):
            if isinstance(found, Problem):
                continue
            made = attempt(coder.read, found, catalogue)
            documents += 1
            statements += 0 if isinstance(made, Problem) else len(made)
            if documents == most:
                break
        return documents, statements

    read(files, _WARM)
    began = time.monotonic()
    documents, statements = read(files)
    return Run(documents, statements, time.monotonic() - began)


def bulk(files: Sequence[Path], output: Path, workers: int, *, near: bool) -> Run:
    """Read in bulk on so many workers of this machine."""
    import resource

    from pledgebook.bulk import read_bulk
    from pledgebook.bulk.cluster import connected

    with connected(workers=workers) as client, tempfile.TemporaryDirectory() as scratch:
        few = Path(scratch) / "few.jsonl"
        few.write_text("".join(_few(files[0], _WARM * workers)), encoding="utf-8")
        read_bulk([few], Path(scratch) / "warm", client=client, batch_documents=_WARM // 4)
        stages = Stages(f"{workers} workers")
        with Sampler(list(client.run(os.getpid).values())) as sampler:
            used, began = time.process_time(), time.monotonic()
            report = read_bulk(
                list(files), output, client=client, near_copies=near, progress=stages
            )
            seconds, used = time.monotonic() - began, time.process_time() - used
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Run(
        documents=report.documents,
        statements=report.statements,
        seconds=seconds,
        driver=used,
        peak=own * (1 if sys.platform == "darwin" else 1024),
        halves=sampler.halves(),
        stages=stages.end(),
        copies=report.copies,
    )


def _few(shard: Path, count: int) -> Iterator[str]:
    from itertools import islice

    with shard.open(encoding="utf-8") as lines:
        yield from islice(lines, count)


def ledger(folder: Path) -> dict[str, Any]:
    """Make the ledger of a folder on two workers."""
    from pledgebook.bulk.reconciling import reconcile_bulk

    stages = Stages("ledger")
    began = time.monotonic()
    made = reconcile_bulk(folder, workers=2, progress=stages)
    seconds = time.monotonic() - began
    stages.end()
    return {
        "seconds": seconds,
        "statements": made.statements,
        "commitments": made.commitments,
        "parts": made.parts,
        "checks": made.checks,
        "stages": dict(made.seconds),
    }


def imported(folder: Path, most: int, book: Path) -> dict[str, Any]:
    """Import the first parts of a folder, up to so many documents, into a new book."""
    from pledgebook.bulk.folder import BulkFolder
    from pledgebook.bulk.importing import import_bulk
    from pledgebook.bulk.manifest import Part
    from pledgebook.ledger.store import Store
    from pledgebook.vocabulary.catalogue import load_catalogue

    whole = BulkFolder.open(str(folder))
    parts: list[Part] = []
    count = 0
    for part in whole.parts:
        count += part.documents
        if count > most and parts:
            break
        parts.append(part)
    stages = Stages("import")
    with Store.open(book) as store:
        began = time.monotonic()
        report = import_bulk(store, replace(whole, parts=tuple(parts)), load_catalogue(),
                             progress=stages)  # fmt: skip
        seconds = time.monotonic() - began
    stages.end()
    size = sum(file.stat().st_size for file in book.parent.glob(f"{book.name}*"))
    return {"seconds": seconds, "documents": report.documents, "bytes": size,
            "statements": report.statements}  # fmt: skip


WAYS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "plain": lambda asked: asdict(plain(asked.files)),
    "bulk": lambda asked: asdict(bulk(asked.files, asked.output, asked.workers, near=asked.near)),
    "ledger": lambda asked: ledger(asked.output),
    "import": lambda asked: imported(asked.output, asked.imported, asked.book),
}


def measured(way: str, *arguments: object) -> dict[str, Any]:
    """Do one thing in a process of its own. Leaves where it fails."""
    command = [sys.executable, __file__, "--way", way, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{way} left with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read_once(way: str, files: Sequence[Path], *arguments: object) -> Run:
    """Read in a process of its own."""
    found = measured(way, *arguments, "--files", *files)
    found["halves"] = [tuple(half) for half in found["halves"]]
    return Run(**found)


def compare(shards: Shards, folder: Path, rounds: int) -> dict[str, list[Run]]:
    """Read plainly, on one worker and on two, in turns."""
    runs: dict[str, list[Run]] = {"plain": [], "1 worker": [], "2 workers": []}
    for number in range(rounds):
        runs["plain"].append(read_once("plain", shards.files))
        for workers, name in ((1, "1 worker"), (2, "2 workers")):
            output = folder / f"compared-{number}-{workers}"
            told = ("--output", output, "--workers", workers)
            runs[name].append(read_once("bulk", shards.files, *told))
            _remove(output)
    return runs


def tell_compared(runs: Mapping[str, Sequence[Run]]) -> tuple[float, float]:
    """Print what was compared; return how many times faster two are, and the overhead of one."""
    print(f"{'':12} {'documents':>10} {'seconds':>9} {'a second':>9} {'peak MB':>8}  halves, MB")
    middle = {}
    for name, some in runs.items():
        middle[name] = statistics.median(run.rate for run in some)
        first = some[0]
        halves = "; ".join(f"{a / 1e6:,.0f}, {b / 1e6:,.0f}" for a, b in first.halves)
        peak = max((b for half in first.halves for b in half), default=0.0)
        print(f"{name:12} {first.documents:>10,} {first.documents / middle[name]:>9.1f} "
              f"{middle[name]:>9,.0f} {peak / 1e6:>8,.0f}  {halves}")  # fmt: skip
    faster = statistics.median(
        two.rate / one.rate for one, two in zip(runs["1 worker"], runs["2 workers"], strict=True)
    )
    overhead = statistics.median(
        one.seconds / bare.seconds - 1
        for bare, one in zip(runs["plain"], runs["1 worker"], strict=True)
    )
    print(f"\n2 workers are {faster:.2f} times as fast as 1; "
          f"1 worker takes {overhead:+.1%} of the time of plain reading")  # fmt: skip
    return faster, overhead


def whole_way(wanted: argparse.Namespace, folder: Path) -> tuple[Run, dict[str, Any]]:
    """Take documents the whole way; print as it comes."""
    print(f"\nThe whole way of {wanted.documents:,} documents, on 2 workers:", flush=True)
    shards = write_shards(folder / "shards", wanted.documents, seed=wanted.seed)
    _line("generate", shards.seconds, shards.documents, f"{shards.bytes / 1e6:,.0f} MB of JSONL")
    output = folder / "parts"
    run = read_once("bulk", shards.files, "--output", output, "--workers", 2, "--near")
    _line("read", run.seconds, run.documents,
          f"{run.statements:,} statements, {run.copies:,} copies not read")  # fmt: skip
    for name, seconds in run.stages.items():
        _line(f"  {name}", seconds, run.documents)
    made = measured("ledger", "--output", output)
    _line("reconcile", made["seconds"], run.documents,
          f"{made['commitments']:,} commitments of {made['statements']:,} statements, "
          f"{made['parts']:,} parts, {made['checks']:,} checks")  # fmt: skip
    for name, seconds in made["stages"].items():
        _line(f"  {name}", seconds, run.documents)
    book = folder / "book.db"
    taken = measured("import", "--output", output, "--imported", wanted.imported, "--book", book)
    _line("import", taken["seconds"], taken["documents"],
          f"{taken['bytes'] / 1e6:,.0f} MB of SQLite")  # fmt: skip
    sizes = {"shards": shards.bytes}
    for one in sorted(output.iterdir()):
        sizes[one.name] = _size(one)
    print("on disk: " + ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in sizes.items())
          + f"; in all {sum(sizes.values()) / 1e9:,.2f} GB, "
          f"{sum(sizes.values()) / run.documents:,.0f} bytes a document")  # fmt: skip
    halves = "; ".join(f"{a / 1e6:,.0f}, then {b / 1e6:,.0f}" for a, b in run.halves)
    print(
        f"memory of the workers, peaks by half: {halves} MB; of the driver {run.peak / 1e6:,.0f} "
        f"MB; the driver's processor time: {run.driver / run.documents * 1e6:,.0f} µs a document"
    )
    return run, {"read": asdict(run), "ledger": made, "import": taken, "bytes": sizes}


def on_paper(run: Run, *, faster: float, sizes: Mapping[str, int]) -> None:
    """Print what 100 million documents would cost at this rate; nothing of it was measured."""
    each = run.rate / 2
    bound = run.documents / run.driver
    size = sum(sizes.values()) / run.documents * HUNDRED_MILLION / 1e12
    print(f"\n100 million documents on paper, at {each:,.0f} a second for each of 2 workers "
          f"({faster:.2f} times one): reasoned, not measured. The driver can hand out at most "
          f"{bound:,.0f} a second. About {size:,.1f} TB on disk with the sources.\n")  # fmt: skip
    print("| workers | documents a second | hours | worker hours |\n| ---: | ---: | ---: | ---: |")
    for workers in WORKERS:
        rate = min(each * workers, bound)
        hours = HUNDRED_MILLION / rate / 3600
        mark = " (the driver's most)" if rate == bound else ""
        print(f"| {workers} | {rate:,.0f}{mark} | {hours:,.1f} | {hours * workers:,.0f} |")


def faults_of(faster: float, overhead: float, runs: Sequence[Run]) -> list[str]:
    """Return what falls short of the bars."""
    faults = []
    if faster < FASTER:
        faults.append(f"two workers are {faster:.2f} times as fast as one, not {FASTER}")
    if overhead > OVERHEAD:
        faults.append(f"one worker takes {overhead:.1%} longer than plain reading")
    for first, second in (half for run in runs for half in run.halves):
        if max(first, second) > MOST_BYTES:
            faults.append(f"a worker took {max(first, second) / 1e6:,.0f} MB, not 500")
        if second > first * GROWTH:
            faults.append(f"a worker grew from {first / 1e6:,.0f} to {second / 1e6:,.0f} MB")
    return faults


def _line(name: str, seconds: float, documents: int, more: str = "") -> None:
    rate = documents / seconds if seconds else 0.0
    print(f"{name:14} {seconds:>9.1f} s {rate:>9,.0f} documents a second  {more}".rstrip(),
          flush=True)  # fmt: skip


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure, print, and leave with 1 where something falls short."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (
        ("--documents", 20_000), ("--compared", 10_000), ("--rounds", 3), ("--imported", 20_000),
        ("--seed", 1),
    ):  # fmt: skip
        parser.add_argument(name, type=int, default=default, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="work and leave it there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    for name in ("--output", "--book"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--files", type=Path, nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--near", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.way:
        json.dump(WAYS[wanted.way](wanted), sys.stdout)
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    with contextlib.ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        compared = {}
        for name, characters in LENGTHS.items():
            shards = write_shards(
                folder / name, wanted.compared, seed=wanted.seed, characters=characters
            )
            each = shards.texts / shards.documents
            print(f"\nDocuments of {each:,.0f} characters ({name}):", flush=True)
            runs = compare(shards, folder, wanted.rounds)
            compared[name] = runs, *tell_compared(runs)
        runs, faster, overhead = compared["whole"]
        run, found = whole_way(wanted, folder)
        on_paper(run, faster=faster, sizes=found["bytes"])
    if wanted.json:
        told: dict[str, Any] = {
            name: {
                **{way: [asdict(one) for one in some] for way, some in ways.items()},
                "faster": times,
                "overhead": more,
            }
            for name, (ways, times, more) in compared.items()
        }
        told |= found
        wanted.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if faults := faults_of(faster, overhead, [*runs["1 worker"], *runs["2 workers"], run]):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
