"""Planning part by part: prices on what couples items, each item solved whole, a plan put together.

The rows that couple items (budgets, payments, shares, transport, the weight of bad cases) are
priced, and every part left is solved by itself. Whatever the prices, the parts' best answers bound
what any plan can cost (Lagrange), and more tightly than the linear relaxation does, since each part
is solved whole. Good prices come from mixing the parts' relaxed answers (Dantzig and Wolfe 1960),
steadied by staying near the best prices so far (Wentges 1997). The plan holds the yes-or-no choices
of whole answers and mixes what is left, so that the coupling rows are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.decomposing.certificate import Certificate
from pledgebook.planning.decomposing.searching import Progress, Search
from pledgebook.planning.decomposing.splitting import Split, coupling_rows, split
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.problem import Problem

__all__ = ["Decomposed", "decompose", "suits"]

Floats = NDArray[np.float64]

# The largest part may hold this share of all that must be whole; else nothing is gained.
LARGEST = 0.5
# With fewer columns that must be whole, a solver by itself is quick.
SMALLEST = 150


@dataclass(frozen=True, slots=True)
class Decomposed:
    """What was found: columns' values (None: no plan), their cost, the bound and what proves it.

    `finished` says whether the gap was reached, `stopped` whether the user ended the search. A
    bound of infinity says that a part has no plan, and so the whole has none.
    """

    values: Floats | None
    cost: float
    bound: float
    certificate: Certificate | None
    finished: bool
    stopped: bool
    rounds: int
    parts: int


def suits(formulation: Formulation) -> bool:
    """Return whether the program falls into parts, none of which is most of what must be whole."""
    return _suits(formulation, split(formulation, coupling_rows(formulation)))


def _suits(formulation: Formulation, parts: Split) -> bool:
    whole = int(formulation.integer.sum())
    most = max((int(formulation.integer[p.columns].sum()) for p in parts.parts), default=0)
    between = bool(formulation.integer[parts.between].any())
    return whole >= SMALLEST and most <= LARGEST * whole and not between


def decompose(
    problem: Problem,
    formulation: Formulation,
    *,
    gap: float = 0.01,
    time_limit: float = np.inf,
    threads: int = 2,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Decomposed:
    """Search for a plan and a bound within `gap` of each other, relative to the plan's cost.

    `progress` hears of seconds, bound and cost whenever one of them is better; `cancel` is asked
    between the parts, and ends the search with the best so far. Values and bound are in the
    formulation's own units. The same input gives the same answer on any number of threads, unless
    the limit is felt: a part is cut short at five times its even share of the time.
    """
    del problem  # All that is needed is in the formulation's rows and their names.
    threads = max(threads, 1)
    with ThreadPoolExecutor(threads) as workers:
        search = Search(formulation, gap, time_limit, workers, threads, progress, cancel)
        search.run()
    return _answer(search, formulation)


def _answer(search: Search, given: Formulation) -> Decomposed:
    best = search.best
    values = None if best.values is None else best.values * given.column_unit
    certificate = None
    if best.multipliers is not None and best.parts is not None and np.isfinite(best.bound):
        certificate = Certificate(
            rows=search.split.coupling,
            multipliers=best.multipliers * given.money / given.row_unit[search.split.coupling],
            parts=best.parts * given.money,
            first_columns=np.array([part.columns[0] for part in search.split.parts]),
            bound=best.bound * given.money + given.offset,
        )
    return Decomposed(
        values=values,
        cost=best.cost * given.money + given.offset,
        bound=best.bound * given.money + given.offset,
        certificate=certificate,
        finished=search.done(),
        stopped=search.stopped,
        rounds=search.rounds,
        parts=len(search.split.parts),
    )
