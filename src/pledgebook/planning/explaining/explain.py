"""Why needs stay short: what holds each way of meeting them back, when, and what more is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.explaining.bottlenecks import Hold, Price, Pricing, Way
from pledgebook.planning.explaining.reason_words import APART, ORDER, hold_words, reason_words
from pledgebook.planning.plan import Bottleneck, Outcome, Plan, Reason
from pledgebook.planning.problem import Line, Need, Problem, Shelf
from pledgebook.planning.solving.solve import Solved
from pledgebook.planning.wording import Words

__all__ = ["explain", "mean_short", "short_steps"]

Floats = NDArray[np.float64]

_NOTHING = 1e-6
_Key = tuple[str, tuple[str, ...]]


def mean_short(outcomes: Sequence[Outcome], need: str) -> Floats:
    """Return what a need lacks in each step (steps,), on the mean over the cases."""
    return np.asarray(sum(one.chance * one.short[need].sum(0) for one in outcomes), float)


def short_steps(problem: Problem, plan: Plan, need: Need) -> list[int]:
    """Return the steps in which a need is short, but for what is the solver's rounding."""
    least = _NOTHING * max(float(np.max(need.amount, initial=0.0)), 1e-12)
    most = [float(np.max(case.amount.get(need.name, 0.0))) for case in problem.cases]
    least = max([least, *(_NOTHING * one for one in most)])
    return [int(step) for step in np.flatnonzero(mean_short(plan.outcomes, need.name) > least)]


def explain(solved: Solved, words: Words) -> tuple[Reason, ...]:
    """Return the reasons of every shortage, a need's own in the order of time.

    Short steps that follow each other and have the same reasons are one, with or without
    steps between that are not short. Without duals (the plan was
    stopped before its end) there are no reasons to tell.
    """
    plan, problem = solved.plan, words.compiled.problem
    if solved.duals is None or solved.duals.row_duals is None or not plan.outcomes:
        return ()
    short = [(need, steps) for need in problem.needs if (steps := short_steps(problem, plan, need))]
    if not short:
        return ()
    told = _Telling(plan, Pricing(problem, solved.program, solved.duals), words)
    return tuple(reason for need, steps in short for reason in told.reasons(need, steps))


@dataclass(frozen=True, slots=True)
class _Source:
    """A shelf, line or contract that may serve a need, with what its columns run into.

    `prices` are by step; `way` is None where the program has no column for it at all.
    """

    name: str
    delay: int
    way: Way | None
    prices: dict[int, Price]
    barred: str
    """Why it has no column: the kind of the bound; empty where it has."""
    price: float

    def reach(self, step: int) -> list[int]:
        """Return the steps in which it can set out to be there by a step."""
        return [at for at in self.prices if at + self.delay <= step]


@dataclass(slots=True)
class _Found:
    """What is known of one bottleneck: where it binds, and what its unit is worth there."""

    worth: dict[int, float] = field(default_factory=dict)
    charge: float = 0.0


