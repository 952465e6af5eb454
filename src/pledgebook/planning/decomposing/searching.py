"""The search itself: prices for coupling rows, parts solved whole, plans put together from them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.decomposing.improving import Pool
from pledgebook.planning.decomposing.master import Master, Mix, Outside, lagrangian
from pledgebook.planning.decomposing.pricing import Priced, Pricer
from pledgebook.planning.decomposing.splitting import coupling_rows, split
from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.solving.bounding import implied_bounds

__all__ = ["Best", "Progress", "Search"]

Floats = NDArray[np.float64]
Progress = Callable[[float, float, float], None]

# How near the best prices the next ones stay.
STEADY = 0.5
# The parts' first gap, as a share of what is asked of the whole, and how it falls by round.
FIRST, FALL = 0.5, 0.3
# The gap of the very first round, if it is wider: it is quick, and brings a plan early.
LOOSE = 0.005
# Broken coupling rows, in the rows' units, that are no more than rounding.
KEPT = 1e-7
# A gap of a part that is no more than rounding.
EXACT = 1e-9
# The share of the time left that the parts may use, of a round.
FOR_PARTS = 0.6
# How many times its even share a part may take.
UNEVEN = 5.0
# How near the mix comes to its bound, as a share of the gap.
MIXED = 0.05
# Rounds without a better bound or plan, by this share of the gap, after which nothing more comes.
PATIENCE, WORTH = 3, 0.01


def _bounded(program: Formulation) -> Formulation:
    lower, upper = implied_bounds(
        program.matrix, program.lower, program.upper, program.row_lower, program.row_upper
    )
    return replace(program, lower=lower, upper=upper)


class _StopError(Exception):
    """Time is over, or the user has had enough."""


@dataclass(slots=True)
class Best:
    """The best bound and plan so far; `parts` are the parts' own bounds at the multipliers."""

    bound: float = -np.inf
    multipliers: Floats | None = None
    parts: Floats | None = None
    cost: float = np.inf
    values: Floats | None = None
    choices: list[Floats] = field(default_factory=list)


