"""The part of a problem that one need hangs together with, the rest of the plan left as it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.plan import Choices, Outcome, Plan
from pledgebook.planning.problem import Budget, Case, Contract, Line, Need, Problem, Shelf

__all__ = ["Component", "component_of", "spending"]

Floats = NDArray[np.float64]
_CLOSED = " (closed)"


def spending(problem: Problem, choices: Choices, keep: Collection[str] | None = None) -> Floats:
    """Return what each budget's donor spends by year (budgets, years), on all or on what is kept.

    `keep` names shelves, lines and contracts.
    """
    number = {budget.donor: i for i, budget in enumerate(problem.budgets)}
    spent = np.zeros((len(number), problem.years))
    for (donor, thing), sums in choices.paid.items():
        if donor in number and (keep is None or thing in keep):
            spent[number[donor]] += sums
    shelves = {shelf.name: shelf for shelf in problem.shelves}
    for (name, _), amount in choices.drawn.items():
        shelf = shelves[name]
        if shelf.donor in number and (keep is None or name in keep):
            np.add.at(spent[number[shelf.donor]], problem.year_of, shelf.cost * amount)
    return spent


@dataclass(frozen=True, slots=True)
class Component:
    """All stocks, needs and ways of supply that hang together with a need by what they share.

    Budgets and transport are what the rest of the plan leaves of them. `gap` are the steps of the
    need that must be met whole, which stands for itself in `problem`.
    """

    whole: Problem
    plan: Plan
    need: Need
    gap: tuple[int, int]
    problem: Problem
    names: frozenset[str]

    def joined(self, choices: Choices, outcomes: Sequence[Outcome]) -> Plan:
        """Return the whole plan with what was found for the component in place of its own."""
        old = self.plan.choices
        steps = {line.name for line in self.problem.lines}
        steps |= {grow.name for line in self.problem.lines for grow in line.expansions}
        steps |= {contract.name for contract in self.problem.contracts}
        made = Choices(
            drawn=_merged(old.drawn, choices.drawn, self.names, 0),
            ordered=_merged(old.ordered, choices.ordered, self.names, 0),
            called=_merged(old.called, choices.called, self.names, 0),
            paid=_merged(old.paid, choices.paid, self.names, 1),
            expanded=_chosen(old.expanded, choices.expanded, steps),
            restarted=_chosen(old.restarted, choices.restarted, steps),
            signed=_chosen(old.signed, choices.signed, steps),
        )
        pairs = zip(self.plan.outcomes, outcomes, strict=True)
        return replace(
            self.plan, choices=made, outcomes=tuple(self._outcome(one, new) for one, new in pairs)
        )

    def _outcome(self, old: Outcome, new: Outcome) -> Outcome:
        closed = self.need.name + _CLOSED
        served = {pair: amount for pair, amount in new.served.items() if pair[0] != closed}
        for (need, stock), amount in new.served.items():
            if need == closed:
                served[self.need.name, stock] = served[self.need.name, stock] + amount
        short = {name: amount for name, amount in new.short.items() if name != closed}
        return replace(
            old,
            stock={**old.stock, **new.stock},
            served={**old.served, **served},
            short={**old.short, **short},
        )


def component_of(problem: Problem, plan: Plan, need: Need, gap: tuple[int, int]) -> Component:
    """Return what a need hangs together with; from `gap[0]` to `gap[1]` it must be met whole."""
    stocks, needs = _closure(problem, need)
    shelves = [one for one in problem.shelves if stocks & set(one.to)]
    lines = [one for one in problem.lines if stocks & set(one.to)]
    made = {line.name for line in lines}
    contracts = [one for one in problem.contracts if one.line in made]
    names = frozenset(_names(shelves, lines, contracts))
    others = _names(problem.shelves, problem.lines, problem.contracts) - names
    taken = spending(problem, plan.choices, others)
    budgets = [
        Budget(one.donor, np.maximum(one.amount - spent, 0.0))
        for one, spent in zip(problem.budgets, taken, strict=True)
    ]
    known = {one.name for one in needs}
    small = replace(
        problem,
        stocks=[one for one in problem.stocks if one.name in stocks],
        needs=[
            part for one in needs for part in (_split(one, gap) if one is need else (one,))
        ],
        shelves=shelves,
        lines=lines,
        contracts=contracts,
        budgets=budgets,
        cases=[_case(case, need, gap, stocks, known) for case in problem.cases],
        lexicographic=False,
        transport=_transport(problem, plan.choices, others),
    )  # fmt: skip
    return Component(problem, plan, need, gap, small, names)


def _names(
    shelves: Sequence[Shelf], lines: Sequence[Line], contracts: Sequence[Contract]
) -> set[str]:
    names = {shelf.name for shelf in shelves} | {line.name for line in lines}
    return names | {contract.name for contract in contracts}


def _closure(problem: Problem, need: Need) -> tuple[set[str], list[Need]]:
    """Return the stocks that can be reached from a need by what shares them, and their needs."""
    groups = [{other.stock for other in one.met_by} for one in problem.needs]
    groups += [set(shelf.to) for shelf in problem.shelves]
    groups += [set(line.to) for line in problem.lines]
    stocks = {other.stock for other in need.met_by}
    while True:
        more = set().union(stocks, *(group for group in groups if group & stocks))
        if more == stocks:
            break
        stocks = more
    needs = [
        one
        for one in problem.needs
        if one is need or any(other.stock in stocks for other in one.met_by)
    ]
    return stocks, needs


def _split(need: Need, gap: tuple[int, int]) -> tuple[Need, Need]:
    """Return a need without the steps of the gap, and one of them alone that must be met."""
    inside = _inside(len(need.amount), gap)
    rest = replace(need, amount=np.where(inside, 0.0, need.amount))
    closed = replace(
        need, name=need.name + _CLOSED, amount=np.where(inside, need.amount, 0.0), pieces=()
    )
    return rest, closed


def _inside(steps: int, gap: tuple[int, int]) -> NDArray[np.bool_]:
    at = np.arange(steps)
    return np.asarray((at >= gap[0]) & (at <= gap[1]))


def _case(
    case: Case, need: Need, gap: tuple[int, int], stocks: Collection[str], needs: Collection[str]
) -> Case:
    amounts = {name: amount for name, amount in case.amount.items() if name in needs}
    if need.name in amounts:
        amount = amounts[need.name]
        inside = _inside(len(amount), gap)
        amounts[need.name] = np.where(inside, 0.0, amount)
        amounts[need.name + _CLOSED] = np.where(inside, amount, 0.0)
    return replace(
        case,
        amount=amounts,
        arriving={name: one for name, one in case.arriving.items() if name in stocks},
        opening={name: one for name, one in case.opening.items() if name in stocks},
    )


def _transport(problem: Problem, choices: Choices, others: Collection[str]) -> Floats | None:
    """Return what of the transport the others leave."""
    if problem.transport is None:
        return None
    left = np.array(problem.transport, float)
    delays = {line.name: (line.item, line.lead) for line in problem.lines}
    delays |= {one.name: delays[one.line] for one in problem.contracts}
    delays |= {shelf.name: (shelf.item, 0) for shelf in problem.shelves}
    for (name, _), amount in [
        *choices.drawn.items(),
        *choices.ordered.items(),
        *choices.called.items(),
    ]:
        if name in others:
            item, delay = delays[name]
            left[delay:] -= problem.weight[item] * amount[: problem.steps - delay]
    return np.asarray(np.maximum(left, 0.0), float)


def _merged(
    old: Mapping[tuple[str, str], Floats],
    new: Mapping[tuple[str, str], Floats],
    names: Collection[str],
    place: int,
) -> dict[tuple[str, str], Floats]:
    return {key: one for key, one in old.items() if key[place] not in names} | dict(new)


def _chosen(
    old: Mapping[str, int], new: Mapping[str, int], names: Collection[str]
) -> dict[str, int]:
    return {name: step for name, step in old.items() if name not in names} | dict(new)