@dataclass(slots=True)
class _Telling:
    plan: Plan
    pricing: Pricing
    words: Words
    _ways: list[Way] = field(init=False)

    def __post_init__(self) -> None:
        self._ways = list(self.pricing.ways())

    @property
    def problem(self) -> Problem:
        return self.pricing.problem

    def reasons(self, need: Need, steps: Sequence[int]) -> Iterator[Reason]:
        """Yield the reasons of one need, for each run of steps that have the same ones."""
        lacks = mean_short(self.plan.outcomes, need.name)
        sources = list(self._sources(need))
        groups: list[tuple[list[int], frozenset[_Key]]] = []
        for step in steps:
            alike = frozenset(self._found(sources, need, step, step))
            if groups and groups[-1][1] == alike:
                groups[-1][0].append(step)
            else:
                groups.append(([step], alike))
        for run, _ in groups:
            first, last = run[0], run[-1]
            found = self._found(sources, need, first, last)
            bottlenecks = self._bottlenecks(found)
            yield Reason(
                need=need.name,
                first=first,
                last=last,
                short=float(lacks[first : last + 1].sum()),
                says=reason_words(bottlenecks, self.words, need),
                bottlenecks=tuple(bottlenecks),
            )

    def _sources(self, need: Need) -> Iterator[_Source]:
        stocks = {other.stock for other in need.met_by}
        lines = {line.name: line for line in self.problem.lines}
        for shelf in self.problem.shelves:
            if stocks & set(shelf.to):
                yield from self._source(shelf, "draw", stocks, shelf.delay, shelf.cost)
        for line in self.problem.lines:
            if stocks & set(line.to):
                yield from self._source(line, "order", stocks, line.lead, float(line.price[0]))
        for contract in self.problem.contracts:
            line = lines[contract.line]
            if stocks & set(line.to):
                for way in self._of(contract.name, "call", stocks):
                    yield _Source(
                        contract.name, line.lead, way, self._prices(way), "", contract.price
                    )

    def _source(
        self, thing: Shelf | Line, kind: str, stocks: set[str], delay: int, price: float
    ) -> Iterator[_Source]:
        ways = self._of(thing.name, kind, stocks)
        for way in ways:
            # Shelves that are one to the plan are told once.
            if way.name == thing.name:
                yield _Source(thing.name, delay, way, self._prices(way), "", price)
        if not ways:
            barred = "lead time" if delay >= self.problem.steps else "shelf"
            if isinstance(thing, Line) and barred == "shelf":
                barred = "restart" if thing.restart is not None else "capacity"
            yield _Source(thing.name, delay, None, {}, barred, price)

    def _of(self, name: str, kind: str, stocks: set[str]) -> list[Way]:
        return [
            way
            for way in self._ways
            if way.kind == kind and name in way.names and way.stock in stocks
        ]

    def _prices(self, way: Way) -> dict[int, Price]:
        found = {int(step): self.pricing.price(way, int(step)) for step in range(len(way.columns))}
        return {step: price for step, price in found.items() if price is not None}

    def _found(
        self, sources: Sequence[_Source], need: Need, first: int, last: int
    ) -> dict[_Key, _Found]:
        """Return what holds the sources back from being there by the last of some steps."""
        found: dict[_Key, _Found] = {}

        def add(kind: str, names: tuple[str, ...], at: int, worth: float, charge: float) -> None:
            one = found.setdefault((kind, names), _Found())
            one.worth[at] = max(worth, one.worth.get(at, 0.0))
            one.charge += charge

        for source in sources:
            if source.way is None:
                at = last if source.barred == "lead time" else 0
                add(source.barred, (source.name,), at, self._gain(source, need, last), 0.0)
                continue
            reach = source.reach(last)
            if not reach:
                for step in range(first, last + 1):
                    add("lead time", (source.name,), step, self._gain(source, need, step), 0.0)
                continue
            holds = [(step, one) for step in reach for one in source.prices[step].holds]
            for _, one in holds:
                names = source.way.names if one.kind in ("shelf", "rate") else (one.name,)
                kind = self._kind(one)
                worth = 0.0 if self._is_choice(kind, one.name) else one.worth
                add(kind, names, one.at, worth, one.charge)
            if not holds:
                add("price", source.way.names, reach[-1], 0.0, 0.0)
        for kind, names in list(found):
            # A price break holds a line that is at capacity only with its choices held.
            if kind == "price breaks" and ("capacity", names) in found:
                del found[kind, names]
        return found

    def _kind(self, hold: Hold) -> str:
        """Return the kind of a bound: a line that runs at its utmost is at capacity."""
        if hold.kind not in ("minimum", "restart"):
            return hold.kind
        amounts = [*self.plan.choices.ordered.items(), *self.plan.choices.called.items()]
        lines = {one.name: one.line for one in self.problem.contracts}
        made = sum(
            amount[hold.at] for (name, _), amount in amounts if lines.get(name, name) == hold.name
        )
        return "capacity" if made > 0 else hold.kind

    def _is_choice(self, kind: str, name: str) -> bool:
        """Tell whether a bound is a yes-or-no choice, of which there is no little more."""
        unsigned = kind == "contract" and name not in self.plan.choices.signed
        return unsigned or kind in ("minimum", "restart", "price breaks")

    def _gain(self, source: _Source, need: Need, step: int) -> float:
        """Return what a unit at a step would save beyond its own price."""
        values = [
            self.pricing.value_at(other.stock, step)
            for other in need.met_by
            if source.way is None or other.stock == source.way.stock
        ]
        return max(0.0, max(values, default=0.0) - source.price)

    def _bottlenecks(self, found: dict[_Key, _Found]) -> list[Bottleneck]:
        kinds = {kind: place for place, kind in enumerate(ORDER)}

        def rank(key: _Key) -> tuple[int, float, tuple[str, ...]]:
            return kinds[key[0]], -max(found[key].worth.values()), key[1]

        bottlenecks = []
        for kind, names in sorted(found, key=rank):
            one = found[kind, names]
            steps = tuple(sorted(one.worth))
            worth = float(np.mean(list(one.worth.values())))
            says = hold_words(kind, names, steps, self.words, self.plan.choices)
            bottlenecks.append(Bottleneck(kind, APART.join(names), says, steps, worth))
        return bottlenecks