class Search:
    """The state of one search, in the program's own scaled units."""

    def __init__(
        self,
        formulation: Formulation,
        gap: float,
        time_limit: float,
        workers: ThreadPoolExecutor,
        threads: int,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        """Take the program apart; the workers do the parts."""
        self.began = time.perf_counter()
        self.given = formulation
        self.program = _bounded(formulation.scaled())
        self.gap = gap
        self.until = self.began + time_limit
        self.workers = workers
        self.threads = threads
        self.progress = progress
        self.cancel = cancel
        self.split = split(self.program, coupling_rows(self.program))
        self.outside = Outside(self.program, self.split)
        sums = self.program.rows.get("drawn in all")
        rows = np.zeros(0, np.int64) if sums is None else sums.index.ravel()
        self.pricers = [
            Pricer(self.program, part, self.split.coupling, rows) for part in self.split.parts
        ]
        self.best = Best()
        self.pool = Pool([pricer.integer for pricer in self.pricers])
        self.rounds = 0
        self.stopped = False
        self.penalty = 0.0
        self.hurried = False

    def run(self) -> None:
        """Find prices, then go round: parts whole, a plan from their choices, closer each time."""
        try:
            self._rounds(self._prices())
        except _StopError:
            pass
        except KeyboardInterrupt:
            self.stopped = True
        if self.best.values is None and self.penalty > 0 and np.isfinite(self.best.bound):
            self._nothing_more()

    def _nothing_more(self) -> None:
        """Make the first plan that comes, of nothing chosen: at the end, where there is no other.

        It takes a moment after time is over, or after the user has ended the search.
        """
        self.hurried = True
        multipliers = self.best.multipliers
        if multipliers is not None:
            self._plan([pricer.lower for pricer in self.pricers], [], multipliers)

    def _prices(self) -> Floats:
        """Return good multipliers from the relaxed parts, and keep the penalty that was enough."""
        multipliers = np.zeros(self.split.coupling.size)

        def price(i: int, at: Floats) -> Priced:
            return self.pricers[i].relaxed(at)

        first = self._each(lambda i: price(i, multipliers))
        if not all(answer.solved for answer in first):
            raise _StopError
        self.penalty = max(1.0, abs(sum(answer.cost for answer in first)))
        master = Master(self.outside, len(self.pricers), self.penalty)
        multipliers, _ = self._mixing(master, price, multipliers, first)
        self.penalty = master.penalty
        return multipliers

    def _mixing(
        self,
        master: Master,
        price: Callable[[int, Floats], Priced],
        multipliers: Floats,
        first: Sequence[Priced] | None = None,
        *,
        proves: bool = True,
    ) -> tuple[Floats, Mix]:
        """Price and mix in turn until the mix costs no more than the bound, but for little.

        Return the best multipliers and the last mix. `proves` says that the bounds hold for every
        plan, not for the choices of one alone.
        """
        best, best_bound = multipliers, -np.inf
        mix: Mix | None = None
        at = self.outside.legal(multipliers)
        answers = first
        while True:
            if answers is None:
                answers = self._each(lambda i, at=at: price(i, at))  # type: ignore[misc]
            parts = np.array([answer.bound for answer in answers])
            bound = lagrangian(self.outside, at, parts)
            if bound > best_bound:
                best, best_bound = at, bound
                if proves:
                    self._better_bound(at, parts)
            new = self._take(master, answers)
            answers = None
            if new or mix is None:
                mix = master.solve()
            if not np.isfinite(mix.broken):
                return best, mix
            near = mix.cost - best_bound <= MIXED * self.gap * abs(mix.cost)
            if mix.broken <= KEPT and (near or self.hurried):
                return best, mix
            if not new and np.array_equal(at, self.outside.legal(mix.multipliers)):
                if mix.broken <= KEPT or master.penalty > 1e9:
                    return best, mix
                master.raise_penalty(10.0)
                mix = master.solve()
            steady = STEADY if new else 0.0
            at = self.outside.legal(steady * best + (1.0 - steady) * mix.multipliers)

    def _rounds(self, multipliers: Floats) -> None:
        share = max(FIRST, LOOSE / self.gap) if self.gap > 0 else FIRST
        starts: list[Floats | None] = [None] * len(self.pricers)
        idle, before = 0, (np.inf, -np.inf)
        while not self.done() and idle < PATIENCE:
            self.rounds += 1
            answers = self._whole(multipliers, max(share * self.gap, EXACT), starts)
            bounds = np.array([answer.bound for answer in answers])
            value = self._better_bound(multipliers, bounds)
            if not all(answer.solved for answer in answers):
                # A part that nothing meets: no plan can be. Else a part found none in time.
                return
            starts = [answer.values for answer in answers]
            self._plan([answer.values for answer in answers], answers, multipliers)
            if self.done():
                return
            if share > FIRST:
                share = FIRST
                continue
            self._recombine(multipliers)
            # Either the parts are not solved well enough, or the prices are not right yet.
            open_parts = sum(answer.cost - answer.bound for answer in answers)
            if open_parts > 0.3 * (self.best.cost - value):
                share *= FALL
            best = multipliers if self.best.multipliers is None else self.best.multipliers
            now = (self.best.cost, self.best.bound)
            least = WORTH * self.gap * abs(now[0])
            better = before[0] - now[0] > least or now[1] - before[1] > least
            idle, before = (0, now) if better else (idle + 1, before)
            near = self.pool.prices(self.outside, self.penalty)
            multipliers = self.outside.legal(STEADY * best + (1.0 - STEADY) * near)

    def _whole(
        self, multipliers: Floats, gap: float, starts: Sequence[Floats | None]
    ) -> list[Priced]:
        count, now = len(self.pricers), time.perf_counter()
        # Where time is short every part gets its share, and some is left for the plan.
        until = now + FOR_PARTS * (self.until - now)

        def one(i: int) -> Priced:
            left = until - time.perf_counter()
            share = UNEVEN * left * self.threads / (count - i)
            return self.pricers[i].solve(multipliers, gap, min(left, share), starts[i])

        return self._each(one)

    def _recombine(self, multipliers: Floats) -> None:
        """Choose among all patterns seen so far, and make a plan of those that go together."""
        left = self.until - time.perf_counter()
        start = [self.pool.of(i, values) for i, values in enumerate(self.best.choices)]
        choices = self.pool.choose(self.outside, self.penalty, 0.1 * self.gap, left, start)
        if choices is not None:
            self._plan(choices, [], multipliers)

    def _plan(
        self,
        choices: Sequence[Floats],
        answers: Sequence[Priced],
        multipliers: Floats,
    ) -> None:
        """Hold the choices and mix the rest until the coupling rows are kept."""
        master = Master(self.outside, len(self.pricers), self.penalty)

        def price(i: int, at: Floats) -> Priced:
            return self.pricers[i].fixed(at, choices[i])

        self._take(master, answers)
        _, mix = self._mixing(master, price, multipliers, proves=False)
        for of, values in zip(master.of, master.answers, strict=True):
            pricer = self.pricers[of]
            self.pool.add(of, values, float(pricer.cost @ values), pricer.link @ values)
        if mix.broken > KEPT:
            return
        values = np.zeros(self.program.cost.size)
        values[self.split.between] = mix.between
        total = np.bincount(master.of, mix.weights, len(self.pricers))
        for of, weight, answer in zip(master.of, mix.weights, master.answers, strict=True):
            if weight > 0:
                values[self.split.parts[of].columns] += weight / total[of] * answer
        cost = float(self.program.cost @ values)
        if cost < self.best.cost:
            self.best.cost, self.best.values, self.best.choices = cost, values, list(choices)
            self._tell()

    def _take(self, master: Master, answers: Sequence[Priced]) -> bool:
        """Add answers to the master; return whether any was new."""
        new = False
        for i, answer in enumerate(answers):
            if answer.solved:
                pricer = self.pricers[i]
                cost = float(pricer.cost @ answer.values)
                new |= master.add(i, answer.values, cost, pricer.link @ answer.values)
        return new

    def _each(self, task: Callable[[int], Priced]) -> list[Priced]:
        """Do a task for every part, on all threads; the answers come in the parts' order."""

        def one(i: int) -> Priced | None:
            return None if self._over() else task(i)

        answers = list(self.workers.map(one, range(len(self.pricers))))
        found = [answer for answer in answers if answer is not None]
        if len(found) < len(answers):
            raise _StopError
        return found

    def _over(self) -> bool:
        if self.hurried:
            return False
        if not self.stopped and self.cancel is not None:
            self.stopped = self.cancel()
        return self.stopped or time.perf_counter() >= self.until

    def done(self) -> bool:
        """Return whether the gap is reached."""
        found = self.best.values is not None
        return found and self.best.cost - self.best.bound <= self.gap * abs(self.best.cost)

    def _better_bound(self, multipliers: Floats, parts: Floats) -> float:
        bound = lagrangian(self.outside, multipliers, parts)
        if bound > self.best.bound:
            self.best.bound, self.best.multipliers, self.best.parts = bound, multipliers, parts
            self._tell()
        return bound

    def _tell(self) -> None:
        if self.progress is not None:
            given = self.given
            self.progress(
                time.perf_counter() - self.began,
                self.best.bound * given.money + given.offset,
                self.best.cost * given.money + given.offset,
            )
