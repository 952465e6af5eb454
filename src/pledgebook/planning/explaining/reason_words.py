"""Bottlenecks in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from pledgebook.planning.plan import Bottleneck, Choices
from pledgebook.planning.problem import Contract, Line, Need, Shelf
from pledgebook.planning.wording import Words, figure, joined, runs

__all__ = ["APART", "MONEY", "ORDER", "hold_words", "more_words", "reason_words"]

ORDER = (
    "shelf",
    "rate",
    "lead time",
    "capacity",
    "minimum",
    "restart",
    "ramp",
    "contract",
    "price breaks",
    "transport",
    "budget",
    "share",
    "price",
    "nothing",
)
"""The kinds of bottlenecks, in the order in which they are told."""

MONEY = frozenset({"budget", "share"})
"""The kinds of which one unit is one of the currency, and whose steps are years."""

_MOST = 3
_SAME = 1e-6
APART = " + "
"""What stands between the names of shelves that are one to the plan."""
_Named = TypeVar("_Named", Shelf, Line, Contract)


def hold_words(
    kind: str, names: tuple[str, ...], steps: Sequence[int], words: Words, choices: Choices
) -> str:
    """Return what a bottleneck is: "all that Works A can make is ordered until June 2023"."""
    problem = words.compiled.problem
    if kind == "shelf":
        return _shelf(names, words)
    if kind == "rate":
        return _rate(names, steps, words)
    name = words.name(names[0])
    if kind == "budget":
        years = joined([words.compiled.year(year) for year in steps])
        return f"the budget of {name} for {years} is spent"
    if kind == "share":
        return f"{name} may bear no more of the whole"
    if kind == "transport":
        return f"all transport is taken {_when(steps, words)}"
    if kind == "contract":
        contract = _called(problem.contracts, names[0])
        return _contract(contract, words, signed=contract.name in choices.signed)
    if kind == "lead time":
        return _lead(names[0], words)
    if kind == "price":
        return f"{words.ways(names)} would cost more than the shortage counts for"
    line = _called(problem.lines, names[0])
    if kind == "capacity":
        return _capacity(line, steps, words, choices)
    if kind == "minimum":
        least = words.amount(line.least, line.item)
        return (
            f"orders from {name} must be at least {least} {words.each} or nothing, and there are "
            f"none {_when(steps, words)}"
        )
    if kind == "restart":
        return f"nothing can be ordered from {name}, which is idle, {_when(steps, words)}"
    if kind == "ramp":
        most = words.amount(line.ramp or 0.0, line.item)
        return f"orders from {name} can grow by at most {most} {words.each}"
    return f"orders from {name} reach up to a price break {_when(steps, words)}"


def reason_words(bottlenecks: Sequence[Bottleneck], words: Words, need: Need) -> str:
    """Return why a need stays short, in one sentence without its full stop."""
    if not bottlenecks:
        return f"nothing in the scenario can meet {words.name(need.name)}"
    parts = []
    for kind in ORDER:
        alike = [one for one in bottlenecks if one.kind == kind]
        if len(alike) > 1 and kind in _TOGETHER:
            parts.append(_TOGETHER[kind](alike, words))
            continue
        parts += [one.says for one in alike[:_MOST]]
        if len(alike) > _MOST:
            parts.append(f"and so with {len(alike) - _MOST} more")
    return "; ".join(parts)


def more_words(kind: str, item: str, words: Words) -> str:
    """Return what one more unit of a bottleneck is: "round", "round a month", "EUR 1"."""
    if kind in MONEY:
        return f"{words.compiled.problem.currency} 1"
    if kind == "transport":
        return "unit of weight"
    unit = words.unit(item, 1)
    if kind in ("capacity", "ramp", "rate", "contract"):
        return f"{unit} {words.each}"
    return f"{unit} by then" if kind == "lead time" else unit


def _shelf(names: tuple[str, ...], words: Words) -> str:
    shelves = [shelf for shelf in words.compiled.problem.shelves if shelf.name in names]
    several = len(shelves) > 1
    its = "their" if several else "its"
    room = sum(float(one.held - one.reserve + one.replenished.sum()) for one in shelves)
    reserve = sum(one.reserve for one in shelves)
    kept = f"{its} reserve of {words.amount(reserve, shelves[0].item)}" if reserve else "nothing"
    if room <= 0:
        left = f"nothing above {kept}" if reserve else "nothing"
        return f"{words.ways(names)} {'have' if several else 'has'} {left}"
    return f"{words.ways(names)} {'are' if several else 'is'} drawn down to {kept}"


def _rate(names: tuple[str, ...], steps: Sequence[int], words: Words) -> str:
    shelves = [shelf for shelf in words.compiled.problem.shelves if shelf.name in names]
    most = sum(float(one.most[steps[0]]) for one in shelves)
    verb = "give" if len(shelves) > 1 else "gives"
    return (
        f"{words.people(names)} {verb} at most {words.amount(most, shelves[0].item)} {words.each}"
    )


def _delay(name: str, words: Words) -> tuple[int, str]:
    """Return after how many steps a shelf, line or contract delivers, and after what."""
    problem = words.compiled.problem
    for shelf in problem.shelves:
        if shelf.name == name:
            return shelf.delay, "a draw"
    made = {contract.name: contract.line for contract in problem.contracts}
    return _called(problem.lines, made.get(name, name)).lead, "an order"


def _lead(name: str, words: Words) -> str:
    delay, after = _delay(name, words)
    told = f"{after} from {words.name(name)} arrives after {words.steps(delay)}"
    if delay >= words.compiled.problem.steps:
        return f"{told}, which is after the horizon"
    return f"{told}, so nothing before {words.step(delay)}"


def _leads(alike: Sequence[Bottleneck], words: Words) -> str:
    """Return from when on several ways deliver, the first ones first."""
    by: dict[int, list[str]] = {}
    for one in alike:
        by.setdefault(_delay(one.name, words)[0], []).append(one.name)
    parts = []
    for delay, names in sorted(by.items()):
        late = delay >= words.compiled.problem.steps
        when = "within the horizon" if late else f"before {words.step(delay)}"
        parts.append(f"{when} from {words.ways(names, most=2)}")
    return f"nothing can come {joined(parts)}"


def _shelves(alike: Sequence[Bottleneck], words: Words) -> str:
    shelves = {shelf.name: shelf for shelf in words.compiled.problem.shelves}
    its = [shelves[name] for one in alike for name in one.name.split(APART) if name in shelves]
    items = joined([words.name(item) for item in dict.fromkeys(shelf.item for shelf in its)])
    donors = words.people([shelf.donor for shelf in its])
    what = "above their reserves" if any(shelf.reserve for shelf in its) else "to give"
    return f"the {items} shelves of {donors} have nothing more {what}"


def _capacity(line: Line, steps: Sequence[int], words: Words, choices: Choices) -> str:
    name = words.name(line.name)
    capacity = np.array(line.capacity, float)
    for grow in line.expansions:
        if grow.name in choices.expanded:
            capacity[choices.expanded[grow.name] + grow.delay :] += grow.added
    if not capacity.any():
        return f"nothing is free of what {name} can make"
    least, most = float(capacity[list(steps)].min()), float(capacity[list(steps)].max())
    at = words.amount(most, line.item)
    if most - least > _SAME * most:
        at = f"{figure(least)} to {at}"
    found = runs(steps)
    if len(found) == 1 and found[0][0] == 0:
        last = found[0][1]
        when = "throughout" if last == len(capacity) - 1 else f"until {words.step(last)}"
    else:
        when = _when(steps, words)
    return f"all that {name} can make ({at} {words.each}) is ordered {when}"


def _contract(contract: Contract, words: Words, *, signed: bool) -> str:
    name = words.name(contract.name)
    if not signed:
        return f"{name} is not signed"
    line = _called(words.compiled.problem.lines, contract.line)
    most = words.amount(float(contract.most.max()), line.item)
    return f"under {name} at most {most} {words.each} can be called"


def _when(steps: Sequence[int], words: Words) -> str:
    found = runs(steps)
    if len(found) == 1 and found[0][0] == found[0][1]:
        return f"in {words.step(found[0][0])}"
    if len(found) == 1:
        return f"from {words.span(*found[0])}"
    return words.spans(steps, most=1)


def _budgets(alike: Sequence[Bottleneck], words: Words) -> str:
    years = sorted({year for one in alike for year in one.steps})
    told = joined([words.compiled.year(year) for year in years])
    return f"the budgets of {words.people([one.name for one in alike])} for {told} are spent"


_TOGETHER: dict[str, Callable[[Sequence[Bottleneck], Words], str]] = {
    "shelf": _shelves,
    "lead time": _leads,
    "budget": _budgets,
}
"""Kinds of which several are told in one sentence."""


def _called(things: Sequence[_Named], name: str) -> _Named:
    return next(one for one in things if one.name == name)
