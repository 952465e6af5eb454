"""A plan as a list of things to do: what, from whom, when, how much, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.plan import Plan
from pledgebook.planning.wording import Words

__all__ = ["Action", "ActionKind", "schedule_of"]

Floats = NDArray[np.float64]
ActionKind = Literal["draw", "order", "call", "sign", "expand", "restart"]

VERBS: dict[ActionKind, str] = {
    "draw": "draw from",
    "order": "order from",
    "call": "call on",
    "sign": "sign",
    "expand": "build",
    "restart": "restart",
}


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One thing to do.

    `name` is the shelf, line, contract or expansion, `stock` where it goes (None for what is done
    once), `amounts` (steps,) how much by step, all zero but for a one in its step for what is done
    once. What is done in a step is there `delay` steps later. `cost` is before rebates; `payers`
    are donors, those who pay most first.
    """

    kind: ActionKind
    name: str
    stock: str | None
    item: str
    amounts: Floats
    delay: int
    cost: float
    payers: tuple[str, ...]
    says: str
    brief: str
    day: dt.date

    @property
    def first(self) -> int:
        """The first step in which something is done."""
        return int(np.flatnonzero(self.amounts)[0])

    @property
    def last(self) -> int:
        """The last step in which something is done."""
        return int(np.flatnonzero(self.amounts)[-1])

    @property
    def amount(self) -> float:
        """All of it; 1 for what is done once."""
        return float(self.amounts.sum())

    @property
    def once(self) -> bool:
        """Whether it is done once, and has no amount."""
        return self.stock is None


def schedule_of(plan: Plan, words: Words) -> list[Action]:
    """Return all that is to be done, by item, the earliest first."""
    found = [*_moved(plan, words), *_once(plan, words)]
    order = {stock.item: place for place, stock in enumerate(words.compiled.problem.stocks)}
    kinds = list(VERBS)
    return sorted(
        found,
        key=lambda one: (
            order.get(one.item, len(order)),
            one.first,
            kinds.index(one.kind),
            one.says,
        ),
    )


def _moved(plan: Plan, words: Words) -> Iterator[Action]:
    problem, choices = words.compiled.problem, plan.choices
    shelves = {shelf.name: shelf for shelf in problem.shelves}
    lines = {line.name: line for line in problem.lines}
    contracts = {contract.name: contract for contract in problem.contracts}
    for (name, stock), amounts in choices.drawn.items():
        shelf = shelves[name]
        yield _action(
            words, "draw", name, stock, shelf.item, amounts, shelf.delay,
            shelf.cost * float(amounts.sum()), (shelf.donor,),
        )  # fmt: skip
    for (name, stock), amounts in choices.ordered.items():
        line = lines[name]
        cost = float(line.price @ amounts)
        payers = _payers(plan, name)
        yield _action(words, "order", name, stock, line.item, amounts, line.lead, cost, payers)
    for (name, stock), amounts in choices.called.items():
        contract = contracts[name]
        line = lines[contract.line]
        cost = contract.price * float(amounts.sum())
        payers = _payers(plan, name)
        yield _action(words, "call", name, stock, line.item, amounts, line.lead, cost, payers)


def _once(plan: Plan, words: Words) -> Iterator[Action]:
    problem, choices = words.compiled.problem, plan.choices
    lines = {line.name: line for line in problem.lines}
    for contract in problem.contracts:
        if contract.name in choices.signed:
            yield _done(
                words, "sign", contract.name, lines[contract.line].item,
                choices.signed[contract.name], 0, contract.fixed, contract.buyers,
            )  # fmt: skip
    for line in problem.lines:
        for grow in line.expansions:
            if grow.name in choices.expanded:
                step = choices.expanded[grow.name]
                yield _done(words, "expand", grow.name, line.item, step, grow.delay, grow.cost, ())
        if line.restart is not None and line.name in choices.restarted:
            again = line.restart
            step = choices.restarted[line.name]
            yield _done(words, "restart", line.name, line.item, step, again.delay, again.cost, ())


def _done(
    words: Words,
    kind: ActionKind,
    name: str,
    item: str,
    step: int,
    delay: int,
    cost: float,
    payers: tuple[str, ...],
) -> Action:
    amounts = np.zeros(words.compiled.problem.steps)
    amounts[step] = 1.0
    return _action(words, kind, name, None, item, amounts, delay, cost, payers)


def _action(
    words: Words,
    kind: ActionKind,
    name: str,
    stock: str | None,
    item: str,
    amounts: Floats,
    delay: int,
    cost: float,
    payers: tuple[str, ...],
) -> Action:
    says = f"{VERBS[kind]} {words.name(name)}"
    whose = words.name(payers[0]) if kind == "draw" and payers else words.name(name)
    brief = f"{VERBS[kind]} {whose}"
    first = int(np.flatnonzero(amounts)[0]) if np.any(amounts) else 0
    day = words.compiled.days[first]
    return Action(kind, name, stock, item, amounts, delay, cost, payers, says, brief, day)


def _payers(plan: Plan, name: str) -> tuple[str, ...]:
    sums = {
        donor: float(paid.sum())
        for (donor, thing), paid in plan.choices.paid.items()
        if thing == name and paid.sum() > 0
    }
    return tuple(sorted(sums, key=lambda donor: (-sums[donor], donor)))
