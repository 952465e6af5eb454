"""Reconciling in bulk: the ledger of a folder as tables, the same as one machine makes of it.

    sorting        the statements of many parts by the category of their item
    pairing        pairs that may be one undertaking, in lots by (recipient, item)
    undertaking    for each category: what crosses its lots, clusters, links, commitments
    relating       wholes and parts across categories; then running totals against their sums

The driver holds numbers, what documents claim of wholes and parts, and packed running totals.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pledgebook.bulk.folder import BulkFolder, part_name
from pledgebook.bulk.hands import Hands, hands_for
from pledgebook.bulk.ledger_tables import LEDGER_SCHEMAS, PARTS, part_row
from pledgebook.bulk.pairing import PairUp, pair_up
from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.relating import Claimed, Relate, find_claims, settle_parts
from pledgebook.bulk.security import TlsFiles
from pledgebook.bulk.sorting import Sort, sort_statements
from pledgebook.bulk.successors import superseded
from pledgebook.bulk.tables import to_parquet
from pledgebook.bulk.undertaking import Check, Undertake, Undertaken, check_totals, undertake
from pledgebook.ledger.wholes import Part

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["BulkLedger", "LedgerProgress", "reconcile_bulk"]

T = TypeVar("T")
R = TypeVar("R")
_NAME = "ledger"
_DONE = "ledger.json"
_WORK = "work"
_SORTED_AT_ONCE = 10_000
_LOT = 50_000


@dataclass(frozen=True, slots=True)
class LedgerProgress:
    """How far it is: `done` pieces of work of the `total` of a stage, and seconds since it began.

    The stages are sorting, pairing, undertaking, relating and checking.
    """

    stage: str
    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BulkLedger:
    """What was made: the folder with the tables, how many rows they have, and seconds by stage.

    `statements` are those in commitments; running totals that sum over others are in `checks`.
    `lots` are the pieces in which pairs were looked for.
    """

    place: str
    today: dt.date
    statements: int
    commitments: int
    links: int
    parts: int
    checks: int
    categories: int
    lots: int
    seconds: dict[str, float] = field(default_factory=dict)


def reconcile_bulk(
    source: BulkFolder | str | Path,
    output: str | Path | None = None,
    *,
    cluster: str | None = None,
    workers: int | None = None,
    tls: TlsFiles | None = None,
    client: Client | None = None,
    additions: Path | None = None,
    today: dt.date | None = None,
    lot: int = _LOT,
    progress: Callable[[LedgerProgress], None] | None = None,
) -> BulkLedger:
    """Make the ledger of a folder that a bulk reading wrote, as Parquet tables.

    They are written to `output`, the folder `ledger` in the source without it: `commitments`,
    `links`, `parts` and `checks`. The result is that of a book which has imported the folder on
    `today`, of which nobody has judged anything; it does not depend on the workers or on `lot`, the
    number of statements whose pairs one task looks for. One worker needs no cluster. `additions`
    is the user's own part of the catalogue. Every worker must reach the folders by these names.

    Raises SourceError where there is no bulk reading, BulkError where workers die of it or the
    folder cannot be written, UsageError for an address or a number of workers that is refused.
    """
    folder = source if isinstance(source, BulkFolder) else BulkFolder.open(str(source))
    place = place_at(str(output)) if output is not None else place_at(folder.place.path(_NAME))
    with ExitStack() as stack:
        hands = stack.enter_context(hands_for(cluster, workers, tls, client))
        run = _Run(
            folder, place, hands, additions, today or dt.datetime.now(dt.UTC).date(), lot, progress
        )
        return run.go()


class _Run:
    def __init__(
        self,
        folder: BulkFolder,
        place: Place,
        hands: Hands,
        additions: Path | None,
        today: dt.date,
        lot: int,
        progress: Callable[[LedgerProgress], None] | None,
    ) -> None:
        self._folder = folder
        self._place = place
        self._hands = hands
        self._additions = additions
        self._today = today
        self._lot = max(1, lot)
        self._progress = progress
        self._since = time.monotonic()
        self._seconds: dict[str, float] = {}
        self._output = place.path("")
        self._work = place.path(_WORK)

    def go(self) -> BulkLedger:
        """Make the tables; what another run left is taken away first."""
        self._clear(_DONE, _WORK, *LEDGER_SCHEMAS)
        sizes, buckets = self._sort()
        lots = self._pair(sizes)
        made = self._undertake(sizes)
        parts, category_of = self._relate(buckets)
        checks = self._check(made, parts, category_of)
        self._clear(_WORK)
        report = BulkLedger(
            place=self._place.url,
            today=self._today,
            statements=sum(one.statements for one in made.values()),
            commitments=sum(one.commitments for one in made.values()),
            links=sum(one.links for one in made.values()),
            parts=len(parts),
            checks=checks,
            categories=len(sizes),
            lots=lots,
            seconds=self._seconds,
        )
        told = {**asdict(report), "place": str(self._folder.place.url), "today": str(self._today)}
        self._place.write(_DONE, (json.dumps(told, indent=2) + "\n").encode())
        return report

    def _clear(self, *names: str) -> None:
        for name in names:
            for file in self._place.names(name):
                self._place.remove(file)

    def _sort(self) -> tuple[dict[str, int], list[int]]:
        """Return how many statements each category has, and the buckets that tell of packages."""
        gone = superseded(self._folder)
        tasks = [
            Sort(
                number,
                files,
                self._folder.place.url,
                self._work,
                self._today,
                self._additions,
                gone,
            )
            for number, files in enumerate(self._files())
        ]
        sizes: Counter[str] = Counter()
        buckets: set[int] = set()
        for _, found in self._run("sorting", sort_statements, tasks):
            sizes.update({name: sum(some.values()) for name, some in found.counts.items()})
            buckets.update(found.buckets)
        return dict(sorted(sizes.items(), key=lambda one: (-one[1], one[0]))), sorted(buckets)

    def _files(self) -> Iterator[tuple[str, ...]]:
        """Yield the files of statements that are sorted together."""
        files: list[str] = []
        held = 0
        for part in self._folder.parts:
            if part.statements:
                files.append(part_name("statements", part.part))
                held += part.statements
            if held >= _SORTED_AT_ONCE:
                yield tuple(files)
                files, held = [], 0
        if files:
            yield tuple(files)

    def _pair(self, sizes: dict[str, int]) -> int:
        """Find the pairs of those categories that are larger than a lot; return the lots of all."""
        lots = {name: -(-size // self._lot) for name, size in sizes.items()}
        tasks = [
            PairUp(name, number, count, self._work, self._today, self._additions)
            for name, count in lots.items()
            if count > 1
            for number in range(count)
        ]
        for _ in self._run("pairing", pair_up, tasks):
            pass
        return sum(lots.values())

    def _undertake(self, sizes: dict[str, int]) -> dict[str, Undertaken]:
        tasks = [
            Undertake(
                name, size > self._lot, self._work, self._output, self._today, self._additions
            )
            for name, size in sizes.items()
        ]
        return {task.category: made for task, made in self._run("undertaking", undertake, tasks)}

    def _relate(self, buckets: Iterable[int]) -> tuple[list[Part], dict[str, str]]:
        """Return which commitments are parts of which, and the category of each part."""
        tasks = [Relate(bucket, self._work, self._today, self._additions) for bucket in buckets]
        claims: list[Claimed] = []
        for _, found in self._run("relating", find_claims, tasks):
            claims += found
        parts = settle_parts(claims)
        if parts:
            rows = [part_row(part) for part in parts]
            self._place.write("parts/part-0000.parquet", to_parquet(rows, PARTS))
        return parts, {one.part_id: one.claim.part.category.value for one in claims}

    def _check(
        self, made: dict[str, Undertaken], parts: Iterable[Part], category_of: dict[str, str]
    ) -> int:
        by_category: dict[str, list[Part]] = {}
        for part in parts:
            by_category.setdefault(category_of[part.part], []).append(part)
        tasks = [
            Check(name, one.totals, tuple(by_category.get(name, ())), self._output)
            for name, one in made.items()
            if one.totals
        ]
        return sum(count for _, count in self._run("checking", check_totals, tasks))

    def _run(self, stage: str, function: Callable[[T], R], tasks: list[T]) -> Iterator[tuple[T, R]]:
        began = time.monotonic()
        self._tell(stage, 0, len(tasks))
        for done, result in enumerate(self._hands.do(function, tasks), 1):
            yield result
            self._tell(stage, done, len(tasks))
        self._seconds[stage] = time.monotonic() - began

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(LedgerProgress(stage, done, total, time.monotonic() - self._since))
