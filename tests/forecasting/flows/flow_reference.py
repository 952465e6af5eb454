"""A slow and obvious simulator of flows, one draw at a time, to hold the fast one against.

It is written from what `system.py` and `docs/flows.md` say, shares no code with the kernel, and
draws its random numbers from NumPy. Stock is a queue of batches with the step at which each came.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Size, Tie
from pledgebook.forecasting.flows.result import Flow
from pledgebook.forecasting.flows.system import (
    Event,
    Line,
    Lot,
    Mode,
    Regime,
    Reorder,
    System,
    Works,
)

__all__ = ["Played", "play"]

Steps = list[float]
NORMAL = NormalDist()


@dataclass
class Played:
    """One draw: each flow of each line and the output of each works, by step; sums of each line."""

    lines: dict[str, dict[Flow, Steps]]
    works: dict[str, Steps]
    sums: dict[str, Sums]


@dataclass
class Sums:
    """What came to and went from a line over the horizon."""

    opening: float
    arrived: float = 0.0
    used: float = 0.0
    expired: float = 0.0
    given: float = 0.0
    closing: float = 0.0
    wanted: float = 0.0
    cost: float = 0.0
    run_dry: float = math.inf


@dataclass
class Shelf:
    """The state of a line: batches oldest first, each the step it came at and how much is left."""

    line: Line
    reserve: float
    batches: deque[list[float]]
    owed: float = 0.0
    orders: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    spent: float = 0.0
    wanted: float = 0.0
    arrived: float = 0.0
    needed: float = 0.0

    @property
    def stock(self) -> float:
        return math.fsum(left for _, left in self.batches)

    @property
    def on_order(self) -> float:
        return math.fsum(self.orders.values())

    def add(self, step: int, much: float) -> None:
        if much > 0:
            self.batches.append([step, much])

    def take(self, much: float) -> None:
        while much > 0 and self.batches:
            first = self.batches[0]
            part = min(first[1], much)
            first[1] -= part
            much -= part
            if first[1] <= 0:
                self.batches.popleft()

    def expire(self, step: int) -> float:
        """Let go what came so long ago that this was its last step, and return how much it was."""
        life, gone = self.line.shelf_life, 0.0
        while life is not None and self.batches and self.batches[0][0] + life - 1 <= step:
            gone += self.batches.popleft()[1]
        return gone


@dataclass
class Parcel:
    """A lot that leaves a shelf: what has still to leave it."""

    lot: Lot
    leaves: int
    size: float
    lost: float
    left: float = 0.0


def play(system: System, random: np.random.Generator) -> Played:
    """Play a system once."""
    return _Play(system, random).run()


class _Play:
    def __init__(self, system: System, random: np.random.Generator) -> None:
        self.system, self.random = system, random
        self.scores: dict[str, float] = {}
        self.coming: dict[tuple[str, int], float] = defaultdict(float)
        self.shelves = {line.key: self.shelf(line) for line in system.lines}
        self.levels = {line.key: self.levels_of(line.use) for line in system.lines}
        self.extra = {line.key: self.events(line.events) for line in system.lines}
        self.parcels = [parcel for lot in system.lots if (parcel := self.begin(lot)) is not None]
        self.rates = {
            handover.key: (self.amount(handover.rate), self.amount(handover.lost))
            for handover in system.handovers
        }
        self.plans = {works.key: self.rate_by_step(works) for works in system.works}
        self.backlogs = {
            (works.key, i): math.inf if one.backlog is None else self.amount(one.backlog)
            for works in system.works
            for i, one in enumerate(works.customers)
        }
        self.losses = {
            (works.key, i): self.amount(one.lost)
            for works in system.works
            for i, one in enumerate(works.customers)
        }
        self.out = Played(
            {line.key: {flow: [] for flow in Flow} for line in system.lines},
            {works.key: [] for works in system.works},
            {key: Sums(shelf.stock) for key, shelf in self.shelves.items()},
        )

    def run(self) -> Played:
        for t in range(self.system.steps):
            self.give_lots(t)
            self.hand_over(t)
            for works in self.system.works:
                self.make(works, t)
            for shelf in self.shelves.values():
                self.play_line(shelf, t)
        for key, shelf in self.shelves.items():
            self.out.sums[key].closing = shelf.stock
        return self.out

    # What is drawn.

    def score(self, tie: Tie | None) -> float:
        own = float(self.random.standard_normal())
        if tie is None:
            return own
        if tie.name not in self.scores:
            self.scores[tie.name] = float(self.random.standard_normal())
        return tie.weight * self.scores[tie.name] + math.sqrt(1 - tie.weight**2) * own

    def amount(self, size: Size, score: float | None = None) -> float:
        if not isinstance(size, Amount):
            return size
        if size.exact:
            return size.median
        low, high = (
            NORMAL.cdf(math.log(bound / size.median) / size.log_sd) if bound > 0 else 0.0
            for bound in (size.low, size.high)
        )
        drawn = self.score(size.tie) if score is None else score
        share = low + (high - low) * NORMAL.cdf(drawn)
        return size.median * math.exp(size.log_sd * NORMAL.inv_cdf(share))

    def levels_of(self, regimes: Sequence[Regime]) -> dict[int, float]:
        """Return the level of each regime by its start; those of one key rise and fall together."""
        scores: dict[str, float] = {}
        levels = {}
        for one in regimes:
            key = str(one.start) if one.key is None else one.key
            tie = one.level.tie if isinstance(one.level, Amount) else None
            if key not in scores:
                scores[key] = self.score(tie)
            levels[one.start] = self.amount(one.level, scores[key])
        return levels

    def law(self, law: Law) -> float:
        return float(self.random.choice(np.asarray(law.values), p=np.asarray(law.weights)))

    def happens(self, chance: float) -> bool:
        return bool(self.random.random() < chance)

    def events(self, events: Sequence[Event]) -> Steps:
        extra = [0.0] * self.system.steps
        for event in events:
            size = self.amount(event.size)
            start = int(self.random.integers(event.earliest, event.latest + 1))
            if self.happens(event.chance):
                for t in range(start, min(start + event.duration, self.system.steps)):
                    extra[t] += size / event.duration
        return extra

    def shelf(self, line: Line) -> Shelf:
        opening = self.amount(line.opening)
        fresh = 1 - math.fsum(line.ages.values())
        shares = {**line.ages, 0: line.ages.get(0, 0.0) + fresh}
        batches = deque(
            [-float(age), opening * share]
            for age, share in sorted(shares.items(), reverse=True)
            if opening * share > 0
        )
        return Shelf(line, self.amount(line.reserve), batches)

    def begin(self, lot: Lot) -> Parcel | None:
        """Draw when a lot arrives; without a shelf it is on its way, with one it is to leave it."""
        size, lost = self.amount(lot.size), self.amount(lot.lost)
        share = NORMAL.cdf(self.score(lot.tie))
        step = next((t for t, by in enumerate(lot.by) if share < by), None)
        if step is None:
            return None
        if lot.source is None:
            self.coming[lot.to, step] += size * (1 - lost)
            return None
        return Parcel(lot, max(step - lot.transit, 0), size, lost)

    def rate_by_step(self, works: Works) -> Steps:
        """Return what a works makes in each step: the integral of its rate over the step."""
        rate = self.amount(works.rate)
        idle = math.inf if self.happens(works.idle_never) else self.amount(works.idle_until)
        rises: list[tuple[float, float, float]] = []
        last = rate
        for ramp in works.ramps:
            to, delay, length = (self.amount(x) for x in (ramp.to, ramp.delay, ramp.length))
            if not self.happens(ramp.never):
                rises.append((to - last, delay, length))
                last = to

        def made(t: float) -> float:
            return rate * t + math.fsum(rise * climbed(t - d, length) for rise, d, length in rises)

        made_by = [made(t) for t in range(self.system.steps + 1)]
        running = [min(max(t + 1 - idle, 0.0), 1.0) for t in range(self.system.steps)]
        return [
            max(made_by[t + 1] - made_by[t], 0.0) * running[t] for t in range(self.system.steps)
        ]

    # What happens in a step.

    def send(self, to: str, step: int, much: float, lost: float) -> None:
        self.coming[to, step] += much * (1 - lost)

    def give_lots(self, t: int) -> None:
        """Lots leave their shelves; where there is not enough, each gets the same share."""
        for parcel in self.parcels:
            if parcel.leaves == t:
                parcel.left = parcel.size
        for key, shelf in self.shelves.items():
            asking = [parcel for parcel in self.parcels if parcel.lot.source == key]
            share = self.share(shelf, math.fsum(parcel.left for parcel in asking))
            for parcel in asking:
                gone = parcel.left * share
                parcel.left -= gone
                shelf.take(gone)
                self.out.sums[key].given += gone
                self.send(parcel.lot.to, t + parcel.lot.transit, gone, parcel.lost)

    def hand_over(self, t: int) -> None:
        for key, shelf in self.shelves.items():
            asking = [
                one
                for one in self.system.handovers
                if one.source == key and one.start <= t < (math.inf if one.end is None else one.end)
            ]
            share = self.share(shelf, math.fsum(self.rates[one.key][0] for one in asking))
            for one in asking:
                rate, lost = self.rates[one.key]
                shelf.take(rate * share)
                self.out.sums[key].given += rate * share
                self.send(one.to, t + one.transit, rate * share, lost)

    @staticmethod
    def share(shelf: Shelf, asked: float) -> float:
        free = max(shelf.stock - shelf.reserve, 0.0)
        return 1.0 if asked <= free else free / asked

    def make(self, works: Works, t: int) -> None:
        """Share out what is made: again and again, until all is taken or nobody wants more."""
        made = self.plans[works.key][t]
        self.out.works[works.key].append(made)
        pool = made * math.fsum(one.share for one in works.customers)
        got = [0.0] * len(works.customers)
        while pool > 1e-12 * made:
            open_ = [i for i in range(len(got)) if self.backlogs[works.key, i] > got[i]]
            whole = math.fsum(works.customers[i].share for i in open_)
            if whole <= 0:
                break
            shared = pool
            for i in open_:
                part = shared * works.customers[i].share / whole
                part = min(part, self.backlogs[works.key, i] - got[i])
                got[i] += part
                pool -= part
        for i, one in enumerate(works.customers):
            self.backlogs[works.key, i] -= got[i]
            self.send(one.line, t + one.transit, got[i], self.losses[works.key, i])

    def play_line(self, shelf: Shelf, t: int) -> None:
        line = shelf.line
        ordered = shelf.orders.pop(t, 0.0)
        came = self.coming.pop((line.key, t), 0.0) + ordered
        before = shelf.stock
        shelf.add(t, came)
        base = self.base(line, t)
        wanted = self.noisy(line.noise, base) + self.extra[line.key][t]
        asked = wanted + shelf.owed
        free = before + came
        if line.mode is Mode.CUT:
            free = max(before + came - shelf.reserve, 0.0)
        used = min(asked, free)
        shelf.take(used)
        gap = asked - used
        if line.backorder:
            shelf.owed = gap
        expired = shelf.expire(t)
        cost = self.reorder(shelf, line.reorder, t) if line.reorder else 0.0
        shelf.wanted += wanted
        shelf.arrived += came
        shelf.needed = max(shelf.needed, shelf.wanted - shelf.arrived)
        sums = self.out.sums[line.key]
        sums.arrived += came
        sums.used += used
        sums.expired += expired
        sums.wanted += wanted
        sums.cost += cost
        if gap > 1e-9 * asked:
            sums.run_dry = min(sums.run_dry, t)
        out = self.out.lines[line.key]
        days = self.system.step_days
        step_days = days if isinstance(days, int | float) else days[t]
        for flow, much in (
            (Flow.STOCK, shelf.stock),
            (Flow.ARRIVALS, came),
            (Flow.WANTED, wanted),
            (Flow.USE, used),
            (Flow.GAP, gap),
            (Flow.COST, cost),
            (Flow.NEEDED, shelf.needed),
            (Flow.DAYS, shelf.stock / base * step_days if base > 0 else math.inf),
        ):
            out[flow].append(much)

    def base(self, line: Line, t: int) -> float:
        regime: Regime | None = None
        for one in sorted(line.use, key=lambda one: one.start):
            if one.start <= t:
                regime = one
        if regime is None:
            return 0.0
        level = self.levels[line.key][regime.start]
        return level * (1.0 if regime.shape is None else regime.shape[t])

    def noisy(self, noise: Noise | None, base: float) -> float:
        if noise is None:
            return base
        if noise.factor is not None:
            return base * self.law(noise.factor)
        assert noise.size is not None
        demands = int(self.random.poisson(base / noise.size.mean))
        return math.fsum(self.law(noise.size) for _ in range(demands))

    def reorder(self, shelf: Shelf, policy: Reorder, t: int) -> float:
        """Order again, and return what it costs."""
        if t % self.system.steps_a_year == 0:
            shelf.spent = 0.0
        if (t + 1) % policy.every:
            return 0.0
        position = shelf.stock + shelf.on_order - shelf.owed
        if position > policy.point:
            return 0.0
        if policy.quantity is not None:
            lots = 0
            while position + lots * policy.quantity <= policy.point:
                lots += 1
            size = lots * policy.quantity
        else:
            assert policy.up_to is not None
            size = policy.up_to - position
        if policy.budget is not None:
            left = policy.budget - shelf.spent - policy.order_cost
            if left < 0:
                return 0.0
            if size * policy.unit_cost > left:
                size = left / policy.unit_cost
                if policy.quantity is not None:
                    size = policy.quantity * (size // policy.quantity)
        if size <= 0:
            return 0.0
        lead = self.law(policy.lead) if isinstance(policy.lead, Law) else policy.lead
        shelf.orders[t + int(lead)] += size
        cost = policy.order_cost + policy.unit_cost * size
        shelf.spent += cost
        return cost


def climbed(time: float, length: float) -> float:
    """Return the integral of a ramp that rises from 0 at time 0 to 1 at `length`."""
    if time <= 0:
        return 0.0
    if time <= length:
        return time * time / (2 * length)
    return time - length / 2
