"""Measure how fast a book is made into a ledger, and how fast the ledger follows what changes.

    python benchmarks/live.py [--statements 100000] [--changes 60] [--book BOOK] [--json FILE]

A book of big_book.py is made, unless --book names one, which is copied. Its ledger is made once;
then people judge (the same, different, wrong, corrected) undertakings that are in doubt with each
other, or documents come in, one by one, and the ledger is brought up to date after each. Of the
index, questions are asked that a page asks. The clock of changes and of questions is the
processor's, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from big_book import INGESTED, readings, write_book

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.ledgers import LiveLedger
from pledgebook.ledger.live.rows import Wanted
from pledgebook.ledger.live.view import View
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

Times = dict[str, list[float]]
_KINDS = ("same", "different", "wrong", "corrected", "document")
_ASKED = {
    "everything": Wanted(),
    "recipient": Wanted(recipient="UKR"),
    "donor and item": Wanted(donor="Germany", item="tank"),
    "stage and period": Wanted(
        stage=Stage.DELIVERED, first=dt.date(2022, 1, 1), last=dt.date(2023, 12, 31)
    ),
    "overdue": Wanted(overdue=True),
}


class _Change:
    """Changes a book; one seed gives one row of changes."""

    def __init__(self, store: Store, clock: list[dt.datetime], news: Iterator[Reading]) -> None:
        self._store = store
        self._clock = clock
        self._news = news
        self._chance = random.Random(7)

    def make(self, kind: str, ledger: Ledger, by_id: dict[str, Commitment]) -> None:
        """Judge, or add a document."""
        self._clock[0] += dt.timedelta(seconds=1)
        if kind == "document":
            self._store.add([next(self._news)])
            return
        one = next(
            one for one in iter(lambda: self._chance.choice(ledger.commitments), None) if one.doubts
        )
        other = by_id["c" + self._chance.choice(one.doubts).anchor[1:]]
        groups: Sequence[Sequence[Entry]] = [_entries(ledger, one), _entries(ledger, other)]
        if kind in ("wrong", "corrected"):
            groups = [[self._chance.choice(groups[0])]]
        changes = {"quantity": {"low": 5, "high": 5}} if kind == "corrected" else {}
        self._store.judge(
            Judgement.make(
                Verdict(kind), groups, by="b", note="", made_at=self._clock[0], changes=changes
            )
        )


def _entries(ledger: Ledger, one: Commitment) -> list[Entry]:
    as_read = ledger.decisions.as_read
    return [as_read.get(name, ledger.entries[name]) for name in one.statements]


def _questions(view: View, wanted: Wanted) -> dict[str, Callable[[], object]]:
    """Return what pages ask of commitments; nothing of it is known from an earlier question."""
    return {
        "commitments": lambda: list(view.commitments(wanted)[:50]),
        "rows": lambda: view.rows(wanted)[:50],
        "totals": lambda: view.commitments(wanted).totals(),
        "largest": lambda: view.commitments(wanted).largest(10),
        "newest": lambda: view.commitments(wanted).newest(10),
    }


def measure(place: Path, changes: int, catalogue: Catalogue) -> tuple[dict[str, float], Times]:
    """Return single figures, and seconds by what was done."""
    clock = [INGESTED]
    times: Times = defaultdict(list)
    with Store.open(place, clock=lambda: clock[0]) as store:
        live = LiveLedger(store, lambda: catalogue, lambda: clock[0])
        start, used = time.perf_counter(), time.process_time()
        ledger = live.refresh()
        single = {
            "first build, seconds": time.perf_counter() - start,
            "first build, processor seconds": time.process_time() - used,
            "statements": float(len(ledger.entries)),
            "commitments": float(len(ledger.commitments)),
        }
        used = time.process_time()
        live.view()
        single["first index, processor seconds"] = time.process_time() - used
        change = _Change(store, clock, readings(20 * changes, 99, catalogue))
        for kind in itertools.islice(itertools.cycle(_KINDS), changes):
            view = live.view()
            change.make(kind, view.ledger, dict(view.ledger.by_id))
            times["nothing"].append(_seconds(lambda: Store.version(store)))
            times[f"refresh after {kind}"].append(_seconds(live.refresh))
            times[f"index after {kind}"].append(_seconds(live.view))
            name, wanted = list(_ASKED.items())[len(times["nothing"]) % len(_ASKED)]
            for asked, ask in _questions(live.view(), wanted).items():
                times[f"{asked} of {name}"].append(_seconds(ask))
    single["memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return single, times


def _seconds(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


def main() -> int:
    """Print medians and the worst."""
    parser = argparse.ArgumentParser(description="Measure the ledger that follows its book.")
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--book", type=Path, help="a book that was made before")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "book.db"
        if asked.book is not None:
            shutil.copy(asked.book, place)
        else:
            write_book(place, asked.statements, catalogue=catalogue)
        single, times = measure(place, asked.changes, catalogue)
    for name, value in single.items():
        print(f"{name:34} {value:12,.1f}")
    for name, some in sorted(times.items()):
        median, worst = statistics.median(some) * 1000, max(some) * 1000
        print(f"{name:34} {median:9,.1f} ms, worst {worst:9,.1f} ms, of {len(some)}")
    if asked.json is not None:
        asked.json.write_text(json.dumps({"single": single, "seconds": times}), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
