"""Playing a system forward: how the work is cut up, shared among threads and put together.

The pieces are fixed by the system and the number of draws, and their sums are taken in a fixed
order; so the number of threads changes nothing. The draws go through in pages, whose results are
added up: memory does not grow with them, but for what is asked for draw by draw.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.flows.assemble import Sums, assemble
from pledgebook.forecasting.flows.checking import check
from pledgebook.forecasting.flows.layout import FLOWS, PART_ROWS
from pledgebook.forecasting.flows.page import PAGE, scratch
from pledgebook.forecasting.flows.plan import Plan, make_plan
from pledgebook.forecasting.flows.quantiles import at_levels
from pledgebook.forecasting.flows.result import LEVELS, Flow, Result
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.system import System

__all__ = ["simulate"]

KEPT_BYTES = 128 * 2**20
"""How much memory draws may take that are kept for quantiles; more of them take more passes."""
PARTS = 8
PAGES_A_PART = 10
BATCHES_A_THREAD = 16
ROWS_A_JOB = 32

Keys = Collection[str] | Literal["all"]
Job = Callable[[], None]
Named = TypeVar("Named", bound=StrEnum)


def simulate(
    system: System,
    *,
    draws: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    quantiles: Keys = (),
    flows: Collection[Flow | str] = tuple(Flow),
    balances: Keys = (),
    swap: Collection[Group | str] = (),
) -> Result:
    """Play a system forward many times and return what came of it.

    `quantiles` are the keys of the lines, works and totals, or "all", for which the quantiles of
    the `flows` at each step are wanted; they are those of all the draws. `balances` are the lines
    and works whose sums over the horizon are wanted for each draw. The groups of streams in `swap`
    are drawn from a second, independent set: the estimate of Sobol indices needs that. `threads`
    is the number of processors unless it is given; it changes the time and nothing else.
    Raises a UsageError where something in the system cannot be, or Numba is not installed.
    """
    check(system)
    if draws < 1:
        raise UsageError(f"{draws} draws are none", where="draws", mend="give at least 1")
    play = _kernel()
    plan = make_plan(
        system,
        Streams(seed, [_one_of(Group, group, "swap") for group in swap]),
        keep=_asked(system, quantiles, "quantiles"),
        flows=[FLOWS.index(_one_of(Flow, flow, "flows").value) for flow in flows],
        balances=_asked(system, balances, "balances"),
    )
    threads = _processors() if threads is None else max(threads, 1)
    run = _Run(plan, system.steps, draws, threads, play)
    return assemble(system, plan, run.measured(), draws=draws, seed=seed)


def _kernel() -> Callable[..., None]:
    try:
        from pledgebook.forecasting.flows.kernel import play
    except ImportError as error:
        raise UsageError(
            "forecasts need Numba, which is not installed",
            where="forecasting",
            mend="Install it: pip install 'pledgebook[forecast]'",
        ) from error
    return play


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _one_of(kind: type[Named], name: str, where: str) -> Named:
    try:
        return kind(name)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise UsageError(
            f'there is no "{name}"', where=where, mend=f"name some of {known}"
        ) from None


def _asked(system: System, keys: Keys, where: str) -> frozenset[str]:
    known = {x.key for kind in (system.lines, system.works, system.totals) for x in kind}
    if keys == "all":
        return frozenset(known)
    for key in keys:
        if key not in known:
            raise NotFoundError(
                f'there is no "{key}"', where=where, mend="name a line, a works or a total"
            )
    return frozenset(keys)


@dataclass(slots=True)
class _Run:
    """One run of a plan: the arrays that it fills, and the jobs that fill them."""

    plan: Plan
    steps: int
    draws: int
    threads: int
    play: Callable[..., None]

    def measured(self) -> Sums:
        """Run all, and return what was measured."""
        plan, steps, parts = self.plan, self.steps, self._parts()
        cells = np.zeros((len(parts), plan.cells, steps, 2))
        sums = np.empty((plan.sums, self.draws))
        slots = plan.component_slots[-1][1]
        quantiles = np.empty((len(LEVELS), slots, steps))

        def piece(
            first: int, last: int, part: int, tracks: NDArray[np.float32], track_from: int
        ) -> Job:
            pages, start, stop = parts[part], plan.first + first, plan.first + last

            def job() -> None:
                rows = scratch(int(plan.tables.ints[start:stop, PART_ROWS].max()))
                words = np.empty(PAGE, dtype=np.uint32)
                self.play(
                    plan.tables, start, stop, pages.start, pages.stop, self.draws, cells[part],
                    tracks, track_from, sums, rows, words,
                )  # fmt: skip

            return job

        with ThreadPoolExecutor(self.threads) as pool:
            nothing = np.empty((0, self.draws), dtype=np.float32)
            _all(
                pool,
                [
                    piece(first, last, part, nothing, 0)
                    for first, last in self._batches()
                    for part in range(len(parts))
                ],
            )
            flat = quantiles.reshape(len(LEVELS), -1)
            kept = np.empty((self._most_rows(), self.draws), dtype=np.float32)
            for component, (slot_from, slot_to) in enumerate(plan.component_slots):
                for row in range(slot_from * steps, slot_to * steps, max(len(kept), 1)):
                    rows = kept[: slot_to * steps - row]
                    _all(
                        pool,
                        [
                            piece(component, component + 1, part, rows, row)
                            for part in range(len(parts))
                        ],
                    )
                    _all(pool, _quantile_jobs(rows, flat[:, row : row + len(rows)]))
        counts = np.array([min(p.stop * PAGE, self.draws) - p.start * PAGE for p in parts])
        return Sums(cells, counts, sums, quantiles)

    def _parts(self) -> list[range]:
        """Cut the pages into parts; how many hangs on the number of draws alone."""
        pages = -(-self.draws // PAGE)
        parts = min(PARTS, -(-pages // PAGES_A_PART))
        edges = [pages * i // parts for i in range(parts + 1)]
        return [range(*pair) for pair in pairwise(edges)]

    def _batches(self) -> list[tuple[int, int]]:
        """Cut the components of which no draws are kept into batches that make a job each."""
        free = [i for i, (first, last) in enumerate(self.plan.component_slots) if first == last]
        size = max(1, len(free) // (BATCHES_A_THREAD * self.threads))
        batches: list[tuple[int, int]] = []
        for i in free:
            if batches and batches[-1][1] == i and i - batches[-1][0] < size:
                batches[-1] = (batches[-1][0], i + 1)
            else:
                batches.append((i, i + 1))
        return batches

    def _most_rows(self) -> int:
        """Return how many rows of draws are kept at a time."""
        slots = max((last - first for first, last in self.plan.component_slots), default=0)
        return min(slots * self.steps, max(1, KEPT_BYTES // (4 * self.draws)))


def _all(pool: ThreadPoolExecutor, jobs: Sequence[Job]) -> None:
    """Do all jobs; a fault in one is raised."""
    if len(jobs) == 1:
        jobs[0]()
        return
    for done in [pool.submit(job) for job in jobs]:
        done.result()


def _quantile_jobs(rows: NDArray[np.float32], out: NDArray[np.float64]) -> list[Job]:
    return [
        partial(at_levels, rows[i : i + ROWS_A_JOB], out[:, i : i + ROWS_A_JOB])
        for i in range(0, len(rows), ROWS_A_JOB)
    ]
