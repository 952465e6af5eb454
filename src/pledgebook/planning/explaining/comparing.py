"""Two plans beside each other: what differs, and what that does to cost and shortage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.explaining.changes import spent_of
from pledgebook.planning.explaining.component import spending
from pledgebook.planning.plan import Plan
from pledgebook.planning.schedule import Action, schedule_of
from pledgebook.planning.wording import Words

__all__ = ["Comparison", "Pair", "compare_plans"]

_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure in two plans; `about` says of what, `item` in which item's units (None: money).

    A figure is None where the plan has nothing of the kind. `when` has the days on which an action
    begins.
    """

    about: str
    first: float | None
    second: float | None
    item: str | None = None
    when: tuple[dt.date | None, dt.date | None] = (None, None)
    once: bool = False
    """Whether it is something that is done once: its figures are 1 or None."""

    @property
    def by(self) -> float:
        """How much more it is in the second plan."""
        return (self.second or 0.0) - (self.first or 0.0)

    @property
    def differs(self) -> bool:
        """Whether the two are apart by more than the solver's rounding."""
        size = max(abs(self.first or 0.0), abs(self.second or 0.0))
        return abs(self.by) > _NOTHING * size or self.when[0] != self.when[1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is spent and what stays short in two plans, by what is done, donor, year and need.

    All pairs are there, whether they differ or not, but for actions of neither plan.
    """

    spent: Pair
    counts: Pair
    parts: tuple[Pair, ...]
    paid: tuple[Pair, ...]
    short: tuple[Pair, ...]
    actions: tuple[Pair, ...]


def compare_plans(first: tuple[Compiled, Plan], second: tuple[Compiled, Plan]) -> Comparison:
    """Return what differs between two plans; parts that bear the same names are the same."""
    (one, before), (other, after) = first, second
    return Comparison(
        spent=Pair("spent", spent_of(before), spent_of(after)),
        counts=Pair("spent, and what the shortage counts for", before.cost, after.cost),
        parts=tuple(
            Pair(part, before.parts.get(part), after.parts.get(part))
            for part in _both(before.parts, after.parts)
        ),
        paid=tuple(_paired(_paid(one, before), _paid(other, after))),
        short=tuple(_short(first, second)),
        actions=tuple(_actions(first, second)),
    )


def _both(first: Iterable[str], second: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _paired(first: Mapping[str, float], second: Mapping[str, float]) -> list[Pair]:
    return [Pair(name, first.get(name), second.get(name)) for name in _both(first, second)]


def _paid(compiled: Compiled, plan: Plan) -> dict[str, float]:
    """Return what each donor with a budget spends in each year, by name and year."""
    problem = compiled.problem
    sums = spending(problem, plan.choices)
    return {
        f"{compiled.label(budget.donor)}, {compiled.year(year)}": float(sums[i, year])
        for i, budget in enumerate(problem.budgets)
        for year in range(problem.years)
    }


def _short(first: tuple[Compiled, Plan], second: tuple[Compiled, Plan]) -> list[Pair]:
    found: list[dict[str, float]] = []
    items: dict[str, str] = {}
    for compiled, plan in (first, second):
        told = {}
        for need in compiled.problem.needs:
            items[need.name] = need.item
            told[need.name] = sum(
                one.chance * float(one.short[need.name].sum()) for one in plan.outcomes
            )
        found.append(told)
    label = {**first[0].labels, **second[0].labels}
    return [
        Pair(label.get(name, name), found[0].get(name), found[1].get(name), items[name])
        for name in _both(*found)
    ]


def _actions(first: tuple[Compiled, Plan], second: tuple[Compiled, Plan]) -> list[Pair]:
    told: list[dict[tuple[str, str, str | None], Action]] = []
    for compiled, plan in (first, second):
        its = schedule_of(plan, Words(compiled))
        told.append({(one.kind, one.name, one.stock): one for one in its})
    pairs = []
    for key in dict.fromkeys([*told[0], *told[1]]):
        one, other = told[0].get(key), told[1].get(key)
        known = one or other
        if known is None:
            continue
        pairs.append(
            Pair(
                known.says,
                None if one is None else one.amount,
                None if other is None else other.amount,
                known.item,
                (None if one is None else one.day, None if other is None else other.day),
                known.once,
            )
        )
    return pairs
